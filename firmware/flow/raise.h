/* What stands about the authorities' work between its steps. */
#ifndef FIRMWARE_FLOW_RAISE_H
#define FIRMWARE_FLOW_RAISE_H

#include <stdbool.h>
#include <stdint.h>

/* Sealed documents are raised to a long-term level one at a time, whenever the
 * authorities can be reached. */
struct raise_state {
	bool busy;          /* one is being raised */
	int64_t not_before; /* monotonic ms: nothing due, or nobody to reach */
	unsigned misses;    /* times in a row that nobody could be reached */
	int64_t renew_look; /* monotonic ms: look for renewals then */
};

/* A round of archiving (storage/round.h). */
struct archive_state {
	bool busy;       /* it is being stamped */
	int64_t look;    /* monotonic ms: go on then */
	unsigned misses; /* times in a row that it was not stamped */
	unsigned untold; /* times in a row that nobody told of an authority */
	/* Where the round stood when it was last worked on: if it is still
	 * there, that was not kept. */
	uint64_t number, next, leaves;
	uint8_t state, level;
};

#endif

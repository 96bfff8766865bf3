/* Raising sealed documents to a long-term level, one at a time, whenever the
 * authorities can be reached. */
#ifndef FIRMWARE_FLOW_RAISE_H
#define FIRMWARE_FLOW_RAISE_H

#include <stdbool.h>
#include <stdint.h>

struct raise_state {
	bool busy;          /* one is being raised */
	int64_t not_before; /* monotonic ms: nothing due, or nobody to reach */
	unsigned misses;    /* times in a row that nobody could be reached */
	int64_t renew_look; /* monotonic ms: look for renewals then */
};

#endif

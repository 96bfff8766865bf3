/*
 * A file of record and the update that a worker laid out behind it, on their
 * way to one file: the update stands in core's memory, where no worker can
 * change it, until the signature's value is in it; then both are in an unnamed
 * file that workers read.
 */
#ifndef FIRMWARE_FLOW_UPDATE_H
#define FIRMWARE_FLOW_UPDATE_H

#include "base/buf.h"
#include "firmware/core.h"

struct update {
	/* Owned; -1: nothing is loaded.  Workers are shown the same file, and
	 * can only read it. */
	int file, shown;
	size_t head;           /* bytes of the file of record */
	struct hash after;     /* behind them */
	struct buf bytes;      /* of the update */
	uint64_t gap, gap_end; /* in it: the string of /Contents with <> */
};

void update_init(struct update *u);
void update_free(struct update *u);

/* Load the file of record; what was held before is given back. */
CHECKED enum fail
update_load(struct core *core, const uint8_t *hash, struct update *u);

/*
 * Copy what a worker laid out; from is closed.  FAIL_PEER: it is none, larger
 * than an update may be, or its gap is not one for room bytes.
 */
CHECKED enum fail update_take(
    struct update *u, int from, uint64_t gap, uint64_t gap_end, size_t room);

/* SHA-256 of all but the gap. */
void update_digest(const struct update *u, uint8_t out[static HASH_MAX]);

/* Put a value into the gap.  FAIL_LIMIT: it does not fit. */
CHECKED enum fail update_fill(struct update *u, struct bytes value);

/* Write the update behind the file of record. */
CHECKED enum fail update_append(struct update *u);

#endif

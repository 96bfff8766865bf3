/*
 * Sealed documents that wait to be raised to a long-term level: for an
 * authority that was away, say.  A line stays until the raised file is kept.
 */
#ifndef STORAGE_RAISING_H
#define STORAGE_RAISING_H

#include "storage/store.h"

struct raising {
	uint64_t record;
	int64_t next; /* not before this instant, UTC seconds */
	uint16_t tries;
	uint16_t fail; /* enum fail of the last try */
	bool stamped;  /* it has its time-stamp, and lacks what proves it */
};

/* Add the document's line or change it. */
CHECKED enum fail raising_put(struct txn *txn, const struct raising *line);

/* FAIL_MISSING: the document does not wait. */
CHECKED enum fail
raising_get(struct txn *txn, uint64_t record, struct raising *line);
CHECKED enum fail raising_delete(struct txn *txn, uint64_t record);

/*
 * The document that has waited longest of those that may be tried now: one that
 * was just tried goes behind the others.  A line for later than RAISING_AHEAD
 * is due as well: the clock has stood wrong.  FAIL_MISSING: none is due;
 * FAIL_CORRUPT: none is, and a line does not read.
 */
#define RAISING_AHEAD 7200 /* seconds; nobody is put off for longer */
CHECKED enum fail
raising_due(struct txn *txn, int64_t now, struct raising *line);

/* How many wait; how many of them were not tried yet. */
CHECKED enum fail raising_count(struct txn *txn, uint64_t *count);
CHECKED enum fail raising_count_fresh(struct txn *txn, uint64_t *count);

#endif

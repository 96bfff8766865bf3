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
};

/* Add the document's line or change it. */
CHECKED enum fail raising_put(struct txn *txn, const struct raising *line);

/* FAIL_MISSING: the document does not wait. */
CHECKED enum fail
raising_get(struct txn *txn, uint64_t record, struct raising *line);
CHECKED enum fail raising_delete(struct txn *txn, uint64_t record);

/* The oldest document that may be tried now.  FAIL_MISSING: none; *next is then
 * when one may be, INT64_MAX: nothing waits. */
CHECKED enum fail
raising_due(struct txn *txn, int64_t now, struct raising *line, int64_t *next);

/* How many wait. */
CHECKED enum fail raising_count(struct txn *txn, uint64_t *count);

#endif

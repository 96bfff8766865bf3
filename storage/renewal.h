/*
 * When archived documents need a new time-stamp: before the certificates of
 * the newest one they have end.  A line stands from the moment a document is
 * raised until it goes back into the queue of those to be raised.
 */
#ifndef STORAGE_RENEWAL_H
#define STORAGE_RENEWAL_H

#include "storage/store.h"

struct renewal {
	int64_t due; /* UTC seconds; lines are in this order */
	uint64_t record;
	int64_t until; /* when the first certificate of its path ends */
};

/*
 * When a document stamped now is due: horizon seconds before the end, but never
 * before half of the time until then has gone by, so that an authority that
 * ends soon is not asked again and again.
 */
int64_t renewal_due(int64_t now, int64_t until, int64_t horizon);

CHECKED enum fail renewal_put(struct txn *txn, const struct renewal *line);
CHECKED enum fail renewal_delete(struct txn *txn, const struct renewal *line);

/* The first line at or behind from (due, then record; until is not looked at).
 * FAIL_MISSING: there is none; FAIL_CORRUPT: none reads. */
CHECKED enum fail
renewal_next(struct txn *txn, const struct renewal *from, struct renewal *line);

/* How many there are. */
CHECKED enum fail renewal_count(struct txn *txn, uint64_t *count);

#endif

/*
 * Who keeps the agency's token (Decree 30/2020 Art. 32: the clerk keeps it,
 * seals in person, and hands it over only with written permission and minutes).
 */
#ifndef STORAGE_CUSTODY_H
#define STORAGE_CUSTODY_H

#include "storage/store.h"

#define CUSTODY_PERMISSION_MAX 300u /* bytes of UTF-8 */

/* The last hand-over. */
struct custody {
	uint64_t holder, giver;  /* people; holder 0: any clerk again */
	int64_t time;            /* UTC seconds */
	struct bytes permission; /* number and day of the written permission */
};

/* The view of the text lives as long as the transaction.  FAIL_MISSING: it was
 * never handed over, and any clerk may seal. */
CHECKED enum fail custody_get(struct txn *txn, struct custody *custody);
CHECKED enum fail custody_put(struct txn *txn, const struct custody *custody);

/* May this person seal now?  FAIL_CUSTODY: another one keeps the token. */
CHECKED enum fail custody_check(struct txn *txn, uint64_t person);

#endif

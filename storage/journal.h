/*
 * The journal: who did what, when, to which thing, in the same commit as the
 * deed.  Entries are numbered from 1 and each holds the hash of the one before,
 * so that nothing can be altered, removed or reordered unseen.  Never a PIN, a
 * key or a document's words.
 */
#ifndef STORAGE_JOURNAL_H
#define STORAGE_JOURNAL_H

#include "crypto/hash.h"
#include "storage/store.h"

#define JOURNAL_REASON_MAX 1000u /* bytes of UTF-8 */

struct journal_entry {
	uint64_t number;
	int64_t time;            /* UTC seconds */
	uint64_t actor;          /* person; 0: the appliance itself */
	uint16_t act;            /* numbers of firmware/flow/act.h */
	uint64_t record;         /* document or person concerned; 0: none */
	uint8_t from, to;        /* states; equal when none changed */
	uint8_t thing[HASH_LEN]; /* hash of a file or certificate, digest to be
				    signed, or zeros */
	struct bytes reason;     /* what the actor gave as reason; UTF-8 */
};

/* Append; entry->number is set.  The rest is the caller's. */
CHECKED enum fail journal_add(struct txn *txn, struct journal_entry *entry);

/* Read entry number; its reason lives as long as the transaction. */
CHECKED enum fail
journal_get(struct txn *txn, uint64_t number, struct journal_entry *entry);

/* Visit the entries about a record, oldest first; stops when visit gives a
 * failure, which is handed on (FAIL_MISSING ends quietly). */
typedef enum fail
journal_visit(void *context, const struct journal_entry *entry);
CHECKED enum fail journal_each(
    struct txn *txn, uint64_t record, journal_visit *visit, void *context);

/* Number of the last entry; 0 when there is none. */
CHECKED enum fail journal_last(struct txn *txn, uint64_t *number);

/*
 * Verify the whole chain.  *number is the last good entry.  FAIL_CORRUPT: the
 * entry after it is missing, altered or out of place.  *head is the hash of
 * the last good entry.
 */
CHECKED enum fail journal_verify(
    struct txn *txn, uint64_t *number, uint8_t head[static HASH_LEN]);

#endif

/*
 * Rounds of archiving (RFC 4998): every file of record that no round before had
 * is a leaf of its hash tree, and so is every earlier round's token that must
 * be renewed; one time-stamp over the root then proves all of them.
 *
 * A round is collected, built, stamped, each in steps that a power cut may come
 * between.  Only one is open at a time, the last.
 */
#ifndef STORAGE_ROUND_H
#define STORAGE_ROUND_H

#include "crypto/hash_tree.h"
#include "storage/store.h"

#define ROUND_TOKEN_MAX (512u << 10) /* bytes, with what proves it */

/* Numbers are stored: add at the end. */
enum round_state {
	ROUND_NONE,
	ROUND_COLLECTING, /* its leaves */
	ROUND_BUILDING,   /* its tree */
	ROUND_WAITING,    /* for the time-stamp over its root */
	ROUND_STAMPED
};

struct round {
	uint64_t number; /* from 1 */
	uint8_t state;   /* enum round_state */
	int64_t begun;   /* UTC seconds, as are all here */
	uint64_t next;   /* collecting: document, building: chunk to go on with
			  */
	uint8_t level;   /* building: of that chunk */
	uint64_t leaves;
	uint8_t root[HASH_LEN]; /* once it is built */
	int64_t stamped, until; /* the token's time; when its path ends */
	uint64_t renewed;       /* round that has its token as a leaf, or 0 */
	uint64_t proven; /* round for which its authority was asked about: the
			    token has the answer, if there was one; or 0 */
	int64_t vain;    /* when it was asked about in vain; or 0 */
	struct bytes token; /* a view, until the next write */
};

/* FAIL_MISSING: there is none. */
CHECKED enum fail
round_get(struct txn *txn, uint64_t number, struct round *round);
CHECKED enum fail round_last(struct txn *txn, struct round *round);
CHECKED enum fail round_put(struct txn *txn, const struct round *round);

/* An open round that has no leaf.  The next one gets its number, and asks again
 * about the rounds that this one asked about. */
CHECKED enum fail round_drop(struct txn *txn, const struct round *round);

/* Make a hash a leaf of the open round, unless a round has it already. */
CHECKED enum fail
round_add(struct txn *txn, struct round *round, const uint8_t hash[HASH_LEN]);

#define ROUND_LATE (90 * 86400) /* seconds before the end; … */
#define ROUND_AGAIN 86400       /* … earlier, after a question in vain */

/* Has a round's authority been asked about for the open one? */
bool round_is_asked(const struct round *round, const struct round *open);

/* Rounds whose path ends before an instant, or that are due (storage/renewal.h)
 * with this horizon.  Was nobody there to tell about one it waits a day, while
 * there is time.  Those that are stamped, asked about and not renewed become
 * leaves of the open one: later nothing can be put into their token. */
struct round_wish {
	int64_t before, now, horizon;
};
CHECKED enum fail round_renew(
    struct txn *txn, struct round *round, const struct round_wish *wish);

/* The first such round from a number on.  FAIL_MISSING: there is none. */
CHECKED enum fail round_due(struct txn *txn, uint64_t from,
    const struct round_wish *wish, struct round *round);

/* When the newest time-stamp was made that this round renews; 0: it renews
 * none. */
CHECKED enum fail
round_renewed(struct txn *txn, uint64_t number, int64_t *stamped);

/* Files that have evidence: leaves of rounds that are stamped, but for the
 * tokens of others. */
CHECKED enum fail round_files(struct txn *txn, uint64_t *files);

/* Build at most so many chunks of the tree and keep the round; it is
 * ROUND_WAITING when its root is there. */
#define ROUND_CHUNK 2046u /* nodes; as many as fill a store's pages */
CHECKED enum fail
round_build(struct txn *txn, struct round *round, size_t chunks);

/* What a file's evidence record is made of (crypto/evidence_record.h), the
 * oldest time-stamp first; tokens are views.  FAIL_MISSING: no round that is
 * stamped has the file; FAIL_CORRUPT: the tree does not lead to what was
 * stamped. */
#define ROUND_LINKS_MAX 64u
CHECKED enum fail round_links(struct txn *txn, const uint8_t hash[HASH_LEN],
    struct hash_link links[ROUND_LINKS_MAX], size_t *count);

/* When the last time-stamp of them was made, and when its path ends. */
CHECKED enum fail round_about(struct txn *txn, const uint8_t hash[HASH_LEN],
    int64_t *stamped, int64_t *until);

#endif

/*
 * Evidence records (RFC 4998): one time-stamp proves of any number of documents
 * that they were there.  Their hashes are the leaves of a tree, the authority
 * stamps its root, and each document's record has the hashes that lead from its
 * own to the root.
 */
#ifndef CRYPTO_EVIDENCE_RECORD_H
#define CRYPTO_EVIDENCE_RECORD_H

#include "base/buf.h"
#include "crypto/hash_tree.h"

/* ---- making ---- */

/* Append the record: one chain of these time-stamps, the oldest first.  The
 * first covers the file, each later one renews the one before: its leaf is the
 * hash of that one's token (5.2). */
CHECKED enum fail
ers_write(const struct hash_link *links, size_t count, struct buf *out);

/* ---- reading ---- */

#define ERS_MAX (4u << 20) /* bytes of one record */
#define ERS_STAMPS_MAX 64u /* renewals and all */
#define ERS_LIST_MAX 1024u /* hashes in one step of the way to the root */

struct ers_stamp {
	enum hash_kind hash;
	struct bytes token;
	uint8_t digest[HASH_MAX]; /* what it must stamp */
};

/* Oldest first; each later one covers the one before. */
struct ers {
	struct ers_stamp stamps[ERS_STAMPS_MAX];
	size_t count;
};

/* What a record is about: a document, or a group of them (4.2). */
struct ers_group {
	size_t count;
	/* The n-th one's digest of a kind. */
	void (*digest)(void *context, size_t n, enum hash_kind kind,
	    uint8_t out[static HASH_MAX]);
	void *context;
};

/*
 * Read a record and follow every step: from the documents to the first root,
 * from each time-stamp to the next (5.2), and from all before to a new tree
 * with another algorithm (5.3).  What is left to the caller is whether each
 * token stamps its digest and whose it is.  FAIL_FORMAT; FAIL_DIGEST: the
 * record is about other documents, or a renewal does not cover what was
 * before; FAIL_UNSUPPORTED: an algorithm, or an encrypted document's record;
 * FAIL_LIMIT: a group of more than ERS_LIST_MAX.
 */
CHECKED enum fail ers_read(struct bytes der, const struct ers_group *group,
    struct ers *record, struct note *note);

#endif

/*
 * A certificate revocation list (RFC 5280 5), read as it comes.
 *
 * The list of a large CA has tens of megabytes.  It is fed in pieces of any
 * size and never held: what is looked for is said beforehand, and kept are only
 * its head, its extensions and what was found.
 */
#ifndef CRYPTO_CRL_H
#define CRYPTO_CRL_H

#include "base/arena.h"
#include "base/buf.h"
#include "crypto/hash.h"
#include "crypto/signature.h"

#define CRL_WANTED_MAX 16u
#define CRL_PART_MAX                                            \
	65536u /* bytes of any one part but the list of entries \
		*/

/* Reasons (5.3.1) that have a meaning here. */
#define CRL_UNSPECIFIED 0
#define CRL_REMOVED 8 /* of a delta: no longer revoked */

/* ReasonFlags (4.2.1.13), bit 0 lowest; an absent field means all. */
#define CRL_ALL_REASONS 0x1FEu

/* A certificate to look for: its issuer's Name and its serial's content. */
struct crl_wanted {
	struct bytes issuer, serial;
};

struct crl_entry {
	bool found;
	int64_t time; /* revocationDate */
	int reason;
};

/* What the list is about (IssuingDistributionPoint, 5.2.5). */
struct crl_scope {
	struct bytes point; /* the DistributionPointName's item; empty: none */
	bool users_only, cas_only, attributes_only, indirect;
	unsigned reasons;
};

enum crl_stage {
	CRL_OUTER,
	CRL_TBS,
	CRL_FIELDS,
	CRL_ENTRIES,
	CRL_EXTENSIONS,
	CRL_ALGORITHM,
	CRL_SIGNATURE,
	CRL_DONE,
};

struct crl {
	struct bytes issuer; /* Name; there as soon as stage is CRL_ENTRIES */
	int64_t this_update;
	int64_t next_update; /* INT64_MAX: the list does not say */
	int64_t keeps; /* what has expired since then it still lists (X.509
			  9.5.2.8); INT64_MAX: it does not say */
	struct bytes authority_key; /* keyIdentifier, or empty */
	struct bytes number;        /* CRLNumber's content, or empty */
	struct bytes base;          /* BaseCRLNumber's: this is a delta */
	struct crl_scope scope;
	bool unknown_critical; /* an extension, of the list or of an entry, that
				  must be understood and is not */
	struct signature_algorithm algorithm;
	uint8_t digest[HASH_MAX]; /* of what is signed */
	struct bytes signature;
	struct crl_entry entries[CRL_WANTED_MAX]; /* as they were wanted */
	uint64_t count;                           /* of all entries */

	/* The reader's own. */
	enum crl_stage stage;
	const struct crl_wanted *wanted;
	size_t wanted_count;
	struct arena arena; /* what the views above point into */
	struct buf pending; /* what makes no whole part yet */
	struct buf early;   /* signed bytes before the algorithm was known */
	struct hash hash;
	bool hashing;
	uint64_t left;      /* bytes still to come of all … */
	uint64_t tbs_left;  /* … of what is signed … */
	uint64_t list_left; /* … and of the list of entries */
	unsigned field;     /* fields seen of the head */
	bool other_issuers; /* an entry named another certificate issuer */
	struct bytes entry_issuer;
	struct arena_mark entry_mark;
	struct bytes algorithm_der;
	enum fail fail;
	struct note note;
};

/* Start; wanted is borrowed until crl_free. */
void crl_begin(
    struct crl *crl, const struct crl_wanted *wanted, size_t wanted_count);
void crl_free(struct crl *crl);

/* The next piece.  The first failure stays: FAIL_FORMAT, FAIL_LIMIT (a part is
 * too large), FAIL_UNSUPPORTED (an algorithm). */
CHECKED enum fail crl_feed(struct crl *crl, struct bytes in);

/* No more comes.  FAIL_FORMAT: the list is cut off. */
CHECKED enum fail crl_end(struct crl *crl);

/* All at once: begin, feed, end. */
CHECKED enum fail crl_read(struct bytes der, struct crl *crl,
    const struct crl_wanted *wanted, size_t wanted_count);

/* Is a list that was read to its end signed by this key?  FAIL_SIGNATURE. */
CHECKED enum fail
crl_verify(const struct crl *crl, const struct public_key *key);

#endif

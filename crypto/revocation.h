/*
 * Is a certificate revoked?  Judged from revocation lists and responders'
 * answers at hand (RFC 5280 6.3, RFC 6960); nothing is fetched here.
 */
#ifndef CRYPTO_REVOCATION_H
#define CRYPTO_REVOCATION_H

#include "base/disk.h"
#include "crypto/chain.h"
#include "crypto/crl.h"
#include "crypto/ocsp.h"

enum evidence_kind { EVIDENCE_CRL, EVIDENCE_OCSP };

/* One list or answer, not yet looked at.  Borrowed. */
struct evidence {
	enum evidence_kind kind;
	struct bytes der; /* OCSP: an OCSPResponse or a BasicOCSPResponse */
	const struct disk_map *file; /* the bytes of a large list: it is read
					beside the map; NULL: as they are */
	/* It is known to have been there by then: what must be valid for it is
	 * judged at this instant, and it cannot be younger. */
	int64_t proven;
};

struct evidence_set {
	const struct evidence *items;
	size_t count;
};

/* What may still be spent, for files that carry more than anybody needs. */
struct revocation_budget {
	uint64_t bytes;   /* of lists that are read */
	unsigned signers; /* tried besides the certificates' own issuers */
};

struct revocation_question {
	const struct cert *cert;
	const struct cert *issuer; /* the next one on its path */
	struct cert_set pool;      /* who else may sign a list … */
	struct cert_set
	    roots; /* … if a path leads from him to one of these … */
	const struct cert *root; /* … this very one, when it is known (RFC 5280
				    6.3.3 (f)); NULL: any */
	int64_t instant;         /* was it revoked then? */
	int64_t control; /* since then somebody else may have a key above it: a
			    good answer must have been there; 0: nobody has */
	struct revocation_budget *budget; /* NULL: any */
};

struct revocation {
	/* FAIL_NONE: not revoked at the instant; FAIL_REVOKED; FAIL_MISSING: no
	 * usable evidence, the note says what was wrong with the last one. */
	enum fail state;
	int64_t revoked; /* when, and why, if it is on record, even if that is
			    after the instant; else 0 */
	int reason;
	/* The evidence that decided. */
	const struct evidence *evidence;
	int64_t this_update, next_update;
	/* Of an answer: who gave it, if not the issuer; in *responder_room. */
	bool has_responder;
	struct cert responder;
	struct note note;
};

/*
 * The n-th place that may tell about a certificate: its responders first, whose
 * answers are small and new, then its lists.  FAIL_MISSING: there is none.
 */
CHECKED enum fail revocation_place(const struct cert *cert, size_t n,
    enum evidence_kind *kind, struct bytes *url);

/*
 * Judge; the answer is in *result, always.  All evidence is looked at: one that
 * says revoked is believed before others that do not know it yet, and of those
 * the newest decides.
 */
void revocation_check(const struct revocation_question *question,
    struct evidence_set evidence, struct revocation *result);

#endif

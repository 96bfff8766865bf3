/*
 * Whom a file's signatures can be traced to: paths over the certificates and
 * with the revocation data that the file, the caller and, on demand, somebody
 * else have.
 */
#ifndef DOCUMENT_PADES_TRUST_H
#define DOCUMENT_PADES_TRUST_H

#include "crypto/chain.h"
#include "crypto/cms.h"
#include "crypto/policy.h"
#include "crypto/revocation.h"
#include "document/pades_dss.h"

#define TRUST_CERTS_MAX 512u
#define TRUST_COMPARED_MAX (4u << 20) /* after so much none is taken */
#define TRUST_EVIDENCE_MAX 512u
#define TRUST_LISTS_MAX \
	(UINT64_C(1) << 29)    /* bytes read of lists, all in all */
#define TRUST_SIGNERS_MAX 256u /* of lists, besides the issuers */

struct trust;

/* Somebody who can be asked, and who wants to know what was used.  Every hook
 * may be NULL. */
struct trust_source {
	void *context;
	/* Nothing at hand tells about cert: try the n-th place that may, and
	 * give what it says to trust_add; the bytes must live as long as the
	 * trust.  False: there are no more places. */
	bool (*ask)(void *context, struct trust *trust, const struct cert *cert,
	    const struct cert *issuer, unsigned n);
	/* These were part of a path that was judged. */
	void (*used_cert)(void *context, const struct cert *cert);
	void (*used_evidence)(void *context, const struct revocation *by);
};

struct trust_policy {
	struct cert_set roots; /* pinned */
	struct cert_set pool;  /* more intermediates */
	int64_t now;           /* instant of validation, UTC seconds */
	int64_t proven; /* the whole file was there by then (ers_check.h); 0:
			   nothing is known */
	const struct path_policy *path; /* or NULL (crypto/policy.h) */
	bool no_revocation; /* do not ask whether anything is revoked */
	const struct trust_source *source; /* or NULL */
};

struct trust {
	const struct trust_policy *policy;
	struct dss dss;
	struct cert *certs; /* owned: of the policy, the file, its signatures */
	size_t cert_count;
	struct evidence *evidence; /* owned, as above … */
	size_t *evidence_at; /* … and where it stands in the file, or SIZE_MAX
			      */
	size_t evidence_count;
	struct revocation_budget budget;
	/* Lists of a CMS that were taken for one of its signers. */
	struct bytes taken;
	int64_t taken_proven;
	size_t compared; /* evidence with evidence; TRUST_COMPARED_MAX */
};

/* What is known about one certificate at an instant. */
struct trust_answer {
	enum fail chain;      /* path to a pinned root, valid then */
	enum fail revocation; /* of all on the path: FAIL_NONE, FAIL_REVOKED,
				 FAIL_MISSING */
	int64_t revoked;      /* of FAIL_REVOKED: since when */
	int64_t control;      /* when a CA above it was revoked later; or 0 */
	bool control_far;     /* one above its own issuer */
	int64_t this_update;  /* age of the oldest data that was used */
	bool by_answer;       /* the leaf's came from a responder */
	int64_t until;        /* when the first certificate of the path ends; 0:
				 there is no path */
	struct chain path;    /* borrowed from the trust; empty: none */
	struct note note;     /* about the first thing that is wrong */
};

/* When everything in the file was there at the latest. */
int64_t trust_known(const struct trust_policy *policy);

/* Borrow policy; read what the file carries (NULL: there is none). */
CHECKED enum fail trust_open(struct trust *trust,
    const struct trust_policy *policy, struct pdf_file *file);
void trust_close(struct trust *trust);

/* A certificate that came with a signature; its bytes must stay. */
void trust_add_cert(struct trust *trust, const struct cert *cert);

/* The evidence of these bytes, if it was taken; else NULL. */
struct evidence *trust_find(const struct trust *trust, struct bytes der);

/* The certificates and the revocation data that a CMS brings, which was there
 * by an instant. */
void trust_add_cms(struct trust *trust, const struct cms *cms, int64_t proven);

/* Evidence that came from elsewhere; its bytes must stay. */
void trust_add(struct trust *trust, const struct evidence *evidence);

/* All that the file holds before an offset was there at this instant. */
void trust_prove(struct trust *trust, size_t end, int64_t instant);

void trust_judge(struct trust *trust, const struct cert *cert, int64_t instant,
    struct trust_answer *answer);

/* The same of one who signs documents, for whom a legacy root counts in its
 * time only (cert_file_is_legacy_root); else FAIL_CHAIN. */
void trust_judge_signer(struct trust *trust, const struct cert *cert,
    int64_t instant, struct trust_answer *answer);

#endif

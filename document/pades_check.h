/*
 * Checking the signatures of a PDF (EN 319 102-1, EN 319 142-1).
 *
 * Every question has its own answer; the verdict is drawn from them and never
 * better than the worst.  Nothing is called valid because something was not
 * looked at.
 */
#ifndef DOCUMENT_PADES_CHECK_H
#define DOCUMENT_PADES_CHECK_H

#include "crypto/cms.h"
#include "document/pades_trust.h"
#include "document/pdf_changes.h"
#include "document/pdf_field.h"

#define PADES_SIGNATURES_MAX 256u
#define PADES_CONTENTS_MAX (8u << 20) /* bytes of one CMS */

enum pades_verdict {
	PADES_VALID,
	PADES_INVALID,
	PADES_INDETERMINATE,
	PADES_NONE, /* the file has no signature */
};

struct pades_policy {
	struct trust_policy trust;
	bool assume_trusted; /* take the signer's own chain as trusted, in time
			      */
};

/* A time-stamp over a signature's value, or over the whole document. */
struct pades_timestamp {
	bool present;
	enum fail state;     /* FAIL_NONE: sound, for this very thing, and its
				authority leads to a root */
	int64_t time;        /* genTime, UTC seconds; when it could be read */
	char authority[128]; /* common name, UTF-8, cut if longer */
};

/* The answers about one signature; FAIL_NONE: all is well there. */
struct pades_result {
	char field[PDF_FIELD_NAME_MAX];
	char sub_filter[32];
	size_t signed_end;        /* end of the signed ranges in the file */
	bool covers_file;         /* … is the end of the file */
	enum fail ranges;         /* /ByteRange and /Contents fit the file */
	enum fail cms;            /* the CMS reads */
	enum fail digest;         /* content is what was signed */
	enum fail value;          /* signature value is the certificate's */
	enum fail chain;          /* path to a pinned root, valid at the
				     earliest time the signature is known to
				     have been there */
	enum fail revocation;     /* then; FAIL_MISSING: no data */
	int64_t revoked;          /* of FAIL_REVOKED: since when */
	int64_t data_time;        /* when the oldest revocation data used was
				     made, 0: none was */
	bool by_answer;           /* the signer's came from a responder */
	enum pdf_changes changes; /* after the signature */
	int64_t docmdp;           /* level of a certification signature, or 0 */
	bool locks_fields;        /* FieldMDP: no field may be filled later */
	bool has_signer;
	char signer[128];              /* common name, UTF-8, cut if longer */
	uint8_t signer_hash[HASH_LEN]; /* SHA-256 of the certificate */
	unsigned key_bits;
	enum hash_kind hash;
	bool has_time;     /* /M was there */
	int64_t time;      /* claimed by the signer, from /M */
	bool is_timestamp; /* a document time-stamp, not a person's signature */
	struct pades_timestamp
	    timestamp; /* its own, or the one in the signature */
	enum pades_verdict verdict;
	struct note note; /* what decided the verdict */
};

struct pades_report {
	struct pades_result *results; /* owned, in order of signed_end */
	size_t count;
	enum pades_verdict verdict; /* the worst of all */
};

/*
 * Check every signature of an open file.  The result is a report even when
 * all is wrong; failure means that checking itself was not possible.
 */
CHECKED enum fail pades_check(struct pdf_file *file,
    const struct pades_policy *policy, struct pades_report *report);
void pades_report_free(struct pades_report *report);

/* "VALID", "INVALID", …; and "HỢP LỆ", "KHÔNG HỢP LỆ", "CHƯA XÁC ĐỊNH". */
const char *pades_verdict_name(enum pades_verdict verdict);
const char *pades_verdict_vietnamese(enum pades_verdict verdict);

#endif

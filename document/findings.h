/*
 * What is found out about one signature (EN 319 102-1).
 *
 * Every question has its own answer; the verdict is drawn from them and never
 * better than the worst.  Nothing is called valid because something was not
 * looked at.
 */
#ifndef DOCUMENT_FINDINGS_H
#define DOCUMENT_FINDINGS_H

#include "crypto/pki_class.h"
#include "document/pdf_changes.h"
#include "document/pdf_diff.h"
#include "document/pdf_field.h"

enum verdict {
	VERDICT_VALID,
	VERDICT_INVALID,
	VERDICT_INDETERMINATE,
	VERDICT_NONE, /* the file has no signature */
};

/* What is worth a word though it decides nothing. */
enum warning {
	WARN_SHA1 = 1 << 0,       /* the signature's digest is SHA-1 */
	WARN_SHORT_KEY = 1 << 1,  /* its RSA key has less than 2048 bits */
	WARN_SHA1_CHAIN = 1 << 2, /* a CA below the root signed with SHA-1 */
	WARN_SHA1_STAMP = 1 << 3, /* the time-stamp's imprint is SHA-1 */
	WARN_NO_CERT_REFERENCE = 1 << 4, /* no signingCertificate: plain CMS */
	WARN_PADDING = 1 << 5,           /* something stands behind the CMS */
	WARN_CLAIMS_DIFFER = 1 << 6,     /* /M and signingTime disagree */
	WARN_CLOCK = 1 << 7, /* the time-stamp is over a minute off the claim */
	WARN_LOCAL_AS_UTC = 1 << 8, /* signingTime is Hanoi's, marked UTC */
	WARN_UNCOVERED =
	    1 << 9, /* of a container: it does not sign all files */
	WARN_SECOND_FACE = 1
	    << 10, /* … or a CMS: it opens as another file, too */
	/* Fields were filled later, and nobody signed that. */
	WARN_UNSIGNED_FILLING = 1 << 11,
	WARN_COMMENT = 1 << 12, /* of a container: nobody signed its comment */
};

/* A time-stamp over a signature's value, or over the whole document. */
struct stamp_finding {
	bool present;
	enum fail state;     /* FAIL_NONE: sound, for this very thing, and its
				authority leads to a root */
	int64_t time;        /* genTime, UTC seconds; when it could be read */
	char authority[128]; /* common name, UTF-8, cut if longer */
};

/* The answers about one signature; FAIL_NONE: all is well there. */
#define ERS_SUB_FILTER "RFC 4998" /* of an evidence record's time-stamp */
struct findings {
	char field[PDF_FIELD_NAME_MAX];
	char sub_filter[32];
	size_t signed_end;    /* end of the signed ranges in the file */
	bool covers_file;     /* … is the end of the file */
	enum fail ranges;     /* /ByteRange and /Contents fit the file */
	enum fail cms;        /* the CMS reads */
	enum fail digest;     /* content is what was signed */
	enum fail value;      /* signature value is the certificate's;
				 FAIL_MISSING: the content is not here */
	enum fail chain;      /* path to a pinned root, valid at the
				 earliest time the signature is known to
				 have been there */
	enum fail revocation; /* then; FAIL_MISSING: no data */
	enum fail strength;   /* FAIL_UNSUPPORTED: too weak for that time */
	int64_t best_time;    /* that instant (EN 319 102-1 5.6), or 0 */
	int64_t proven;       /* it was there before that by a time-stamp over
				 all of it; 0: there is none */
	int64_t revoked;      /* of FAIL_REVOKED: since when */
	int64_t data_time;    /* when the oldest revocation data used was
				 made, 0: none was */
	bool by_answer;       /* the signer's came from a responder */
	bool assumed;         /* chain and revocation, on the caller's word */
	bool unasked;         /* revocation, by the caller's wish */
	enum pdf_changes changes; /* after the signature */
	/* Of a document time-stamp: a person's valid signature is behind it,
	 * what came between is that one's to judge; changes was not asked. */
	bool signed_later;
	int64_t docmdp;    /* level of a certification signature, or 0 */
	bool locks_fields; /* FieldMDP: some may not be filled later */
	bool has_signer;
	char signer[128];              /* common name, UTF-8, cut if longer */
	uint8_t signer_hash[HASH_LEN]; /* SHA-256 of the certificate */
	unsigned key_bits;
	enum hash_kind hash;
	enum pki_class pki; /* whose certificate it is */
	unsigned warnings;  /* enum warning */
	bool has_time;      /* the signer said when */
	int64_t time;       /* his claim, UTC seconds */
	bool is_timestamp; /* a document time-stamp, not a person's signature */
	bool of_record;    /* of an evidence record */
	struct stamp_finding
	    timestamp;         /* its own, or the one in the signature */
	struct pdf_diff *diff; /* owned by the report: what changed, for people;
				  NULL: nothing is to be shown */
	enum verdict verdict;
	struct note note; /* what decided the verdict */
};

/* Of all signatures of a file. */
struct signature_report {
	struct findings *results; /* owned, oldest first */
	size_t count;
	enum verdict verdict; /* see signature_report_judge */
	unsigned dormant;     /* of a PDF: enum dormant; decides nothing */
	bool token;           /* the file is a time-stamp token */
};

void signature_report_free(struct signature_report *report);

/* Append another's rows, which has none then, and judge anew. */
CHECKED enum fail signature_report_take(
    struct signature_report *report, struct signature_report *other);

/* Did the signer leave room for what came later? */
bool findings_changes_allowed(const struct findings *findings);

/*
 * Warn where fields were filled behind a signature and no valid one behind them
 * says so: a time-stamp proves when they were there, not who meant them.
 */
void signature_report_warn(struct signature_report *report);

/* Draw the verdict from all answers. */
enum verdict findings_judge(struct findings *findings);

/*
 * The report's own verdict: the worst of all signatures.  INVALID is worse than
 * INDETERMINATE, that worse than VALID; without signatures there is none.  A
 * time-stamp says when, not who: a file that has nothing else has no signature,
 * however good the stamp, unless it is itself the token that is asked about. An
 * evidence record is no signature, either: one that is bad makes the report
 * INVALID, any other takes nothing away and gives nothing.
 */
void signature_report_judge(struct signature_report *report);

/* "VALID", "INVALID", …; and "HỢP LỆ", "KHÔNG HỢP LỆ", "CHƯA XÁC ĐỊNH". */
const char *verdict_name(enum verdict verdict);
const char *verdict_vietnamese(enum verdict verdict);

#endif

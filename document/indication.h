/*
 * The words of EN 319 102-1 for what was found out about a signature (5.1.3,
 * tables 5 and 6).
 */
#ifndef DOCUMENT_INDICATION_H
#define DOCUMENT_INDICATION_H

#include "document/findings.h"

enum indication {
	INDICATION_PASSED,
	INDICATION_FAILED,
	INDICATION_INDETERMINATE,
};

enum sub_indication {
	SUB_NONE,
	SUB_FORMAT,         /* FORMAT_FAILURE */
	SUB_HASH,           /* HASH_FAILURE */
	SUB_CRYPTO,         /* SIG_CRYPTO_FAILURE */
	SUB_REVOKED,        /* REVOKED */
	SUB_CONSTRAINTS,    /* SIG_CONSTRAINTS_FAILURE */
	SUB_NO_CHAIN,       /* NO_CERTIFICATE_CHAIN_FOUND */
	SUB_NO_CERTIFICATE, /* NO_SIGNING_CERTIFICATE_FOUND */
	SUB_NO_DATA,        /* SIGNED_DATA_NOT_FOUND */
	SUB_WEAK_NO_POE,    /* CRYPTO_CONSTRAINTS_FAILURE_NO_POE */
	SUB_REVOKED_NO_POE, /* REVOKED_NO_POE */
	SUB_OUT_OF_BOUNDS,  /* OUT_OF_BOUNDS_NO_POE */
	SUB_TRY_LATER,      /* TRY_LATER */
	SUB_GENERIC,        /* GENERIC: the standard has no word for it */
};

/* What the verdict in findings is called there. */
enum sub_indication
indication_of(const struct findings *findings, enum indication *indication);

/* "TOTAL-PASSED", …; "HASH_FAILURE", … or "" for SUB_NONE. */
const char *indication_name(enum indication indication);
const char *sub_indication_name(enum sub_indication sub);

#endif

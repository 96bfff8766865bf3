#include "document/indication.h"

/* Of an answer about the signature itself. */
static enum sub_indication
of_signature(const struct findings *r)
{
	if (r->ranges)
		return SUB_FORMAT;
	if (r->digest)
		return SUB_HASH;
	if (r->cms == FAIL_MISSING)
		return SUB_NO_CERTIFICATE;
	if (!r->cms && r->value == FAIL_MISSING)
		return SUB_NO_DATA;
	if (r->cms == FAIL_UNSUPPORTED || r->value == FAIL_UNSUPPORTED ||
	    r->cms == FAIL_LIMIT || r->value == FAIL_LIMIT)
		return SUB_GENERIC;
	if (r->cms)
		return SUB_FORMAT;
	return r->value ? SUB_CRYPTO : SUB_NONE;
}

/* Of an answer about the one who made it. */
static enum sub_indication
of_signer(const struct findings *r)
{
	if (r->chain == FAIL_EXPIRED)
		return SUB_OUT_OF_BOUNDS;
	if (r->chain == FAIL_CLOCK || r->chain == FAIL_LIMIT)
		return SUB_GENERIC;
	if (r->chain)
		return SUB_NO_CHAIN;
	if (r->strength)
		return SUB_WEAK_NO_POE;
	if (r->revocation == FAIL_REVOKED)
		return r->verdict == VERDICT_INVALID ? SUB_REVOKED :
						       SUB_REVOKED_NO_POE;
	return r->revocation ? SUB_TRY_LATER : SUB_GENERIC;
}

enum sub_indication
indication_of(const struct findings *r, enum indication *indication)
{
	enum sub_indication sub = of_signature(r);

	*indication = r->verdict == VERDICT_VALID ? INDICATION_PASSED :
	    r->verdict == VERDICT_INVALID         ? INDICATION_FAILED :
						    INDICATION_INDETERMINATE;
	if (r->verdict == VERDICT_VALID)
		return SUB_NONE;
	if (sub)
		return sub;
	/* The standard knows files that are signed as a whole; one that was
	 * changed behind the signature no longer has the signed form. */
	if (r->changes == CHANGES_UNKNOWN)
		return SUB_CONSTRAINTS;
	if (r->verdict == VERDICT_INVALID && r->revocation != FAIL_REVOKED)
		return SUB_FORMAT;
	return of_signer(r);
}

const char *
indication_name(enum indication indication)
{
	static const char *const names[] = { "TOTAL-PASSED", "TOTAL-FAILED",
		"INDETERMINATE" };

	return names[indication];
}

const char *
sub_indication_name(enum sub_indication sub)
{
	static const char *const names[] = {
		[SUB_NONE] = "",
		[SUB_FORMAT] = "FORMAT_FAILURE",
		[SUB_HASH] = "HASH_FAILURE",
		[SUB_CRYPTO] = "SIG_CRYPTO_FAILURE",
		[SUB_REVOKED] = "REVOKED",
		[SUB_CONSTRAINTS] = "SIG_CONSTRAINTS_FAILURE",
		[SUB_NO_CHAIN] = "NO_CERTIFICATE_CHAIN_FOUND",
		[SUB_NO_CERTIFICATE] = "NO_SIGNING_CERTIFICATE_FOUND",
		[SUB_NO_DATA] = "SIGNED_DATA_NOT_FOUND",
		[SUB_WEAK_NO_POE] = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
		[SUB_REVOKED_NO_POE] = "REVOKED_NO_POE",
		[SUB_OUT_OF_BOUNDS] = "OUT_OF_BOUNDS_NO_POE",
		[SUB_TRY_LATER] = "TRY_LATER",
		[SUB_GENERIC] = "GENERIC",
	};

	return names[sub];
}

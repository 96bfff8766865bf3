/*
 * How a token is asked for a signature, and what its answer is: PKCS#11 2.40
 * 2.1 (RSA), 2.3 (ECDSA).
 */
#ifndef CRYPTO_TOKEN_MECHANISM_H
#define CRYPTO_TOKEN_MECHANISM_H

#include <pkcs11-helper-1.0/pkcs11.h>

#include "crypto/signature.h"

#define TOKEN_INPUT_MAX 128u

/* What C_SignInit and C_Sign are given.  It points into itself: not to be
 * copied. */
struct token_mechanism {
	CK_MECHANISM mechanism;
	CK_RSA_PKCS_PSS_PARAMS pss;
	uint8_t in[TOKEN_INPUT_MAX];
	CK_ULONG in_len;
};

/* For a digest of hash_len(algorithm->hash) bytes.  FAIL_UNSUPPORTED: PKCS#11
 * has no name for the digest's algorithm. */
CHECKED enum fail
token_mechanism_make(const struct signature_algorithm *algorithm,
    const uint8_t *digest, struct token_mechanism *made);

/* Turn what C_Sign wrote into the signature value of CMS and X.509: a pair of
 * numbers of ECDSA becomes DER.  FAIL_FORMAT: it is no such pair; FAIL_LIMIT:
 * one longer than any curve's. */
CHECKED enum fail
token_value_finish(const struct signature_algorithm *algorithm,
    uint8_t value[static SIGNATURE_MAX], size_t *len);

#endif

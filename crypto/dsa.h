/*
 * Verifying DSA (FIPS 186-4 4.7), which Mbed TLS does not have.  Old CAs used
 * it; nobody's document is accepted by it.
 */
#ifndef CRYPTO_DSA_H
#define CRYPTO_DSA_H

#include "crypto/signature.h"

/* Read Dss-Parms, or nothing for a key that inherits them, into a key. */
CHECKED enum fail
dsa_parameters(struct bytes parameters, struct public_key *key);

/* octets: the public value as an INTEGER.  FAIL_SIGNATURE, FAIL_UNSUPPORTED (no
 * parameters, or of a size not in use), FAIL_MEMORY. */
CHECKED enum fail dsa_verify(const struct public_key *key, struct bytes octets,
    const uint8_t *digest, size_t digest_len, struct bytes signature);

#endif

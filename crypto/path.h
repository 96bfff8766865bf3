/*
 * Is a chain of certificates a valid path (RFC 5280 6.1)?  Names, signatures,
 * CAs, lengths, name constraints and policies; when each is valid and whether
 * one is revoked is asked for elsewhere.
 */
#ifndef CRYPTO_PATH_H
#define CRYPTO_PATH_H

#include "crypto/chain.h"
#include "crypto/policy.h"

/*
 * The root's own path length and name constraints hold too (RFC 5937).
 * FAIL_CHAIN with the reason; FAIL_FORMAT, FAIL_LIMIT: of a certificate's
 * extension.  A path of one certificate is the root itself.
 */
CHECKED enum fail path_validate(const struct chain *chain,
    const struct path_policy *policy, struct note *note);

#endif

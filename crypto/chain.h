/*
 * Certification paths (RFC 5280 6.1): from a signer's certificate over any of
 * the intermediates at hand to a pinned root.
 *
 * A path is accepted when crypto/path.h finds it valid and each certificate is
 * valid at the given instant.  Revocation is asked for elsewhere.
 */
#ifndef CRYPTO_CHAIN_H
#define CRYPTO_CHAIN_H

#include "crypto/cert.h"

#define CHAIN_DEPTH_MAX 10u
#define CHAIN_TRIES_MAX 200u /* signatures verified before giving up */

/* Certificates somebody else holds. */
struct cert_set {
	const struct cert *certs;
	size_t count;
};

/* Leaf first; the last one is the root itself.  Borrowed from the sets. */
struct chain {
	const struct cert *certs[CHAIN_DEPTH_MAX];
	size_t count;
};

/*
 * Find a path for leaf at instant.  FAIL_CHAIN: none reaches a root.
 * FAIL_EXPIRED: one does, but not at this instant; *chain then holds it.
 * A pinned certificate that is the leaf itself ends the path at once.
 */
CHECKED enum fail chain_build(const struct cert *leaf, struct cert_set pool,
    struct cert_set roots, int64_t instant, struct chain *chain,
    struct note *note);

/* The same under what is asked of its policies (crypto/policy.h; NULL:
 * nothing), over none of the CAs that are to be avoided (NULL: all are good).
 */
struct path_policy;
CHECKED enum fail
chain_build_under(const struct path_policy *policy, const struct chain *avoid,
    const struct cert *leaf, struct cert_set pool, struct cert_set roots,
    int64_t instant, struct chain *chain, struct note *note);

#endif

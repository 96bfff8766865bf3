/* Whether a certificate is one to sign documents with. */
#ifndef CRYPTO_SIGNING_CERT_H
#define CRYPTO_SIGNING_CERT_H

#include "base/fail.h"
#include "crypto/cert.h"

#define SIGNING_SHORT_KEY 2048u /* bits of RSA; fewer are too few … */
#define SIGNING_SHORT_UNTIL INT64_C(1388534400) /* … from 2014-01-01 on */

/* By its key usage and extended key usage (RFC 5280 4.2.1.3, 4.2.1.12)?  Names
 * of purposes are many; servers, code, time-stamps and responders are none, and
 * a certificate that is for these is for documents only if it says so. */
bool signing_cert_is_for_documents(const struct cert *cert);

/* May those whom a CA certifies be such?  Its own purposes are a bound for
 * theirs: RFC 5280 does not say so, but Mozilla, Microsoft and OpenSSL do. */
bool signing_ca_is_for_documents(const struct cert *ca);

/* Has it so short a key that a value of that instant could be forged
 * (EN 319 102-1 5.2.8)? */
bool signing_key_is_weak(const struct public_key *key, int64_t instant);

/*
 * May it sign now, whoever is above it?  FAIL_EXPIRED: not today; FAIL_KEY: it
 * is for something else, or its key is too weak.
 */
CHECKED enum fail
signing_cert_may(const struct cert *cert, int64_t now, struct note *note);

/* What a signer wishes; nothing is the usual way. */
struct signing_wish {
	enum hash_kind digest; /* SHA-256, -384, -512, or HASH_NONE */
	bool pss;              /* RSASSA-PSS (RFC 8017 8.1) of an RSA key */
};

/* "sha256", "sha384" or "sha512"; HASH_NONE: it is none of them. */
enum hash_kind signing_digest(struct bytes name);

/* How one signs with such a key: SHA-256, of long curves what goes with them,
 * unless something else is wished; of a key for PSS alone what it is restricted
 * to (RFC 4055 3.1).  What the key cannot do is not done. */
struct signature_algorithm signing_algorithm(
    const struct public_key *key, const struct signing_wish *wish);

/* Is it all that was wished? */
bool signing_is_as_wished(const struct signature_algorithm *algorithm,
    const struct signing_wish *wish);

#endif

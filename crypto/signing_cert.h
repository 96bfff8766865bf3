/* Whether a certificate is one to sign documents with. */
#ifndef CRYPTO_SIGNING_CERT_H
#define CRYPTO_SIGNING_CERT_H

#include "base/fail.h"
#include "crypto/cert.h"

#define SIGNING_SHORT_KEY 2048u /* bits of RSA; fewer are too few … */
#define SIGNING_SHORT_UNTIL INT64_C(1388534400) /* … from 2014-01-01 on */

/* By its key usage and extended key usage (RFC 5280 4.2.1.3, 4.2.1.12)?  Names
 * of purposes are many; servers, code, time-stamps and responders are none. */
bool signing_cert_is_for_documents(const struct cert *cert);

/* Has it so short a key that a value of that instant could be forged
 * (EN 319 102-1 5.2.8)? */
bool signing_key_is_weak(const struct public_key *key, int64_t instant);

/*
 * May it sign now, whoever is above it?  FAIL_EXPIRED: not today; FAIL_KEY: it
 * is for something else, or its key is too weak.
 */
CHECKED enum fail
signing_cert_may(const struct cert *cert, int64_t now, struct note *note);

/* How one signs with such a key: SHA-256, of long curves what goes with them,
 * of a key for PSS alone what it is restricted to (RFC 4055 3.1). */
struct signature_algorithm signing_algorithm(const struct public_key *key);

#endif

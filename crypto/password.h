/*
 * Passwords as slow salted hashes: Argon2id (RFC 9106) in libsodium's encoded
 * form, which carries its own salt and costs.  Both calls take some 60 ms and
 * 64 MB on purpose.  Vietnamese letters count the same however a keyboard
 * composes them.
 */
#ifndef CRYPTO_PASSWORD_H
#define CRYPTO_PASSWORD_H

#include "base/bytes.h"
#include "base/fail.h"

#define PASSWORD_HASH_MAX 128u /* bytes with the terminating zero */

CHECKED enum fail
password_hash(struct bytes password, char out[static PASSWORD_HASH_MAX]);

/* FAIL_LOGIN: another password.  FAIL_CORRUPT: stored is no such hash. */
CHECKED enum fail password_check(struct bytes stored, struct bytes password);

#endif

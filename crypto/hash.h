/*
 * Digests.  SHA-256 runs on our own block kernel (sha256.h), which uses the
 * processor's instructions when it has them; the others on Mbed TLS.
 */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include <stdalign.h>

#include "base/bytes.h"
#include "base/fail.h"

enum hash_kind {
	HASH_NONE,
	HASH_SHA1, /* only to verify documents of before 2019 and time-stamps */
	HASH_SHA224,
	HASH_SHA256,
	HASH_SHA384,
	HASH_SHA512,
	HASH_SHA3_224, /* only to verify (ISO/TS 32001) */
	HASH_SHA3_256,
	HASH_SHA3_384,
	HASH_SHA3_512,
};

#define HASH_KINDS (HASH_SHA3_512 + 1u)

#define HASH_MAX 64u /* bytes of the longest digest */
#define HASH_LEN 32u /* bytes of SHA-256, the one we store by */

struct hash {
	enum hash_kind kind;
	alignas(8) uint8_t state[256]; /* belongs to hash.c; may be copied */
};

/* Bytes of a digest of this kind, and its name ("SHA-256"). */
size_t hash_len(enum hash_kind kind);
const char *hash_name(enum hash_kind kind);

void hash_init(struct hash *h, enum hash_kind kind);
void hash_add(struct hash *h, struct bytes in);

/* The same for those who hand on what they read (base/disk.h); hash is a
 * struct hash. */
void hash_step(void *hash, struct bytes in);

/* Writes hash_len(kind) bytes; h must be initialised again before reuse. */
void hash_done(struct hash *h, uint8_t out[static HASH_MAX]);

/* All at once. */
void
hash_bytes(enum hash_kind kind, struct bytes in, uint8_t out[static HASH_MAX]);
void hash_sha256(struct bytes in, uint8_t out[static HASH_LEN]);

/* Is it one?  Zeros stand for none. */
bool hash_is_set(const uint8_t hash[static HASH_LEN]);

#endif

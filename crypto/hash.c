#include "crypto/hash.h"

#include <assert.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha3.h>
#include <mbedtls/sha512.h>

#include "base/effort.h"
#include "crypto/sha256.h"

/* SHA-256 and SHA-224: state, the block being filled, bytes seen. */
struct narrow {
	uint32_t h[8];
	uint8_t block[SHA256_BLOCK];
	uint64_t seen;
};

union state {
	struct narrow narrow;
	mbedtls_sha1_context sha1;
	mbedtls_sha512_context sha512;
	mbedtls_sha3_context sha3;
};

_Static_assert(sizeof(union state) <= sizeof(((struct hash *)0)->state),
    "struct hash is too small");

static union state *
state_of(struct hash *h)
{
	return (union state *)(void *)h->state;
}

size_t
hash_len(enum hash_kind kind)
{
	static const uint8_t lengths[] = { 0, 20, 28, 32, 48, 64, 28, 32, 48,
		64 };

	return lengths[kind];
}

const char *
hash_name(enum hash_kind kind)
{
	static const char *const names[] = { "none", "SHA-1", "SHA-224",
		"SHA-256", "SHA-384", "SHA-512", "SHA3-224", "SHA3-256",
		"SHA3-384", "SHA3-512" };

	return names[kind];
}

static void
narrow_init(struct narrow *s, bool sha224)
{
	static const uint32_t start[2][8] = {
		{ 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
		    0x9b05688c, 0x1f83d9ab, 0x5be0cd19 },
		{ 0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31,
		    0x68581511, 0x64f98fa7, 0xbefa4fa4 },
	};

	memcpy(s->h, start[sha224], sizeof(s->h));
	s->seen = 0;
}

static void
narrow_add(struct narrow *s, const uint8_t *data, size_t len)
{
	size_t held = s->seen % SHA256_BLOCK;

	s->seen += len;
	if (held) {
		size_t take = SHA256_BLOCK - held;

		if (take > len)
			take = len;
		memcpy(s->block + held, data, take);
		data += take;
		len -= take;
		if (held + take < SHA256_BLOCK)
			return;
		sha256_blocks(s->h, s->block, 1);
	}
	if (len >= SHA256_BLOCK) {
		sha256_blocks(s->h, data, len / SHA256_BLOCK);
		data += len / SHA256_BLOCK * SHA256_BLOCK;
		len %= SHA256_BLOCK;
	}
	if (len)
		memcpy(s->block, data, len);
}

static void
narrow_done(struct narrow *s, uint8_t *out, size_t out_len)
{
	uint8_t pad[SHA256_BLOCK + 8] = { 0x80 };
	uint64_t bits = s->seen * 8;
	size_t held = s->seen % SHA256_BLOCK;
	size_t zeros = (held < 56 ? 56 : 120) - held;

	for (int i = 0; i < 8; i++)
		pad[zeros + (size_t)i] = (uint8_t)(bits >> (56 - 8 * i));
	narrow_add(s, pad, zeros + 8);
	for (size_t i = 0; i < out_len; i++)
		out[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

static mbedtls_sha3_id
sha3_id(enum hash_kind kind)
{
	static const mbedtls_sha3_id ids[] = { MBEDTLS_SHA3_224,
		MBEDTLS_SHA3_256, MBEDTLS_SHA3_384, MBEDTLS_SHA3_512 };

	return ids[kind - HASH_SHA3_224];
}

void
hash_init(struct hash *h, enum hash_kind kind)
{
	union state *s = state_of(h);

	h->kind = kind;
	switch (kind) {
	case HASH_SHA1:
		mbedtls_sha1_init(&s->sha1);
		(void)mbedtls_sha1_starts(&s->sha1);
		break;
	case HASH_SHA224:
	case HASH_SHA256:
		narrow_init(&s->narrow, kind == HASH_SHA224);
		break;
	case HASH_SHA384:
	case HASH_SHA512:
		mbedtls_sha512_init(&s->sha512);
		(void)mbedtls_sha512_starts(&s->sha512, kind == HASH_SHA384);
		break;
	case HASH_SHA3_224:
	case HASH_SHA3_256:
	case HASH_SHA3_384:
	case HASH_SHA3_512:
		mbedtls_sha3_init(&s->sha3);
		(void)mbedtls_sha3_starts(&s->sha3, sha3_id(kind));
		break;
	case HASH_NONE:
		break;
	}
}

/* What a byte takes (base/effort.h). */
static const uint8_t byte_ns[HASH_KINDS] = { [HASH_SHA1] = 3,
	[HASH_SHA224] = 1,
	[HASH_SHA256] = 1,
	[HASH_SHA384] = 4,
	[HASH_SHA512] = 4,
	[HASH_SHA3_224] = 12,
	[HASH_SHA3_256] = 12,
	[HASH_SHA3_384] = 16,
	[HASH_SHA3_512] = 20 };

void
hash_add(struct hash *h, struct bytes in)
{
	union state *s = state_of(h);

	if (!in.len)
		return;
	effort_add(in.len * byte_ns[h->kind]);
	switch (h->kind) {
	case HASH_SHA1:
		(void)mbedtls_sha1_update(&s->sha1, in.data, in.len);
		break;
	case HASH_SHA224:
	case HASH_SHA256:
		narrow_add(&s->narrow, in.data, in.len);
		break;
	case HASH_SHA384:
	case HASH_SHA512:
		(void)mbedtls_sha512_update(&s->sha512, in.data, in.len);
		break;
	case HASH_SHA3_224:
	case HASH_SHA3_256:
	case HASH_SHA3_384:
	case HASH_SHA3_512:
		(void)mbedtls_sha3_update(&s->sha3, in.data, in.len);
		break;
	case HASH_NONE:
		break;
	}
}

void
hash_step(void *hash, struct bytes in)
{
	hash_add(hash, in);
}

void
hash_done(struct hash *h, uint8_t out[static HASH_MAX])
{
	union state *s = state_of(h);

	switch (h->kind) {
	case HASH_SHA1:
		(void)mbedtls_sha1_finish(&s->sha1, out);
		mbedtls_sha1_free(&s->sha1);
		break;
	case HASH_SHA224:
	case HASH_SHA256:
		narrow_done(&s->narrow, out, hash_len(h->kind));
		break;
	case HASH_SHA384:
	case HASH_SHA512: {
		uint8_t full[HASH_MAX];

		(void)mbedtls_sha512_finish(&s->sha512, full);
		mbedtls_sha512_free(&s->sha512);
		memcpy(out, full, hash_len(h->kind));
		break;
	}
	case HASH_SHA3_224:
	case HASH_SHA3_256:
	case HASH_SHA3_384:
	case HASH_SHA3_512:
		(void)mbedtls_sha3_finish(&s->sha3, out, hash_len(h->kind));
		mbedtls_sha3_free(&s->sha3);
		break;
	case HASH_NONE:
		break;
	}
}

void
hash_bytes(enum hash_kind kind, struct bytes in, uint8_t out[static HASH_MAX])
{
	struct hash h;

	hash_init(&h, kind);
	hash_add(&h, in);
	hash_done(&h, out);
}

void
hash_sha256(struct bytes in, uint8_t out[static HASH_LEN])
{
	uint8_t full[HASH_MAX];

	hash_bytes(HASH_SHA256, in, full);
	memcpy(out, full, HASH_LEN);
}

bool
hash_is_set(const uint8_t hash[static HASH_LEN])
{
	static const uint8_t none[HASH_LEN];

	return memcmp(hash, none, HASH_LEN) != 0;
}

#include "crypto/sha256.h"

#include <string.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "crypto/hash.h"

#define LONGEST 1000u
#define PADDED (LONGEST + 2 * SHA256_BLOCK)

/* FIPS 180-4 5.3.3. */
static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
	0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

static uint8_t message[LONGEST];

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static int
make_message(void **state)
{
	uint32_t seed = 2026;

	(void)state;
	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)next_random(&seed);
	return 0;
}

/* FIPS 180-4 5.1.1: one bit, zeros, the length in bits. */
static size_t
pad(size_t len, uint8_t out[PADDED])
{
	size_t blocks = (len + 9 + SHA256_BLOCK - 1) / SHA256_BLOCK;
	uint64_t bits = (uint64_t)len * 8;

	memset(out, 0, PADDED);
	memcpy(out, message, len);
	out[len] = 0x80;
	for (size_t i = 0; i < 8; i++)
		out[blocks * SHA256_BLOCK - 1 - i] = (uint8_t)(bits >> 8 * i);
	return blocks;
}

static sha256_kernel *
native(void)
{
	sha256_kernel *kernel = sha256_kernel_native();

	if (!kernel) {
		print_message("this processor has no SHA instructions\n");
		skip();
	}
	return kernel;
}

/* NIST's one-block example, "abc", by hand. */
static void
one_block_gives_the_state_of_the_standard(void **state)
{
	static const uint32_t want[8] = { 0xba7816bf, 0x8f01cfea, 0x414140de,
		0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad };
	uint8_t block[SHA256_BLOCK] = { 'a', 'b', 'c', 0x80, [63] = 24 };
	uint32_t portable[8], chosen[8];

	(void)state;
	memcpy(portable, start, sizeof(start));
	memcpy(chosen, start, sizeof(start));
	sha256_blocks_portable(portable, block, 1);
	sha256_blocks(chosen, block, 1);
	assert_memory_equal(portable, want, sizeof(want));
	assert_memory_equal(chosen, want, sizeof(want));
}

static void
no_block_leaves_the_state_alone(void **state)
{
	uint32_t h[8];
	sha256_kernel *kernel = sha256_kernel_native();

	(void)state;
	memcpy(h, start, sizeof(start));
	sha256_blocks_portable(h, message, 0);
	sha256_blocks(h, message, 0);
	if (kernel)
		kernel(h, message, 0);
	assert_memory_equal(h, start, sizeof(start));
}

static void
native_kernel_is_the_portable_one_for_every_length(void **state)
{
	sha256_kernel *kernel = native();
	uint8_t padded[PADDED], digest[HASH_LEN];

	(void)state;
	for (size_t len = 0; len <= LONGEST; len++) {
		size_t blocks = pad(len, padded);
		uint32_t a[8], b[8];

		memcpy(a, start, sizeof(start));
		memcpy(b, start, sizeof(start));
		sha256_blocks_portable(a, padded, blocks);
		kernel(b, padded, blocks);
		if (memcmp(a, b, sizeof(a)))
			fail_msg("length %zu", len);
		hash_sha256((struct bytes){ message, len }, digest);
		for (size_t i = 0; i < HASH_LEN; i++)
			if (digest[i] !=
			    (uint8_t)(a[i / 4] >> (24 - 8 * (i % 4))))
				fail_msg("hash of length %zu", len);
	}
}

static void
native_kernel_may_be_given_any_number_of_blocks(void **state)
{
	sha256_kernel *kernel = native();
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 300; round++) {
		uint32_t a[8], b[8];
		size_t left = LONGEST / SHA256_BLOCK;
		const uint8_t *at = message;

		memcpy(a, start, sizeof(start));
		memcpy(b, start, sizeof(start));
		sha256_blocks_portable(a, message, left);
		while (left) {
			size_t n = next_random(&seed) % (left + 1);

			kernel(b, at, n);
			at += n * SHA256_BLOCK;
			left -= n;
		}
		assert_memory_equal(a, b, sizeof(a));
	}
}

static void
native_kernel_takes_any_state_and_alignment(void **state)
{
	sha256_kernel *kernel = native();
	uint32_t seed = 99;

	(void)state;
	for (size_t shift = 0; shift < SHA256_BLOCK; shift++) {
		uint32_t a[8], b[8];

		for (size_t i = 0; i < 8; i++)
			a[i] = next_random(&seed) << 16 ^ next_random(&seed);
		memcpy(b, a, sizeof(a));
		sha256_blocks_portable(a, message + shift, 10);
		kernel(b, message + shift, 10);
		assert_memory_equal(a, b, sizeof(a));
	}
}

static void
hash_in_random_pieces_is_the_portable_kernel(void **state)
{
	uint8_t padded[PADDED], digest[HASH_MAX];
	uint32_t seed = 42;

	(void)state;
	for (int round = 0; round < 1000; round++) {
		size_t len = next_random(&seed) % (LONGEST + 1), at = 0;
		uint32_t want[8];
		struct hash h;

		memcpy(want, start, sizeof(start));
		sha256_blocks_portable(want, padded, pad(len, padded));
		hash_init(&h, HASH_SHA256);
		while (at < len) {
			size_t n = next_random(&seed) % (len - at + 1);

			hash_add(&h, (struct bytes){ message + at, n });
			at += n;
		}
		hash_done(&h, digest);
		for (size_t i = 0; i < HASH_LEN; i++)
			assert_int_equal(digest[i],
			    (uint8_t)(want[i / 4] >> (24 - 8 * (i % 4))));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_block_gives_the_state_of_the_standard),
		cmocka_unit_test(no_block_leaves_the_state_alone),
		cmocka_unit_test(
		    native_kernel_is_the_portable_one_for_every_length),
		cmocka_unit_test(
		    native_kernel_may_be_given_any_number_of_blocks),
		cmocka_unit_test(native_kernel_takes_any_state_and_alignment),
		cmocka_unit_test(hash_in_random_pieces_is_the_portable_kernel),
	};

	return cmocka_run_group_tests(tests, make_message, NULL);
}

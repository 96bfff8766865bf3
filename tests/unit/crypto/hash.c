#include "crypto/hash.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const enum hash_kind kinds[] = { HASH_SHA1, HASH_SHA224, HASH_SHA256,
	HASH_SHA384, HASH_SHA512 };

#define TWO_BLOCKS "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
#define LONG_BLOCKS                                                        \
	"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno" \
	"ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"

/* FIPS 180-4 and the examples NIST publishes beside it. */
static const struct {
	enum hash_kind kind;
	const char *message, *digest;
} examples[] = {
	{ HASH_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ HASH_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ HASH_SHA1, TWO_BLOCKS, "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ HASH_SHA224, "",
	    "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f" },
	{ HASH_SHA224, "abc",
	    "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7" },
	{ HASH_SHA224, TWO_BLOCKS,
	    "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525" },
	{ HASH_SHA256, "",
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855" },
	{ HASH_SHA256, "abc",
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad" },
	{ HASH_SHA256, TWO_BLOCKS,
	    "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1" },
	{ HASH_SHA384, "",
	    "38b060a751ac96384cd9327eb1b1e36a21fdb71114be0743"
	    "4c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b" },
	{ HASH_SHA384, "abc",
	    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
	    "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7" },
	{ HASH_SHA384, LONG_BLOCKS,
	    "09330c33f71147e83d192fc782cd1b4753111b173b3b05d2"
	    "2fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039" },
	{ HASH_SHA512, "",
	    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
	    "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3"
	    "e" },
	{ HASH_SHA512, "abc",
	    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49"
	    "f" },
	{ HASH_SHA512, LONG_BLOCKS,
	    "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
	    "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be90"
	    "9" },
};

/* A million times 'a', from the same source. */
static const char *const million[] = {
	"34aa973cd4c4daa4f61eeb2bdbad27316534016f",
	"20794655980c91d8bbb4c1ea97618a4bf03f42581948b2ee4ee7ad67",
	"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
	"9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b"
	"07b8b3dc38ecc4ebae97ddd87f3d8985",
	"e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
	"de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
};

/*
 * The digest of the digests of the first 0, 1 … 1000 bytes of the pattern,
 * from Python's hashlib.
 */
static const char *const all_lengths[] = {
	"d8428f99d67a3e3f237e6698c419552517f9a8f3",
	"f85db4a27f7b75185c7f1acd234431d4d1d8a549d47730a0735917b2",
	"1e67f63d8c60e0ece8c22863ef816243e24887524e12babda67a0a1294bea06e",
	"be7e75ecd33245e4a56c92a1e929c7b5363b5e23b87f9d41d456091988ad374a"
	"0d147f5640b7b76038a307d68e8ff0dd",
	"e90976ff8f21f0a9ec437e37698ad22c415c283172932c034a1e6793566b26bd"
	"bba50997f76dad3a1445507e18a50a80dbfa3cacc05250dbd33f98edd1f0d1dd",
};

static uint8_t pattern[1000];

static int
make_pattern(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = (uint8_t)(i * 7 + i / 256);
	return 0;
}

static void
is_digest(enum hash_kind kind, const uint8_t *digest, const char *hex)
{
	char got[2 * HASH_MAX + 1];

	bytes_to_hex((struct bytes){ digest, hash_len(kind) }, got);
	assert_string_equal(got, hex);
}

static void
examples_of_the_standard_come_out(void **state)
{
	uint8_t digest[HASH_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		hash_bytes(
		    examples[i].kind, BYTES_TEXT(examples[i].message), digest);
		is_digest(examples[i].kind, digest, examples[i].digest);
	}
}

static void
million_letters_in_odd_pieces_come_out(void **state)
{
	uint8_t digest[HASH_MAX], piece[997];
	struct hash h;

	(void)state;
	memset(piece, 'a', sizeof(piece));
	for (size_t i = 0; i < COUNT(kinds); i++) {
		size_t left = 1000000;

		hash_init(&h, kinds[i]);
		while (left) {
			size_t n = left < sizeof(piece) ? left : sizeof(piece);

			hash_add(&h, (struct bytes){ piece, n });
			left -= n;
		}
		hash_done(&h, digest);
		is_digest(kinds[i], digest, million[i]);
	}
}

static void
every_length_to_1000_is_as_hashlib_has_it(void **state)
{
	uint8_t digest[HASH_MAX];
	struct hash h;

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		size_t len = hash_len(kinds[i]);

		hash_init(&h, kinds[i]);
		for (size_t n = 0; n <= sizeof(pattern); n++) {
			hash_bytes(
			    kinds[i], (struct bytes){ pattern, n }, digest);
			hash_add(&h, (struct bytes){ digest, len });
		}
		hash_done(&h, digest);
		is_digest(kinds[i], digest, all_lengths[i]);
	}
}

/* A small fixed generator: the same pieces on every run. */
static size_t
next_piece(uint32_t *seed, size_t most)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % (most + 1);
}

static void
pieces_do_not_matter(void **state)
{
	uint8_t whole[HASH_MAX], pieces[HASH_MAX];
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++)
		for (size_t n = 0; n <= sizeof(pattern); n += 3) {
			struct hash h;
			size_t at = 0;

			hash_bytes(
			    kinds[i], (struct bytes){ pattern, n }, whole);
			hash_init(&h, kinds[i]);
			while (at < n) {
				size_t len = next_piece(&seed, 150);

				if (len > n - at)
					len = n - at;
				hash_add(
				    &h, (struct bytes){ pattern + at, len });
				at += len;
			}
			hash_done(&h, pieces);
			assert_memory_equal(whole, pieces, hash_len(kinds[i]));
		}
}

static void
copy_of_a_running_hash_goes_its_own_way(void **state)
{
	uint8_t a[HASH_MAX], b[HASH_MAX], want[HASH_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct hash h, copy;

		hash_init(&h, kinds[i]);
		hash_add(&h, (struct bytes){ pattern, 100 });
		copy = h;
		hash_add(&h, (struct bytes){ pattern + 100, 100 });
		hash_done(&h, a);
		hash_done(&copy, b);
		hash_bytes(kinds[i], (struct bytes){ pattern, 200 }, want);
		assert_memory_equal(a, want, hash_len(kinds[i]));
		hash_bytes(kinds[i], (struct bytes){ pattern, 100 }, want);
		assert_memory_equal(b, want, hash_len(kinds[i]));
	}
}

static void
only_the_bytes_of_the_digest_are_written(void **state)
{
	uint8_t digest[HASH_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		memset(digest, 0xAA, sizeof(digest));
		hash_bytes(kinds[i], (struct bytes){ NULL, 0 }, digest);
		for (size_t j = hash_len(kinds[i]); j < HASH_MAX; j++)
			assert_int_equal(digest[j], 0xAA);
	}
}

static void
lengths_and_names_are_those_of_the_standard(void **state)
{
	static const size_t lengths[] = { 20, 28, 32, 48, 64 };
	static const char *const names[] = { "SHA-1", "SHA-224", "SHA-256",
		"SHA-384", "SHA-512" };

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		assert_int_equal(hash_len(kinds[i]), lengths[i]);
		assert_string_equal(hash_name(kinds[i]), names[i]);
	}
	assert_int_equal(hash_len(HASH_NONE), 0);
	assert_non_null(hash_name(HASH_NONE));
}

static void
short_cut_for_sha256_is_the_same(void **state)
{
	uint8_t digest[HASH_LEN];

	(void)state;
	hash_sha256(BYTES_TEXT("abc"), digest);
	is_digest(HASH_SHA256, digest, examples[7].digest);
}

/* FIPS 202, as another implementation has it. */
static void
sha3_has_its_answers(void **state)
{
	static const struct {
		enum hash_kind kind;
		const char *text, *hex;
	} answers[] = {
		{ HASH_SHA3_224, "",
		    "6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc"
		    "7" },
		{ HASH_SHA3_224, "abc",
		    "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fd"
		    "f" },
		{ HASH_SHA3_256, "",
		    "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80"
		    "f8"
		    "434a" },
		{ HASH_SHA3_256, "abc",
		    "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511"
		    "43"
		    "1532" },
		{ HASH_SHA3_384, "",
		    "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee"
		    "98"
		    "3a2ac3713831264adb47fb6bd1e058d5f004" },
		{ HASH_SHA3_384, "abc",
		    "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e4"
		    "9b"
		    "e4b298d88cea927ac7f539f1edf228376d25" },
		{ HASH_SHA3_512, "",
		    "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc147"
		    "5c"
		    "80a615b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e3017585"
		    "86"
		    "281dcd26" },
		{ HASH_SHA3_512, "abc",
		    "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240"
		    "d2"
		    "712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8"
		    "27"
		    "4eec53f0" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		uint8_t digest[HASH_MAX];
		struct hash h;

		hash_bytes(
		    answers[i].kind, BYTES_TEXT(answers[i].text), digest);
		is_digest(answers[i].kind, digest, answers[i].hex);
		hash_init(&h, answers[i].kind);
		for (const char *c = answers[i].text; *c; c++)
			hash_add(&h, bytes_part(BYTES_TEXT(c), 0, 1));
		hash_done(&h, digest);
		is_digest(answers[i].kind, digest, answers[i].hex);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha3_has_its_answers),
		cmocka_unit_test(examples_of_the_standard_come_out),
		cmocka_unit_test(million_letters_in_odd_pieces_come_out),
		cmocka_unit_test(every_length_to_1000_is_as_hashlib_has_it),
		cmocka_unit_test(pieces_do_not_matter),
		cmocka_unit_test(copy_of_a_running_hash_goes_its_own_way),
		cmocka_unit_test(only_the_bytes_of_the_digest_are_written),
		cmocka_unit_test(lengths_and_names_are_those_of_the_standard),
		cmocka_unit_test(short_cut_for_sha256_is_the_same),
	};

	return cmocka_run_group_tests(tests, make_pattern, NULL);
}

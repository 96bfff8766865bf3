#include "crypto/signing_cert.h"

#include "tests/unit/crypto/crypto_test.h"

#define NOW INT64_C(1800000000) /* 2027 */

/* Contents of ExtKeyUsage: one purpose each. */
static const uint8_t for_servers[] = { 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 1 };
static const uint8_t for_mail[] = { 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 4 };
static const uint8_t for_both[] = { 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 1, 6, 8, 0x2B,
	6, 1, 5, 5, 7, 3, 2 };
static const uint8_t for_stamps[] = { 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 8 };

static const struct row {
	const char *name;
	enum fail fail;
	bool has_usage;
	unsigned usage;
	struct bytes purposes;
	enum key_kind kind;
	unsigned bits;
	int64_t begins, ends;
} rows[] = {
	{ "says nothing", FAIL_NONE, false, 0, { NULL, 0 }, KEY_RSA, 2048, 0,
	    2 * NOW },
	{ "signs", FAIL_NONE, true, USAGE_DIGITAL_SIGNATURE, { NULL, 0 },
	    KEY_RSA, 2048, 0, 2 * NOW },
	{ "bears witness", FAIL_NONE, true, USAGE_NON_REPUDIATION, { NULL, 0 },
	    KEY_EC, 256, 0, 2 * NOW },
	{ "signs other certificates", FAIL_KEY, true, USAGE_CERT_SIGN,
	    { NULL, 0 }, KEY_RSA, 4096, 0, 2 * NOW },
	{ "for servers", FAIL_KEY, false, 0, BYTES_ARRAY(for_servers), KEY_RSA,
	    2048, 0, 2 * NOW },
	{ "for servers and clients", FAIL_KEY, false, 0, BYTES_ARRAY(for_both),
	    KEY_RSA, 2048, 0, 2 * NOW },
	{ "for time-stamps", FAIL_KEY, false, 0, BYTES_ARRAY(for_stamps),
	    KEY_RSA, 2048, 0, 2 * NOW },
	{ "for mail", FAIL_NONE, false, 0, BYTES_ARRAY(for_mail), KEY_RSA, 2048,
	    0, 2 * NOW },
	{ "of 1024 bits", FAIL_KEY, false, 0, { NULL, 0 }, KEY_RSA, 1024, 0,
	    2 * NOW },
	{ "of yesterday", FAIL_EXPIRED, false, 0, { NULL, 0 }, KEY_RSA, 2048, 0,
	    NOW - 1 },
	{ "of tomorrow", FAIL_EXPIRED, false, 0, { NULL, 0 }, KEY_RSA, 2048,
	    NOW + 1, 2 * NOW },
};

static void
who_may_sign_is_seen_before_the_pin(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct cert cert = { .has_usage = r->has_usage,
			.usage = r->usage,
			.ext_usage = r->purposes,
			.not_before = r->begins,
			.not_after = r->ends };

		cert.key.kind = r->kind;
		cert.key.bits = r->bits;
		if (signing_cert_may(&cert, NOW, NULL) != r->fail)
			fail_msg("%s", r->name);
	}
}

static void
a_key_says_how_it_signs(void **state)
{
	static const struct public_key rsa = { .kind = KEY_RSA, .bits = 3072 },
				       p256 = { .kind = KEY_EC, .bits = 256 },
				       p384 = { .kind = KEY_EC, .bits = 384 },
				       p521 = { .kind = KEY_EC, .bits = 521 },
				       pss = { .kind = KEY_RSA_PSS,
					       .bits = 2048 },
				       pss384 = { .kind = KEY_RSA_PSS,
					       .bits = 3072,
					       .pss_hash = HASH_SHA384,
					       .pss_salt = 20 },
				       pss256 = { .kind = KEY_RSA_PSS,
					       .bits = 3072,
					       .pss_hash = HASH_SHA256,
					       .pss_salt = 64 };
	static const struct {
		const struct public_key *key;
		struct signing_wish wish;
		enum key_kind kind;
		enum hash_kind hash;
		int salt;
		bool as_wished;
	} ways[] = {
		{ &rsa, { 0 }, KEY_RSA, HASH_SHA256, 32, true },
		{ &p256, { 0 }, KEY_EC, HASH_SHA256, 32, true },
		{ &p384, { 0 }, KEY_EC, HASH_SHA384, 32, true },
		{ &p521, { 0 }, KEY_EC, HASH_SHA512, 32, true },
		{ &pss, { 0 }, KEY_RSA_PSS, HASH_SHA256, 32, true },
		{ &pss384, { 0 }, KEY_RSA_PSS, HASH_SHA384, 48, true },
		{ &pss256, { 0 }, KEY_RSA_PSS, HASH_SHA256, 64, true },
		{ &rsa, { HASH_SHA512, false }, KEY_RSA, HASH_SHA512, 64,
		    true },
		{ &rsa, { HASH_SHA384, true }, KEY_RSA_PSS, HASH_SHA384, 48,
		    true },
		{ &rsa, { HASH_NONE, true }, KEY_RSA_PSS, HASH_SHA256, 32,
		    true },
		{ &p256, { HASH_SHA384, false }, KEY_EC, HASH_SHA384, 48,
		    true },
		{ &p256, { HASH_NONE, true }, KEY_EC, HASH_SHA256, 32, false },
		{ &pss, { HASH_SHA512, false }, KEY_RSA_PSS, HASH_SHA512, 64,
		    true },
		{ &pss384, { HASH_SHA512, true }, KEY_RSA_PSS, HASH_SHA384, 48,
		    false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct signature_algorithm a =
		    signing_algorithm(ways[i].key, &ways[i].wish);

		assert_int_equal(a.kind, ways[i].kind);
		assert_int_equal(a.hash, ways[i].hash);
		assert_int_equal(a.salt_len, ways[i].salt);
		if (a.kind == KEY_RSA_PSS)
			assert_int_equal(a.mgf_hash, a.hash);
		assert_int_equal(
		    signing_is_as_wished(&a, &ways[i].wish), ways[i].as_wished);
	}
	assert_int_equal(signing_digest(BYTES_TEXT("sha384")), HASH_SHA384);
	assert_int_equal(signing_digest(BYTES_TEXT("sha1")), HASH_NONE);
	assert_int_equal(signing_digest(BYTES_TEXT("")), HASH_NONE);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_may_sign_is_seen_before_the_pin),
		cmocka_unit_test(a_key_says_how_it_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "crypto/token_mechanism.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static const uint8_t digest[HASH_MAX] = { 0xAB, 0xCD };

static void
rsa_signs_a_digest_info(void **state)
{
	/* RFC 8017 9.2, note 1: what stands before a SHA-256. */
	static const uint8_t head[] = { 0x30, 0x31, 0x30, 0x0D, 0x06, 0x09,
		0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
		0x00, 0x04, 0x20 };
	struct signature_algorithm a = { KEY_RSA, HASH_SHA256, 0, 0 };
	struct token_mechanism m;

	(void)state;
	assert_int_equal(token_mechanism_make(&a, digest, &m), FAIL_NONE);
	assert_int_equal(m.mechanism.mechanism, CKM_RSA_PKCS);
	assert_int_equal(m.in_len, sizeof(head) + 32);
	assert_memory_equal(m.in, head, sizeof(head));
	assert_memory_equal(m.in + sizeof(head), digest, 32);
}

static void
pss_names_its_hashes(void **state)
{
	struct signature_algorithm a = { KEY_RSA_PSS, HASH_SHA384, HASH_SHA384,
		48 };
	struct token_mechanism m;

	(void)state;
	assert_int_equal(token_mechanism_make(&a, digest, &m), FAIL_NONE);
	assert_int_equal(m.mechanism.mechanism, CKM_RSA_PKCS_PSS);
	assert_ptr_equal(m.mechanism.pParameter, &m.pss);
	assert_int_equal(m.pss.hashAlg, CKM_SHA384);
	assert_int_equal(m.pss.mgf, CKG_MGF1_SHA384);
	assert_int_equal(m.pss.sLen, 48);
	assert_int_equal(m.in_len, 48);
	a.hash = HASH_SHA3_256;
	assert_int_equal(
	    token_mechanism_make(&a, digest, &m), FAIL_UNSUPPORTED);
}

static void
numbers_of_ecdsa_become_der(void **state)
{
	static const uint8_t der[] = { 0x30, 6, 2, 1, 1, 2, 1, 2 };
	struct signature_algorithm a = { KEY_EC, HASH_SHA512, 0, 0 };
	struct token_mechanism m;
	uint8_t value[SIGNATURE_MAX] = { 0, 1, 0, 2 };
	size_t len = 4;

	(void)state;
	assert_int_equal(token_mechanism_make(&a, digest, &m), FAIL_NONE);
	assert_int_equal(m.mechanism.mechanism, CKM_ECDSA);
	assert_int_equal(m.in_len, 64);
	assert_int_equal(token_value_finish(&a, value, &len), FAIL_NONE);
	assert_int_equal(len, sizeof(der));
	assert_memory_equal(value, der, sizeof(der));
	len = 3;
	assert_int_equal(token_value_finish(&a, value, &len), FAIL_FORMAT);
	a.kind = KEY_RSA;
	assert_int_equal(token_value_finish(&a, value, &len), FAIL_NONE);
	assert_int_equal(len, 3);
}

static void
what_no_token_signs(void **state)
{
	struct signature_algorithm a = { KEY_ED25519, HASH_SHA512, 0, 0 };
	struct token_mechanism m;

	(void)state;
	assert_int_equal(
	    token_mechanism_make(&a, digest, &m), FAIL_UNSUPPORTED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rsa_signs_a_digest_info),
		cmocka_unit_test(pss_names_its_hashes),
		cmocka_unit_test(numbers_of_ecdsa_become_der),
		cmocka_unit_test(what_no_token_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

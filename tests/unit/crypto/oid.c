#include "crypto/oid.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The whole item in hex, as OpenSSL encodes the object of this name. */
static const struct {
	enum oid oid;
	const char *item;
} rows[] = {
	{ OID_COMMON_NAME, "0603550403" },
	{ OID_SURNAME, "0603550404" },
	{ OID_SERIAL_NUMBER, "0603550405" },
	{ OID_COUNTRY, "0603550406" },
	{ OID_LOCALITY, "0603550407" },
	{ OID_STATE, "0603550408" },
	{ OID_STREET, "0603550409" },
	{ OID_ORGANIZATION, "060355040a" },
	{ OID_ORGANIZATIONAL_UNIT, "060355040b" },
	{ OID_TITLE, "060355040c" },
	{ OID_GIVEN_NAME, "060355042a" },
	{ OID_DOMAIN_COMPONENT, "060a0992268993f22c640119" },
	{ OID_USER_ID, "060a0992268993f22c640101" },
	{ OID_EMAIL, "06092a864886f70d010901" },
	{ OID_SUBJECT_KEY_ID, "0603551d0e" },
	{ OID_KEY_USAGE, "0603551d0f" },
	{ OID_SUBJECT_ALT_NAME, "0603551d11" },
	{ OID_ISSUER_ALT_NAME, "0603551d12" },
	{ OID_BASIC_CONSTRAINTS, "0603551d13" },
	{ OID_NAME_CONSTRAINTS, "0603551d1e" },
	{ OID_CRL_NUMBER, "0603551d14" },
	{ OID_CRL_REASON, "0603551d15" },
	{ OID_CRL_EXPIRED, "0603551d3c" },
	{ OID_INVALIDITY_DATE, "0603551d18" },
	{ OID_DELTA_CRL, "0603551d1b" },
	{ OID_ISSUING_POINT, "0603551d1c" },
	{ OID_CERT_ISSUER, "0603551d1d" },
	{ OID_CRL_POINTS, "0603551d1f" },
	{ OID_POLICIES, "0603551d20" },
	{ OID_ANY_POLICY, "0604551d2000" },
	{ OID_POLICY_MAPPINGS, "0603551d21" },
	{ OID_AUTHORITY_KEY_ID, "0603551d23" },
	{ OID_POLICY_CONSTRAINTS, "0603551d24" },
	{ OID_EXT_KEY_USAGE, "0603551d25" },
	{ OID_INHIBIT_ANY_POLICY, "0603551d36" },
	{ OID_FRESHEST_CRL, "0603551d2e" },
	{ OID_AUTHORITY_INFO, "06082b06010505070101" },
	{ OID_ACCESS_OCSP, "06082b06010505073001" },
	{ OID_ACCESS_ISSUERS, "06082b06010505073002" },
	{ OID_OCSP_BASIC, "06092b0601050507300101" },
	{ OID_OCSP_NONCE, "06092b0601050507300102" },
	{ OID_OCSP_NOCHECK, "06092b0601050507300105" },
	{ OID_OCSP_CUTOFF, "06092b0601050507300106" },
	{ OID_OCSP_IN_CMS, "06082b06010505071002" },
	{ OID_EKU_TIME_STAMPING, "06082b06010505070308" },
	{ OID_EKU_OCSP_SIGNING, "06082b06010505070309" },
	{ OID_SHA1, "06052b0e03021a" },
	{ OID_SHA224, "0609608648016503040204" },
	{ OID_SHA256, "0609608648016503040201" },
	{ OID_SHA384, "0609608648016503040202" },
	{ OID_SHA512, "0609608648016503040203" },
	{ OID_SHA3_224, "0609608648016503040207" },
	{ OID_SHA3_256, "0609608648016503040208" },
	{ OID_SHA3_384, "0609608648016503040209" },
	{ OID_SHA3_512, "060960864801650304020a" },
	{ OID_RSA, "06092a864886f70d010101" },
	{ OID_RSA_SHA1, "06092a864886f70d010105" },
	{ OID_RSA_SHA224, "06092a864886f70d01010e" },
	{ OID_RSA_SHA256, "06092a864886f70d01010b" },
	{ OID_RSA_SHA384, "06092a864886f70d01010c" },
	{ OID_RSA_SHA512, "06092a864886f70d01010d" },
	{ OID_RSA_SHA3_224, "060960864801650304030d" },
	{ OID_RSA_SHA3_256, "060960864801650304030e" },
	{ OID_RSA_SHA3_384, "060960864801650304030f" },
	{ OID_RSA_SHA3_512, "0609608648016503040310" },
	{ OID_RSA_PSS, "06092a864886f70d01010a" },
	{ OID_MGF1, "06092a864886f70d010108" },
	{ OID_DSA, "06072a8648ce380401" },
	{ OID_DSA_SHA1, "06072a8648ce380403" },
	{ OID_DSA_SHA224, "0609608648016503040301" },
	{ OID_DSA_SHA256, "0609608648016503040302" },
	{ OID_EC_KEY, "06072a8648ce3d0201" },
	{ OID_ECDSA_SHA1, "06072a8648ce3d0401" },
	{ OID_ECDSA_SHA224, "06082a8648ce3d040301" },
	{ OID_ECDSA_SHA256, "06082a8648ce3d040302" },
	{ OID_ECDSA_SHA384, "06082a8648ce3d040303" },
	{ OID_ECDSA_SHA512, "06082a8648ce3d040304" },
	{ OID_ECDSA_SHA3_224, "0609608648016503040309" },
	{ OID_ECDSA_SHA3_256, "060960864801650304030a" },
	{ OID_ECDSA_SHA3_384, "060960864801650304030b" },
	{ OID_ECDSA_SHA3_512, "060960864801650304030c" },
	{ OID_CURVE_P256, "06082a8648ce3d030107" },
	{ OID_CURVE_P384, "06052b81040022" },
	{ OID_CURVE_P521, "06052b81040023" },
	{ OID_CURVE_BP256, "06092b2403030208010107" },
	{ OID_CURVE_BP384, "06092b240303020801010b" },
	{ OID_CURVE_BP512, "06092b240303020801010d" },
	{ OID_ED25519, "06032b6570" },
	{ OID_CMS_DATA, "06092a864886f70d010701" },
	{ OID_CMS_SIGNED_DATA, "06092a864886f70d010702" },
	{ OID_CMS_TST_INFO, "060b2a864886f70d0109100104" },
	{ OID_ATTR_CONTENT_TYPE, "06092a864886f70d010903" },
	{ OID_ATTR_MESSAGE_DIGEST, "06092a864886f70d010904" },
	{ OID_ATTR_SIGNING_TIME, "06092a864886f70d010905" },
	{ OID_ATTR_SIGNING_CERT, "060b2a864886f70d010910020c" },
	{ OID_ATTR_SIGNING_CERT_V2, "060b2a864886f70d010910022f" },
	{ OID_ATTR_TIME_STAMP, "060b2a864886f70d010910020e" },
	{ OID_ATTR_ARCHIVE_STAMP_V3, "060604008d450204" },
	{ OID_ATTR_ATS_INDEX_V3, "060704008195320105" },
	{ OID_ATTR_ER_INTERNAL, "060b2a864886f70d0109100231" },
	{ OID_ATTR_ER_EXTERNAL, "060b2a864886f70d0109100232" },
	{ OID_ATTR_ALGORITHM_PROTECTION, "06092a864886f70d010934" },
	{ OID_ATTR_CERT_VALUES, "060b2a864886f70d0109100217" },
	{ OID_ATTR_REVOCATION_VALUES, "060b2a864886f70d0109100218" },
	{ OID_ATTR_REVOCATION_ARCHIVE, "06092a864886f72f010108" },
};

static void
every_identifier_is_in_the_table(void **state)
{
	(void)state;
	assert_int_equal(COUNT(rows), OID_COUNT - 1);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(rows[i].oid, i + 1);
}

static void
items_are_encoded_as_openssl_does(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < COUNT(rows); i++) {
		char hex[64];

		buf_clear(&out);
		oid_put(&out, rows[i].oid);
		assert_int_equal(buf_fail(&out), FAIL_NONE);
		bytes_to_hex(buf_view(&out), hex);
		assert_string_equal(hex, rows[i].item);
	}
	buf_free(&out);
}

static void
content_is_found_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t item[32];
		size_t len = strlen(rows[i].item) / 2;
		struct bytes content = { item + 2, len - 2 };

		assert_true(bytes_from_hex(rows[i].item, 2 * len, item, len));
		assert_int_equal(oid_find(content), rows[i].oid);
		assert_true(bytes_equal(oid_content(rows[i].oid), content));
	}
}

static void
every_identifier_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (enum oid a = OID_UNKNOWN; a < OID_COUNT; a++) {
		assert_non_null(oid_name(a));
		assert_true(*oid_name(a));
		for (enum oid b = OID_UNKNOWN; b < a; b++)
			assert_string_not_equal(oid_name(a), oid_name(b));
	}
	assert_string_equal(oid_name(OID_COMMON_NAME), "CN");
}

static void
other_identifiers_are_unknown(void **state)
{
	static const uint8_t longer[] = { 0x55, 0x04, 0x03, 0x00 };
	static const uint8_t other[] = { 0x55, 0x04, 0x7F };

	(void)state;
	assert_int_equal(oid_find((struct bytes){ NULL, 0 }), OID_UNKNOWN);
	assert_int_equal(oid_find(BYTES_ARRAY(longer)), OID_UNKNOWN);
	assert_int_equal(oid_find(BYTES_ARRAY(other)), OID_UNKNOWN);
	assert_int_equal(oid_find((struct bytes){ longer, 2 }), OID_UNKNOWN);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_identifier_is_in_the_table),
		cmocka_unit_test(items_are_encoded_as_openssl_does),
		cmocka_unit_test(content_is_found_again),
		cmocka_unit_test(every_identifier_has_a_name_of_its_own),
		cmocka_unit_test(other_identifiers_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

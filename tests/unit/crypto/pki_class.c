#include "crypto/pki_class.h"

#include "tests/unit/crypto/crypto_test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct bytes
copy_of(struct bytes in)
{
	uint8_t *copy = arena_take(&memory, in.len, 1);

	memcpy(copy, in.data, in.len);
	return (struct bytes){ copy, in.len };
}

static struct cert
cert_of(struct bytes der)
{
	struct cert cert = { 0 };

	assert_int_equal(cert_read(der, &cert, NULL), FAIL_NONE);
	return cert;
}

static void
real_certificates_are_of_their_tree(void **state)
{
	static const struct {
		const char *name;
		enum pki_class pki;
	} rows[] = {
		{ "ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072.der", PKI_STATE },
		/* ended 2026-11-16 */
		{ "ee/vgca-g2-ee-org-tong-cuc-thue-2021-rsa2048.der",
		    PKI_STATE },
		{ "ee/vgca-g1-ee-license-key-generator.der", PKI_STATE },
		{ "tsa/vgca-tsa-01-2018.der", PKI_STATE },
		{ "tsa/vgca-tsa-02-2024.der", PKI_STATE },
		{ "g1/vgca-g1-sub-bca.der", PKI_STATE },
		{ "g1/vgca-g1-sub-dcs.der", PKI_PARTY },
		{ "g2/vgca-g2-sub-dcs-dang.der", PKI_PARTY },
		{ "other/public-ca-bkavca.der", PKI_PUBLIC },
		{ "other/vnpt-ca-sha2.der", PKI_PUBLIC },
		{ "other/vn-national-root-neac-2014.der", PKI_PUBLIC },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert cert = cert_of(shared_file(rows[i].name));
		enum pki_class pki =
		    pki_class_of(&cert, (struct cert_set){ NULL, 0 });

		if (pki != rows[i].pki)
			fail_msg("%s: %s", rows[i].name, pki_class_name(pki));
	}
}

/* The issuer's name alone proves nothing. */
static void
a_signature_that_does_not_hold_is_of_no_tree(void **state)
{
	struct bytes der =
	    copy_of(shared_file("ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072.der"));
	struct cert cert;

	(void)state;
	((uint8_t *)der.data)[der.len - 1] ^= 1;
	cert = cert_of(der);
	assert_int_equal(
	    pki_class_of(&cert, (struct cert_set){ NULL, 0 }), PKI_OTHER);
}

static void
every_class_has_its_names(void **state)
{
	(void)state;
	for (enum pki_class a = PKI_OTHER; a <= PKI_PUBLIC; a++)
		for (enum pki_class b = PKI_OTHER; b < a; b++) {
			assert_string_not_equal(
			    pki_class_name(a), pki_class_name(b));
			assert_string_not_equal(
			    pki_class_vietnamese(a), pki_class_vietnamese(b));
		}
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(real_certificates_are_of_their_tree),
		ROW(a_signature_that_does_not_hold_is_of_no_tree),
		ROW(every_class_has_its_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/arena.h"
#include "crypto/cms_evidence.h"
#include "crypto/cms_grow.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "tests/unit/crypto/cms_test.h"

/* The attributes come from "openssl asn1parse -genconf", the signatures from
 * "openssl cms -sign". */
static const char attributes_rsa[] =
    "318184301806092a864886f70d010903310b06092a864886f70d010701302f06"
    "092a864886f70d01090431220420ba7816bf8f01cfea414140de5dae2223b003"
    "61a396177a9cb410ff61f20015ad3037060b2a864886f70d010910022f312830"
    "26302430220420e7622576dd3a85a00ee466fbcff2b928cb47441e31f834deac"
    "b18c49a5b15dfc";

static const char signature_rsa[] =
    "0399694c0538bb28ca3627e15e4651f1de5614172ba6cf7b2fc53cdbd0f3ad5d"
    "0138ad7e5cd2577c538688dacc298be45000e034da11002adb1bd5bf121678af"
    "8e0580b2ff68154616346764d0affe6e609b2d7a1e29478b258b5c30ed84a2cc"
    "a5aa5fa9f257b39e5b47a9c90404241c39167c8ca27a38d58e7f10cb20d2683f"
    "7fabfc89c9aedb908608346f43e360f89845098253c3e2f1799fba35aba84b10"
    "f20c047fe25bd948a45940219ef2b800ca1aeafe0e9eee2e3a5a342b7627b5c5"
    "95500bdd69356be6e1c064c38f022a5f8d8ef227a65b6d7b8cb6475d01d2b07a"
    "b1cc0da08b03a3a12cf89bca69e8b432b8b52fb63d1bed3b0c6d4653ec63fb8b";

static const char signature_pss[] =
    "0e98d6a380d7f545518c022e9def8d696fab107b3e16e2032770f0bc9e5e979f"
    "74f292a56e17e10403a68f9c37fdfd4a8012507041f50f791c119226e3e11a0f"
    "e0954cc7ca11975c036f3ad4c4270f9462746b9e4fbdff63727aed04527a34d5"
    "8757437f72fe606a3511792957bd4588ca42e17c2479a5429e79600e17467f0a"
    "9b97ea503a542d465239023684dc22924e4324ff5c1cc71af4c3c3d606ee43d9"
    "2f3f7bac9d5d404ac53a5de4a4071f6e927b0e5d885389662d88835a447932f8"
    "e3740135190245effb4809e44b9f00b289f60ad1ccb836c5d62db327d9310706"
    "36b01b8f063855b55a46d18e0e1dfbcd4d42f0d1a001f6ffaca1324e7840b9c0";

static const char attributes_p256[] =
    "318184301806092a864886f70d010903310b06092a864886f70d010701302f06"
    "092a864886f70d01090431220420ba7816bf8f01cfea414140de5dae2223b003"
    "61a396177a9cb410ff61f20015ad3037060b2a864886f70d010910022f312830"
    "26302430220420eb9dde699a0958a85fe050b802423928f5bb096b6e865bd75e"
    "6a3fc756f15229";

static const char signature_p256[] =
    "3045022015c409f83680d96b84ed8ff5c176f5b536b9d993c8d2064a7b73d9ea"
    "933e9e17022100bd50d0c304cc3c9126c9b88b3850366166ebd0c2c9cd9534de"
    "f60deb9aec92c7";

static const char attributes_p384[] =
    "318194301806092a864886f70d010903310b06092a864886f70d010701303706"
    "0b2a864886f70d010910022f312830263024302204202d5dca16959f35ac8dd6"
    "e4c98c5474e413b15e2f1c102bd99560484861f9e6e6303f06092a864886f70d"
    "01090431320430cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a"
    "8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";

static const char signature_p384[] =
    "306402303b11f72a610150d424a9579b9d5e56f6ea3a8cab179d37aa58711b88"
    "6eca67f50c85cbd2b8bd5fc8a0f2fb738f69bf0e02301304e5531873d7cab5ba"
    "b7c5d2aab26e0643e296eca2005b7cb72660ca4cc09594c8ae5e3acde4c26a34"
    "9148fda4f70d";

static const char cert_p384[] =
    "308201c230820147a00302010202050080000023300a06082a8648ce3d040303"
    "3038310b300906035504061302564e3129302706035504030c20544553542073"
    "69676e65722c206b68c3b46e672064c3b96e67207468e1baad74301e170d3230"
    "303130313030303030305a170d3430303130313030303030305a3038310b3009"
    "06035504061302564e3129302706035504030c2054455354207369676e65722c"
    "206b68c3b46e672064c3b96e67207468e1baad743076301006072a8648ce3d02"
    "0106052b81040022036200047480d098563633a46c69b42dca8209ae897d6717"
    "e85beaa2822bd9a456c24004c3f2eab6e59c5a862aa95d884100894e5f15aff9"
    "c0c8fe0833217e6b1600786897cda7aef6774fde6759b9b49cd273753e8d6a90"
    "2a6967fc86f34b1e322c59c5a321301f301d0603551d0e041604140001020304"
    "05060708090a0b0c0d0e0f10111213300a06082a8648ce3d0403030369003066"
    "023100ca2a495605b447bed85178b3bf9343149785b597e0bc0c5725f0344fcd"
    "d487d16f93abe7d208bc86f940eb47e025b72d023100eb598d0a7592e4c5e9eb"
    "ecfbf11469bfb35e2a977225ad40085070e2e8cc9d9851acee52bba8cbf09078"
    "eb067b26e6ac";

static const struct made {
	const char *name, *cert, *attributes, *signature;
	struct signature_algorithm algorithm;
	/* SHA-256 of the whole CMS, put together by another program and
	 * accepted by "openssl cms -verify". */
	const char *cms;
} mades[] = {
	{ "RSA", cert_rsa, attributes_rsa, signature_rsa,
	    { KEY_RSA, HASH_SHA256, 0, 0 },
	    "90de2f5d59a1093b9c29bdd25b4b6506"
	    "589d29780a4d46563783c2d5385a1b04" },
	{ "PSS", cert_rsa, attributes_rsa, signature_pss,
	    { KEY_RSA_PSS, HASH_SHA256, HASH_SHA256, 32 },
	    "d67f72341106e6f5433af6c442cae5d5"
	    "108ef7d491fdf2374fd26eff5afdd87f" },
	{ "P-256", cert_p256, attributes_p256, signature_p256,
	    { KEY_EC, HASH_SHA256, 0, 0 },
	    "77befddc2031ddca058a7459586c0d56"
	    "e0f5b44abed749d33348a4f21b391edd" },
	{ "P-384", cert_p384, attributes_p384, signature_p384,
	    { KEY_EC, HASH_SHA384, 0, 0 },
	    "50b4f10e37a9095c6fd4caca20c01b3c"
	    "6d3c12102ef548daffcc4333a8a5d259" },
};

static struct bytes
write_made(const struct made *m, struct cert *cert, struct buf *out)
{
	static uint8_t digest[HASH_MAX];
	static struct bytes chain[1];
	struct cms_recipe recipe = { .signer = cert,
		.chain = chain,
		.chain_count = 1,
		.algorithm = m->algorithm,
		.message_digest = digest };

	*cert = read_cert(unhex(m->cert));
	chain[0] = cert->der;
	hash_bytes(m->algorithm.hash, BYTES_TEXT("abc"), digest);
	buf_clear(out);
	assert_int_equal(
	    cms_write(&recipe, unhex(m->attributes), unhex(m->signature), out),
	    FAIL_NONE);
	return buf_view(out);
}

static void
attributes_are_a_sorted_set_of_three(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < COUNT(mades); i++) {
		uint8_t digest[HASH_MAX];
		struct cert cert = read_cert(unhex(mades[i].cert));
		struct cms_recipe recipe = { .signer = &cert,
			.algorithm = mades[i].algorithm,
			.message_digest = digest };

		hash_bytes(mades[i].algorithm.hash, BYTES_TEXT("abc"), digest);
		buf_clear(&out);
		assert_int_equal(cms_attributes(&recipe, &out), FAIL_NONE);
		if (!bytes_equal(buf_view(&out), unhex(mades[i].attributes)))
			fail_msg("%s", mades[i].name);
	}
	buf_free(&out);
}

static void
written_signature_is_as_another_program_makes_it(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 10000);
	for (size_t i = 0; i < COUNT(mades); i++) {
		struct cert cert;
		uint8_t digest[HASH_LEN];
		char hex[2 * HASH_LEN + 1];

		hash_sha256(write_made(&mades[i], &cert, &out), digest);
		bytes_to_hex(BYTES_ARRAY(digest), hex);
		assert_string_equal(hex, mades[i].cms);
	}
	buf_free(&out);
}

static void
written_signature_is_read_back_and_verifies(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 10000);
	for (size_t i = 0; i < COUNT(mades); i++) {
		const struct made *m = &mades[i];
		struct cert cert;
		struct cms cms = read_cms(write_made(m, &cert, &out));
		uint8_t digest[HASH_MAX];
		struct note note;

		assert_int_equal(cms.cert_count, 1);
		assert_int_equal(cms.signer.algorithm.kind, m->algorithm.kind);
		assert_int_equal(cms.signer.digest, m->algorithm.hash);
		assert_int_equal(cms.signer.cert_hash_kind, HASH_SHA256);
		assert_false(cms.signer.has_signing_time);
		assert_int_equal(cms.signer.stamp_count, 0);
		assert_true(bytes_equal(cms.certs[0], cert.der));
		hash_bytes(m->algorithm.hash, BYTES_TEXT("abc"), digest);
		if (cms_verify(&cms, &cert, digest, &note))
			fail_msg("%s: %s", m->name, note.text);
		digest[0] ^= 1;
		assert_int_equal(
		    cms_verify(&cms, &cert, digest, NULL), FAIL_DIGEST);
	}
	buf_free(&out);
}

/* signingCertificateV2: the same name, serial and key in another
 * certificate is another certificate (RFC 5035 5). */
static void
certificate_with_another_hash_is_refused(void **state)
{
	struct buf out;
	struct cert cert, other;
	struct cms cms;
	uint8_t *copy, digest[HASH_MAX];

	(void)state;
	buf_init(&out, 10000);
	cms = read_cms(write_made(&mades[2], &cert, &out));
	copy = arena_take(&memory, cert.der.len, 1);
	memcpy(copy, cert.der.data, cert.der.len);
	copy[cert.der.len - 1] ^= 1; /* its signature, nothing else */
	other = read_cert((struct bytes){ copy, cert.der.len });
	hash_bytes(HASH_SHA256, BYTES_TEXT("abc"), digest);
	assert_int_equal(cms_verify(&cms, &other, digest, NULL), FAIL_FORMAT);
	assert_int_equal(cms_verify(&cms, &cert, digest, NULL), FAIL_NONE);
	{
		const struct cert both[] = { other, cert };

		assert_ptr_equal(
		    cms_find_signer(&cms.signer, both, 2), &both[1]);
	}
	buf_free(&out);
}

static void
wrong_signature_value_is_a_signature_failure(void **state)
{
	struct buf out;
	struct cert cert;
	struct cms cms;
	uint8_t digest[HASH_MAX], *value;

	(void)state;
	buf_init(&out, 10000);
	cms = read_cms(write_made(&mades[0], &cert, &out));
	hash_bytes(HASH_SHA256, BYTES_TEXT("abc"), digest);
	value = arena_take(&memory, 256, 1);
	memcpy(value, cms.signer.signature.data, 256);
	value[100] ^= 1;
	cms.signer.signature.data = value;
	assert_int_equal(cms_verify(&cms, &cert, digest, NULL), FAIL_SIGNATURE);
	buf_free(&out);
}

static void
full_buffer_is_told_by_both_writers(void **state)
{
	struct cert cert = read_cert(unhex(cert_p256));
	uint8_t digest[HASH_MAX] = { 0 };
	struct bytes chain[] = { cert.der };
	struct cms_recipe recipe = { .signer = &cert,
		.chain = chain,
		.chain_count = 1,
		.algorithm = mades[2].algorithm,
		.message_digest = digest };
	struct buf small;

	(void)state;
	buf_init(&small, 100);
	assert_int_equal(cms_attributes(&recipe, &small), FAIL_LIMIT);
	buf_clear(&small);
	assert_int_equal(cms_write(&recipe, unhex(attributes_p256),
			     unhex(signature_p256), &small),
	    FAIL_LIMIT);
	buf_free(&small);
}

/* Evidence that a CMS brings, which must be these. */
static void
assert_evidence(
    const struct cms *cms, const struct cms_evidence *list, size_t count)
{
	struct cms_evidence_walk walk;
	struct cms_evidence e;
	size_t n = 0;

	for (cms_evidence_open(cms, &walk); cms_evidence_next(&walk, &e); n++) {
		assert_true(n < count && e.is_answer == list[n].is_answer);
		assert_true(bytes_equal(e.der, list[n].der));
	}
	assert_int_equal(n, count);
}

static void
a_grown_signature_is_the_same_and_has_more_beside_it(void **state)
{
	/* Shorter ones are none. */
	static const uint8_t list[34] = { 0x30, 32, 4, 30, 1 };
	static const uint8_t answer[34] = { 0x30, 32, 4, 30, 2 };
	static const struct cms_evidence evidence[] = {
		{ .der = { list, sizeof(list) } },
		{ .is_answer = true, .der = { answer, sizeof(answer) } },
	};
	struct cert cert, another = read_cert(unhex(cert_p384));
	struct cms_growth first = { .evidence = evidence, .evidence_count = 1 },
			  second = { .certs = &another.der,
				  .cert_count = 1,
				  .evidence = evidence + 1,
				  .evidence_count = 1 },
			  both = { .certs = &another.der,
				  .cert_count = 1,
				  .evidence = evidence,
				  .evidence_count = 2 };
	struct buf made, one, two;
	struct cms cms;
	uint8_t digest[HASH_MAX];

	(void)state;
	buf_init(&made, 10000);
	buf_init(&one, 10000);
	buf_init(&two, 10000);
	(void)write_made(&mades[0], &cert, &made);
	assert_int_equal(
	    cms_grow(buf_view(&made),
		&(struct cms_growth){ .value = { NULL, 0 } }, &one),
	    FAIL_NONE);
	assert_true(bytes_equal(buf_view(&one), buf_view(&made)));
	buf_clear(&one);
	assert_int_equal(cms_grow(buf_view(&made), &first, &two), FAIL_NONE);
	assert_int_equal(cms_grow(buf_view(&two), &second, &one), FAIL_NONE);
	buf_clear(&two);
	assert_int_equal(cms_grow(buf_view(&made), &both, &two), FAIL_NONE);
	assert_true(bytes_equal(buf_view(&one), buf_view(&two)));
	cms = read_cms(buf_view(&one));
	assert_int_equal(cms.cert_count, 2);
	assert_true(bytes_equal(cms.certs[1], another.der));
	assert_evidence(&cms, evidence, 2);
	hash_bytes(HASH_SHA256, BYTES_TEXT("abc"), digest);
	assert_int_equal(cms_verify(&cms, &cert, digest, NULL), FAIL_NONE);
	buf_clear(&two);
	for (size_t len = 0; len < made.len; len++)
		assert_int_equal(
		    cms_grow(bytes_part(buf_view(&made), 0, len), &both, &two),
		    FAIL_FORMAT);
	assert_int_equal(two.len, 0);
	buf_free(&made);
	buf_free(&one);
	buf_free(&two);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(attributes_are_a_sorted_set_of_three),
		ROW(written_signature_is_as_another_program_makes_it),
		ROW(written_signature_is_read_back_and_verifies),
		ROW(certificate_with_another_hash_is_refused),
		ROW(wrong_signature_value_is_a_signature_failure),
		ROW(full_buffer_is_told_by_both_writers),
		ROW(a_grown_signature_is_the_same_and_has_more_beside_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

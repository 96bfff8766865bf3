#include "crypto/cms.h"

#include "base/arena.h"
#include "base/when.h"
#include "crypto/chain.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "tests/unit/crypto/crypto_test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * TEST certificates and signatures over "abc" made with OpenSSL 3 and keys
 * that were thrown away, in hex.  The attributes come from "openssl asn1parse
 * -genconf", the others from "openssl cms -sign".
 */
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

static const char cert_rsa[] =
    "30820310308201f8a00302010202050080000021300d06092a864886f70d0101"
    "0b05003038310b300906035504061302564e3129302706035504030c20544553"
    "54207369676e65722c206b68c3b46e672064c3b96e67207468e1baad74301e17"
    "0d3230303130313030303030305a170d3430303130313030303030305a303831"
    "0b300906035504061302564e3129302706035504030c2054455354207369676e"
    "65722c206b68c3b46e672064c3b96e67207468e1baad7430820122300d06092a"
    "864886f70d01010105000382010f003082010a02820101009e37a22a5e87893e"
    "2324d392032fdb83d6af29cd3496514d7c902f2ba2a1ad8118a4f8704a175af7"
    "a2433ca4bbba5bdf7ad49ae85f70813f3a3f808094f2bd59a1fa498fc43f63f2"
    "815c1766a45482e80787de72806b143547ab0833dc84125ba815d448bce4b840"
    "420b787ac924841e9f0b6208eaeb12b18579baa2c9363a67e5cb8452331f54e9"
    "3d4d8e9f7bc74537a2318e0219364440a19060e9f92552c8eea28a744649fba8"
    "19817f3b060e15aa53a927dadb51794da921b891a2cefce3a311be10485e8228"
    "da54edd55de108928d8aec71826ba545f91acd0e771f8932c68268eecd1f00d5"
    "4b2106f14826dc971af44e0ece04742c3472b53baaa342070203010001a32130"
    "1f301d0603551d0e04160414000102030405060708090a0b0c0d0e0f10111213"
    "300d06092a864886f70d01010b0500038201010007ac8742b5d642717b49c6b3"
    "ac7e104eb9203c3b0e47dffbed08c31ca6746aa99416ec4818b377b60a4cafed"
    "fcf12709d1dcc2dd1036c5e7d35f2fc1b4a5d7c73cdedfd062bb87a5e52753d1"
    "0f662bbc6036f42a53c095f5a6f98281041264c698e2cd9f04b15b73f10da6fb"
    "27a7ebfa3c6891a40f1db5eb9287e573e4fb732cf7d57e711b8bfc6ec3dfb66d"
    "15c20a7b97942b2b23c146098b86e9c4310c10617429e45b5c668a75494dbcdf"
    "d7a17db994d92749916274d0d5c15b6beb06e4bec8a2b336d25976e3d564ce64"
    "8cb9a1cdd0d79d65b42de6bd29e95ffc3ca5204cb4e4f9880a3a37fc736c57bf"
    "774f5e56528068eec797d6f2557ae5484f277ca9";

static const char cert_p256[] =
    "308201853082012aa00302010202050080000022300a06082a8648ce3d040302"
    "3038310b300906035504061302564e3129302706035504030c20544553542073"
    "69676e65722c206b68c3b46e672064c3b96e67207468e1baad74301e170d3230"
    "303130313030303030305a170d3430303130313030303030305a3038310b3009"
    "06035504061302564e3129302706035504030c2054455354207369676e65722c"
    "206b68c3b46e672064c3b96e67207468e1baad743059301306072a8648ce3d02"
    "0106082a8648ce3d03010703420004316a4341969bc46ee905d4688606813cf0"
    "3c444b20789f361e22c563ee10fc02db80e79d4086c5f2948014eae0df6c5699"
    "3e6f20a8f0147b814aa1c76cb32929a321301f301d0603551d0e041604140001"
    "02030405060708090a0b0c0d0e0f10111213300a06082a8648ce3d0403020349"
    "003046022100c4531d4830378ada4d1c63eb082b689bc2baa44aec8ace6cefbb"
    "9f894fdb7329022100b8d984720a1fdd6ce1d69ea530e0ede3f076dfa2af0f0c"
    "72c580f5a864bf81e1";

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

static const char by_key_id[] =
    "308201a006092a864886f70d010702a08201913082018d020103310d300b0609"
    "608648016503040201300b06092a864886f70d0107013182016a308201660201"
    "038014000102030405060708090a0b0c0d0e0f10111213300b06096086480165"
    "03040201a081e9301806092a864886f70d010903310b06092a864886f70d0107"
    "01301c06092a864886f70d010905310f170d3236313132333132353333315a30"
    "2f06092a864886f70d01090431220420ba7816bf8f01cfea414140de5dae2223"
    "b00361a396177a9cb410ff61f20015ad307e060b2a864886f70d010910022f31"
    "6f306d306b30690420eb9dde699a0958a85fe050b802423928f5bb096b6e865b"
    "d75e6a3fc756f152293045303ca43a3038310b300906035504061302564e3129"
    "302706035504030c2054455354207369676e65722c206b68c3b46e672064c3b9"
    "6e67207468e1baad7402050080000022300a06082a8648ce3d04030204463044"
    "0220713e8433845637fff29caaeb9ac8c0fb30f7f790abd4b6b03818d6484b49"
    "693f02205eecaae30999d3a5ef3286a5c231ba58ba74792ba0a25ef2adb607a9"
    "2e263d43";

static const char without_attributes[] =
    "3081df06092a864886f70d010702a081d13081ce020101310d300b0609608648"
    "016503040201300b06092a864886f70d0107013181ac3081a902010130413038"
    "310b300906035504061302564e3129302706035504030c205445535420736967"
    "6e65722c206b68c3b46e672064c3b96e67207468e1baad740205008000002230"
    "0b0609608648016503040201300a06082a8648ce3d04030204483046022100e8"
    "584f48cc0c674b2b9bec77bc249f16ba52359c9f0eced0b1996fc1f046efe102"
    "2100a9503cfe25c1ebd3f566ffdfcb6e970abbdbff9affdda418b475ab1fb9a5"
    "a5c2";

static const char with_content[] =
    "3082015406092a864886f70d010702a082014530820141020101310d300b0609"
    "608648016503040201301206092a864886f70d010701a0050403616263318201"
    "173082011302010130413038310b300906035504061302564e31293027060355"
    "04030c2054455354207369676e65722c206b68c3b46e672064c3b96e67207468"
    "e1baad7402050080000022300b0609608648016503040201a069301806092a86"
    "4886f70d010903310b06092a864886f70d010701301c06092a864886f70d0109"
    "05310f170d3236313132333132353333315a302f06092a864886f70d01090431"
    "220420ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f2"
    "0015ad300a06082a8648ce3d04030204473045022100e0153a6d2dddfd69ceaf"
    "97de802fd3d38646322f020f05ff8ff26bbc5934fa6402206f5ff4954fc7ea12"
    "67f2a3db00b28228d3888711bc8307f5a81a36620e9504e8";

static const char two_signers[] =
    "3082020806092a864886f70d010702a08201f9308201f5020103310d300b0609"
    "608648016503040201300b06092a864886f70d010701318201d23081e6020103"
    "8014000102030405060708090a0b0c0d0e0f10111213300b0609608648016503"
    "040201a069301806092a864886f70d010903310b06092a864886f70d01070130"
    "1c06092a864886f70d010905310f170d3236313132333132353333315a302f06"
    "092a864886f70d01090431220420ba7816bf8f01cfea414140de5dae2223b003"
    "61a396177a9cb410ff61f20015ad300a06082a8648ce3d040302044730450221"
    "00a39f4a6d96fa6a06c962993b0b7c39b5198f67460eed9228cc861bada13d72"
    "62022030d232957f2e102375eb45ded9dbbdad1e8fe5011efe4c1c88ebb0004d"
    "f217b93081e60201038014000102030405060708090a0b0c0d0e0f1011121330"
    "0b0609608648016503040201a069301806092a864886f70d010903310b06092a"
    "864886f70d010701301c06092a864886f70d010905310f170d32363131323331"
    "32353333315a302f06092a864886f70d01090431220420ba7816bf8f01cfea41"
    "4140de5dae2223b00361a396177a9cb410ff61f20015ad300a06082a8648ce3d"
    "04030204473045022100ceb04f10be91874c9e6c95179f6ccecef2bd2c9fd57a"
    "a571d015a0d2ae2202dd022031ded0a8bab49fa11417dfcd24937e2b33de2e52"
    "e671f1995ac7d7ad46175dcd";

static struct cert
read_cert(struct bytes der)
{
	struct cert cert = { 0 };

	assert_int_equal(cert_read(der, &cert, NULL), FAIL_NONE);
	return cert;
}

static struct cms
read_cms(struct bytes der)
{
	struct cms cms;
	struct note note;

	if (cms_read(der, &cms, &note))
		fail_msg("%s", note.text);
	return cms;
}

/* ---- the six decisions of 2024 ---- */

/* ByteRange of each file, times of the README's table. */
static const struct decision {
	const char *name;
	size_t first, second, second_len;
	struct when_date signing_time;
	const char *tsa;
} decisions[] = {
	{ "970", 115741, 140511, 38136, { 2024, 9, 13, 16, 49, 11 },
	    "tsa/vgca-tsa-02-2024.der" },
	{ "981", 85232, 110002, 37743, { 2024, 9, 16, 16, 29, 7 },
	    "tsa/vgca-tsa-01-2018.der" },
	{ "985", 92945, 117715, 38134, { 2024, 9, 16, 16, 29, 32 },
	    "tsa/vgca-tsa-01-2018.der" },
	{ "1009", 510423, 535193, 38138, { 2024, 9, 20, 16, 40, 43 },
	    "tsa/vgca-tsa-01-2018.der" },
	{ "1039", 99093, 123863, 38445, { 2024, 9, 25, 16, 9, 37 },
	    "tsa/vgca-tsa-01-2018.der" },
	{ "1139", 85522, 110292, 38133, { 2024, 10, 10, 16, 30, 5 },
	    "tsa/vgca-tsa-02-2024.der" },
};

static struct bytes
decision_file(const struct decision *d, const char *kind)
{
	char path[100];

	snprintf(path, sizeof(path), "signed-pdf/%s-ttg.%s", d->name, kind);
	return shared_file(path);
}

/* The two pieces of the PDF that were signed, as one digest. */
static void
content_digest(
    const struct decision *d, enum hash_kind kind, uint8_t out[HASH_MAX])
{
	struct bytes pdf = decision_file(d, "signed.pdf");
	struct hash h;

	assert_int_equal(pdf.len, d->second + d->second_len);
	hash_init(&h, kind);
	hash_add(&h, bytes_part(pdf, 0, d->first));
	hash_add(&h, bytes_part(pdf, d->second, d->second_len));
	hash_done(&h, out);
}

static void
real_signatures_verify(void **state)
{
	struct bytes portal = shared_file(
	    "ee/vgca-g2-ee-org-cong-ttdt-chinh-phu-2023-rsa2048.der");

	(void)state;
	for (size_t i = 0; i < COUNT(decisions); i++) {
		const struct decision *d = &decisions[i];
		struct arena_mark mark = arena_mark(&memory);
		struct cms cms = read_cms(decision_file(d, "cms.der"));
		struct cert cert;
		uint8_t digest[HASH_MAX];
		struct note note;

		assert_int_equal(cms.cert_count, 1);
		assert_true(bytes_equal(cms.certs[0], portal));
		cert = read_cert(cms.certs[0]);
		assert_ptr_equal(cms_find_signer(&cms.signer, &cert, 1), &cert);
		content_digest(d, cms.signer.digest, digest);
		if (cms_verify(&cms, &cert, digest, &note))
			fail_msg("%s: %s", d->name, note.text);
		arena_back(&memory, mark);
	}
}

static void
real_signatures_tell_their_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(decisions); i++) {
		const struct decision *d = &decisions[i];
		struct cms cms = read_cms(decision_file(d, "cms.der"));
		const struct cms_signer *s = &cms.signer;

		assert_int_equal(oid_find(cms.content_type), OID_CMS_DATA);
		assert_false(cms.has_content);
		assert_int_equal(oid_find(s->content_type), OID_CMS_DATA);
		assert_int_equal(s->digest, HASH_SHA256);
		assert_int_equal(s->algorithm.kind, KEY_RSA);
		assert_int_equal(s->algorithm.hash, HASH_SHA256);
		assert_int_equal(s->signature.len, 256);
		assert_int_equal(s->message_digest.len, 32);
		assert_int_equal(s->cert_hash_kind, HASH_NONE);
		assert_true(s->has_signing_time);
		assert_true(s->signing_time == when_join(d->signing_time, 0));
		assert_true(bytes_equal(
		    s->time_stamp, decision_file(d, "tstoken.der")));
		arena_free(&memory);
	}
}

static void
another_content_is_a_digest_failure(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(decisions); i++) {
		struct cms cms =
		    read_cms(decision_file(&decisions[i], "cms.der"));
		struct cert cert = read_cert(cms.certs[0]);
		uint8_t digest[HASH_MAX];

		content_digest(&decisions[(i + 1) % COUNT(decisions)],
		    HASH_SHA256, digest);
		assert_int_equal(
		    cms_verify(&cms, &cert, digest, NULL), FAIL_DIGEST);
		arena_free(&memory);
	}
}

static void
another_certificate_is_refused(void **state)
{
	struct cms cms = read_cms(decision_file(&decisions[0], "cms.der"));
	struct cert other = read_cert(
	    shared_file("ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072.der"));
	uint8_t digest[HASH_MAX];

	(void)state;
	content_digest(&decisions[0], HASH_SHA256, digest);
	assert_null(cms_find_signer(&cms.signer, &other, 1));
	assert_int_equal(cms_verify(&cms, &other, digest, NULL), FAIL_FORMAT);
}

static void
real_time_stamp_tokens_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(decisions); i++) {
		const struct decision *d = &decisions[i];
		struct cms cms = read_cms(decision_file(d, "tstoken.der"));
		struct cert tsa = read_cert(shared_file(d->tsa));
		uint8_t digest[HASH_MAX];
		struct note note = { FAIL_NONE, "" };

		assert_int_equal(oid_find(cms.content_type), OID_CMS_TST_INFO);
		assert_true(cms.has_content);
		assert_ptr_equal(cms_find_signer(&cms.signer, &tsa, 1), &tsa);
		assert_int_not_equal(cms.signer.cert_hash_kind, HASH_NONE);
		hash_bytes(cms.signer.digest, cms.content, digest);
		if (cms_verify(&cms, &tsa, digest, &note))
			fail_msg("%s: %s", d->name, note.text);
		arena_free(&memory);
	}
}

/* As the PDF checker does it: read, find the signer inside, verify, build the
 * path to the pinned root. */
static enum fail
judge(struct bytes der, const uint8_t *const digests[], const struct cert *sub,
    const struct cert *root)
{
	struct cms cms;
	struct cert cert;
	struct chain chain;
	const struct cert *signer;
	enum fail f = cms_read(der, &cms, NULL);

	if (f)
		return f;
	for (size_t i = 0; i < cms.cert_count; i++) {
		f = cert_read(cms.certs[i], &cert, NULL);
		if (f)
			return f;
		signer = cms_find_signer(&cms.signer, &cert, 1);
		if (!signer)
			continue;
		f = cms_verify(&cms, signer, digests[cms.signer.digest], NULL);
		if (f)
			return f;
		return chain_build(signer, (struct cert_set){ sub, 1 },
		    (struct cert_set){ root, 1 }, 1726000000, &chain, NULL);
	}
	return FAIL_MISSING;
}

/* Positions in the CMS of decision 981 (openssl asn1parse). */
#define VERSION_AT 23u /* SignedData.version, digestAlgorithms … */
#define CONTENT_AT 43u /* … up to encapContentInfo */
#define SIGNER_VERSION_AT 1726u
#define SIGNER_ID_AT 1729u
#define SIGNATURE_END 2245u

/* Turn each bit, then all bits, of every byte the signer's and the CA's
 * signatures cover, or of every byte they do not; none may pass. */
static void
flip_bytes(bool covered)
{
	const struct decision *d = &decisions[1];
	struct bytes good = decision_file(d, "cms.der");
	struct cert sub =
	    read_cert(shared_file("g2/vgca-g2-sub-cp-nhanuoc.der"));
	struct cert root = read_cert(shared_file("g2/vgca-g2-rootca.der"));
	uint8_t *bad = arena_take(&memory, good.len, 1);
	struct bytes in = { bad, good.len };
	uint8_t made[HASH_SHA512 + 1][HASH_MAX];
	const uint8_t *digests[HASH_SHA512 + 1];

	for (enum hash_kind k = HASH_SHA1; k <= HASH_SHA512; k++) {
		content_digest(d, k, made[k]);
		digests[k] = made[k];
	}
	memcpy(bad, good.data, good.len);
	assert_int_equal(judge(in, digests, &sub, &root), FAIL_NONE);
	for (size_t at = 0; at < SIGNATURE_END; at++) {
		bool bare = (at >= VERSION_AT && at < CONTENT_AT) ||
		    (at >= SIGNER_VERSION_AT && at < SIGNER_ID_AT);

		if (bare == covered)
			continue;
		for (unsigned i = 0; i < 9; i++) {
			bad[at] = (uint8_t)(good.data[at] ^
			    (i < 8 ? 1u << i : 0xFFu));
			if (!judge(in, digests, &sub, &root))
				fail_msg(
				    "byte %zu as %02x passes", at, bad[at]);
		}
		bad[at] = good.data[at];
	}
}

static void
flipped_byte_of_a_signature_is_never_a_success(void **state)
{
	struct bytes good = decision_file(&decisions[1], "cms.der");
	struct cms cms = read_cms(good);

	(void)state;
	assert_ptr_equal(cms.signer.signature.data + cms.signer.signature.len,
	    good.data + SIGNATURE_END);
	flip_bytes(true);
}

/* RFC 5652 5.1 and 5.3: versions and the list of digest algorithms follow from
 * the rest, so there is one right value although no signature covers them. */
static void
versions_and_digest_list_have_one_right_value(void **state)
{
	(void)state;
	flip_bytes(false);
}

static void
every_cut_of_a_signature_is_refused(void **state)
{
	struct bytes good = decision_file(&decisions[1], "cms.der");
	struct cms cms;

	(void)state;
	for (size_t len = 0; len < good.len; len++)
		assert_int_equal(cms_read(bytes_part(good, 0, len), &cms, NULL),
		    FAIL_FORMAT);
}

/* The padding of /Contents has to be cut off by the caller. */
static void
zeros_after_a_signature_are_refused(void **state)
{
	struct bytes good = decision_file(&decisions[1], "cms.der");
	uint8_t *more = arena_take(&memory, good.len + 2, 1);
	struct cms cms;

	(void)state;
	memcpy(more, good.data, good.len);
	assert_int_equal(
	    cms_read((struct bytes){ more, good.len + 2 }, &cms, NULL),
	    FAIL_FORMAT);
}

/* ---- signatures of our own ---- */

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
		assert_int_equal(cms.signer.time_stamp.len, 0);
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

static void
signatures_of_openssl_are_read(void **state)
{
	struct cert cert = read_cert(unhex(cert_p256));
	uint8_t digest[HASH_MAX];
	struct cms cms;

	(void)state;
	hash_bytes(HASH_SHA256, BYTES_TEXT("abc"), digest);

	cms = read_cms(unhex(by_key_id));
	assert_int_equal(cms.signer.issuer.len, 0);
	assert_true(bytes_equal(cms.signer.subject_key, cert.subject_key));
	assert_true(cms.signer.has_signing_time);
	assert_int_equal(cms.signer.cert_hash_kind, HASH_SHA256);
	assert_int_equal(cms.cert_count, 0);
	assert_ptr_equal(cms_find_signer(&cms.signer, &cert, 1), &cert);
	assert_int_equal(cms_verify(&cms, &cert, digest, NULL), FAIL_NONE);

	cms = read_cms(unhex(with_content));
	assert_true(cms.has_content);
	assert_true(bytes_equal_text(cms.content, "abc"));
	assert_int_equal(cms_verify(&cms, &cert, digest, NULL), FAIL_NONE);

	cms = read_cms(unhex(without_attributes));
	assert_int_equal(cms.signer.attributes.len, 0);
	digest[31] ^= 1;
	assert_int_not_equal(cms_verify(&cms, &cert, digest, NULL), FAIL_NONE);
}

static void
two_signers_are_unsupported(void **state)
{
	struct cms cms;
	struct note note;

	(void)state;
	assert_int_equal(
	    cms_read(unhex(two_signers), &cms, &note), FAIL_UNSUPPORTED);
	assert_int_equal(note.fail, FAIL_UNSUPPORTED);
	assert_non_null(strstr(note.text, "EN 319 142-1"));
}

/* ---- SignedData put together piece by piece ---- */

/* What differs; NULL is a good one.  All in hex. */
struct odd {
	const char *type;       /* of the ContentInfo */
	const char *version;    /* of SignedData */
	const char *content;    /* EncapsulatedContentInfo */
	const char *certs;      /* [0] */
	const char *id;         /* signer identifier */
	const char *digest;     /* digest algorithm of the signer */
	const char *attributes; /* content of [0]; "" leaves it out */
	const char *algorithm;  /* signature algorithm */
	const char *after;      /* behind the signature value */
	const char *tail;       /* behind the set of signers */
};

#define ID_DATA "06092a864886f70d010701"
#define ATTR_TYPE "301806092a864886f70d010903310b" ID_DATA
#define ATTR_DIGEST                                                            \
	"302f06092a864886f70d010904312204200000000000000000000000000000000000" \
	"000000000000000000000000000000"
#define ATTR_TIME "301c06092a864886f70d010905310f170d3234303931363136323930375a"
#define ATTR_OTHER "300906032a030431020500"
#define SHA256_ID "300b0609608648016503040201"
#define RSA_ID "300d06092a864886f70d0101010500"
#define SIGNER_ID "3011300c310a300806035504030c0154020101"

static void
put_or(struct buf *out, const char *hex, const char *otherwise)
{
	buf_bytes(out, unhex(hex ? hex : otherwise));
}

static enum fail
read_odd(const struct odd *odd, struct buf *out, struct cms *cms)
{
	der_mark info, data, signers, part;

	buf_clear(out);
	info = der_begin(out);
	put_or(out, odd->type, "06092a864886f70d010702");
	data = der_begin(out);
	put_or(out, odd->version, "020101");
	put_or(out, NULL, "310d" SHA256_ID);
	put_or(out, odd->content, "300b" ID_DATA);
	put_or(out, odd->certs, "");
	signers = der_begin(out);
	put_or(out, NULL, "020101");
	put_or(out, odd->id, SIGNER_ID);
	put_or(out, odd->digest, SHA256_ID);
	if (!odd->attributes || *odd->attributes) {
		part = der_begin(out);
		put_or(out, odd->attributes, ATTR_TYPE ATTR_DIGEST);
		der_end_with(out, part, DER_CONTEXT_MADE(0));
	}
	put_or(out, odd->algorithm, RSA_ID);
	put_or(out, NULL, "0402abcd");
	put_or(out, odd->after, "");
	der_end_with(out, signers, DER_SEQUENCE);
	der_end_with(out, signers, DER_SET);
	put_or(out, odd->tail, "");
	der_end_with(out, data, DER_SEQUENCE);
	der_end_with(out, data, DER_CONTEXT_MADE(0));
	der_end_with(out, info, DER_SEQUENCE);
	assert_int_equal(buf_fail(out), FAIL_NONE);
	return cms_read(buf_view(out), cms, NULL);
}

struct odd_row {
	const char *why;
	enum fail fail;
	struct odd odd;
};

static void
read_rows(const struct odd_row *rows, size_t count)
{
	struct buf out;

	buf_init(&out, 100000);
	for (size_t i = 0; i < count; i++) {
		struct cms cms;
		enum fail f = read_odd(&rows[i].odd, &out, &cms);

		if (f != rows[i].fail)
			print_message(
			    "row %zu: %s: %s\n", i, rows[i].why, fail_name(f));
		assert_int_equal(f, rows[i].fail);
	}
	buf_free(&out);
}

static void
odd_signed_data_is_refused(void **state)
{
	static const struct odd_row rows[] = {
		{ "nothing odd", FAIL_NONE, { 0 } },
		{ "signing time", FAIL_NONE,
		    { .attributes = ATTR_TYPE ATTR_TIME ATTR_DIGEST } },
		{ "unknown attribute", FAIL_NONE,
		    { .attributes = ATTR_OTHER ATTR_TYPE ATTR_DIGEST } },
		{ "no attributes", FAIL_NONE, { .attributes = "" } },
		{ "revocation lists are stepped over", FAIL_NONE,
		    { .certs = "a100" } },
		{ "data, not signed data", FAIL_UNSUPPORTED,
		    { .type = ID_DATA } },
		{ "content type twice", FAIL_FORMAT,
		    { .attributes = ATTR_TYPE ATTR_TYPE ATTR_DIGEST } },
		{ "message digest twice", FAIL_FORMAT,
		    { .attributes = ATTR_TYPE ATTR_DIGEST ATTR_DIGEST } },
		{ "signing time twice", FAIL_FORMAT,
		    { .attributes =
			    ATTR_TYPE ATTR_DIGEST ATTR_TIME ATTR_TIME } },
		{ "no message digest", FAIL_FORMAT,
		    { .attributes = ATTR_TYPE } },
		{ "no content type", FAIL_FORMAT,
		    { .attributes = ATTR_DIGEST } },
		{ "attribute without value", FAIL_FORMAT,
		    { .attributes =
			    ATTR_TYPE ATTR_DIGEST "300706032a03043100" } },
		{ "content type with two values", FAIL_FORMAT,
		    { .attributes =
			    "302306092a864886f70d0109033116" ID_DATA ID_DATA
				ATTR_DIGEST } },
		{ "message digest as INTEGER", FAIL_FORMAT,
		    { .attributes = ATTR_TYPE
			"301006092a864886f70d0109043103020100" } },
		{ "bytes after the signer", FAIL_FORMAT, { .after = "0500" } },
		{ "bytes after the signers", FAIL_FORMAT, { .tail = "0500" } },
		{ "unknown digest", FAIL_UNSUPPORTED,
		    { .digest = "300c06082a864886f70d02050500" } },
		{ "unknown signature algorithm", FAIL_UNSUPPORTED,
		    { .algorithm = "300506032b6571" } },
		{ "signature algorithm of another digest", FAIL_FORMAT,
		    { .algorithm = "300d06092a864886f70d01010d0500" } },
		{ "version is no INTEGER", FAIL_FORMAT,
		    { .version = "040101" } },
		{ "content that is no OCTET STRING", FAIL_FORMAT,
		    { .content = "3010" ID_DATA "a003020101" } },
		{ "two contents", FAIL_FORMAT,
		    { .content = "3013" ID_DATA "a006040101040101" } },
		{ "broken certificates", FAIL_FORMAT, { .certs = "a0023005" } },
		{ "broken unsigned attributes", FAIL_FORMAT,
		    { .after = "a1020500" } },
	};

	(void)state;
	read_rows(rows, COUNT(rows));
}

/* The standard leaves no room for these. */
static void
loose_ends_in_signed_data_are_refused(void **state)
{
	static const struct odd_row rows[] = {
		{ "bytes after the serial number (RFC 5652 10.2.4)",
		    FAIL_FORMAT,
		    { .id = "3013300c310a300806035504030c01540201010500" } },
		{ "version 7 (RFC 5652 5.1)", FAIL_FORMAT,
		    { .version = "020107" } },
	};

	(void)state;
	read_rows(rows, COUNT(rows));
}

static void
too_many_parts_are_refused(void **state)
{
	struct buf out, list;
	char *hex;
	struct odd odd = { 0 };
	struct cms cms;

	(void)state;
	buf_init(&out, 100000);
	buf_init(&list, 100000);
	/* 30 unknown ones, content type, digest; then one more in front. */
	for (size_t i = 2; i < CMS_ATTRIBUTES_MAX; i++)
		buf_text(&list, ATTR_OTHER);
	buf_text(&list, ATTR_TYPE ATTR_DIGEST);
	odd.attributes = hex = arena_text(&memory, buf_view(&list));
	assert_non_null(hex);
	assert_int_equal(read_odd(&odd, &out, &cms), FAIL_NONE);
	buf_insert(&list, 0, ATTR_OTHER, strlen(ATTR_OTHER));
	odd.attributes = arena_text(&memory, buf_view(&list));
	assert_int_equal(read_odd(&odd, &out, &cms), FAIL_LIMIT);
	/* 64 certificates of two bytes; then one more. */
	odd.attributes = NULL;
	buf_clear(&list);
	buf_text(&list, "a08180");
	for (size_t i = 0; i < CMS_CERTS_MAX; i++)
		buf_text(&list, "3000");
	odd.certs = arena_text(&memory, buf_view(&list));
	assert_int_equal(read_odd(&odd, &out, &cms), FAIL_NONE);
	assert_int_equal(cms.cert_count, CMS_CERTS_MAX);
	buf_text(&list, "3000");
	memcpy(list.data, "a08182", 6);
	odd.certs = arena_text(&memory, buf_view(&list));
	assert_int_not_equal(read_odd(&odd, &out, &cms), FAIL_NONE);
	buf_free(&out);
	buf_free(&list);
}

/* RFC 5652 11.1: 1.2.3.4 is not 1.2.3.5, though we know neither. */
static void
content_types_unknown_here_are_not_taken_for_equal(void **state)
{
	struct buf out;
	struct cert cert = read_cert(unhex(cert_rsa));
	struct odd odd = {
		.version = "020103",
		.content = "300506032a0304",
		.attributes =
		    "301206092a864886f70d010903310506032a0305" ATTR_DIGEST,
	};
	struct cms cms;
	uint8_t digest[HASH_MAX] = { 0 };

	(void)state;
	buf_init(&out, 10000);
	assert_int_equal(read_odd(&odd, &out, &cms), FAIL_NONE);
	cms.signer.issuer = cert.issuer;
	cms.signer.serial = cert.serial;
	assert_int_equal(cms_verify(&cms, &cert, digest, NULL), FAIL_FORMAT);
	buf_free(&out);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(real_signatures_verify),
		ROW(real_signatures_tell_their_parts),
		ROW(another_content_is_a_digest_failure),
		ROW(another_certificate_is_refused),
		ROW(real_time_stamp_tokens_verify),
		ROW(flipped_byte_of_a_signature_is_never_a_success),
		ROW(versions_and_digest_list_have_one_right_value),
		ROW(every_cut_of_a_signature_is_refused),
		ROW(zeros_after_a_signature_are_refused),
		ROW(attributes_are_a_sorted_set_of_three),
		ROW(written_signature_is_as_another_program_makes_it),
		ROW(written_signature_is_read_back_and_verifies),
		ROW(certificate_with_another_hash_is_refused),
		ROW(wrong_signature_value_is_a_signature_failure),
		ROW(full_buffer_is_told_by_both_writers),
		ROW(signatures_of_openssl_are_read),
		ROW(two_signers_are_unsupported),
		ROW(odd_signed_data_is_refused),
		ROW(loose_ends_in_signed_data_are_refused),
		ROW(too_many_parts_are_refused),
		ROW(content_types_unknown_here_are_not_taken_for_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/arena.h"
#include "base/when.h"
#include "crypto/chain.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "tests/unit/crypto/cms_test.h"

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
		    s->time_stamps[0], decision_file(d, "tstoken.der")));
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
			/* Nobody signs it, and it tells nothing. */
			if (at == VERSION_AT + 2 && bad[at] != 2 &&
			    bad[at] >= 1 && bad[at] <= 5)
				continue;
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
		ROW(signatures_of_openssl_are_read),
		ROW(two_signers_are_unsupported),
		ROW(odd_signed_data_is_refused),
		ROW(loose_ends_in_signed_data_are_refused),
		ROW(too_many_parts_are_refused),
		ROW(content_types_unknown_here_are_not_taken_for_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "crypto/cert.h"

#include "base/arena.h"
#include "base/text.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/name.h"
#include "tests/unit/crypto/crypto_test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * The real certificates as OpenSSL's x509 command prints them; fingerprints
 * were compared with the table in the README beside them.
 */
static const struct real {
	const char *name, *common_name, *serial, *fingerprint;
	int64_t not_before, not_after;
	unsigned bits;
	enum hash_kind hash;
	bool is_ca;
	int path_len;
	bool may_sign, stamps_time;
} reals[] = {
	{ "ee/vgca-g1-ee-license-key-generator", "VGCA License Key Generator",
	    "2f11d3",
	    "f500ef835c0bbe0b06aa5639481b0bb092d042ddc7ade6be0e7476e01e0a21a9",
	    1487670577, 1803030577, 2048, HASH_SHA1, false, -1, false, false },
	{ "ee/vgca-g2-ee-org-cong-ttdt-chinh-phu-2023-rsa2048",
	    "CỔNG THÔNG TIN ĐIỆN TỬ CHÍNH PHỦ", "64f15b53e2d116b1",
	    "065f9a2f2a5c2cfbe31529399f3332bf5564e2d6ddcef8b884d68c74d3f68da4",
	    1702450908, 1860130908, 2048, HASH_SHA256, false, -1, false,
	    false },
	{ "ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072", "CỤC THUẾ",
	    "2a05f812673607b0",
	    "06e985f0ed0364872a49ad8dd7a0537731631f393e4fc195accaa0685568d1ed",
	    1741883813, 1899563813, 3072, HASH_SHA256, false, -1, false,
	    false },
	{ "ee/vgca-g2-ee-org-tong-cuc-thue-2021-rsa2048", "TỔNG CỤC THUẾ",
	    "75580955fc81d6a7",
	    "32fb1aeca2779bd26d83a7cdcc773815fa0b0e86f78648a3065200a6f4608183",
	    1637136540, 1794816540, 2048, HASH_SHA256, false, -1, false,
	    false },
	{ "g1/vgca-g1-rootca",
	    "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
	    "ff303ae4e90ac1ed",
	    "f7bc89054cec7f12730d7b8cd3eb7955b163835087e5eb873edfb584763b3f90",
	    1268199957, 1898919957, 2048, HASH_SHA1, true, -1, true, false },
	{ "g1/vgca-g1-sub-bca", "Co quan chung thuc so Bo Cong an", "05",
	    "ecbf8428266c549eb1bfdc2715270d5b9dff3bbbe2d3f0c33e0fd91f70b2d943",
	    1271322591, 1898845791, 2048, HASH_SHA1, true, -1, true, false },
	{ "g1/vgca-g1-sub-bng", "Cơ quan chứng thực số Bộ Ngoại giao", "0b",
	    "3c4281296f92d292cc952295fe41ad7d0b37438ff1d143b56c4642cc1b14bd93",
	    1460022482, 1892022482, 4096, HASH_SHA1, true, -1, true, false },
	{ "g1/vgca-g1-sub-btc", "Co quan chung thuc so Bo Tai chinh", "03",
	    "a262cfa489dbbe666f8b89fab832547809874d5a06fa9f7a38fc227ebdf40514",
	    1268200397, 1898833997, 2048, HASH_SHA1, true, -1, true, false },
	{ "g1/vgca-g1-sub-cp", "Co quan chung thuc so Chinh phu", "04",
	    "75e969c07ba35c29c72bbc1bfb880f20f3891a619b00b77eb02ca6160736a1fe",
	    1269498812, 1898836412, 2048, HASH_SHA1, true, -1, true, false },
	{ "g1/vgca-g1-sub-dcs", "Co quan chung thuc so Dang Cong san", "06",
	    "6e218b3ebc2f31b0d03205c64fd7e8920fb47187d37afcdb4cb2bb4178bf4635",
	    1289180082, 1898300082, 2048, HASH_SHA1, true, -1, true, false },
	{ "g2/vgca-g2-rootca", "RootCA chuyên dùng Chính phủ G2",
	    "3b65b0a03006f9ab",
	    "f04ba4b459a7c9a1b971ad9b1cb833e695a80c79aea63b174b66a70edfe2fdb8",
	    1534923399, 2481003399, 4096, HASH_SHA256, true, -1, true, false },
	{ "g2/vgca-g2-sub-cp-nhanuoc", "CA phục vụ các cơ quan Nhà nước G2",
	    "7af2df52182653d3",
	    "d8cab7a4aef92e6bb2509d7c61cee7b44f3731b2d21074963530277b366fae4b",
	    1534925196, 2481003399, 4096, HASH_SHA256, true, 0, true, false },
	{ "g2/vgca-g2-sub-dcs-dang", "CA phục vụ các cơ quan Đảng G2",
	    "53e3b1bf542322cc",
	    "e4b402e3cb4cacc0a20d21fa49bce76beb4eb47ba7ffb7a8f71c554dbe561a81",
	    1534925936, 2481003399, 4096, HASH_SHA256, true, 0, true, false },
	{ "other/mic-national-root-2008", "MIC National Root CA",
	    "1be4738a1f3ec08f479fa6cf35c59822",
	    "ca918d635bb130bec97639e6aabf7edbc4eb1310f8058b9419f467ae0230ad8c",
	    1210900369, 2220744032, 2048, HASH_SHA1, true, -1, true, false },
	{ "other/public-ca-bkavca", "BkavCA", "610af15400000000000f",
	    "ddab3aa11600215c08ca4ccbc18be5204c171a48081a6cd73a95aa868e1258af",
	    1431660348, 1589513748, 2048, HASH_SHA1, true, 0, true, false },
	{ "other/public-ca-ca2", "CA2", "61073ca9000000000010",
	    "22a088dedd18b017409157ccdce931236492df259459e7fac424574dd06380e2",
	    1443073312, 1600926712, 2048, HASH_SHA1, true, 0, true, false },
	{ "other/public-ca-fptca", "FPT Certification Authority",
	    "61054d9a000000000012",
	    "406ba8be66ead6d01672f1e137cc35a778e2f289edd3f9e7580964190b83c761",
	    1445398497, 1603251897, 2048, HASH_SHA1, true, 0, true, false },
	{ "other/public-ca-newtelca", "NEWTEL-CA", "61095a3900000000000d",
	    "27ab09408347ee182186d2a21e82feda0a4e0f84441525ba1de74a7e87401eba",
	    1385133472, 1542900472, 2048, HASH_SHA1, true, 0, true, false },
	{ "other/public-ca-safeca", "SAFE-CA", "610951ae000000000015",
	    "4e66e0073c9c217dbfa80697b0096fa61d71c1f32b29a12c2e2c37c0cac35881",
	    1506043516, 1663810516, 2048, HASH_SHA1, true, 0, true, false },
	{ "other/public-ca-smartsign", "SmartSign", "249eb858000000000014",
	    "591e6796472780fcf98d2e6797c8249457726dee54a264307d9b51193cdbd5fd",
	    1500877309, 1658644309, 2048, HASH_SHA1, true, 0, true, false },
	{ "other/public-ca-viettelca", "Viettel-CA", "610e0de6000000000011",
	    "684caf190176d13158808ef193b2d20575399a87fd9e8c5bedc09065a184841a",
	    1443753140, 1601606540, 2048, HASH_SHA1, true, 0, true, false },
	{ "other/public-ca-vnptca", "VNPT Certification Authority",
	    "61050dd2000000000004",
	    "068927b4c1a38ae4db1e8f59a71a8c643d9dfbb53a674862387bd5aa7386247b",
	    1260946088, 1576479488, 4096, HASH_SHA1, true, -1, true, false },
	{ "other/vn-national-root-neac-2014", "Vietnam National Root CA",
	    "9592bb8ceead5a24a6b8f71d7d323b5a",
	    "bac8bf609ab420a8ee1780d74f4de5c7f7184959d2a7375b0a75e4c29f0908e7",
	    1397579360, 2186497760, 4096, HASH_SHA256, true, -1, true, false },
	{ "other/vnpt-ca-sha2", "VNPT-CA SHA2",
	    "fc4f741b4bc0896cac601ba22e9abf04",
	    "7d6ba5245317f9ed5d8bc765a4634d26ac6340d36b9f584df3b52d9c4a81a306",
	    1724988177, 1882754577, 4096, HASH_SHA256, true, 0, true, false },
	{ "tsa/vgca-tsa-01-2018", "Máy chủ cấp dấu thời gian 01",
	    "51477474a596de47",
	    "da00db89a849fe8b00882707224c6b291bded54469e1a7532744f96ecae79d39",
	    1534130484, 1849490484, 2048, HASH_SHA256, false, -1, false, true },
	{ "tsa/vgca-tsa-02-2024", "Máy chủ cấp dấu thời gian 02",
	    "2d1baf118baf7695",
	    "eae46d68a0b921ec7c82da11c75466222f4996912e53caa41ec70672ce954bd6",
	    1717381095, 2032741095, 2048, HASH_SHA256, false, -1, false, true },
};

static struct cert
shared_cert(const char *name)
{
	char path[200];
	struct note note;
	struct cert cert = { 0 };

	snprintf(path, sizeof(path), "%s.der", name);
	if (cert_read(shared_file(path), &cert, &note))
		fail_msg("%s: %s", name, note.text);
	return cert;
}

static void
real_certificates_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(reals); i++) {
		const struct real *r = &reals[i];
		struct arena_mark mark = arena_mark(&memory);
		struct cert c = shared_cert(r->name);
		uint8_t digest[HASH_LEN];
		char hex[100], shown[200];
		const char *serial = hex;

		cert_hash(&c, digest);
		bytes_to_hex(BYTES_ARRAY(digest), hex);
		assert_string_equal(hex, r->fingerprint);
		bytes_to_hex(c.serial, hex);
		if (strlen(hex) > strlen(r->serial)) /* the sign octet */
			serial += 2;
		assert_string_equal(serial, r->serial);
		name_keep(c.subject, shown, sizeof(shown));
		if (strcmp(shown, r->common_name) != 0)
			fail_msg("%s: another CN", r->name);
		assert_true(c.not_before == r->not_before);
		assert_true(c.not_after == r->not_after);
		assert_int_equal(c.key.kind, KEY_RSA);
		assert_int_equal(c.key.bits, r->bits);
		assert_int_equal(c.algorithm.kind, KEY_RSA);
		assert_int_equal(c.algorithm.hash, r->hash);
		assert_int_equal(c.is_ca, r->is_ca);
		assert_int_equal(c.path_len, r->path_len);
		assert_int_equal((c.usage & USAGE_CERT_SIGN) != 0, r->may_sign);
		assert_int_equal(cert_has_purpose(&c, OID_EKU_TIME_STAMPING),
		    r->stamps_time);
		assert_false(c.unknown_critical);
		arena_back(&memory, mark);
	}
}

static void
signing_certificate_tells_its_usage_and_keys(void **state)
{
	struct cert c =
	    shared_cert("ee/vgca-g2-ee-org-cong-ttdt-chinh-phu-2023-rsa2048");
	char hex[100];

	(void)state;
	assert_true(c.has_usage);
	/* Digital signature, non repudiation, key and data encipherment. */
	assert_int_equal(c.usage, 0x0F);
	bytes_to_hex(c.subject_key, hex);
	assert_string_equal(hex, "76eca15f78463a6751d0d0414b07055801971540");
	bytes_to_hex(c.authority_key, hex);
	assert_string_equal(hex, "50becfa0bdea0f9f4e9128a32aeb7ceef02fc8ba");
	assert_true(c.has_constraints);
	assert_false(cert_self_issued(&c));
	assert_false(cert_has_purpose(&c, OID_EKU_OCSP_SIGNING));
}

static void
names_are_written_in_their_own_order(void **state)
{
	struct cert c =
	    shared_cert("ee/vgca-g2-ee-org-cong-ttdt-chinh-phu-2023-rsa2048");
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(name_text(c.subject, &out), FAIL_NONE);
	assert_true(bytes_equal_text(buf_view(&out),
	    "C=VN, L=Hà Nội, O=VĂN PHÒNG CHÍNH PHỦ, "
	    "CN=CỔNG THÔNG TIN ĐIỆN TỬ CHÍNH PHỦ, UID=MNS:1032158, "
	    "UID=MST:0102357802, emailAddress=thongtinchinhphu@chinhphu.vn"));
	buf_clear(&out);
	assert_int_equal(name_text(c.issuer, &out), FAIL_NONE);
	assert_true(bytes_equal_text(buf_view(&out),
	    "C=VN, O=Ban Cơ yếu Chính phủ, "
	    "CN=CA phục vụ các cơ quan Nhà nước G2"));
	buf_free(&out);
}

/* openssl verify says OK for each of these pairs. */
static const struct {
	const char *cert, *issuer;
} pairs[] = {
	{ "g2/vgca-g2-rootca", "g2/vgca-g2-rootca" },
	{ "g2/vgca-g2-sub-cp-nhanuoc", "g2/vgca-g2-rootca" },
	{ "g2/vgca-g2-sub-dcs-dang", "g2/vgca-g2-rootca" },
	{ "ee/vgca-g2-ee-org-tong-cuc-thue-2021-rsa2048",
	    "g2/vgca-g2-sub-cp-nhanuoc" },
	{ "ee/vgca-g2-ee-org-cong-ttdt-chinh-phu-2023-rsa2048",
	    "g2/vgca-g2-sub-cp-nhanuoc" },
	{ "ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072",
	    "g2/vgca-g2-sub-cp-nhanuoc" },
	{ "tsa/vgca-tsa-02-2024", "g2/vgca-g2-rootca" },
	{ "g1/vgca-g1-rootca", "g1/vgca-g1-rootca" },
	{ "g1/vgca-g1-sub-cp", "g1/vgca-g1-rootca" },
	{ "g1/vgca-g1-sub-btc", "g1/vgca-g1-rootca" },
	{ "g1/vgca-g1-sub-bca", "g1/vgca-g1-rootca" },
	{ "g1/vgca-g1-sub-dcs", "g1/vgca-g1-rootca" },
	{ "g1/vgca-g1-sub-bng", "g1/vgca-g1-rootca" },
	{ "ee/vgca-g1-ee-license-key-generator", "g1/vgca-g1-sub-cp" },
	{ "tsa/vgca-tsa-01-2018", "g1/vgca-g1-rootca" },
	{ "other/mic-national-root-2008", "other/mic-national-root-2008" },
	{ "other/public-ca-viettelca", "other/mic-national-root-2008" },
	{ "other/vn-national-root-neac-2014",
	    "other/vn-national-root-neac-2014" },
	{ "other/vnpt-ca-sha2", "other/vn-national-root-neac-2014" },
};

static void
real_certificates_verify_with_their_issuer_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct arena_mark mark = arena_mark(&memory);
		struct cert c = shared_cert(pairs[i].cert);

		for (size_t j = 0; j < COUNT(pairs); j++) {
			struct arena_mark inner = arena_mark(&memory);
			struct cert issuer = shared_cert(pairs[j].issuer);
			bool own = !strcmp(pairs[i].issuer, pairs[j].issuer);
			enum fail f = cert_verify(&c, &issuer.key);

			if (f != (own ? FAIL_NONE : FAIL_SIGNATURE))
				fail_msg("%s by %s: %s", pairs[i].cert,
				    pairs[j].issuer, fail_name(f));
			arena_back(&memory, inner);
		}
		arena_back(&memory, mark);
	}
}

static void
flipped_certificate_is_refused_or_does_not_verify(void **state)
{
	struct cert good =
	    shared_cert("ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072");
	struct cert issuer = shared_cert("g2/vgca-g2-sub-cp-nhanuoc");
	uint8_t *bad = arena_take(&memory, good.der.len, 1);

	(void)state;
	memcpy(bad, good.der.data, good.der.len);
	for (size_t at = 0; at < good.der.len; at++)
		for (unsigned bit = 0; bit < 8; bit += 3) {
			struct cert c;

			bad[at] = (uint8_t)(bad[at] ^ 1u << bit);
			if (!cert_read((struct bytes){ bad, good.der.len }, &c,
				NULL) &&
			    !cert_verify(&c, &issuer.key))
				fail_msg("byte %zu, bit %u", at, bit);
			bad[at] = good.der.data[at];
		}
}

static void
every_cut_of_a_certificate_is_refused(void **state)
{
	struct bytes der = shared_file("g2/vgca-g2-rootca.der");

	(void)state;
	for (size_t len = 0; len < der.len; len++) {
		uint8_t *cut = malloc(len ? len : 1);
		struct cert c;

		assert_non_null(cut);
		memcpy(cut, der.data, len);
		assert_int_equal(
		    cert_read((struct bytes){ cut, len }, &c, NULL),
		    FAIL_FORMAT);
		free(cut);
	}
}

static void
trailing_byte_after_a_certificate_is_refused(void **state)
{
	struct bytes der = shared_file("g2/vgca-g2-rootca.der");
	uint8_t *more = arena_take(&memory, der.len + 1, 1);
	struct cert c;

	(void)state;
	memcpy(more, der.data, der.len);
	assert_int_equal(
	    cert_read((struct bytes){ more, der.len + 1 }, &c, NULL),
	    FAIL_FORMAT);
}

static void
too_large_a_certificate_is_refused_unread(void **state)
{
	static uint8_t big[CERT_SIZE_MAX + 1];
	struct cert c = { .path_len = 77 };

	(void)state;
	assert_int_equal(cert_read(BYTES_ARRAY(big), &c, NULL), FAIL_LIMIT);
	assert_int_equal(c.path_len, 77);
}

/* ---- certificates put together piece by piece ---- */

/* What differs between them; zero is a good one. */
struct odd {
	const char *version;    /* [0], hex; NULL: version 3 */
	const char *serial;     /* INTEGER, hex */
	const char *inner;      /* AlgorithmIdentifier in the TBS, hex */
	const char *times;      /* content of Validity, hex */
	const char *subject;    /* Name, hex */
	const char *extensions; /* list of Extension, hex; NULL: none */
	const char *unused;     /* unused bits octet of the signature, hex */
};

#define SHA256_RSA "300d06092a864886f70d01010b0500"
/* 200101000000Z to 400101000000Z. */
#define TIMES "170d3230303130313030303030305a170d3430303130313030303030305a"
/* CN=T */
#define NAME_T "300c310a300806035504030c0154"

static void
put_hex(struct buf *out, const char *hex)
{
	size_t len = strlen(hex) / 2;
	uint8_t *at = buf_grow(out, len);

	assert_int_equal(buf_fail(out), FAIL_NONE);
	assert_true(bytes_from_hex(hex, 2 * len, at, len));
}

static void
put_or(struct buf *out, const char *hex, const char *otherwise)
{
	put_hex(out, hex ? hex : otherwise);
}

static enum fail
read_odd(const struct odd *odd, struct buf *out, struct cert *c)
{
	der_mark all, tbs, part, list;

	buf_clear(out);
	all = tbs = der_begin(out);
	put_or(out, odd->version, "a003020102");
	put_or(out, odd->serial, "020101");
	put_or(out, odd->inner, SHA256_RSA);
	put_hex(out, NAME_T);
	part = der_begin(out);
	put_or(out, odd->times, TIMES);
	der_end_with(out, part, DER_SEQUENCE);
	put_or(out, odd->subject, NAME_T);
	/* An Ed25519 key: known by name, not usable here. */
	put_hex(out, "300c300506032b65700303001122");
	if (odd->extensions) {
		part = list = der_begin(out);
		put_hex(out, odd->extensions);
		der_end_with(out, list, DER_SEQUENCE);
		der_end_with(out, part, DER_CONTEXT_MADE(3));
	}
	der_end_with(out, tbs, DER_SEQUENCE);
	put_hex(out, SHA256_RSA);
	put_hex(out, "0303");
	put_or(out, odd->unused, "00");
	put_hex(out, "abcd");
	der_end_with(out, all, DER_SEQUENCE);
	assert_int_equal(buf_fail(out), FAIL_NONE);
	return cert_read(buf_view(out), c, NULL);
}

#define BASIC_CA "300f0603551d130101ff040530030101ff"
#define BASIC_CA_0 "30120603551d130101ff040830060101ff020100"
#define BASIC_NO "30090603551d1304023000"

static void
odd_certificates_are_refused(void **state)
{
	static const struct {
		const char *why;
		struct odd odd;
		bool good;
	} rows[] = {
		{ "nothing odd", { 0 }, true },
		{ "a CA", { .extensions = BASIC_CA }, true },
		{ "times the wrong way round are for the chain to judge",
		    { .times = "170d3430303130313030303030305a"
			       "170d3230303130313030303030305a" },
		    true },
		{ "both algorithms must be the same",
		    { .inner = "300d06092a864886f70d01010c0500" }, false },
		{ "serial is no INTEGER", { .serial = "040101" }, false },
		{ "version is no INTEGER", { .version = "a003040102" }, false },
		{ "time without zone",
		    { .times = "170c323030313031303030303030"
			       "170d3430303130313030303030305a" },
		    false },
		{ "third time", { .times = TIMES "0500" }, false },
		{ "signature with unused bits", { .unused = "01" }, false },
		{ "the same extension twice",
		    { .extensions = BASIC_CA BASIC_NO }, false },
		{ "extensions in version 1",
		    { .version = "a003020100", .extensions = BASIC_CA },
		    false },
		{ "extensions in version 2",
		    { .version = "a003020101", .extensions = BASIC_CA },
		    false },
		{ "TRUE as 01",
		    { .extensions = "300f0603551d130101ff0405"
				    "3003010101" },
		    false },
		{ "trailing byte in an extension",
		    { .extensions = "300a0603551d130403300000" }, false },
		{ "path length below zero",
		    { .extensions = "30120603551d130101ff040830060101ff"
				    "0201ff" },
		    false },
		{ "extension without value", { .extensions = "30050603551d13" },
		    false },
		{ "key usage of nine unused bits",
		    { .extensions = "300b0603551d0f040403020980" }, false },
		{ "key usage without bits octet",
		    { .extensions = "30090603551d0f04020300" }, false },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c;
		enum fail f = read_odd(&rows[i].odd, &out, &c);

		if (rows[i].good ? f != FAIL_NONE : f != FAIL_FORMAT)
			fail_msg("%s: %s", rows[i].why, fail_name(f));
	}
	buf_free(&out);
}

/* X.690 8.3.1, RFC 5280 4.1.2.1 and 4.2. */
static void
loose_ends_in_a_certificate_are_refused(void **state)
{
	static const struct {
		const char *why;
		struct odd odd;
	} rows[] = {
		{ "bytes after the version",
		    { .version = "a006020102020105" } },
		{ "version 9", { .version = "a003020108" } },
		{ "serial without octets", { .serial = "0200" } },
		{ "an unknown extension twice",
		    { .extensions = "300906032a030404020500"
				    "300906032a030404020500" } },
	};
	struct buf out;
	unsigned passed = 0;

	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c;

		if (read_odd(&rows[i].odd, &out, &c))
			continue;
		print_message("%s: passes\n", rows[i].why);
		passed++;
	}
	buf_free(&out);
	assert_int_equal(passed, 0);
}

static void
unsupported_key_is_read_but_not_used(void **state)
{
	static const struct odd plain = { 0 };
	struct buf out;
	struct cert c;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(read_odd(&plain, &out, &c), FAIL_NONE);
	assert_int_equal(c.key.kind, KEY_NONE);
	assert_true(c.key.spki.len > 0);
	assert_int_equal(cert_verify(&c, &c.key), FAIL_UNSUPPORTED);
	assert_true(cert_self_issued(&c));
	assert_false(c.has_constraints || c.is_ca || c.has_usage);
	assert_int_equal(c.path_len, -1);
	buf_free(&out);
}

static void
extensions_are_told_apart(void **state)
{
	static const struct {
		const char *extensions;
		bool is_ca;
		int path_len;
		bool unknown_critical;
	} rows[] = {
		{ BASIC_CA, true, -1, false },
		{ BASIC_CA_0, true, 0, false },
		{ BASIC_NO, false, -1, false },
		/* 1.2.3.4, not critical and critical. */
		{ "300906032a030404020500", false, -1, false },
		{ "300c06032a03040101ff04020500", false, -1, true },
		/* nameConstraints, policyConstraints: critical, and done. */
		{ "300c0603551d1e0101ff04023000", false, -1, false },
		{ "300f0603551d240101ff04053003800100", false, -1, false },
		{ BASIC_CA "300c06032a03040101ff04020500", true, -1, true },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct odd odd = { .extensions = rows[i].extensions };
		struct cert c;

		if (read_odd(&odd, &out, &c))
			fail_msg("row %zu", i);
		assert_int_equal(c.is_ca, rows[i].is_ca);
		assert_int_equal(c.path_len, rows[i].path_len);
		assert_int_equal(c.unknown_critical, rows[i].unknown_critical);
	}
	buf_free(&out);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(real_certificates_are_read),
		ROW(signing_certificate_tells_its_usage_and_keys),
		ROW(names_are_written_in_their_own_order),
		ROW(real_certificates_verify_with_their_issuer_only),
		ROW(flipped_certificate_is_refused_or_does_not_verify),
		ROW(every_cut_of_a_certificate_is_refused),
		ROW(trailing_byte_after_a_certificate_is_refused),
		ROW(too_large_a_certificate_is_refused_unread),
		ROW(odd_certificates_are_refused),
		ROW(loose_ends_in_a_certificate_are_refused),
		ROW(unsupported_key_is_read_but_not_used),
		ROW(extensions_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

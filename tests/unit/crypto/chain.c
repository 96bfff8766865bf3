#include "crypto/chain.h"

#include <mbedtls/ecp.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include "base/arena.h"
#include "crypto/random.h"
#include "tests/unit/crypto/crypto_test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ROOM 20u

/* date -u -d … +%s */
#define IN_2025_06 INT64_C(1748736000) /* 2025-06-01T00:00:00Z */
#define IN_2026_11_23 INT64_C(1795392000)

static struct cert
shared_cert(const char *name)
{
	struct cert cert = { 0 };

	assert_int_equal(cert_read(shared_file(name), &cert, NULL), FAIL_NONE);
	return cert;
}

/* The government's tree as far as it is in the shared folder. */
struct world {
	struct cert g1, g2, sub_state, sub_party, sub_g1;
};

static struct world
real_world(void)
{
	return (struct world){
		.g1 = shared_cert("g1/vgca-g1-rootca.der"),
		.g2 = shared_cert("g2/vgca-g2-rootca.der"),
		.sub_state = shared_cert("g2/vgca-g2-sub-cp-nhanuoc.der"),
		.sub_party = shared_cert("g2/vgca-g2-sub-dcs-dang.der"),
		.sub_g1 = shared_cert("g1/vgca-g1-sub-cp.der"),
	};
}

static void
real_certificates_reach_their_pinned_root(void **state)
{
	static const struct {
		const char *leaf;
		size_t length;
		int64_t instant;
	} rows[] = {
		{ "ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072.der", 3,
		    IN_2026_11_23 },
		{ "ee/vgca-g2-ee-org-cong-ttdt-chinh-phu-2023-rsa2048.der", 3,
		    IN_2026_11_23 },
		{ "ee/vgca-g2-ee-org-tong-cuc-thue-2021-rsa2048.der", 3,
		    IN_2025_06 },
		{ "tsa/vgca-tsa-02-2024.der", 2, IN_2026_11_23 },
		{ "tsa/vgca-tsa-01-2018.der", 2, IN_2026_11_23 },
		{ "ee/vgca-g1-ee-license-key-generator.der", 3, IN_2026_11_23 },
	};
	struct world w = real_world();
	const struct cert roots[] = { w.g1, w.g2 };
	const struct cert pool[] = { w.sub_party, w.sub_state, w.sub_g1 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert leaf = shared_cert(rows[i].leaf);
		struct chain chain;
		enum fail f =
		    chain_build(&leaf, (struct cert_set){ pool, COUNT(pool) },
			(struct cert_set){ roots, COUNT(roots) },
			rows[i].instant, &chain, NULL);

		if (f || chain.count != rows[i].length)
			fail_msg("%s: %s", rows[i].leaf, fail_name(f));
		assert_true(bytes_equal(chain.certs[0]->der, leaf.der));
		assert_true(cert_self_issued(chain.certs[chain.count - 1]));
	}
}

static void
leaf_intermediate_and_root_stand_in_that_order(void **state)
{
	struct world w = real_world();
	struct cert leaf =
	    shared_cert("ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072.der");
	struct chain chain;

	(void)state;
	assert_int_equal(
	    chain_build(&leaf, (struct cert_set){ &w.sub_state, 1 },
		(struct cert_set){ &w.g2, 1 }, IN_2026_11_23, &chain, NULL),
	    FAIL_NONE);
	assert_int_equal(chain.count, 3);
	assert_ptr_equal(chain.certs[0], &leaf);
	assert_ptr_equal(chain.certs[1], &w.sub_state);
	assert_ptr_equal(chain.certs[2], &w.g2);
}

/* Valid 2021-11-17T08:09:00Z to 2026-11-16T08:09:00Z, both inclusive. */
static void
validity_is_judged_at_the_given_instant(void **state)
{
	static const struct {
		int64_t instant;
		enum fail fail;
	} rows[] = {
		{ 1637136539, FAIL_EXPIRED },
		{ 1637136540, FAIL_NONE },
		{ IN_2025_06, FAIL_NONE },
		{ 1794816540, FAIL_NONE },
		{ 1794816541, FAIL_EXPIRED },
		{ IN_2026_11_23, FAIL_EXPIRED },
	};
	struct world w = real_world();
	struct cert leaf =
	    shared_cert("ee/vgca-g2-ee-org-tong-cuc-thue-2021-rsa2048.der");

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct chain chain;
		struct note note = { FAIL_NONE, "" };
		enum fail f =
		    chain_build(&leaf, (struct cert_set){ &w.sub_state, 1 },
			(struct cert_set){ &w.g2, 1 }, rows[i].instant, &chain,
			&note);

		if (f != rows[i].fail)
			fail_msg("row %zu: %s", i, fail_name(f));
		/* The late path is handed over as well. */
		assert_int_equal(chain.count, 3);
		assert_int_equal(note.fail, f);
	}
}

static void
missing_intermediate_is_no_path(void **state)
{
	struct world w = real_world();
	struct cert leaf =
	    shared_cert("ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072.der");
	struct chain chain;

	(void)state;
	assert_int_equal(
	    chain_build(&leaf, (struct cert_set){ &w.sub_party, 1 },
		(struct cert_set){ &w.g2, 1 }, IN_2026_11_23, &chain, NULL),
	    FAIL_CHAIN);
	assert_int_equal(
	    chain_build(&leaf, (struct cert_set){ &w.sub_state, 1 },
		(struct cert_set){ NULL, 0 }, IN_2026_11_23, &chain, NULL),
	    FAIL_CHAIN);
	/* The other generation's root is not this one's. */
	assert_int_equal(
	    chain_build(&leaf, (struct cert_set){ &w.sub_state, 1 },
		(struct cert_set){ &w.g1, 1 }, IN_2026_11_23, &chain, NULL),
	    FAIL_CHAIN);
}

static void
root_among_the_intermediates_is_not_trusted(void **state)
{
	struct world w = real_world();
	const struct cert pool[] = { w.sub_state, w.g2 };
	struct cert leaf =
	    shared_cert("ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072.der");
	struct chain chain;

	(void)state;
	assert_int_equal(
	    chain_build(&leaf, (struct cert_set){ pool, 2 },
		(struct cert_set){ &w.g1, 1 }, IN_2026_11_23, &chain, NULL),
	    FAIL_CHAIN);
}

static void
public_certificates_are_refused(void **state)
{
	static const char *const leaves[] = {
		"other/public-ca-viettelca.der",
		"other/public-ca-bkavca.der",
		"other/vnpt-ca-sha2.der",
		"other/mic-national-root-2008.der",
		"other/vn-national-root-neac-2014.der",
	};
	struct world w = real_world();
	const struct cert roots[] = { w.g1, w.g2 };
	const struct cert pool[] = { w.sub_state,
		shared_cert("other/mic-national-root-2008.der"),
		shared_cert("other/vn-national-root-neac-2014.der") };

	(void)state;
	for (size_t i = 0; i < COUNT(leaves); i++) {
		struct cert leaf = shared_cert(leaves[i]);
		struct chain chain;

		/* 2019: all of them were valid in their own tree. */
		if (chain_build(&leaf, (struct cert_set){ pool, 3 },
			(struct cert_set){ roots, 2 }, 1550000000, &chain,
			NULL) != FAIL_CHAIN)
			fail_msg("%s", leaves[i]);
	}
}

static void
pinned_leaf_ends_the_path_at_once(void **state)
{
	struct cert leaf =
	    shared_cert("ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072.der");
	struct chain chain;

	(void)state;
	assert_int_equal(
	    chain_build(&leaf, (struct cert_set){ NULL, 0 },
		(struct cert_set){ &leaf, 1 }, IN_2026_11_23, &chain, NULL),
	    FAIL_NONE);
	assert_int_equal(chain.count, 1);
	assert_int_equal(chain_build(&leaf, (struct cert_set){ NULL, 0 },
			     (struct cert_set){ &leaf, 1 }, 0, &chain, NULL),
	    FAIL_EXPIRED);
}

/* ---- TEST certificates, written by Mbed TLS with keys made here ---- */

#define KEYS 24

static mbedtls_pk_context keys[KEYS];

static int
make_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < KEYS; i++) {
		mbedtls_pk_init(&keys[i]);
		if (mbedtls_pk_setup(&keys[i],
			mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) ||
		    mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1,
			mbedtls_pk_ec(keys[i]), random_mbedtls, NULL))
			return -1;
	}
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < KEYS; i++)
		mbedtls_pk_free(&keys[i]);
	return 0;
}

struct recipe {
	const char *subject;
	size_t key; /* index into keys */
	const char *issuer;
	size_t issuer_key;
	enum { LEAF, CA, CA_PLAIN, CA_NO_SIGN } kind;
	int path_len;                       /* plus one; 0: no limit */
	bool odd;                           /* an unknown critical extension */
	bool old;                           /* ended with 2021 */
	struct bytes subject_id, issuer_id; /* key identifiers, or empty */
};

/* SubjectKeyIdentifier, or the keyIdentifier of the issuer. */
static void
put_key_id(mbedtls_x509write_cert *w, const char *oid, struct bytes head,
    struct bytes id)
{
	uint8_t value[64];

	if (!id.len)
		return;
	assert_true(head.len + id.len <= sizeof(value));
	memcpy(value, head.data, head.len);
	memcpy(value + head.len, id.data, id.len);
	assert_int_equal(mbedtls_x509write_crt_set_extension(
			     w, oid, 3, 0, value, head.len + id.len),
	    0);
}

static struct cert
make(const struct recipe *r)
{
	static unsigned char serial;
	static const unsigned char null[] = { 5, 0 };
	mbedtls_x509write_cert w;
	uint8_t *der = arena_take(&memory, 4096, 1);
	struct cert cert;
	int len;

	mbedtls_x509write_crt_init(&w);
	mbedtls_x509write_crt_set_version(&w, MBEDTLS_X509_CRT_VERSION_3);
	mbedtls_x509write_crt_set_md_alg(&w, MBEDTLS_MD_SHA256);
	mbedtls_x509write_crt_set_subject_key(&w, &keys[r->key]);
	mbedtls_x509write_crt_set_issuer_key(&w, &keys[r->issuer_key]);
	serial = (unsigned char)(serial % 100 + 1);
	assert_int_equal(
	    mbedtls_x509write_crt_set_serial_raw(&w, &serial, 1), 0);
	assert_int_equal(
	    mbedtls_x509write_crt_set_subject_name(&w, r->subject), 0);
	assert_int_equal(
	    mbedtls_x509write_crt_set_issuer_name(&w, r->issuer), 0);
	assert_int_equal(
	    mbedtls_x509write_crt_set_validity(&w, "20200101000000",
		r->old ? "20211231235959" : "20401231235959"),
	    0);
	if (r->kind != CA_PLAIN)
		assert_int_equal(mbedtls_x509write_crt_set_basic_constraints(
				     &w, r->kind != LEAF, r->path_len - 1),
		    0);
	if (r->kind == CA || r->kind == CA_NO_SIGN)
		assert_int_equal(
		    mbedtls_x509write_crt_set_key_usage(&w,
			r->kind == CA ? MBEDTLS_X509_KU_KEY_CERT_SIGN :
					MBEDTLS_X509_KU_CRL_SIGN),
		    0);
	if (r->odd) /* 1.2.3.4 */
		assert_int_equal(mbedtls_x509write_crt_set_extension(&w,
				     "\x2A\x03\x04", 3, 1, null, sizeof(null)),
		    0);
	put_key_id(&w, "\x55\x1D\x0E", BYTES_TEXT("\x04\x14"), r->subject_id);
	put_key_id(
	    &w, "\x55\x1D\x23", BYTES_TEXT("\x30\x16\x80\x14"), r->issuer_id);
	len = mbedtls_x509write_crt_der(&w, der, 4096, random_mbedtls, NULL);
	mbedtls_x509write_crt_free(&w);
	assert_true(len > 0);
	/* Mbed TLS writes from the end. */
	assert_int_equal(
	    cert_read(
		(struct bytes){ der + 4096 - len, (size_t)len }, &cert, NULL),
	    FAIL_NONE);
	return cert;
}

/* root first, leaf last, what is between is the pool. */
static enum fail
build(const struct recipe *recipes, size_t count, struct chain *chain)
{
	struct cert certs[ROOM];

	assert_true(count <= ROOM);
	for (size_t i = 0; i < count; i++)
		certs[i] = make(&recipes[i]);
	return chain_build(&certs[count - 1],
	    (struct cert_set){ certs + 1, count - 2 },
	    (struct cert_set){ certs, 1 }, IN_2026_11_23, chain, NULL);
}

#define ROOT "CN=TEST root"
#define SUB "CN=TEST sub"
#define SUB2 "CN=TEST sub of sub"
#define END "CN=TEST leaf"
#define THE_ROOT                                      \
	{                                             \
		ROOT, 0, ROOT, 0, CA, 0, 0, 0, { 0 }, \
		{                                     \
			0                             \
		}                                     \
	}
#define ONE(s, k, i, ik, ...)                                          \
	{                                                              \
		.subject = s, .key = k, .issuer = i, .issuer_key = ik, \
		__VA_ARGS__                                            \
	}

static void
paths_are_accepted_or_refused_by_rule(void **state)
{
	static const struct {
		const char *why;
		enum fail fail;
		size_t count;
		struct recipe certs[5];
	} rows[] = {
		{ "root and leaf", FAIL_NONE, 2,
		    { THE_ROOT, ONE(END, 9, ROOT, 0, .kind = LEAF) } },
		{ "one between", FAIL_NONE, 3,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA, .path_len = 1),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "two between", FAIL_NONE, 4,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA),
			ONE(SUB2, 2, SUB, 1, .kind = CA),
			ONE(END, 9, SUB2, 2, .kind = LEAF) } },
		{ "path length 0 over another CA (RFC 5280 4.2.1.9)",
		    FAIL_CHAIN, 4,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA, .path_len = 1),
			ONE(SUB2, 2, SUB, 1, .kind = CA),
			ONE(END, 9, SUB2, 2, .kind = LEAF) } },
		{ "path length 1 over one CA", FAIL_NONE, 4,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA, .path_len = 2),
			ONE(SUB2, 2, SUB, 1, .kind = CA),
			ONE(END, 9, SUB2, 2, .kind = LEAF) } },
		{ "path length of the root itself", FAIL_CHAIN, 3,
		    { ONE(ROOT, 0, ROOT, 0, .kind = CA, .path_len = 1),
			ONE(SUB, 1, ROOT, 0, .kind = CA),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "self-issued for a new key, not counted", FAIL_NONE, 4,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA, .path_len = 1),
			ONE(SUB, 2, SUB, 1, .kind = CA, .path_len = 1),
			ONE(END, 9, SUB, 2, .kind = LEAF) } },
		{ "a leaf issues", FAIL_CHAIN, 3,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = LEAF),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "issuer without constraints", FAIL_CHAIN, 3,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA_PLAIN),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "CA that may not sign certificates", FAIL_CHAIN, 3,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA_NO_SIGN),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "unknown critical extension in the leaf", FAIL_CHAIN, 2,
		    { THE_ROOT,
			ONE(END, 9, ROOT, 0, .kind = LEAF, .odd = true) } },
		{ "unknown critical extension in between", FAIL_CHAIN, 3,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA, .odd = true),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "leaf signed by another key", FAIL_CHAIN, 3,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA),
			ONE(END, 9, SUB, 2, .kind = LEAF) } },
		{ "intermediate signed by another key", FAIL_CHAIN, 3,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 2, .kind = CA),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "another issuer's name", FAIL_CHAIN, 3,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA),
			ONE(END, 9, SUB2, 1, .kind = LEAF) } },
		{ "self-signed leaf", FAIL_CHAIN, 2,
		    { THE_ROOT, ONE(END, 9, END, 9, .kind = CA) } },
		{ "self-signed leaf named like the root", FAIL_CHAIN, 2,
		    { THE_ROOT, ONE(ROOT, 9, ROOT, 9, .kind = CA) } },
		{ "two CAs that sign each other", FAIL_CHAIN, 4,
		    { THE_ROOT, ONE(SUB, 1, SUB2, 2, .kind = CA),
			ONE(SUB2, 2, SUB, 1, .kind = CA),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "old intermediate", FAIL_EXPIRED, 3,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA, .old = true),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "old intermediate and its renewal", FAIL_NONE, 4,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA, .old = true),
			ONE(SUB, 1, ROOT, 0, .kind = CA),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "renewal first, old one after", FAIL_NONE, 4,
		    { THE_ROOT, ONE(SUB, 1, ROOT, 0, .kind = CA),
			ONE(SUB, 1, ROOT, 0, .kind = CA, .old = true),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
		{ "old root", FAIL_EXPIRED, 2,
		    { ONE(ROOT, 0, ROOT, 0, .kind = CA, .old = true),
			ONE(END, 9, ROOT, 0, .kind = LEAF) } },
		{ "wrong turn first", FAIL_NONE, 5,
		    { THE_ROOT, ONE(SUB, 3, ROOT, 0, .kind = CA),
			ONE(SUB, 1, SUB2, 2, .kind = CA),
			ONE(SUB, 1, ROOT, 0, .kind = CA),
			ONE(END, 9, SUB, 1, .kind = LEAF) } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct chain chain;
		enum fail f = build(rows[i].certs, rows[i].count, &chain);

		if (f != rows[i].fail)
			fail_msg("%s: %s", rows[i].why, fail_name(f));
	}
}

/* The names and key identifiers of the government's CAs, other keys. */
static void
impostor_with_the_names_of_the_government_is_refused(void **state)
{
	static const char root_name[] = "C=VN, O=Ban Cơ yếu Chính phủ, "
					"CN=RootCA chuyên dùng Chính phủ G2";
	static const char sub_name[] = "C=VN, O=Ban Cơ yếu Chính phủ, "
				       "CN=CA phục vụ các cơ quan Nhà nước G2";
	struct world w = real_world();
	const struct recipe recipes[] = {
		{ root_name, 0, root_name, 0, CA, 0, false, false,
		    w.g2.subject_key, { NULL, 0 } },
		{ sub_name, 1, root_name, 0, CA, 1, false, false,
		    w.sub_state.subject_key, w.g2.subject_key },
		{ "CN=TEST impostor", 2, sub_name, 1, LEAF, 0, false, false,
		    { NULL, 0 }, w.sub_state.subject_key },
	};
	struct cert root = make(&recipes[0]), sub = make(&recipes[1]),
		    leaf = make(&recipes[2]);
	struct cert pool[] = { sub, root, w.sub_state };
	struct chain chain;

	(void)state;
	assert_true(bytes_equal(root.subject, w.g2.subject));
	assert_true(bytes_equal(root.subject_key, w.g2.subject_key));
	assert_true(bytes_equal(sub.subject, w.sub_state.subject));
	assert_true(bytes_equal(leaf.issuer, w.sub_state.subject));
	assert_true(bytes_equal(leaf.authority_key, w.sub_state.subject_key));
	assert_int_equal(
	    chain_build(&leaf, (struct cert_set){ pool, 3 },
		(struct cert_set){ &w.g2, 1 }, IN_2026_11_23, &chain, NULL),
	    FAIL_CHAIN);
	assert_int_equal(
	    chain_build(&root, (struct cert_set){ pool, 3 },
		(struct cert_set){ &w.g2, 1 }, IN_2026_11_23, &chain, NULL),
	    FAIL_CHAIN);
	/* It hangs together: only the pinned key tells the difference. */
	assert_int_equal(
	    chain_build(&leaf, (struct cert_set){ pool, 3 },
		(struct cert_set){ &root, 1 }, IN_2026_11_23, &chain, NULL),
	    FAIL_NONE);
}

static void
impostor_in_the_pool_does_not_hide_the_real_one(void **state)
{
	struct world w = real_world();
	const struct recipe recipe = { "C=VN, O=Ban Cơ yếu Chính phủ, "
				       "CN=CA phục vụ các cơ quan Nhà nước G2",
		1, "CN=TEST nobody", 0, CA, 0, false, false,
		w.sub_state.subject_key, { NULL, 0 } };
	struct cert pool[] = { make(&recipe), w.sub_state };
	struct cert leaf =
	    shared_cert("ee/vgca-g2-ee-org-cuc-thue-2025-rsa3072.der");
	struct chain chain;

	(void)state;
	assert_int_equal(
	    chain_build(&leaf, (struct cert_set){ pool, 2 },
		(struct cert_set){ &w.g2, 1 }, IN_2026_11_23, &chain, NULL),
	    FAIL_NONE);
	assert_ptr_equal(chain.certs[1], &pool[1]);
}

/* count certificates in a line, root and leaf included. */
static enum fail
build_line(size_t count, struct chain *chain)
{
	struct recipe recipes[ROOM];
	static char names[ROOM][32];

	for (size_t i = 0; i < count; i++) {
		size_t up = i ? i - 1 : 0;

		snprintf(names[i], sizeof(names[i]), "CN=TEST line %zu", i);
		recipes[i] = (struct recipe){ .subject = names[i],
			.key = i,
			.issuer = names[up],
			.issuer_key = up,
			.kind = i == count - 1 ? LEAF : CA };
	}
	return build(recipes, count, chain);
}

static void
longest_path_is_the_promised_depth(void **state)
{
	struct chain chain;

	(void)state;
	assert_int_equal(build_line(CHAIN_DEPTH_MAX, &chain), FAIL_NONE);
	assert_int_equal(chain.count, CHAIN_DEPTH_MAX);
	assert_int_equal(build_line(CHAIN_DEPTH_MAX + 1, &chain), FAIL_CHAIN);
}

/* Many CAs of one name, each certified by each: a search without end. */
static void
tangle_of_certificates_is_given_up(void **state)
{
	static struct cert pool[ROOM * ROOM];
	size_t count = 0;
	struct cert root, leaf;
	struct chain chain;
	const struct recipe the_root = THE_ROOT;
	const struct recipe end = ONE(END, 23, SUB, 0, .kind = LEAF);

	(void)state;
	root = make(&the_root);
	leaf = make(&end);
	for (size_t i = 0; i < ROOM; i++)
		for (size_t j = 0; j < ROOM; j++) {
			const struct recipe r = ONE(SUB, i, SUB, j, .kind = CA);

			pool[count++] = make(&r);
		}
	assert_int_equal(
	    chain_build(&leaf, (struct cert_set){ pool, count },
		(struct cert_set){ &root, 1 }, IN_2026_11_23, &chain, NULL),
	    FAIL_LIMIT);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(real_certificates_reach_their_pinned_root),
		ROW(leaf_intermediate_and_root_stand_in_that_order),
		ROW(validity_is_judged_at_the_given_instant),
		ROW(missing_intermediate_is_no_path),
		ROW(root_among_the_intermediates_is_not_trusted),
		ROW(public_certificates_are_refused),
		ROW(pinned_leaf_ends_the_path_at_once),
		ROW(paths_are_accepted_or_refused_by_rule),
		ROW(impostor_with_the_names_of_the_government_is_refused),
		ROW(impostor_in_the_pool_does_not_hide_the_real_one),
		ROW(longest_path_is_the_promised_depth),
		ROW(tangle_of_certificates_is_given_up),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}

#include "crypto/timestamp.h"

#include "base/when.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "tests/unit/crypto/crypto_test.h"

/* Tokens of the government's two authorities: the documents' signature values
 * are what they stamp (../shared/pki-real/README.md). */
static const struct real {
	const char *name;
	int day, hour, minute, second; /* genTime, UTC */
	int month;
} reals[] = {
	{ "970", 13, 9, 49, 12, 9 },
	{ "981", 16, 9, 29, 9, 9 },
	{ "985", 16, 9, 18, 12, 9 },
	{ "1009", 20, 9, 29, 9, 9 },
	{ "1039", 25, 9, 9, 39, 9 },
	{ "1139", 10, 15, 50, 51, 10 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct bytes
real_file(const struct real *r, const char *kind)
{
	char path[100];

	snprintf(path, sizeof(path), "signed-pdf/%s-ttg.%s", r->name, kind);
	return shared_file(path);
}

static size_t
certs_of(const struct timestamp *t, struct cert *certs)
{
	size_t count = 0;

	for (size_t i = 0; i < t->cms.cert_count; i++)
		count += !cert_read(t->cms.certs[i], &certs[count], NULL);
	return count;
}

static void
real_tokens_stamp_the_signatures_they_came_with(void **state)
{
	static struct timestamp t;
	static struct cert certs[CMS_CERTS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(reals); i++) {
		const struct real *r = &reals[i];
		struct arena_mark mark = arena_mark(&memory);
		struct note note = { FAIL_NONE, "" };
		const struct cert *authority;
		uint8_t digest[HASH_MAX];
		static struct cms cms;

		if (timestamp_read(real_file(r, "tstoken.der"), &t, &note))
			fail_msg("%s: %s", r->name, note.text);
		assert_true(t.time ==
		    when_join((struct when_date){ 2024, r->month, r->day,
				  r->hour, r->minute, r->second },
			0));
		assert_int_equal(t.hash, HASH_SHA1);
		/* 2.16.704.1.1.1.2 */
		assert_true(bytes_equal(t.policy, unhex("60854001010102")));
		assert_int_equal(
		    cms_read(real_file(r, "cms.der"), &cms, NULL), FAIL_NONE);
		hash_bytes(t.hash, cms.signer.signature, digest);
		if (timestamp_verify(&t, digest, certs, certs_of(&t, certs),
			&authority, &note))
			fail_msg("%s: %s", r->name, note.text);
		digest[0] ^= 1;
		assert_int_equal(timestamp_verify(&t, digest, certs,
				     certs_of(&t, certs), &authority, &note),
		    FAIL_DIGEST);
		assert_int_equal(
		    timestamp_verify(&t, digest, certs, 0, &authority, &note),
		    FAIL_MISSING);
		arena_back(&memory, mark);
	}
}

static void
token_changed_in_any_byte_is_never_taken(void **state)
{
	static struct timestamp t;
	static struct cert certs[CMS_CERTS_MAX];
	static struct cms cms;
	struct bytes token = real_file(&reals[0], "tstoken.der");
	uint8_t *copy = arena_take(&memory, token.len, 1);
	uint8_t digest[HASH_MAX];
	const struct cert *authority;
	int64_t time;

	(void)state;
	assert_int_equal(
	    cms_read(real_file(&reals[0], "cms.der"), &cms, NULL), FAIL_NONE);
	hash_bytes(HASH_SHA1, cms.signer.signature, digest);
	assert_int_equal(timestamp_read(token, &t, NULL), FAIL_NONE);
	time = t.time;
	memcpy(copy, token.data, token.len);
	for (size_t i = 0; i < token.len; i += 3) {
		struct bytes in = { copy, token.len };

		copy[i] ^= 0x04;
		/* Other certificates and unsigned attributes may change; what
		 * is said of the time may not. */
		if (!timestamp_read(in, &t, NULL) &&
		    !timestamp_verify(&t, digest, certs, certs_of(&t, certs),
			&authority, NULL))
			assert_true(t.time == time);
		copy[i] ^= 0x04;
	}
}

/* `openssl ts -query -sha256 -cert` of the word "hello", with our nonce. */
static void
query_is_what_openssl_writes(void **state)
{
	struct timestamp_query q = { .hash = HASH_SHA256,
		.nonce = { 0x40, 1, 2, 3, 4, 5, 6, 7 } };
	struct bytes want = unhex(
	    "3043020101"
	    "3031300d060960864801650304020105000420"
	    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	    "02084001020304050607"
	    "0101ff");
	struct buf out;

	(void)state;
	hash_bytes(HASH_SHA256, BYTES_TEXT("hello"), q.digest);
	buf_init(&out, 1024);
	assert_int_equal(timestamp_query_write(&q, &out), FAIL_NONE);
	assert_true(bytes_equal(buf_view(&out), want));
	buf_free(&out);
}

/* TimeStampResp with a status and, perhaps, a token. */
static struct bytes
answer_of(uint32_t status, struct bytes token)
{
	struct buf out;
	struct bytes made;
	der_mark all, info;

	buf_init(&out, TIMESTAMP_ANSWER_MAX);
	all = info = der_begin(&out);
	der_put_int(&out, status);
	der_end_with(&out, info, DER_SEQUENCE);
	buf_bytes(&out, token);
	der_end_with(&out, all, DER_SEQUENCE);
	assert_int_equal(buf_fail(&out), FAIL_NONE);
	made = arena_copy(&memory, buf_view(&out));
	buf_free(&out);
	return made;
}

static void
answers_are_held_against_the_query(void **state)
{
	static struct timestamp t;
	static uint8_t copy[16384];
	struct bytes stored = real_file(&reals[0], "tstoken.der");
	struct bytes real = { copy, stored.len }, token = { NULL, 0 };
	struct timestamp_query q = { .hash = HASH_SHA1 };
	struct note note = { FAIL_NONE, "" };

	(void)state;
	assert_true(stored.len <= sizeof(copy));
	memcpy(copy, stored.data, stored.len);
	assert_int_equal(timestamp_read(real, &t, NULL), FAIL_NONE);
	memcpy(q.digest, t.imprint.data, t.imprint.len);
	assert_int_equal(t.nonce.len, TIMESTAMP_NONCE);
	/* A nonce as ours are; who signed is not asked here. */
	copy[t.nonce.data - copy] = 0x41;
	memcpy(q.nonce, t.nonce.data, TIMESTAMP_NONCE);
	q.policy = t.policy;
	assert_int_equal(
	    timestamp_answer_read(answer_of(0, real), &q, &token, &note),
	    FAIL_NONE);
	assert_true(bytes_equal(token, real));
	q.policy = bytes_part(t.policy, 1, SIZE_MAX);
	assert_int_equal(
	    timestamp_answer_read(answer_of(0, real), &q, &token, &note),
	    FAIL_PEER);
	q.policy = (struct bytes){ NULL, 0 };
	q.nonce[7] ^= 1;
	assert_int_equal(
	    timestamp_answer_read(answer_of(0, real), &q, &token, &note),
	    FAIL_DIGEST);
	q.nonce[7] ^= 1;
	q.digest[0] ^= 1;
	assert_int_equal(
	    timestamp_answer_read(answer_of(0, real), &q, &token, &note),
	    FAIL_DIGEST);
	assert_int_equal(
	    timestamp_answer_read(
		answer_of(2, (struct bytes){ NULL, 0 }), &q, &token, &note),
	    FAIL_PEER);
	assert_int_equal(
	    timestamp_answer_read(
		answer_of(0, (struct bytes){ NULL, 0 }), &q, &token, &note),
	    FAIL_FORMAT);
	assert_int_equal(
	    timestamp_answer_read(BYTES_TEXT("<html>"), &q, &token, &note),
	    FAIL_FORMAT);
}

static void
signature_over_something_else_is_no_token(void **state)
{
	static struct timestamp t;

	(void)state;
	assert_int_equal(
	    timestamp_read(real_file(&reals[0], "cms.der"), &t, NULL),
	    FAIL_FORMAT);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(real_tokens_stamp_the_signatures_they_came_with),
		ROW(token_changed_in_any_byte_is_never_taken),
		ROW(query_is_what_openssl_writes),
		ROW(answers_are_held_against_the_query),
		ROW(signature_over_something_else_is_no_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "crypto/ocsp.h"

#include "tests/unit/crypto/revocation_test.h"

static struct ocsp answer;

static void
an_answer_of_openssl_is_read(void **state)
{
	struct cert ca = cert_of(ca_der), bad = cert_of(user_1001);
	struct cert good = cert_of(user_1003), room;
	const struct ocsp_single *single;
	const struct cert *responder;
	struct note note = { FAIL_NONE, "" };

	(void)state;
	if (ocsp_read(unhex(answer_der), &answer, &note))
		fail_msg("%s", note.text);
	assert_int_equal(answer.produced, MADE);
	assert_int_equal(answer.single_count, 2);
	assert_int_equal(answer.nonce.len, 16);
	single = ocsp_find(&answer, &bad, &ca);
	assert_non_null(single);
	assert_int_equal(single->status, OCSP_REVOKED);
	assert_int_equal(single->revoked, 1709251200);
	assert_int_equal(single->reason, 1);
	assert_int_equal(single->this_update, MADE);
	assert_int_equal(single->next_update, MADE_NEXT);
	single = ocsp_find(&answer, &good, &ca);
	assert_non_null(single);
	assert_int_equal(single->status, OCSP_GOOD);
	/* Another issuer's certificate of the same number. */
	assert_null(ocsp_find(&answer, &good, &bad));
	assert_null(ocsp_find(&answer, &ca, &ca));
	assert_int_equal(
	    ocsp_verify(&answer, &ca, &room, &responder, &note), FAIL_NONE);
	assert_ptr_equal(responder, &room);
	assert_true(bytes_equal(room.serial, cert_of(responder_der).serial));
	assert_int_equal(
	    ocsp_verify(&answer, &bad, &room, &responder, NULL), FAIL_CHAIN);
}

static void
a_question_is_as_openssl_asks_it(void **state)
{
	struct cert ca = cert_of(ca_der), one = cert_of(user_1001);
	struct bytes query = unhex(query_der);
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	assert_int_equal(
	    ocsp_request_write(&one, &ca, (struct bytes){ NULL, 0 }, &out),
	    FAIL_NONE);
	/* Theirs asks about two: our one identifier stands in it. */
	assert_non_null(
	    memmem(query.data, query.len, out.data + 8, out.len - 8));
	buf_clear(&out);
	assert_int_equal(
	    ocsp_request_write(&one, &ca, BYTES_TEXT("0123456789abcdef"), &out),
	    FAIL_NONE);
	assert_non_null(memmem(out.data, out.len, "0123456789abcdef", 16));
	buf_free(&out);
}

static void
a_changed_answer_is_never_good(void **state)
{
	struct bytes der = unhex(answer_der);
	struct cert ca = cert_of(ca_der), good = cert_of(user_1003), room;
	const struct cert *responder;
	uint8_t *copy = arena_take(&memory, der.len, 1);
	size_t from, end;

	(void)state;
	assert_int_equal(ocsp_read(der, &answer, NULL), FAIL_NONE);
	from = (size_t)(answer.tbs.data - der.data);
	end = from + answer.tbs.len;
	for (size_t bit = 8 * from; bit < 8 * end; bit++) {
		memcpy(copy, der.data, der.len);
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (!ocsp_read(
			(struct bytes){ copy, der.len }, &answer, NULL) &&
		    ocsp_find(&answer, &good, &ca) &&
		    !ocsp_verify(&answer, &ca, &room, &responder, NULL))
			fail_msg("bit %zu", bit);
	}
}

static void
every_cut_of_an_answer_is_refused(void **state)
{
	struct bytes der = unhex(answer_der);

	(void)state;
	for (size_t len = 0; len < der.len; len++)
		assert_int_not_equal(
		    ocsp_read(bytes_part(der, 0, len), &answer, NULL),
		    FAIL_NONE);
}

static void
a_responder_that_cannot_answer_says_so(void **state)
{
	static const struct {
		const char *answer, *word;
	} rows[] = {
		{ "30030a0101", "malformedRequest" },
		{ "30030a0103", "tryLater" },
		{ "30030a0106", "unauthorized" },
		{ "30030a0163", "unknown" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct note note = { FAIL_NONE, "" };

		assert_int_equal(
		    ocsp_read(unhex(rows[i].answer), &answer, &note),
		    FAIL_PEER);
		assert_non_null(strstr(note.text, rows[i].word));
	}
	assert_int_equal(
	    ocsp_read(unhex("30030a0100"), &answer, NULL), FAIL_FORMAT);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(an_answer_of_openssl_is_read),
		ROW(a_question_is_as_openssl_asks_it),
		ROW(a_changed_answer_is_never_good),
		ROW(every_cut_of_an_answer_is_refused),
		ROW(a_responder_that_cannot_answer_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

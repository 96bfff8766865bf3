#include "crypto/revocation.h"

#include "base/effort.h"

#include "tests/unit/crypto/revocation_test.h"
#include "tests/unit/crypto/revoked_late.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DAY INT64_C(86400)
#define LATE INT64_C(1795863600) /* 2026-11-28 11:00 */

/* What openssl made in one second, judged at an instant, known since another.
 */
static struct revocation
judge(const char *user, bool answer, bool list, int64_t instant, int64_t proven)
{
	struct cert ca = cert_of(ca_der), cert = cert_of(user);
	struct evidence items[2];
	size_t count = 0;
	struct revocation_question q = { .cert = &cert,
		.issuer = &ca,
		.roots = { &ca, 1 },
		.instant = instant };
	struct revocation r;

	if (list)
		items[count++] = (struct evidence){ .kind = EVIDENCE_CRL,
			.der = unhex(list_der),
			.proven = proven };
	if (answer)
		items[count++] = (struct evidence){ .kind = EVIDENCE_OCSP,
			.der = unhex(answer_der),
			.proven = proven };
	revocation_check(&q, (struct evidence_set){ items, count }, &r);
	r.evidence = NULL; /* it was this function's */
	return r;
}

static void
each_kind_of_evidence_tells(void **state)
{
	static const struct {
		const char *user;
		bool answer, list;
		enum fail state;
	} rows[] = {
		{ user_1001, true, false, FAIL_REVOKED },
		{ user_1001, false, true, FAIL_REVOKED },
		{ user_1001, true, true, FAIL_REVOKED },
		{ user_1003, true, false, FAIL_NONE },
		{ user_1003, false, true, FAIL_NONE },
		{ user_1003, false, false, FAIL_MISSING },
		/* The answer is about others. */
		{ responder_der, true, false, FAIL_MISSING },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct revocation r = judge(rows[i].user, rows[i].answer,
		    rows[i].list, MADE + DAY, MADE + DAY);

		if (r.state != rows[i].state)
			fail_msg("row %zu: %s %s", i, fail_name(r.state),
			    r.note.text);
		if (r.state == FAIL_REVOKED)
			assert_int_equal(r.revoked, 1709251200);
		if (r.state == FAIL_MISSING)
			assert_true(r.note.text[0]);
		else
			assert_int_equal(r.this_update, MADE);
	}
}

static void
evidence_tells_about_its_own_time(void **state)
{
	static const struct {
		int64_t instant, proven;
		enum fail state; /* of 1003, which is good */
		const char *why;
	} rows[] = {
		{ MADE, MADE, FAIL_NONE, "the second it was made" },
		{ MADE - DAY, MADE + DAY, FAIL_NONE, "before: good since" },
		{ MADE_NEXT, MADE_NEXT, FAIL_NONE, "its last second" },
		{ MADE_NEXT + 1, MADE_NEXT + 1, FAIL_MISSING, "outdated" },
		{ MADE, MADE - DAY, FAIL_MISSING, "made after it was proven" },
		{ MADE - DAY, MADE - DAY, FAIL_MISSING, "not there yet" },
		{ MADE, MADE - 200, FAIL_NONE, "a clock that is fast" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int kind = 0; kind < 2; kind++) {
			struct revocation r = judge(user_1003, kind == 0,
			    kind == 1, rows[i].instant, rows[i].proven);

			if (r.state != rows[i].state)
				fail_msg("%s: %s %s", rows[i].why,
				    fail_name(r.state), r.note.text);
		}
}

/* The certificate was used before it was revoked. */
static void
a_later_revocation_is_told_and_does_not_count(void **state)
{
	struct revocation r =
	    judge(user_1001, true, false, INT64_C(1709251199), MADE + DAY);

	(void)state;
	assert_int_equal(r.state, FAIL_NONE);
	assert_int_equal(r.revoked, 1709251200);
}

static void
evidence_of_somebody_else_is_none(void **state)
{
	/* The same name, another key: the responder's certificate given the
	 * CA's name in the question. */
	struct cert ca = cert_of(ca_der), cert = cert_of(user_1003);
	struct cert other = cert_of(responder_der);
	struct evidence items[] = {
		{ .kind = EVIDENCE_CRL,
		    .der = unhex(list_der),
		    .proven = MADE + DAY },
		{ .kind = EVIDENCE_OCSP,
		    .der = unhex(answer_der),
		    .proven = MADE + DAY },
	};
	struct revocation_question q = { .cert = &cert,
		.issuer = &other,
		.roots = { &other, 1 },
		.instant = MADE + DAY };
	struct revocation r;

	(void)state;
	other.subject = ca.subject;
	revocation_check(&q, (struct evidence_set){ items, 2 }, &r);
	assert_int_equal(r.state, FAIL_MISSING);
}

/* 11:00: an answer that was good at 08:00 does not hide what a list of 12:00
 * says, in whatever order they stand. */
static void
what_knows_of_a_revocation_is_believed(void **state)
{
	struct cert ca = cert_of(late_ca), cert = cert_of(late_user);
	struct evidence items[] = {
		{ .kind = EVIDENCE_OCSP,
		    .der = unhex(late_answer),
		    .proven = LATE + 7200 },
		{ .kind = EVIDENCE_CRL,
		    .der = unhex(late_list),
		    .proven = LATE + 7200 },
	};
	struct revocation_question q = { .cert = &cert,
		.issuer = &ca,
		.roots = { &ca, 1 },
		.instant = LATE };
	struct revocation_budget none = { 0, 0 };
	struct revocation r;

	(void)state;
	revocation_check(&q, (struct evidence_set){ items, 1 }, &r);
	assert_int_equal(r.state, FAIL_NONE);
	revocation_check(&q, (struct evidence_set){ items + 1, 1 }, &r);
	assert_int_equal(r.state, FAIL_REVOKED);
	revocation_check(&q, (struct evidence_set){ items, 2 }, &r);
	assert_int_equal(r.state, FAIL_REVOKED);
	assert_int_equal(r.revoked, LATE - 3600);
	/* What there was no budget for might have told the same. */
	q.budget = &none;
	revocation_check(&q, (struct evidence_set){ items, 2 }, &r);
	assert_int_equal(r.state, FAIL_MISSING);
	revocation_check(&q, (struct evidence_set){ items, 1 }, &r);
	assert_int_equal(r.state, FAIL_NONE);
	/* Of a file that has cost too much nothing more is looked at. */
	assert_true(effort_begin(0));
	effort_add(EFFORT_LEAST);
	revocation_check(&q, (struct evidence_set){ items, 1 }, &r);
	effort_end(true);
	assert_int_equal(r.state, FAIL_MISSING);
	q.budget = NULL;
	/* Before it was revoked the newer one decides, and tells when it was.
	 */
	q.instant = LATE - 7200;
	revocation_check(&q, (struct evidence_set){ items, 2 }, &r);
	assert_int_equal(r.state, FAIL_NONE);
	assert_ptr_equal(r.evidence, &items[1]);
	assert_int_equal(r.revoked, LATE - 3600);
}

static void
lists_are_read_within_a_budget(void **state)
{
	struct cert ca = cert_of(ca_der), cert = cert_of(user_1003);
	struct evidence item = {
		.kind = EVIDENCE_CRL, .der = unhex(list_der), .proven = MADE
	};
	struct revocation_budget budget = { item.der.len, 0 };
	struct revocation_question q = {
		.cert = &cert, .issuer = &ca, .instant = MADE, .budget = &budget
	};
	struct revocation r;

	(void)state;
	revocation_check(&q, (struct evidence_set){ &item, 1 }, &r);
	assert_int_equal(r.state, FAIL_NONE);
	assert_int_equal(budget.bytes, 0);
	revocation_check(&q, (struct evidence_set){ &item, 1 }, &r);
	assert_int_equal(r.state, FAIL_MISSING);
}

static void
noise_is_no_evidence(void **state)
{
	struct cert ca = cert_of(ca_der), cert = cert_of(user_1003);
	struct evidence items[] = {
		{ .kind = EVIDENCE_CRL, .der = unhex("3000"), .proven = MADE },
		{ .kind = EVIDENCE_OCSP, .der = unhex("3000"), .proven = MADE },
		{ .kind = EVIDENCE_OCSP,
		    .der = unhex(list_der),
		    .proven = MADE },
		{ .kind = EVIDENCE_CRL,
		    .der = unhex(answer_der),
		    .proven = MADE },
		{ .kind = EVIDENCE_CRL, .der = { NULL, 0 }, .proven = MADE },
	};
	struct revocation_question q = {
		.cert = &cert, .issuer = &ca, .instant = MADE
	};
	struct revocation r;

	(void)state;
	revocation_check(&q, (struct evidence_set){ items, COUNT(items) }, &r);
	assert_int_equal(r.state, FAIL_MISSING);
	assert_null(r.evidence);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(each_kind_of_evidence_tells),
		ROW(evidence_tells_about_its_own_time),
		ROW(a_later_revocation_is_told_and_does_not_count),
		ROW(evidence_of_somebody_else_is_none),
		ROW(what_knows_of_a_revocation_is_believed),
		ROW(lists_are_read_within_a_budget),
		ROW(noise_is_no_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

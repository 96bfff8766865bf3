#include "crypto/distribution.h"

#include "crypto/crl.h"
#include "tests/unit/crypto/revocation_test.h"

static void
places_of_a_certificate_are_told_in_turn(void **state)
{
	struct cert c = cert_of(user_1001);

	(void)state;
	assert_true(bytes_equal_text(
	    distribution_url(c.crl_points, 0), "http://a.test/l.crl"));
	assert_int_equal(distribution_url(c.crl_points, 1).len, 0);
	assert_true(bytes_equal_text(
	    access_url(c.access, OID_ACCESS_OCSP, 0), "http://b.test"));
	assert_int_equal(access_url(c.access, OID_ACCESS_OCSP, 1).len, 0);
	assert_true(
	    bytes_equal_text(access_url(c.access, OID_ACCESS_ISSUERS, 0),
		"http://c.test/i.crt"));
	assert_int_equal(distribution_url((struct bytes){ NULL, 0 }, 0).len, 0);
	assert_int_equal(
	    access_url((struct bytes){ NULL, 0 }, OID_ACCESS_OCSP, 0).len, 0);
}

static void
reasons_are_a_mask(void **state)
{
	static const struct {
		const char *bits;
		enum fail fail;
		unsigned reasons;
	} rows[] = {
		{ "0560", FAIL_NONE, 0x06 },
		{ "07ff80", FAIL_NONE, CRL_ALL_REASONS },
		{ "0080", FAIL_NONE, 0 }, /* bit 0 has no meaning */
		{ "00", FAIL_NONE, 0 },
		{ "", FAIL_FORMAT, 0 },
		{ "0860", FAIL_FORMAT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned reasons = 0;

		assert_int_equal(
		    reasons_read(unhex(rows[i].bits), &reasons), rows[i].fail);
		assert_int_equal(reasons, rows[i].reasons);
	}
}

#define CN_A "310a300806035504030c0141"
#define CN_B "310a300806035504030c0142"
#define NAME_A "300c" CN_A
#define NAME_AB "3018" CN_A CN_B
#define DIRECTORY_A "a40e" NAME_A
#define DIRECTORY_AB "a41a" NAME_AB
#define URI_X "8608687474703a2f2f78"

static void
points_match_by_a_name_they_share(void **state)
{
	static const struct {
		const char *a, *b;
		bool match;
		const char *why;
	} rows[] = {
		{ "a00a" URI_X, "a00a" URI_X, true, "the same URI" },
		{ "a00a" URI_X, "a00a8608687474703a2f2f79", false,
		    "another URI" },
		{ "a010" DIRECTORY_A, "a010" DIRECTORY_A, true,
		    "the same directory name" },
		{ "a010" DIRECTORY_A,
		    "a010a40e300c310a300806035504031301"
		    "61",
		    true, "the same written otherwise" },
		{ "a01a" URI_X DIRECTORY_A, "a010" DIRECTORY_A, true,
		    "one of two" },
		{ "a010" DIRECTORY_A, "a00a" URI_X, false, "nothing shared" },
		/* Relative names stand below the issuer, which is A here. */
		{ "a10a300806035504030c0142", "a10a300806035504030c0142", true,
		    "the same relative name" },
		{ "a10a300806035504030c0142", "a10a300806035504030c0143", false,
		    "another relative name" },
		{ "a10a300806035504030c0142", "a01c" DIRECTORY_AB, true,
		    "relative and full" },
		{ "a10a300806035504030c0142", "a010" DIRECTORY_A, false,
		    "relative and the issuer alone" },
		{ "a10a300806035504030c0143", "a01c" DIRECTORY_AB, false,
		    "relative and another full one" },
		{ "", "", false, "nothing" },
		{ "a200", "a200", false, "no form of a name" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes a = unhex(rows[i].a), b = unhex(rows[i].b);
		struct bytes issuer = unhex(NAME_A);

		if (distribution_match(a, b, issuer) != rows[i].match ||
		    distribution_match(b, a, issuer) != rows[i].match)
			fail_msg("%s", rows[i].why);
	}
	assert_true(
	    distribution_names(unhex("a010" DIRECTORY_A), unhex(NAME_A)));
	assert_false(
	    distribution_names(unhex("a010" DIRECTORY_A), unhex(NAME_AB)));
	assert_true(
	    distribution_lists(unhex(DIRECTORY_A URI_X), unhex(NAME_A)));
}

static void
points_are_stepped_through(void **state)
{
	/* Two: a URI for one reason; an issuer of lists. */
	static const char content[] = "3028"
				      "3012"
				      "a00c"
				      "a00a" URI_X "81020640"
				      "3012a210" DIRECTORY_A;
	struct distribution_point p;
	struct der list;

	(void)state;
	assert_int_equal(distribution_open(unhex(content), &list), FAIL_NONE);
	assert_int_equal(distribution_next(&list, &p), FAIL_NONE);
	assert_int_equal(p.reasons, 0x02);
	assert_int_equal(p.crl_issuer.len, 0);
	assert_int_equal(distribution_next(&list, &p), FAIL_NONE);
	assert_int_equal(p.reasons, CRL_ALL_REASONS);
	assert_int_equal(p.name.len, 0);
	assert_true(distribution_lists(p.crl_issuer, unhex(NAME_A)));
	assert_int_equal(distribution_next(&list, &p), FAIL_MISSING);
	assert_int_equal(distribution_open(unhex("3100"), &list), FAIL_FORMAT);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(places_of_a_certificate_are_told_in_turn),
		ROW(reasons_are_a_mask),
		ROW(points_match_by_a_name_they_share),
		ROW(points_are_stepped_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

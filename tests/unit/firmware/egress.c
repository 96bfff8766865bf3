#include "firmware/egress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
only_listed_hosts_are_found(void **state)
{
	static const char list[] =
	    "tsa.ca.gov.vn  ocsp.test=10.0.2.2:8123 crl.test:8080 "
	    "both.test:81=10.0.2.2";
	static const struct {
		const char *url;
		enum fail fail;
		const char *host;
		uint16_t port;
	} rows[] = {
		{ "http://tsa.ca.gov.vn", FAIL_NONE, "tsa.ca.gov.vn", 80 },
		{ "http://TSA.ca.gov.VN/x", FAIL_NONE, "tsa.ca.gov.vn", 80 },
		{ "http://ocsp.test/a", FAIL_NONE, "10.0.2.2", 8123 },
		{ "http://crl.test:8080/", FAIL_NONE, "crl.test", 8080 },
		{ "http://both.test:81/", FAIL_NONE, "10.0.2.2", 80 },
		{ "http://crl.test/", FAIL_RIGHTS, "", 0 },
		{ "http://tsa.ca.gov.vn:81", FAIL_RIGHTS, "", 0 },
		{ "http://a.tsa.ca.gov.vn", FAIL_RIGHTS, "", 0 },
		{ "http://10.0.2.2:8123/", FAIL_RIGHTS, "", 0 },
		{ "http://localhost/", FAIL_RIGHTS, "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct egress where = { "", 0 };
		struct fetch_url url;

		assert_int_equal(fetch_url_read(rows[i].url, &url), FAIL_NONE);
		assert_int_equal(
		    egress_find(BYTES_TEXT(list), &url, &where), rows[i].fail);
		assert_string_equal(where.host, rows[i].host);
		assert_int_equal(where.port, rows[i].port);
	}
}

static void
words_that_are_no_places_are_refused(void **state)
{
	static const struct {
		const char *list;
		enum fail fail;
	} rows[] = {
		{ "", FAIL_NONE },
		{ "  ", FAIL_NONE },
		{ "a.test b.test:8=1.2.3.4:9", FAIL_NONE },
		{ "a.test:0", FAIL_USAGE },
		{ "a.test:99999", FAIL_USAGE },
		{ "a.test=", FAIL_USAGE },
		{ "=1.2.3.4", FAIL_USAGE },
		{ "a.test/path", FAIL_USAGE },
		{ "http://a.test", FAIL_USAGE },
		{ "a_b", FAIL_USAGE },
		{ "*", FAIL_USAGE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (egress_check(BYTES_TEXT(rows[i].list)) != rows[i].fail)
			fail_msg("%s", rows[i].list);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_listed_hosts_are_found),
		cmocka_unit_test(words_that_are_no_places_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

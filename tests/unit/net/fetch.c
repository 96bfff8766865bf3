#include "net/fetch.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static void
addresses_are_taken_apart(void **state)
{
	static const struct {
		const char *text, *host, *path;
		uint16_t port;
	} good[] = {
		{ "http://tsa.ca.gov.vn", "tsa.ca.gov.vn", "/", 80 },
		{ "http://tsa.ca.gov.vn/", "tsa.ca.gov.vn", "/", 80 },
		{ "http://127.0.0.1:8080/tsa?a=b", "127.0.0.1", "/tsa?a=b",
		    8080 },
	};
	static const char *const bad[] = { "", "http://", "https://a/",
		"ftp://a/", "http://a b/", "http://a:0/", "http://a:65536/",
		"http://a:x/", "http://a\r\nX: y/", "http://a/\r\nX: y",
		"http://user@a/", "http://[::1]/", "http://a?b" };
	struct fetch_url u;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(fetch_url_read(good[i].text, &u), FAIL_NONE);
		assert_string_equal(u.host, good[i].host);
		assert_string_equal(u.path, good[i].path);
		assert_int_equal(u.port, good[i].port);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(fetch_url_read(bad[i], &u), FAIL_USAGE);
}

static void
request_says_all_a_server_needs(void **state)
{
	struct fetch_url u;
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_int_equal(fetch_url_read("http://a:81/tsa", &u), FAIL_NONE);
	assert_int_equal(fetch_request(&u, "application/timestamp-query",
			     BYTES_TEXT("body"), &out),
	    FAIL_NONE);
	assert_true(bytes_equal_text(buf_view(&out),
	    "POST /tsa HTTP/1.1\r\nHost: a:81\r\nConnection: close\r\n"
	    "User-Agent: antin\r\n"
	    "Content-Type: application/timestamp-query\r\n"
	    "Content-Length: 4\r\n\r\nbody"));
	buf_free(&out);
}

/* Feed text in pieces of every size; the outcome must not depend on it. */
static enum fetch_result
feed(const char *text, size_t piece, struct fetch_answer *a)
{
	struct bytes in = BYTES_TEXT(text);
	enum fetch_result r = FETCH_MORE;

	fetch_answer_init(a, 64);
	for (size_t at = 0; at < in.len && r == FETCH_MORE; at += piece)
		r = fetch_answer_feed(a, bytes_part(in, at, piece));
	return r == FETCH_MORE ? fetch_answer_end(a) : r;
}

static const struct {
	const char *text, *type, *body;
	int status; /* 0: broken */
} answers[] = {
	{ "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: a/b; c=d\r\n"
	  "\r\nabc",
	    "a/b", "abc", 200 },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
	    "", "abc", 200 },
	/* No length: the end of the connection is the end. */
	{ "HTTP/1.0 200 OK\r\nContent-Type: a/b\r\n\r\nabc", "a/b", "abc",
	    200 },
	{ "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "", "", 403 },
	/* Others before the final one; only such. */
	{ "HTTP/1.1 100 Continue\r\nContent-Type: x/y\r\n\r\n"
	  "HTTP/1.1 102 Processing\r\n\r\n"
	  "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 3\r\n\r\n"
	  "abc",
	    "a/b", "abc", 200 },
	{ "HTTP/1.1 100 Continue\r\n\r\n", "", "", 0 },
	/* Cut short. */
	{ "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "", "", 0 },
	{ "HTTP/1.1 200 OK\r\nContent-Le", "", "", 0 },
	{ "", "", "", 0 },
	/* Not HTTP, doubled type, longer than asked for, two lengths. */
	{ "SSH-2.0-x\r\n", "", "", 0 },
	{ "HTTP/1.1 200 OK\r\nContent-Type: a\r\nContent-Type: b\r\n"
	  "Content-Length: 0\r\n\r\n",
	    "", "", 0 },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n"
	  "0123456789012345678901234567890123456789012345678901234567890123"
	  "4",
	    "", "", 0 },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"
	  "ab",
	    "", "", 0 },
};

static void
answers_are_read_whole_or_not_at_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		for (size_t piece = 1; piece < 200; piece += piece) {
			struct fetch_answer a;
			enum fetch_result r = feed(answers[i].text, piece, &a);

			assert_int_equal(
			    r, answers[i].status ? FETCH_DONE : FETCH_BROKEN);
			if (r == FETCH_DONE) {
				assert_int_equal(
				    fetch_answer_status(&a), answers[i].status);
				assert_true(bytes_equal_text(
				    fetch_answer_type(&a), answers[i].type));
				assert_true(bytes_equal_text(
				    buf_view(&a.body), answers[i].body));
			}
			fetch_answer_free(&a);
		}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_taken_apart),
		cmocka_unit_test(request_says_all_a_server_needs),
		cmocka_unit_test(answers_are_read_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "net/form.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#define TYPE "multipart/form-data; boundary="

/* application/x-www-form-urlencoded: body, name, which of them, the value;
 * NULL: FAIL_MISSING; "!": FAIL_FORMAT. */
static const struct {
	const char *body, *name;
	size_t n;
	const char *want;
} values[] = {
	{ "a=1&b=2", "a", 0, "1" },
	{ "a=1&b=2", "b", 0, "2" },
	{ "a=1&b=2", "c", 0, NULL },
	{ "", "a", 0, NULL },
	{ "vb=1&x=9&vb=2&vb=3", "vb", 0, "1" },
	{ "vb=1&x=9&vb=2&vb=3", "vb", 2, "3" },
	{ "vb=1&x=9&vb=2&vb=3", "vb", 3, NULL },
	{ "ab=1", "a", 0, NULL },
	{ "a=1", "ab", 0, NULL },
	{ "a", "a", 0, "" },
	{ "a=", "a", 0, "" },
	{ "a=1=2", "a", 0, "1=2" },
	{ "&&a=1&", "a", 0, "1" },
	{ "a=x+y", "a", 0, "x y" },
	{ "a=x%2By", "a", 0, "x+y" },
	{ "a=%c3%81n", "a", 0, "Án" },
	{ "a=%26%3D", "a", 0, "&=" },
	{ "a=%41", "a", 0, "A" },
	{ "a=%4", "a", 0, "!" },
	{ "a=%", "a", 0, "!" },
	{ "a=%4&b=1", "a", 0, "!" },
	{ "a=%zz", "a", 0, "!" },
	{ "a=%4&b=1", "b", 0, "1" },
	{ "a=x%00y", "a", 0, "!" },
};

static void
values_are_found_by_name_and_decoded_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const char *want = values[i].want;
		struct buf out;
		enum fail f;

		buf_init(&out, 100);
		f = form_get(BYTES_TEXT(values[i].body), values[i].name,
		    values[i].n, &out);
		if (!want) {
			assert_int_equal(f, FAIL_MISSING);
		} else if (want[0] == '!') {
			assert_int_equal(f, FAIL_FORMAT);
		} else {
			assert_int_equal(f, FAIL_NONE);
			assert_true(bytes_equal_text(buf_view(&out), want));
		}
		buf_free(&out);
	}
}

static void
raw_zero_byte_is_refused(void **state)
{
	static const uint8_t body[] = { 'a', '=', 'x', 0, 'y' };
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	assert_int_equal(
	    form_get(BYTES_ARRAY(body), "a", 0, &out), FAIL_FORMAT);
	buf_free(&out);
}

static void
value_past_the_buffers_ceiling_is_refused(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 3);
	assert_int_equal(
	    form_get(BYTES_TEXT("a=1234"), "a", 0, &out), FAIL_LIMIT);
	buf_free(&out);
}

static void
parts_are_split_with_their_names_and_contents(void **state)
{
	static const char body[] =
	    "--xYz\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n"
	    "0123\r\n"
	    "--xYz\r\nContent-Disposition: form-data; name=\"tep\"; "
	    "filename=\"van ban.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
	    "%PDF\r\n--xY\r\nend\r\n"
	    "--xYz\r\nContent-Disposition: form-data; name=\"trong\"\r\n\r\n"
	    "\r\n--xYz--\r\n";
	static const char *const types[] = { TYPE "xYz", TYPE "\"xYz\"",
		TYPE "xYz; charset=utf-8" };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct form_part parts[FORM_PARTS_MAX];
		size_t count = 77;

		assert_int_equal(form_parts(BYTES_TEXT(types[i]),
				     BYTES_TEXT(body), parts, &count),
		    FAIL_NONE);
		assert_int_equal(count, 3);
		assert_true(bytes_equal_text(parts[0].name, "csrf"));
		assert_true(bytes_equal_text(parts[0].content, "0123"));
		assert_false(parts[0].is_file);
		assert_true(bytes_equal_text(parts[1].name, "tep"));
		assert_true(
		    bytes_equal_text(parts[1].content, "%PDF\r\n--xY\r\nend"));
		assert_true(parts[1].is_file);
		assert_int_equal(parts[2].content.len, 0);
		assert_ptr_equal(form_part(parts, count, "tep"), &parts[1]);
		assert_null(form_part(parts, count, "te"));
	}
}

#define PART "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n"

/* What is no multipart body; every prefix of a good one is tried as well. */
static const struct {
	const char *type, *body;
} broken[] = {
	{ "text/plain; boundary=x", PART "--x--\r\n" },
	{ "multipart/form-data", PART "--x--\r\n" },
	{ TYPE, PART "--x--\r\n" },
	{ TYPE "\"\"", PART "--x--\r\n" },
	{ TYPE "x y", PART "--x--\r\n" },
	{ TYPE "y", PART "--x--\r\n" },
	{ TYPE "x", "" },
	{ TYPE "x", "junk\r\n" PART "--x--\r\n" },
	{ TYPE "x", PART "--xjunk" },
	{ TYPE "x",
	    "--x\r\nContent-Disposition: form-data; name=\"a\"\r\nv"
	    "\r\n--x--" },
	{ TYPE "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	       "aaaaaaaaaaaaaaaaaaaaaaaa",
	    PART },
};

static void
what_is_no_multipart_body_is_refused(void **state)
{
	struct form_part parts[FORM_PARTS_MAX];
	size_t count;

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		assert_int_equal(form_parts(BYTES_TEXT(broken[i].type),
				     BYTES_TEXT(broken[i].body), parts, &count),
		    FAIL_FORMAT);
}

static void
body_cut_anywhere_is_refused(void **state)
{
	static const char body[] = PART PART "--x--";
	struct form_part parts[FORM_PARTS_MAX];
	size_t count;

	(void)state;
	assert_int_equal(
	    form_parts(BYTES_TEXT(TYPE "x"), BYTES_TEXT(body), parts, &count),
	    FAIL_NONE);
	for (size_t len = 0; len < strlen(body); len++)
		assert_int_equal(
		    form_parts(BYTES_TEXT(TYPE "x"),
			bytes_part(BYTES_TEXT(body), 0, len), parts, &count),
		    FAIL_FORMAT);
}

static void
as_many_parts_as_allowed_but_not_one_more(void **state)
{
	struct form_part parts[FORM_PARTS_MAX];
	struct buf body;
	size_t count;

	(void)state;
	buf_init(&body, 1u << 16);
	for (size_t i = 0; i < FORM_PARTS_MAX; i++)
		buf_text(&body, PART);
	buf_text(&body, "--x--");
	assert_int_equal(
	    form_parts(BYTES_TEXT(TYPE "x"), buf_view(&body), parts, &count),
	    FAIL_NONE);
	assert_int_equal(count, FORM_PARTS_MAX);
	buf_insert(&body, 0, PART, strlen(PART));
	assert_int_equal(
	    form_parts(BYTES_TEXT(TYPE "x"), buf_view(&body), parts, &count),
	    FAIL_LIMIT);
	buf_free(&body);
}

/* "filename=" must not be taken for the name of the field. */
static void
part_without_a_name_has_none(void **state)
{
	static const char body[] =
	    "--x\r\nContent-Disposition: form-data; filename=\"csrf\"\r\n\r\nv"
	    "\r\n--x--";
	struct form_part parts[FORM_PARTS_MAX];
	size_t count;

	(void)state;
	assert_int_equal(
	    form_parts(BYTES_TEXT(TYPE "x"), BYTES_TEXT(body), parts, &count),
	    FAIL_NONE);
	assert_int_equal(count, 1);
	assert_int_equal(parts[0].name.len, 0);
	assert_null(form_part(parts, count, "csrf"));
}

/* Cookie header, name, value; NULL: absent. */
static const struct {
	const char *header, *name, *want;
} cookies[] = {
	{ "phien=abc", "phien", "abc" },
	{ "a=1; phien=abc; b=2", "phien", "abc" },
	{ "a=1;phien=abc", "phien", "abc" },
	{ "xphien=1", "phien", NULL },
	{ "phienx=1", "phien", NULL },
	{ "a=phien=1", "phien", NULL },
	{ "phien=a; phien=b", "phien", "a" },
	{ "phien=", "phien", NULL },
	{ "", "phien", NULL },
	{ ";;; ;", "phien", NULL },
};

static void
cookie_is_found_by_its_whole_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cookies) / sizeof(cookies[0]); i++) {
		struct bytes is =
		    form_cookie(BYTES_TEXT(cookies[i].header), cookies[i].name);

		if (cookies[i].want)
			assert_true(bytes_equal_text(is, cookies[i].want));
		else
			assert_int_equal(is.len, 0);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    values_are_found_by_name_and_decoded_or_refused),
		cmocka_unit_test(raw_zero_byte_is_refused),
		cmocka_unit_test(value_past_the_buffers_ceiling_is_refused),
		cmocka_unit_test(parts_are_split_with_their_names_and_contents),
		cmocka_unit_test(what_is_no_multipart_body_is_refused),
		cmocka_unit_test(body_cut_anywhere_is_refused),
		cmocka_unit_test(as_many_parts_as_allowed_but_not_one_more),
		cmocka_unit_test(part_without_a_name_has_none),
		cmocka_unit_test(cookie_is_found_by_its_whole_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

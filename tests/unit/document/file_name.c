#include "document/file_name.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
names_that_are_one_have_one_key(void **state)
{
	static const struct {
		const char *a, *b;
		bool one;
	} rows[] = {
		{ "a.txt", "A.TXT", true },
		{ "a.txt", "b.txt", false },
		{ "Đơn.pdf", "đơn.pdf", true },
		{ "Đơn.pdf", "Don.pdf", false },
		{ "ƯỚC/ẾCH.pdf", "ước/ếch.pdf", true },
		/* Composed, and as macOS writes it. */
		{ "\xC3\xA0.txt", "a\xCC\x80.txt", true },
		{ "\xE1\xBA\xBF.txt", "e\xCC\x82\xCC\x81.txt", true },
		{ "a.txt", "a.txt.", true },
		{ "a.txt", "a.txt .", true },
		{ "a/b", "a. /b", true },
		{ "a/b", "a.b", false },
		{ "số 12.pdf", "số 13.pdf", false },
		{ "Ö.txt", "ö.txt", true },
		{ "×.txt", "÷.txt", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf a, b;

		buf_init(&a, 100);
		buf_init(&b, 100);
		assert_int_equal(
		    file_name_key(BYTES_TEXT(rows[i].a), &a), FAIL_NONE);
		assert_int_equal(
		    file_name_key(BYTES_TEXT(rows[i].b), &b), FAIL_NONE);
		if (bytes_equal(buf_view(&a), buf_view(&b)) != rows[i].one)
			fail_msg("%s, %s", rows[i].a, rows[i].b);
		buf_free(&a);
		buf_free(&b);
	}
}

static void
what_is_no_text_has_none(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	assert_int_equal(file_name_key(BYTES_TEXT("\xFF"), &out), FAIL_FORMAT);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_are_one_have_one_key),
		cmocka_unit_test(what_is_no_text_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

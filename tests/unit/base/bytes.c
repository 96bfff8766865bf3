#include "base/bytes.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct bytes nothing = { NULL, 0 };

static void
only_same_length_and_content_is_equal(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} rows[] = {
		{ "", "", true },
		{ "a", "a", true },
		{ "a", "b", false },
		{ "a", "", false },
		{ "ab", "a", false },
		{ "công văn", "công văn", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes a = BYTES_TEXT(rows[i].a);
		struct bytes b = BYTES_TEXT(rows[i].b);

		assert_int_equal(bytes_equal(a, b), rows[i].equal);
		assert_int_equal(bytes_equal(b, a), rows[i].equal);
		assert_int_equal(bytes_equal_secret(a, b), rows[i].equal);
		assert_int_equal(bytes_equal_text(a, rows[i].b), rows[i].equal);
	}
}

static void
nothing_without_memory_is_like_an_empty_text(void **state)
{
	(void)state;
	assert_true(bytes_equal(nothing, BYTES_TEXT("")));
	assert_true(bytes_equal_secret(nothing, BYTES_TEXT("")));
	assert_true(bytes_starts(nothing, ""));
	assert_false(bytes_starts(nothing, "x"));
	assert_int_equal(bytes_compare(nothing, BYTES_TEXT("")), 0);
	assert_int_equal(bytes_part(nothing, 5, 5).len, 0);
	assert_true(bytes_find(nothing, "x") == SIZE_MAX);
	assert_true(bytes_find_last(nothing, "x") == SIZE_MAX);
}

/* memcmp counts bytes without sign: 0xFF comes after every letter. */
static void
order_is_by_unsigned_byte_then_by_length(void **state)
{
	static const char *const rising[] = { "", "A", "AA", "AB", "B", "a",
		"\x7F", "\x80", "\xFF", "\xFF\x01" };

	(void)state;
	for (size_t i = 0; i < COUNT(rising); i++)
		for (size_t j = 0; j < COUNT(rising); j++) {
			int order = bytes_compare(
			    BYTES_TEXT(rising[i]), BYTES_TEXT(rising[j]));

			assert_int_equal(order < 0, i < j);
			assert_int_equal(order > 0, i > j);
		}
}

static void
part_is_clipped_to_what_there_is(void **state)
{
	static const struct {
		size_t at, len;
		const char *part;
	} rows[] = {
		{ 0, 6, "abcdef" },
		{ 0, 0, "" },
		{ 2, 3, "cde" },
		{ 4, 9, "ef" },
		{ 6, 1, "" },
		{ 7, 1, "" },
		{ SIZE_MAX, SIZE_MAX, "" },
		{ 1, SIZE_MAX, "bcdef" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_true(bytes_equal_text(
		    bytes_part(BYTES_TEXT("abcdef"), rows[i].at, rows[i].len),
		    rows[i].part));
}

static void
text_is_found_first_and_last(void **state)
{
	static const struct {
		const char *in, *text;
		size_t first, last;
	} rows[] = {
		{ "startxref 1 startxref 2", "startxref", 0, 12 },
		{ "aaa", "aa", 0, 1 },
		{ "abc", "c", 2, 2 },
		{ "abc", "abc", 0, 0 },
		{ "abc", "abcd", SIZE_MAX, SIZE_MAX },
		{ "abc", "x", SIZE_MAX, SIZE_MAX },
		{ "abc", "", SIZE_MAX, SIZE_MAX },
		{ "", "a", SIZE_MAX, SIZE_MAX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes in = BYTES_TEXT(rows[i].in);

		assert_true(bytes_find(in, rows[i].text) == rows[i].first);
		assert_true(bytes_find_last(in, rows[i].text) == rows[i].last);
	}
}

static void
prefix_is_seen_only_at_the_start(void **state)
{
	(void)state;
	assert_true(bytes_starts(BYTES_TEXT("%PDF-1.7"), "%PDF-"));
	assert_true(bytes_starts(BYTES_TEXT("%PDF-"), "%PDF-"));
	assert_false(bytes_starts(BYTES_TEXT("%PDF"), "%PDF-"));
	assert_false(bytes_starts(BYTES_TEXT(" %PDF-"), "%PDF-"));
}

static const uint8_t record[] = { 0x01, 0x03, 0x02, 0x07, 0x06, 0x05, 0x04,
	0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0x02, 0x00, 'o', 'k' };

static void
cursor_reads_little_endian_in_order(void **state)
{
	struct cursor c = cursor_of(BYTES_ARRAY(record));

	(void)state;
	assert_int_equal(cursor_u8(&c), 0x01);
	assert_int_equal(cursor_u16(&c), 0x0203);
	assert_int_equal(cursor_u32(&c), 0x04050607);
	assert_true(cursor_u64(&c) == UINT64_C(0x1122334455667788));
	assert_false(cursor_done(&c));
	assert_true(bytes_equal_text(cursor_field(&c), "ok"));
	assert_true(cursor_done(&c));
}

static void
over_read_gives_zeros_from_then_on(void **state)
{
	struct cursor c = cursor_of((struct bytes){ record, 5 });

	(void)state;
	assert_int_equal(cursor_u32(&c), 0x07020301);
	assert_int_equal(cursor_u16(&c), 0); /* one byte is left */
	assert_true(c.failed);
	assert_int_equal(cursor_u8(&c), 0); /* though that one would fit */
	assert_int_equal(cursor_bytes(&c, 1).len, 0);
	assert_false(cursor_done(&c));
}

static void
field_longer_than_the_rest_is_refused(void **state)
{
	static const uint8_t cut[] = { 0x03, 0x00, 'a', 'b' };
	struct cursor c = cursor_of(BYTES_ARRAY(cut));

	(void)state;
	assert_int_equal(cursor_field(&c).len, 0);
	assert_true(c.failed);
}

static void
huge_read_does_not_wrap_around(void **state)
{
	struct cursor c = cursor_of(BYTES_ARRAY(record));

	(void)state;
	(void)cursor_u8(&c);
	assert_int_equal(cursor_bytes(&c, SIZE_MAX).len, 0);
	assert_true(c.failed);
}

static void
empty_input_is_done_at_once(void **state)
{
	struct cursor c = cursor_of(nothing);

	(void)state;
	assert_true(cursor_done(&c));
	assert_int_equal(cursor_bytes(&c, 0).len, 0);
	assert_true(cursor_done(&c));
	assert_int_equal(cursor_u8(&c), 0);
	assert_false(cursor_done(&c));
}

static void
hex_is_lower_case_and_comes_back(void **state)
{
	uint8_t all[256], again[256];
	char hex[2 * sizeof(all) + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	bytes_to_hex(BYTES_ARRAY(all), hex);
	assert_int_equal(strlen(hex), 512);
	assert_memory_equal(hex, "000102030405060708090a0b0c0d0e0f", 32);
	assert_string_equal(hex + 480, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
	assert_true(bytes_from_hex(hex, 512, again, sizeof(again)));
	assert_memory_equal(all, again, sizeof(all));
	bytes_to_hex(nothing, hex);
	assert_string_equal(hex, "");
}

static void
hex_of_another_length_or_alphabet_is_refused(void **state)
{
	static const struct {
		const char *hex;
		size_t len;
		bool good;
	} rows[] = {
		{ "aF09", 2, true },
		{ "", 0, true },
		{ "aF0", 2, false },
		{ "aF0", 1, false },
		{ "aF0909", 2, false },
		{ "aF", 2, false },
		{ "ag", 1, false },
		{ "/0", 1, false },
		{ ":0", 1, false },
		{ "@0", 1, false },
		{ "`0", 1, false },
		{ "\xC3\xA1", 1, false },
		{ " 1", 1, false },
		{ "-1", 1, false },
	};
	uint8_t out[4];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(bytes_from_hex(rows[i].hex,
				     strlen(rows[i].hex), out, rows[i].len),
		    rows[i].good);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_same_length_and_content_is_equal),
		cmocka_unit_test(nothing_without_memory_is_like_an_empty_text),
		cmocka_unit_test(order_is_by_unsigned_byte_then_by_length),
		cmocka_unit_test(part_is_clipped_to_what_there_is),
		cmocka_unit_test(text_is_found_first_and_last),
		cmocka_unit_test(prefix_is_seen_only_at_the_start),
		cmocka_unit_test(cursor_reads_little_endian_in_order),
		cmocka_unit_test(over_read_gives_zeros_from_then_on),
		cmocka_unit_test(field_longer_than_the_rest_is_refused),
		cmocka_unit_test(huge_read_does_not_wrap_around),
		cmocka_unit_test(empty_input_is_done_at_once),
		cmocka_unit_test(hex_is_lower_case_and_comes_back),
		cmocka_unit_test(hex_of_another_length_or_alphabet_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

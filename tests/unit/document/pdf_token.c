#include "document/pdf_token.h"

#include "tests/unit/document/small_pdf.h"

/* Text of tokens and the kind of each, from ISO 32000-1 7.2 and 7.3 and from
 * slips that viewers forgive. */
static const struct {
	const char *in;
	enum pdf_token_kind kind;
	const char *raw;
	double number;
} rows[] = {
	{ "123", TOKEN_INTEGER, "123", 123 },
	{ "+17", TOKEN_INTEGER, "+17", 17 },
	{ "-98", TOKEN_INTEGER, "-98", -98 },
	{ "0", TOKEN_INTEGER, "0", 0 },
	{ "34.5", TOKEN_REAL, "34.5", 34.5 },
	{ "-3.62", TOKEN_REAL, "-3.62", -3.62 },
	{ "+123.6", TOKEN_REAL, "+123.6", 123.6 },
	{ "4.", TOKEN_REAL, "4.", 4 },
	{ "-.002", TOKEN_REAL, "-.002", -.002 },
	{ "--5", TOKEN_INTEGER, "--5", -5 },
	{ "12-3", TOKEN_INTEGER, "12-3", 12 },
	{ "1e5", TOKEN_KEYWORD, "1e5", 0 },
	{ "16#FF", TOKEN_KEYWORD, "16#FF", 0 },
	{ "/Name1", TOKEN_NAME, "/Name1", 0 },
	{ "/", TOKEN_NAME, "/", 0 },
	{ "/A#42;_*", TOKEN_NAME, "/A#42;_*", 0 },
	{ "/A/B", TOKEN_NAME, "/A", 0 },
	{ "/A(b)", TOKEN_NAME, "/A", 0 },
	{ "(a(b)c)d", TOKEN_STRING, "(a(b)c)", 0 },
	{ "(a\\)b)", TOKEN_STRING, "(a\\)b)", 0 },
	{ "(open", TOKEN_STRING, "(open", 0 },
	{ "<4E6F>", TOKEN_HEX, "<4E6F>", 0 },
	{ "<901", TOKEN_HEX, "<901", 0 },
	{ "<</A 1>>", TOKEN_DICT, "<<", 0 },
	{ ">>x", TOKEN_DICT_END, ">>", 0 },
	{ "[1]", TOKEN_ARRAY, "[", 0 },
	{ "]", TOKEN_ARRAY_END, "]", 0 },
	{ "obj<<", TOKEN_KEYWORD, "obj", 0 },
	{ "R/", TOKEN_KEYWORD, "R", 0 },
	{ ">", TOKEN_KEYWORD, ">", 0 },
	{ ")", TOKEN_KEYWORD, ")", 0 },
	{ " \t\r\n\f% note ( \n true", TOKEN_KEYWORD, "true", 0 },
	{ "% only\r1", TOKEN_INTEGER, "1", 1 },
};

static void
tokens_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdf_lexer l = { BYTES_TEXT(rows[i].in), 0 };
		struct pdf_token t = pdf_token_next(&l);

		assert_int_equal(t.kind, rows[i].kind);
		assert_bytes(t.raw, rows[i].raw);
		if (t.kind == TOKEN_INTEGER || t.kind == TOKEN_REAL)
			assert_true(t.real > rows[i].number - 1e-9 &&
			    t.real < rows[i].number + 1e-9);
	}
}

static void
nothing_gives_the_end_for_ever(void **state)
{
	static const char *const empty[] = { "", "  \n", "% comment" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct pdf_lexer l = { BYTES_TEXT(empty[i]), 0 };

		assert_int_equal(pdf_token_next(&l).kind, TOKEN_END);
		assert_int_equal(pdf_token_next(&l).kind, TOKEN_END);
		assert_int_equal(l.at, strlen(empty[i]));
	}
}

static void
a_null_byte_is_white_space(void **state)
{
	static const uint8_t in[] = { '1', 0, '2' };
	struct pdf_lexer l = { BYTES_ARRAY(in), 0 };

	(void)state;
	assert_int_equal(pdf_token_next(&l).integer, 1);
	assert_int_equal(pdf_token_next(&l).integer, 2);
}

static void
strings_say_whether_their_end_was_found(void **state)
{
	static const struct {
		const char *in;
		bool whole;
	} strings[] = { { "(a)", true }, { "(a", false }, { "(a\\)", false },
		{ "((a)", false }, { "<00>", true }, { "<00", false } };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct pdf_lexer l = { BYTES_TEXT(strings[i].in), 0 };

		assert_int_equal(pdf_token_next(&l).whole, strings[i].whole);
	}
}

static void
huge_numbers_are_clipped_not_wrapped(void **state)
{
	struct pdf_lexer l = { BYTES_TEXT("99999999999999999999999999 "
					  "-99999999999999999999999999"),
		0 };

	(void)state;
	assert_true(pdf_token_next(&l).integer == INT64_C(1) << 53);
	assert_true(pdf_token_next(&l).integer == -(INT64_C(1) << 53));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_told_apart),
		cmocka_unit_test(nothing_gives_the_end_for_ever),
		cmocka_unit_test(a_null_byte_is_white_space),
		cmocka_unit_test(strings_say_whether_their_end_was_found),
		cmocka_unit_test(huge_numbers_are_clipped_not_wrapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

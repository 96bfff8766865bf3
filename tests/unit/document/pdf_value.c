#include "document/pdf_value.h"

#include "tests/unit/document/small_pdf.h"

static int
open_arena(void **state)
{
	static struct arena arena;

	arena_init(&arena, 1u << 20);
	*state = &arena;
	return 0;
}

static int
close_arena(void **state)
{
	arena_free(*state);
	return 0;
}

static struct pdf_value *
read_text(void **state, const char *text)
{
	struct pdf_lexer l = { BYTES_TEXT(text), 0 };
	struct pdf_value *v = NULL;

	assert_int_equal(pdf_value_read(&l, *state, &v), FAIL_NONE);
	return v;
}

static void
values_have_their_types(void **state)
{
	static const struct {
		const char *in;
		enum pdf_type type;
	} rows[] = { { "null", PDF_NULL }, { "true", PDF_BOOL },
		{ "false", PDF_BOOL }, { "7", PDF_INTEGER },
		{ "7.5", PDF_REAL }, { "/N", PDF_NAME }, { "(s)", PDF_STRING },
		{ "<41>", PDF_STRING }, { "[1]", PDF_ARRAY },
		{ "<</A 1>>", PDF_DICT }, { "7 0 R", PDF_REF },
		{ "7 0 obj", PDF_INTEGER }, { "7 0", PDF_INTEGER },
		{ "7 0 RG", PDF_INTEGER }, { "-7 0 R", PDF_INTEGER },
		{ "7 70000 R", PDF_INTEGER } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    read_text(state, rows[i].in)->type, rows[i].type);
	assert_true(read_text(state, "true")->boolean);
	assert_false(read_text(state, "false")->boolean);
}

/* ISO 32000-1 7.3.4.2, table 3, and 7.3.4.3. */
static void
strings_are_decoded(void **state)
{
	static const char *const rows[][2] = { { "(a\\nb)", "a\nb" },
		{ "(\\r\\t\\b\\f)", "\r\t\b\f" }, { "(\\(\\)\\\\)", "()\\" },
		{ "(a\\\nb)", "ab" }, { "(a\\\r\nb)", "ab" },
		{ "(\\245\\307)", "\245\307" }, { "(\\0053)", "\0053" },
		{ "(\\53)", "+" }, { "(\\q)", "q" }, { "(a(b)c)", "a(b)c" },
		{ "()", "" }, { "<4E6F762073>", "Nov s" },
		{ "<901FA>", "\x90\x1F\xA0" }, { "< 9 0\n1>", "\x90\x10" },
		{ "<>", "" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_bytes(read_text(state, rows[i][0])->text, rows[i][1]);
}

/* ISO 32000-1 7.3.5, table 4. */
static void
names_are_decoded(void **state)
{
	static const char *const rows[][2] = { { "/Name1", "Name1" },
		{ "/Lime#20Green", "Lime Green" },
		{ "/paired#28#29parentheses", "paired()parentheses" },
		{ "/The_Key_of_F#23_Minor", "The_Key_of_F#_Minor" },
		{ "/A#42", "AB" }, { "/", "" }, { "/A#4", "A#4" },
		{ "/A#GG", "A#GG" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_bytes(read_text(state, rows[i][0])->text, rows[i][1]);
}

static void
entries_are_found_by_decoded_key(void **state)
{
	struct pdf_value *v =
	    read_text(state, "<</A 1/B<</A 2>>/#43 [3 4 0 R]/D null>>");

	assert_int_equal(v->count, 4);
	assert_int_equal(pdf_entry(v, "A")->integer, 1);
	assert_int_equal(pdf_entry(pdf_entry(v, "B"), "A")->integer, 2);
	assert_int_equal(pdf_element(pdf_entry(v, "C"), 1)->ref.num, 4);
	assert_null(pdf_element(pdf_entry(v, "C"), 2));
	assert_int_equal(pdf_entry(v, "D")->type, PDF_NULL);
	assert_null(pdf_entry(v, "E"));
	assert_null(pdf_entry(pdf_entry(v, "A"), "A"));
	assert_null(pdf_entry(NULL, "A"));
	assert_false(v->doubled);
}

static void
plain_is_what_refers_to_nothing(void **state)
{
	static const struct {
		const char *text;
		bool plain;
	} rows[] = { { "1", true }, { "[1 2 3]", true }, { "1 0 R", false },
		{ "<</A[(x)/B null]/B<</C 1>>>>", true },
		{ "<</A[(x)/B null]/B<</C 1 0 R>>>>", false },
		{ "[[[[1 0 R]]] 2]", false }, { "<</A 1/A 2>>", false },
		{ "[<</A 1/#41 2>>]", false }, { "<<>>", true } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    read_text(state, rows[i].text)->plain, rows[i].plain);
}

static void
of_a_doubled_key_the_last_counts_and_it_is_told(void **state)
{
	struct pdf_value *v = read_text(state, "<</A 1/B 2/#41 3>>");

	assert_true(v->doubled);
	assert_int_equal(pdf_entry(v, "A")->integer, 3);
	/* Keys that fall together in the quick test are no double. */
	assert_false(read_text(state, "<</AB 1/BB 2/AA 3/BA 4>>")->doubled);
}

static void
raw_bytes_are_the_whole_value(void **state)
{
	static const char *const rows[] = { "<</A [1 2]/B(x)>>", "[ 1 2 ]",
		"(a(b))", "<4 1>", "12 0 R", "/N#20", "-1.50" };
	char text[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "  %s /next", rows[i]);
		assert_bytes(read_text(state, text)->raw, rows[i]);
	}
	assert_bytes(
	    pdf_entry(read_text(state, "<</A#42 [1 2]>>"), "AB")->raw_key,
	    "/A#42");
}

static void
the_lexer_is_left_behind_the_value(void **state)
{
	struct pdf_lexer l = { BYTES_TEXT("[1]2 0 R(3)"), 0 };
	struct pdf_value *v;

	assert_int_equal(pdf_value_read(&l, *state, &v), FAIL_NONE);
	assert_int_equal(l.at, 3);
	assert_int_equal(pdf_value_read(&l, *state, &v), FAIL_NONE);
	assert_int_equal(v->type, PDF_REF);
	assert_int_equal(l.at, 8);
}

static void
what_is_no_value_is_refused(void **state)
{
	static const char *const rows[] = { "", "]", ">>", "endobj", "stream" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdf_lexer l = { BYTES_TEXT(rows[i]), 0 };
		struct pdf_value *v;

		assert_int_equal(pdf_value_read(&l, *state, &v), FAIL_FORMAT);
	}
}

static void
depth_is_limited(void **state)
{
	for (int depth = PDF_DEPTH_MAX; depth <= PDF_DEPTH_MAX + 1; depth++) {
		char text[2 * PDF_DEPTH_MAX + 8] = "";
		struct pdf_lexer l;
		struct pdf_value *v;

		memset(text, '[', (size_t)depth);
		memset(text + depth, ']', (size_t)depth);
		l = (struct pdf_lexer){ BYTES_TEXT(text), 0 };
		assert_int_equal(pdf_value_read(&l, *state, &v),
		    depth > PDF_DEPTH_MAX ? FAIL_LIMIT : FAIL_NONE);
	}
}

/* The raw bytes and levels of all that a tree gives. */
static void
walk(const struct pdf_value *top, bool skips_plain, struct buf *out)
{
	struct pdf_tree tree = { .top = top, .skips_plain = skips_plain };
	const struct pdf_value *v;

	buf_init(out, 4096);
	while ((v = pdf_tree_next(&tree)))
		buf_printf(out, "%zu:%.*s|", tree.level, (int)v->raw.len,
		    (const char *)v->raw.data);
	assert_null(pdf_tree_next(&tree));
}

static void
a_tree_gives_each_value_before_what_is_in_it(void **state)
{
	static const struct {
		const char *in, *all, *leading;
	} rows[] = {
		{ "7", "0:7|", "0:7|" },
		{ "[]", "0:[]|", "0:[]|" },
		{ "[[1[]]2 0 R]", "0:[[1[]]2 0 R]|1:[1[]]|2:1|2:[]|1:2 0 R|",
		    "0:[[1[]]2 0 R]|1:[1[]]|1:2 0 R|" },
		{ "<</A[3 0 R]/B 4>>",
		    "0:<</A[3 0 R]/B 4>>|1:[3 0 R]|2:3 0 R|1:4|",
		    "0:<</A[3 0 R]/B 4>>|1:[3 0 R]|2:3 0 R|1:4|" },
	};
	struct buf out;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct pdf_value *top = read_text(state, rows[i].in);

		walk(top, false, &out);
		assert_bytes(buf_view(&out), rows[i].all);
		buf_free(&out);
		walk(top, true, &out);
		assert_bytes(buf_view(&out), rows[i].leading);
		buf_free(&out);
	}
	/* What stands behind it is not in it. */
	walk(read_text(state, "[[1]2]")->first, false, &out);
	assert_bytes(buf_view(&out), "0:[1]|1:1|");
	buf_free(&out);
	walk(NULL, false, &out);
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

static void
a_tree_is_walked_as_deep_as_it_may_be_read(void **state)
{
	char text[2 * PDF_DEPTH_MAX + 2] = "";
	struct pdf_tree tree = { .top = NULL };
	size_t deepest = 0, count = 0;

	memset(text, '[', PDF_DEPTH_MAX);
	text[PDF_DEPTH_MAX] = '7';
	memset(text + PDF_DEPTH_MAX + 1, ']', PDF_DEPTH_MAX);
	tree.top = read_text(state, text);
	for (; pdf_tree_next(&tree); count++)
		deepest = tree.level > deepest ? tree.level : deepest;
	assert_int_equal(count, PDF_DEPTH_MAX + 1);
	assert_int_equal(deepest, PDF_DEPTH_MAX);
}

static void
the_arena_is_the_ceiling(void **state)
{
	struct arena small;
	struct buf text;
	struct pdf_lexer l;
	struct pdf_value *v;

	(void)state;
	arena_init(&small, 16384);
	buf_init(&text, 1u << 20);
	buf_char(&text, '[');
	for (int i = 0; i < 20000; i++)
		buf_text(&text, "1 ");
	l = (struct pdf_lexer){ buf_view(&text), 0 };
	assert_int_equal(pdf_value_read(&l, &small, &v), FAIL_MEMORY);
	buf_free(&text);
	arena_free(&small);
}

static void
texts_come_back_as_they_were_written(void **state)
{
	static const char *const rows[] = { "", "plain (a) \\ b",
		"Số: 12/QĐ-UBND", "\xF0\x9F\x96\x8B" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf out, back;

		buf_init(&out, 1024);
		buf_init(&back, 1024);
		pdf_put_text(&out, BYTES_TEXT(rows[i]));
		buf_char(&out, '\0');
		pdf_text_utf8(read_text(state, (const char *)out.data), &back);
		assert_bytes(buf_view(&back), rows[i]);
		buf_free(&back);
		buf_free(&out);
	}
}

static void
numbers_are_written_short(void **state)
{
	static const struct {
		double number;
		const char *text;
	} rows[] = { { 0, "0" }, { 12, "12" }, { -1.5, "-1.5" },
		{ 0.0004, "0" }, { 1.0 / 3, "0.333" }, { 100, "100" },
		{ 1e30, "0" }, { 0.0 / 1, "0" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf out;

		buf_init(&out, 64);
		pdf_put_number(&out, rows[i].number);
		assert_bytes(buf_view(&out), rows[i].text);
		buf_free(&out);
	}
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_arena, close_arena)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(values_have_their_types),
		ROW(strings_are_decoded),
		ROW(names_are_decoded),
		ROW(entries_are_found_by_decoded_key),
		ROW(of_a_doubled_key_the_last_counts_and_it_is_told),
		ROW(plain_is_what_refers_to_nothing),
		ROW(raw_bytes_are_the_whole_value),
		ROW(the_lexer_is_left_behind_the_value),
		ROW(what_is_no_value_is_refused),
		ROW(depth_is_limited),
		ROW(a_tree_gives_each_value_before_what_is_in_it),
		ROW(a_tree_is_walked_as_deep_as_it_may_be_read),
		ROW(the_arena_is_the_ceiling),
		ROW(texts_come_back_as_they_were_written),
		ROW(numbers_are_written_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

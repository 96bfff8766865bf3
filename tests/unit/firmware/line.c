#include "firmware/console/line.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#define LEFT "\x1b[D"
#define RIGHT "\x1b[C"
#define UP "\x1b[A"
#define DOWN "\x1b[B"

static struct line line;
static struct buf shown;

static int
begin(void **state)
{
	(void)state;
	line = (struct line){ .len = 0 };
	buf_init(&shown, 1u << 20);
	line_begin(&line, "> ", false, &shown);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	buf_free(&shown);
	return 0;
}

static enum line_result
type(const char *keys)
{
	enum line_result r = LINE_MORE;

	for (; *keys && r == LINE_MORE; keys++)
		r = line_feed(&line, (uint8_t)*keys, &shown);
	return r;
}

/* A terminal of one line, as far as ours uses it: what would be on it. */
static void
terminal(char *row, size_t room, size_t *cursor)
{
	size_t at = 0, len = 0;

	memset(row, 0, room);
	for (size_t i = 0; i < shown.len; i++) {
		unsigned n = 0;

		if (shown.data[i] == '\r') {
			at = 0;
		} else if (shown.data[i] != 0x1B) {
			row[at++] = (char)shown.data[i];
			len = at > len ? at : len;
		} else {
			for (i += 2; shown.data[i] <= '9'; i++)
				n = n * 10 + shown.data[i] - '0';
			if (shown.data[i] == 'K') {
				memset(row + at, 0, len - at);
				len = at;
			} else {
				at -= n ? n : 1;
			}
		}
	}
	*cursor = at;
}

static const struct {
	const char *keys, *text;
	size_t at;
} edits[] = {
	{ "status", "status", 6 },
	{ "stats" LEFT "u", "status", 5 },
	{ "xstatus\x01\x1b[3~\x05!", "status!", 7 },
	{ "ab" LEFT LEFT LEFT "c" RIGHT RIGHT RIGHT "d", "cabd", 4 },
	{ "abc\x7f\b", "a", 1 },
	{ "\x7f\x1b[3~\x0b\x15\x17", "", 0 },
	{ "one two \x17", "one ", 4 },
	{ "one two" LEFT LEFT LEFT "\x0b", "one ", 4 },
	{ "one" LEFT "\x15", "", 0 },
	{ "abc\x1b[Hx\x1b[Fy\x1bOHz", "zxabcy", 1 },
	/* What is no key of ours is swallowed whole. */
	{ "a\x1b[1;5Cb\x1b[200~c\x1bxd\x1b[99999999999999~e", "abcde", 5 },
	/* One letter is one step, whatever its bytes. */
	{ "đế" LEFT "\x7f", "ế", 0 },
	{ "Ấn Tín" LEFT "\x7f", "Ấn Tn", 6 },
	/* Half a letter, a lone continuation, a control of eight bits. */
	{ "a\xc4z\x91\xc2\x9b"
	  "b",
	    "azb", 3 },
};

static void
keys_make_the_line_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		char row[4096];
		size_t cursor;

		(void)begin(NULL);
		assert_int_equal(type(edits[i].keys), LINE_MORE);
		assert_string_equal(line.text, edits[i].text);
		assert_int_equal(line.at, edits[i].at);
		/* ASCII rows: the terminal shows the same. */
		terminal(row, sizeof(row), &cursor);
		if ((uint8_t)line.text[0] < 0x80) {
			assert_memory_equal(row, "> ", 2);
			assert_string_equal(row + 2, edits[i].text);
			assert_int_equal(cursor, edits[i].at + 2);
		}
		(void)end(NULL);
	}
}

static void
enter_ends_a_line_once(void **state)
{
	(void)state;
	assert_int_equal(type("help\r"), LINE_DONE);
	assert_string_equal(line.text, "help");
	line_begin(&line, "> ", false, &shown);
	assert_int_equal(type("\n"), LINE_MORE);
	assert_int_equal(type("\n"), LINE_DONE);
}

static void
ctrl_c_gives_up_and_ctrl_d_ends_an_empty_line_only(void **state)
{
	(void)state;
	assert_int_equal(type("ab\x04\x01\x04"), LINE_MORE);
	assert_string_equal(line.text, "b");
	assert_int_equal(type("\x03"), LINE_GIVEN_UP);
	line_begin(&line, "> ", false, &shown);
	assert_int_equal(type("\x04"), LINE_END);
}

static void
enter(const char *text)
{
	line_begin(&line, "> ", false, &shown);
	assert_int_equal(type(text), LINE_MORE);
	line_keep(&line);
	line_begin(&line, "> ", false, &shown);
}

static void
earlier_lines_come_back_and_the_new_one_after_them(void **state)
{
	(void)state;
	enter("one");
	enter("two");
	enter("two");
	type("thr" UP);
	assert_string_equal(line.text, "two");
	type(UP);
	assert_string_equal(line.text, "one");
	type(UP "!" DOWN);
	assert_string_equal(line.text, "two");
	type(DOWN);
	assert_string_equal(line.text, "thr");
	type(DOWN "ee");
	assert_string_equal(line.text, "three");
}

static void
only_so_many_earlier_lines_are_kept(void **state)
{
	char text[16];

	(void)state;
	for (unsigned i = 0; i < LINE_PAST + 5; i++) {
		snprintf(text, sizeof(text), "line %u", i);
		enter(text);
	}
	for (unsigned i = 0; i < LINE_PAST + 5; i++)
		type(UP);
	assert_string_equal(line.text, "line 5");
}

static void
password_is_neither_shown_nor_kept(void **state)
{
	(void)state;
	enter("before");
	buf_clear(&shown);
	line_begin(&line, "Mật khẩu: ", true, &shown);
	type("bí" LEFT "x\x7f" UP "\x05"
	     "mật");
	assert_string_equal(line.text, "bímật");
	line_keep(&line);
	assert_true(bytes_equal_text(buf_view(&shown), "Mật khẩu: "));
	line_begin(&line, "> ", false, &shown);
	type(UP);
	assert_string_equal(line.text, "before");
}

static void
line_ends_at_its_limit_with_whole_letters(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LINE_BYTES_MAX; i++)
		type("ế");
	assert_int_equal(line.len, (LINE_BYTES_MAX - 1) / 3 * 3);
	assert_int_equal(strlen(line.text), line.len);
	/* Only as much as fits is shown at once. */
	buf_clear(&shown);
	type("\x01");
	assert_true(shown.len < 4 * LINE_COLUMNS + 32);
}

int
main(void)
{
#define ROW(f) cmocka_unit_test_setup_teardown(f, begin, end)
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_make_the_line_they_should),
		ROW(enter_ends_a_line_once),
		ROW(ctrl_c_gives_up_and_ctrl_d_ends_an_empty_line_only),
		ROW(earlier_lines_come_back_and_the_new_one_after_them),
		ROW(only_so_many_earlier_lines_are_kept),
		ROW(password_is_neither_shown_nor_kept),
		ROW(line_ends_at_its_limit_with_whole_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

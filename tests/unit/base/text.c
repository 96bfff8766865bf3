#include "base/text.h"

#include <stdlib.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * The letters of TCVN 6909 beyond ASCII with their canonical decomposition and
 * their base, printed by Python's unicodedata.
 */
static const struct letter {
	uint32_t point, parts[3];
	char base;
} letters[] = {
	{ 0x00C0, { 0x0041, 0x0300, 0x0000 }, 'a' }, /* À */
	{ 0x00C1, { 0x0041, 0x0301, 0x0000 }, 'a' }, /* Á */
	{ 0x00C2, { 0x0041, 0x0302, 0x0000 }, 'a' }, /* Â */
	{ 0x00C3, { 0x0041, 0x0303, 0x0000 }, 'a' }, /* Ã */
	{ 0x00C8, { 0x0045, 0x0300, 0x0000 }, 'e' }, /* È */
	{ 0x00C9, { 0x0045, 0x0301, 0x0000 }, 'e' }, /* É */
	{ 0x00CA, { 0x0045, 0x0302, 0x0000 }, 'e' }, /* Ê */
	{ 0x00CC, { 0x0049, 0x0300, 0x0000 }, 'i' }, /* Ì */
	{ 0x00CD, { 0x0049, 0x0301, 0x0000 }, 'i' }, /* Í */
	{ 0x00D2, { 0x004F, 0x0300, 0x0000 }, 'o' }, /* Ò */
	{ 0x00D3, { 0x004F, 0x0301, 0x0000 }, 'o' }, /* Ó */
	{ 0x00D4, { 0x004F, 0x0302, 0x0000 }, 'o' }, /* Ô */
	{ 0x00D5, { 0x004F, 0x0303, 0x0000 }, 'o' }, /* Õ */
	{ 0x00D9, { 0x0055, 0x0300, 0x0000 }, 'u' }, /* Ù */
	{ 0x00DA, { 0x0055, 0x0301, 0x0000 }, 'u' }, /* Ú */
	{ 0x00DD, { 0x0059, 0x0301, 0x0000 }, 'y' }, /* Ý */
	{ 0x00E0, { 0x0061, 0x0300, 0x0000 }, 'a' }, /* à */
	{ 0x00E1, { 0x0061, 0x0301, 0x0000 }, 'a' }, /* á */
	{ 0x00E2, { 0x0061, 0x0302, 0x0000 }, 'a' }, /* â */
	{ 0x00E3, { 0x0061, 0x0303, 0x0000 }, 'a' }, /* ã */
	{ 0x00E8, { 0x0065, 0x0300, 0x0000 }, 'e' }, /* è */
	{ 0x00E9, { 0x0065, 0x0301, 0x0000 }, 'e' }, /* é */
	{ 0x00EA, { 0x0065, 0x0302, 0x0000 }, 'e' }, /* ê */
	{ 0x00EC, { 0x0069, 0x0300, 0x0000 }, 'i' }, /* ì */
	{ 0x00ED, { 0x0069, 0x0301, 0x0000 }, 'i' }, /* í */
	{ 0x00F2, { 0x006F, 0x0300, 0x0000 }, 'o' }, /* ò */
	{ 0x00F3, { 0x006F, 0x0301, 0x0000 }, 'o' }, /* ó */
	{ 0x00F4, { 0x006F, 0x0302, 0x0000 }, 'o' }, /* ô */
	{ 0x00F5, { 0x006F, 0x0303, 0x0000 }, 'o' }, /* õ */
	{ 0x00F9, { 0x0075, 0x0300, 0x0000 }, 'u' }, /* ù */
	{ 0x00FA, { 0x0075, 0x0301, 0x0000 }, 'u' }, /* ú */
	{ 0x00FD, { 0x0079, 0x0301, 0x0000 }, 'y' }, /* ý */
	{ 0x0102, { 0x0041, 0x0306, 0x0000 }, 'a' }, /* Ă */
	{ 0x0103, { 0x0061, 0x0306, 0x0000 }, 'a' }, /* ă */
	{ 0x0110, { 0x0110, 0x0000, 0x0000 }, 'd' }, /* Đ */
	{ 0x0111, { 0x0111, 0x0000, 0x0000 }, 'd' }, /* đ */
	{ 0x0128, { 0x0049, 0x0303, 0x0000 }, 'i' }, /* Ĩ */
	{ 0x0129, { 0x0069, 0x0303, 0x0000 }, 'i' }, /* ĩ */
	{ 0x0168, { 0x0055, 0x0303, 0x0000 }, 'u' }, /* Ũ */
	{ 0x0169, { 0x0075, 0x0303, 0x0000 }, 'u' }, /* ũ */
	{ 0x01A0, { 0x004F, 0x031B, 0x0000 }, 'o' }, /* Ơ */
	{ 0x01A1, { 0x006F, 0x031B, 0x0000 }, 'o' }, /* ơ */
	{ 0x01AF, { 0x0055, 0x031B, 0x0000 }, 'u' }, /* Ư */
	{ 0x01B0, { 0x0075, 0x031B, 0x0000 }, 'u' }, /* ư */
	{ 0x1EA0, { 0x0041, 0x0323, 0x0000 }, 'a' }, /* Ạ */
	{ 0x1EA1, { 0x0061, 0x0323, 0x0000 }, 'a' }, /* ạ */
	{ 0x1EA2, { 0x0041, 0x0309, 0x0000 }, 'a' }, /* Ả */
	{ 0x1EA3, { 0x0061, 0x0309, 0x0000 }, 'a' }, /* ả */
	{ 0x1EA4, { 0x0041, 0x0302, 0x0301 }, 'a' }, /* Ấ */
	{ 0x1EA5, { 0x0061, 0x0302, 0x0301 }, 'a' }, /* ấ */
	{ 0x1EA6, { 0x0041, 0x0302, 0x0300 }, 'a' }, /* Ầ */
	{ 0x1EA7, { 0x0061, 0x0302, 0x0300 }, 'a' }, /* ầ */
	{ 0x1EA8, { 0x0041, 0x0302, 0x0309 }, 'a' }, /* Ẩ */
	{ 0x1EA9, { 0x0061, 0x0302, 0x0309 }, 'a' }, /* ẩ */
	{ 0x1EAA, { 0x0041, 0x0302, 0x0303 }, 'a' }, /* Ẫ */
	{ 0x1EAB, { 0x0061, 0x0302, 0x0303 }, 'a' }, /* ẫ */
	{ 0x1EAC, { 0x0041, 0x0323, 0x0302 }, 'a' }, /* Ậ */
	{ 0x1EAD, { 0x0061, 0x0323, 0x0302 }, 'a' }, /* ậ */
	{ 0x1EAE, { 0x0041, 0x0306, 0x0301 }, 'a' }, /* Ắ */
	{ 0x1EAF, { 0x0061, 0x0306, 0x0301 }, 'a' }, /* ắ */
	{ 0x1EB0, { 0x0041, 0x0306, 0x0300 }, 'a' }, /* Ằ */
	{ 0x1EB1, { 0x0061, 0x0306, 0x0300 }, 'a' }, /* ằ */
	{ 0x1EB2, { 0x0041, 0x0306, 0x0309 }, 'a' }, /* Ẳ */
	{ 0x1EB3, { 0x0061, 0x0306, 0x0309 }, 'a' }, /* ẳ */
	{ 0x1EB4, { 0x0041, 0x0306, 0x0303 }, 'a' }, /* Ẵ */
	{ 0x1EB5, { 0x0061, 0x0306, 0x0303 }, 'a' }, /* ẵ */
	{ 0x1EB6, { 0x0041, 0x0323, 0x0306 }, 'a' }, /* Ặ */
	{ 0x1EB7, { 0x0061, 0x0323, 0x0306 }, 'a' }, /* ặ */
	{ 0x1EB8, { 0x0045, 0x0323, 0x0000 }, 'e' }, /* Ẹ */
	{ 0x1EB9, { 0x0065, 0x0323, 0x0000 }, 'e' }, /* ẹ */
	{ 0x1EBA, { 0x0045, 0x0309, 0x0000 }, 'e' }, /* Ẻ */
	{ 0x1EBB, { 0x0065, 0x0309, 0x0000 }, 'e' }, /* ẻ */
	{ 0x1EBC, { 0x0045, 0x0303, 0x0000 }, 'e' }, /* Ẽ */
	{ 0x1EBD, { 0x0065, 0x0303, 0x0000 }, 'e' }, /* ẽ */
	{ 0x1EBE, { 0x0045, 0x0302, 0x0301 }, 'e' }, /* Ế */
	{ 0x1EBF, { 0x0065, 0x0302, 0x0301 }, 'e' }, /* ế */
	{ 0x1EC0, { 0x0045, 0x0302, 0x0300 }, 'e' }, /* Ề */
	{ 0x1EC1, { 0x0065, 0x0302, 0x0300 }, 'e' }, /* ề */
	{ 0x1EC2, { 0x0045, 0x0302, 0x0309 }, 'e' }, /* Ể */
	{ 0x1EC3, { 0x0065, 0x0302, 0x0309 }, 'e' }, /* ể */
	{ 0x1EC4, { 0x0045, 0x0302, 0x0303 }, 'e' }, /* Ễ */
	{ 0x1EC5, { 0x0065, 0x0302, 0x0303 }, 'e' }, /* ễ */
	{ 0x1EC6, { 0x0045, 0x0323, 0x0302 }, 'e' }, /* Ệ */
	{ 0x1EC7, { 0x0065, 0x0323, 0x0302 }, 'e' }, /* ệ */
	{ 0x1EC8, { 0x0049, 0x0309, 0x0000 }, 'i' }, /* Ỉ */
	{ 0x1EC9, { 0x0069, 0x0309, 0x0000 }, 'i' }, /* ỉ */
	{ 0x1ECA, { 0x0049, 0x0323, 0x0000 }, 'i' }, /* Ị */
	{ 0x1ECB, { 0x0069, 0x0323, 0x0000 }, 'i' }, /* ị */
	{ 0x1ECC, { 0x004F, 0x0323, 0x0000 }, 'o' }, /* Ọ */
	{ 0x1ECD, { 0x006F, 0x0323, 0x0000 }, 'o' }, /* ọ */
	{ 0x1ECE, { 0x004F, 0x0309, 0x0000 }, 'o' }, /* Ỏ */
	{ 0x1ECF, { 0x006F, 0x0309, 0x0000 }, 'o' }, /* ỏ */
	{ 0x1ED0, { 0x004F, 0x0302, 0x0301 }, 'o' }, /* Ố */
	{ 0x1ED1, { 0x006F, 0x0302, 0x0301 }, 'o' }, /* ố */
	{ 0x1ED2, { 0x004F, 0x0302, 0x0300 }, 'o' }, /* Ồ */
	{ 0x1ED3, { 0x006F, 0x0302, 0x0300 }, 'o' }, /* ồ */
	{ 0x1ED4, { 0x004F, 0x0302, 0x0309 }, 'o' }, /* Ổ */
	{ 0x1ED5, { 0x006F, 0x0302, 0x0309 }, 'o' }, /* ổ */
	{ 0x1ED6, { 0x004F, 0x0302, 0x0303 }, 'o' }, /* Ỗ */
	{ 0x1ED7, { 0x006F, 0x0302, 0x0303 }, 'o' }, /* ỗ */
	{ 0x1ED8, { 0x004F, 0x0323, 0x0302 }, 'o' }, /* Ộ */
	{ 0x1ED9, { 0x006F, 0x0323, 0x0302 }, 'o' }, /* ộ */
	{ 0x1EDA, { 0x004F, 0x031B, 0x0301 }, 'o' }, /* Ớ */
	{ 0x1EDB, { 0x006F, 0x031B, 0x0301 }, 'o' }, /* ớ */
	{ 0x1EDC, { 0x004F, 0x031B, 0x0300 }, 'o' }, /* Ờ */
	{ 0x1EDD, { 0x006F, 0x031B, 0x0300 }, 'o' }, /* ờ */
	{ 0x1EDE, { 0x004F, 0x031B, 0x0309 }, 'o' }, /* Ở */
	{ 0x1EDF, { 0x006F, 0x031B, 0x0309 }, 'o' }, /* ở */
	{ 0x1EE0, { 0x004F, 0x031B, 0x0303 }, 'o' }, /* Ỡ */
	{ 0x1EE1, { 0x006F, 0x031B, 0x0303 }, 'o' }, /* ỡ */
	{ 0x1EE2, { 0x004F, 0x031B, 0x0323 }, 'o' }, /* Ợ */
	{ 0x1EE3, { 0x006F, 0x031B, 0x0323 }, 'o' }, /* ợ */
	{ 0x1EE4, { 0x0055, 0x0323, 0x0000 }, 'u' }, /* Ụ */
	{ 0x1EE5, { 0x0075, 0x0323, 0x0000 }, 'u' }, /* ụ */
	{ 0x1EE6, { 0x0055, 0x0309, 0x0000 }, 'u' }, /* Ủ */
	{ 0x1EE7, { 0x0075, 0x0309, 0x0000 }, 'u' }, /* ủ */
	{ 0x1EE8, { 0x0055, 0x031B, 0x0301 }, 'u' }, /* Ứ */
	{ 0x1EE9, { 0x0075, 0x031B, 0x0301 }, 'u' }, /* ứ */
	{ 0x1EEA, { 0x0055, 0x031B, 0x0300 }, 'u' }, /* Ừ */
	{ 0x1EEB, { 0x0075, 0x031B, 0x0300 }, 'u' }, /* ừ */
	{ 0x1EEC, { 0x0055, 0x031B, 0x0309 }, 'u' }, /* Ử */
	{ 0x1EED, { 0x0075, 0x031B, 0x0309 }, 'u' }, /* ử */
	{ 0x1EEE, { 0x0055, 0x031B, 0x0303 }, 'u' }, /* Ữ */
	{ 0x1EEF, { 0x0075, 0x031B, 0x0303 }, 'u' }, /* ữ */
	{ 0x1EF0, { 0x0055, 0x031B, 0x0323 }, 'u' }, /* Ự */
	{ 0x1EF1, { 0x0075, 0x031B, 0x0323 }, 'u' }, /* ự */
	{ 0x1EF2, { 0x0059, 0x0300, 0x0000 }, 'y' }, /* Ỳ */
	{ 0x1EF3, { 0x0079, 0x0300, 0x0000 }, 'y' }, /* ỳ */
	{ 0x1EF4, { 0x0059, 0x0323, 0x0000 }, 'y' }, /* Ỵ */
	{ 0x1EF5, { 0x0079, 0x0323, 0x0000 }, 'y' }, /* ỵ */
	{ 0x1EF6, { 0x0059, 0x0309, 0x0000 }, 'y' }, /* Ỷ */
	{ 0x1EF7, { 0x0079, 0x0309, 0x0000 }, 'y' }, /* ỷ */
	{ 0x1EF8, { 0x0059, 0x0303, 0x0000 }, 'y' }, /* Ỹ */
	{ 0x1EF9, { 0x0079, 0x0303, 0x0000 }, 'y' }, /* ỹ */
};

static int
open_buf(void **state)
{
	static struct buf b;

	buf_init(&b, 1 << 16);
	*state = &b;
	return 0;
}

static int
close_buf(void **state)
{
	buf_free(*state);
	return 0;
}

/* Compose count points and compare with the single point want. */
static void
composes_to(
    struct buf *out, const uint32_t *points, size_t count, uint32_t want)
{
	struct buf in, expected;

	buf_init(&in, 100);
	buf_init(&expected, 100);
	for (size_t i = 0; i < count; i++)
		text_put(&in, points[i]);
	text_put(&expected, want);
	buf_clear(out);
	assert_int_equal(text_compose(buf_view(&in), out), FAIL_NONE);
	if (!bytes_equal(buf_view(out), buf_view(&expected)))
		fail_msg(
		    "U+%04X from U+%04X U+%04X …", want, points[0], points[1]);
	buf_free(&in);
	buf_free(&expected);
}

/* The letter of the table with exactly base and mark. */
static uint32_t
letter_of(uint32_t base, uint32_t mark)
{
	for (size_t i = 0; i < COUNT(letters); i++)
		if (letters[i].parts[0] == base &&
		    letters[i].parts[1] == mark && !letters[i].parts[2])
			return letters[i].point;
	fail_msg("no letter U+%04X U+%04X", base, mark);
	return 0;
}

static void
letters_are_those_of_the_standard(void **state)
{
	bool seen[COUNT(letters)] = { false };

	(void)state;
	assert_int_equal(COUNT(letters), TEXT_LETTERS);
	for (size_t i = 0; i < TEXT_LETTERS; i++) {
		size_t j = 0;

		while (j < COUNT(letters) && letters[j].point != text_letter(i))
			j++;
		assert_true(j < COUNT(letters));
		assert_false(seen[j]);
		seen[j] = true;
	}
}

static void
decomposed_letters_become_one_point(void **state)
{
	for (size_t i = 0; i < COUNT(letters); i++) {
		const struct letter *l = &letters[i];
		size_t count = l->parts[2] ? 3 : l->parts[1] ? 2 : 1;

		composes_to(*state, l->parts, count, l->point);
	}
}

static void
marks_in_the_other_order_give_the_same_letter(void **state)
{
	unsigned tried = 0;

	for (size_t i = 0; i < COUNT(letters); i++) {
		const struct letter *l = &letters[i];

		if (!l->parts[2])
			continue;
		composes_to(*state,
		    (uint32_t[]){ l->parts[0], l->parts[2], l->parts[1] }, 3,
		    l->point);
		tried++;
	}
	/* Twelve shaped vowels with five tones each. */
	assert_int_equal(tried, 60);
}

static void
half_composed_letters_are_finished(void **state)
{
	for (size_t i = 0; i < COUNT(letters); i++) {
		const struct letter *l = &letters[i];

		if (!l->parts[2])
			continue;
		for (size_t first = 1; first <= 2; first++)
			composes_to(*state,
			    (uint32_t[]){
				letter_of(l->parts[0], l->parts[first]),
				l->parts[3 - first] },
			    2, l->point);
	}
}

static void
composed_letters_stay_as_they_are(void **state)
{
	for (size_t i = 0; i < COUNT(letters); i++)
		composes_to(*state, (uint32_t[]){ letters[i].point, 0 }, 1,
		    letters[i].point);
}

struct pair {
	const char *in, *out;
};

static void
compose_rows(struct buf *out, const struct pair *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_clear(out);
		assert_int_equal(
		    text_compose(BYTES_TEXT(rows[i].in), out), FAIL_NONE);
		if (!bytes_equal_text(buf_view(out), rows[i].out))
			fail_msg("%s", rows[i].in);
	}
}

/* What a Mac writes into a file name, and the same in NFC (Python). */
static void
whole_sentence_is_composed(void **state)
{
	static const struct pair rows[] = {
		{ "Co\xCC\xA3\xCC\x82ng ho\xCC\x80"
		  "a xa\xCC\x83 ho\xCC\xA3\xCC"
		  "\x82i",
		    "C\xE1\xBB\x99ng h\xC3\xB2"
		    "a x\xC3\xA3 h\xE1\xBB"
		    "\x99i" },
		{ "nghi\xCC\xA3 \xC4\x91i\xCC\xA3nh 30/2020/N\xC4\x90-CP",
		    "ngh\xE1\xBB\x8B \xC4\x91\xE1\xBB\x8Bnh 30/2020/N\xC4\x90"
		    "-CP" },
		{ "", "" },
	};

	compose_rows(*state, rows, COUNT(rows));
}

static void
marks_that_make_no_vietnamese_letter_are_copied(void **state)
{
	static const struct pair rows[] = {
		{ "n\xCC\x83", "n\xCC\x83" }, /* ñ is Spanish */
		{ "a\xCC\x88", "a\xCC\x88" }, /* ä */
		{ "i\xCC\x82", "i\xCC\x82" }, /* î */
		{ "e\xCC\x86", "e\xCC\x86" }, /* ĕ */
		{ "a\xCC\x9B", "a\xCC\x9B" }, /* a with horn */
		{ "\xCC\x81", "\xCC\x81" },   /* a mark alone */
		{ "1\xCC\x81", "1\xCC\x81" },
		{ "a\xCC\x81\xCC\x80", "\xC3\xA1\xCC\x80" }, /* two tones */
		{ "a\xCC\x82\xCC\x86", "\xC3\xA2\xCC\x86" }, /* two shapes */
		{ "a \xCC\x81", "a \xCC\x81" },
		{ "\xE2\x82\xAC \xF0\x9F\x98\x80",
		    "\xE2\x82\xAC \xF0\x9F\x98\x80" },
	};

	compose_rows(*state, rows, COUNT(rows));
}

static void
composing_keeps_a_zero_byte(void **state)
{
	struct buf *out = *state;

	assert_int_equal(
	    text_compose((struct bytes){ (const uint8_t *)"a\0b", 3 }, out),
	    FAIL_NONE);
	assert_int_equal(out->len, 3);
	assert_memory_equal(out->data, "a\0b", 3);
}

static void
composing_twice_changes_nothing_more(void **state)
{
	static const uint32_t points[] = { 'a', 'e', 'O', 'u', 'x', 0x00E2,
		0x01A1, 0x0300, 0x0302, 0x0306, 0x031B, 0x0323 };
	struct buf *once = *state, in, twice;

	buf_init(&in, 100);
	buf_init(&twice, 100);
	for (size_t n = 0;
	     n < COUNT(points) * COUNT(points) * COUNT(points) * COUNT(points);
	     n++) {
		size_t rest = n;

		buf_clear(&in);
		buf_clear(once);
		buf_clear(&twice);
		for (int i = 0; i < 4; i++, rest /= COUNT(points))
			text_put(&in, points[rest % COUNT(points)]);
		assert_int_equal(text_compose(buf_view(&in), once), FAIL_NONE);
		assert_int_equal(
		    text_compose(buf_view(once), &twice), FAIL_NONE);
		if (!bytes_equal(buf_view(once), buf_view(&twice)))
			fail_msg("case %zu", n);
	}
	buf_free(&in);
	buf_free(&twice);
}

/* RFC 3629 4 and Unicode table 3-7: what is not UTF-8. */
static const char *const broken[] = {
	"\x80",
	"\xBF",
	"\xC0\x80",
	"\xC1\xBF",
	"\xC3",
	"\xC3(",
	"\xE1\xBB",
	"\xE1\xBB(",
	"\xE0\x9F\xBF",
	"\xED\xA0\x80",
	"\xED\xBF\xBF",
	"\xF0\x8F\xBF\xBF",
	"\xF4\x90\x80\x80",
	"\xF5\x80\x80\x80",
	"\xF8\x88\x80\x80\x80",
	"\xFE",
	"\xFF",
	"a\xE1\xBA",
	"\xE1\xBA\x61",
};

static void
broken_utf8_is_refused_everywhere(void **state)
{
	for (size_t i = 0; i < COUNT(broken); i++) {
		struct bytes in = BYTES_TEXT(broken[i]);

		if (text_valid(in))
			fail_msg("row %zu", i);
		assert_int_equal(text_compose(in, *state), FAIL_FORMAT);
		assert_int_equal(text_fold(in, *state), FAIL_FORMAT);
	}
}

static void
broken_byte_is_stepped_over_alone(void **state)
{
	struct bytes in = BYTES_TEXT("\xE1\xBB"
				     "a\xED\xA0\x80");
	static const uint32_t want[] = { UINT32_MAX, UINT32_MAX, 'a',
		UINT32_MAX, UINT32_MAX, UINT32_MAX };
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_int_equal(at, i);
		assert_int_equal(text_next(in, &at), want[i]);
	}
	assert_int_equal(at, in.len);
	assert_int_equal(text_length(in), 6);
}

static void
every_point_is_read_back_as_written(void **state)
{
	struct buf *b = *state;

	for (uint32_t p = 0; p <= 0x10FFFF; p++) {
		size_t at = 0;

		if (p == 0xD800)
			p = 0xE000;
		buf_clear(b);
		text_put(b, p);
		if (text_next(buf_view(b), &at) != p || at != b->len)
			fail_msg("U+%04X", p);
	}
}

/* The examples of RFC 3629 7. */
static void
points_are_written_as_the_standard_shows(void **state)
{
	struct buf *b = *state;

	text_put(b, 0x2262);
	text_put(b, 0x0391);
	text_put(b, 0xD55C);
	text_put(b, 0x233B4);
	assert_true(bytes_equal_text(
	    buf_view(b), "\xE2\x89\xA2\xCE\x91\xED\x95\x9C\xF0\xA3\x8E\xB4"));
}

static void
controls_other_than_tab_and_newline_are_not_text(void **state)
{
	(void)state;
	assert_true(text_valid(BYTES_TEXT("Số: 12/QĐ-UBND\n\tĐiều 1")));
	assert_true(text_valid(BYTES_TEXT("")));
	for (uint8_t c = 0; c < 0x80; c++) {
		bool wanted =
		    (c >= 0x20 && c != 0x7F) || c == '\t' || c == '\n';

		assert_int_equal(text_valid((struct bytes){ &c, 1 }), wanted);
	}
}

static void
length_counts_letters_not_bytes(void **state)
{
	static const struct {
		const char *text;
		size_t length;
	} rows[] = {
		{ "", 0 },
		{ "Quyết định", 10 },
		{ "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 34 },
		{ "e\xCC\x82\xCC\x81", 3 },
		{ "\xF0\x9F\x98\x80", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
		    text_length(BYTES_TEXT(rows[i].text)), rows[i].length);
}

static void
letters_fold_to_their_base(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(letters); i++)
		assert_int_equal(
		    text_fold_point(letters[i].point), letters[i].base);
	for (uint32_t c = 0; c < 0x80; c++)
		assert_int_equal(
		    text_fold_point(c), c >= 'A' && c <= 'Z' ? c + 32 : c);
	/* Not Vietnamese: ä ñ ß Ж € */
	assert_int_equal(text_fold_point(0xE4), 0xE4);
	assert_int_equal(text_fold_point(0xF1), 0xF1);
	assert_int_equal(text_fold_point(0xDF), 0xDF);
	assert_int_equal(text_fold_point(0x416), 0x416);
	assert_int_equal(text_fold_point(0x20AC), 0x20AC);
}

static void
folding_is_the_same_for_both_normal_forms(void **state)
{
	static const struct pair rows[] = {
		{ "Ủy ban nhân dân", "uy ban nhan dan" },
		{ "U\xCC\x89y ban nh\xC3\xA2n d\x61\xCC\x82n",
		    "uy ban nhan dan" },
		{ "ĐƯỜNG", "duong" },
		{ "\xC4\x90U\xCC\x9BO\xCC\x9B\xCC\x80NG", "duong" },
		{ "12/2026/QĐ-TTg", "12/2026/qd-ttg" },
	};
	struct buf *out = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_clear(out);
		assert_int_equal(
		    text_fold(BYTES_TEXT(rows[i].in), out), FAIL_NONE);
		if (!bytes_equal_text(buf_view(out), rows[i].out))
			fail_msg("%s", rows[i].in);
	}
}

static void
folding_twice_changes_nothing_more(void **state)
{
	(void)state;
	for (uint32_t p = 0; p <= 0x10FFFF; p++) {
		uint32_t once = text_fold_point(p);

		if (text_fold_point(once) != once)
			fail_msg("U+%04X", p);
	}
}

static void
folded_text_stays_the_same_when_folded_again(void **state)
{
	struct buf in, *once = *state, twice;

	buf_init(&in, 100);
	buf_init(&twice, 100);
	/* Every point of the plane that holds our letters, with a mark. */
	for (uint32_t p = 1; p < 0x2000; p++) {
		buf_clear(&in);
		buf_clear(once);
		buf_clear(&twice);
		text_put(&in, p);
		text_put(&in, 0x0323);
		assert_int_equal(text_fold(buf_view(&in), once), FAIL_NONE);
		assert_int_equal(text_fold(buf_view(once), &twice), FAIL_NONE);
		if (!bytes_equal(buf_view(once), buf_view(&twice)))
			fail_msg("U+%04X", p);
	}
	buf_free(&in);
	buf_free(&twice);
}

static void
output_over_its_ceiling_is_told(void **state)
{
	struct buf small;

	(void)state;
	buf_init(&small, 3);
	assert_int_equal(text_compose(BYTES_TEXT("abcd"), &small), FAIL_LIMIT);
	buf_clear(&small);
	assert_int_equal(text_fold(BYTES_TEXT("abcd"), &small), FAIL_LIMIT);
	buf_free(&small);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_buf, close_buf)

static void
kept_text_is_harmless(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "Nguy\xE1\xBB\x85n", "Nguy\xE1\xBB\x85n" },
		{ "a\x1B[2Jb\n", "a?[2Jb?" },
		{ "a\xFF\x62", "a?b" },
		{ "a\xE2\x80\xAE"
		  "fdp",
		    "a?fdp" },
		{ "a\xE2\x81\xA6"
		  "b",
		    "a?b" },
		{ "12345678\xE1\xBB\x85", "12345678" },
	};
	char out[10];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		text_keep(out, sizeof(out), BYTES_TEXT(rows[i].in));
		assert_string_equal(out, rows[i].out);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(kept_text_is_harmless),
		ROW(letters_are_those_of_the_standard),
		ROW(decomposed_letters_become_one_point),
		ROW(marks_in_the_other_order_give_the_same_letter),
		ROW(half_composed_letters_are_finished),
		ROW(composed_letters_stay_as_they_are),
		ROW(whole_sentence_is_composed),
		ROW(marks_that_make_no_vietnamese_letter_are_copied),
		ROW(composing_keeps_a_zero_byte),
		ROW(composing_twice_changes_nothing_more),
		ROW(broken_utf8_is_refused_everywhere),
		ROW(broken_byte_is_stepped_over_alone),
		ROW(every_point_is_read_back_as_written),
		ROW(points_are_written_as_the_standard_shows),
		ROW(controls_other_than_tab_and_newline_are_not_text),
		ROW(length_counts_letters_not_bytes),
		ROW(letters_fold_to_their_base),
		ROW(folding_is_the_same_for_both_normal_forms),
		ROW(folding_twice_changes_nothing_more),
		ROW(folded_text_stays_the_same_when_folded_again),
		ROW(output_over_its_ceiling_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/text.h"

#define VOWELS 24u
#define TONES 6u

/*
 * Each vowel, lower case then upper case, bare and with huyền, hỏi, ngã, sắc,
 * nặng.  Everything else in this file is derived from this table.
 */
static const uint16_t vowels[VOWELS][TONES] = {
	{ 0x0061, 0x00E0, 0x1EA3, 0x00E3, 0x00E1, 0x1EA1 }, /* a */
	{ 0x0103, 0x1EB1, 0x1EB3, 0x1EB5, 0x1EAF, 0x1EB7 }, /* ă */
	{ 0x00E2, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD }, /* â */
	{ 0x0065, 0x00E8, 0x1EBB, 0x1EBD, 0x00E9, 0x1EB9 }, /* e */
	{ 0x00EA, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7 }, /* ê */
	{ 0x0069, 0x00EC, 0x1EC9, 0x0129, 0x00ED, 0x1ECB }, /* i */
	{ 0x006F, 0x00F2, 0x1ECF, 0x00F5, 0x00F3, 0x1ECD }, /* o */
	{ 0x00F4, 0x1ED3, 0x1ED5, 0x1ED7, 0x1ED1, 0x1ED9 }, /* ô */
	{ 0x01A1, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB, 0x1EE3 }, /* ơ */
	{ 0x0075, 0x00F9, 0x1EE7, 0x0169, 0x00FA, 0x1EE5 }, /* u */
	{ 0x01B0, 0x1EEB, 0x1EED, 0x1EEF, 0x1EE9, 0x1EF1 }, /* ư */
	{ 0x0079, 0x1EF3, 0x1EF7, 0x1EF9, 0x00FD, 0x1EF5 }, /* y */
	{ 0x0041, 0x00C0, 0x1EA2, 0x00C3, 0x00C1, 0x1EA0 }, /* A */
	{ 0x0102, 0x1EB0, 0x1EB2, 0x1EB4, 0x1EAE, 0x1EB6 }, /* Ă */
	{ 0x00C2, 0x1EA6, 0x1EA8, 0x1EAA, 0x1EA4, 0x1EAC }, /* Â */
	{ 0x0045, 0x00C8, 0x1EBA, 0x1EBC, 0x00C9, 0x1EB8 }, /* E */
	{ 0x00CA, 0x1EC0, 0x1EC2, 0x1EC4, 0x1EBE, 0x1EC6 }, /* Ê */
	{ 0x0049, 0x00CC, 0x1EC8, 0x0128, 0x00CD, 0x1ECA }, /* I */
	{ 0x004F, 0x00D2, 0x1ECE, 0x00D5, 0x00D3, 0x1ECC }, /* O */
	{ 0x00D4, 0x1ED2, 0x1ED4, 0x1ED6, 0x1ED0, 0x1ED8 }, /* Ô */
	{ 0x01A0, 0x1EDC, 0x1EDE, 0x1EE0, 0x1EDA, 0x1EE2 }, /* Ơ */
	{ 0x0055, 0x00D9, 0x1EE6, 0x0168, 0x00DA, 0x1EE4 }, /* U */
	{ 0x01AF, 0x1EEA, 0x1EEC, 0x1EEE, 0x1EE8, 0x1EF0 }, /* Ư */
	{ 0x0059, 0x1EF2, 0x1EF6, 0x1EF8, 0x00DD, 0x1EF4 }, /* Y */
};

/* Combining marks in the order of the columns above; the first is unused. */
static const uint16_t tone_marks[TONES] = { 0, 0x0300, 0x0309, 0x0303, 0x0301,
	0x0323 };

#define MARK_BREVE 0x0306u
#define MARK_CIRCUMFLEX 0x0302u
#define MARK_HORN 0x031Bu

/* Plain letter + mark = shaped vowel. */
static const struct {
	uint16_t plain, mark, shaped;
} shapes[] = {
	{ 'a', MARK_BREVE, 0x0103 },
	{ 'a', MARK_CIRCUMFLEX, 0x00E2 },
	{ 'e', MARK_CIRCUMFLEX, 0x00EA },
	{ 'o', MARK_CIRCUMFLEX, 0x00F4 },
	{ 'o', MARK_HORN, 0x01A1 },
	{ 'u', MARK_HORN, 0x01B0 },
	{ 'A', MARK_BREVE, 0x0102 },
	{ 'A', MARK_CIRCUMFLEX, 0x00C2 },
	{ 'E', MARK_CIRCUMFLEX, 0x00CA },
	{ 'O', MARK_CIRCUMFLEX, 0x00D4 },
	{ 'O', MARK_HORN, 0x01A0 },
	{ 'U', MARK_HORN, 0x01AF },
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

/* Where a vowel stands in the table; false when the point is no vowel. */
static bool
vowel_find(uint32_t point, size_t *row, size_t *tone)
{
	for (size_t r = 0; r < VOWELS; r++)
		for (size_t t = 0; t < TONES; t++)
			if (vowels[r][t] == point) {
				*row = r;
				*tone = t;
				return true;
			}
	return false;
}

uint32_t
text_next(struct bytes text, size_t *at)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint8_t first = text.data[*at];
	size_t more = first < 0x80 ? 0 :
	    first >> 5 == 6        ? 1 :
	    first >> 4 == 14       ? 2 :
	    first >> 3 == 30       ? 3 :
				     4;
	uint32_t point;

	if (more == 4 || more > text.len - *at - 1) {
		(*at)++;
		return UINT32_MAX;
	}
	point = more ? first & (0x3Fu >> more) : first;
	for (size_t i = 1; i <= more; i++) {
		uint8_t c = text.data[*at + i];

		if (c >> 6 != 2) {
			(*at)++;
			return UINT32_MAX;
		}
		point = point << 6 | (c & 0x3Fu);
	}
	if (point < least[more] || point > 0x10FFFF ||
	    (point >= 0xD800 && point < 0xE000)) {
		(*at)++;
		return UINT32_MAX;
	}
	*at += more + 1;
	return point;
}

void
text_put(struct buf *out, uint32_t p)
{
	if (p < 0x80) {
		buf_u8(out, (uint8_t)p);
	} else if (p < 0x800) {
		buf_u8(out, (uint8_t)(0xC0 | p >> 6));
		buf_u8(out, (uint8_t)(0x80 | (p & 0x3F)));
	} else if (p < 0x10000) {
		buf_u8(out, (uint8_t)(0xE0 | p >> 12));
		buf_u8(out, (uint8_t)(0x80 | (p >> 6 & 0x3F)));
		buf_u8(out, (uint8_t)(0x80 | (p & 0x3F)));
	} else {
		buf_u8(out, (uint8_t)(0xF0 | p >> 18));
		buf_u8(out, (uint8_t)(0x80 | (p >> 12 & 0x3F)));
		buf_u8(out, (uint8_t)(0x80 | (p >> 6 & 0x3F)));
		buf_u8(out, (uint8_t)(0x80 | (p & 0x3F)));
	}
}

/* Does a point turn the direction of what follows? */
static bool
turns_text(uint32_t p)
{
	return (p >= 0x202A && p <= 0x202E) || (p >= 0x2066 && p <= 0x2069);
}

/* One that is not seen itself: a space without width, a mark of direction or of
 * a letter's form, an end of line by another name. */
static bool
is_unseen(uint32_t p)
{
	return p == 0xAD || p == 0x061C || p == 0x180E ||
	    (p >= 0x200B && p <= 0x200F) || p == 0x2028 || p == 0x2029 ||
	    (p >= 0x2060 && p <= 0x206F) || (p >= 0xFE00 && p <= 0xFE0F) ||
	    p == 0xFEFF || (p >= 0xE0000 && p <= 0xE01EF);
}

void
text_keep(char *out, size_t room, struct bytes text)
{
	struct buf one;
	size_t at = 0, len = 0;

	buf_init(&one, 8);
	while (at < text.len) {
		uint32_t p = text_next(text, &at);

		if (p < 0x20 || (p >= 0x7F && p < 0xA0) ||
		    (p >= 0xD800 && p < 0xE000) || p > 0x10FFFF ||
		    turns_text(p) || is_unseen(p))
			p = '?';
		buf_clear(&one);
		text_put(&one, p);
		if (len + one.len >= room)
			break;
		memcpy(out + len, one.data, one.len);
		len += one.len;
	}
	buf_free(&one);
	out[len] = '\0';
}

void
text_escape(struct buf *out, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		switch (text.data[i]) {
		case '<':
			buf_text(out, "&lt;");
			break;
		case '>':
			buf_text(out, "&gt;");
			break;
		case '&':
			buf_text(out, "&amp;");
			break;
		case '"':
			buf_text(out, "&quot;");
			break;
		case '\'':
			buf_text(out, "&#39;");
			break;
		default:
			buf_u8(out, text.data[i]);
			break;
		}
}

bool
text_valid(struct bytes text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t p = text_next(text, &at);

		if (p == UINT32_MAX || (p >= 0x7F && p < 0xA0) ||
		    (p < 0x20 && p != '\t' && p != '\n') || turns_text(p))
			return false;
	}
	return true;
}

size_t
text_length(struct bytes text)
{
	size_t n = 0;

	for (size_t at = 0; at < text.len; n++)
		(void)text_next(text, &at);
	return n;
}

/* base with mark added, or 0 when Vietnamese has no such letter. */
static uint32_t
compose_pair(uint32_t base, uint32_t mark)
{
	size_t row, tone;

	if (!vowel_find(base, &row, &tone))
		return 0;
	for (size_t t = 1; t < TONES; t++)
		if (tone_marks[t] == mark)
			return tone ? 0 : vowels[row][t];
	for (size_t i = 0; i < SHAPES; i++) {
		size_t shaped_row, none;

		if (shapes[i].mark != mark || shapes[i].plain != vowels[row][0])
			continue;
		/* The tone may stand before the shape mark: keep it. */
		if (!vowel_find(shapes[i].shaped, &shaped_row, &none))
			return 0;
		return vowels[shaped_row][tone];
	}
	return 0;
}

enum fail
text_compose(struct bytes text, struct buf *out)
{
	uint32_t held = UINT32_MAX; /* none */

	for (size_t at = 0; at < text.len;) {
		uint32_t p = text_next(text, &at), joined;

		if (p == UINT32_MAX)
			return FAIL_FORMAT;
		/* Two old code points that NFC maps to the usual marks. */
		if (p == 0x0340 || p == 0x0341)
			p -= 0x40;
		joined = held != UINT32_MAX ? compose_pair(held, p) : 0;
		if (joined) {
			held = joined;
			continue;
		}
		if (held != UINT32_MAX)
			text_put(out, held);
		held = p;
	}
	if (held != UINT32_MAX)
		text_put(out, held);
	return buf_fail(out);
}

uint32_t
text_fold_point(uint32_t point)
{
	size_t row, tone;

	if (point == 0x0110 || point == 0x0111)
		return 'd';
	if (vowel_find(point, &row, &tone)) {
		point = vowels[row][0];
		for (size_t i = 0; i < SHAPES; i++)
			if (shapes[i].shaped == point)
				point = shapes[i].plain;
	}
	if (point >= 'A' && point <= 'Z')
		point += 'a' - 'A';
	return point;
}

enum fail
text_fold(struct bytes text, struct buf *out)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t p = text_next(text, &at);

		if (p == UINT32_MAX)
			return FAIL_FORMAT;
		if (p >= 0x0300 && p < 0x0370)
			continue;
		text_put(out, text_fold_point(p));
	}
	return buf_fail(out);
}

uint32_t
text_letter(size_t i)
{
	size_t n = 0;

	if (i >= TEXT_LETTERS - 2)
		return i == TEXT_LETTERS - 2 ? 0x0111 : 0x0110;
	for (size_t r = 0; r < VOWELS; r++)
		for (size_t t = 0; t < TONES; t++)
			if (vowels[r][t] >= 0x80 && n++ == i)
				return vowels[r][t];
	return 0;
}

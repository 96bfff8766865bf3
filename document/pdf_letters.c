#include "document/pdf_letters.h"

#include <stdlib.h>

#include "document/glyph_name.h"

#define MAP_BYTES_MAX (4u << 20) /* of one /ToUnicode stream */
#define SIMPLE_CODES 256u
#define WORK_MAX (4 * (size_t)LETTERS_CODES)

static size_t
codes_of(const struct pdf_letters *l)
{
	return l->wide ? LETTERS_CODES : SIMPLE_CODES;
}

/* ---- /ToUnicode ---- */

/* A code as a number, from a hexadecimal string of one or two bytes. */
static bool
code_of(const struct pdf_token *t, uint32_t *code)
{
	uint32_t value = 0;
	unsigned digits = 0;

	if (t->kind != TOKEN_HEX)
		return false;
	for (size_t i = 1; i + 1 < t->raw.len; i++) {
		int digit = hex_digit(t->raw.data[i]);

		if (digit < 0)
			continue;
		value = value << 4 | (uint32_t)digit;
		if (++digits > 4)
			return false;
	}
	*code = value;
	return digits > 0;
}

/* The first letter of a UTF-16BE string; what follows it (ligatures) is not
 * needed where texts are looked for. */
static uint32_t
letter_of(const struct pdf_token *t)
{
	uint32_t unit[2] = { 0, 0 };
	unsigned digits = 0;

	if (t->kind != TOKEN_HEX)
		return 0;
	for (size_t i = 1; i + 1 < t->raw.len && digits < 8; i++) {
		int digit = hex_digit(t->raw.data[i]);

		if (digit < 0)
			continue;
		unit[digits / 4] = unit[digits / 4] << 4 | (uint32_t)digit;
		digits++;
	}
	if (digits < 4)
		return digits ? unit[0] : 0;
	if (unit[0] >= 0xD800 && unit[0] < 0xDC00 && digits == 8)
		return 0x10000 + ((unit[0] - 0xD800) << 10) +
		    (unit[1] - 0xDC00);
	return unit[0];
}

/* The row a code stands in, made when it is first told of: a font for all of
 * Unicode sets few. */
static struct letters_row *
row_of(struct pdf_letters *l, uint32_t code)
{
	struct letters_row **row = &l->row[code / SIMPLE_CODES];

	if (!*row)
		*row = calloc(1, sizeof(**row));
	if (!*row)
		l->failed = true;
	return *row;
}

static void
set(struct pdf_letters *l, uint32_t code, uint32_t point)
{
	struct letters_row *row;

	if (code >= codes_of(l) || point > 0x10FFFF)
		return;
	row = row_of(l, code);
	if (row)
		row->point[code % SIMPLE_CODES] = point;
}

static void
set_width(struct pdf_letters *l, uint32_t code, uint16_t width)
{
	struct letters_row *row = row_of(l, code);

	if (row)
		row->width[code % SIMPLE_CODES] = width;
}

/* <first> <last> <letter>, or <first> <last> [<letter> …]. */
static void
read_range(struct pdf_letters *l, struct pdf_lexer *in, uint32_t first)
{
	struct pdf_token t = pdf_token_next(in);
	uint32_t last, point;

	if (!code_of(&t, &last) || last < first)
		return;
	t = pdf_token_next(in);
	if (t.kind == TOKEN_ARRAY) {
		while (1) {
			t = pdf_token_next(in);
			if (t.kind == TOKEN_ARRAY_END || t.kind == TOKEN_END)
				return;
			if (first <= last)
				set(l, first++, letter_of(&t));
		}
	}
	point = letter_of(&t);
	if (!point)
		return;
	while (first <= last && first < codes_of(l) && l->work++ < WORK_MAX)
		set(l, first++, point++);
}

static void
read_map(struct pdf_letters *l, struct bytes map)
{
	struct pdf_lexer in = { map, 0 };
	enum { OUTSIDE, CHARS, RANGES } part = OUTSIDE;
	struct pdf_token t;

	while ((t = pdf_token_next(&in)).kind != TOKEN_END) {
		uint32_t code;

		if (t.kind == TOKEN_KEYWORD) {
			if (bytes_equal_text(t.raw, "beginbfchar"))
				part = CHARS;
			else if (bytes_equal_text(t.raw, "beginbfrange"))
				part = RANGES;
			else
				part = OUTSIDE;
		} else if (part == CHARS && code_of(&t, &code)) {
			t = pdf_token_next(&in);
			set(l, code, letter_of(&t));
		} else if (part == RANGES && code_of(&t, &code)) {
			read_range(l, &in, code);
		}
	}
}

static void
read_to_unicode(
    struct pdf_file *f, const struct pdf_value *font, struct pdf_letters *l)
{
	const struct pdf_value *entry = pdf_entry(font, "ToUnicode");
	struct pdf_object object;
	struct buf map;

	if (!entry || entry->type != PDF_REF ||
	    pdf_object_read(f, entry->ref.num, &object) || !object.is_stream)
		return;
	buf_init(&map, MAP_BYTES_MAX);
	if (!pdf_stream_decode(f, &object, &map))
		read_map(l, buf_view(&map));
	l->map = map.len;
	buf_free(&map);
}

/* ---- without a map ---- */

/* Windows Latin, the usual one: ASCII and Latin-1 where they agree. */
static void
set_usual(struct pdf_letters *l)
{
	for (uint32_t c = 0x20; c < SIMPLE_CODES; c++)
		if (c < 0x7F || c >= 0xA0)
			set(l, c, c);
}

/* The codes of WinAnsiEncoding (Annex D) that are not those of Latin-1. */
static void
set_windows(struct pdf_letters *l)
{
	static const uint16_t points[] = { 0x20AC, 0, 0x201A, 0x192, 0x201E,
		0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0,
		0x17D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
		0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178 };

	for (uint32_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		set(l, 0x80 + i, points[i]);
}

/* What codes mean that the font names itself (9.6.5.1): what is not known by
 * its name is no letter. */
static void
set_differences(
    struct pdf_file *f, const struct pdf_value *list, struct pdf_letters *l)
{
	int64_t code = 0;

	if (list->type != PDF_ARRAY)
		return;
	for (const struct pdf_value *v = list->first; v; v = v->next) {
		const struct pdf_value *one = pdf_resolve(f, v);

		if (one->type == PDF_INTEGER)
			code = one->integer;
		else if (one->type == PDF_NAME && code >= 0 &&
		    code < (int64_t)SIMPLE_CODES)
			set(l, (uint32_t)code++, glyph_point(one->text));
	}
}

static void
set_encoding(
    struct pdf_file *f, const struct pdf_value *font, struct pdf_letters *l)
{
	const struct pdf_value *encoding = pdf_get(f, font, "Encoding");
	const struct pdf_value *base = encoding->type == PDF_DICT ?
	    pdf_get(f, encoding, "BaseEncoding") :
	    encoding;

	set_usual(l);
	if (pdf_is_name(base, "WinAnsiEncoding"))
		set_windows(l);
	if (encoding->type == PDF_DICT)
		set_differences(f, pdf_get(f, encoding, "Differences"), l);
}

/* ---- widths ---- */

static uint16_t
as_width(const struct pdf_value *v)
{
	if (!pdf_is_number(v) || v->real < 0)
		return 0;
	return v->real > 10000 ? 10000 : (uint16_t)v->real;
}

static void
read_simple_widths(
    struct pdf_file *f, const struct pdf_value *font, struct pdf_letters *l)
{
	const struct pdf_value *first = pdf_get(f, font, "FirstChar");
	const struct pdf_value *list = pdf_get(f, font, "Widths");
	int64_t code = first->type == PDF_INTEGER ? first->integer : 0;

	l->usual = 500;
	if (list->type != PDF_ARRAY || code < 0)
		return;
	for (const struct pdf_value *v = list->first;
	     v && code < (int64_t)SIMPLE_CODES; v = v->next)
		set_width(l, (uint32_t)code++, as_width(pdf_resolve(f, v)));
}

/* /W: c [w …] or c d w (9.7.4.3); codes are CIDs where the encoding is
 * Identity, which it is in files of today's word processors. */
static void
read_wide_widths(struct pdf_file *f, const struct pdf_value *descendant,
    struct pdf_letters *l)
{
	const struct pdf_value *usual = pdf_get(f, descendant, "DW");
	const struct pdf_value *list = pdf_get(f, descendant, "W");
	const struct pdf_value *v =
	    list->type == PDF_ARRAY ? list->first : NULL;

	l->usual = usual->type == PDF_INTEGER ? as_width(usual) : 1000;
	while (v && v->next && l->work++ < WORK_MAX) {
		const struct pdf_value *from = pdf_resolve(f, v);
		const struct pdf_value *next = pdf_resolve(f, v->next);
		uint16_t width;
		int64_t code = from->type == PDF_INTEGER ? from->integer : -1;

		if (code < 0 || code >= (int64_t)LETTERS_CODES)
			return;
		if (next->type == PDF_ARRAY) {
			for (const struct pdf_value *w = next->first;
			     w && code < (int64_t)LETTERS_CODES &&
			     l->work++ < WORK_MAX;
			     w = w->next)
				set_width(l, (uint32_t)code++,
				    as_width(pdf_resolve(f, w)));
			v = v->next->next;
			continue;
		}
		if (!v->next->next || next->type != PDF_INTEGER)
			return;
		width = as_width(pdf_resolve(f, v->next->next));
		for (; code <= next->integer && code < (int64_t)LETTERS_CODES &&
		     l->work++ < WORK_MAX;
		     code++)
			set_width(l, (uint32_t)code, width);
		v = v->next->next->next;
	}
}

enum fail
pdf_letters_read(
    struct pdf_file *f, const struct pdf_value *font, struct pdf_letters *l)
{
	*l = (struct pdf_letters){ .wide = pdf_is_name(
				       pdf_get(f, font, "Subtype"), "Type0") };
	if (l->wide) {
		const struct pdf_value *below =
		    pdf_get(f, font, "DescendantFonts");

		read_wide_widths(f,
		    below->type == PDF_ARRAY ? pdf_resolve(f, below->first) :
					       below,
		    l);
	} else {
		set_encoding(f, font, l);
		read_simple_widths(f, font, l);
	}
	read_to_unicode(f, font, l);
	if (!l->failed)
		return FAIL_NONE;
	pdf_letters_free(l);
	return FAIL_MEMORY;
}

void
pdf_letters_free(struct pdf_letters *l)
{
	for (size_t i = 0; i < sizeof(l->row) / sizeof(l->row[0]); i++)
		free(l->row[i]);
	*l = (struct pdf_letters){ .wide = false };
}

#define FONTS_KEPT 16u

struct pdf_fonts {
	size_t count;
	struct {
		uint32_t num;
		struct pdf_letters letters;
	} list[FONTS_KEPT];
};

const struct pdf_letters *
pdf_letters_kept(
    struct pdf_file *f, uint32_t num, const struct pdf_value *ref, size_t *cost)
{
	struct pdf_fonts *fonts = f->fonts;
	const struct pdf_value *font;

	*cost = 0;
	if (!fonts)
		fonts = f->fonts = calloc(1, sizeof(*fonts));
	for (size_t i = 0; fonts && i < fonts->count; i++)
		if (fonts->list[i].num == num)
			return &fonts->list[i].letters;
	if (!fonts || fonts->count == FONTS_KEPT)
		return NULL;
	font = pdf_resolve(f, ref);
	if (font->type != PDF_DICT ||
	    pdf_letters_read(f, font, &fonts->list[fonts->count].letters))
		return NULL;
	fonts->list[fonts->count].num = num;
	*cost = PDF_FONT_COSTS + fonts->list[fonts->count].letters.map;
	return &fonts->list[fonts->count++].letters;
}

void
pdf_fonts_free(struct pdf_fonts *fonts)
{
	for (size_t i = 0; fonts && i < fonts->count; i++)
		pdf_letters_free(&fonts->list[i].letters);
	free(fonts);
}

bool
pdf_letters_next(const struct pdf_letters *l, struct bytes s, size_t *at,
    uint32_t *point, unsigned *width, bool *is_space)
{
	size_t step = l->wide ? 2 : 1;
	const struct letters_row *row;
	uint32_t code;

	if (s.len < step || *at > s.len - step)
		return false;
	code = s.data[*at];
	if (l->wide)
		code = code << 8 | s.data[*at + 1];
	*at += step;
	row = l->row[code / SIMPLE_CODES];
	code %= SIMPLE_CODES;
	*point = row ? row->point[code] : 0;
	*width = row && row->width[code] ? row->width[code] : l->usual;
	/* Word spacing applies to the one-byte code 32 (9.3.3). */
	*is_space = !l->wide && code == ' ';
	return true;
}

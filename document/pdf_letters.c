#include "document/pdf_letters.h"

#include <stdlib.h>

#include "base/text.h"
#include "document/glyph_name.h"
#include "document/pdf_font.h"
#include "document/standard_face.h"

#define MAP_BYTES_MAX (4u << 20) /* of one /ToUnicode stream */
#define SIMPLE_CODES 256u
#define WORK_MAX (4 * (size_t)LETTERS_CODES)

static size_t
codes_of(const struct pdf_letters *l)
{
	return l->wide ? LETTERS_CODES : SIMPLE_CODES;
}

/* ---- /ToUnicode ---- */

/* A code as a number, from a hexadecimal string of one or two bytes.  Readers
 * differ about one that is not as long as the font's codes. */
static bool
code_of(struct pdf_letters *l, const struct pdf_token *t, uint32_t *code)
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
	l->unsure = l->unsure || digits != (l->wide ? 4 : 2);
	*code = value;
	return digits > 0;
}

/* The first letter of a UTF-16BE string; what follows it (ligatures) is not
 * needed where texts are looked for.  *whole: it is all there is. */
static uint32_t
letter_of(const struct pdf_token *t, bool *whole)
{
	uint32_t unit[2] = { 0, 0 };
	unsigned digits = 0;

	*whole = false;
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
	if (unit[0] >= 0xD800 && unit[0] < 0xDC00 && digits == 8) {
		*whole =
		    t->raw.len == 10 && unit[1] >= 0xDC00 && unit[1] < 0xE000;
		return 0x10000 + ((unit[0] - 0xD800) << 10) +
		    (unit[1] - 0xDC00);
	}
	*whole = t->raw.len == 6 && (unit[0] < 0xD800 || unit[0] >= 0xE000);
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
set_width(struct pdf_letters *l, uint32_t code, uint16_t width)
{
	struct letters_row *row = row_of(l, code);

	if (row)
		row->width[code % SIMPLE_CODES] = (uint16_t)(width + 1);
}

/* What the encoding says. */
static void
tell(struct pdf_letters *l, uint32_t code, uint32_t point)
{
	struct letters_row *row = row_of(l, code);

	if (!row)
		return;
	row->point[code % SIMPLE_CODES] = point;
	row->told[code % SIMPLE_CODES] = point != 0;
}

/* What the map says of a code is the word of whoever wrote it: readers draw
 * what the encoding says, and of a font without glyphs of its own nothing else.
 */
static void
set(struct pdf_letters *l, uint32_t code, uint32_t point, bool whole)
{
	struct letters_row *row;
	uint32_t at = code % SIMPLE_CODES;

	if (code >= codes_of(l) || point > 0x10FFFF)
		return;
	row = row_of(l, code);
	if (!row)
		return;
	row->unsure[at] =
	    !whole || (row->told[at] ? row->point[at] != point : !l->embedded);
	row->point[at] = point;
}

/* What is written otherwise than any program does, readers take in their ways.
 */
static void
set_letter(struct pdf_letters *l, uint32_t code, const struct pdf_token *t)
{
	bool whole;
	uint32_t point = letter_of(t, &whole);

	l->unsure = l->unsure || t->kind != TOKEN_HEX;
	set(l, code, point, whole);
}

/* <first> <last> <letter>, or <first> <last> [<letter> …]. */
static void
read_range(struct pdf_letters *l, struct pdf_lexer *in, uint32_t first)
{
	struct pdf_token t = pdf_token_next(in);
	uint32_t last, point;
	bool whole;

	if (!code_of(l, &t, &last) || last < first) {
		l->unsure = true;
		return;
	}
	t = pdf_token_next(in);
	if (t.kind == TOKEN_ARRAY) {
		while (1) {
			t = pdf_token_next(in);
			if (t.kind == TOKEN_ARRAY_END || t.kind == TOKEN_END)
				return;
			if (first <= last)
				set_letter(l, first++, &t);
		}
	}
	point = letter_of(&t, &whole);
	if (!point) {
		l->unsure = true;
		return;
	}
	while (first <= last && first < codes_of(l) && l->work++ < WORK_MAX)
		set(l, first++, point++, whole);
}

/* The parts of a map (Adobe Technical Note 5014): what a code is called
 * otherwise, and other maps, some readers follow. */
static bool
is_usual_word(struct bytes word)
{
	static const char *const others[] = { "usecmap", "usefont",
		"begincidchar", "begincidrange", "beginnotdefchar",
		"beginnotdefrange", NULL };

	return !bytes_among(word, others);
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
			l->unsure = l->unsure || !is_usual_word(t.raw);
			if (bytes_equal_text(t.raw, "beginbfchar"))
				part = CHARS;
			else if (bytes_equal_text(t.raw, "beginbfrange"))
				part = RANGES;
			else
				part = OUTSIDE;
		} else if (part != OUTSIDE && !code_of(l, &t, &code)) {
			l->unsure = true;
		} else if (part == CHARS) {
			t = pdf_token_next(&in);
			set_letter(l, code, &t);
		} else if (part == RANGES) {
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
	f->torn = false;
	if (!pdf_stream_decode(f, &object, &map))
		read_map(l, buf_view(&map));
	l->unsure = l->unsure || f->torn;
	l->map = map.len;
	buf_free(&map);
}

/* ---- without a map ---- */

/* Windows Latin, the usual one: ASCII and Latin-1 where they agree. */
static void
tell_usual(struct pdf_letters *l)
{
	for (uint32_t c = 0x20; c < SIMPLE_CODES; c++)
		if (c < 0x7F || c >= 0xA0)
			tell(l, c, c);
}

/* The codes of WinAnsiEncoding (Annex D) that are not those of Latin-1. */
static void
tell_windows(struct pdf_letters *l)
{
	static const uint16_t points[] = { 0x20AC, 0, 0x201A, 0x192, 0x201E,
		0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0,
		0x17D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
		0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178 };

	for (uint32_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		tell(l, 0x80 + i, points[i]);
}

/* StandardEncoding and others are ASCII where nobody looks twice, and of the
 * rest they share little. */
static void
tell_common(struct pdf_letters *l, bool standard)
{
	static const uint8_t shared[] = { 0xA1, 0xA2, 0xA3, 0xA5, 0xA7, 0xAB,
		0xB6, 0xBB, 0xBF };
	size_t next = 0;

	for (uint32_t c = 0xA0; c < SIMPLE_CODES; c++) {
		bool same =
		    standard && next < sizeof(shared) && shared[next] == c;

		next += same;
		if (!same)
			tell(l, c, 0);
	}
	if (standard) {
		tell(l, 0x27, 0x2019);
		tell(l, 0x60, 0x2018);
	}
}

/* Standard fonts have glyphs by their usual names only. */
static void
tell_glyph(struct pdf_letters *l, uint32_t code, struct bytes name)
{
	struct letters_row *row;

	tell(l, code, glyph_point(name));
	row = row_of(l, code);
	/* Some readers take ASCII for ASCII, whatever the font says. */
	if (row && !l->embedded &&
	    (bytes_starts(name, "uni") ||
		(code > ' ' && code < 0x7F && code != '\'' && code != '`' &&
		    row->point[code] != code)))
		row->unsure[code] = true;
}

/* What codes mean that the font names itself (9.6.5.1): what is not known by
 * its name is no letter.  Readers differ about numbers that are none. */
static void
tell_differences(
    struct pdf_file *f, const struct pdf_value *list, struct pdf_letters *l)
{
	int64_t code = 0;

	if (list->type != PDF_ARRAY)
		return;
	for (const struct pdf_value *v = list->first; v && l->work++ < WORK_MAX;
	     v = v->next) {
		const struct pdf_value *one = pdf_resolve(f, v);

		if (one->type == PDF_INTEGER)
			code = one->integer;
		else if (one->type == PDF_NAME && code >= 0 &&
		    code < (int64_t)SIMPLE_CODES)
			tell_glyph(l, (uint32_t)code++, one->text);
		else
			l->unsure = true;
	}
}

/* Of a font with glyphs of its own and no encoding the usual one is a guess. */
static void
forget_told(struct pdf_letters *l)
{
	if (l->row[0])
		memset(l->row[0]->told, 0, sizeof(l->row[0]->told));
}

static void
read_encoding(
    struct pdf_file *f, const struct pdf_value *font, struct pdf_letters *l)
{
	const struct pdf_value *encoding = pdf_get(f, font, "Encoding");
	const struct pdf_value *base = encoding->type == PDF_DICT ?
	    pdf_get(f, encoding, "BaseEncoding") :
	    encoding;

	l->unsure = l->unsure || encoding->doubled;
	tell_usual(l);
	if (pdf_is_name(base, "WinAnsiEncoding"))
		tell_windows(l);
	else if (pdf_is_name(base, "MacRomanEncoding"))
		tell_common(l, false);
	else if (base->type == PDF_NAME &&
	    !pdf_is_name(base, "StandardEncoding"))
		l->unsure = true;
	else if (base->type == PDF_NAME || !l->embedded)
		tell_common(l, true);
	else
		forget_told(l);
	if (encoding->type == PDF_DICT)
		tell_differences(f, pdf_get(f, encoding, "Differences"), l);
}

/* ---- widths ---- */

static uint16_t
as_width(const struct pdf_value *v)
{
	/* None of these is one that letters have. */
	if (!pdf_is_number(v) || v->real < 0)
		return 0;
	return v->real > 10000 ? 10000 : (uint16_t)v->real;
}

/* A standard font need not tell them. */
static void
set_standard_widths(struct pdf_letters *l)
{
	for (uint32_t c = ' '; c < SIMPLE_CODES && l->face && l->row[0]; c++) {
		unsigned width =
		    standard_face_width(l->face, l->row[0]->point[c]);

		if (width)
			set_width(l, c, (uint16_t)width);
	}
}

static void
read_simple_widths(
    struct pdf_file *f, const struct pdf_value *font, struct pdf_letters *l)
{
	const struct pdf_value *first = pdf_get(f, font, "FirstChar");
	const struct pdf_value *last = pdf_get(f, font, "LastChar");
	const struct pdf_value *list = pdf_get(f, font, "Widths");
	int64_t code = first->type == PDF_INTEGER ? first->integer : 0;

	l->usual = 500;
	if (list->type == PDF_NULL && !l->embedded)
		set_standard_widths(l);
	if (list->type != PDF_ARRAY || code < 0)
		return;
	/* Readers differ about others; what is not told is not known. */
	l->unsure = l->unsure || first->type != PDF_INTEGER ||
	    last->type != PDF_INTEGER || last->integer >= SIMPLE_CODES ||
	    last->integer - code + 1 != (int64_t)list->count;
	for (const struct pdf_value *v = list->first;
	     v && code < (int64_t)SIMPLE_CODES && l->work++ < WORK_MAX;
	     v = v->next)
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
	/* About others readers differ. */
	l->unsure = l->unsure ||
	    (usual->type != PDF_NULL && usual->type != PDF_INTEGER) ||
	    (list->type != PDF_NULL && list->type != PDF_ARRAY);
	while (v && v->next && l->work++ < WORK_MAX) {
		const struct pdf_value *from = pdf_resolve(f, v);
		const struct pdf_value *next = pdf_resolve(f, v->next);
		uint16_t width;
		int64_t code = from->type == PDF_INTEGER ? from->integer : -1;

		if (code < 0 || code >= (int64_t)LETTERS_CODES) {
			l->unsure = true;
			return;
		}
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
		if (!v->next->next || next->type != PDF_INTEGER) {
			l->unsure = true;
			return;
		}
		width = as_width(pdf_resolve(f, v->next->next));
		for (; code <= next->integer && code < (int64_t)LETTERS_CODES &&
		     l->work++ < WORK_MAX;
		     code++)
			set_width(l, (uint32_t)code, width);
		v = v->next->next->next;
	}
}

/* ---- a font ---- */

/* Letters are known of codes that are glyphs, written from left to right. */
static void
read_wide(
    struct pdf_file *f, const struct pdf_value *font, struct pdf_letters *l)
{
	const struct pdf_value *below = pdf_get(f, font, "DescendantFonts");

	if (below->type == PDF_ARRAY)
		below = pdf_resolve(f, below->first);
	l->embedded = pdf_font_names_glyphs(f, below);
	l->unsure = !l->embedded ||
	    !pdf_is_name(pdf_get(f, font, "Encoding"), "Identity-H");
	read_wide_widths(f, below, l);
}

static void
read_simple(
    struct pdf_file *f, const struct pdf_value *font, struct pdf_letters *l)
{
	const struct pdf_value *name = pdf_get(f, font, "BaseFont");
	const struct pdf_value *kind = pdf_get(f, font, "Subtype");
	const struct pdf_value *descriptor = pdf_get(f, font, "FontDescriptor");

	l->embedded = pdf_font_names_glyphs(f, font);
	l->dingbats = pdf_font_is_dingbats(font);
	if (!l->embedded && name->type == PDF_NAME)
		l->face = standard_face(name->text);
	/* Signs of their own, drawn by whoever wrote the file, or one that
	 * readers have not and put another for. */
	l->unsure = font->doubled || descriptor->doubled || l->dingbats ||
	    pdf_font_is_flagged(f, font, l->embedded) ||
	    (!l->embedded && !l->face) ||
	    !pdf_font_is_formed(f, font, l->embedded) ||
	    (!pdf_is_name(kind, "Type1") && !pdf_is_name(kind, "TrueType"));
	read_encoding(f, font, l);
	read_simple_widths(f, font, l);
}

enum fail
pdf_letters_read(
    struct pdf_file *f, const struct pdf_value *font, struct pdf_letters *l)
{
	*l = (struct pdf_letters){ .wide = pdf_is_name(
				       pdf_get(f, font, "Subtype"), "Type0") };
	(l->wide ? read_wide : read_simple)(f, font, l);
	l->unsure = l->unsure || pdf_font_is_misread(f, font);
	read_to_unicode(f, font, l);
	if (!l->failed)
		return FAIL_NONE;
	pdf_letters_free(l);
	return FAIL_MEMORY;
}

#define FONT_COSTS 256u /* bytes of content: any font … */
#define WORK_COSTS 16u  /* … and what is read or set of it */

size_t
pdf_letters_cost(const struct pdf_letters *l)
{
	return FONT_COSTS + l->map + WORK_COSTS * l->work;
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
	*cost = pdf_letters_cost(&fonts->list[fonts->count].letters);
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
    struct letter *letter)
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
	/* Word spacing applies to the one-byte code 32 (9.3.3). */
	*letter = (struct letter){ .width = l->usual,
		.space = !l->wide && code == ' ',
		.unsure = l->unsure };
	code %= SIMPLE_CODES;
	if (!row)
		return true;
	letter->point = row->point[code];
	letter->unsure =
	    l->unsure || row->unsure[code] || (!l->wide && !row->width[code]);
	if (row->width[code])
		letter->width = row->width[code] - 1u;
	return true;
}

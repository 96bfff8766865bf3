#include "document/font.h"

#include <stdio.h>

#include "base/text.h"
#include "document/deflate.h"

/* From gen/font_regular.s and gen/font_italic.s. */
extern const uint8_t font_regular_start[], font_regular_end[];
extern const uint8_t font_italic_start[], font_italic_end[];

#define SUBSET_MAX (4u << 20)

enum { FLAG_SYMBOLIC = 4, FLAG_ITALIC = 64 }; /* ISO 32000-1 Table 123 */

struct bytes
font_builtin(enum font_face face)
{
	if (face == FONT_ITALIC)
		return (struct bytes){ font_italic_start,
			(size_t)(font_italic_end - font_italic_start) };
	return (struct bytes){ font_regular_start,
		(size_t)(font_regular_end - font_regular_start) };
}

static unsigned
u16(struct bytes b, size_t at)
{
	return at + 2 <= b.len ? (unsigned)b.data[at] << 8 | b.data[at + 1] : 0;
}

static int
s16(struct bytes b, size_t at)
{
	return (int16_t)u16(b, at);
}

static uint32_t
u32(struct bytes b, size_t at)
{
	return (uint32_t)u16(b, at) << 16 | u16(b, at + 2);
}

/* A table of the font file by tag; empty when absent or outside. */
static struct bytes
table(struct bytes file, const char *tag)
{
	unsigned count = u16(file, 4);

	for (size_t i = 0; i < count; i++) {
		struct bytes row = bytes_part(file, 12 + 16 * i, 16);

		if (row.len == 16 && !memcmp(row.data, tag, 4))
			return bytes_part(file, u32(row, 8), u32(row, 12));
	}
	return (struct bytes){ NULL, 0 };
}

/* The Unicode BMP mapping in format 4 (OpenType cmap, platforms 3/1 or 0). */
static struct bytes
unicode_map(struct bytes cmap)
{
	unsigned count = u16(cmap, 2);

	for (size_t i = 0; i < count; i++) {
		unsigned platform = u16(cmap, 4 + 8 * i);
		unsigned encoding = u16(cmap, 6 + 8 * i);
		struct bytes sub =
		    bytes_part(cmap, u32(cmap, 8 + 8 * i), SIZE_MAX);

		if ((platform == 0 || (platform == 3 && encoding == 1)) &&
		    u16(sub, 0) == 4)
			return bytes_part(sub, 0, u16(sub, 2));
	}
	return (struct bytes){ NULL, 0 };
}

enum fail
font_open(struct font *font, struct bytes file, struct note *note)
{
	struct bytes head = table(file, "head"), hhea = table(file, "hhea");

	*font = (struct font){ .file = file };
	font->glyf = table(file, "glyf");
	font->loca = table(file, "loca");
	font->hmtx = table(file, "hmtx");
	font->cmap = unicode_map(table(file, "cmap"));
	font->units = u16(head, 18);
	font->long_loca = u16(head, 50) == 1;
	font->glyphs = u16(table(file, "maxp"), 4);
	font->metrics = u16(hhea, 34);
	font->ascent = s16(hhea, 4);
	font->descent = s16(hhea, 6);
	font->slant = s16(table(file, "post"), 4);
	for (size_t i = 0; i < 4; i++)
		font->box[i] = s16(head, 36 + 2 * i);
	if (font->units < 16 || !font->glyphs || !font->metrics ||
	    font->metrics > font->glyphs || !font->cmap.len ||
	    !font->glyf.len || font->hmtx.len < 4 * (size_t)font->metrics ||
	    font->loca.len < (font->glyphs + 1) * (font->long_loca ? 4u : 2u))
		return note_set(note, FAIL_FORMAT,
		    "OpenType: a table of the font is missing or short");
	return FAIL_NONE;
}

/* Glyph of a code point, 0 when the font lacks it. */
static unsigned
glyph_of(const struct font *font, uint32_t point)
{
	struct bytes m = font->cmap;
	unsigned segments = u16(m, 6) / 2;

	if (point > 0xFFFF)
		return 0;
	for (size_t i = 0; i < segments; i++) {
		size_t delta_at = 16 + 4 * (size_t)segments + 2 * i;
		size_t offset_at = delta_at + 2 * (size_t)segments;
		unsigned end = u16(m, 14 + 2 * i);
		unsigned start = u16(m, 16 + 2 * (size_t)segments + 2 * i);
		unsigned offset = u16(m, offset_at), glyph;

		if (point > end)
			continue;
		if (point < start)
			return 0;
		if (!offset)
			return (point + u16(m, delta_at)) & 0xFFFF;
		glyph = u16(m, offset_at + offset + 2 * (point - start));
		return glyph ? (glyph + u16(m, delta_at)) & 0xFFFF : 0;
	}
	return 0;
}

/* Advance width in thousandths of an em. */
static unsigned
advance(const struct font *font, unsigned glyph)
{
	unsigned at = glyph < font->metrics ? glyph : font->metrics - 1;

	return u16(font->hmtx, 4 * (size_t)at) * 1000 / font->units;
}

static struct bytes
outline(const struct font *font, unsigned glyph)
{
	uint32_t start, end;

	if (glyph >= font->glyphs)
		return (struct bytes){ NULL, 0 };
	if (font->long_loca) {
		start = u32(font->loca, 4 * (size_t)glyph);
		end = u32(font->loca, 4 * (size_t)glyph + 4);
	} else {
		start = 2 * u16(font->loca, 2 * (size_t)glyph);
		end = 2 * u16(font->loca, 2 * (size_t)glyph + 2);
	}
	return start < end ? bytes_part(font->glyf, start, end - start) :
			     (struct bytes){ NULL, 0 };
}

void
font_subset_init(struct font_subset *s, const struct font *font)
{
	*s = (struct font_subset){ .font = font, .count = 1 };
}

/* Code of a glyph in the subset, taken in if new. */
static unsigned
take_glyph(struct font_subset *s, unsigned glyph, uint32_t point)
{
	for (unsigned i = 1; i < s->count; i++)
		if (s->glyph[i] == glyph && (s->point[i] == point || !point))
			return i;
	if (s->count == FONT_GLYPHS_MAX) {
		s->fail = FAIL_LIMIT;
		return 0;
	}
	s->glyph[s->count] = (uint16_t)glyph;
	s->point[s->count] = point;
	return s->count++;
}

/* One digit brings all: the documents of a day then share one subset. */
static void
take_digits(struct font_subset *s)
{
	for (uint32_t point = '0'; point <= '9'; point++) {
		unsigned glyph = glyph_of(s->font, point);

		if (glyph)
			(void)take_glyph(s, glyph, point);
	}
}

void
font_put_text(struct font_subset *s, struct bytes text, struct buf *out)
{
	buf_char(out, '<');
	for (size_t at = 0; at < text.len;) {
		uint32_t point = text_next(text, &at);
		unsigned glyph = glyph_of(s->font, point);

		if (!glyph)
			s->fail = FAIL_UNSUPPORTED;
		if (point >= '0' && point <= '9')
			take_digits(s);
		buf_printf(out, "%04X", take_glyph(s, glyph, point));
	}
	buf_char(out, '>');
}

bool
font_takes(const struct font_subset *s, uint32_t point)
{
	unsigned glyph = glyph_of(s->font, point);

	if (!glyph)
		return false;
	for (unsigned i = 0; i < s->count; i++)
		if (s->glyph[i] == glyph)
			return true;
	/* Room for a composite's parts, and for all digits, which come
	 * together. */
	return s->count + 16 < FONT_GLYPHS_MAX;
}

double
font_width(const struct font *font, struct bytes text, double size)
{
	unsigned sum = 0;

	for (size_t at = 0; at < text.len;)
		sum += advance(font, glyph_of(font, text_next(text, &at)));
	return sum * size / 1000;
}

size_t
font_fit(const struct font *font, struct bytes text, double size, double width)
{
	size_t good = 0;

	for (size_t at = 0; at <= text.len; at++) {
		if (at < text.len && text.data[at] != ' ')
			continue;
		if (good &&
		    font_width(font, bytes_part(text, 0, at), size) > width)
			break;
		good = at;
	}
	return good ? good : text.len;
}

/* ---- cutting the file ---- */

static void
be16(struct buf *out, unsigned v)
{
	buf_u8(out, (uint8_t)(v >> 8));
	buf_u8(out, (uint8_t)v);
}

static void
be32(struct buf *out, uint32_t v)
{
	be16(out, v >> 16);
	be16(out, v & 0xFFFF);
}

/* Flags of one part of a composite glyph (OpenType glyf). */
enum {
	PART_WORDS = 1,
	PART_SCALE = 8,
	PART_MORE = 32,
	PART_XY_SCALE = 64,
	PART_MATRIX = 128
};

/* Copy a composite glyph with the numbers of its parts changed to those of
 * the subset; parts not yet in it are taken in behind. */
static void
copy_composite(struct font_subset *s, struct bytes glyph, struct buf *out)
{
	size_t start = out->len, at = 10;
	unsigned flags;

	buf_bytes(out, glyph);
	if (buf_fail(out))
		return;
	do {
		unsigned part;

		flags = u16(glyph, at);
		if (at + 4 > glyph.len)
			return;
		part = take_glyph(s, u16(glyph, at + 2), 0);
		out->data[start + at + 2] = (uint8_t)(part >> 8);
		out->data[start + at + 3] = (uint8_t)part;
		at += flags & PART_WORDS ? 8 : 6;
		if (flags & PART_SCALE)
			at += 2;
		else if (flags & PART_XY_SCALE)
			at += 4;
		else if (flags & PART_MATRIX)
			at += 8;
	} while (flags & PART_MORE);
}

/* glyf, loca and hmtx of the subset.  The count grows while composites are
 * met; the loop reaches what they add. */
static void
make_outlines(
    struct font_subset *s, struct buf *glyf, struct buf *loca, struct buf *hmtx)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct bytes glyph = outline(s->font, s->glyph[i]);
		unsigned metric = s->glyph[i] < s->font->metrics ?
		    s->glyph[i] :
		    s->font->metrics - 1;

		be32(loca, (uint32_t)glyf->len);
		if (glyph.len >= 10 && s16(glyph, 0) < 0)
			copy_composite(s, glyph, glyf);
		else
			buf_bytes(glyf, glyph);
		while (glyf->len % 4)
			buf_u8(glyf, 0);
		be16(hmtx, u16(s->font->hmtx, 4 * (size_t)metric));
		be16(hmtx,
		    s->glyph[i] < s->font->metrics ?
			u16(s->font->hmtx, 4 * (size_t)metric + 2) :
			0);
	}
	be32(loca, (uint32_t)glyf->len);
}

static void
patch16(struct buf *b, size_t at, unsigned v)
{
	if (b->len >= at + 2) {
		b->data[at] = (uint8_t)(v >> 8);
		b->data[at + 1] = (uint8_t)v;
	}
}

static uint32_t
checksum(struct bytes b)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < b.len; i += 4)
		for (size_t j = 0; j < 4; j++)
			sum += (i + j < b.len ? (uint32_t)b.data[i + j] : 0)
			    << (24 - 8 * j);
	return sum;
}

/* Tables in the order of their tags, as the directory must be. */
enum {
	T_CVT,
	T_FPGM,
	T_GLYF,
	T_HEAD,
	T_HHEA,
	T_HMTX,
	T_LOCA,
	T_MAXP,
	T_PREP,
	T_COUNT
};

static const char *const tags[T_COUNT] = { "cvt ", "fpgm", "glyf", "head",
	"hhea", "hmtx", "loca", "maxp", "prep" };

static void
put_file(struct buf tables[T_COUNT], struct buf *out)
{
	size_t offset = 12 + 16 * T_COUNT;

	be32(out, 0x00010000);
	be16(out, T_COUNT);
	be16(out, 128); /* 16 * largest power of two within T_COUNT */
	be16(out, 3);
	be16(out, 16 * T_COUNT - 128);
	for (size_t i = 0; i < T_COUNT; i++) {
		buf_text(out, tags[i]);
		be32(out, checksum(buf_view(&tables[i])));
		be32(out, (uint32_t)offset);
		be32(out, (uint32_t)tables[i].len);
		offset += (tables[i].len + 3) / 4 * 4;
	}
	for (size_t i = 0; i < T_COUNT; i++) {
		buf_bytes(out, buf_view(&tables[i]));
		while (out->len % 4)
			buf_u8(out, 0);
	}
}

static enum fail
make_file(struct font_subset *s, struct buf *out)
{
	struct buf tables[T_COUNT];
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < T_COUNT; i++)
		buf_init(&tables[i], SUBSET_MAX);
	make_outlines(s, &tables[T_GLYF], &tables[T_LOCA], &tables[T_HMTX]);
	for (size_t i = 0; i < T_COUNT; i++)
		if (i != T_GLYF && i != T_LOCA && i != T_HMTX)
			buf_bytes(&tables[i], table(s->font->file, tags[i]));
	patch16(&tables[T_HEAD], 50, 1); /* long loca */
	patch16(&tables[T_HHEA], 34, s->count);
	patch16(&tables[T_MAXP], 4, s->count);
	put_file(tables, out);
	for (size_t i = 0; i < T_COUNT; i++) {
		if (!f)
			f = buf_fail(&tables[i]);
		buf_free(&tables[i]);
	}
	return f ? f : buf_fail(out);
}

/* ---- PDF objects ---- */

static void
put_to_unicode(const struct font_subset *s, struct buf *out)
{
	unsigned mapped = 0;

	for (unsigned i = 1; i < s->count; i++)
		mapped += s->point[i] != 0;
	buf_text(out,
	    "/CIDInit /ProcSet findresource begin\n12 dict begin\n"
	    "begincmap\n/CIDSystemInfo <</Registry (Adobe)"
	    "/Ordering (UCS)/Supplement 0>> def\n"
	    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
	    "1 begincodespacerange\n<0000> <FFFF>\n"
	    "endcodespacerange\n");
	for (unsigned i = 1, left = 0; i < s->count; i++) {
		if (!s->point[i])
			continue;
		if (!left) {
			/* At most a hundred rows in one block (9.10.3). */
			left = mapped > 100 ? 100 : mapped;
			mapped -= left;
			buf_printf(out, "%u beginbfchar\n", left);
		}
		buf_printf(out, "<%04X> <%04X>\n", i, s->point[i]);
		if (!--left)
			buf_text(out, "endbfchar\n");
	}
	buf_text(out,
	    "endcmap\nCMapName currentdict /CMap defineresource pop\n"
	    "end\nend");
}

static int
per_mille(const struct font *font, int value)
{
	return value * 1000 / (int)font->units;
}

static void
put_descriptor(struct font_subset *s, struct pdf_append *a, struct pdf_ref self,
    struct pdf_ref file, struct pdf_ref list, const char *name)
{
	const struct font *font = s->font;

	pdf_append_begin(a, self);
	buf_printf(&a->out,
	    "<</Type/FontDescriptor/FontName/%s/Flags %d"
	    "/FontBBox[%d %d %d %d]/ItalicAngle %d/Ascent %d"
	    "/Descent %d/CapHeight %d/StemV 80/FontFile2 ",
	    name, font->slant ? FLAG_SYMBOLIC | FLAG_ITALIC : FLAG_SYMBOLIC,
	    per_mille(font, font->box[0]), per_mille(font, font->box[1]),
	    per_mille(font, font->box[2]), per_mille(font, font->box[3]),
	    font->slant, per_mille(font, font->ascent),
	    per_mille(font, font->descent), per_mille(font, font->ascent));
	pdf_append_ref(a, file);
	if (list.num) {
		buf_text(&a->out, "/CIDSet ");
		pdf_append_ref(a, list);
	}
	buf_text(&a->out, ">>");
	pdf_append_end(a);
}

static void
put_descendant(struct font_subset *s, struct pdf_append *a, struct pdf_ref self,
    struct pdf_ref descriptor, const char *name)
{
	pdf_append_begin(a, self);
	buf_printf(&a->out,
	    "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s"
	    "/CIDSystemInfo<</Registry(Adobe)"
	    "/Ordering(Identity)/Supplement 0>>"
	    "/CIDToGIDMap/Identity/DW 1000/FontDescriptor ",
	    name);
	pdf_append_ref(a, descriptor);
	buf_text(&a->out, "/W[0[");
	for (unsigned i = 0; i < s->count; i++)
		buf_printf(&a->out, "%s%u", i ? " " : "",
		    advance(s->font, s->glyph[i]));
	buf_text(&a->out, "]]>>");
	pdf_append_end(a);
}

/* The last subset cut from each built-in face, ready to be written again: a
 * batch asks for the same letters over and over. */
struct cut {
	struct font_subset wanted, made; /* made: with parts of composites */
	struct buf packed;
	size_t len; /* before packing */
};

static struct cut cuts[FONT_FACES];

static struct cut *
cut_of(const struct font *font)
{
	for (size_t i = 0; i < FONT_FACES; i++)
		if (font->file.data == font_builtin((enum font_face)i).data)
			return &cuts[i];
	return NULL;
}

static bool
same_letters(const struct font_subset *a, const struct font_subset *b)
{
	size_t count = a->count;

	return count == b->count &&
	    !memcmp(a->glyph, b->glyph, count * sizeof(a->glyph[0])) &&
	    !memcmp(a->point, b->point, count * sizeof(a->point[0]));
}

static enum fail
cut_file(struct font_subset *s, struct buf *packed, size_t *len)
{
	struct buf file;
	enum fail f;

	buf_init(&file, SUBSET_MAX);
	f = make_file(s, &file);
	if (!f)
		f = deflate_write(buf_view(&file), packed);
	*len = file.len;
	buf_free(&file);
	return f;
}

/* Cut the subset anew, unless the last one of this face serves. */
static enum fail
cut_again(struct font_subset *s, struct cut *cut)
{
	const struct font *font = s->font;
	enum fail f;

	if (!cut->packed.len || !same_letters(s, &cut->wanted)) {
		buf_free(&cut->packed);
		buf_init(&cut->packed, SUBSET_MAX);
		cut->wanted = *s;
		f = cut_file(s, &cut->packed, &cut->len);
		if (f) {
			buf_free(&cut->packed);
			return f;
		}
		cut->made = *s;
	}
	*s = cut->made;
	s->font = font;
	return FAIL_NONE;
}

static enum fail
embed_file(struct font_subset *s, struct pdf_append *a, struct pdf_ref ref)
{
	struct cut own = { .len = 0 }, *cut = cut_of(s->font);
	char dict[64];
	enum fail f;

	if (!cut)
		cut = &own;
	f = cut_again(s, cut);
	if (!f) {
		snprintf(dict, sizeof(dict), "/Filter/FlateDecode/Length1 %zu",
		    cut->len);
		pdf_append_stream(a, ref, dict, buf_view(&cut->packed));
	}
	buf_free(&own.packed);
	return f;
}

/* A bit for each glyph, the first one highest (9.8.3): all that are there. */
static void
put_list(const struct font_subset *s, struct pdf_append *a, struct pdf_ref ref)
{
	uint8_t bits[FONT_GLYPHS_MAX / 8] = { 0 };

	for (unsigned i = 0; i < s->count; i++)
		bits[i / 8] |= (uint8_t)(0x80 >> i % 8);
	pdf_append_stream(
	    a, ref, "", (struct bytes){ bits, (s->count + 7) / 8 });
}

enum fail
font_embed(struct font_subset *s, struct pdf_append *a, struct pdf_ref ref,
    bool listed)
{
	struct pdf_ref list = { 0, 0 };
	struct pdf_ref file, descriptor, descendant, to_unicode;
	struct buf map;
	/* Six letters that differ between subsets (9.6.4). */
	char name[40];
	unsigned mix = s->count;
	enum fail f;

	if (s->fail)
		return s->fail;
	file = pdf_append_new(a);
	descriptor = pdf_append_new(a);
	descendant = pdf_append_new(a);
	to_unicode = pdf_append_new(a);
	snprintf(name, sizeof(name), "AAAAAA+LiberationSerif%s",
	    s->font->slant ? "-Italic" : "");
	for (unsigned i = 1; i < s->count; i++)
		mix = mix * 31 + s->glyph[i];
	for (size_t i = 0; i < 6; i++, mix /= 26)
		name[i] = (char)('A' + mix % 26);
	f = embed_file(s, a, file);
	if (f)
		return f;
	if (listed) {
		list = pdf_append_new(a);
		put_list(s, a, list);
	}
	put_descriptor(s, a, descriptor, file, list, name);
	put_descendant(s, a, descendant, descriptor, name);
	buf_init(&map, SUBSET_MAX);
	put_to_unicode(s, &map);
	pdf_append_stream(a, to_unicode, "", buf_view(&map));
	f = buf_fail(&map);
	buf_free(&map);
	pdf_append_begin(a, ref);
	buf_printf(&a->out,
	    "<</Type/Font/Subtype/Type0/BaseFont/%s"
	    "/Encoding/Identity-H/DescendantFonts[",
	    name);
	pdf_append_ref(a, descendant);
	buf_text(&a->out, "]/ToUnicode ");
	pdf_append_ref(a, to_unicode);
	buf_text(&a->out, ">>");
	pdf_append_end(a);
	return f;
}

#include "document/font.h"

#include "base/text.h"
#include "tests/unit/document/small_pdf.h"

static struct small_pdf s;
static struct pdf_file file;
static struct font font;

static int
open_all(void **state)
{
	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_table(&s, "");
	small_open(&s, &file);
	assert_int_equal(
	    font_open(&font, font_builtin(FONT_UPRIGHT), &(struct note){ 0 }),
	    FAIL_NONE);
	return 0;
}

static int
close_all(void **state)
{
	(void)state;
	pdf_file_close(&file);
	small_free(&s);
	return 0;
}

static void
all_letters(struct buf *text)
{
	buf_init(text, 4096);
	for (uint32_t c = 0x20; c < 0x7F; c++)
		text_put(text, c);
	for (size_t i = 0; i < TEXT_LETTERS; i++)
		text_put(text, text_letter(i));
}

static void
the_builtin_face_has_every_vietnamese_letter(void **state)
{
	struct font_subset subset;
	struct buf text, codes;

	(void)state;
	all_letters(&text);
	buf_init(&codes, 65536);
	font_subset_init(&subset, &font);
	font_put_text(&subset, buf_view(&text), &codes);
	assert_int_equal(subset.fail, FAIL_NONE);
	assert_int_equal(subset.count, 1 + 95 + TEXT_LETTERS);
	assert_int_equal(codes.len, 2 + 4 * (95 + TEXT_LETTERS));
	buf_free(&codes);
	buf_free(&text);
}

static void
one_letter_has_one_code(void **state)
{
	struct font_subset subset;
	struct buf codes;

	(void)state;
	buf_init(&codes, 64);
	font_subset_init(&subset, &font);
	font_put_text(&subset, BYTES_TEXT("ABBA"), &codes);
	assert_bytes(buf_view(&codes), "<0001000200020001>");
	assert_int_equal(subset.count, 3);
	buf_free(&codes);
}

/* Widths of Times New Roman, which Liberation Serif shares, from the AFM of
 * Times-Roman: A 722, i 278, space 250, digits 500. */
static void
widths_are_those_of_times(void **state)
{
	static const struct {
		const char *text;
		double width;
	} rows[] = { { "", 0 }, { "A", 722 }, { "i", 278 }, { " ", 250 },
		{ "0123456789", 5000 }, { "W", 944 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double w = font_width(&font, BYTES_TEXT(rows[i].text), 1000);

		assert_true(w > rows[i].width - 11 && w < rows[i].width + 1);
	}
}

static void
a_letter_the_face_lacks_fails_the_embedding(void **state)
{
	struct font_subset subset;
	struct pdf_append a;
	struct buf codes;

	(void)state;
	buf_init(&codes, 64);
	font_subset_init(&subset, &font);
	font_put_text(&subset, BYTES_TEXT("\xF0\x9F\x96\x8B"), &codes);
	pdf_append_open(&a, &file);
	assert_int_equal(font_embed(&subset, &a, pdf_append_new(&a), true),
	    FAIL_UNSUPPORTED);
	pdf_append_close(&a);
	buf_free(&codes);
}

static unsigned
be16(struct bytes b, size_t at)
{
	assert_true(at + 2 <= b.len);
	return (unsigned)b.data[at] << 8 | b.data[at + 1];
}

static size_t
be32(struct bytes b, size_t at)
{
	return (size_t)be16(b, at) << 16 | be16(b, at + 2);
}

/* A table of a font file, its place and checksum looked at. */
static struct bytes
table(struct bytes in, const char *tag)
{
	struct bytes found = { NULL, 0 };

	for (size_t i = 0; i < be16(in, 4); i++) {
		size_t row = 12 + 16 * i, at = be32(in, row + 8);
		size_t len = be32(in, row + 12);
		uint32_t sum = 0;

		assert_true(at % 4 == 0 && at <= in.len && len <= in.len - at);
		for (size_t j = 0; j < len; j++)
			sum += (uint32_t)in.data[at + j] << (24 - 8 * (j % 4));
		assert_int_equal(sum, be32(in, row + 4));
		if (!memcmp(in.data + row, tag, 4))
			found = bytes_part(in, at, len);
	}
	assert_true(found.len);
	return found;
}

/* The outlines of a cut font lie one behind the other within glyf, and parts
 * of composites are glyphs of the cut font themselves. */
static void
judge_outlines(struct bytes in, unsigned glyphs)
{
	struct bytes glyf = table(in, "glyf"), loca = table(in, "loca");
	unsigned drawn = 0;

	assert_int_equal(be16(table(in, "head"), 50), 1);
	assert_int_equal(be16(table(in, "maxp"), 4), glyphs);
	assert_int_equal(be16(table(in, "hhea"), 34), glyphs);
	assert_int_equal(table(in, "hmtx").len, 4 * glyphs);
	assert_int_equal(loca.len, 4 * (glyphs + 1));
	for (size_t i = 0; i < glyphs; i++) {
		size_t start = be32(loca, 4 * i), end = be32(loca, 4 * i + 4);
		struct bytes glyph;
		size_t at = 10;
		unsigned flags;

		assert_true(start <= end && end <= glyf.len);
		glyph = bytes_part(glyf, start, end - start);
		drawn += glyph.len > 0;
		if (!glyph.len || !(be16(glyph, 0) & 0x8000))
			continue;
		do {
			flags = be16(glyph, at);
			assert_true(be16(glyph, at + 2) < glyphs);
			at += flags & 1 ? 8 : 6;
			if (flags & 8)
				at += 2;
			else if (flags & 64)
				at += 4;
			else if (flags & 128)
				at += 8;
		} while (flags & 32);
	}
	assert_true(drawn > 220);
}

static void
an_embedded_subset_is_a_sound_font(void **state)
{
	struct font_subset subset;
	struct pdf_append a;
	struct pdf_ref ref;
	struct pdf_file back;
	struct pdf_object o;
	const struct pdf_value *type0, *cid, *descriptor;
	struct buf text, codes, whole, in;

	(void)state;
	all_letters(&text);
	buf_init(&codes, 65536);
	buf_init(&whole, 8u << 20);
	buf_init(&in, 8u << 20);
	font_subset_init(&subset, &font);
	font_put_text(&subset, buf_view(&text), &codes);
	pdf_append_open(&a, &file);
	ref = pdf_append_new(&a);
	assert_int_equal(font_embed(&subset, &a, ref, true), FAIL_NONE);
	assert_int_equal(pdf_append_finish(&a), FAIL_NONE);
	buf_bytes(&whole, buf_view(&s.out));
	buf_bytes(&whole, buf_view(&a.out));
	assert_int_equal(pdf_file_open(&back, buf_view(&whole)), FAIL_NONE);

	assert_int_equal(pdf_object_read(&back, ref.num, &o), FAIL_NONE);
	type0 = o.value;
	assert_true(pdf_is_name(pdf_entry(type0, "Subtype"), "Type0"));
	assert_true(pdf_is_name(pdf_entry(type0, "Encoding"), "Identity-H"));
	cid = pdf_resolve(
	    &back, pdf_element(pdf_get(&back, type0, "DescendantFonts"), 0));
	assert_true(pdf_is_name(pdf_entry(cid, "Subtype"), "CIDFontType2"));
	assert_int_equal(
	    pdf_element(pdf_get(&back, cid, "W"), 1)->count, subset.count);
	descriptor = pdf_get(&back, cid, "FontDescriptor");
	assert_int_equal(pdf_object_read(&back,
			     pdf_entry(descriptor, "FontFile2")->ref.num, &o),
	    FAIL_NONE);
	assert_int_equal(pdf_stream_decode(&back, &o, &in), FAIL_NONE);
	assert_int_equal(pdf_get(&back, o.value, "Length1")->integer, in.len);
	judge_outlines(buf_view(&in), subset.count);

	pdf_file_close(&back);
	pdf_append_close(&a);
	buf_free(&in);
	buf_free(&whole);
	buf_free(&codes);
	buf_free(&text);
}

static void
the_number_of_letters_is_limited(void **state)
{
	struct font_subset subset;
	struct buf text, codes;

	(void)state;
	buf_init(&text, 65536);
	buf_init(&codes, 65536);
	for (uint32_t c = 0x20; c < 0x500; c++)
		text_put(&text, c);
	font_subset_init(&subset, &font);
	font_put_text(&subset, buf_view(&text), &codes);
	assert_true(subset.count <= FONT_GLYPHS_MAX);
	assert_int_not_equal(subset.fail, FAIL_NONE);
	buf_free(&codes);
	buf_free(&text);
}

static void
a_font_cut_short_is_refused(void **state)
{
	struct bytes in = font_builtin(FONT_UPRIGHT);
	struct font cut;
	struct note note = { 0 };

	(void)state;
	for (size_t len = 0; len < in.len; len += 1 + in.len / 97) {
		enum fail f = font_open(&cut, bytes_part(in, 0, len), &note);

		/* Tables may be short of what nobody asks for. */
		assert_true(f == FAIL_FORMAT || f == FAIL_NONE);
		if (len < 300)
			assert_int_equal(f, FAIL_FORMAT);
	}
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_all, close_all)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(the_builtin_face_has_every_vietnamese_letter),
		ROW(one_letter_has_one_code),
		ROW(widths_are_those_of_times),
		ROW(a_letter_the_face_lacks_fails_the_embedding),
		ROW(an_embedded_subset_is_a_sound_font),
		ROW(the_number_of_letters_is_limited),
		ROW(a_font_cut_short_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

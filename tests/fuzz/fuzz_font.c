#include "document/font.h"

#include "base/text.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 32768u

/* A file for the font to be embedded in. */
static const char home[] =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    "trailer<</Root 1 0 R/Size 3>>\n";

static void
embed(const struct font *font, struct bytes text)
{
	struct font_subset subset;
	struct pdf_append append;
	struct pdf_file file;
	struct buf codes;

	fuzz_must(!pdf_file_open(&file, BYTES_TEXT(home)));
	pdf_append_open(&append, &file);
	buf_init(&codes, 65536);
	font_subset_init(&subset, font);
	font_put_text(&subset, text, &codes);
	fuzz_must(subset.count <= FONT_GLYPHS_MAX);
	/* Letters that are missing fail the subset; go on with the others. */
	if (subset.fail == FAIL_UNSUPPORTED)
		subset.fail = FAIL_NONE;
	(void)!font_embed(&subset, &append, pdf_append_new(&append), true);
	fuzz_must(subset.count <= FONT_GLYPHS_MAX);
	buf_free(&codes);
	pdf_append_close(&append);
	pdf_file_close(&file);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct font font;
	struct note note = { 0 };
	struct buf text;

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (font_open(&font, (struct bytes){ data, size }, &note))
		return 0;
	buf_init(&text, 4096);
	buf_text(&text, "0123456789ABCabc/- \xF0\x9F\x96\x8B");
	for (size_t i = 0; i < TEXT_LETTERS; i++)
		text_put(&text, text_letter(i));
	fuzz_must(font_width(&font, buf_view(&text), 13) >= 0);
	embed(&font, buf_view(&text));
	buf_free(&text);
	return 0;
}

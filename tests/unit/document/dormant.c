#include "document/dormant.h"

#include "tests/unit/document/small_pdf.h"

#define FONT "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
#define FORM(text)                                                 \
	"<</Subtype/Form/BBox[0 0 99 20]/Resources<</Font<</F 11 " \
	"0 R>>>>/Length 99>>stream\nBT /F 12 Tf (" text ") Tj ET\nendstream"
#define IMAGE                                                             \
	"<</Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace" \
	"/DeviceGray/Length 1>>stream\nx\nendstream"

/* A page with text and what stands behind it, one more entry each for
 * catalogue and page, and more objects. */
static const struct row {
	const char *name;
	unsigned quick, thorough;
	const char *catalog, *page, *content;
	const char *objects[4]; /* from 20 on */
} rows[] = {
	{ "nothing", 0, 0, "", "", "", { 0 } },
	{ "a page that nothing leads to", DORMANT_PAGES, DORMANT_PAGES, "", "",
	    "", { "<</Type/Page/Parent 2 0 R>>" } },
	{ "another catalogue", DORMANT_PAGES, DORMANT_PAGES, "", "", "",
	    { "<</Type/Catalog/Pages 21 0 R>>", "<</Type/Pages/Kids[]>>" } },
	{ "a font that nothing leads to", DORMANT_OBJECTS, DORMANT_OBJECTS, "",
	    "", "", { FONT } },
	{ "a drawing that nothing leads to", DORMANT_OBJECTS, DORMANT_OBJECTS,
	    "", "", "", { FORM("evil") } },
	{ "numbers and strings that nothing leads to", 0, 0, "", "", "",
	    { "42", "(evil)", "<</A 1>>", "[1 2]" } },
	{ "a way that goes down in numbers", 0, 0, "/A 23 0 R", "", "",
	    { FORM("a"), "[20 0 R]", "[21 0 R]", "<</B[[[22 0 R]]]>>" } },
	{ "a way in a circle", 0, 0, "/A 20 0 R", "", "",
	    { "[21 0 R]", "[20 0 R 22 0 R]", FONT } },
	{ "a layer switched off", DORMANT_LAYERS, DORMANT_LAYERS,
	    "/OCProperties<</OCGs[20 0 R]/D<</OFF[20 0 R]>>>>", "", "",
	    { "<</Type/OCG>>" } },
	{ "all layers off", DORMANT_LAYERS, DORMANT_LAYERS,
	    "/OCProperties<</OCGs[20 0 R]/D<</BaseState/OFF>>>>", "", "",
	    { "<</Type/OCG>>" } },
	{ "layers that show", 0, 0,
	    "/OCProperties<</OCGs[20 0 R]/D<</ON[20 0 R]/OFF[]>>>>", "", "",
	    { "<</Type/OCG>>" } },
	{ "a stamp over the page", DORMANT_COVERS, DORMANT_COVERS, "",
	    "/Annots[20 0 R]", "",
	    { "<</Subtype/Stamp/Rect[0 0 300 300]/AP<</N 21 0 R>>>>",
		FORM("x") } },
	{ "a small one", 0, 0, "", "/Annots[20 0 R]", "",
	    { "<</Subtype/Text/Rect[0 0 20 20]/AP<</N 21 0 R>>>>",
		FORM("x") } },
	{ "a link, and a note that draws nothing", 0, 0, "",
	    "/Annots[20 0 R 21 0 R]", "",
	    { "<</Subtype/Link/Rect[0 0 300 300]/AP<<>>>>",
		"<</Subtype/Text/Rect[0 0 300 300]>>" } },
	{ "a picture over the text", 0, DORMANT_COVERS, "", "",
	    "300 0 0 300 0 600 cm /I Do", { 0 } },
	{ "a picture beside the text", 0, 0, "", "",
	    "300 0 0 300 0 10 cm /I Do", { 0 } },
	{ "a script", DORMANT_SCRIPTS, DORMANT_SCRIPTS,
	    "/OpenAction<</S/JavaScript/JS(x)>>", "", "", { 0 } },
	{ "a script behind references", DORMANT_SCRIPTS, DORMANT_SCRIPTS,
	    "/OpenAction 20 0 R", "", "",
	    { "<</S/GoTo/Next 21 0 R>>", "<</S/Rendition/JS 22 0 R>>",
		"(x)" } },
	{ "an object that no table lists", 0, DORMANT_UNLISTED, "", "", "",
	    { "<</Length 22>>stream\n9 0 obj (evil) endobj \nendstream" } },
	{ "words that are none", 0, 0, "", "", "",
	    { "<</Length 22>>stream\nobj jobj 0 obj 9 obj  \nendstream" } },
	{ "a field that shows its value", 0, 0, "/AcroForm<</Fields[20 0 R]>>",
	    "", "",
	    { "<</FT/Tx/T(a)/V(1 000)/AP<</N 21 0 R>>>>", FORM("1000") } },
	{ "a field that shows another", 0, DORMANT_FIELDS,
	    "/AcroForm<</Fields[20 0 R]>>", "", "",
	    { "<</FT/Tx/T(a)/V(1000)/AP<</N 21 0 R>>>>", FORM("9000") } },
};

static void
row_is_found(void **state)
{
	const struct row *row = *state;
	struct small_pdf s;
	struct pdf_file file;
	char page[512], content[256];

	small_init(&s);
	snprintf(page, sizeof(page),
	    "/Resources<</Font<</F 11 0 R>>/XObject<</I 12 0 R>>>>%s",
	    row->page);
	small_page(&s, row->catalog, page);
	snprintf(content, sizeof(content),
	    "BT /F 12 Tf 72 700 Td (Pay 100) Tj ET q %s Q", row->content);
	small_stream(&s, 4, "", content);
	small_object(&s, 11, FONT);
	small_object(&s, 12, IMAGE);
	for (unsigned i = 0; i < 4 && row->objects[i]; i++)
		small_object(&s, 20 + i, row->objects[i]);
	small_table(&s, "");
	small_open(&s, &file);
	assert_int_equal(dormant_find(&file, DORMANT_QUICK), row->quick);
	assert_int_equal(dormant_find(&file, DORMANT_THOROUGH), row->thorough);
	assert_false(file.ambiguous || file.arena.full || file.note.text[0]);
	pdf_file_close(&file);
	small_free(&s);
}

/* Of a page tree with thousands of kids no more than one copy is held. */
static void
memory_does_not_grow_with_pages(void **state)
{
	struct small_pdf s;
	struct pdf_file file;
	struct buf tree;
	size_t before;

	(void)state;
	buf_init(&tree, 1 << 18);
	buf_text(&tree, "<</Type/Pages/Kids[");
	for (unsigned i = 0; i < 5000; i++)
		buf_text(&tree, "3 0 R ");
	buf_text(&tree, "]/Count 5000>>");
	buf_u8(&tree, 0);
	small_init(&s);
	small_page(&s, "", "");
	small_object(&s, 2, (const char *)tree.data);
	small_table(&s, "");
	small_open(&s, &file);
	before = file.arena.held;
	assert_int_equal(dormant_find(&file, DORMANT_THOROUGH), 0);
	assert_true(file.arena.held <= 4 * before);
	pdf_file_close(&file);
	small_free(&s);
	buf_free(&tree);
}

static void
what_was_found_is_put_in_words(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 4096);
	dormant_text(0, &text);
	assert_int_equal(text.len, 0);
	dormant_text(DORMANT_LAYERS | DORMANT_SCRIPTS, &text);
	assert_bytes(
	    buf_view(&text), "có lớp nội dung đang tắt; có mã JavaScript");
	buf_free(&text);
	for (unsigned i = 0; i < DORMANT_KINDS; i++)
		assert_true(dormant_name(i)[0] && dormant_phrase(i)[0]);
}

#define ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
	struct CMUnitTest tests[ROWS + 2] = {
		cmocka_unit_test(what_was_found_is_put_in_words),
		cmocka_unit_test(memory_does_not_grow_with_pages),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[i + 2] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = row_is_found,
			.initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "document/pdf_diff.h"

#include "tests/unit/document/small_pdf.h"

#define FONT "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>"

static void
old_objects(struct small_pdf *s)
{
	small_object(s, 1,
	    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 7 0 R]>>>>");
	small_object(s, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	small_object(s, 3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
	    "/Resources<</Font<</F 5 0 R>>>>/Annots[6 0 R 9 0 R]>>");
	small_stream(s, 4, "", "BT /F 12 Tf 72 700 Td (Thu muc so mot) Tj ET");
	small_object(s, 5, FONT);
	small_object(s, 6,
	    "<</FT/Tx/T(a)/V(mot)/Subtype/Widget/Rect[0 0 9 9]"
	    "/AP<</N 8 0 R>>>>");
	small_object(s, 7, "<</FT/Tx/T(b)>>");
	small_stream(s, 8,
	    "/Subtype/Form/Resources<</Font<</F 5 0 R>>>>"
	    "/BBox[0 0 9 9]",
	    "BT /F 9 Tf (mot) Tj ET");
	small_object(s, 9, "<</Subtype/Link/Rect[1 2 3 4]>>");
	small_table(s, "");
}

/* What is told of one object changed. */
static void
diff_of(unsigned num, const char *value, const char *stream, struct pdf_diff *d)
{
	struct small_pdf s;
	struct pdf_file old, new;
	size_t end;

	small_init(&s);
	old_objects(&s);
	end = s.out.len;
	if (stream)
		small_stream(&s, num, value, stream);
	else
		small_object(&s, num, value);
	small_table(&s, "");
	small_open(&s, &new);
	assert_int_equal(
	    pdf_file_open(&old, bytes_part(buf_view(&s.out), 0, end)),
	    FAIL_NONE);
	pdf_diff(&old, &new, d);
	pdf_file_close(&old);
	pdf_file_close(&new);
	small_free(&s);
}

static void
each_kind_is_told_before_and_after(void **state)
{
	static const struct {
		unsigned num;
		const char *value, *stream;
		enum diff_kind kind;
		unsigned page;
		const char *name, *before, *after;
	} rows[] = {
		{ 7, "<</FT/Tx/T(b)/V(hai)>>", NULL, DIFF_FIELD, 0, "b", "",
		    "hai" },
		{ 6,
		    "<</FT/Tx/T(a)/V(ba)/Subtype/Widget/Rect[0 0 9 9]"
		    "/AP<</N 8 0 R>>>>",
		    NULL, DIFF_FIELD, 0, "a", "mot", "ba" },
		{ 8, "/Subtype/Form/Resources<</Font<</F 5 0 R>>>>",
		    "BT /F 9 Tf (khac) Tj ET", DIFF_LOOK, 0, "a", "mot",
		    "khac" },
		{ 4, "", "BT /F 12 Tf 72 700 Td (Thu muc so hai) Tj ET",
		    DIFF_TEXT, 1, "", "Thu muc so mot", "Thu muc so hai" },
		{ 3,
		    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
		    "/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>"
		    "/Annots[6 0 R]>>",
		    NULL, DIFF_ANNOTATION, 1, "", "Link [1 2 3 4]", "" },
		{ 2, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>", NULL,
		    DIFF_PAGES, 0, "", "1", "2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdf_diff d;

		diff_of(rows[i].num, rows[i].value, rows[i].stream, &d);
		if (d.count != 1)
			fail_msg("row %zu: %zu items", i, d.count);
		assert_int_equal(d.items[0].kind, rows[i].kind);
		assert_int_equal(d.items[0].page, rows[i].page);
		assert_string_equal(d.items[0].name, rows[i].name);
		assert_string_equal(d.items[0].before, rows[i].before);
		assert_string_equal(d.items[0].after, rows[i].after);
		assert_false(d.more);
	}
}

static void
what_is_the_same_is_not_told(void **state)
{
	struct pdf_diff d;

	(void)state;
	diff_of(20, "(nothing leads here)", NULL, &d);
	assert_int_equal(d.count, 0);
}

/* Many: some are told, and that there are more. */
static void
only_some_are_told(void **state)
{
	char list[2048] =
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
	    "/Resources<</Font<</F 5 0 R>>>>/Annots[";
	struct pdf_diff d;

	(void)state;
	for (unsigned i = 20; i < 50; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
		    "%u 0 R ", i);
	snprintf(list + strlen(list), sizeof(list) - strlen(list), "]>>");
	diff_of(3, list, NULL, &d);
	assert_int_equal(d.count, DIFF_ITEMS_MAX);
	assert_true(d.more);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_told_before_and_after),
		cmocka_unit_test(what_is_the_same_is_not_told),
		cmocka_unit_test(only_some_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

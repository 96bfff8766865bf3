#include "document/pdf_page.h"

#include "tests/unit/document/small_pdf.h"

static struct small_pdf s;
static struct pdf_file file;

/* Pages 4, 5 under node 3, page 6 beside it. */
static int
open_tree(void **state)
{
	(void)state;
	small_init(&s);
	small_object(&s, 1, "<</Type/Catalog/Pages 2 0 R>>");
	small_object(&s, 2,
	    "<</Type/Pages/Kids[3 0 R 6 0 R 7 0 R 3 0 R]/Count 99"
	    "/MediaBox[0 0 100 200]/Rotate 90>>");
	small_object(&s, 3,
	    "<</Type/Pages/Kids[4 0 R 5 0 R 2 0 R]/CropBox[10 20 50 60]>>");
	small_object(&s, 4, "<</Type/Page>>");
	small_object(&s, 5,
	    "<</Type/Page/MediaBox[300 400 100 50]/Rotate -90/UserUnit 2>>");
	small_object(&s, 6,
	    "<</Type/Page/CropBox[-50 -50 9999 9999]"
	    "/Rotate 450/UserUnit 0>>");
	small_object(&s, 7, "(no page)");
	small_table(&s, "");
	small_open(&s, &file);
	return 0;
}

static int
close_tree(void **state)
{
	(void)state;
	pdf_file_close(&file);
	small_free(&s);
	return 0;
}

static void
assert_box(struct pdf_box b, double x0, double y0, double x1, double y1)
{
	assert_true(b.x0 == x0 && b.y0 == y0 && b.x1 == x1 && b.y1 == y1);
}

static void
leaves_are_counted_not_believed(void **state)
{
	unsigned count;

	(void)state;
	assert_int_equal(pdf_page_count(&file, &count), FAIL_NONE);
	/* Node 3 stands twice among the kids, as its pages do. */
	assert_int_equal(count, 5);
}

static void
pages_are_found_in_order(void **state)
{
	static const uint32_t order[] = { 4, 5, 6, 4, 5 };
	struct pdf_page page;

	(void)state;
	for (unsigned n = 1; n <= 5; n++) {
		assert_int_equal(pdf_page_find(&file, n, &page), FAIL_NONE);
		assert_int_equal(page.ref.num, order[n - 1]);
		assert_int_equal(page.dict->type, PDF_DICT);
	}
	assert_int_equal(pdf_page_find(&file, 6, &page), FAIL_MISSING);
	assert_int_equal(pdf_page_find(&file, 0, &page), FAIL_NONE);
	assert_int_equal(page.ref.num, 5);
}

static void
boxes_and_turns_are_inherited(void **state)
{
	struct pdf_page page;

	(void)state;
	assert_int_equal(pdf_page_find(&file, 1, &page), FAIL_NONE);
	assert_box(page.media, 0, 0, 100, 200);
	assert_box(page.crop, 10, 20, 50, 60);
	assert_int_equal(page.rotate, 90);
	assert_true(page.unit == 1);
}

static void
corners_come_in_any_order_and_own_values_win(void **state)
{
	struct pdf_page page;

	(void)state;
	assert_int_equal(pdf_page_find(&file, 2, &page), FAIL_NONE);
	assert_box(page.media, 100, 50, 300, 400);
	/* The inherited crop lies outside: the medium counts. */
	assert_box(page.crop, 100, 50, 300, 400);
	assert_int_equal(page.rotate, 270);
	assert_true(page.unit == 2);
}

static void
the_crop_lies_within_the_medium(void **state)
{
	struct pdf_page page;

	(void)state;
	assert_int_equal(pdf_page_find(&file, 3, &page), FAIL_NONE);
	assert_box(page.crop, 0, 0, 100, 200);
	assert_int_equal(page.rotate, 90);
	assert_true(page.unit == 1);
}

static void
an_empty_tree_has_no_last_page(void **state)
{
	struct small_pdf empty;
	struct pdf_file f;
	struct pdf_page page;
	unsigned count;

	(void)state;
	small_init(&empty);
	small_object(&empty, 1, "<</Type/Catalog/Pages 2 0 R>>");
	small_object(&empty, 2, "<</Type/Pages/Kids[]/Count 1>>");
	small_table(&empty, "");
	small_open(&empty, &f);
	assert_int_equal(pdf_page_count(&f, &count), FAIL_NONE);
	assert_int_equal(count, 0);
	assert_int_equal(pdf_page_find(&f, 0, &page), FAIL_MISSING);
	assert_int_equal(pdf_page_find(&f, 1, &page), FAIL_MISSING);
	pdf_file_close(&f);
	small_free(&empty);
}

static void
boxes_that_are_none_are_told(void **state)
{
	static const char *const rows[] = { "[1 2 3]", "[1 2 3 /A]",
		"(1 2 3 4)", "[1 2 3 1e9]", "[0 0 99999999 9]", "null" };
	struct pdf_box box;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdf_lexer l = { BYTES_TEXT(rows[i]), 0 };
		struct pdf_value *v;

		assert_int_equal(
		    pdf_value_read(&l, &file.arena, &v), FAIL_NONE);
		assert_false(pdf_box_read(&file, v, &box));
	}
	assert_false(pdf_box_read(&file, NULL, &box));
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_tree, close_tree)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(leaves_are_counted_not_believed),
		ROW(pages_are_found_in_order),
		ROW(boxes_and_turns_are_inherited),
		ROW(corners_come_in_any_order_and_own_values_win),
		ROW(the_crop_lies_within_the_medium),
		cmocka_unit_test(an_empty_tree_has_no_last_page),
		ROW(boxes_that_are_none_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

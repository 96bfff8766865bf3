#include "document/mark.h"

#include "document/pades_check.h"

#include "tests/unit/document/small_pdf.h"

#define MM STAMP_MM

static const struct picture seal = { .width = 425,
	.height = 425,
	.width_mm = 36,
	.height_mm = 36,
	.ink = INK_RED,
	.corners_clear = true };
static const struct picture ink = { .width = 300,
	.height = 150,
	.width_mm = 40,
	.height_mm = 20,
	.ink = INK_BLUE,
	.corners_clear = true };

/* A page as given, with the entries of its form; asks for one plan. */
static enum fail
plan(const char *form, const char *page, const struct mark_request *r,
    struct mark_plan *out)
{
	static struct small_pdf s;
	static struct pdf_file file;
	struct note note = { 0 };
	enum fail f;

	small_init(&s);
	small_page(&s, form, page);
	small_object(&s, 10,
	    "<</FT/Sig/T(sign)/V 11 0 R/P 3 0 R/Rect[300 100 420 160]>>");
	small_object(&s, 11, "<</Type/Sig>>");
	small_object(
	    &s, 12, "<</FT/Tx/T(SoKyHieu)/P 3 0 R/Rect[10 10 100 30]>>");
	small_object(
	    &s, 13, "<</FT/Tx/T(NgayBanHanh)/P 3 0 R/Rect[10 40 100 60]>>");
	small_table(&s, "");
	small_open(&s, &file);
	f = mark_plan(&file, r, out, &note);
	pdf_file_close(&file);
	small_free(&s);
	return f;
}

static bool
near(double a, double b)
{
	return a > b - 0.05 && a < b + 0.05;
}

static void
the_persons_mark_has_its_true_size(void **state)
{
	struct mark_request r = { .role = MARK_PERSON, .picture = &ink };
	struct mark_plan p;
	struct pdf_box b;

	(void)state;
	assert_int_equal(plan("", "", &r, &p), FAIL_NONE);
	assert_int_equal(p.settings.mark_count, 1);
	b = p.settings.marks[0].box;
	assert_true(near(b.x1 - b.x0, 40 * MM) && near(b.y1 - b.y0, 20 * MM));
	assert_true(b.x0 >= 0 && b.x1 <= 595 && b.y0 >= 0 && b.y1 <= 842);
	assert_int_equal(p.settings.make_count, 0);
}

static void
a_place_given_counts_from_the_corner(void **state)
{
	struct mark_request r = { .role = MARK_PERSON,
		.picture = &ink,
		.placed = true,
		.x = 11,
		.y = 22 };
	struct mark_plan p;

	(void)state;
	assert_int_equal(plan("", "", &r, &p), FAIL_NONE);
	assert_true(near(p.settings.marks[0].box.x0, 11));
	assert_true(near(p.settings.marks[0].box.y0, 22));
}

static void
larger_units_make_smaller_numbers(void **state)
{
	struct mark_request r = { .role = MARK_PERSON, .picture = &ink };
	struct mark_plan p;
	struct pdf_box b;

	(void)state;
	assert_int_equal(plan("", "/UserUnit 2", &r, &p), FAIL_NONE);
	b = p.settings.marks[0].box;
	assert_true(near(b.x1 - b.x0, 20 * MM));
}

static void
the_seal_covers_a_third_of_the_signature_on_its_left(void **state)
{
	struct mark_request r = { .role = MARK_AGENCY, .picture = &seal };
	struct mark_plan p;
	struct pdf_box b;

	(void)state;
	assert_int_equal(
	    plan("/AcroForm<</Fields[10 0 R]>>", "", &r, &p), FAIL_NONE);
	b = p.settings.marks[0].box;
	assert_true(near(b.x1 - b.x0, 36 * MM) && near(b.y1 - b.y0, 36 * MM));
	assert_true(near((b.x1 - 300) / 120, 1.0 / 3));
	assert_true(b.x0 < 300);
	assert_true(near((b.y0 + b.y1) / 2, 130));
	assert_int_equal(p.settings.marks[0].page, 1);
}

static void
a_seal_of_unknown_size_is_refused(void **state)
{
	struct picture bare = { .width = 425,
		.height = 425,
		.ink = INK_RED,
		.corners_clear = true };
	struct mark_request r = { .role = MARK_AGENCY, .picture = &bare };
	struct mark_plan p;

	(void)state;
	assert_int_equal(plan("", "", &r, &p), FAIL_PICTURE);
}

static void
a_page_that_is_not_there_is_missing(void **state)
{
	struct mark_request r = {
		.role = MARK_PERSON, .picture = &ink, .page = 2
	};
	struct mark_plan p;

	(void)state;
	assert_int_equal(plan("", "", &r, &p), FAIL_MISSING);
}

static void
fields_are_made_unless_the_template_has_them(void **state)
{
	struct mark_request r = {
		.role = MARK_PERSON, .picture = &ink, .make_fields = true
	};
	struct mark_plan p;

	(void)state;
	assert_int_equal(plan("", "", &r, &p), FAIL_NONE);
	assert_int_equal(p.settings.make_count, 2);
	assert_string_equal(p.settings.make[0].name, PDF_FIELD_NUMBER);
	assert_string_equal(p.settings.make[1].name, PDF_FIELD_DATE);
	assert_int_equal(
	    plan("/AcroForm<</Fields[12 0 R]>>", "", &r, &p), FAIL_NONE);
	assert_int_equal(p.settings.make_count, 1);
	assert_string_equal(p.settings.make[0].name, PDF_FIELD_DATE);
}

static void
number_and_date_go_into_fields_or_a_mark(void **state)
{
	struct mark_request r = { .role = MARK_AGENCY,
		.picture = &seal,
		.number = BYTES_TEXT("12/QĐ"),
		.date = BYTES_TEXT("09/02/2026") };
	struct mark_plan p;

	(void)state;
	assert_int_equal(
	    plan("/AcroForm<</Fields[12 0 R 13 0 R]>>", "", &r, &p), FAIL_NONE);
	assert_int_equal(p.settings.fill_count, 2);
	assert_int_equal(p.settings.mark_count, 1);
	/* A file that nobody signed may get new ones … */
	assert_int_equal(plan("", "", &r, &p), FAIL_NONE);
	assert_int_equal(p.settings.fill_count, 0);
	assert_int_equal(p.settings.make_count, 2);
	assert_true(bytes_equal(p.settings.make[0].text, r.number));
	assert_true(bytes_equal(p.settings.make[1].text, r.date));
	assert_int_equal(p.settings.mark_count, 1);
	/* … unless it has some of them, for a name stands for one … */
	assert_int_equal(
	    plan("/AcroForm<</Fields[12 0 R]>>", "", &r, &p), FAIL_NONE);
	assert_int_equal(p.settings.make_count, 0);
	assert_int_equal(p.settings.mark_count, 2);
	/* … and another may not. */
	assert_int_equal(
	    plan("/AcroForm<</Fields[10 0 R]>>", "", &r, &p), FAIL_NONE);
	assert_int_equal(p.settings.fill_count, 0);
	assert_int_equal(p.settings.make_count, 0);
	assert_int_equal(p.settings.mark_count, 2);
}

/* Whatever the page's shape, nothing is put where it is not seen. */
static void
every_mark_lies_on_its_page(void **state)
{
	static const struct {
		const char *page;
		double width, height;
	} rows[] = { { "", 595, 842 },
		{ "/CropBox[0 0 595 420]", 595, 420 }, /* A5 across */
		{ "/CropBox[0 0 298 420]", 298, 420 }, /* A6 */
		{ "/CropBox[0 0 595 595]", 595, 595 }, /* square */
		{ "/UserUnit 2/CropBox[0 0 298 421]", 298, 421 } };
	struct mark_request requests[] = {
		{ .role = MARK_PERSON, .picture = &ink, .make_fields = true },
		{ .role = MARK_AGENCY,
		    .picture = &seal,
		    .number = BYTES_TEXT("12"),
		    .date = BYTES_TEXT("13") },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mark_request *r = &requests[i % 2];
		double w = rows[i / 2].width, h = rows[i / 2].height;
		struct mark_plan p;

		assert_int_equal(plan("", rows[i / 2].page, r, &p), FAIL_NONE);
		for (size_t j = 0; j < p.settings.mark_count; j++) {
			struct pdf_box b = p.settings.marks[j].box;

			assert_true(b.x0 >= 0 && b.y0 >= 0);
			assert_true(b.x1 <= w && b.y1 <= h);
		}
		for (size_t j = 0; j < p.settings.make_count; j++) {
			struct pdf_box b = p.settings.make[j].box;

			assert_true(b.x0 >= 0 && b.y0 >= 0);
			assert_true(b.x1 <= w && b.y1 <= h);
		}
	}
}

/* A5: 420 x 595 points. */
static void
on_a_narrow_page_the_date_stands_below_the_number(void **state)
{
	struct mark_request r = { .role = MARK_PERSON, .make_fields = true };
	struct mark_plan p;
	struct pdf_box number, date;

	(void)state;
	assert_int_equal(plan("", "/MediaBox[0 0 420 595]", &r, &p), FAIL_NONE);
	assert_int_equal(p.settings.make_count, 2);
	number = p.settings.make[0].box;
	date = p.settings.make[1].box;
	assert_true(date.x1 <= 420.1 && number.x1 <= 420.1);
	assert_true(date.y1 <= number.y0 + 0.01);
	assert_int_equal(plan("", "", &r, &p), FAIL_NONE);
	number = p.settings.make[0].box;
	date = p.settings.make[1].box;
	assert_true(near(date.y0, number.y0) && date.x0 > number.x1);
}

static void
picture_of_the_wrong_colour_or_ground_is_refused(void **state)
{
	struct picture painted = seal;
	struct mark_request r = { .role = MARK_AGENCY, .picture = &ink };
	struct mark_plan p;

	(void)state;
	assert_int_equal(plan("", "", &r, &p), FAIL_PICTURE);
	r.role = MARK_PERSON;
	r.picture = &seal;
	assert_int_equal(plan("", "", &r, &p), FAIL_PICTURE);
	painted.corners_clear = false;
	r.role = MARK_AGENCY;
	r.picture = &painted;
	assert_int_equal(plan("", "", &r, &p), FAIL_PICTURE);
}

/* What could not be read looked like nothing: no file is sealed or judged half
 * seen. */
static void
file_that_was_too_much_for_its_memory_is_refused(void **state)
{
	static struct small_pdf s;
	static struct pdf_file file;
	const struct pades_settings settings = { .contents = 64 };
	const struct check_policy policy = { .assume_trusted = true };
	struct pades_update update;
	struct signature_report report;
	struct note note = { 0 };

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_table(&s, "");
	small_open(&s, &file);
	assert_int_equal(pades_check(&file, &policy, &report), FAIL_NONE);
	signature_report_free(&report);
	assert_int_equal(
	    pades_begin(&update, &file, &settings, &note), FAIL_NONE);
	pades_close(&update);
	file.arena.full = true;
	assert_int_equal(pades_check(&file, &policy, &report), FAIL_LIMIT);
	assert_int_equal(
	    pades_begin(&update, &file, &settings, &note), FAIL_LIMIT);
	assert_int_equal(note.fail, FAIL_LIMIT);
	pdf_file_close(&file);
	small_free(&s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    file_that_was_too_much_for_its_memory_is_refused),
		cmocka_unit_test(the_persons_mark_has_its_true_size),
		cmocka_unit_test(a_place_given_counts_from_the_corner),
		cmocka_unit_test(larger_units_make_smaller_numbers),
		cmocka_unit_test(
		    the_seal_covers_a_third_of_the_signature_on_its_left),
		cmocka_unit_test(a_seal_of_unknown_size_is_refused),
		cmocka_unit_test(a_page_that_is_not_there_is_missing),
		cmocka_unit_test(fields_are_made_unless_the_template_has_them),
		cmocka_unit_test(number_and_date_go_into_fields_or_a_mark),
		cmocka_unit_test(every_mark_lies_on_its_page),
		cmocka_unit_test(
		    on_a_narrow_page_the_date_stands_below_the_number),
		cmocka_unit_test(
		    picture_of_the_wrong_colour_or_ground_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

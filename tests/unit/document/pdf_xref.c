#include "document/pdf_xref.h"

#include "tests/unit/document/small_pdf.h"

/* Title of /Info's place holder: which revision's object 5 is seen? */
static int64_t
seen(struct pdf_file *file, uint32_t num)
{
	struct pdf_object o;

	return pdf_object_read(file, num, &o) ? -1 : o.value->integer;
}

static struct pdf_file
open_whole(struct small_pdf *s)
{
	struct pdf_file file;

	small_open(s, &file);
	return file;
}

static void
the_newest_entry_counts(void **state)
{
	struct small_pdf s;
	struct pdf_file file;

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_object(&s, 5, "1");
	small_object(&s, 6, "1");
	small_table(&s, "");
	small_object(&s, 5, "2");
	small_table(&s, "");
	small_object(&s, 5, "3");
	small_table(&s, "");
	file = open_whole(&s);
	assert_false(file.repaired);
	assert_int_equal(file.sections, 3);
	assert_int_equal(seen(&file, 5), 3);
	assert_int_equal(seen(&file, 6), 1);
	pdf_file_close(&file);
	small_free(&s);
}

static void
a_freed_object_is_missing(void **state)
{
	struct small_pdf s;
	struct pdf_file file;
	struct pdf_object o;

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_object(&s, 5, "1");
	small_table(&s, "");
	buf_printf(&s.out,
	    "xref\n5 1\n0000000000 00001 f\r\ntrailer\n<</Size 6/Root 1 0 R"
	    "/Prev %zu>>\nstartxref\n%zu\n%%%%EOF\n",
	    s.start, s.out.len);
	file = open_whole(&s);
	assert_int_equal(pdf_object_read(&file, 5, &o), FAIL_MISSING);
	assert_int_equal(o.value->type, PDF_NULL);
	pdf_file_close(&file);
	small_free(&s);
}

/* A file of one page whose table is the given text, with four offsets. */
static enum fail
open_table(const char *format, struct pdf_file *file, struct small_pdf *s)
{
	size_t start;

	small_init(s);
	small_page(s, "", "");
	start = s->out.len;
	buf_printf(&s->out, format, s->at[1], s->at[2], s->at[3], s->at[4]);
	buf_printf(&s->out, "startxref\n%zu\n%%%%EOF\n", start);
	return pdf_file_open(file, buf_view(&s->out));
}

#define ROWS                                                     \
	"%010zu 00000 n\r\n%010zu 00000 n\r\n%010zu 00000 n\r\n" \
	"%010zu 00000 n\r\n"
#define TRAILER "trailer\n<</Size 5/Root 1 0 R>>\n"

static void
tables_are_read_as_writers_write_them(void **state)
{
	static const struct {
		const char *name, *format;
		bool repaired;
	} rows[] = {
		{ "as the standard says",
		    "xref\n0 5\n0000000000 65535 f\r\n" ROWS TRAILER, false },
		{ "two subsections",
		    "xref\n0 1\n0000000000 65535 f\r\n1 4\n" ROWS TRAILER,
		    false },
		{ "rows end in a line feed alone",
		    "xref\n0 5\n0000000000 65535 f\n%010zu 00000 n\n"
		    "%010zu 00000 n\n%010zu 00000 n\n%010zu 00000 n\n" TRAILER,
		    false },
		{ "short numbers",
		    "xref\n0 5\n0 65535 f\n%zu 0 n\n%zu 0 n\n%zu 0 n\n"
		    "%zu 0 n\n" TRAILER,
		    false },
		{ "starts at 1 with the free head",
		    "xref\n1 5\n0000000000 65535 f\r\n" ROWS TRAILER, false },
		{ "trailer on the last row's line",
		    "xref\n0 5\n0000000000 65535 f\r\n" ROWS
		    "trailer<</Size 5/Root 1 0 R>>\n",
		    false },
		{ "no table at all", "xxxx %zu %zu %zu %zu\n" TRAILER, true },
		{ "a word among the rows",
		    "xref\n0 5\n0000000000 65535 f\r\nboo\n" ROWS TRAILER,
		    true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct small_pdf s;
		struct pdf_file file;

		assert_int_equal(
		    open_table(rows[i].format, &file, &s), FAIL_NONE);
		assert_int_equal(file.repaired, rows[i].repaired);
		assert_int_equal(file.root.num, 1);
		pdf_file_close(&file);
		small_free(&s);
	}
}

static void
a_circle_of_prev_ends_in_repair(void **state)
{
	struct small_pdf s;
	struct pdf_file file;

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	s.start = s.out.len; /* /Prev points to the table itself */
	small_table(&s, "");
	file = open_whole(&s);
	assert_true(file.repaired);
	pdf_file_close(&file);
	small_free(&s);
}

/* However many updates are in it, and before it. */
static void
a_long_circle_of_prev_is_seen_soon(void **state)
{
	static const unsigned lengths[][2] = { { 1, 1 }, { 0, 2 }, { 3, 100 },
		{ 200, 7 }, { 1, 1000 } };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		unsigned before = lengths[i][0], circle = lengths[i][1];
		struct small_pdf s;
		struct pdf_file file;
		size_t last;

		small_init(&s);
		small_page(&s, "", "");
		/* Of equal length each: the first one's /Prev is known. */
		last = s.out.len + (circle - 1) * 64;
		for (unsigned k = 0; k < before + circle; k++) {
			size_t at = s.out.len;

			buf_printf(&s.out,
			    "xref\n0 0\ntrailer\n<</Root 1 0 R/Prev %8zu>>",
			    k ? s.start : last);
			while (s.out.len < at + 64)
				buf_u8(&s.out, '\n');
			s.start = at;
		}
		buf_printf(&s.out, "startxref\n%zu\n%%%%EOF\n", s.start);
		file = open_whole(&s);
		assert_true(file.repaired);
		assert_in_range(file.sections, 0, 3 * (before + circle));
		pdf_file_close(&file);
		small_free(&s);
	}
}

static void
a_table_with_wild_numbers_is_no_crash(void **state)
{
	static const char *const heads[] = { "4294967295 1", "0 99999999",
		"-1 5", "8388607 1", "8388608 1", "0 5 5" };

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct small_pdf s;
		struct pdf_file file;

		small_init(&s);
		small_page(&s, "", "");
		buf_printf(&s.out,
		    "xref\n%s\n0000000009 00000 n\r\n" TRAILER
		    "startxref\n%zu\n%%%%EOF\n",
		    heads[i], s.out.len);
		assert_int_equal(
		    pdf_file_open(&file, buf_view(&s.out)), FAIL_NONE);
		assert_true(file.repaired);
		pdf_file_close(&file);
		small_free(&s);
	}
}

static void
offsets_may_count_from_the_header(void **state)
{
	struct small_pdf s;
	struct pdf_file file;
	struct buf junk;

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_table(&s, "");
	buf_init(&junk, 65536);
	buf_text(&junk, "HTTP/1.1 200 OK\r\n\r\n");
	buf_bytes(&junk, buf_view(&s.out));
	assert_int_equal(pdf_file_open(&file, buf_view(&junk)), FAIL_NONE);
	assert_false(file.repaired);
	assert_int_equal(file.base, 19);
	pdf_file_close(&file);
	buf_free(&junk);
	small_free(&s);
}

static void
repair_takes_the_last_object_of_a_number(void **state)
{
	struct small_pdf s;
	struct pdf_file file;

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_object(&s, 5, "1");
	small_object(&s, 5, "2");
	buf_text(&s.out, "trailer<</Root 1 0 R>>");
	file = open_whole(&s);
	assert_true(file.repaired);
	assert_int_equal(seen(&file, 5), 2);
	pdf_file_close(&file);
	small_free(&s);
}

static void
repair_finds_a_catalogue_without_a_trailer(void **state)
{
	struct small_pdf s;
	struct pdf_file file;

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	file = open_whole(&s);
	assert_int_equal(file.root.num, 1);
	pdf_file_close(&file);
	small_free(&s);
}

/* Every beginning of a file of many updates opens as by itself: with the same
 * failure, or with the same entries, sections and root. */
static void
assert_alike(struct pdf_file *newer, struct bytes in, size_t len)
{
	struct pdf_file alone, older;
	enum fail f = pdf_file_open(&alone, bytes_part(in, 0, len));

	assert_int_equal(pdf_file_open_older(&older, newer, len), f);
	if (f)
		return;
	assert_int_equal(older.repaired, alone.repaired);
	assert_int_equal(older.sections, alone.sections);
	assert_int_equal(older.start, alone.start);
	assert_int_equal(older.stream_section, alone.stream_section);
	assert_int_equal(older.root.num, alone.root.num);
	assert_int_equal(older.entry_count, alone.entry_count);
	assert_memory_equal(older.entries, alone.entries,
	    alone.entry_count * sizeof(*alone.entries));
	assert_int_equal(!older.trailer, !alone.trailer);
	if (alone.trailer)
		assert_true(
		    bytes_equal(older.trailer->raw, alone.trailer->raw));
	pdf_file_close(&older);
	pdf_file_close(&alone);
}

static void
a_stream_section(struct small_pdf *s, unsigned num, const char *length)
{
	size_t at = s->out.len;

	buf_printf(&s->out,
	    "%u 0 obj\n<</Type/XRef/Size 64/W[1 2 1]/Index[%u 1]/Root 1 0 R"
	    "/Prev %zu/Length %s>>\nstream\n",
	    num, num, s->start, length);
	buf_printf(&s->out,
	    strstr(length, "Filter") ? "%02x%02x%02x%02x>" : "%c%c%c%c", 1,
	    (int)(at >> 8), (int)(at & 255), 0);
	buf_printf(
	    &s->out, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n", at);
	s->start = at;
}

static void
an_earlier_revision_opens_as_if_alone(void **state)
{
	static const char *const lengths[] = { "50 0 R", "4",
		"9/Filter 51 0 R" };
	struct small_pdf s;
	struct pdf_file newer;

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_table(&s, "");
	for (unsigned i = 0; i < 4; i++) {
		small_object(&s, 5, "(another)");
		small_object(&s, 6 + i, "(one more)");
		small_table(&s, "");
		a_stream_section(&s, 40 + i, lengths[i % 3]);
	}
	/* What the earlier ones do not know yet. */
	small_object(&s, 50, "4");
	small_object(&s, 51, "/ASCIIHexDecode");
	small_table(&s, "");
	small_open(&s, &newer);
	assert_false(newer.repaired);
	assert_int_equal(newer.sections, 10);
	for (size_t len = s.out.len + 1; len-- > 0;)
		assert_alike(&newer, buf_view(&s.out), len);
	assert_non_null(newer.kept);
	pdf_file_close(&newer);
	assert_null(newer.kept);
	small_free(&s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_entry_counts),
		cmocka_unit_test(an_earlier_revision_opens_as_if_alone),
		cmocka_unit_test(a_freed_object_is_missing),
		cmocka_unit_test(tables_are_read_as_writers_write_them),
		cmocka_unit_test(a_circle_of_prev_ends_in_repair),
		cmocka_unit_test(a_long_circle_of_prev_is_seen_soon),
		cmocka_unit_test(a_table_with_wild_numbers_is_no_crash),
		cmocka_unit_test(offsets_may_count_from_the_header),
		cmocka_unit_test(repair_takes_the_last_object_of_a_number),
		cmocka_unit_test(repair_finds_a_catalogue_without_a_trailer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "document/pdf_file.h"

#include "tests/unit/document/small_pdf.h"

static void
what_is_no_pdf_is_refused_by_name(void **state)
{
	static const struct {
		const char *in;
		enum fail fail;
	} rows[] = { { "", FAIL_NOT_PDF }, { "hello", FAIL_NOT_PDF },
		{ "%PDF-1.4\n", FAIL_NOT_PDF },
		{ "%PDF-1.4\n1 0 obj<</A 1>>endobj", FAIL_FORMAT },
		{ "%PDF-1.4\n1 0 obj 5 endobj trailer<</Root 1 0 R>>",
		    FAIL_FORMAT } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdf_file file;

		assert_int_equal(
		    pdf_file_open(&file, BYTES_TEXT(rows[i].in)), rows[i].fail);
		assert_true(file.note.text[0]);
		assert_null(file.entries);
	}
}

/* A catalogue whose page tree is no dictionary shows no page to anybody. */
static void
a_file_without_a_page_tree_is_refused(void **state)
{
	struct small_pdf s;
	struct pdf_file file;

	(void)state;
	small_init(&s);
	small_object(&s, 1, "<</Type/Catalog/Rootatalog/Pages 2 0 R>>");
	small_table(&s, "");
	assert_int_equal(pdf_file_open(&file, buf_view(&s.out)), FAIL_FORMAT);
	small_free(&s);
}

static void
an_encrypted_file_is_refused(void **state)
{
	struct small_pdf s;
	struct pdf_file file;

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_table(&s, "/Encrypt<</Filter/Standard>>");
	assert_int_equal(
	    pdf_file_open(&file, buf_view(&s.out)), FAIL_ENCRYPTED);
	small_free(&s);
}

static struct small_pdf s;
static struct pdf_file file;

static int
open_sample(void **state)
{
	(void)state;
	small_init(&s);
	small_page(&s, "/Version/2.0", "");
	small_object(&s, 5, "6 0 R");
	small_object(&s, 6, "7 0 R");
	small_object(&s, 7, "(end)");
	small_object(&s, 8, "9 0 R");
	small_object(&s, 9, "8 0 R");
	small_stream(&s, 10, "/Filter/ASCIIHexDecode", "48656C6C6F>");
	small_stream(&s, 11, "/Filter[/ASCII85Decode/AHx]", "1cRBN2FBAi2F]k~>");
	small_stream(&s, 12, "/Filter/JBIG2Decode", "x");
	s.at[13] = s.out.len;
	buf_text(&s.out,
	    "13 0 obj\n<</Length 999>>\nstream\nlying\nendstream\nendobj\n");
	s.at[14] = s.out.len;
	buf_text(&s.out,
	    "14 0 obj\n<</Length 15 0 R>>\nstream\r\nendstream\n"
	    "endstream\nendobj\n");
	small_object(&s, 15, "9");
	s.at[16] = s.at[7];
	small_object(&s, 17, "");
	small_stream(
	    &s, 18, "/Type/ObjStm/N 3/First 15", "20 0 21 4 22 8 (a) (b) (c)");
	small_stream(&s, 19, "", "plain");
	/* Out of order, and number 31 twice. */
	small_stream(&s, 24, "/Type/ObjStm/N 4/First 20",
	    "32 0 31 4 30 8 31 12 (a) (b) (c) (d)");
	small_table(&s, "");
	small_open(&s, &file);
	return 0;
}

static int
close_sample(void **state)
{
	(void)state;
	pdf_file_close(&file);
	small_free(&s);
	return 0;
}

static const struct pdf_value *
resolve(uint32_t num)
{
	struct pdf_value ref = { .type = PDF_REF, .ref = { num, 0 } };

	return pdf_resolve(&file, &ref);
}

static void
references_are_followed_to_a_value(void **state)
{
	(void)state;
	assert_bytes(resolve(5)->text, "end");
}

static void
a_dead_end_is_the_null_value(void **state)
{
	static const uint32_t dead[] = { 0, 8, 16, 17, 40, 4000000000u };

	(void)state;
	for (size_t i = 0; i < sizeof(dead) / sizeof(dead[0]); i++)
		assert_int_equal(resolve(dead[i])->type, PDF_NULL);
	assert_int_equal(pdf_resolve(&file, NULL)->type, PDF_NULL);
	assert_int_equal(
	    pdf_get(&file, pdf_catalog(&file), "Nothing")->type, PDF_NULL);
}

static void
an_object_elsewhere_than_listed_is_a_format_failure(void **state)
{
	struct pdf_object o;

	(void)state;
	assert_int_equal(pdf_object_read(&file, 16, &o), FAIL_FORMAT);
	assert_int_equal(pdf_object_read(&file, 50, &o), FAIL_MISSING);
	assert_int_equal(pdf_object_read(&file, 0, &o), FAIL_MISSING);
}

static void
decode(uint32_t num, enum fail want, const char *text)
{
	struct pdf_object o;
	struct buf out;

	buf_init(&out, 1024);
	assert_int_equal(pdf_object_read(&file, num, &o), FAIL_NONE);
	assert_true(o.is_stream);
	assert_int_equal(pdf_stream_decode(&file, &o, &out), want);
	if (!want)
		assert_bytes(buf_view(&out), text);
	buf_free(&out);
}

static void
streams_are_decoded(void **state)
{
	(void)state;
	decode(10, FAIL_NONE, "Hello");
	decode(11, FAIL_NONE, "Hello");
	decode(19, FAIL_NONE, "plain");
	decode(12, FAIL_UNSUPPORTED, NULL);
}

static void
a_lying_length_is_mended_by_endstream(void **state)
{
	(void)state;
	decode(13, FAIL_NONE, "lying");
}

static void
a_true_length_counts_even_over_the_word_endstream(void **state)
{
	(void)state;
	decode(14, FAIL_NONE, "endstream");
}

static void
the_decoded_size_is_limited(void **state)
{
	struct pdf_object o;
	struct buf out;

	(void)state;
	buf_init(&out, 3);
	assert_int_equal(pdf_object_read(&file, 10, &o), FAIL_NONE);
	assert_int_equal(pdf_stream_decode(&file, &o, &out), FAIL_LIMIT);
	buf_free(&out);
}

static void
the_greater_version_counts(void **state)
{
	(void)state;
	assert_int_equal(pdf_version(&file), 20);
}

/* The stream's own numbers decide, the index of the entry is a hint. */
static void
packed_objects_are_found_by_number(void **state)
{
	static const char *const want[] = { "a", "b", "c" };

	(void)state;
	assert_true(file.entry_count > 23);
	for (uint8_t i = 0; i < 3; i++) {
		struct pdf_object o;

		file.entries[20 + i] = (struct pdf_xref_entry){
			.kind = ENTRY_PACKED, .aux = i, .where = 18
		};
		assert_int_equal(pdf_object_read(&file, 20 + i, &o), FAIL_NONE);
		assert_bytes(o.value->text, want[i]);
		assert_false(o.is_stream);
	}
	file.entries[23] = (struct pdf_xref_entry){
		.kind = ENTRY_PACKED, .aux = 0, .where = 18
	};
	assert_int_equal(resolve(23)->type, PDF_NULL);
	/* A stream that is none, or itself packed, holds nothing. */
	file.entries[23].where = 7;
	assert_int_equal(resolve(23)->type, PDF_NULL);
	file.entries[23].where = 22;
	assert_int_equal(resolve(23)->type, PDF_NULL);
}

/* Which one a reader takes of several with one number is not settled. */
static void
a_number_in_another_place_is_ambiguous(void **state)
{
	static const struct {
		uint8_t num, index;
		bool ambiguous;
		const char *want;
	} rows[] = {
		{ 30, 2, false, "c" },
		{ 32, 0, false, "a" },
		{ 32, 1, true, "a" },
		{ 30, 9, true, "c" },
		{ 31, 1, true, "b" },
		{ 31, 3, true, "d" },
		{ 31, 0, true, "b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdf_object object;

		file.entries[rows[i].num] = (struct pdf_xref_entry){
			.kind = ENTRY_PACKED, .aux = rows[i].index, .where = 24
		};
		file.ambiguous = false;
		/* Read anew: what was read once is kept. */
		assert_int_equal(
		    pdf_object_glance(&file, rows[i].num, &object), FAIL_NONE);
		assert_bytes(object.value->text, rows[i].want);
		assert_int_equal(file.ambiguous, rows[i].ambiguous);
	}
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_sample, close_sample)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_pdf_is_refused_by_name),
		cmocka_unit_test(a_file_without_a_page_tree_is_refused),
		cmocka_unit_test(an_encrypted_file_is_refused),
		ROW(references_are_followed_to_a_value),
		ROW(a_dead_end_is_the_null_value),
		ROW(an_object_elsewhere_than_listed_is_a_format_failure),
		ROW(streams_are_decoded),
		ROW(a_lying_length_is_mended_by_endstream),
		ROW(a_true_length_counts_even_over_the_word_endstream),
		ROW(the_decoded_size_is_limited),
		ROW(the_greater_version_counts),
		ROW(packed_objects_are_found_by_number),
		ROW(a_number_in_another_place_is_ambiguous),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

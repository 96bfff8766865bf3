#include "document/pdf_append.h"

#include "tests/unit/document/small_pdf.h"

/* One update of a sample: object 5 changed, a new one and a stream added. */
static void
write_update(struct pdf_append *a, struct pdf_ref made[2])
{
	pdf_append_begin(a, (struct pdf_ref){ 5, 0 });
	buf_text(&a->out, "<</New true>>");
	pdf_append_end(a);
	made[0] = pdf_append_new(a);
	pdf_append_begin(a, made[0]);
	buf_text(&a->out, "(made)");
	pdf_append_end(a);
	made[1] = pdf_append_new(a);
	pdf_append_stream(a, made[1], "/Kind/Test", BYTES_TEXT("data"));
}

/* Read the file with its update and compare what is in it. */
static void
judge_update(struct bytes before, struct pdf_append *a,
    const struct pdf_ref made[2], bool stream)
{
	struct buf whole;
	struct pdf_file file;
	struct pdf_object o;

	buf_init(&whole, 1u << 21);
	buf_bytes(&whole, before);
	buf_bytes(&whole, buf_view(&a->out));
	assert_int_equal(buf_fail(&whole), FAIL_NONE);
	assert_int_equal(pdf_file_open(&file, buf_view(&whole)), FAIL_NONE);
	assert_false(file.repaired);
	assert_int_equal(file.stream_section, stream);
	assert_int_equal(file.root.num, 1);
	assert_int_equal(pdf_object_read(&file, 5, &o), FAIL_NONE);
	assert_true(pdf_entry(o.value, "New")->boolean);
	assert_int_equal(pdf_object_read(&file, made[0].num, &o), FAIL_NONE);
	assert_bytes(o.value->text, "made");
	assert_int_equal(pdf_object_read(&file, made[1].num, &o), FAIL_NONE);
	assert_true(o.is_stream);
	assert_bytes(o.stream, "data");
	assert_true(pdf_is_name(pdf_entry(o.value, "Kind"), "Test"));
	assert_int_equal(pdf_object_read(&file, 6, &o), FAIL_NONE);
	assert_bytes(o.value->text, "old");
	assert_bytes(pdf_element(pdf_entry(file.trailer, "ID"), 0)->text, "id");
	pdf_file_close(&file);
	buf_free(&whole);
}

static void
run_update(struct small_pdf *s, bool repaired, bool stream)
{
	struct pdf_file file;
	struct pdf_append a;
	struct pdf_ref made[2];

	small_open(s, &file);
	assert_int_equal(file.repaired, repaired);
	pdf_append_open(&a, &file);
	write_update(&a, made);
	assert_int_equal(pdf_append_finish(&a), FAIL_NONE);
	judge_update(buf_view(&s->out), &a, made, stream);
	pdf_append_close(&a);
	pdf_file_close(&file);
}

static void
put_sample(struct small_pdf *s)
{
	small_init(s);
	small_page(s, "", "");
	small_object(s, 5, "<</Old true>>");
	small_object(s, 6, "(old)");
}

static void
a_table_is_followed_by_a_table(void **state)
{
	struct small_pdf s;

	(void)state;
	put_sample(&s);
	small_table(&s, "/ID[(id)(id)]");
	run_update(&s, false, false);
	small_free(&s);
}

static void
a_file_without_a_last_line_feed_is_continued(void **state)
{
	struct small_pdf s;

	(void)state;
	put_sample(&s);
	small_table(&s, "/ID[(id)(id)]");
	s.out.len--;
	run_update(&s, false, false);
	small_free(&s);
}

static void
a_rebuilt_file_gets_a_whole_table(void **state)
{
	struct small_pdf s;

	(void)state;
	put_sample(&s);
	buf_text(&s.out, "trailer<</Root 1 0 R/ID[(id)(id)]>>\n");
	run_update(&s, true, false);
	small_free(&s);
}

/* A cross-reference stream in hexadecimal digits. */
static void
put_stream_section(struct small_pdf *s)
{
	size_t start = s->out.len;

	buf_printf(&s->out,
	    "7 0 obj\n<</Type/XRef/W[1 2 1]/Size 8/Root 1 0 R/ID[(id)(id)]"
	    "/Filter/AHx/Length 65>>\nstream\n000000FF");
	for (unsigned i = 1; i < 7; i++)
		buf_printf(&s->out, "01%04zX00", s->at[i]);
	buf_printf(&s->out,
	    "01%04zX00>\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n", start,
	    start);
}

static void
a_stream_is_followed_by_a_stream(void **state)
{
	struct small_pdf s;

	(void)state;
	put_sample(&s);
	put_stream_section(&s);
	run_update(&s, false, true);
	small_free(&s);
}

static void
offsets_skip_what_stands_in_front_of_the_header(void **state)
{
	struct small_pdf s, junk;

	(void)state;
	put_sample(&s);
	small_table(&s, "/ID[(id)(id)]");
	junk = (struct small_pdf){ .start = 0 };
	buf_init(&junk.out, 65536);
	buf_text(&junk.out, "junk\n");
	buf_bytes(&junk.out, buf_view(&s.out));
	run_update(&junk, false, false);
	buf_free(&junk.out);
	small_free(&s);
}

static void
numbers_of_new_objects_are_free(void **state)
{
	struct small_pdf s;
	struct pdf_file file;
	struct pdf_append a;

	(void)state;
	put_sample(&s);
	small_table(&s, "");
	small_open(&s, &file);
	pdf_append_open(&a, &file);
	/* /Size says 64 though the highest object is 6. */
	assert_int_equal(pdf_append_new(&a).num, SMALL_OBJECTS);
	assert_int_equal(pdf_append_new(&a).num, SMALL_OBJECTS + 1);
	pdf_append_close(&a);
	pdf_file_close(&file);
	small_free(&s);
}

static void
entries_are_copied_as_they_stood(void **state)
{
	static const char *const without[] = { "B", "D" };
	struct small_pdf s;
	struct pdf_file file;
	struct pdf_append a;
	struct pdf_object o;

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_object(&s, 5,
	    "<</A#41 ( x\\051 )/B 2/C[ 1  2 ]/#44 4/E<< /F 5 0 R >>/A 1/A 2>>");
	small_table(&s, "");
	small_open(&s, &file);
	pdf_append_open(&a, &file);
	assert_int_equal(pdf_object_read(&file, 5, &o), FAIL_NONE);
	buf_clear(&a.out);
	pdf_append_copy(&a, o.value, without, 2);
	assert_bytes(buf_view(&a.out),
	    "<<\n/A#41 ( x\\051 )\n/C [ 1  2 ]\n/E << /F 5 0 R >>\n/A 2\n");
	pdf_append_close(&a);
	pdf_file_close(&file);
	small_free(&s);
}

/* What is written behind a value left open would become part of it. */
static void
a_value_left_open_does_not_swallow_what_follows(void **state)
{
	static const char *const open[] = { "<</A 1/B<</C 2", "<</A 1/B[2 (x)",
		"<</A 1/B[<</C[" };

	(void)state;
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		struct small_pdf s;
		struct pdf_file file;
		struct pdf_append a;
		struct pdf_object o;
		struct pdf_value *back = NULL;
		struct pdf_lexer l;
		enum fail f;

		small_init(&s);
		small_page(&s, "", "");
		small_object(&s, 5, open[i]);
		small_table(&s, "");
		small_open(&s, &file);
		pdf_append_open(&a, &file);
		assert_int_equal(pdf_object_read(&file, 5, &o), FAIL_NONE);
		pdf_append_begin(&a, o.id);
		l = (struct pdf_lexer){ { NULL, 0 }, a.out.len };
		pdf_append_copy(&a, o.value, NULL, 0);
		buf_text(&a.out, "/Mine true>>");
		l.in = buf_view(&a.out);
		if (!pdf_value_read(&l, &file.arena, &back))
			back = pdf_entry(back, "Mine") ? back : NULL;
		pdf_append_end(&a);
		f = pdf_append_finish(&a);
		/* Either it is closed, or the update is refused. */
		assert_true(f || back);
		pdf_append_close(&a);
		pdf_file_close(&file);
		small_free(&s);
	}
}

/* A file whose page is also its catalogue, say: the second writing would undo
 * the first. */
static void
one_object_written_twice_is_refused(void **state)
{
	struct small_pdf s;
	struct pdf_file file;
	struct pdf_append a;

	(void)state;
	put_sample(&s);
	small_table(&s, "");
	small_open(&s, &file);
	pdf_append_open(&a, &file);
	for (int i = 0; i < 2; i++) {
		pdf_append_begin(&a, (struct pdf_ref){ 5, 0 });
		buf_text(&a.out, "null");
		pdf_append_end(&a);
	}
	assert_int_not_equal(pdf_append_finish(&a), FAIL_NONE);
	pdf_append_close(&a);
	pdf_file_close(&file);
	small_free(&s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_is_followed_by_a_table),
		cmocka_unit_test(a_file_without_a_last_line_feed_is_continued),
		cmocka_unit_test(a_rebuilt_file_gets_a_whole_table),
		cmocka_unit_test(a_stream_is_followed_by_a_stream),
		cmocka_unit_test(
		    offsets_skip_what_stands_in_front_of_the_header),
		cmocka_unit_test(numbers_of_new_objects_are_free),
		cmocka_unit_test(entries_are_copied_as_they_stood),
		cmocka_unit_test(
		    a_value_left_open_does_not_swallow_what_follows),
		cmocka_unit_test(one_object_written_twice_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "document/pdf_reach.h"

#include "tests/unit/document/small_pdf.h"

/* Objects 20 to 25 of the signed file, and what an update puts in their place
 * or adds. */
static const struct row {
	const char *name;
	bool same, same_up; /* of object 20 */
	const char *objects[6];
	struct {
		unsigned num;
		const char *value;
	} update;
} rows[] = {
	{ "nothing was touched", true, true, { "<</A 21 0 R>>", "(x)" },
	    { 0 } },
	{ "itself", false, false, { "(x)" }, { 20, "(x)" } },
	{ "what it leads to", false, false, { "[21 0 R]", "(x)" },
	    { 21, "(x)" } },
	{ "far behind it", false, false,
	    { "[21 0 R]", "<</B[22 0 R]>>", "[[[23 0 R]]]", "(x)" },
	    { 23, "(x)" } },
	{ "something else", true, true, { "[21 0 R]", "(x)", "(x)" },
	    { 22, "(y)" } },
	{ "in a circle", true, true, { "[21 0 R]", "[20 0 R]", "(x)" },
	    { 22, "(y)" } },
	{ "upwards", true, false, { "<</Parent 21 0 R>>", "(x)" },
	    { 21, "(y)" } },
	{ "upwards and by another way", false, false,
	    { "<</P 21 0 R/A 21 0 R>>", "(x)" }, { 21, "(y)" } },
	{ "upwards of another", false, false,
	    { "[21 0 R]", "<</P 22 0 R>>", "(x)" }, { 22, "(y)" } },
	{ "a stream", true, true, { "<</Length 1>>\nstream\nx\nendstream" },
	    { 22, "(y)" } },
	{ "a stream whose length stands elsewhere", false, false,
	    { "<</Length 21 0 R>>\nstream\nx\nendstream", "1" }, { 0 } },
	{ "a key twice", false, false, { "<</A 1/A 2>>" }, { 0 } },
	{ "a key twice in what it leads to", false, false,
	    { "[21 0 R]", "[<</A 1/A 2>>]" }, { 0 } },
	{ "another generation", false, false, { "[21 1 R]", "(x)" }, { 0 } },
	{ "nothing that is there", false, false, { "[40 0 R]" },
	    { 22, "(y)" } },
	{ "what comes later", false, false, { "[40 0 R]" }, { 40, "(y)" } },
	{ "outside the table", false, false, { "[999999 0 R]" }, { 0 } },
	{ "damaged", false, false, { "<</A 1 ) /B 2>>" }, { 0 } },
};

static void
make(struct small_pdf *s, const struct row *row, size_t *end)
{
	small_init(s);
	small_page(s, "", "");
	for (unsigned i = 0; i < 6 && row->objects[i]; i++)
		small_object(s, 20 + i, row->objects[i]);
	small_object(s, 50, "(behind the last one)");
	small_table(s, "");
	*end = s->out.len;
	if (row->update.num)
		small_object(s, row->update.num, row->update.value);
	small_table(s, "");
}

static void
row_is_told(void **state)
{
	const struct row *row = *state;
	struct small_pdf s;
	struct pdf_file old, new;
	size_t end;

	make(&s, row, &end);
	small_open(&s, &new);
	assert_int_equal(pdf_file_open_older(&old, &new, end), FAIL_NONE);
	for (int again = 0; again < 2; again++) {
		assert_int_equal(pdf_reach_same(&old, &new,
				     (struct pdf_ref){ 20, 0 }, false),
		    row->same);
		assert_int_equal(
		    pdf_reach_same(&old, &new, (struct pdf_ref){ 20, 0 }, true),
		    row->same_up);
	}
	pdf_file_close(&old);
	pdf_file_close(&new);
	assert_null(new.reach);
	small_free(&s);
}

static void
much_is_not_followed(void **state)
{
	static const unsigned counts[] = { PDF_REACH_MAX - 1, PDF_REACH_MAX };

	(void)state;
	for (size_t c = 0; c < 2; c++) {
		struct small_pdf s;
		struct pdf_file file;

		small_init(&s);
		small_page(&s, "", "");
		for (unsigned i = 0; i < counts[c]; i++) {
			char value[32];

			snprintf(value, sizeof(value), "[%u 0 R]", 21 + i);
			small_object(&s, 20 + i, value);
		}
		small_object(&s, 20 + counts[c], "(the end of it all, really)");
		small_object(&s, 60, "(behind the last one)");
		small_table(&s, "");
		small_open(&s, &file);
		assert_int_equal(pdf_reach_same(&file, &file,
				     (struct pdf_ref){ 20, 0 }, true),
		    !c);
		pdf_file_close(&file);
		small_free(&s);
	}
}

/* An object that the old revision holds in part only. */
static void
all_of_it_must_stand_in_the_old_file(void **state)
{
	static const struct row plain = { .objects = { "(x)" } };
	struct small_pdf s;
	struct pdf_file old, new;
	size_t end;

	(void)state;
	make(&s, &plain, &end);
	small_open(&s, &new);
	small_open(&s, &old);
	assert_true(
	    pdf_reach_same(&old, &new, (struct pdf_ref){ 20, 0 }, true));
	/* A generation that is not the object's is no such reference. */
	assert_false(
	    pdf_reach_same(&old, &new, (struct pdf_ref){ 20, 1 }, true));
	old.in.len = old.entries[20].where + 12;
	assert_false(
	    pdf_reach_same(&old, &new, (struct pdf_ref){ 20, 0 }, true));
	pdf_file_close(&old);
	pdf_file_close(&new);
	small_free(&s);
}

#define ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
	struct CMUnitTest tests[ROWS + 2] = {
		cmocka_unit_test(much_is_not_followed),
		cmocka_unit_test(all_of_it_must_stand_in_the_old_file),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[i + 2] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = row_is_told,
			.initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

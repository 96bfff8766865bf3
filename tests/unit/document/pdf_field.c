#include "document/pdf_field.h"

#include "tests/unit/document/small_pdf.h"

static struct small_pdf s;
static struct pdf_file file;

static int
open_form(void **state)
{
	(void)state;
	small_init(&s);
	small_page(&s,
	    "/AcroForm<</Fields[10 0 R 11 0 R 12 0 R 13 0 R<</T(here)/FT/Tx>>"
	    " 14 0 R 99 0 R 4 0 R]>>",
	    "");
	small_object(&s, 10, "<</FT/Sig/T(sign)/V 20 0 R>>");
	small_object(&s, 11,
	    "<</FT/Tx/Ff 3/T<FEFF00431EE9>/Kids[15 0 R 16 0 R]/V(up)>>");
	small_object(&s, 12, "<</FT/Btn/T(widgets)/Kids[17 0 R 18 0 R]>>");
	small_object(&s, 13, "<</T(loop)/FT/Tx/Kids[13 0 R]>>");
	small_object(&s, 14, "(no field)");
	small_object(&s, 15, "<</T(a)/Parent 11 0 R>>");
	small_object(&s, 16, "<</T(b)/Parent 11 0 R/V(own)/Ff 0/FT/Ch>>");
	small_object(&s, 17, "<</Subtype/Widget/Parent 12 0 R>>");
	small_object(&s, 18, "<</Subtype/Widget/Parent 12 0 R>>");
	small_object(&s, 20, "<</Type/Sig>>");
	small_table(&s, "");
	small_open(&s, &file);
	return 0;
}

static int
close_form(void **state)
{
	(void)state;
	pdf_file_close(&file);
	small_free(&s);
	return 0;
}

static void
terminal_fields_come_in_order_by_full_name(void **state)
{
	static const char *const names[] = { "sign", "Cứ.a", "Cứ.b", "widgets",
		"here" };
	static const uint32_t nums[] = { 10, 15, 16, 12, 0 };
	struct pdf_field_walk walk;
	struct pdf_field field;
	size_t n = 0;

	(void)state;
	pdf_field_walk_init(&walk, &file);
	while (pdf_field_next(&walk, &field)) {
		/* What leads in a circle or nowhere may come or not. */
		if (strchr(field.name, 'l') == field.name || !field.name[0])
			continue;
		assert_true(n < 5);
		assert_string_equal(field.name, names[n]);
		assert_int_equal(field.ref.num, nums[n]);
		n++;
	}
	assert_int_equal(n, 5);
}

static void
kind_value_and_flags_are_inherited(void **state)
{
	struct pdf_field field;

	(void)state;
	assert_int_equal(pdf_field_find(&file, "Cứ.a", &field), FAIL_NONE);
	assert_true(pdf_is_name(field.kind, "Tx"));
	assert_bytes(field.value->text, "up");
	assert_int_equal(field.flags, 3);
	assert_int_equal(pdf_field_find(&file, "Cứ.b", &field), FAIL_NONE);
	assert_true(pdf_is_name(field.kind, "Ch"));
	assert_bytes(field.value->text, "own");
	assert_int_equal(field.flags, 0);
}

static void
a_signature_field_is_known(void **state)
{
	struct pdf_field field;

	(void)state;
	assert_int_equal(pdf_field_find(&file, "sign", &field), FAIL_NONE);
	assert_true(pdf_field_is_signature(&field));
	assert_int_equal(field.value->ref.num, 20);
	assert_int_equal(pdf_field_find(&file, "here", &field), FAIL_NONE);
	assert_false(pdf_field_is_signature(&field));
	assert_null(field.value);
}

static void
an_unknown_name_is_missing(void **state)
{
	static const char *const names[] = { "sig", "a", "Cứ", "Cứ.c", "SIGN" };
	struct pdf_field field;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(
		    pdf_field_find(&file, names[i], &field), FAIL_MISSING);
}

static void
a_file_without_a_form_has_no_fields(void **state)
{
	static const char *const forms[] = { "", "/AcroForm null",
		"/AcroForm 5 0 R", "/AcroForm<</Fields 7>>", "/AcroForm[1 2]" };

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct small_pdf small;
		struct pdf_file f;
		struct pdf_field_walk walk;
		struct pdf_field field;

		small_init(&small);
		small_page(&small, forms[i], "");
		small_table(&small, "");
		small_open(&small, &f);
		pdf_field_walk_init(&walk, &f);
		assert_false(pdf_field_next(&walk, &field));
		assert_false(pdf_field_next(&walk, &field));
		pdf_file_close(&f);
		small_free(&small);
	}
}

static void
a_long_name_is_cut_and_ended(void **state)
{
	char text[900], title[800];
	struct small_pdf small;
	struct pdf_file f;
	struct pdf_field_walk walk;
	struct pdf_field field;

	(void)state;
	memset(title, 'x', sizeof(title) - 1);
	title[sizeof(title) - 1] = '\0';
	snprintf(text, sizeof(text), "<</FT/Tx/T(%s)>>", title);
	small_init(&small);
	small_page(&small, "/AcroForm<</Fields[10 0 R 10 0 R]>>", "");
	small_object(&small, 10, text);
	small_table(&small, "");
	small_open(&small, &f);
	pdf_field_walk_init(&walk, &f);
	assert_true(pdf_field_next(&walk, &field));
	assert_true(strlen(field.name) < PDF_FIELD_NAME_MAX);
	pdf_file_close(&f);
	small_free(&small);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_form, close_form)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(terminal_fields_come_in_order_by_full_name),
		ROW(kind_value_and_flags_are_inherited),
		ROW(a_signature_field_is_known),
		ROW(an_unknown_name_is_missing),
		cmocka_unit_test(a_file_without_a_form_has_no_fields),
		cmocka_unit_test(a_long_name_is_cut_and_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "document/pdf_signers.h"

#include "tests/unit/document/small_pdf.h"

/* A form of the given fields; objects 10 to 12 are what they show. */
static void
make(struct small_pdf *s, const char *fields)
{
	char form[256];

	snprintf(form, sizeof(form), "/AcroForm<</Fields[%s]>>", fields);
	small_init(s);
	small_page(s, form, "");
	small_object(s, 10, "<</Type/Sig/ByteRange[0 9 20 80]>>");
	small_object(s, 11, "<</Type/Sig/ByteRange[0 9 30 -1]>>");
	small_object(s, 12, "<</Type/Sig/ByteRange[0 9 300 200]>>");
	small_object(s, 20, "<</FT/Sig/T(a)/V 10 0 R>>");
	small_object(s, 21, "<</FT/Sig/T(b)/V 12 0 R/Kids[30 0 R 31 0 R]>>");
	small_object(s, 22, "<</FT/Sig/T(c)/V 11 0 R>>");
	small_object(s, 23, "<</FT/Sig/T(d)/V 12 0 R>>");
	small_object(s, 24, "<</FT/Tx/T(e)/V 12 0 R>>");
	small_object(s, 25, "<</FT/Sig/T(f)>>");
	small_object(s, 30, "<</Subtype/Widget>>");
	small_object(s, 31, "<</Subtype/Widget>>");
	small_table(s, "");
}

static void
fields_and_their_widgets_sign_to_an_end(void **state)
{
	struct small_pdf s;
	struct pdf_file file;
	const struct pdf_signers *signers;

	(void)state;
	make(&s, "24 0 R 25 0 R 22 0 R 21 0 R 20 0 R");
	small_open(&s, &file);
	signers = pdf_signers(&file);
	assert_non_null(signers);
	assert_false(signers->unclear);
	assert_int_equal(signers->count, 4);
	assert_int_equal(pdf_signers_end(signers, 20), 100);
	assert_int_equal(pdf_signers_end(signers, 21), 500);
	assert_int_equal(pdf_signers_end(signers, 30), 500);
	assert_int_equal(pdf_signers_end(signers, 31), 500);
	for (uint32_t num = 22; num < 30; num++)
		assert_int_equal(pdf_signers_end(signers, num), 0);
	assert_int_equal(pdf_signers_end(signers, 0), 0);
	assert_int_equal(pdf_signers_end(signers, 32), 0);
	/* Found once. */
	assert_ptr_equal(pdf_signers(&file), signers);
	pdf_file_close(&file);
	assert_null(file.signers);
	small_free(&s);
}

static void
a_value_of_two_fields_is_unclear(void **state)
{
	struct small_pdf s;
	struct pdf_file file;

	(void)state;
	make(&s, "21 0 R 20 0 R 23 0 R");
	small_open(&s, &file);
	assert_true(pdf_signers(&file)->unclear);
	pdf_file_close(&file);
	small_free(&s);
	make(&s, "");
	small_open(&s, &file);
	assert_false(pdf_signers(&file)->unclear);
	assert_int_equal(pdf_signers(&file)->count, 0);
	pdf_file_close(&file);
	small_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_and_their_widgets_sign_to_an_end),
		cmocka_unit_test(a_value_of_two_fields_is_unclear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

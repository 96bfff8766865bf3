#include "document/pdf_changes.h"

#include "tests/unit/document/small_pdf.h"

/* An object of the update, by number. */
struct change {
	unsigned num; /* 0: none */
	const char *value;
};

#define SIG_WIDGET                                     \
	"<</Type/Annot/Subtype/Widget/FT/Sig/T(later)" \
	"/Rect[1 2 30 40]/P 3 0 R"
#define SECOND_WIDGET                                   \
	"<</Type/Annot/Subtype/Widget/FT/Sig/T(second)" \
	"/Rect[1 2 30 40]/P 3 0 R"
#define TEXT_WIDGET                                  \
	"<</Type/Annot/Subtype/Widget/FT/Tx/T(text)" \
	"/Rect[1 2 30 40]/P 3 0 R"
#define FILLED_WIDGET                                  \
	"<</Type/Annot/Subtype/Widget/FT/Tx/T(number)" \
	"/Rect[1 2 30 40]/P 3 0 R"
#define CATALOG "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R"
#define PAGE                                              \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]" \
	"/Contents 4 0 R/Annots 9 0 R/Resources 12 0 R"
#define PAGES "<</Type/Pages/Kids[3 0 R]/Count 1>>"
#define FORM \
	"<</SigFlags 3/Fields[6 0 R 7 0 R 8 0 R 10 0 R 17 0 R 18 0 R 22 0 R"
#define SIGNED                                                   \
	"<</Type/Annot/Subtype/Widget/FT/Sig/T(signed)/V 11 0 R" \
	"/Rect[50 2 90 40]/AP"
#define RESOURCES "<</XObject<</P 13 0 R/Late 40 0 R/Top 14 0 R>>"

static const struct change old_objects[] = {
	{ 1, CATALOG ">>" },
	{ 2, PAGES },
	{ 3, PAGE ">>" },
	{ 4, "<</Length 2>>stream\nq \nendstream" },
	{ 5, FORM "]>>" },
	{ 6, SIG_WIDGET ">>" },
	{ 7, TEXT_WIDGET ">>" },
	{ 8, FILLED_WIDGET "/V(12)>>" },
	{ 9, "[6 0 R 7 0 R 8 0 R 10 0 R]" },
	{ 10, SIGNED "<</N 13 0 R>>>>" },
	{ 11, "<</Type/Sig/Contents<00>>>" },
	{ 12, RESOURCES ">>" },
	{ 13, "<</Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\nn\nendstream" },
	{ 14, "<</Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\nf\nendstream" },
	{ 15, "(mine)" },
	{ 16, "<</N 13 0 R>>" },
	{ 17, "<</FT/Sig/T(alone)/AP 16 0 R>>" },
	{ 18, "<</FT/Sig/T(shared)/AP 19 0 R>>" },
	{ 19, "<</N 13 0 R>>" },
	{ 20, "[19 0 R]" },
	{ 22, "<</Type/Annot/Subtype/Widget/T(kid)/Parent 23 0 R>>" },
	{ 23, "<</FT/Tx/T(up)>>" },
};

/* What the trailer names besides; 41 is nowhere. */
#define TRAILER "/Mine[15 0 R 41 0 R 20 0 R]"

#define NEW_SIGNATURE                                                    \
	{                                                                \
		30, "<</Type/Sig/ByteRange[0 9 99 99999]/Contents<00>>>" \
	}

static const struct row {
	const char *name;
	enum pdf_changes want;
	struct change changes[5];
} rows[] = {
	{ "an update that changes nothing", CHANGES_NONE, { { 2, PAGES } } },
	{ "numbers written in another way", CHANGES_NONE,
	    { { 3, PAGE "  >> % same" } } },
	{ "entries in another order", CHANGES_NONE,
	    { { 2, "<</Count 1/Kids [ 3 0 R ] /Type /Pages>>" } } },
	{ "a new object that nothing leads to", CHANGES_NONE,
	    { { 30, "(x)" } } },
	{ "validation data", CHANGES_EVIDENCE,
	    { { 1, CATALOG "/DSS<</Certs[30 0 R]>>>>" }, { 30, "(x)" } } },
	{ "the version and its extensions", CHANGES_EVIDENCE,
	    { { 1, CATALOG "/Version/2.0/Extensions<</ESIC<<>>>>>>" } } },
	{ "the mark of iText in the page tree", CHANGES_EVIDENCE,
	    { { 2, "<</Type/Pages/Kids[3 0 R]/Count 1/ITXT(5.5.5)>>" } } },
	{ "an empty signature field signed", CHANGES_SIGNED,
	    { { 6, SIG_WIDGET "/V 30 0 R/AP<</N 13 0 R>>>>" },
		NEW_SIGNATURE } },
	{ "a second signature field added and signed", CHANGES_SIGNED,
	    { { 5, FORM " 31 0 R]>>" },
		{ 9, "[6 0 R 7 0 R 8 0 R 10 0 R 31 0 R]" },
		{ 31, SECOND_WIDGET "/V 30 0 R>>" }, NEW_SIGNATURE } },
	{ "one under a name that is used", CHANGES_UNKNOWN,
	    { { 5, FORM " 31 0 R]>>" },
		{ 9, "[6 0 R 7 0 R 8 0 R 10 0 R 31 0 R]" },
		{ 31, SIG_WIDGET "/V 30 0 R>>" }, NEW_SIGNATURE } },
	{ "a look of its own exchanged for another", CHANGES_SIGNED,
	    { { 17, "<</FT/Sig/T(alone)/V 30 0 R/AP<</N 14 0 R>>>>" },
		NEW_SIGNATURE } },
	{ "a look that something else names exchanged", CHANGES_OTHER,
	    { { 18, "<</FT/Sig/T(shared)/V 30 0 R/AP<</N 14 0 R>>>>" },
		NEW_SIGNATURE } },
	{ "a look that the trailer leads to, too, changed", CHANGES_OTHER,
	    { { 18, "<</FT/Sig/T(shared)/V 30 0 R/AP 19 0 R>>" },
		{ 19, "<</N 14 0 R>>" }, NEW_SIGNATURE } },
	{ "signed and read only from then on", CHANGES_SIGNED,
	    { { 6, SIG_WIDGET "/V 30 0 R/Ff 1>>" }, NEW_SIGNATURE } },
	{ "signed and given other flags", CHANGES_OTHER,
	    { { 6, SIG_WIDGET "/V 30 0 R/Ff 3>>" }, NEW_SIGNATURE } },
	{ "a field given a parent that has a value", CHANGES_UNKNOWN,
	    { { 7, TEXT_WIDGET "/Parent 31 0 R/AP<</N 14 0 R>>>>" },
		{ 31, "<</V(x)>>" } } },
	{ "a parent that is in no list given a value", CHANGES_UNKNOWN,
	    { { 23, "<</FT/Tx/T(up)/V(x)>>" } } },
	{ "a parent that is in no list renamed", CHANGES_OTHER,
	    { { 23, "<</FT/Tx/T(down)>>" } } },
	{ "what only the trailer names changed", CHANGES_OTHER,
	    { { 15, "(yours)" } } },
	{ "what the trailer named in vain is there", CHANGES_NONE,
	    { { 41, "(new)" } } },
	{ "an empty text field filled", CHANGES_FORM,
	    { { 7, TEXT_WIDGET "/V(x)/AP<</N 30 0 R>>>>" },
		{ 30,
		    "<</Subtype/Form/BBox[0 0 29 38]/Resources<</Font<</F "
		    "31 0 R>>>>/Length 28>>stream\nBT /F 8 Tf 1 1 Td "
		    "(x) Tj ET\nendstream" },
		{ 31, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>" } } },
	{ "a page tree with a stray byte", CHANGES_OTHER,
	    { { 2, "<</Type/Pages/Kids[3 0 R]/Count 1 \xA0>>" } } },
	{ "a page tree with a key that has no value", CHANGES_OTHER,
	    { { 2, "<</Type/Pages/Kids[3 0 R]/Count 1/Odd>>" } } },
	{ "a page tree closed as an array", CHANGES_OTHER,
	    { { 2, "<</Type/Pages/Count 1/Kids[3 0 R>>" } } },
	{ "a word that is no value", CHANGES_OTHER,
	    { { 2, "<</Type/Pages/Kids[3 0 R]/Count 1/Odd nul>>" } } },
	{ "a catalogue that does not end", CHANGES_OTHER,
	    { { 1, CATALOG ">" } } },
	{ "the content replaced", CHANGES_OTHER,
	    { { 4, "<</Length 2>>stream\nQ \nendstream" } } },
	{ "the content pointed elsewhere", CHANGES_OTHER,
	    { { 3,
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
		"/Contents 13 0 R/Annots 9 0 R/Resources 12 0 R>>" } } },
	{ "a page added", CHANGES_OTHER,
	    { { 2, "<</Type/Pages/Kids[3 0 R 30 0 R]/Count 2>>" },
		{ 30, PAGE ">>" } } },
	{ "a page removed", CHANGES_OTHER,
	    { { 2, "<</Type/Pages/Kids[]/Count 0>>" } } },
	{ "a page turned", CHANGES_OTHER, { { 3, PAGE "/Rotate 90>>" } } },
	{ "an annotation added", CHANGES_OTHER,
	    { { 9, "[6 0 R 7 0 R 8 0 R 10 0 R 30 0 R]" },
		{ 30, "<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]>>" } } },
	{ "an annotation removed", CHANGES_OTHER, { { 9, "[6 0 R 7 0 R]" } } },
	{ "a text field added", CHANGES_OTHER,
	    { { 5, FORM " 30 0 R]>>" }, { 30, "<</FT/Tx/T(x)>>" } } },
	{ "a field's place moved", CHANGES_OTHER,
	    { { 7,
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(text)"
		"/Rect[9 9 99 99]/P 3 0 R>>" } } },
	{ "an action added", CHANGES_OTHER,
	    { { 1, CATALOG "/OpenAction[3 0 R/Fit]>>" } } },
	{ "shadow hide: an overlay emptied", CHANGES_OTHER,
	    { { 14,
		"<</Subtype/Form/BBox[0 0 9 9]/Length "
		"0>>stream\n\nendstream" } } },
	{ "shadow replace: a dangling reference defined later", CHANGES_OTHER,
	    { { 40,
		"<</Subtype/Form/BBox[0 0 9 9]/Length "
		"1>>stream\nf\nendstream" } } },
	{ "shadow hide-and-replace: another page tree", CHANGES_OTHER,
	    { { 1, "<</Type/Catalog/Pages 30 0 R/AcroForm 5 0 R>>" },
		{ 30, "<</Type/Pages/Kids[31 0 R]/Count 1>>" },
		{ 31, "<</Type/Page/Parent 30 0 R/Contents 13 0 R>>" } } },
	{ "a signature that was there changed", CHANGES_OTHER,
	    { { 11, "<</Type/Sig/Contents<01>>>" } } },
	{ "the look of a signature changed", CHANGES_OTHER,
	    { { 10, SIGNED "<</N 14 0 R>>>>" } } },
	{ "a form named P replaced", CHANGES_OTHER,
	    { { 12, "<</XObject<</P 14 0 R/Late 40 0 R/Top 14 0 R>>>>" } } },
	{ "a page given another parent", CHANGES_OTHER,
	    { { 3,
		  "<</Type/Page/Parent 30 0 R/MediaBox[0 0 595 842]"
		  "/Contents 4 0 R/Annots 9 0 R/Resources 12 0 R>>" },
		{ 30, "<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 90>>" } } },
	{ "a reference of another generation", CHANGES_OTHER,
	    { { 2, "<</Type/Pages/Kids[3 9 R]/Count 1>>" } } },
	{ "a signature field added but not signed", CHANGES_OTHER,
	    { { 5, FORM " 31 0 R]>>" },
		{ 9, "[6 0 R 7 0 R 8 0 R 10 0 R 31 0 R]" },
		{ 31, SIG_WIDGET "/AP<</N 14 0 R>>>>" } } },
	{ "an empty signature field given a look only", CHANGES_OTHER,
	    { { 6, SIG_WIDGET "/AP<</N 14 0 R>>>>" } } },
	{ "a filled field changed", CHANGES_OTHER,
	    { { 8, FILLED_WIDGET "/V(99)>>" } } },
	{ "a filled field emptied", CHANGES_OTHER,
	    { { 8, FILLED_WIDGET ">>" } } },
};

static void
judge(const struct row *row)
{
	struct small_pdf s;
	struct pdf_file old, new;
	struct note note = { 0 };
	size_t end;

	small_init(&s);
	for (size_t i = 0; i < sizeof(old_objects) / sizeof(old_objects[0]);
	     i++)
		small_object(&s, old_objects[i].num, old_objects[i].value);
	small_table(&s, TRAILER);
	end = s.out.len;
	for (size_t i = 0; i < 5 && row->changes[i].num; i++)
		small_object(&s, row->changes[i].num, row->changes[i].value);
	small_table(&s, "");
	small_open(&s, &new);
	assert_int_equal(
	    pdf_file_open(&old, bytes_part(buf_view(&s.out), 0, end)),
	    FAIL_NONE);
	assert_int_equal(
	    pdf_changes_judge(&old, &new, STAGE_SIGNED, NULL, &note),
	    row->want);
	if (row->want > CHANGES_NONE)
		assert_true(note.text[0]);
	/* What both read from one place is stepped over: nothing else is. */
	pdf_file_close(&old);
	assert_int_equal(pdf_file_open_older(&old, &new, end), FAIL_NONE);
	assert_int_equal(
	    pdf_changes_judge(&old, &new, STAGE_SIGNED, NULL, &note),
	    row->want);
	pdf_file_close(&old);
	pdf_file_close(&new);
	small_free(&s);
}

static void
row_is_judged(void **state)
{
	judge(*state);
}

/* Is filling the field "text" allowed, with these parameters of a lock? */
static void
locked_field(void **state)
{
	static const struct {
		const char *lock;
		enum pdf_changes want;
	} locks[] = {
		{ "/Action/All", CHANGES_OTHER },
		{ "/Action/Include/Fields[(text)]", CHANGES_OTHER },
		{ "/Action/Include/Fields[(tex)(texts)(late)]", CHANGES_FORM },
		{ "/Action/Include/Fields[(text.a)]", CHANGES_OTHER },
		{ "/Action/Include/Fields[(a)/text]", CHANGES_OTHER },
		{ "/Action/Include/Fields(a)", CHANGES_OTHER },
		{ "/Action/Include/Fields[<EFBBBF74657874>]", CHANGES_OTHER },
		{ "/Action/Exclude/Fields[(text.a)]", CHANGES_OTHER },
		{ "/Action/Include/Fields[]", CHANGES_FORM },
		{ "/Action/Exclude/Fields[(text)]", CHANGES_FORM },
		{ "/Action/Exclude/Fields[(other)]", CHANGES_OTHER },
		{ "/Action/Other", CHANGES_OTHER },
		{ "", CHANGES_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		struct small_pdf s;
		struct pdf_file old, new;
		struct pdf_object signature;
		struct pdf_locks held;
		struct note note = { 0 };
		char text[256];
		size_t end;

		small_init(&s);
		for (size_t k = 0;
		     k < sizeof(old_objects) / sizeof(old_objects[0]); k++)
			small_object(
			    &s, old_objects[k].num, old_objects[k].value);
		snprintf(text, sizeof(text),
		    "<</Reference[<</TransformMethod/FieldMDP"
		    "/TransformParams<<%s>>>>]>>",
		    locks[i].lock);
		small_object(&s, 21, text);
		small_table(&s, "");
		end = s.out.len;
		small_object(&s, 7, TEXT_WIDGET "/V(x)/AP<</N 33 0 R>>>>");
		small_stream(&s, 33,
		    "/Subtype/Form/BBox[0 0 29 38]/Resources<</Font<</F<<"
		    "/Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>",
		    "BT /F 12 Tf 2 9 Td (x) Tj ET");
		small_table(&s, "");
		small_open(&s, &new);
		assert_int_equal(pdf_file_open_older(&old, &new, end), 0);
		assert_int_equal(pdf_object_read(&new, 21, &signature), 0);
		pdf_locks_read(&new, signature.value, &held);
		assert_int_equal(held.count, 1);
		assert_int_equal(
		    pdf_changes_judge(&old, &new, STAGE_SIGNED, &held, &note),
		    locks[i].want);
		pdf_file_close(&old);
		pdf_file_close(&new);
		small_free(&s);
	}
}

static void
a_file_is_the_same_as_itself(void **state)
{
	struct small_pdf s;
	struct pdf_file a, b;
	struct note note = { 0 };

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_table(&s, "");
	small_open(&s, &a);
	small_open(&s, &b);
	assert_int_equal(
	    pdf_changes_judge(&a, &b, STAGE_SIGNED, NULL, &note), CHANGES_NONE);
	pdf_file_close(&a);
	pdf_file_close(&b);
	small_free(&s);
}

static void
a_repaired_file_cannot_be_compared(void **state)
{
	struct small_pdf s;
	struct pdf_file a, b;
	struct note note = { 0 };

	(void)state;
	small_init(&s);
	small_page(&s, "", "");
	small_open(&s, &a);
	small_table(&s, "");
	small_open(&s, &b);
	assert_int_equal(pdf_changes_judge(&a, &b, STAGE_SIGNED, NULL, &note),
	    CHANGES_UNKNOWN);
	pdf_file_close(&b);
	pdf_file_close(&a);
	small_free(&s);
}

#define ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
	struct CMUnitTest tests[ROWS + 3] = {
		cmocka_unit_test(locked_field),
		cmocka_unit_test(a_file_is_the_same_as_itself),
		cmocka_unit_test(a_repaired_file_cannot_be_compared),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[i + 3] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = row_is_judged,
			.initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

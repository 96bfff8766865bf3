#include "document/pdf_listed.h"

#include "tests/unit/document/small_pdf.h"

#define UPDATES 6u

/* A file of updates; of the given ones (bits) each brings an object that no
 * section lists, or (late) that only the next one lists.  Where they begin. */
static size_t
make(struct small_pdf *s, unsigned unlisted, unsigned late)
{
	size_t begin;

	small_init(s);
	small_page(s, "", "");
	small_table(s, "");
	begin = s->out.len;
	for (unsigned i = 0; i < UPDATES; i++) {
		size_t hidden = 0;

		small_object(s, 10 + i, "(x)");
		if ((unlisted | late) >> i & 1) {
			small_object(s, 30 + i, "(hidden)");
			hidden = s->at[30 + i];
			s->at[30 + i] = 0;
		}
		small_table(s, "");
		if (late >> i & 1)
			s->at[30 + i] = hidden;
	}
	small_table(s, "");
	return begin;
}

/* Asked from the end to the beginning, each answer is what a file gives that
 * was never asked before. */
static void
answers_do_not_depend_on_those_before(void **state)
{
	(void)state;
	for (unsigned unlisted = 0; unlisted < 1u << UPDATES; unlisted += 5) {
		unsigned late = (unlisted * 7) & ((1u << UPDATES) - 1);
		struct small_pdf s;
		struct pdf_file asked;
		size_t begin = make(&s, unlisted, late);

		small_open(&s, &asked);
		for (size_t from = s.out.len; from-- > 0;) {
			struct pdf_file fresh;
			bool all;

			small_open(&s, &fresh);
			all = pdf_all_listed(&fresh, from);
			assert_int_equal(pdf_all_listed(&asked, from), all);
			pdf_file_close(&fresh);
			if (from == begin)
				assert_int_equal(all, !unlisted);
		}
		/* And back again. */
		for (size_t from = 0; from < s.out.len; from += 7) {
			struct pdf_file fresh;

			small_open(&s, &fresh);
			assert_int_equal(pdf_all_listed(&asked, from),
			    pdf_all_listed(&fresh, from));
			pdf_file_close(&fresh);
		}
		pdf_file_close(&asked);
		small_free(&s);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_do_not_depend_on_those_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

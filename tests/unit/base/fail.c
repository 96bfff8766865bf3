#include "base/fail.h"

#include <stdbool.h>
#include <string.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
well_is_zero(void **state)
{
	(void)state;
	assert_int_equal(FAIL_NONE, 0);
	assert_string_equal(fail_name(FAIL_NONE), "NONE");
	assert_string_equal(fail_name(FAIL_LIMIT), "LIMIT");
}

static void
every_failure_has_its_own_three_texts(void **state)
{
	(void)state;
	for (enum fail f = FAIL_NONE; f < FAIL_COUNT; f++) {
		assert_non_null(fail_name(f));
		assert_non_null(fail_text(f));
		assert_non_null(fail_vietnamese(f));
		assert_true(*fail_name(f) && *fail_text(f));
		for (enum fail g = FAIL_NONE; g < f; g++) {
			assert_string_not_equal(fail_name(f), fail_name(g));
			assert_string_not_equal(fail_text(f), fail_text(g));
			assert_string_not_equal(
			    fail_vietnamese(f), fail_vietnamese(g));
		}
	}
}

static void
names_are_capitals_and_underlines(void **state)
{
	(void)state;
	for (enum fail f = FAIL_NONE; f < FAIL_COUNT; f++)
		assert_int_equal(
		    strspn(fail_name(f), "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"),
		    strlen(fail_name(f)));
}

static void
english_is_ascii_without_a_full_stop(void **state)
{
	(void)state;
	for (enum fail f = FAIL_NONE; f < FAIL_COUNT; f++) {
		const char *text = fail_text(f);

		for (size_t i = 0; text[i]; i++)
			assert_in_range(text[i], 0x20, 0x7E);
		assert_int_not_equal(text[strlen(text) - 1], '.');
	}
}

static void
vietnamese_ends_with_a_full_stop(void **state)
{
	(void)state;
	for (enum fail f = FAIL_NONE; f < FAIL_COUNT; f++) {
		const char *text = fail_vietnamese(f);

		assert_int_equal(text[strlen(text) - 1], '.');
		assert_null(strstr(text, "  "));
	}
}

static void
note_is_filled_and_the_failure_handed_on(void **state)
{
	struct note note = { FAIL_NONE, "" };

	(void)state;
	assert_int_equal(
	    note_set(&note, FAIL_FORMAT, "RFC %d: %s", 5280, "x"), FAIL_FORMAT);
	assert_int_equal(note.fail, FAIL_FORMAT);
	assert_string_equal(note.text, "RFC 5280: x");
}

static void
absent_note_is_allowed(void **state)
{
	(void)state;
	assert_int_equal(note_set(NULL, FAIL_IO, "%s", "x"), FAIL_IO);
}

static void
long_note_is_cut_not_overrun(void **state)
{
	struct {
		struct note note;
		char after;
	} place = { .after = 'x' };
	char big[1000];

	(void)state;
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_int_equal(
	    note_set(&place.note, FAIL_LIMIT, "%s", big), FAIL_LIMIT);
	assert_int_equal(strlen(place.note.text), NOTE_TEXT_MAX - 1);
	assert_int_equal(place.after, 'x');
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_is_zero),
		cmocka_unit_test(every_failure_has_its_own_three_texts),
		cmocka_unit_test(names_are_capitals_and_underlines),
		cmocka_unit_test(english_is_ascii_without_a_full_stop),
		cmocka_unit_test(vietnamese_ends_with_a_full_stop),
		cmocka_unit_test(note_is_filled_and_the_failure_handed_on),
		cmocka_unit_test(absent_note_is_allowed),
		cmocka_unit_test(long_note_is_cut_not_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/effort.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
what_nobody_counts_has_no_end(void **state)
{
	(void)state;
	effort_add(UINT64_MAX - 1);
	effort_add(UINT64_MAX - 1);
	assert_false(effort_is_spent());
}

static void
it_ends_and_begins_anew(void **state)
{
	(void)state;
	effort_add(1);
	assert_true(effort_begin(10));
	effort_add(EFFORT_LEAST + 10 * EFFORT_BYTE - 1);
	assert_false(effort_is_spent());
	effort_add(1);
	assert_true(effort_is_spent());
	effort_add(1);
	assert_true(effort_is_spent());
	effort_end(true);
	assert_false(effort_is_spent());
}

static void
one_within_another_is_that_other(void **state)
{
	(void)state;
	assert_true(effort_begin(0));
	effort_add(EFFORT_LEAST - 1);
	assert_false(effort_begin(1000));
	effort_add(1);
	assert_true(effort_is_spent());
	effort_end(false);
	assert_true(effort_is_spent());
	effort_end(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_nobody_counts_has_no_end),
		cmocka_unit_test(it_ends_and_begins_anew),
		cmocka_unit_test(one_within_another_is_that_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

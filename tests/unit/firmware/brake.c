#include "firmware/flow/brake.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#define AN BYTES_TEXT("an")
#define HERE BYTES_TEXT("10.0.0.1")

static struct brake brake;

static int
fresh(void **state)
{
	(void)state;
	brake = (struct brake){ .rows = { { 0 } } };
	return 0;
}

static enum fail
try_times(unsigned times, struct bytes name, struct bytes place, int64_t now)
{
	enum fail f = FAIL_NONE;

	for (unsigned i = 0; i < times && !f; i++)
		f = brake_try(&brake, name, place, now);
	return f;
}

static void
sixth_try_waits_half_a_minute_after_the_fifth(void **state)
{
	(void)state;
	assert_int_equal(try_times(5, AN, HERE, 1000), FAIL_NONE);
	assert_int_equal(brake_try(&brake, AN, HERE, 1001), FAIL_WAIT);
	/* A refused try does not make the wait longer. */
	assert_int_equal(brake_try(&brake, AN, HERE, 30999), FAIL_WAIT);
	assert_int_equal(brake_try(&brake, AN, HERE, 31000), FAIL_NONE);
}

static void
others_are_not_held_up(void **state)
{
	(void)state;
	assert_int_equal(try_times(6, AN, HERE, 0), FAIL_WAIT);
	assert_int_equal(
	    brake_try(&brake, BYTES_TEXT("binh"), HERE, 0), FAIL_NONE);
	assert_int_equal(
	    brake_try(&brake, AN, BYTES_TEXT("10.0.0.2"), 0), FAIL_NONE);
}

static void
right_password_clears_the_account(void **state)
{
	(void)state;
	for (int i = 0; i < 7; i++) {
		assert_int_equal(try_times(4, AN, HERE, 0), FAIL_NONE);
		brake_clear(&brake, AN, HERE);
	}
}

static void
account_tried_from_many_places_waits_everywhere(void **state)
{
	char place[16];

	(void)state;
	for (unsigned i = 0; i < BRAKE_TRIES_NAME; i++) {
		snprintf(place, sizeof(place), "10.0.1.%u", i);
		assert_int_equal(
		    brake_try(&brake, AN, BYTES_TEXT(place), 0), FAIL_NONE);
	}
	assert_int_equal(brake_try(&brake, AN, HERE, 0), FAIL_WAIT);
}

static void
place_that_tries_many_accounts_waits_with_all(void **state)
{
	char name[16];

	(void)state;
	for (unsigned i = 0; i < BRAKE_TRIES_PLACE; i++) {
		snprintf(name, sizeof(name), "nv%u", i);
		assert_int_equal(
		    brake_try(&brake, BYTES_TEXT(name), HERE, 0), FAIL_NONE);
		/* One account of the attacker's own buys no more tries. */
		if (i + 1 < BRAKE_TRIES_PLACE) {
			assert_int_equal(
			    brake_try(&brake, BYTES_TEXT("binh"), HERE, 0),
			    FAIL_NONE);
			brake_clear(&brake, BYTES_TEXT("binh"), HERE);
		}
	}
	assert_int_equal(brake_try(&brake, AN, HERE, 0), FAIL_WAIT);
}

static void
office_that_logs_in_all_at_once_is_not_held_up(void **state)
{
	char name[16];

	(void)state;
	for (unsigned i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "nv%u", i);
		assert_int_equal(
		    brake_try(&brake, BYTES_TEXT(name), HERE, 0), FAIL_NONE);
		brake_clear(&brake, BYTES_TEXT(name), HERE);
	}
}

static void
flood_of_names_does_not_free_a_place_that_waits(void **state)
{
	struct bytes there = BYTES_TEXT("10.0.0.9");
	char name[16];

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "x%u", i);
		(void)!brake_try(&brake, BYTES_TEXT(name), there, (int64_t)i);
	}
	assert_int_equal(brake_try(&brake, AN, there, 5000), FAIL_WAIT);
}

int
main(void)
{
#define ROW(f) cmocka_unit_test_setup(f, fresh)
	static const struct CMUnitTest tests[] = {
		ROW(sixth_try_waits_half_a_minute_after_the_fifth),
		ROW(others_are_not_held_up),
		ROW(right_password_clears_the_account),
		ROW(account_tried_from_many_places_waits_everywhere),
		ROW(place_that_tries_many_accounts_waits_with_all),
		ROW(office_that_logs_in_all_at_once_is_not_held_up),
		ROW(flood_of_names_does_not_free_a_place_that_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

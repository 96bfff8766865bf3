#include "storage/renewal.h"

#include "tests/unit/storage/store_test.h"

#define DAY 86400

static void
due_is_a_horizon_before_the_end_but_not_too_soon(void **state)
{
	static const struct {
		int64_t now, until, horizon, due;
	} rows[] = {
		{ 0, 1000 * DAY, 365 * DAY, 635 * DAY },
		/* The end is nearer than the horizon: half of what is left. */
		{ 100 * DAY, 300 * DAY, 365 * DAY, 200 * DAY },
		{ 0, 730 * DAY, 365 * DAY, 365 * DAY },
		{ 0, 700 * DAY, 365 * DAY, 350 * DAY },
		/* It has ended already: now. */
		{ 500 * DAY, 400 * DAY, 365 * DAY, 500 * DAY },
		{ 500 * DAY, 0, 1, 500 * DAY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    renewal_due(rows[i].now, rows[i].until, rows[i].horizon),
		    rows[i].due);
}

static void
lines_come_in_order_of_their_day(void **state)
{
	static const struct renewal lines[] = { { 300, 1, 9 }, { 20, 7, 8 },
		{ 20, 3, 7 }, { 4000000000, 2, 6 } };
	static const uint64_t order[] = { 3, 7, 1, 2 };
	struct renewal at = { 0 }, got;
	struct place *p = *state;
	uint64_t count;

	assert_int_equal(renewal_next(p->txn, &at, &got), FAIL_MISSING);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(renewal_put(p->txn, &lines[i]), FAIL_NONE);
	assert_int_equal(renewal_count(p->txn, &count), FAIL_NONE);
	assert_int_equal(count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(renewal_next(p->txn, &at, &got), FAIL_NONE);
		assert_int_equal(got.record, order[i]);
		at = got;
		at.record++;
	}
	assert_int_equal(renewal_next(p->txn, &at, &got), FAIL_MISSING);
	assert_int_equal(renewal_delete(p->txn, &lines[2]), FAIL_NONE);
	assert_int_equal(renewal_delete(p->txn, &lines[2]), FAIL_MISSING);
	at = (struct renewal){ 0 };
	assert_int_equal(renewal_next(p->txn, &at, &got), FAIL_NONE);
	assert_true(got.record == 7 && got.due == 20 && got.until == 8);
}

static void
line_of_another_version_is_told(void **state)
{
	static const uint8_t key[16], value[9] = { 2 };
	struct renewal at = { 0 }, got;
	struct place *p = *state;

	assert_int_equal(table_put(p->txn, TABLE_RENEWALS, BYTES_ARRAY(key),
			     BYTES_ARRAY(value)),
	    FAIL_NONE);
	assert_int_equal(renewal_next(p->txn, &at, &got), FAIL_CORRUPT);
	/* But it holds up no other. */
	assert_int_equal(
	    renewal_put(p->txn, &(struct renewal){ 5, 6, 7 }), FAIL_NONE);
	assert_int_equal(renewal_next(p->txn, &at, &got), FAIL_NONE);
	assert_int_equal(got.record, 6);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    due_is_a_horizon_before_the_end_but_not_too_soon),
		ROW(lines_come_in_order_of_their_day),
		ROW(line_of_another_version_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

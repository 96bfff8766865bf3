#include "storage/raising.h"

#include "tests/unit/storage/store_test.h"

static void
line_is_read_back_changed_and_deleted(void **state)
{
	struct place *p = *state;
	struct raising line = {
		.record = 7, .next = 50, .tries = 2, .fail = 3
	};
	struct raising got;
	uint64_t count;

	assert_int_equal(raising_get(p->txn, 7, &got), FAIL_MISSING);
	assert_int_equal(raising_put(p->txn, &line), FAIL_NONE);
	assert_int_equal(raising_get(p->txn, 7, &got), FAIL_NONE);
	assert_true(got.record == 7 && got.next == 50);
	assert_true(got.tries == 2 && got.fail == 3);
	line.tries = 3;
	assert_int_equal(raising_put(p->txn, &line), FAIL_NONE);
	assert_int_equal(raising_count(p->txn, &count), FAIL_NONE);
	assert_int_equal(count, 1);
	assert_int_equal(raising_delete(p->txn, 7), FAIL_NONE);
	assert_int_equal(raising_delete(p->txn, 7), FAIL_MISSING);
	assert_int_equal(raising_count(p->txn, &count), FAIL_NONE);
	assert_int_equal(count, 0);
}

static void
those_that_were_not_tried_are_counted_by_themselves(void **state)
{
	struct place *p = *state;
	uint64_t count;

	for (uint64_t i = 1; i <= 5; i++)
		assert_int_equal(raising_put(p->txn,
				     &(struct raising){ .record = i,
					 .tries = (uint16_t)(i % 2) }),
		    FAIL_NONE);
	assert_int_equal(raising_count(p->txn, &count), FAIL_NONE);
	assert_int_equal(count, 5);
	assert_int_equal(raising_count_fresh(p->txn, &count), FAIL_NONE);
	assert_int_equal(count, 2);
}

static void
longest_waiting_comes_first(void **state)
{
	static const struct raising lines[] = {
		{ .record = 300, .next = 10 },
		{ .record = 2, .next = 100 },
		{ .record = 70, .next = 20 },
	};
	struct place *p = *state;
	struct raising got;

	assert_int_equal(raising_due(p->txn, 1000, &got), FAIL_MISSING);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(raising_put(p->txn, &lines[i]), FAIL_NONE);
	assert_int_equal(raising_due(p->txn, 1000, &got), FAIL_NONE);
	assert_true(got.record == 300);
	/* Tried and put off: the others are next. */
	got.next = 1000;
	assert_int_equal(raising_put(p->txn, &got), FAIL_NONE);
	assert_int_equal(raising_due(p->txn, 1000, &got), FAIL_NONE);
	assert_true(got.record == 70);
	assert_int_equal(raising_due(p->txn, 20, &got), FAIL_NONE);
	assert_true(got.record == 70);
	assert_int_equal(raising_due(p->txn, 19, &got), FAIL_MISSING);
}

static void
a_clock_that_stood_wrong_strands_nothing(void **state)
{
	struct raising line = { .record = 1, .next = 1000000 }, got;
	struct place *p = *state;

	assert_int_equal(raising_put(p->txn, &line), FAIL_NONE);
	assert_int_equal(
	    raising_due(p->txn, 1000000 - RAISING_AHEAD, &got), FAIL_MISSING);
	assert_int_equal(
	    raising_due(p->txn, 999999 - RAISING_AHEAD, &got), FAIL_NONE);
	assert_true(got.record == 1);
}

static void
foreign_bytes_are_corruption(void **state)
{
	static const uint8_t odd[] = { 9, 0, 0 };
	static const struct raising sound = { .record = 9 };
	struct place *p = *state;
	struct raising got;
	uint8_t key[8];

	key_u64(key, 5);
	assert_int_equal(table_put(p->txn, TABLE_RAISING, BYTES_ARRAY(key),
			     BYTES_ARRAY(odd)),
	    FAIL_NONE);
	assert_int_equal(raising_get(p->txn, 5, &got), FAIL_CORRUPT);
	/* It is told when nothing else is due, and holds up nobody. */
	assert_int_equal(raising_due(p->txn, 1, &got), FAIL_CORRUPT);
	assert_int_equal(raising_put(p->txn, &sound), FAIL_NONE);
	assert_int_equal(raising_due(p->txn, 1, &got), FAIL_NONE);
	assert_true(got.record == 9);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, place_open, place_close)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(line_is_read_back_changed_and_deleted),
		ROW(those_that_were_not_tried_are_counted_by_themselves),
		ROW(longest_waiting_comes_first),
		ROW(a_clock_that_stood_wrong_strands_nothing),
		ROW(foreign_bytes_are_corruption),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

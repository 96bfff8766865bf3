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
oldest_that_is_due_comes_first(void **state)
{
	static const struct raising lines[] = {
		{ .record = 300, .next = 10 },
		{ .record = 2, .next = 100 },
		{ .record = 70, .next = 20 },
	};
	struct place *p = *state;
	struct raising got;
	int64_t next;

	assert_int_equal(raising_due(p->txn, 1000, &got, &next), FAIL_MISSING);
	assert_true(next == INT64_MAX);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(raising_put(p->txn, &lines[i]), FAIL_NONE);
	assert_int_equal(raising_due(p->txn, 1000, &got, &next), FAIL_NONE);
	assert_true(got.record == 2);
	assert_int_equal(raising_due(p->txn, 50, &got, &next), FAIL_NONE);
	assert_true(got.record == 70);
	assert_int_equal(raising_due(p->txn, 10, &got, &next), FAIL_NONE);
	assert_true(got.record == 300);
	assert_int_equal(raising_due(p->txn, 9, &got, &next), FAIL_MISSING);
	assert_true(next == 10);
}

static void
foreign_bytes_are_corruption(void **state)
{
	static const uint8_t odd[] = { 9, 0, 0 };
	struct place *p = *state;
	struct raising got;
	uint8_t key[8];

	key_u64(key, 5);
	assert_int_equal(table_put(p->txn, TABLE_RAISING, BYTES_ARRAY(key),
			     BYTES_ARRAY(odd)),
	    FAIL_NONE);
	assert_int_equal(raising_get(p->txn, 5, &got), FAIL_CORRUPT);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, place_open, place_close)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(line_is_read_back_changed_and_deleted),
		ROW(oldest_that_is_due_comes_first),
		ROW(foreign_bytes_are_corruption),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

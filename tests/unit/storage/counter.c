#include "storage/counter.h"

#include "tests/unit/storage/store_test.h"

static uint32_t
take(struct txn *txn, uint16_t book, uint16_t year)
{
	uint32_t number = 0;

	assert_int_equal(counter_take(txn, book, year, &number), FAIL_NONE);
	return number;
}

static void
first_number_is_one_and_the_next_follow(void **state)
{
	struct place *p = *state;

	for (uint32_t n = 1; n <= 300; n++)
		assert_int_equal(take(p->txn, 1, 2021), n);
}

static void
each_book_and_year_has_its_own_run(void **state)
{
	struct place *p = *state;

	assert_int_equal(take(p->txn, 1, 2020), 1);
	assert_int_equal(take(p->txn, 1, 2020), 2);
	assert_int_equal(take(p->txn, 1, 2021), 1);
	assert_int_equal(take(p->txn, 2, 2020), 1);
	/* Keys of equal digits: book 258 of year 1, book 1 of year 258. */
	assert_int_equal(take(p->txn, 258, 1), 1);
	assert_int_equal(take(p->txn, 1, 258), 1);
	assert_int_equal(take(p->txn, 1, 2020), 3);
}

static void
number_is_not_lost_when_its_transaction_is_aborted(void **state)
{
	struct place *p = *state;

	assert_int_equal(take(p->txn, 1, 2021), 1);
	place_commit(p);
	place_txn(p);
	assert_int_equal(take(p->txn, 1, 2021), 2);
	txn_abort(p->txn);
	place_txn(p);
	assert_int_equal(take(p->txn, 1, 2021), 2);
}

static void
number_is_not_lost_when_a_child_is_aborted(void **state)
{
	struct place *p = *state;
	struct txn *child;

	assert_int_equal(txn_begin(p->store, true, p->txn, &child), FAIL_NONE);
	assert_int_equal(take(child, 1, 2021), 1);
	txn_abort(child);
	assert_int_equal(take(p->txn, 1, 2021), 1);
}

static void
run_goes_on_after_a_restart(void **state)
{
	struct place *p = *state;

	take(p->txn, 1, 2021);
	place_commit(p);
	place_restart(p);
	assert_int_equal(take(p->txn, 1, 2021), 2);
}

static void
peek_gives_what_take_would_and_takes_nothing(void **state)
{
	struct place *p = *state;
	uint32_t number;

	for (uint32_t n = 1; n < 4; n++) {
		for (int i = 0; i < 2; i++) {
			number = 0;
			assert_int_equal(
			    counter_peek(p->txn, 1, 2021, &number), FAIL_NONE);
			assert_int_equal(number, n);
		}
		assert_int_equal(take(p->txn, 1, 2021), n);
	}
}

static void
inner_numbers_run_apart_from_registers_and_each_other(void **state)
{
	struct place *p = *state;
	uint64_t id;

	for (uint64_t n = 1; n < 4; n++) {
		assert_int_equal(
		    counter_take_id(p->txn, COUNTER_RECORD, &id), FAIL_NONE);
		assert_true(id == n);
	}
	assert_int_equal(
	    counter_take_id(p->txn, COUNTER_PERSON, &id), FAIL_NONE);
	assert_true(id == 1);
	assert_int_equal(take(p->txn, 1, 2021), 1);
}

/* What a stored counter may not be: key 'r', book, year, all big-endian. */
static const uint8_t key[] = { 'r', 0, 1, 0x07, 0xE5 };

static const struct {
	const char *value;
	size_t len;
} broken[] = {
	{ "", 0 }, { "\x02\1\0\0\0\0\0\0\0", 9 }, /* another version */
	{ "\x01\1\0\0\0\0\0\0", 8 },              /* too short */
	{ "\x01\1\0\0\0\0\0\0\0\0", 10 }          /* too long */
};

static void
counter_that_does_not_decode_gives_no_number(void **state)
{
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct bytes value = { (const uint8_t *)broken[i].value,
			broken[i].len };
		uint32_t number = 77;

		assert_int_equal(
		    table_put(p->txn, TABLE_COUNTERS, BYTES_ARRAY(key), value),
		    FAIL_NONE);
		assert_int_equal(
		    counter_take(p->txn, 1, 2021, &number), FAIL_CORRUPT);
		assert_int_equal(
		    counter_peek(p->txn, 1, 2021, &number), FAIL_CORRUPT);
		assert_int_equal(number, 77);
	}
}

static void
number_past_32_bits_is_refused(void **state)
{
	static const uint8_t last[] = { 1, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0 };
	struct place *p = *state;
	uint32_t number = 77;

	assert_int_equal(table_put(p->txn, TABLE_COUNTERS, BYTES_ARRAY(key),
			     BYTES_ARRAY(last)),
	    FAIL_NONE);
	assert_int_equal(counter_take(p->txn, 1, 2021, &number), FAIL_LIMIT);
	assert_int_equal(number, 77);
	assert_int_equal(counter_peek(p->txn, 1, 2021, &number), FAIL_LIMIT);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(first_number_is_one_and_the_next_follow),
		ROW(each_book_and_year_has_its_own_run),
		ROW(number_is_not_lost_when_its_transaction_is_aborted),
		ROW(number_is_not_lost_when_a_child_is_aborted),
		ROW(run_goes_on_after_a_restart),
		ROW(peek_gives_what_take_would_and_takes_nothing),
		ROW(inner_numbers_run_apart_from_registers_and_each_other),
		ROW(counter_that_does_not_decode_gives_no_number),
		ROW(number_past_32_bits_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "storage/registry.h"

#include "storage/record.h"
#include "tests/unit/storage/store_test.h"

/* A document with a number, and its line. */
static void
add(struct txn *txn, uint64_t id, uint16_t year, uint32_t number)
{
	struct record r = { .id = id,
		.state = STATE_WAIT_SEAL,
		.book = 1,
		.year = year,
		.number = number };

	assert_int_equal(record_put(txn, &r), FAIL_NONE);
	assert_int_equal(registry_add(txn, 1, year, number, id), FAIL_NONE);
}

static void
assert_check(struct txn *txn, enum fail want, uint32_t good)
{
	uint32_t count = 77;

	assert_int_equal(registry_check(txn, 1, 2021, &count), want);
	assert_int_equal(count, good);
}

static void
line_is_read_back(void **state)
{
	struct place *p = *state;
	uint64_t id = 0;

	add(p->txn, 500, 2021, 1);
	assert_int_equal(registry_get(p->txn, 1, 2021, 1, &id), FAIL_NONE);
	assert_true(id == 500);
	assert_int_equal(registry_get(p->txn, 1, 2021, 2, &id), FAIL_MISSING);
	assert_int_equal(registry_get(p->txn, 1, 2020, 1, &id), FAIL_MISSING);
	assert_int_equal(registry_get(p->txn, 2, 2021, 1, &id), FAIL_MISSING);
}

static void
taken_number_is_refused_and_stays_with_its_document(void **state)
{
	struct place *p = *state;
	uint64_t id = 0;

	add(p->txn, 5, 2021, 1);
	assert_int_equal(registry_add(p->txn, 1, 2021, 1, 6), FAIL_EXISTS);
	assert_int_equal(registry_add(p->txn, 1, 2021, 1, 5), FAIL_EXISTS);
	assert_int_equal(registry_get(p->txn, 1, 2021, 1, &id), FAIL_NONE);
	assert_true(id == 5);
}

static void
register_without_gap_is_good_and_others_do_not_count(void **state)
{
	struct place *p = *state;

	assert_check(p->txn, FAIL_NONE, 0);
	for (uint32_t n = 1; n <= 300; n++)
		add(p->txn, 1000 - n, 2021, n);
	add(p->txn, 2000, 2020, 1);
	add(p->txn, 2001, 2022, 1);
	add(p->txn, 2002, 2022, 5);
	assert_check(p->txn, FAIL_NONE, 300);
}

static void
gap_is_found(void **state)
{
	struct place *p = *state;

	add(p->txn, 1, 2021, 1);
	add(p->txn, 2, 2021, 2);
	add(p->txn, 4, 2021, 4);
	assert_check(p->txn, FAIL_CORRUPT, 2);
}

static void
register_that_does_not_begin_with_one_is_found(void **state)
{
	struct place *p = *state;

	add(p->txn, 2, 2021, 2);
	assert_check(p->txn, FAIL_CORRUPT, 0);
}

static void
line_whose_document_has_another_number_is_found(void **state)
{
	struct place *p = *state;

	add(p->txn, 1, 2021, 1);
	assert_int_equal(registry_add(p->txn, 1, 2021, 2, 1), FAIL_NONE);
	assert_check(p->txn, FAIL_CORRUPT, 1);
}

static void
line_without_its_document_is_found(void **state)
{
	struct place *p = *state;

	add(p->txn, 1, 2021, 1);
	assert_int_equal(registry_add(p->txn, 1, 2021, 2, 99), FAIL_NONE);
	assert_check(p->txn, FAIL_CORRUPT, 1);
}

static void
line_that_does_not_decode_is_found(void **state)
{
	/* Book 1, 2021, number 1, big-endian. */
	static const uint8_t key[] = { 0, 1, 0x07, 0xE5, 0, 0, 0, 1 };
	struct place *p = *state;
	uint64_t id;

	assert_int_equal(table_put(p->txn, TABLE_REGISTER, BYTES_ARRAY(key),
			     BYTES_TEXT("\1short")),
	    FAIL_NONE);
	assert_int_equal(registry_get(p->txn, 1, 2021, 1, &id), FAIL_CORRUPT);
	assert_check(p->txn, FAIL_CORRUPT, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(line_is_read_back),
		ROW(taken_number_is_refused_and_stays_with_its_document),
		ROW(register_without_gap_is_good_and_others_do_not_count),
		ROW(gap_is_found),
		ROW(register_that_does_not_begin_with_one_is_found),
		ROW(line_whose_document_has_another_number_is_found),
		ROW(line_without_its_document_is_found),
		ROW(line_that_does_not_decode_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

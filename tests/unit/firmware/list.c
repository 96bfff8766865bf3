#include "firmware/flow/list.h"

#include "base/buf.h"
#include "storage/record.h"
#include "tests/unit/storage/store_test.h"

static struct record
sample(uint64_t id)
{
	struct record r = { .id = id,
		.state = STATE_WAIT_SEAL,
		.book = 1,
		.year = 2021,
		.number = (uint32_t)id,
		.date = 20210105,
		.subject = BYTES_TEXT("trích yếu") };

	memset(r.signed_file, (int)id, HASH_LEN);
	return r;
}

static void
put(struct txn *txn, const struct record *r)
{
	assert_int_equal(record_put(txn, r), FAIL_NONE);
}

static void
three(struct place *p)
{
	for (uint64_t id = 1; id <= 3; id++) {
		struct record r = sample(id);

		put(p->txn, &r);
	}
}

static void
hash_of(struct txn *txn, const uint64_t *ids, size_t count, uint8_t *hash)
{
	assert_int_equal(list_hash(txn, ids, count, hash), FAIL_NONE);
}

static const uint64_t ids[] = { 1, 2, 3 };

/* Per document id, book, year, number, date, signed file; little-endian. */
static void
hash_is_over_the_fields_in_the_order_of_the_format(void **state)
{
	struct place *p = *state;
	uint8_t is[HASH_LEN], want[HASH_LEN];
	struct buf all;

	three(p);
	buf_init(&all, 1000);
	for (uint64_t id = 1; id <= 3; id++) {
		struct record r = sample(id);

		buf_u64(&all, id);
		buf_u16(&all, 1);
		buf_u16(&all, 2021);
		buf_u32(&all, r.number);
		buf_u32(&all, 20210105);
		buf_add(&all, r.signed_file, HASH_LEN);
	}
	hash_sha256(buf_view(&all), want);
	hash_of(p->txn, ids, 3, is);
	assert_memory_equal(is, want, HASH_LEN);
	buf_free(&all);
}

static void
order_and_number_of_documents_matter(void **state)
{
	static const uint64_t other[] = { 1, 3, 2 };
	struct place *p = *state;
	uint8_t a[HASH_LEN], b[HASH_LEN];

	three(p);
	hash_of(p->txn, ids, 3, a);
	hash_of(p->txn, other, 3, b);
	assert_memory_not_equal(a, b, HASH_LEN);
	hash_of(p->txn, ids, 2, b);
	assert_memory_not_equal(a, b, HASH_LEN);
}

static void
change_of_number_date_or_file_changes_the_hash(void **state)
{
	struct place *p = *state;
	uint8_t a[HASH_LEN], b[HASH_LEN];

	three(p);
	hash_of(p->txn, ids, 3, a);
	for (int change = 0; change < 5; change++) {
		struct record r = sample(2);

		r.book = (uint16_t)(r.book + (change == 0));
		r.year = (uint16_t)(r.year + (change == 1));
		r.number += change == 2;
		r.date += change == 3;
		r.signed_file[31] ^= change == 4;
		put(p->txn, &r);
		hash_of(p->txn, ids, 3, b);
		assert_memory_not_equal(a, b, HASH_LEN);
	}
}

static void
annexes_are_in_the_hash(void **state)
{
	struct record annex = { .id = 9,
		.main = 2,
		.state = STATE_ANNEX,
		.subject = BYTES_TEXT("phụ lục") };
	struct place *p = *state;
	uint8_t a[HASH_LEN], b[HASH_LEN], c[HASH_LEN];

	three(p);
	hash_of(p->txn, ids, 3, a);
	put(p->txn, &annex);
	hash_of(p->txn, ids, 3, b);
	assert_memory_not_equal(a, b, HASH_LEN);
	annex.draft[5] = 1;
	put(p->txn, &annex);
	hash_of(p->txn, ids, 3, c);
	assert_memory_not_equal(b, c, HASH_LEN);
	annex.state = STATE_ANNEX_REMOVED;
	put(p->txn, &annex);
	hash_of(p->txn, ids, 3, c);
	assert_memory_equal(a, c, HASH_LEN);
}

/* Sealing itself moves a document on; the clerk's list is still the same. */
static void
change_of_state_does_not_change_the_hash(void **state)
{
	struct place *p = *state;
	struct record r = sample(2);
	uint8_t a[HASH_LEN], b[HASH_LEN];

	three(p);
	hash_of(p->txn, ids, 3, a);
	r.state = STATE_SIGNING;
	put(p->txn, &r);
	hash_of(p->txn, ids, 3, b);
	assert_memory_equal(a, b, HASH_LEN);
}

static void
document_that_is_not_there_has_no_list(void **state)
{
	static const uint64_t other[] = { 1, 4 };
	struct place *p = *state;
	uint8_t hash[HASH_LEN];

	three(p);
	assert_int_equal(list_hash(p->txn, other, 2, hash), FAIL_MISSING);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(hash_is_over_the_fields_in_the_order_of_the_format),
		ROW(order_and_number_of_documents_matter),
		ROW(change_of_number_date_or_file_changes_the_hash),
		ROW(annexes_are_in_the_hash),
		ROW(change_of_state_does_not_change_the_hash),
		ROW(document_that_is_not_there_has_no_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

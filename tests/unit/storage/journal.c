#include "storage/journal.h"

#include "tests/unit/storage/store_test.h"

#include "base/buf.h"

static void
add(struct txn *txn, int64_t time, const char *reason)
{
	struct journal_entry e = { .time = time,
		.actor = 7,
		.act = 0x0102,
		.record = 9,
		.from = 3,
		.to = 4,
		.thing = { 0xAB },
		.reason = BYTES_TEXT(reason) };

	assert_int_equal(journal_add(txn, &e), FAIL_NONE);
}

static void
entries_are_numbered_from_one_and_read_back(void **state)
{
	struct place *p = *state;
	struct journal_entry e;
	uint64_t last = 77;

	assert_int_equal(journal_last(p->txn, &last), FAIL_NONE);
	assert_true(last == 0);
	add(p->txn, 1000, "một");
	add(p->txn, -5, "");
	assert_int_equal(journal_last(p->txn, &last), FAIL_NONE);
	assert_true(last == 2);
	assert_int_equal(journal_get(p->txn, 1, &e), FAIL_NONE);
	assert_true(e.number == 1 && e.time == 1000 && e.actor == 7);
	assert_true(e.act == 0x0102 && e.record == 9);
	assert_true(e.from == 3 && e.to == 4 && e.thing[0] == 0xAB);
	assert_true(bytes_equal_text(e.reason, "một"));
	assert_int_equal(journal_get(p->txn, 2, &e), FAIL_NONE);
	assert_true(e.number == 2 && e.time == -5 && !e.reason.len);
	assert_int_equal(journal_get(p->txn, 3, &e), FAIL_MISSING);
}

struct met {
	uint64_t numbers[8];
	size_t count;
};

static enum fail
meet(void *context, const struct journal_entry *e)
{
	struct met *m = context;

	m->numbers[m->count++] = e->number;
	return m->count == 3 ? FAIL_MISSING : FAIL_NONE;
}

static void
entries_about_one_record_are_found_without_the_others(void **state)
{
	static const uint64_t about[] = { 9, 8, 9, 0, 10, 9, 9 };
	struct place *p = *state;
	struct met m = { .count = 0 };

	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++) {
		struct journal_entry e = { .record = about[i] };

		assert_int_equal(journal_add(p->txn, &e), FAIL_NONE);
	}
	assert_int_equal(journal_each(p->txn, 8, meet, &m), FAIL_NONE);
	assert_true(m.count == 1 && m.numbers[0] == 2);
	m.count = 0;
	/* The visitor stops at the third of four. */
	assert_int_equal(journal_each(p->txn, 9, meet, &m), FAIL_NONE);
	assert_true(m.count == 3 && m.numbers[0] == 1 && m.numbers[1] == 3 &&
	    m.numbers[2] == 6);
	m.count = 0;
	assert_int_equal(journal_each(p->txn, 0, meet, &m), FAIL_NONE);
	assert_int_equal(journal_each(p->txn, 11, meet, &m), FAIL_NONE);
	assert_int_equal(m.count, 0);
}

/* Version, link, number, time, actor, act, record, from, to, thing, reason;
 * little-endian, as FORMATS.md has it. */
static void
stored_bytes_are_those_of_the_format(void **state)
{
	struct place *p = *state;
	static const uint8_t key[8] = { 0, 0, 0, 0, 0, 0, 0, 2 };
	uint8_t link[HASH_LEN], thing[HASH_LEN] = { 0xAB };
	struct bytes first, second;
	struct buf want;

	add(p->txn, 1, "");
	add(p->txn, 2, "ok");
	assert_int_equal(
	    table_get(p->txn, TABLE_JOURNAL,
		BYTES_ARRAY(((uint8_t[8]){ 0, 0, 0, 0, 0, 0, 0, 1 })), &first),
	    FAIL_NONE);
	hash_sha256(first, link);
	buf_init(&want, 1000);
	buf_u8(&want, 1);
	buf_add(&want, link, HASH_LEN);
	buf_u64(&want, 2);
	buf_u64(&want, 2);
	buf_u64(&want, 7);
	buf_u16(&want, 0x0102);
	buf_u64(&want, 9);
	buf_u8(&want, 3);
	buf_u8(&want, 4);
	buf_add(&want, thing, HASH_LEN);
	buf_u16(&want, 2);
	buf_text(&want, "ok");
	assert_int_equal(
	    table_get(p->txn, TABLE_JOURNAL, BYTES_ARRAY(key), &second),
	    FAIL_NONE);
	assert_true(bytes_equal(buf_view(&want), second));
	buf_free(&want);
}

static void
reason_may_reach_its_limit_but_not_pass_it(void **state)
{
	struct place *p = *state;
	char reason[JOURNAL_REASON_MAX + 2];
	struct journal_entry e = { .time = 1 };
	uint64_t last;

	memset(reason, 'a', sizeof(reason));
	e.reason = (struct bytes){ (uint8_t *)reason, JOURNAL_REASON_MAX + 1 };
	assert_int_equal(journal_add(p->txn, &e), FAIL_LIMIT);
	e.reason.len--;
	assert_int_equal(journal_add(p->txn, &e), FAIL_NONE);
	assert_int_equal(journal_last(p->txn, &last), FAIL_NONE);
	assert_true(last == 1);
	assert_int_equal(journal_get(p->txn, 1, &e), FAIL_NONE);
	assert_int_equal(e.reason.len, JOURNAL_REASON_MAX);
}

static void
assert_verdict(struct txn *txn, enum fail want, uint64_t good)
{
	uint8_t head[HASH_LEN];
	uint64_t number = 77;

	assert_int_equal(journal_verify(txn, &number, head), want);
	assert_true(number == good);
}

static void
chain_of_many_commits_is_good(void **state)
{
	struct place *p = *state;

	assert_verdict(p->txn, FAIL_NONE, 0);
	for (int i = 0; i < 50; i++) {
		add(p->txn, i, "lý do");
		if (i % 7 == 0) {
			place_commit(p);
			place_txn(p);
		}
	}
	assert_verdict(p->txn, FAIL_NONE, 50);
	place_commit(p);
	place_restart(p);
	add(p->txn, 51, "");
	assert_verdict(p->txn, FAIL_NONE, 51);
}

static void
head_is_the_hash_of_the_last_entry(void **state)
{
	static const uint8_t none[HASH_LEN];
	struct place *p = *state;
	uint8_t head[HASH_LEN], want[HASH_LEN], key[8];
	struct bytes stored;
	uint64_t number;

	assert_int_equal(journal_verify(p->txn, &number, head), FAIL_NONE);
	assert_memory_equal(head, none, HASH_LEN);
	add(p->txn, 1, "");
	add(p->txn, 2, "");
	key_u64(key, 2);
	assert_int_equal(
	    table_get(p->txn, TABLE_JOURNAL, BYTES_ARRAY(key), &stored),
	    FAIL_NONE);
	hash_sha256(stored, want);
	assert_int_equal(journal_verify(p->txn, &number, head), FAIL_NONE);
	assert_memory_equal(head, want, HASH_LEN);
}

/* Put bytes of entry from in the place of entry to, with one byte changed. */
static void
move(struct txn *txn, uint64_t from, uint64_t to, size_t at, uint8_t change)
{
	uint8_t key[8], copy[512];
	struct bytes held;

	key_u64(key, from);
	assert_int_equal(
	    table_get(txn, TABLE_JOURNAL, BYTES_ARRAY(key), &held), FAIL_NONE);
	assert_true(held.len <= sizeof(copy) && at < held.len);
	memcpy(copy, held.data, held.len);
	copy[at] ^= change;
	held = (struct bytes){ copy, held.len };
	key_u64(key, to);
	assert_int_equal(
	    table_put(txn, TABLE_JOURNAL, BYTES_ARRAY(key), held), FAIL_NONE);
}

static void
five(struct txn *txn)
{
	for (int i = 0; i < 5; i++)
		add(txn, i, "lý do");
}

static void
one_altered_byte_anywhere_breaks_the_chain(void **state)
{
	struct place *p = *state;
	size_t len =
	    1 + 32 + 8 + 8 + 8 + 2 + 8 + 1 + 1 + 32 + 2 + strlen("lý do");

	five(p->txn);
	for (size_t at = 0; at < len; at++) {
		uint8_t head[HASH_LEN];
		uint64_t number;

		move(p->txn, 3, 3, at, 1);
		assert_int_equal(
		    journal_verify(p->txn, &number, head), FAIL_CORRUPT);
		/* Either it does not fit itself, or the next not to it. */
		assert_true(number == 2 || number == 3);
		move(p->txn, 3, 3, at, 1);
	}
	assert_verdict(p->txn, FAIL_NONE, 5);
}

static void
removed_entry_breaks_the_chain(void **state)
{
	struct place *p = *state;
	uint8_t key[8];

	five(p->txn);
	key_u64(key, 3);
	assert_int_equal(
	    table_delete(p->txn, TABLE_JOURNAL, BYTES_ARRAY(key)), FAIL_NONE);
	assert_verdict(p->txn, FAIL_CORRUPT, 2);
}

static void
first_entry_removed_breaks_the_chain(void **state)
{
	struct place *p = *state;
	uint8_t key[8];

	five(p->txn);
	key_u64(key, 1);
	assert_int_equal(
	    table_delete(p->txn, TABLE_JOURNAL, BYTES_ARRAY(key)), FAIL_NONE);
	assert_verdict(p->txn, FAIL_CORRUPT, 0);
}

static void
entry_under_another_number_breaks_the_chain(void **state)
{
	struct place *p = *state;

	five(p->txn);
	move(p->txn, 2, 4, 0, 0);
	assert_verdict(p->txn, FAIL_CORRUPT, 3);
}

static void
entry_that_is_aborted_leaves_no_gap(void **state)
{
	struct place *p = *state;
	struct txn *child;

	add(p->txn, 1, "");
	assert_int_equal(txn_begin(p->store, true, p->txn, &child), FAIL_NONE);
	add(child, 2, "");
	txn_abort(child);
	add(p->txn, 3, "");
	assert_verdict(p->txn, FAIL_NONE, 2);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(entries_are_numbered_from_one_and_read_back),
		ROW(entries_about_one_record_are_found_without_the_others),
		ROW(stored_bytes_are_those_of_the_format),
		ROW(reason_may_reach_its_limit_but_not_pass_it),
		ROW(chain_of_many_commits_is_good),
		ROW(head_is_the_hash_of_the_last_entry),
		ROW(one_altered_byte_anywhere_breaks_the_chain),
		ROW(removed_entry_breaks_the_chain),
		ROW(first_entry_removed_breaks_the_chain),
		ROW(entry_under_another_number_breaks_the_chain),
		ROW(entry_that_is_aborted_leaves_no_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "storage/record.h"

#include "tests/unit/storage/store_test.h"

#include "base/buf.h"

static struct record
sample(uint64_t id, enum record_state state)
{
	struct record r = { .id = id,
		.state = (uint8_t)state,
		.kind = 1,
		.urgency = 2,
		.drafter = 3,
		.leader = 4,
		.unit = 5,
		.pages = 6,
		.copies = 7,
		.created = 8,
		.changed = 9,
		.book = 10,
		.year = 2021,
		.number = 106,
		.date = 20210105,
		.subject = BYTES_TEXT("Về việc thử"),
		.stamped = 11,
		.recipients = BYTES_TEXT("Như trên"),
		.symbol = BYTES_TEXT("QĐ-BQL"),
		.source = SOURCE_MAIL,
		.dormant = 14,
		.dated = 20261100,
		.check = { .time = 12, .fail = 13, .verdict = 2 },
		.sender = BYTES_TEXT("Sở Nội vụ"),
		.reason = BYTES_TEXT("sai thể thức") };

	for (size_t i = 0; i < HASH_LEN; i++) {
		r.draft[i] = 0x11;
		r.approved[i] = 0x22;
		r.signed_file[i] = 0x33;
		r.sealed[i] = 0x44;
		r.evidence[i] = 0x55;
		r.raised[i] = 0x66;
		r.check.file[i] = 0x77;
		r.check.report[i] = 0x88;
	}
	return r;
}

static void
put(struct txn *txn, uint64_t id, enum record_state state)
{
	struct record r = sample(id, state);

	assert_int_equal(record_put(txn, &r), FAIL_NONE);
}

static void
assert_same(const struct record *a, const struct record *b)
{
	assert_true(a->id == b->id && a->state == b->state);
	assert_true(a->kind == b->kind && a->urgency == b->urgency);
	assert_true(a->drafter == b->drafter && a->leader == b->leader);
	assert_true(a->unit == b->unit && a->pages == b->pages);
	assert_true(a->copies == b->copies && a->created == b->created);
	assert_true(a->changed == b->changed && a->book == b->book);
	assert_true(a->year == b->year && a->number == b->number);
	assert_true(a->date == b->date && a->stamped == b->stamped);
	assert_memory_equal(a->raised, b->raised, HASH_LEN);
	assert_memory_equal(a->draft, b->draft, HASH_LEN);
	assert_memory_equal(a->approved, b->approved, HASH_LEN);
	assert_memory_equal(a->signed_file, b->signed_file, HASH_LEN);
	assert_memory_equal(a->sealed, b->sealed, HASH_LEN);
	assert_memory_equal(a->evidence, b->evidence, HASH_LEN);
	assert_true(bytes_equal(a->subject, b->subject));
	assert_true(bytes_equal(a->recipients, b->recipients));
	assert_true(bytes_equal(a->symbol, b->symbol));
	assert_true(bytes_equal(a->reason, b->reason));
	assert_true(bytes_equal(a->sender, b->sender));
	assert_true(a->source == b->source && a->dormant == b->dormant);
	assert_int_equal(a->dated, b->dated);
	assert_true(a->check.time == b->check.time);
	assert_true(a->check.fail == b->check.fail &&
	    a->check.verdict == b->check.verdict);
	assert_memory_equal(a->check.file, b->check.file, HASH_LEN);
	assert_memory_equal(a->check.report, b->check.report, HASH_LEN);
}

static void
every_field_is_read_back(void **state)
{
	struct place *p = *state;
	struct record want = sample(1, STATE_ISSUED), is;

	assert_int_equal(record_put(p->txn, &want), FAIL_NONE);
	assert_int_equal(record_get(p->txn, 1, &is), FAIL_NONE);
	assert_same(&want, &is);
}

static void
record_that_is_not_there_is_missing(void **state)
{
	struct place *p = *state;
	struct record r = { .id = 77 };

	assert_int_equal(record_get(p->txn, 1, &r), FAIL_MISSING);
	assert_true(r.id == 77);
}

static void
held_texts_outlive_writes(void **state)
{
	struct place *p = *state;
	struct record want = sample(1, STATE_DRAFT), is;
	struct arena arena;

	arena_init(&arena, 1u << 16);
	put(p->txn, 1, STATE_DRAFT);
	assert_int_equal(record_get(p->txn, 1, &is), FAIL_NONE);
	assert_int_equal(record_hold(&is, &arena), FAIL_NONE);
	for (uint64_t id = 2; id < 200; id++)
		put(p->txn, id, STATE_DRAFT);
	place_commit(p);
	assert_same(&want, &is);
	arena_free(&arena);
}

static void
holding_texts_past_the_arena_fails(void **state)
{
	struct record r = sample(1, STATE_DRAFT);
	struct arena arena;

	(void)state;
	arena_init(&arena, 8);
	assert_int_equal(record_hold(&r, &arena), FAIL_MEMORY);
	arena_free(&arena);
}

static void
assert_count(struct txn *txn, enum record_state state, uint64_t want)
{
	uint64_t count = 77;

	assert_int_equal(record_count(txn, state, &count), FAIL_NONE);
	assert_true(count == want);
}

static void
index_follows_the_state(void **state)
{
	struct place *p = *state;

	for (uint64_t id = 1; id <= 3; id++)
		put(p->txn, id, STATE_DRAFT);
	assert_count(p->txn, STATE_DRAFT, 3);
	put(p->txn, 2, STATE_WAIT_UNIT);
	assert_count(p->txn, STATE_DRAFT, 2);
	assert_count(p->txn, STATE_WAIT_UNIT, 1);
	put(p->txn, 2, STATE_WAIT_UNIT);
	assert_count(p->txn, STATE_WAIT_UNIT, 1);
	put(p->txn, 2, STATE_DRAFT);
	assert_count(p->txn, STATE_DRAFT, 3);
	for (enum record_state s = STATE_WAIT_UNIT; s < STATE_COUNT; s++)
		assert_count(p->txn, s, 0);
}

struct met {
	uint64_t ids[16];
	size_t count, stop_at;
};

static enum fail
meet(void *context, const struct record *r)
{
	struct met *m = context;

	m->ids[m->count++] = r->id;
	return m->count == m->stop_at ? FAIL_LIMIT : FAIL_NONE;
}

static enum fail
meet_quietly(void *context, const struct record *r)
{
	return meet(context, r) ? FAIL_MISSING : FAIL_NONE;
}

static void
documents_of_a_state_are_visited_in_order_both_ways(void **state)
{
	struct place *p = *state;
	struct met m = { .stop_at = 99 };

	/* Neighbours in the index on both sides. */
	put(p->txn, 300, STATE_DRAFT);
	put(p->txn, 1, STATE_WAIT_UNIT);
	put(p->txn, 256, STATE_WAIT_UNIT);
	put(p->txn, 2, STATE_WAIT_UNIT);
	put(p->txn, 3, STATE_RETURNED);
	assert_int_equal(
	    record_each(p->txn, STATE_WAIT_UNIT, false, 0, meet, &m),
	    FAIL_NONE);
	assert_int_equal(m.count, 3);
	assert_true(m.ids[0] == 1 && m.ids[1] == 2 && m.ids[2] == 256);
	m.count = 0;
	assert_int_equal(
	    record_each(p->txn, STATE_WAIT_UNIT, true, 0, meet, &m), FAIL_NONE);
	assert_int_equal(m.count, 3);
	assert_true(m.ids[0] == 256 && m.ids[1] == 2 && m.ids[2] == 1);
	m.count = 0;
	assert_int_equal(
	    record_each(p->txn, STATE_WAIT_UNIT, true, 255, meet, &m),
	    FAIL_NONE);
	assert_int_equal(m.count, 2);
	assert_true(m.ids[0] == 2 && m.ids[1] == 1);
	m.count = 0;
	assert_int_equal(
	    record_each(p->txn, STATE_VOID, true, 0, meet, &m), FAIL_NONE);
	assert_int_equal(m.count, 0);
}

static void
visitor_stops_the_walk_and_its_failure_is_handed_on(void **state)
{
	struct place *p = *state;
	struct met m = { .stop_at = 2 };

	for (uint64_t id = 1; id <= 5; id++)
		put(p->txn, id, STATE_DRAFT);
	assert_int_equal(
	    record_each(p->txn, STATE_DRAFT, false, 0, meet, &m), FAIL_LIMIT);
	assert_int_equal(m.count, 2);
	m.count = 0;
	assert_int_equal(
	    record_each(p->txn, STATE_DRAFT, false, 0, meet_quietly, &m),
	    FAIL_NONE);
	assert_int_equal(m.count, 2);
}

/* Bytes of a stored record that must not decode. */
static void
stored_bytes_cut_anywhere_or_longer_are_corrupt(void **state)
{
	struct place *p = *state;
	uint8_t key[8], copy[1024];
	struct bytes held;
	struct record r;

	put(p->txn, 1, STATE_DRAFT);
	key_u64(key, 1);
	assert_int_equal(
	    table_get(p->txn, TABLE_RECORDS, BYTES_ARRAY(key), &held),
	    FAIL_NONE);
	assert_true(held.len < sizeof(copy));
	memset(copy, 0, sizeof(copy));
	memcpy(copy, held.data, held.len);
	for (size_t len = 0, whole = held.len; len <= whole + 1; len++) {
		held = (struct bytes){ copy, len };
		assert_int_equal(
		    table_put(p->txn, TABLE_RECORDS, BYTES_ARRAY(key), held),
		    FAIL_NONE);
		assert_int_equal(record_get(p->txn, 1, &r),
		    len == whole ? FAIL_NONE : FAIL_CORRUPT);
	}
}

static void
unknown_version_or_state_is_corrupt(void **state)
{
	struct place *p = *state;
	uint8_t key[8], copy[1024];
	struct bytes held;
	struct record r;

	put(p->txn, 1, STATE_DRAFT);
	key_u64(key, 1);
	assert_int_equal(
	    table_get(p->txn, TABLE_RECORDS, BYTES_ARRAY(key), &held),
	    FAIL_NONE);
	memcpy(copy, held.data, held.len);
	held = (struct bytes){ copy, held.len };
	copy[0] = 6;
	assert_int_equal(
	    table_put(p->txn, TABLE_RECORDS, BYTES_ARRAY(key), held),
	    FAIL_NONE);
	assert_int_equal(record_get(p->txn, 1, &r), FAIL_CORRUPT);
	copy[0] = 5;
	copy[1] = STATE_COUNT;
	assert_int_equal(
	    table_put(p->txn, TABLE_RECORDS, BYTES_ARRAY(key), held),
	    FAIL_NONE);
	assert_int_equal(record_get(p->txn, 1, &r), FAIL_CORRUPT);
}

/* Records of before there were raised files, annexes, incoming documents. */
static void
versions_before_are_read(void **state)
{
	/* Behind version, small fields and five hashes: what each version put
	 * in. */
	const size_t front = 1 + 3 + 16 + 6 + 16 + 4 + 8 + 5 * HASH_LEN;
	const size_t put_in[] = { 0, HASH_LEN + 8, 8,
		2 + 8 + 2 * HASH_LEN + 2 + 1 + 2 + strlen("Sở Nội vụ"), 4 };
	struct place *p = *state;
	uint8_t key[8], copy[1024];
	struct bytes held;

	key_u64(key, 1);
	for (uint8_t version = 1; version <= 4; version++) {
		size_t kept = front, rest = front;
		struct record r;

		for (uint8_t v = 1; v <= 5; v++) {
			kept += v <= version ? put_in[v - 1] : 0;
			rest += put_in[v - 1];
		}
		put(p->txn, 1, STATE_DRAFT);
		assert_int_equal(
		    table_get(p->txn, TABLE_RECORDS, BYTES_ARRAY(key), &held),
		    FAIL_NONE);
		memcpy(copy, held.data, kept);
		memcpy(copy + kept, held.data + rest, held.len - rest);
		copy[0] = version;
		assert_int_equal(
		    table_put(p->txn, TABLE_RECORDS, BYTES_ARRAY(key),
			(struct bytes){ copy, held.len - rest + kept }),
		    FAIL_NONE);
		assert_int_equal(record_get(p->txn, 1, &r), FAIL_NONE);
		assert_int_equal(r.state, STATE_DRAFT);
		assert_true(!r.main);
		assert_true((version > 1) == (r.stamped != 0));
		assert_true((version > 3) == (r.source != 0) &&
		    (version > 3) == (r.sender.len != 0));
		assert_true(!r.dated);
		assert_true(r.subject.len > 0);
	}
}

static void
index_without_its_record_is_corruption(void **state)
{
	struct place *p = *state;
	struct met m = { .stop_at = 99 };
	uint8_t key[8];

	put(p->txn, 1, STATE_DRAFT);
	key_u64(key, 1);
	assert_int_equal(
	    table_delete(p->txn, TABLE_RECORDS, BYTES_ARRAY(key)), FAIL_NONE);
	assert_int_equal(
	    record_each(p->txn, STATE_DRAFT, false, 0, meet, &m), FAIL_CORRUPT);
}

static void
longest_texts_fit(void **state)
{
	static uint8_t text[RECORD_TEXT_BYTES];
	struct place *p = *state;
	struct record r = sample(1, STATE_DRAFT), is;

	memset(text, 'a', sizeof(text));
	r.subject = r.recipients = r.symbol = r.reason = BYTES_ARRAY(text);
	assert_int_equal(record_put(p->txn, &r), FAIL_NONE);
	assert_int_equal(record_get(p->txn, 1, &is), FAIL_NONE);
	assert_same(&r, &is);
}

static void
put_annex(struct txn *txn, uint64_t id, uint64_t main, enum record_state state)
{
	struct record r = sample(id, state);

	r.main = main;
	assert_int_equal(record_put(txn, &r), FAIL_NONE);
}

static void
annexes_are_found_by_their_document(void **state)
{
	uint64_t ids[RECORD_ANNEXES_MAX];
	struct place *p = *state;
	size_t count;

	put_annex(p->txn, 7, 3, STATE_ANNEX);
	put_annex(p->txn, 5, 3, STATE_ANNEX);
	put_annex(p->txn, 6, 4, STATE_ANNEX);
	put_annex(p->txn, 5, 3, STATE_ANNEX);
	assert_int_equal(record_annexes(p->txn, 3, ids, &count), FAIL_NONE);
	assert_true(count == 2 && ids[0] == 5 && ids[1] == 7);
	assert_int_equal(record_annexes(p->txn, 2, ids, &count), FAIL_NONE);
	assert_true(!count);
	put_annex(p->txn, 5, 3, STATE_ANNEX_REMOVED);
	assert_int_equal(record_annexes(p->txn, 3, ids, &count), FAIL_NONE);
	assert_true(count == 1 && ids[0] == 7);
	for (uint64_t id = 100; id < 100 + RECORD_ANNEXES_MAX; id++)
		put_annex(p->txn, id, 4, STATE_ANNEX);
	assert_int_equal(record_annexes(p->txn, 4, ids, &count), FAIL_LIMIT);
}

static void
every_state_has_its_own_name(void **state)
{
	(void)state;
	for (enum record_state a = STATE_DRAFT; a < STATE_COUNT; a++) {
		assert_true(record_state_name(a)[0]);
		for (enum record_state b = STATE_DRAFT; b < a; b++)
			assert_string_not_equal(
			    record_state_name(a), record_state_name(b));
	}
	assert_string_equal(record_state_name(STATE_COUNT), "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(every_field_is_read_back),
		ROW(record_that_is_not_there_is_missing),
		ROW(held_texts_outlive_writes),
		cmocka_unit_test(holding_texts_past_the_arena_fails),
		ROW(index_follows_the_state),
		ROW(documents_of_a_state_are_visited_in_order_both_ways),
		ROW(visitor_stops_the_walk_and_its_failure_is_handed_on),
		ROW(stored_bytes_cut_anywhere_or_longer_are_corrupt),
		ROW(unknown_version_or_state_is_corrupt),
		ROW(versions_before_are_read),
		ROW(index_without_its_record_is_corruption),
		ROW(longest_texts_fit),
		ROW(annexes_are_found_by_their_document),
		cmocka_unit_test(every_state_has_its_own_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "storage/store.h"

#include "tests/unit/storage/store_test.h"

#define TINY_MAP (UINT64_C(256) << 10)
#define PUT_MAX 100000u

static enum fail
put_text(struct txn *txn, const char *key, const char *value)
{
	return table_put(
	    txn, TABLE_SETTINGS, BYTES_TEXT(key), BYTES_TEXT(value));
}

static void
assert_text(struct txn *txn, const char *key, const char *want)
{
	struct bytes is = { NULL, 0 };
	enum fail f = table_get(txn, TABLE_SETTINGS, BYTES_TEXT(key), &is);

	if (!want) {
		assert_int_equal(f, FAIL_MISSING);
		return;
	}
	assert_int_equal(f, FAIL_NONE);
	assert_true(bytes_equal_text(is, want));
}

static void
what_was_committed_is_there_after_a_restart(void **state)
{
	struct place *p = *state;

	assert_int_equal(put_text(p->txn, "a", "one"), FAIL_NONE);
	place_commit(p);
	place_restart(p);
	assert_text(p->txn, "a", "one");
}

static void
what_was_aborted_never_was(void **state)
{
	struct place *p = *state;

	assert_int_equal(put_text(p->txn, "a", "one"), FAIL_NONE);
	txn_abort(p->txn);
	place_txn(p);
	assert_text(p->txn, "a", NULL);
}

static void
child_that_aborts_spoils_neither_parent_nor_sibling(void **state)
{
	struct place *p = *state;
	struct txn *child;

	assert_int_equal(put_text(p->txn, "a", "parent"), FAIL_NONE);
	assert_int_equal(txn_begin(p->store, true, p->txn, &child), FAIL_NONE);
	assert_int_equal(put_text(child, "a", "changed"), FAIL_NONE);
	assert_int_equal(put_text(child, "b", "gone"), FAIL_NONE);
	txn_abort(child);
	assert_int_equal(txn_begin(p->store, true, p->txn, &child), FAIL_NONE);
	assert_text(child, "a", "parent");
	assert_int_equal(put_text(child, "c", "sibling"), FAIL_NONE);
	assert_int_equal(txn_commit(child), FAIL_NONE);
	place_commit(p);
	place_txn(p);
	assert_text(p->txn, "a", "parent");
	assert_text(p->txn, "b", NULL);
	assert_text(p->txn, "c", "sibling");
}

static void
child_that_committed_vanishes_with_its_parent(void **state)
{
	struct place *p = *state;
	struct txn *child;

	assert_int_equal(txn_begin(p->store, true, p->txn, &child), FAIL_NONE);
	assert_int_equal(put_text(child, "a", "one"), FAIL_NONE);
	assert_int_equal(txn_commit(child), FAIL_NONE);
	txn_abort(p->txn);
	place_txn(p);
	assert_text(p->txn, "a", NULL);
}

static void
reader_sees_the_last_commit_only(void **state)
{
	struct place *p = *state;
	struct txn *before, *after;

	assert_int_equal(put_text(p->txn, "a", "one"), FAIL_NONE);
	assert_int_equal(txn_begin(p->store, false, NULL, &before), FAIL_NONE);
	place_commit(p);
	assert_text(before, "a", NULL);
	assert_int_equal(txn_begin(p->store, false, NULL, &after), FAIL_NONE);
	assert_text(after, "a", "one");
	txn_abort(before);
	txn_abort(after);
}

static void
adding_what_is_there_is_refused_and_changes_nothing(void **state)
{
	struct place *p = *state;

	assert_int_equal(put_text(p->txn, "a", "one"), FAIL_NONE);
	assert_int_equal(table_add(p->txn, TABLE_SETTINGS, BYTES_TEXT("a"),
			     BYTES_TEXT("two")),
	    FAIL_EXISTS);
	assert_text(p->txn, "a", "one");
}

static void
deleting_what_is_not_there_is_told(void **state)
{
	struct place *p = *state;

	assert_int_equal(table_delete(p->txn, TABLE_SETTINGS, BYTES_TEXT("a")),
	    FAIL_MISSING);
	assert_int_equal(put_text(p->txn, "a", "one"), FAIL_NONE);
	assert_int_equal(
	    table_delete(p->txn, TABLE_SETTINGS, BYTES_TEXT("a")), FAIL_NONE);
	assert_text(p->txn, "a", NULL);
}

static void
missing_key_leaves_the_value_alone(void **state)
{
	struct place *p = *state;
	struct bytes value = BYTES_TEXT("before");

	assert_int_equal(
	    table_get(p->txn, TABLE_SETTINGS, BYTES_TEXT("no"), &value),
	    FAIL_MISSING);
	assert_true(bytes_equal_text(value, "before"));
}

static void
tables_are_apart(void **state)
{
	struct place *p = *state;
	struct bytes value;

	assert_int_equal(put_text(p->txn, "a", "one"), FAIL_NONE);
	for (enum store_table t = TABLE_RECORDS; t < TABLE_SETTINGS; t++)
		assert_int_equal(table_get(p->txn, t, BYTES_TEXT("a"), &value),
		    FAIL_MISSING);
}

/* Keys "b", "d", "f"; where a walk starts, which way, what it meets. */
static const struct walk_row {
	const char *from;
	bool backward;
	const char *meets;
} walk_rows[] = {
	{ "", false, "bdf" },
	{ "", true, "fdb" },
	{ "a", false, "bdf" },
	{ "d", false, "df" },
	{ "c", false, "df" },
	{ "g", false, "" },
	{ "g", true, "fdb" },
	{ "d", true, "db" },
	{ "e", true, "db" },
	{ "a", true, "" },
};

static void
walk_starts_at_or_beyond_its_key_in_both_directions(void **state)
{
	struct place *p = *state;

	for (const char *c = "fbd"; *c; c++)
		assert_int_equal(table_put(p->txn, TABLE_SETTINGS,
				     (struct bytes){ (const uint8_t *)c, 1 },
				     BYTES_TEXT("x")),
		    FAIL_NONE);
	for (size_t i = 0; i < sizeof(walk_rows) / sizeof(walk_rows[0]); i++) {
		const struct walk_row *row = &walk_rows[i];
		struct table_walk *walk;
		struct bytes key, value;
		char met[8] = "";
		size_t n = 0;

		assert_int_equal(
		    table_walk_open(p->txn, TABLE_SETTINGS,
			BYTES_TEXT(row->from), row->backward, &walk),
		    FAIL_NONE);
		while (n < 7 && !table_walk_next(walk, &key, &value))
			met[n++] = (char)key.data[0];
		table_walk_close(walk);
		assert_string_equal(met, row->meets);
	}
}

static void
walk_over_an_empty_table_ends_at_once(void **state)
{
	struct place *p = *state;
	struct table_walk *walk;
	struct bytes key, value;

	for (int backward = 0; backward < 2; backward++) {
		assert_int_equal(
		    table_walk_open(p->txn, TABLE_JOURNAL,
			(struct bytes){ NULL, 0 }, backward, &walk),
		    FAIL_NONE);
		assert_int_equal(
		    table_walk_next(walk, &key, &value), FAIL_MISSING);
		table_walk_close(walk);
	}
}

static void
numbers_as_keys_are_big_endian(void **state)
{
	static const uint8_t want[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	uint8_t out[8];

	(void)state;
	key_u64(out, UINT64_C(0x0102030405060708));
	assert_memory_equal(out, want, 8);
	assert_true(
	    key_number(BYTES_ARRAY(out)) == UINT64_C(0x0102030405060708));
	key_u32(out, 0x01020304);
	assert_memory_equal(out, want, 4);
	key_u16(out, 0x0102);
	assert_memory_equal(out, want, 2);
	assert_true(key_number((struct bytes){ out, 2 }) == 0x0102);
}

/* Fill the store in children of one transaction until it is full. */
static unsigned
fill_up(struct place *p)
{
	static const uint8_t value[1000];
	uint8_t key[4];
	enum fail f = FAIL_NONE;
	unsigned n = 0;

	for (; n < PUT_MAX && !f; n++) {
		struct txn *child;

		key_u32(key, n);
		f = txn_begin(p->store, true, p->txn, &child);
		if (f)
			break;
		f = table_put(
		    child, TABLE_CHUNKS, BYTES_ARRAY(key), BYTES_ARRAY(value));
		if (f)
			txn_abort(child);
		else
			f = txn_commit(child);
	}
	assert_int_equal(f, FAIL_FULL);
	return n - 1;
}

static int
open_tiny(void **state)
{
	return place_open_sized(state, TINY_MAP);
}

static void
full_store_keeps_what_it_had(void **state)
{
	static const uint8_t value[1000];
	struct place *p = *state;
	struct bytes held;
	uint8_t key[4];
	enum fail f;

	assert_int_equal(put_text(p->txn, "a", "one"), FAIL_NONE);
	place_commit(p);
	place_txn(p);
	fill_up(p);
	f = txn_commit(p->txn);
	p->txn = NULL;
	place_txn(p);
	assert_text(p->txn, "a", "one");
	/* All of the transaction or nothing of it. */
	key_u32(key, 0);
	assert_int_equal(
	    table_get(p->txn, TABLE_CHUNKS, BYTES_ARRAY(key), &held),
	    f ? FAIL_MISSING : FAIL_NONE);
	if (!f)
		assert_true(bytes_equal(held, BYTES_ARRAY(value)));
}

static void
full_store_keeps_every_commit_and_goes_on_with_a_larger_map(void **state)
{
	struct place *p = *state;
	static const uint8_t value[1000];
	struct bytes held;
	uint8_t key[4];
	unsigned there = 0;
	enum fail f = FAIL_NONE;

	/* One commit each, as lone acts do. */
	for (; !f && there < PUT_MAX; there++) {
		key_u32(key, there);
		f = table_put(
		    p->txn, TABLE_CHUNKS, BYTES_ARRAY(key), BYTES_ARRAY(value));
		if (f)
			txn_abort(p->txn);
		else
			f = txn_commit(p->txn);
		place_txn(p);
	}
	assert_int_equal(f, FAIL_FULL);
	there--;
	assert_true(there > 10);
	for (int restarted = 0; restarted < 2; restarted++) {
		for (unsigned i = 0; i <= there; i++) {
			key_u32(key, i);
			assert_int_equal(table_get(p->txn, TABLE_CHUNKS,
					     BYTES_ARRAY(key), &held),
			    i < there ? FAIL_NONE : FAIL_MISSING);
		}
		if (!restarted)
			place_restart(p);
	}
	assert_int_equal(put_text(p->txn, "a", "again"), FAIL_NONE);
	place_commit(p);
	place_txn(p);
	assert_text(p->txn, "a", "again");
}

static void
fill_grows_with_what_is_stored(void **state)
{
	struct place *p = *state;
	static uint8_t big[16u << 20];
	unsigned before = store_fill(p->store), after;

	assert_int_equal(
	    table_put(p->txn, TABLE_CHUNKS, BYTES_TEXT("k"), BYTES_ARRAY(big)),
	    FAIL_NONE);
	place_commit(p);
	after = store_fill(p->store);
	/* 16 of 64 MiB are a quarter. */
	assert_in_range(after - before, 240, 270);
}

static void
copy_holds_the_same_and_opens(void **state)
{
	struct place *p = *state;
	char folder[] = "/tmp/antin-copy.XXXXXX", path[64];
	struct store *copy;
	struct txn *txn;

	assert_non_null(mkdtemp(folder));
	assert_int_equal(put_text(p->txn, "a", "one"), FAIL_NONE);
	place_commit(p);
	assert_int_equal(store_copy(p->store, folder), FAIL_NONE);
	assert_int_equal(store_open(folder, TEST_MAP, true, &copy), FAIL_NONE);
	assert_int_equal(txn_begin(copy, false, NULL, &txn), FAIL_NONE);
	assert_text(txn, "a", "one");
	txn_abort(txn);
	store_close(copy);
	snprintf(path, sizeof(path), "%s/data.mdb", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/lock.mdb", folder);
	unlink(path);
	rmdir(folder);
}

static void
read_only_opener_of_nothing_is_refused(void **state)
{
	struct store *store;

	(void)state;
	assert_int_equal(
	    store_open("/tmp/antin-no-such-folder", TEST_MAP, true, &store),
	    FAIL_MISSING);
}

static void
store_of_another_format_is_refused(void **state)
{
	struct place *p = *state;
	struct store *store;

	assert_int_equal(table_put(p->txn, TABLE_META, BYTES_TEXT("format"),
			     BYTES_TEXT("\x02")),
	    FAIL_NONE);
	place_commit(p);
	store_close(p->store);
	assert_int_equal(
	    store_open(p->folder, TEST_MAP, false, &store), FAIL_CORRUPT);
	assert_int_equal(
	    store_open(p->folder, TEST_MAP, true, &store), FAIL_CORRUPT);
	p->store = NULL;
}

static void
file_that_is_no_store_is_refused(void **state)
{
	struct place *p = *state;
	struct store *store;
	char path[96];
	FILE *file;

	txn_abort(p->txn);
	p->txn = NULL;
	store_close(p->store);
	p->store = NULL;
	snprintf(path, sizeof(path), "%s/data.mdb", p->folder);
	file = fopen(path, "w");
	assert_non_null(file);
	for (int i = 0; i < 10000; i++)
		fputc('x', file);
	fclose(file);
	assert_int_equal(
	    store_open(p->folder, TEST_MAP, false, &store), FAIL_CORRUPT);
}

static void
nothing_is_closed_and_aborted_quietly(void **state)
{
	(void)state;
	store_close(NULL);
	txn_abort(NULL);
	table_walk_close(NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(what_was_committed_is_there_after_a_restart),
		ROW(what_was_aborted_never_was),
		ROW(child_that_aborts_spoils_neither_parent_nor_sibling),
		ROW(child_that_committed_vanishes_with_its_parent),
		ROW(reader_sees_the_last_commit_only),
		ROW(adding_what_is_there_is_refused_and_changes_nothing),
		ROW(deleting_what_is_not_there_is_told),
		ROW(missing_key_leaves_the_value_alone),
		ROW(tables_are_apart),
		ROW(walk_starts_at_or_beyond_its_key_in_both_directions),
		ROW(walk_over_an_empty_table_ends_at_once),
		cmocka_unit_test(numbers_as_keys_are_big_endian),
		cmocka_unit_test_setup_teardown(
		    full_store_keeps_what_it_had, open_tiny, place_close),
		cmocka_unit_test_setup_teardown(
		    full_store_keeps_every_commit_and_goes_on_with_a_larger_map,
		    open_tiny, place_close),
		ROW(fill_grows_with_what_is_stored),
		ROW(copy_holds_the_same_and_opens),
		cmocka_unit_test(read_only_opener_of_nothing_is_refused),
		ROW(store_of_another_format_is_refused),
		ROW(file_that_is_no_store_is_refused),
		cmocka_unit_test(nothing_is_closed_and_aborted_quietly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

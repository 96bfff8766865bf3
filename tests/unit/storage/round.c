#include "storage/round.h"

#include "crypto/evidence_record.h"
#include "tests/unit/storage/store_test.h"

static int
place_open_large(void **state)
{
	return place_open_sized(state, UINT64_C(512) << 20);
}

#define LARGE(f) \
	cmocka_unit_test_setup_teardown(f, place_open_large, place_close)

/* The hash of a number: the files of these rows. */
static void
file_hash(uint64_t n, uint8_t hash[static HASH_LEN])
{
	uint8_t key[8];

	key_u64(key, n);
	hash_sha256(BYTES_ARRAY(key), hash);
}

static int
by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, HASH_LEN);
}

static void
begin(struct place *p, uint64_t number, struct round *r)
{
	*r = (struct round){ .number = number, .state = ROUND_COLLECTING };
	assert_int_equal(round_put(p->txn, r), FAIL_NONE);
}

static void
add_files(struct place *p, struct round *r, uint64_t from, uint64_t to)
{
	uint8_t hash[HASH_LEN];

	for (uint64_t n = from; n < to; n++) {
		file_hash(n, hash);
		assert_int_equal(round_add(p->txn, r, hash), FAIL_NONE);
	}
}

/* As slowly as it can be built, with a restart after every chunk. */
static void
build(struct place *p, struct round *r, bool restart)
{
	uint64_t number = r->number;

	r->state = ROUND_BUILDING;
	assert_int_equal(round_put(p->txn, r), FAIL_NONE);
	while (r->state == ROUND_BUILDING) {
		assert_int_equal(round_build(p->txn, r, 1), FAIL_NONE);
		if (restart) {
			place_commit(p);
			store_close(p->store);
			assert_int_equal(
			    store_open(p->folder, UINT64_C(512) << 20, false,
				&p->store),
			    FAIL_NONE);
			place_txn(p);
		}
		assert_int_equal(round_get(p->txn, number, r), FAIL_NONE);
	}
	assert_int_equal(r->state, ROUND_WAITING);
}

static void
stamp(struct place *p, struct round *r, const char *token, int64_t until)
{
	r->state = ROUND_STAMPED;
	r->stamped = until - 100;
	r->until = until;
	r->token = BYTES_TEXT(token);
	assert_int_equal(round_put(p->txn, r), FAIL_NONE);
}

static enum fail
renew(struct place *p, struct round *r, int64_t before)
{
	return round_renew(p->txn, r, &(struct round_wish){ .before = before });
}

/* What comes of asking about a round's authority for the open one. */
static void
ask(struct place *p, uint64_t number, const struct round *open)
{
	struct round r;

	assert_int_equal(round_get(p->txn, number, &r), FAIL_NONE);
	r.proven = open->number;
	assert_int_equal(round_put(p->txn, &r), FAIL_NONE);
}

static enum fail
record(struct place *p, const uint8_t *hash, struct buf *out)
{
	static struct hash_link links[ROUND_LINKS_MAX];
	size_t count;
	enum fail f = round_links(p->txn, hash, links, &count);

	return f ? f : ers_write(links, count, out);
}

static void
make_tree(uint64_t from, uint64_t to, struct hash_tree *tree)
{
	size_t count = (size_t)(to - from);
	uint8_t(*leaves)[HASH_LEN] = calloc(count, sizeof(*leaves));

	assert_non_null(leaves);
	for (size_t i = 0; i < count; i++)
		file_hash(from + i, leaves[i]);
	qsort(leaves, count, sizeof(*leaves), by_bytes);
	assert_int_equal(
	    hash_tree_make((const uint8_t(*)[HASH_LEN])leaves, count, tree),
	    FAIL_NONE);
	free(leaves);
}

/* The tree in the store is the one in memory, and so is every record. */
static void
compare(struct place *p, const struct round *r, const struct hash_tree *tree,
    size_t step)
{
	struct hash_link link = { .token = r->token };
	struct buf expected, got;

	buf_init(&expected, ERS_MAX);
	buf_init(&got, ERS_MAX);
	assert_memory_equal(r->root, hash_tree_root(tree), HASH_LEN);
	for (size_t i = 0; i < tree->leaves; i += step) {
		buf_clear(&expected);
		buf_clear(&got);
		hash_tree_way(tree, i, &link.way);
		assert_int_equal(ers_write(&link, 1, &expected), FAIL_NONE);
		assert_int_equal(record(p, link.way.leaf, &got), FAIL_NONE);
		assert_int_equal(expected.len, got.len);
		assert_memory_equal(expected.data, got.data, got.len);
	}
	buf_free(&expected);
	buf_free(&got);
}

static void
trees_of_all_sizes_are_those_of_memory(void **state)
{
	static const struct {
		uint64_t leaves;
		size_t step;
	} rows[] = { { 1, 1 }, { 2, 1 }, { 3, 1 }, { 7, 1 }, { 64, 5 },
		{ ROUND_CHUNK - 1, 101 }, { ROUND_CHUNK, 101 },
		{ ROUND_CHUNK + 1, 101 }, { 2 * ROUND_CHUNK, 1009 },
		{ 2 * ROUND_CHUNK + 1, 1009 }, { 5 * ROUND_CHUNK + 77, 997 } };
	struct place *p = *state;
	uint64_t from = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t left = 1;
		struct hash_tree tree;
		struct round r;

		begin(p, i + 1, &r);
		add_files(p, &r, from, from + rows[i].leaves);
		assert_int_equal(r.leaves, rows[i].leaves);
		build(p, &r, rows[i].leaves > 64);
		stamp(p, &r, "a token", 1000);
		make_tree(from, from + rows[i].leaves, &tree);
		compare(p, &r, &tree, rows[i].step);
		hash_tree_free(&tree);
		from += rows[i].leaves;
		assert_int_equal(
		    table_count(p->txn, TABLE_LEAVES, &left), FAIL_NONE);
		assert_int_equal(left, 0);
	}
}

static void
file_is_in_one_round_only(void **state)
{
	struct place *p = *state;
	struct round r;

	begin(p, 1, &r);
	add_files(p, &r, 0, 5);
	add_files(p, &r, 0, 5);
	assert_int_equal(r.leaves, 5);
	build(p, &r, false);
	stamp(p, &r, "one", 1000);
	begin(p, 2, &r);
	add_files(p, &r, 0, 6);
	assert_int_equal(r.leaves, 1);
	assert_int_equal(round_drop(p->txn, &r), FAIL_STATE);
	begin(p, 3, &r);
	assert_int_equal(round_drop(p->txn, &r), FAIL_NONE);
	assert_int_equal(round_last(p->txn, &r), FAIL_NONE);
	assert_int_equal(r.number, 2);
}

/* Read as another program's: the token's digest algorithm needs no token. */
static void
renewed_tokens_are_leaves_of_a_later_round(void **state)
{
	struct hash_link links[3];
	struct place *p = *state;
	struct round r;
	struct buf expected, got;
	struct hash_tree tree;
	uint8_t hash[HASH_LEN], leaves[2][HASH_LEN];
	int64_t stamped, until;

	buf_init(&expected, ERS_MAX);
	buf_init(&got, ERS_MAX);
	file_hash(3, hash);
	begin(p, 1, &r);
	add_files(p, &r, 0, 8);
	assert_int_equal(record(p, hash, &got), FAIL_MISSING);
	build(p, &r, false);
	assert_int_equal(record(p, hash, &got), FAIL_MISSING);
	stamp(p, &r, "one", 1000);
	make_tree(0, 8, &tree);
	for (size_t i = 0; i < 8; i++)
		if (!memcmp(tree.nodes[i], hash, HASH_LEN))
			hash_tree_way(&tree, i, &links[0].way);
	hash_tree_free(&tree);
	links[0].token = BYTES_TEXT("one");

	/* A year before its end it is due by itself, but not before half of
	 * its time has gone by. */
	for (int64_t now = 940; now <= 960; now++)
		assert_int_equal(
		    round_due(p->txn, 0,
			&(struct round_wish){ .now = now, .horizon = 365 }, &r),
		    now < 950 ? FAIL_MISSING : FAIL_NONE);

	/* Nobody told about its authority: a day later, if there is time. */
	for (int64_t now = 950; now <= 960; now++) {
		assert_int_equal(round_get(p->txn, 1, &r), FAIL_NONE);
		r.until = now + ROUND_LATE + 1;
		r.stamped = now - ROUND_LATE - 2;
		r.vain = now;
		assert_int_equal(round_put(p->txn, &r), FAIL_NONE);
		for (int64_t later = 0; later <= ROUND_AGAIN; later += 21600)
			assert_int_equal(
			    round_due(p->txn, 0,
				&(struct round_wish){ .now = now + later,
				    .before = now % 2 ? r.until + 1 : 0,
				    .horizon = INT32_MAX },
				&r),
			    later || now % 2 ? FAIL_NONE : FAIL_MISSING);
	}
	stamp(p, &r, "one", 1000);

	/* Not yet; then with a new file. */
	begin(p, 2, &r);
	assert_int_equal(renew(p, &r, 1000), FAIL_NONE);
	assert_int_equal(r.leaves, 0);
	ask(p, 1, &r);
	assert_int_equal(renew(p, &r, 1001), FAIL_NONE);
	assert_int_equal(r.leaves, 1);
	assert_int_equal(renew(p, &r, 1001), FAIL_NONE);
	assert_int_equal(r.leaves, 1);
	add_files(p, &r, 8, 9);
	build(p, &r, false);
	/* Until it is stamped the old time-stamp stands. */
	assert_int_equal(
	    round_about(p->txn, hash, &stamped, &until), FAIL_NONE);
	assert_int_equal(until, 1000);
	stamp(p, &r, "two", 2000);
	hash_sha256(BYTES_TEXT("one"), leaves[0]);
	file_hash(8, leaves[1]);
	qsort(leaves, 2, sizeof(leaves[0]), by_bytes);
	assert_int_equal(
	    hash_tree_make((const uint8_t(*)[HASH_LEN])leaves, 2, &tree),
	    FAIL_NONE);
	hash_sha256(BYTES_TEXT("one"), links[1].way.leaf);
	hash_tree_way(&tree,
	    memcmp(leaves[0], links[1].way.leaf, HASH_LEN) ? 1 : 0,
	    &links[1].way);
	hash_tree_free(&tree);
	links[1].token = BYTES_TEXT("two");

	begin(p, 3, &r); /* the leaf is the root */
	ask(p, 2, &r);
	assert_int_equal(renew(p, &r, 5000), FAIL_NONE);
	build(p, &r, false);
	stamp(p, &r, "three", 3000);
	hash_sha256(BYTES_TEXT("two"), links[2].way.leaf);
	links[2].way.steps = 0;
	links[2].token = BYTES_TEXT("three");
	assert_memory_equal(r.root, links[2].way.leaf, HASH_LEN);

	assert_int_equal(ers_write(links, 3, &expected), FAIL_NONE);
	assert_int_equal(record(p, hash, &got), FAIL_NONE);
	assert_int_equal(expected.len, got.len);
	assert_memory_equal(expected.data, got.data, got.len);
	assert_int_equal(
	    round_about(p->txn, hash, &stamped, &until), FAIL_NONE);
	assert_true(until == 3000 && stamped == 2900);
	buf_free(&expected);
	buf_free(&got);
}

/* What proves a token goes into it before it becomes a leaf, or never. */
static void
round_is_renewed_once_it_was_asked_about(void **state)
{
	struct place *p = *state;
	struct round one, open;

	begin(p, 1, &one);
	add_files(p, &one, 0, 3);
	build(p, &one, false);
	stamp(p, &one, "one", 1000);

	begin(p, 2, &open);
	assert_false(round_is_asked(&one, &open));
	assert_int_equal(renew(p, &open, 5000), FAIL_NONE);
	assert_int_equal(open.leaves, 0);

	/* In vain, and there was nothing else: the next round has the number
	 * of this one, but has not asked yet. */
	ask(p, 1, &open);
	assert_int_equal(round_drop(p->txn, &open), FAIL_NONE);
	begin(p, 2, &open);
	assert_int_equal(round_get(p->txn, 1, &one), FAIL_NONE);
	assert_false(round_is_asked(&one, &open));
	assert_int_equal(renew(p, &open, 5000), FAIL_NONE);
	assert_int_equal(open.leaves, 0);

	ask(p, 1, &open);
	assert_int_equal(renew(p, &open, 5000), FAIL_NONE);
	assert_int_equal(open.leaves, 1);
	assert_int_equal(round_get(p->txn, 1, &one), FAIL_NONE);
	assert_true(one.renewed == 2 && bytes_equal_text(one.token, "one"));
}

static void
tree_that_was_changed_is_told(void **state)
{
	struct place *p = *state;
	uint8_t key[13] = { 0 }, chunk[5 * HASH_LEN], hash[HASH_LEN];
	struct bytes stored;
	struct round r;
	struct buf out;

	buf_init(&out, ERS_MAX);
	begin(p, 1, &r);
	add_files(p, &r, 0, 5);
	build(p, &r, false);
	stamp(p, &r, "one", 1000);
	key_u64(key, 1);
	assert_int_equal(
	    table_get(p->txn, TABLE_TREES, BYTES_ARRAY(key), &stored),
	    FAIL_NONE);
	memcpy(chunk, stored.data, sizeof(chunk));
	for (size_t i = 0; i < sizeof(chunk); i += 7) {
		unsigned told = 0;

		chunk[i] ^= 1;
		assert_int_equal(table_put(p->txn, TABLE_TREES,
				     BYTES_ARRAY(key), BYTES_ARRAY(chunk)),
		    FAIL_NONE);
		/* The changed leaf is not found, and the way of none leads to
		 * the root any more: each has it, or what stands above it, on
		 * its way. */
		for (uint64_t n = 0; n < 5; n++) {
			file_hash(n, hash);
			if (!memcmp(chunk + i / HASH_LEN * HASH_LEN, hash,
				HASH_LEN))
				continue;
			told += record(p, hash, &out) == FAIL_CORRUPT;
		}
		assert_true(told >= 1);
		chunk[i] ^= 1;
	}
	assert_int_equal(
	    table_delete(p->txn, TABLE_TREES, BYTES_ARRAY(key)), FAIL_NONE);
	file_hash(0, hash);
	assert_int_equal(record(p, hash, &out), FAIL_CORRUPT);
	buf_free(&out);
}

/* A line as version 1 wrote it: nothing of proven, a shorter token. */
static void
lines_of_the_first_version_are_read(void **state)
{
	static const uint8_t root[HASH_LEN] = { 7 };
	struct place *p = *state;
	struct round r;
	struct buf old;
	uint8_t key[8];

	key_u64(key, 5);
	buf_init(&old, 1000);
	buf_u8(&old, 1);
	buf_u8(&old, ROUND_STAMPED);
	buf_u64(&old, 11);
	buf_u64(&old, 12);
	buf_u8(&old, 3);
	buf_u64(&old, 14);
	buf_add(&old, root, HASH_LEN);
	buf_u64(&old, 15);
	buf_u64(&old, 16);
	buf_u64(&old, 17);
	buf_field(&old, BYTES_TEXT("token"));
	assert_int_equal(
	    table_put(p->txn, TABLE_ROUNDS, BYTES_ARRAY(key), buf_view(&old)),
	    FAIL_NONE);
	assert_int_equal(round_get(p->txn, 5, &r), FAIL_NONE);
	assert_true(r.state == ROUND_STAMPED && r.begun == 11 && r.next == 12 &&
	    r.level == 3 && r.leaves == 14 && r.stamped == 15 &&
	    r.until == 16 && r.renewed == 17 && r.proven == 0 && r.vain == 0 &&
	    !memcmp(r.root, root, HASH_LEN) &&
	    bytes_equal_text(r.token, "token"));
	r.proven = 18;
	r.vain = -19;
	assert_int_equal(round_put(p->txn, &r), FAIL_NONE);
	assert_int_equal(round_get(p->txn, 5, &r), FAIL_NONE);
	assert_true(r.proven == 18 && r.vain == -19 && r.renewed == 17 &&
	    bytes_equal_text(r.token, "token"));
	buf_free(&old);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LARGE(trees_of_all_sizes_are_those_of_memory),
		LARGE(file_is_in_one_round_only),
		LARGE(renewed_tokens_are_leaves_of_a_later_round),
		LARGE(round_is_renewed_once_it_was_asked_about),
		LARGE(tree_that_was_changed_is_told),
		LARGE(lines_of_the_first_version_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "storage/blob.h"

#include "tests/unit/storage/store_test.h"

#define BIG (3 * BLOB_CHUNK + 100)

static const struct bytes nothing = { NULL, 0 };

/* Bytes that differ from place to place. */
static uint8_t *
pattern(void)
{
	static uint8_t data[BIG];

	for (uint32_t i = 0; i < BIG; i++)
		data[i] = (uint8_t)(i * 2654435761u >> 24);
	return data;
}

static void
put(struct txn *txn, struct bytes data, uint8_t hash[static HASH_LEN])
{
	assert_int_equal(blob_put(txn, NULL, nothing, data, hash), FAIL_NONE);
}

/* The whole blob, read in steps of at most step bytes. */
static enum fail
read_all(struct txn *txn, const uint8_t *hash, size_t step, struct buf *out)
{
	struct blob_info info;
	enum fail f = blob_about(txn, hash, &info);

	while (!f && out->len < info.size) {
		size_t before = out->len;

		f = blob_read(txn, hash, before, step, out);
		assert_true(f || out->len > before);
	}
	return f;
}

static void
assert_holds(struct txn *txn, const uint8_t *hash, struct bytes want)
{
	static const size_t steps[] = { 1u << 20, BLOB_CHUNK, 4099 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct buf out;

		buf_init(&out, 1u << 22);
		assert_int_equal(
		    read_all(txn, hash, steps[i], &out), FAIL_NONE);
		assert_true(bytes_equal(buf_view(&out), want));
		buf_free(&out);
	}
}

/* Sizes around the ends of chunks. */
static const size_t sizes[] = { 1, BLOB_CHUNK - 1, BLOB_CHUNK, BLOB_CHUNK + 1,
	2 * BLOB_CHUNK, BIG };

static void
blob_is_read_back_whole_and_its_name_is_its_hash(void **state)
{
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bytes data = { pattern(), sizes[i] };
		uint8_t hash[HASH_LEN], want[HASH_LEN];

		put(p->txn, data, hash);
		hash_sha256(data, want);
		assert_memory_equal(hash, want, HASH_LEN);
		assert_holds(p->txn, hash, data);
	}
}

static void
name_of_abc_is_the_one_of_fips_180(void **state)
{
	static const uint8_t want[] = { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01,
		0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
		0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10,
		0xff, 0x61, 0xf2, 0x00, 0x15, 0xad };
	struct place *p = *state;
	uint8_t hash[HASH_LEN];

	put(p->txn, BYTES_TEXT("abc"), hash);
	assert_memory_equal(hash, want, HASH_LEN);
}

static void
blob_that_goes_on_from_another_keeps_only_its_tail(void **state)
{
	struct place *p = *state;
	struct bytes all = { pattern(), BIG };
	struct bytes head = bytes_part(all, 0, BLOB_CHUNK + 50);
	struct bytes tail = bytes_part(all, head.len, SIZE_MAX);
	uint8_t head_hash[HASH_LEN], hash[HASH_LEN], want[HASH_LEN];
	struct blob_info info;

	put(p->txn, head, head_hash);
	assert_int_equal(
	    blob_put(p->txn, head_hash, head, tail, hash), FAIL_NONE);
	hash_sha256(all, want);
	assert_memory_equal(hash, want, HASH_LEN);
	assert_holds(p->txn, hash, all);
	assert_int_equal(blob_about(p->txn, hash, &info), FAIL_NONE);
	assert_true(info.size == all.len && info.base_size == head.len);
	assert_memory_equal(info.base, head_hash, HASH_LEN);
}

static void
three_versions_on_each_other_are_read_across_their_seams(void **state)
{
	struct place *p = *state;
	struct bytes all = { pattern(), BIG };
	uint8_t hash[3][HASH_LEN];
	struct buf out;

	put(p->txn, bytes_part(all, 0, 1000), hash[0]);
	for (size_t i = 1; i < 3; i++)
		assert_int_equal(
		    blob_put(p->txn, hash[i - 1], bytes_part(all, 0, i * 1000),
			bytes_part(all, i * 1000, 1000), hash[i]),
		    FAIL_NONE);
	assert_holds(p->txn, hash[2], bytes_part(all, 0, 3000));
	/* One read from inside the first into the last. */
	buf_init(&out, 1u << 20);
	while (out.len < 2100)
		assert_int_equal(blob_read(p->txn, hash[2], 900 + out.len,
				     2100 - out.len, &out),
		    FAIL_NONE);
	assert_true(bytes_equal(buf_view(&out), bytes_part(all, 900, 2100)));
	buf_free(&out);
}

static enum fail
take_part(void *context, struct bytes part)
{
	buf_bytes(context, part);
	return buf_fail(context);
}

/* Read in one go, and something put behind it without reading it again. */
static void
whole_is_read_and_goes_on(void **state)
{
	struct place *p = *state;
	struct bytes all = { pattern(), BIG };
	struct bytes head = bytes_part(all, 0, 2 * BLOB_CHUNK + 50);
	struct bytes middle = bytes_part(all, head.len, 1000);
	struct bytes tail = bytes_part(all, head.len + 1000, SIZE_MAX);
	uint8_t hash[3][HASH_LEN], want[HASH_LEN];
	struct hash after;
	struct buf out;

	put(p->txn, head, hash[0]);
	assert_int_equal(
	    blob_put(p->txn, hash[0], head, middle, hash[1]), FAIL_NONE);
	buf_init(&out, 1u << 24);
	assert_int_equal(
	    blob_each(p->txn, hash[1], take_part, &out, &after), FAIL_NONE);
	assert_true(
	    bytes_equal(buf_view(&out), bytes_part(all, 0, head.len + 1000)));
	assert_int_equal(blob_put_after(p->txn, hash[1], head.len + 1000,
			     &after, tail, hash[2]),
	    FAIL_NONE);
	hash_sha256(all, want);
	assert_memory_equal(hash[2], want, HASH_LEN);
	assert_holds(p->txn, hash[2], all);
	/* Another's state, or another length, is not its content's. */
	assert_int_equal(
	    blob_put_after(p->txn, hash[0], head.len, &after, tail, hash[2]),
	    FAIL_DIGEST);
	assert_int_equal(
	    blob_put_after(p->txn, hash[1], head.len, &after, tail, hash[2]),
	    FAIL_DIGEST);
	buf_free(&out);
}

static void
putting_what_is_there_changes_nothing(void **state)
{
	struct place *p = *state;
	struct bytes all = { pattern(), 5000 };
	struct blob_info info;
	uint8_t head[HASH_LEN], hash[HASH_LEN], again[HASH_LEN];

	put(p->txn, all, hash);
	put(p->txn, bytes_part(all, 0, 4000), head);
	assert_int_equal(blob_put(p->txn, head, bytes_part(all, 0, 4000),
			     bytes_part(all, 4000, 1000), again),
	    FAIL_NONE);
	assert_memory_equal(hash, again, HASH_LEN);
	assert_int_equal(blob_about(p->txn, hash, &info), FAIL_NONE);
	assert_true(info.base_size == 0);
	assert_holds(p->txn, hash, all);
}

static void
reading_at_the_end_gives_nothing_and_past_it_is_refused(void **state)
{
	struct place *p = *state;
	uint8_t hash[HASH_LEN];
	struct buf out;

	put(p->txn, BYTES_TEXT("abc"), hash);
	buf_init(&out, 100);
	assert_int_equal(blob_read(p->txn, hash, 3, 10, &out), FAIL_NONE);
	assert_int_equal(out.len, 0);
	assert_int_equal(blob_read(p->txn, hash, 4, 10, &out), FAIL_USAGE);
	assert_int_equal(
	    blob_read(p->txn, hash, UINT64_MAX, 10, &out), FAIL_USAGE);
	buf_free(&out);
}

static void
blob_that_is_not_there_is_missing(void **state)
{
	struct place *p = *state;
	uint8_t hash[HASH_LEN] = { 1 };
	struct blob_info info;
	struct buf out;

	buf_init(&out, 100);
	assert_int_equal(blob_about(p->txn, hash, &info), FAIL_MISSING);
	assert_int_equal(blob_read(p->txn, hash, 0, 10, &out), FAIL_MISSING);
	buf_free(&out);
}

/* The key of chunk n of a blob: its hash, then n big-endian. */
static void
chunk_key(uint8_t key[static HASH_LEN + 4], const uint8_t *hash, uint32_t n)
{
	memcpy(key, hash, HASH_LEN);
	key_u32(key + HASH_LEN, n);
}

static void
one_rotten_bit_in_a_chunk_is_found(void **state)
{
	struct place *p = *state;
	struct bytes all = { pattern(), BIG }, held;
	static uint8_t rotten[BLOB_CHUNK];
	uint8_t hash[HASH_LEN], key[HASH_LEN + 4];
	struct hash after;
	struct buf out;

	put(p->txn, all, hash);
	chunk_key(key, hash, 1);
	assert_int_equal(
	    table_get(p->txn, TABLE_CHUNKS, BYTES_ARRAY(key), &held),
	    FAIL_NONE);
	assert_int_equal(held.len, BLOB_CHUNK);
	memcpy(rotten, held.data, held.len);
	rotten[777] ^= 4;
	assert_int_equal(table_put(p->txn, TABLE_CHUNKS, BYTES_ARRAY(key),
			     BYTES_ARRAY(rotten)),
	    FAIL_NONE);
	buf_init(&out, 1u << 24);
	assert_int_equal(
	    blob_each(p->txn, hash, take_part, &out, &after), FAIL_CORRUPT);
	buf_clear(&out);
	assert_int_equal(
	    blob_read(p->txn, hash, 0, BLOB_CHUNK, &out), FAIL_NONE);
	assert_int_equal(
	    blob_read(p->txn, hash, BLOB_CHUNK, 1, &out), FAIL_CORRUPT);
	assert_int_equal(
	    blob_read(p->txn, hash, 2 * BLOB_CHUNK, 1, &out), FAIL_NONE);
	buf_free(&out);
}

static void
lost_chunk_is_corruption_not_absence(void **state)
{
	struct place *p = *state;
	uint8_t hash[HASH_LEN], key[HASH_LEN + 4];
	struct buf out;

	put(p->txn, BYTES_TEXT("abc"), hash);
	chunk_key(key, hash, 0);
	assert_int_equal(
	    table_delete(p->txn, TABLE_CHUNKS, BYTES_ARRAY(key)), FAIL_NONE);
	buf_init(&out, 100);
	assert_int_equal(blob_read(p->txn, hash, 0, 3, &out), FAIL_CORRUPT);
	buf_free(&out);
}

/* A blob's record as FORMATS.md has it: version 1, size, base, size of the
 * base, count of chunks; here it begins with itself. */
static void
blob_that_begins_with_itself_ends_as_corrupt(void **state)
{
	struct place *p = *state;
	uint8_t hash[HASH_LEN] = { 7 };
	struct buf about, out;

	buf_init(&about, 1000);
	buf_init(&out, 1000);
	buf_u8(&about, 1);
	buf_u64(&about, 10);
	buf_add(&about, hash, HASH_LEN);
	buf_u64(&about, 5);
	buf_u32(&about, 0);
	assert_int_equal(
	    table_put(p->txn, TABLE_BLOBS, BYTES_ARRAY(hash), buf_view(&about)),
	    FAIL_NONE);
	assert_int_equal(blob_read(p->txn, hash, 0, 3, &out), FAIL_CORRUPT);
	assert_int_equal(blob_read(p->txn, hash, 7, 3, &out), FAIL_CORRUPT);
	buf_free(&about);
	buf_free(&out);
}

static void
head_that_is_not_there_is_refused(void **state)
{
	struct place *p = *state;
	uint8_t head[HASH_LEN], hash[HASH_LEN];

	hash_sha256(BYTES_TEXT("abc"), head);
	assert_int_not_equal(
	    blob_put(p->txn, head, BYTES_TEXT("abc"), BYTES_TEXT("def"), hash),
	    FAIL_NONE);
}

/* Else a blob would be kept that can never be read as what its name says. */
static void
head_with_other_content_is_refused(void **state)
{
	struct place *p = *state;
	uint8_t head[HASH_LEN], hash[HASH_LEN];

	put(p->txn, BYTES_TEXT("abc"), head);
	assert_int_not_equal(
	    blob_put(p->txn, head, BYTES_TEXT("abX"), BYTES_TEXT("def"), hash),
	    FAIL_NONE);
	assert_int_not_equal(
	    blob_put(p->txn, head, BYTES_TEXT("ab"), BYTES_TEXT("def"), hash),
	    FAIL_NONE);
}

/* What is put can be read again, or is refused. */
static void
more_bases_than_can_be_read_are_refused(void **state)
{
	struct place *p = *state;
	struct bytes all = { pattern(), 200 };
	uint8_t hash[HASH_LEN], next[HASH_LEN];
	struct buf out;
	enum fail f = FAIL_NONE;

	put(p->txn, bytes_part(all, 0, 1), hash);
	for (size_t n = 1; n < BLOB_BASES_MAX + 10; n++) {
		f = blob_put(p->txn, hash, bytes_part(all, 0, n),
		    bytes_part(all, n, 1), next);
		if (f)
			break;
		memcpy(hash, next, HASH_LEN);
		buf_init(&out, 1000);
		assert_int_equal(
		    blob_read(p->txn, hash, 0, 1, &out), FAIL_NONE);
		buf_free(&out);
	}
	assert_int_equal(f, FAIL_LIMIT);
}

static void
empty_blob_can_be_kept(void **state)
{
	struct place *p = *state;
	uint8_t hash[HASH_LEN];
	struct blob_info info;

	put(p->txn, nothing, hash);
	assert_int_equal(blob_about(p->txn, hash, &info), FAIL_NONE);
	assert_true(info.size == 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(blob_is_read_back_whole_and_its_name_is_its_hash),
		ROW(name_of_abc_is_the_one_of_fips_180),
		ROW(blob_that_goes_on_from_another_keeps_only_its_tail),
		ROW(three_versions_on_each_other_are_read_across_their_seams),
		ROW(whole_is_read_and_goes_on),
		ROW(putting_what_is_there_changes_nothing),
		ROW(reading_at_the_end_gives_nothing_and_past_it_is_refused),
		ROW(blob_that_is_not_there_is_missing),
		ROW(one_rotten_bit_in_a_chunk_is_found),
		ROW(lost_chunk_is_corruption_not_absence),
		ROW(blob_that_begins_with_itself_ends_as_corrupt),
		ROW(head_that_is_not_there_is_refused),
		ROW(head_with_other_content_is_refused),
		ROW(more_bases_than_can_be_read_are_refused),
		ROW(empty_blob_can_be_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "storage/room.h"

#include "tests/unit/storage/store_test.h"

#include <sys/stat.h>

#include "storage/blob.h"

#define SMALL_MAP (UINT64_C(8) << 20)

static int
open_small(void **state)
{
	return place_open_sized(state, SMALL_MAP);
}

static void
levels_begin_at_their_per_mille(void **state)
{
	(void)state;
	assert_int_equal(room_of(0), ROOM_GOOD);
	assert_int_equal(room_of(899), ROOM_GOOD);
	assert_int_equal(room_of(900), ROOM_LOW);
	assert_int_equal(room_of(949), ROOM_LOW);
	assert_int_equal(room_of(950), ROOM_FULL);
	assert_int_equal(room_of(1200), ROOM_FULL);
}

static void
level_is_kept_and_a_new_store_is_good(void **state)
{
	struct place *p = *state;

	assert_int_equal(room_get(p->txn), ROOM_GOOD);
	assert_int_equal(room_put(p->txn, ROOM_LOW), FAIL_NONE);
	place_commit(p);
	place_restart(p);
	assert_int_equal(room_get(p->txn), ROOM_LOW);
}

static void
full_archive_takes_no_new_content_but_small_things(void **state)
{
	static const char text[] = "tệp";
	struct place *p = *state;
	uint8_t hash[HASH_LEN];
	struct bytes tail = { (const uint8_t *)text, 3 };

	assert_int_equal(room_put(p->txn, ROOM_FULL), FAIL_NONE);
	assert_int_equal(
	    blob_put(p->txn, NULL, (struct bytes){ NULL, 0 }, tail, hash),
	    FAIL_FULL);
	assert_int_equal(
	    table_put(p->txn, TABLE_SETTINGS, BYTES_TEXT("a"), tail),
	    FAIL_NONE);
	assert_int_equal(room_put(p->txn, ROOM_LOW), FAIL_NONE);
	assert_int_equal(
	    blob_put(p->txn, NULL, (struct bytes){ NULL, 0 }, tail, hash),
	    FAIL_NONE);
	/* What is there already takes no room. */
	assert_int_equal(room_put(p->txn, ROOM_FULL), FAIL_NONE);
	assert_int_equal(
	    blob_put(p->txn, NULL, (struct bytes){ NULL, 0 }, tail, hash),
	    FAIL_NONE);
}

static void
content_larger_than_the_room_is_refused_before_it_is_written(void **state)
{
	static uint8_t large[7u << 20];
	struct place *p = *state;
	uint8_t hash[HASH_LEN];

	assert_false(room_takes(p->txn, sizeof(large) + (1u << 20)));
	assert_true(room_takes(p->txn, sizeof(large) / 2));
	place_commit(p);
	place_txn(p);
	assert_int_equal(blob_put(p->txn, NULL, (struct bytes){ NULL, 0 },
			     BYTES_ARRAY(large), hash),
	    FAIL_NONE);
	place_commit(p);
	place_txn(p);
	large[0] = 1;
	assert_int_equal(blob_put(p->txn, NULL, (struct bytes){ NULL, 0 },
			     BYTES_ARRAY(large), hash),
	    FAIL_FULL);
	/* The transaction is still good. */
	assert_int_equal(
	    table_put(p->txn, TABLE_SETTINGS, BYTES_TEXT("a"), BYTES_TEXT("b")),
	    FAIL_NONE);
	place_commit(p);
	place_txn(p);
}

static off_t
ballast_size(const struct place *p)
{
	char path[96];
	struct stat about;

	snprintf(path, sizeof(path), "%s/ballast", p->folder);
	return stat(path, &about) ? 0 : about.st_blocks * 512;
}

static void
ballast_takes_real_room_and_gives_it_back(void **state)
{
	struct place *p = *state;

	assert_int_equal(room_drop_ballast(p->store), FAIL_NONE);
	assert_int_equal(room_take_ballast(p->store), FAIL_NONE);
	assert_true(ballast_size(p) >= ROOM_BALLAST);
	assert_int_equal(room_take_ballast(p->store), FAIL_NONE);
	assert_int_equal(room_drop_ballast(p->store), FAIL_NONE);
	assert_true(ballast_size(p) == 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_begin_at_their_per_mille),
		ROW(level_is_kept_and_a_new_store_is_good),
		ROW(full_archive_takes_no_new_content_but_small_things),
		cmocka_unit_test_setup_teardown(
		    content_larger_than_the_room_is_refused_before_it_is_written,
		    open_small, place_close),
		ROW(ballast_takes_real_room_and_gives_it_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "storage/session.h"

#include "tests/unit/storage/store_test.h"

static void
add(struct txn *txn, uint64_t person, int64_t used, uint8_t *token)
{
	struct session s = { .person = person,
		.started = 1000,
		.used = used,
		.csrf = { 9, 8, 7 } };

	assert_int_equal(session_add(txn, &s, token), FAIL_NONE);
}

static enum fail
look(struct txn *txn, const uint8_t *token)
{
	struct session s;

	return session_get(txn, token, &s);
}

static void
login_is_found_by_its_token(void **state)
{
	struct place *p = *state;
	static const uint8_t csrf[SESSION_TOKEN] = { 9, 8, 7 };
	uint8_t token[2][SESSION_TOKEN];
	struct session s;

	add(p->txn, 5, 1001, token[0]);
	add(p->txn, 6, 1002, token[1]);
	assert_memory_not_equal(token[0], token[1], SESSION_TOKEN);
	assert_int_equal(session_get(p->txn, token[0], &s), FAIL_NONE);
	assert_true(s.person == 5 && s.started == 1000 && s.used == 1001);
	assert_memory_equal(s.csrf, csrf, SESSION_TOKEN);
	token[0][31] ^= 1;
	assert_int_equal(look(p->txn, token[0]), FAIL_MISSING);
}

static void
token_itself_is_not_in_the_store(void **state)
{
	struct place *p = *state;
	uint8_t token[SESSION_TOKEN];
	struct table_walk *walk;
	struct bytes key, value;

	add(p->txn, 5, 1, token);
	for (enum store_table t = TABLE_META; t < TABLE_COUNT; t++) {
		assert_int_equal(table_walk_open(p->txn, t,
				     (struct bytes){ NULL, 0 }, false, &walk),
		    FAIL_NONE);
		while (!table_walk_next(walk, &key, &value)) {
			assert_null(
			    memmem(key.data, key.len, token, SESSION_TOKEN));
			assert_null(memmem(
			    value.data, value.len, token, SESSION_TOKEN));
		}
		table_walk_close(walk);
	}
}

static void
touch_moves_only_the_last_use(void **state)
{
	struct place *p = *state;
	uint8_t token[SESSION_TOKEN];
	struct session s;

	add(p->txn, 5, 1001, token);
	assert_int_equal(session_touch(p->txn, token, 2000), FAIL_NONE);
	assert_int_equal(session_get(p->txn, token, &s), FAIL_NONE);
	assert_true(s.person == 5 && s.started == 1000 && s.used == 2000);
	token[0] ^= 1;
	assert_int_equal(session_touch(p->txn, token, 2000), FAIL_MISSING);
}

static void
ended_login_is_no_more(void **state)
{
	struct place *p = *state;
	uint8_t token[SESSION_TOKEN];

	add(p->txn, 5, 1, token);
	assert_int_equal(session_end(p->txn, token), FAIL_NONE);
	assert_int_equal(look(p->txn, token), FAIL_MISSING);
	assert_int_equal(session_end(p->txn, token), FAIL_MISSING);
}

static void
sweep_ends_what_was_last_used_before(void **state)
{
	struct place *p = *state;
	uint8_t token[3][SESSION_TOKEN];

	for (size_t i = 0; i < 3; i++)
		add(p->txn, i + 1, 100 + (int64_t)i, token[i]);
	assert_int_equal(session_sweep(p->txn, 0, 101), FAIL_NONE);
	assert_int_equal(look(p->txn, token[0]), FAIL_MISSING);
	assert_int_equal(look(p->txn, token[1]), FAIL_NONE);
	assert_int_equal(look(p->txn, token[2]), FAIL_NONE);
}

static void
sweep_of_one_person_leaves_the_others(void **state)
{
	struct place *p = *state;
	uint8_t token[4][SESSION_TOKEN];

	for (size_t i = 0; i < 4; i++)
		add(p->txn, i % 2 + 1, 100, token[i]);
	assert_int_equal(session_sweep(p->txn, 2, INT64_MAX), FAIL_NONE);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(
		    look(p->txn, token[i]), i % 2 ? FAIL_MISSING : FAIL_NONE);
}

static void
sweep_takes_more_than_one_pass(void **state)
{
	struct place *p = *state;
	uint8_t token[SESSION_TOKEN], kept[SESSION_TOKEN];
	struct table_walk *walk;
	struct bytes key, value;
	size_t left = 0;

	add(p->txn, 1, 500, kept);
	/* One pass, one more than a pass, several whole passes. */
	for (int i = 0; i < 1024; i++)
		add(p->txn, 1, i, token);
	assert_int_equal(session_sweep(p->txn, 0, 500), FAIL_NONE);
	assert_int_equal(look(p->txn, kept), FAIL_NONE);
	assert_int_equal(table_walk_open(p->txn, TABLE_SESSIONS,
			     (struct bytes){ NULL, 0 }, false, &walk),
	    FAIL_NONE);
	while (!table_walk_next(walk, &key, &value))
		left++;
	table_walk_close(walk);
	assert_int_equal(left, 1 + 1024 - 500);
}

static void
login_that_does_not_decode_lets_nobody_in_and_is_swept(void **state)
{
	struct place *p = *state;
	uint8_t token[SESSION_TOKEN] = { 1 }, key[HASH_LEN];

	hash_sha256(BYTES_ARRAY(token), key);
	assert_int_equal(table_put(p->txn, TABLE_SESSIONS, BYTES_ARRAY(key),
			     BYTES_TEXT("\1broken")),
	    FAIL_NONE);
	assert_int_equal(look(p->txn, token), FAIL_CORRUPT);
	assert_int_equal(session_sweep(p->txn, 0, 0), FAIL_NONE);
	assert_int_equal(look(p->txn, token), FAIL_MISSING);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(login_is_found_by_its_token),
		ROW(token_itself_is_not_in_the_store),
		ROW(touch_moves_only_the_last_use),
		ROW(ended_login_is_no_more),
		ROW(sweep_ends_what_was_last_used_before),
		ROW(sweep_of_one_person_leaves_the_others),
		ROW(sweep_takes_more_than_one_pass),
		ROW(login_that_does_not_decode_lets_nobody_in_and_is_swept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

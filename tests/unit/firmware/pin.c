#include "firmware/flow/pin.h"

#include "storage/settings.h"
#include "tests/unit/storage/store_test.h"

static const uint8_t hash[HASH_LEN] = { 1 }, other[HASH_LEN] = { 2 };

static unsigned
wrong_of(struct txn *txn, const uint8_t *cert)
{
	unsigned wrong, most;

	assert_int_equal(pin_count(txn, cert, &wrong, &most), FAIL_NONE);
	return wrong;
}

static void
the_last_try_is_never_spent(void **state)
{
	struct place *p = *state;

	for (unsigned n = 1; n < PIN_TRIES_USUAL; n++) {
		assert_int_equal(pin_spend(p->txn, hash), FAIL_NONE);
		assert_int_equal(
		    pin_settle(p->txn, hash, FAIL_PIN, true), FAIL_NONE);
		assert_int_equal(wrong_of(p->txn, hash), n);
	}
	assert_int_equal(pin_spend(p->txn, hash), FAIL_PIN_LAST);
	assert_int_equal(wrong_of(p->txn, hash), PIN_TRIES_USUAL - 1);
	/* Another token has its own count. */
	assert_int_equal(pin_spend(p->txn, other), FAIL_NONE);
	assert_int_equal(pin_clear(p->txn, hash), FAIL_NONE);
	assert_int_equal(pin_spend(p->txn, hash), FAIL_NONE);
}

static void
a_try_is_spent_until_it_is_known_not_to_be(void **state)
{
	static const struct {
		enum fail outcome;
		bool sent;
		unsigned left;
	} rows[] = {
		{ FAIL_NONE, true, 0 },
		{ FAIL_PIN, true, 2 },
		{ FAIL_TOKEN, true, 2 },
		{ FAIL_TOKEN_GONE, true, 2 },
		{ FAIL_TOKEN_GONE, false, 1 },
		{ FAIL_KEY, false, 1 },
		{ FAIL_PIN_LAST, false, 1 },
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(pin_clear(p->txn, hash), FAIL_NONE);
		assert_int_equal(
		    settings_put(p->txn, SETTING_PIN_TRIES, BYTES_TEXT("15")),
		    FAIL_NONE);
		assert_int_equal(pin_spend(p->txn, hash), FAIL_NONE);
		assert_int_equal(
		    pin_settle(p->txn, hash, FAIL_PIN, true), FAIL_NONE);
		assert_int_equal(pin_spend(p->txn, hash), FAIL_NONE);
		assert_int_equal(wrong_of(p->txn, hash), 2);
		assert_int_equal(
		    pin_settle(p->txn, hash, rows[i].outcome, rows[i].sent),
		    FAIL_NONE);
		if (wrong_of(p->txn, hash) != rows[i].left)
			fail_msg("row %zu", i);
	}
}

static void
an_agency_says_when_its_tokens_lock(void **state)
{
	static const struct {
		const char *text;
		unsigned most;
	} rows[] = {
		{ "15", 15 },
		{ "2", 2 },
		{ "1", PIN_TRIES_USUAL },
		{ "0", PIN_TRIES_USUAL },
		{ "", PIN_TRIES_USUAL },
		{ "999", PIN_TRIES_USUAL },
		{ "x", PIN_TRIES_USUAL },
	};
	struct place *p = *state;
	unsigned wrong, most;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(settings_put(p->txn, SETTING_PIN_TRIES,
				     BYTES_TEXT(rows[i].text)),
		    FAIL_NONE);
		assert_int_equal(
		    pin_count(p->txn, hash, &wrong, &most), FAIL_NONE);
		if (most != rows[i].most)
			fail_msg("%s gives %u", rows[i].text, most);
	}
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, place_open, place_close)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(the_last_try_is_never_spent),
		ROW(a_try_is_spent_until_it_is_known_not_to_be),
		ROW(an_agency_says_when_its_tokens_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

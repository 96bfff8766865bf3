#include "storage/custody.h"

#include "storage/settings.h"
#include "tests/unit/storage/store_test.h"

static void
until_it_is_handed_over_anybody_may_seal(void **state)
{
	struct place *p = *state;
	struct custody c = { .holder = 7,
		.giver = 3,
		.time = 1800000000,
		.permission = BYTES_TEXT("12/QĐ") };
	struct custody got;

	assert_int_equal(custody_get(p->txn, &got), FAIL_MISSING);
	assert_int_equal(custody_check(p->txn, 3), FAIL_NONE);
	assert_int_equal(custody_put(p->txn, &c), FAIL_NONE);
	assert_int_equal(custody_get(p->txn, &got), FAIL_NONE);
	assert_true(got.holder == 7 && got.giver == 3 &&
	    got.time == 1800000000 &&
	    bytes_equal_text(got.permission, "12/QĐ"));
	assert_int_equal(custody_check(p->txn, 3), FAIL_CUSTODY);
	assert_int_equal(custody_check(p->txn, 7), FAIL_NONE);
}

static void
what_does_not_read_lets_nobody_seal(void **state)
{
	static const uint8_t other[] = { 9, 0 };
	struct place *p = *state;

	assert_int_equal(
	    settings_put(p->txn, SETTING_CUSTODY, BYTES_ARRAY(other)),
	    FAIL_NONE);
	assert_int_equal(custody_check(p->txn, 3), FAIL_CORRUPT);
}

static void
permission_has_its_length(void **state)
{
	static const uint8_t text[CUSTODY_PERMISSION_MAX + 1];
	struct place *p = *state;
	struct custody c = { .holder = 1, .permission = BYTES_ARRAY(text) };

	assert_int_equal(custody_put(p->txn, &c), FAIL_LIMIT);
	c.permission.len--;
	assert_int_equal(custody_put(p->txn, &c), FAIL_NONE);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(until_it_is_handed_over_anybody_may_seal),
		ROW(what_does_not_read_lets_nobody_seal),
		ROW(permission_has_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

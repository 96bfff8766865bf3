#include "storage/settings.h"

#include "tests/unit/storage/store_test.h"

static void
setting_is_read_back_and_replaced(void **state)
{
	struct place *p = *state;
	struct bytes value;

	assert_int_equal(
	    settings_get(p->txn, SETTING_PLACE, &value), FAIL_MISSING);
	assert_int_equal(
	    settings_put(p->txn, SETTING_PLACE, BYTES_TEXT("Khánh Hòa")),
	    FAIL_NONE);
	assert_int_equal(
	    settings_get(p->txn, SETTING_PLACE, &value), FAIL_NONE);
	assert_true(bytes_equal_text(value, "Khánh Hòa"));
	assert_int_equal(
	    settings_put(p->txn, SETTING_PLACE, BYTES_TEXT("Huế")), FAIL_NONE);
	assert_int_equal(
	    settings_get(p->txn, SETTING_PLACE, &value), FAIL_NONE);
	assert_true(bytes_equal_text(value, "Huế"));
}

static void
name_that_begins_like_another_is_another(void **state)
{
	struct place *p = *state;
	struct bytes value;

	assert_int_equal(
	    settings_put(p->txn, "pki.root", BYTES_TEXT("a")), FAIL_NONE);
	assert_int_equal(settings_get(p->txn, "pki.roo", &value), FAIL_MISSING);
	assert_int_equal(
	    settings_get(p->txn, "pki.roots", &value), FAIL_MISSING);
}

static void
largest_picture_fits_and_a_larger_one_is_refused(void **state)
{
	static uint8_t picture[SETTING_VALUE_MAX + 1];
	struct place *p = *state;
	struct bytes value;

	assert_int_equal(
	    settings_put(p->txn, SETTING_SEAL, BYTES_ARRAY(picture)),
	    FAIL_LIMIT);
	assert_int_equal(settings_put(p->txn, SETTING_SEAL,
			     (struct bytes){ picture, SETTING_VALUE_MAX }),
	    FAIL_NONE);
	assert_int_equal(settings_get(p->txn, SETTING_SEAL, &value), FAIL_NONE);
	assert_int_equal(value.len, SETTING_VALUE_MAX);
}

static void
name_may_reach_the_keys_length_but_not_pass_it(void **state)
{
	struct place *p = *state;
	char name[STORE_KEY_MAX + 2];
	struct bytes value;

	memset(name, 'a', sizeof(name));
	name[STORE_KEY_MAX + 1] = '\0';
	assert_int_equal(
	    settings_put(p->txn, name, BYTES_TEXT("x")), FAIL_LIMIT);
	name[STORE_KEY_MAX] = '\0';
	assert_int_equal(
	    settings_put(p->txn, name, BYTES_TEXT("x")), FAIL_NONE);
	assert_int_equal(settings_get(p->txn, name, &value), FAIL_NONE);
}

/* LMDB knows no empty keys: nobody's setting is simply not there. */
static void
empty_name_has_no_value(void **state)
{
	struct place *p = *state;
	struct bytes value;

	assert_int_not_equal(settings_get(p->txn, "", &value), FAIL_NONE);
}

static void
number_is_read_within_its_bounds_or_is_the_usual_one(void **state)
{
	static const struct {
		const char *text;
		unsigned number;
	} rows[] = { { "1", 1 }, { "16", 16 }, { "007", 7 }, { "0", 3 },
		{ "17", 3 }, { "", 3 }, { "x", 3 }, { "4x", 3 }, { "-1", 3 },
		{ " 4", 3 }, { "4294967297", 3 } };
	struct place *p = *state;

	assert_int_equal(settings_number(p->txn, SETTING_LANES, 1, 16, 3), 3);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(settings_put(p->txn, SETTING_LANES,
				     BYTES_TEXT(rows[i].text)),
		    FAIL_NONE);
		assert_int_equal(
		    settings_number(p->txn, SETTING_LANES, 1, 16, 3),
		    rows[i].number);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(setting_is_read_back_and_replaced),
		ROW(name_that_begins_like_another_is_another),
		ROW(largest_picture_fits_and_a_larger_one_is_refused),
		ROW(name_may_reach_the_keys_length_but_not_pass_it),
		ROW(empty_name_has_no_value),
		ROW(number_is_read_within_its_bounds_or_is_the_usual_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "firmware/flow/spot.h"

#include "tests/unit/storage/store_test.h"

static enum fail
read_texts(const char *page, const char *left, const char *top, struct spot *s)
{
	return spot_read(
	    BYTES_TEXT(page), BYTES_TEXT(left), BYTES_TEXT(top), s);
}

static void
what_is_typed_is_read_to_a_tenth(void **state)
{
	static const struct {
		const char *page, *left, *top;
		struct spot spot;
	} rows[] = { { "", "0", "0", { 0, 0, 0 } },
		{ "1", "20", "30,5", { 1, 200, 305 } },
		{ "9999", "5000", "0.1", { 9999, 50000, 1 } },
		{ "0", "007", "1,0", { 0, 70, 10 } } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct spot s;

		assert_int_equal(
		    read_texts(rows[i].page, rows[i].left, rows[i].top, &s),
		    FAIL_NONE);
		assert_true(s.page == rows[i].spot.page &&
		    s.left == rows[i].spot.left && s.top == rows[i].spot.top);
	}
}

static void
what_is_no_place_is_refused(void **state)
{
	static const char *const rows[][3] = { { "1", "", "" },
		{ "1", "5", "" }, { "", "", "5" }, { "x", "1", "1" },
		{ "10000", "1", "1" }, { "1,5", "1", "1" },
		{ "", "5000,1", "1" }, { "", "5001", "1" },
		{ "", "99999999999999999999", "1" }, { "", "-1", "1" },
		{ "", "1,", "1" }, { "", ",5", "1" }, { "", "1,25", "1" },
		{ "", "1 ", "1" }, { "", "1e3", "1" } };
	struct spot s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    read_texts(rows[i][0], rows[i][1], rows[i][2], &s),
		    FAIL_USAGE);
	assert_int_equal(read_texts("", "", "", &s), FAIL_MISSING);
}

static void
place_is_remembered_for_kind_and_person(void **state)
{
	static const struct spot a = { 1, 2, 3 }, b = { 4, 50000, 6 };
	struct place *p = *state;
	struct spot s;

	assert_int_equal(spot_get(p->txn, 1, 7, &s), FAIL_MISSING);
	assert_int_equal(spot_put(p->txn, 1, 7, &a), FAIL_NONE);
	assert_int_equal(spot_put(p->txn, 1, UINT64_MAX, &b), FAIL_NONE);
	assert_int_equal(spot_get(p->txn, 1, 7, &s), FAIL_NONE);
	assert_true(s.page == 1 && s.left == 2 && s.top == 3);
	assert_int_equal(spot_get(p->txn, 2, 7, &s), FAIL_MISSING);
	assert_int_equal(spot_get(p->txn, 1, 8, &s), FAIL_MISSING);
	assert_int_equal(spot_put(p->txn, 1, 7, &b), FAIL_NONE);
	assert_int_equal(spot_get(p->txn, 1, 7, &s), FAIL_NONE);
	assert_true(s.page == 4 && s.left == 50000 && s.top == 6);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed_is_read_to_a_tenth),
		cmocka_unit_test(what_is_no_place_is_refused),
		ROW(place_is_remembered_for_kind_and_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

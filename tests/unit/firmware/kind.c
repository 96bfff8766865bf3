#include "firmware/flow/kind.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* Decree 30/2020 Annex III, in its order. */
static const struct {
	const char *name, *symbol;
} annex[] = {
	{ "Nghị quyết", "NQ" },
	{ "Quyết định", "QĐ" },
	{ "Chỉ thị", "CT" },
	{ "Quy chế", "QC" },
	{ "Quy định", "QyĐ" },
	{ "Thông cáo", "TC" },
	{ "Thông báo", "TB" },
	{ "Hướng dẫn", "HD" },
	{ "Chương trình", "CTr" },
	{ "Kế hoạch", "KH" },
	{ "Phương án", "PA" },
	{ "Đề án", "ĐA" },
	{ "Dự án", "DA" },
	{ "Báo cáo", "BC" },
	{ "Biên bản", "BB" },
	{ "Tờ trình", "TTr" },
	{ "Hợp đồng", "HĐ" },
	{ "Công văn", NULL },
	{ "Công điện", "CĐ" },
	{ "Bản ghi nhớ", "BGN" },
	{ "Bản thỏa thuận", "BTT" },
	{ "Giấy ủy quyền", "GUQ" },
	{ "Giấy mời", "GM" },
	{ "Giấy giới thiệu", "GGT" },
	{ "Giấy nghỉ phép", "GNP" },
	{ "Phiếu gửi", "PG" },
	{ "Phiếu chuyển", "PC" },
	{ "Phiếu báo", "PB" },
	{ "Thư công", NULL },
};

enum { DECISION = 1, LETTER = 17, PUBLIC_LETTER = 28 };

static void
assert_view(struct buf *b, const char *want)
{
	assert_int_equal(buf_fail(b), FAIL_NONE);
	buf_char(b, '\0');
	assert_string_equal((const char *)b->data, want);
	buf_free(b);
}

static void
kinds_are_the_twenty_nine_of_annex_iii(void **state)
{
	(void)state;
	assert_int_equal(KIND_COPY, 29);
	assert_int_equal(KIND_COPY, sizeof(annex) / sizeof(annex[0]));
	for (unsigned i = 0; i < KIND_COPY; i++) {
		const struct kind *kind = kind_get(i);

		assert_false(kind_is_copy(i));

		assert_string_equal(kind->name, annex[i].name);
		if (annex[i].symbol)
			assert_string_equal(kind->symbol, annex[i].symbol);
		else
			assert_null(kind->symbol);
	}
}

static void
copies_come_behind_them(void **state)
{
	static const char *const want[] = { "SY", "SL", "TrS" };

	(void)state;
	assert_int_equal(KIND_COUNT, KIND_COPY + 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(kind_is_copy(KIND_COPY + i));
		assert_string_equal(kind_get(KIND_COPY + i)->symbol, want[i]);
	}
	assert_false(kind_is_copy(KIND_COUNT));
}

static void
kind_out_of_range_does_not_read_past_the_table(void **state)
{
	(void)state;
	assert_non_null(kind_get(KIND_COUNT));
	assert_non_null(kind_get(UINT32_MAX)->name);
}

static const struct {
	unsigned kind;
	const char *unit, *want;
} symbols[] = {
	{ DECISION, "", "QĐ-BQL" },
	{ DECISION, "TCHC", "QĐ-BQL" },
	{ LETTER, "TCHC", "BQL-TCHC" },
	{ LETTER, "", "BQL" },
	{ PUBLIC_LETTER, "TCHC", "BQL-TCHC" },
	{ 4, "TCHC", "QyĐ-BQL" },
};

static void
symbol_names_kind_and_agency_or_agency_and_unit(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		struct buf out;

		buf_init(&out, 100);
		kind_symbol(symbols[i].kind, BYTES_TEXT("BQL"),
		    BYTES_TEXT(symbols[i].unit), &out);
		assert_view(&out, symbols[i].want);
	}
}

static const struct {
	uint32_t number;
	const char *want;
} numbers[] = {
	{ 1, "01/QĐ-BQL" },
	{ 5, "05/QĐ-BQL" },
	{ 9, "09/QĐ-BQL" },
	{ 10, "10/QĐ-BQL" },
	{ 12, "12/QĐ-BQL" },
	{ 106, "106/QĐ-BQL" },
	{ UINT32_MAX, "4294967295/QĐ-BQL" },
};

static void
numbers_below_ten_have_a_leading_zero(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct buf out;

		buf_init(&out, 100);
		kind_number(numbers[i].number, BYTES_TEXT("QĐ-BQL"), &out);
		assert_view(&out, numbers[i].want);
	}
}

static const struct {
	struct when_date date;
	const char *want;
} dates[] = {
	{ { .year = 2021, .month = 1, .day = 5 },
	    "Khánh Hòa, ngày 05 tháng 01 năm 2021" },
	{ { .year = 2020, .month = 10, .day = 19 },
	    "Khánh Hòa, ngày 19 tháng 10 năm 2020" },
	{ { .year = 2021, .month = 3, .day = 3 },
	    "Khánh Hòa, ngày 03 tháng 3 năm 2021" },
	{ { .year = 2021, .month = 2, .day = 28 },
	    "Khánh Hòa, ngày 28 tháng 02 năm 2021" },
	{ { .year = 2024, .month = 9, .day = 9 },
	    "Khánh Hòa, ngày 09 tháng 9 năm 2024" },
	{ { .year = 2024, .month = 12, .day = 10 },
	    "Khánh Hòa, ngày 10 tháng 12 năm 2024" },
};

static void
days_below_ten_and_the_first_two_months_have_a_leading_zero(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		struct buf out;

		buf_init(&out, 200);
		kind_date(BYTES_TEXT("Khánh Hòa"), dates[i].date, &out);
		assert_view(&out, dates[i].want);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_the_twenty_nine_of_annex_iii),
		cmocka_unit_test(copies_come_behind_them),
		cmocka_unit_test(
		    kind_out_of_range_does_not_read_past_the_table),
		cmocka_unit_test(
		    symbol_names_kind_and_agency_or_agency_and_unit),
		cmocka_unit_test(numbers_below_ten_have_a_leading_zero),
		cmocka_unit_test(
		    days_below_ten_and_the_first_two_months_have_a_leading_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

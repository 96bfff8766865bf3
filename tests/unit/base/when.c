#include "base/when.h"

#include <string.h>
#include <time.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* 0000-01-01 and 9999-12-31T23:59:59 in UTC (date -u +%s). */
#define FIRST INT64_C(-62167219200)
#define LAST INT64_C(253402300799)

static void
same_date(struct when_date a, struct when_date b)
{
	assert_int_equal(a.year, b.year);
	assert_int_equal(a.month, b.month);
	assert_int_equal(a.day, b.day);
	assert_int_equal(a.hour, b.hour);
	assert_int_equal(a.minute, b.minute);
	assert_int_equal(a.second, b.second);
}

static void
check_instant(int64_t instant)
{
	struct when_date d = when_split(instant, 0);
	time_t libc = (time_t)instant;
	struct tm tm;

	assert_non_null(gmtime_r(&libc, &tm));
	if (d.year != tm.tm_year + 1900 || d.month != tm.tm_mon + 1 ||
	    d.day != tm.tm_mday || d.hour != tm.tm_hour ||
	    d.minute != tm.tm_min || d.second != tm.tm_sec)
		fail_msg("instant %lld", (long long)instant);
	if (!when_valid(d) || when_join(d, 0) != instant)
		fail_msg(
		    "instant %lld is not joined again", (long long)instant);
}

/* Steps of a day and a bit, so that the hour wanders too. */
static void
every_day_of_ten_thousand_years_is_as_libc_has_it(void **state)
{
	(void)state;
	for (int64_t instant = FIRST; instant <= LAST; instant += 86461)
		check_instant(instant);
	check_instant(LAST);
}

static void
every_minute_of_a_leap_february_is_as_libc_has_it(void **state)
{
	(void)state;
	/* 2024-02-27 to 2024-03-02. */
	for (int64_t i = 1708992000; i < 1709337600; i += 59)
		check_instant(i);
}

static void
known_instants_are_split_and_joined(void **state)
{
	/* date -u -d @N */
	static const struct {
		int64_t instant;
		struct when_date date;
	} rows[] = {
		{ 0, { 1970, 1, 1, 0, 0, 0 } },
		{ -1, { 1969, 12, 31, 23, 59, 59 } },
		{ 951782400, { 2000, 2, 29, 0, 0, 0 } },
		{ 951868800, { 2000, 3, 1, 0, 0, 0 } },
		{ -2203977600, { 1900, 2, 28, 0, 0, 0 } },
		{ -2203891200, { 1900, 3, 1, 0, 0, 0 } },
		{ 4107456000, { 2100, 2, 28, 0, 0, 0 } },
		{ 4107542400, { 2100, 3, 1, 0, 0, 0 } },
		{ 2147483648, { 2038, 1, 19, 3, 14, 8 } },
		{ 4102444799, { 2099, 12, 31, 23, 59, 59 } },
		{ LAST, { 9999, 12, 31, 23, 59, 59 } },
		{ FIRST, { 0, 1, 1, 0, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		same_date(when_split(rows[i].instant, 0), rows[i].date);
		assert_true(when_join(rows[i].date, 0) == rows[i].instant);
	}
}

static void
day_in_viet_nam_changes_at_17_utc(void **state)
{
	/* 2026-11-22T16:59:59Z and one second later. */
	struct when_date before = when_split(1795366799, WHEN_VIETNAM_OFFSET);
	struct when_date after = when_split(1795366800, WHEN_VIETNAM_OFFSET);

	(void)state;
	same_date(before, (struct when_date){ 2026, 11, 22, 23, 59, 59 });
	same_date(after, (struct when_date){ 2026, 11, 23, 0, 0, 0 });
	assert_true(when_join(after, WHEN_VIETNAM_OFFSET) == 1795366800);
}

static void
new_year_in_viet_nam_is_the_first_of_january(void **state)
{
	/* 2026-12-31T17:00:00Z */
	same_date(when_split(1798736400, WHEN_VIETNAM_OFFSET),
	    (struct when_date){ 2027, 1, 1, 0, 0, 0 });
	same_date(when_split(1798736399, WHEN_VIETNAM_OFFSET),
	    (struct when_date){ 2026, 12, 31, 23, 59, 59 });
	(void)state;
}

static void
only_real_days_and_times_are_valid(void **state)
{
	static const struct {
		struct when_date date;
		bool valid;
	} rows[] = {
		{ { 2026, 11, 23, 12, 30, 59 }, true },
		{ { 0, 1, 1, 0, 0, 0 }, true },
		{ { 9999, 12, 31, 23, 59, 59 }, true },
		{ { 2024, 2, 29, 0, 0, 0 }, true },
		{ { 2000, 2, 29, 0, 0, 0 }, true },
		{ { 0, 2, 29, 0, 0, 0 }, true },
		{ { 2023, 2, 29, 0, 0, 0 }, false },
		{ { 1900, 2, 29, 0, 0, 0 }, false },
		{ { 2100, 2, 29, 0, 0, 0 }, false },
		{ { 2024, 2, 30, 0, 0, 0 }, false },
		{ { 2024, 4, 30, 0, 0, 0 }, true },
		{ { 2024, 4, 31, 0, 0, 0 }, false },
		{ { 2024, 6, 31, 0, 0, 0 }, false },
		{ { 2024, 9, 31, 0, 0, 0 }, false },
		{ { 2024, 11, 31, 0, 0, 0 }, false },
		{ { 2024, 12, 32, 0, 0, 0 }, false },
		{ { 2024, 0, 1, 0, 0, 0 }, false },
		{ { 2024, 13, 1, 0, 0, 0 }, false },
		{ { 2024, -1, 1, 0, 0, 0 }, false },
		{ { 2024, 1, 0, 0, 0, 0 }, false },
		{ { 2024, 1, -1, 0, 0, 0 }, false },
		{ { -1, 1, 1, 0, 0, 0 }, false },
		{ { 10000, 1, 1, 0, 0, 0 }, false },
		{ { 2024, 1, 1, 24, 0, 0 }, false },
		{ { 2024, 1, 1, -1, 0, 0 }, false },
		{ { 2024, 1, 1, 0, 60, 0 }, false },
		{ { 2024, 1, 1, 0, -1, 0 }, false },
		{ { 2024, 1, 1, 23, 59, 60 }, false },
		{ { 2024, 1, 1, 0, 0, -1 }, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (when_valid(rows[i].date) != rows[i].valid)
			fail_msg("row %zu", i);
}

/* 2024-09-16T09:29:07Z, when decision 981/QĐ-TTg was signed. */
static void
instants_are_written_in_the_time_of_viet_nam(void **state)
{
	char text[WHEN_TEXT_MAX];

	(void)state;
	when_stamp_text(1726478947, text);
	assert_string_equal(text, "16.09.2024 16:29:07 +07:00");
	when_iso_text(1726478947, text);
	assert_string_equal(text, "2024-09-16T16:29:07+07:00");
	when_pdf_text(1726478947, text);
	assert_string_equal(text, "D:20240916162907+07'00'");
	when_iso_text(0, text);
	assert_string_equal(text, "1970-01-01T07:00:00+07:00");
}

static void
days_are_written_with_two_digits(void **state)
{
	char text[WHEN_TEXT_MAX];

	(void)state;
	when_day_text(
	    (struct when_date){ .year = 2020, .month = 10, .day = 19 }, text);
	assert_string_equal(text, "19/10/2020");
	when_day_text(
	    (struct when_date){ .year = 2027, .month = 1, .day = 2 }, text);
	assert_string_equal(text, "02/01/2027");
}

/* A time-stamp may claim any year (X.680 46): each keeps four digits. */
static void
years_before_1000_keep_four_digits(void **state)
{
	char text[WHEN_TEXT_MAX];

	(void)state;
	when_iso_text(FIRST, text);
	assert_string_equal(text, "0000-01-01T07:00:00+07:00");
	when_pdf_text(FIRST, text);
	assert_string_equal(text, "D:00000101070000+07'00'");
	when_stamp_text(FIRST, text);
	assert_string_equal(text, "01.01.0000 07:00:00 +07:00");
}

static void
last_instant_of_the_calendar_does_not_overrun(void **state)
{
	struct {
		char text[WHEN_TEXT_MAX];
		char after;
	} place = { .after = 'x' };

	(void)state;
	when_stamp_text(LAST, place.text);
	assert_true(strlen(place.text) < WHEN_TEXT_MAX);
	when_iso_text(LAST, place.text);
	when_pdf_text(LAST, place.text);
	assert_int_equal(place.after, 'x');
}

static void
days_are_read_in_both_shapes(void **state)
{
	static const struct {
		const char *text;
		int year, month, day; /* year -1: refused */
	} rows[] = {
		{ "2026-11-23", 2026, 11, 23 },
		{ "23/11/2026", 2026, 11, 23 },
		{ "01/02/2003", 2003, 2, 1 },
		{ "2024-02-29", 2024, 2, 29 },
		{ "29/02/2023", -1, 0, 0 },
		{ "2023-02-29", -1, 0, 0 },
		{ "11/23/2026", -1, 0, 0 },
		{ "1/2/2003", -1, 0, 0 },
		{ "2003-2-1", -1, 0, 0 },
		{ "2026/11/23", -1, 0, 0 },
		{ "23-11-2026", -1, 0, 0 },
		{ "23/11-2026", -1, 0, 0 },
		{ "2026-11/23", -1, 0, 0 },
		{ "23/11/26", -1, 0, 0 },
		{ " 23/11/2026", -1, 0, 0 },
		{ "23/11/2026 ", -1, 0, 0 },
		{ "2026-11-23T", -1, 0, 0 },
		{ "+026-11-23", -1, 0, 0 },
		{ "-026-11-23", -1, 0, 0 },
		{ "2026-1a-23", -1, 0, 0 },
		{ "00/11/2026", -1, 0, 0 },
		{ "2026-00-01", -1, 0, 0 },
		{ "", -1, 0, 0 },
		{ "/", -1, 0, 0 },
		{ "//////////", -1, 0, 0 },
		{ "----------", -1, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct when_date d = { 1, 2, 3, 4, 5, 6 };
		bool good = when_parse_day(rows[i].text, &d);

		if (good != (rows[i].year >= 0))
			fail_msg("%s", rows[i].text);
		if (good)
			same_date(d,
			    (struct when_date){ rows[i].year, rows[i].month,
				rows[i].day, 0, 0, 0 });
		else
			same_date(d, (struct when_date){ 1, 2, 3, 4, 5, 6 });
	}
}

static void
day_written_is_read_back(void **state)
{
	char text[WHEN_TEXT_MAX];

	(void)state;
	for (int64_t i = 0; i < 4102444800; i += 86400 * 13) {
		struct when_date was = when_split(i, 0), d;

		when_day_text(was, text);
		assert_true(when_parse_day(text, &d));
		same_date(was, d);
	}
}

static void
instants_are_read_in_one_shape(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t instant;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", true, 0 },
		{ "2024-09-16T09:29:07Z", true, 1726478947 },
		{ "2024-02-29T23:59:59Z", true, 1709251199 },
		{ "2023-02-29T00:00:00Z", false, 0 },
		{ "2024-09-16T24:00:00Z", false, 0 },
		{ "2024-09-16 09:29:07Z", false, 0 },
		{ "2024-09-16T09:29:07", false, 0 },
		{ "2024-09-16T09:29:07+", false, 0 },
		{ "2024-09-16T09:29:7ZZ", false, 0 },
		{ "", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t instant = 0;

		if (when_parse_instant(rows[i].text, &instant) !=
			rows[i].good ||
		    instant != rows[i].instant)
			fail_msg("%s", rows[i].text);
	}
}

static void
clocks_go_forward(void **state)
{
	int64_t was = when_monotonic_ms();

	(void)state;
	assert_true(was > 0);
	assert_true(when_monotonic_ms() >= was);
	assert_true(when_now() - (int64_t)time(NULL) <= 1);
}

static void
today_is_the_day_in_viet_nam_or_refused(void **state)
{
	struct when_date today = { 0 };
	enum fail f = when_today(&today);

	(void)state;
	/* 2026-01-01: an earlier clock is not to be trusted. */
	if (when_now() < 1767225600) {
		assert_int_equal(f, FAIL_CLOCK);
		return;
	}
	assert_int_equal(f, FAIL_NONE);
	assert_true(when_valid(today));
	assert_true(when_now() - when_join(today, WHEN_VIETNAM_OFFSET) <= 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_day_of_ten_thousand_years_is_as_libc_has_it),
		cmocka_unit_test(
		    every_minute_of_a_leap_february_is_as_libc_has_it),
		cmocka_unit_test(known_instants_are_split_and_joined),
		cmocka_unit_test(day_in_viet_nam_changes_at_17_utc),
		cmocka_unit_test(new_year_in_viet_nam_is_the_first_of_january),
		cmocka_unit_test(only_real_days_and_times_are_valid),
		cmocka_unit_test(instants_are_written_in_the_time_of_viet_nam),
		cmocka_unit_test(days_are_written_with_two_digits),
		cmocka_unit_test(years_before_1000_keep_four_digits),
		cmocka_unit_test(last_instant_of_the_calendar_does_not_overrun),
		cmocka_unit_test(days_are_read_in_both_shapes),
		cmocka_unit_test(day_written_is_read_back),
		cmocka_unit_test(instants_are_read_in_one_shape),
		cmocka_unit_test(clocks_go_forward),
		cmocka_unit_test(today_is_the_day_in_viet_nam_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

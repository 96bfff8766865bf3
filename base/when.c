#include "base/when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* 2026-01-01: no appliance with this firmware ran before it. */
#define CLOCK_FLOOR INT64_C(1767225600)

int64_t
when_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

int64_t
when_monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
when_monotonic_ms(void)
{
	return when_monotonic_us() / 1000;
}

enum fail
when_today(struct when_date *today)
{
	int64_t now = when_now();

	if (now < CLOCK_FLOOR)
		return FAIL_CLOCK;
	*today = when_split(now, WHEN_VIETNAM_OFFSET);
	return FAIL_NONE;
}

/*
 * Days since 1970-01-01 and back, counting in 400-year eras that start on a
 * first of March, so that the leap day is the last day of its year.
 */
static int64_t
days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year =
	    (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - 719468;
}

int64_t
when_join(struct when_date d, int offset)
{
	return days_of(d.year, d.month, d.day) * 86400 + d.hour * 3600 +
	    d.minute * 60 + d.second - offset;
}

struct when_date
when_split(int64_t instant, int offset)
{
	struct when_date d;
	int64_t local = instant + offset;
	int64_t days = local / 86400, seconds = local % 86400;
	int64_t era, day, year, month;

	if (seconds < 0) {
		seconds += 86400;
		days--;
	}
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day = days - era * 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	d.day = (int)(day - (153 * month + 2) / 5 + 1);
	d.month = (int)(month < 10 ? month + 3 : month - 9);
	d.year = (int)(year + era * 400 + (d.month <= 2));
	d.hour = (int)(seconds / 3600);
	d.minute = (int)(seconds / 60 % 60);
	d.second = (int)(seconds % 60);
	return d;
}

bool
when_valid(struct when_date d)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	bool leap = d.year % 4 == 0 && (d.year % 100 != 0 || d.year % 400 == 0);

	if (d.year < 0 || d.year > 9999 || d.month < 1 || d.month > 12)
		return false;
	if (d.day < 1 || d.day > lengths[d.month - 1] + (d.month == 2 && leap))
		return false;
	return d.hour >= 0 && d.hour < 24 && d.minute >= 0 && d.minute < 60 &&
	    d.second >= 0 && d.second < 60;
}

void
when_stamp_text(int64_t instant, char out[WHEN_TEXT_MAX])
{
	struct when_date d = when_split(instant, WHEN_VIETNAM_OFFSET);

	snprintf(out, WHEN_TEXT_MAX, "%02d.%02d.%04d %02d:%02d:%02d +07:00",
	    d.day, d.month, d.year, d.hour, d.minute, d.second);
}

void
when_iso_text(int64_t instant, char out[WHEN_TEXT_MAX])
{
	struct when_date d = when_split(instant, WHEN_VIETNAM_OFFSET);

	snprintf(out, WHEN_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d+07:00",
	    d.year, d.month, d.day, d.hour, d.minute, d.second);
}

void
when_pdf_text(int64_t instant, char out[WHEN_TEXT_MAX])
{
	struct when_date d = when_split(instant, WHEN_VIETNAM_OFFSET);

	snprintf(out, WHEN_TEXT_MAX, "D:%04d%02d%02d%02d%02d%02d+07'00'",
	    d.year, d.month, d.day, d.hour, d.minute, d.second);
}

void
when_day_text(struct when_date d, char out[WHEN_TEXT_MAX])
{
	snprintf(out, WHEN_TEXT_MAX, "%02d/%02d/%04d", d.day, d.month, d.year);
}

void
when_head_text(struct when_date d, char out[WHEN_TEXT_MAX])
{
	snprintf(out, WHEN_TEXT_MAX,
	    d.month < 3 ? "ngày %02d tháng %02d năm %d" :
			  "ngày %02d tháng %d năm %d",
	    d.day, d.month, d.year);
}

/* The digits of text at the places where shape has letter; -1 when one is no
 * digit. */
static int
picked(const char *text, const char *shape, char letter)
{
	int value = 0;

	for (size_t i = 0; shape[i]; i++) {
		if (shape[i] != letter)
			continue;
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* Digits exactly where the shape has letters, the same character elsewhere. */
static bool
has_shape(const char *text, const char *shape)
{
	if (strlen(text) != strlen(shape))
		return false;
	for (size_t i = 0; shape[i]; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (shape[i] >= 'a' && shape[i] <= 'z' ? !digit :
							 text[i] != shape[i])
			return false;
	}
	return true;
}

bool
when_parse_day(const char *text, struct when_date *date)
{
	const char *shape = strchr(text, '/') ? "dd/mm/yyyy" : "yyyy-mm-dd";
	struct when_date d = { 0 };

	if (!has_shape(text, shape))
		return false;
	d.year = picked(text, shape, 'y');
	d.month = picked(text, shape, 'm');
	d.day = picked(text, shape, 'd');
	if (!when_valid(d))
		return false;
	*date = d;
	return true;
}

bool
when_parse_instant(const char *text, int64_t *instant)
{
	static const char shape[] = "yyyy-mm-ddThh:ii:ssZ";
	struct when_date d;

	if (!has_shape(text, shape))
		return false;
	d = (struct when_date){ picked(text, shape, 'y'),
		picked(text, shape, 'm'), picked(text, shape, 'd'),
		picked(text, shape, 'h'), picked(text, shape, 'i'),
		picked(text, shape, 's') };
	if (!when_valid(d))
		return false;
	*instant = when_join(d, 0);
	return true;
}

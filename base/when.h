/*
 * Time.  Instants are UTC seconds since 1970; dates on paper are calendar days
 * in Viet Nam, which keeps +07:00 all year (no daylight saving since 1975), so
 * no zone database is needed.  Deadlines use the monotonic clock.
 */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"

#define WHEN_VIETNAM_OFFSET (7 * 3600)

/* Proleptic Gregorian calendar and wall time in some stated zone. */
struct when_date {
	int year;   /* 0 … 9999 */
	int month;  /* 1 … 12 */
	int day;    /* 1 … 31 */
	int hour;   /* 0 … 23 */
	int minute; /* 0 … 59 */
	int second; /* 0 … 59 */
};

/* The wall clock now, and a clock that never steps. */
int64_t when_now(void);
int64_t when_monotonic_ms(void);
int64_t when_monotonic_us(void);

/*
 * Today in Viet Nam for a date on paper.  FAIL_CLOCK while the clock stands
 * before the day this firmware was built: then it has certainly lost power.
 */
CHECKED enum fail when_today(struct when_date *today);

/* Break an instant into the calendar at UTC + offset seconds, and back. */
struct when_date when_split(int64_t instant, int offset);
int64_t when_join(struct when_date date, int offset);

/* True when every field is in range, the day for its month and year too. */
bool when_valid(struct when_date date);

#define WHEN_TEXT_MAX 40

/* "16.09.2024 16:29:07 +07:00", as the government's own tool prints it. */
void when_stamp_text(int64_t instant, char out[WHEN_TEXT_MAX]);

/* "2024-09-16T16:29:07+07:00". */
void when_iso_text(int64_t instant, char out[WHEN_TEXT_MAX]);

/* "19/10/2020". */
void when_day_text(struct when_date date, char out[WHEN_TEXT_MAX]);

/* "ngày 09 tháng 02 năm 2026": days below ten and months below three with a
 * zero in front (Decree 30/2020 Annex I, box 4). */
void when_head_text(struct when_date date, char out[WHEN_TEXT_MAX]);

/* "D:20240916162931+07'00'" (ISO 32000-1 7.9.4). */
void when_pdf_text(int64_t instant, char out[WHEN_TEXT_MAX]);

/* YYYY-MM-DD or dd/mm/yyyy, exactly; false when it is not a real day. */
bool when_parse_day(const char *text, struct when_date *date);

/* "2024-09-16T09:29:07Z", exactly; false when there is no such instant. */
bool when_parse_instant(const char *text, int64_t *instant);

#endif

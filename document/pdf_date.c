#include "document/pdf_date.h"

#include "base/when.h"

/* Two digits at *at, stepping over them; otherwise when none are left, -1 when
 * something else stands there. */
static int
two_digits(struct bytes text, size_t *at, int otherwise)
{
	int value = 0;

	if (*at == text.len)
		return otherwise;
	for (size_t end = *at + 2; *at < end; (*at)++) {
		if (*at == text.len || text.data[*at] < '0' ||
		    text.data[*at] > '9')
			return -1;
		value = value * 10 + (text.data[*at] - '0');
	}
	return value;
}

bool
pdf_date_read(struct bytes text, int64_t *instant)
{
	struct when_date d;
	size_t at = 2;
	int century, years, zone_hour = 0, zone_minute = 0;
	char sign = 'Z';

	if (!bytes_starts(text, "D:"))
		return false;
	century = two_digits(text, &at, -1);
	years = two_digits(text, &at, -1);
	d.year = century * 100 + years;
	d.month = two_digits(text, &at, 1);
	d.day = two_digits(text, &at, 1);
	d.hour = two_digits(text, &at, 0);
	d.minute = two_digits(text, &at, 0);
	d.second = two_digits(text, &at, 0);
	if (century < 0 || years < 0 || !when_valid(d))
		return false;
	if (at < text.len)
		sign = (char)text.data[at++];
	if (sign == '+' || sign == '-') {
		zone_hour = two_digits(text, &at, 0);
		if (at < text.len && text.data[at] == '\'')
			at++;
		zone_minute = two_digits(text, &at, 0);
	} else if (sign != 'Z') {
		return false;
	}
	if (zone_hour < 0 || zone_hour > 14 || zone_minute < 0 ||
	    zone_minute > 59)
		return false;
	*instant = when_join(
	    d, (sign == '-' ? -60 : 60) * (zone_hour * 60 + zone_minute));
	return true;
}

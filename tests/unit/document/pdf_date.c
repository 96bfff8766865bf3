#include "document/pdf_date.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* ISO 32000-1 7.9.4; instants by date(1). */
static const struct {
	const char *text;
	bool good;
	int64_t instant;
} rows[] = {
	{ "D:20240916162931+07'00'", true, INT64_C(1726478971) },
	{ "D:20240916092931Z", true, INT64_C(1726478971) },
	{ "D:2024", true, INT64_C(1704067200) },
	{ "D:19700101000000-01'30", true, INT64_C(5400) },
	{ "D:", false, 0 },
	{ "D:2", false, 0 },
	{ "D:20", false, 0 },
	{ "D:201", false, 0 },
	{ "D:20x4", false, 0 },
	{ "D:20241", false, 0 },
	{ "D:20240230", false, 0 },
	{ "D:20240916162931+15'00'", false, 0 },
	{ "D:20240916162931?", false, 0 },
	{ "20240916162931", false, 0 },
};

static void
dates_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t instant = 0;

		if (pdf_date_read(BYTES_TEXT(rows[i].text), &instant) !=
			rows[i].good ||
		    (rows[i].good && instant != rows[i].instant))
			fail_msg("%s: %lld", rows[i].text, (long long)instant);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

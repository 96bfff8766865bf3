#include "document/pades_ranges.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

static uint8_t bytes[1000];

/* Each digest is that of the ranges by themselves, whatever was asked for
 * before and in which order. */
static void
shared_beginnings_change_no_digest(void **state)
{
	static const size_t gaps[] = { 400, 10, 400, 700, 0 };
	static const struct {
		size_t gap, gap_end, end;
		enum hash_kind kind;
	} rows[] = { { 700, 720, 1000, HASH_SHA256 },
		{ 10, 30, 100, HASH_SHA256 }, { 400, 450, 500, HASH_SHA384 },
		{ 400, 450, 500, HASH_SHA256 }, { 400, 410, 900, HASH_SHA256 },
		{ 0, 5, 50, HASH_SHA1 }, { 700, 701, 702, HASH_SHA384 },
		/* One that nobody announced. */
		{ 555, 560, 600, HASH_SHA256 },
		{ 700, 720, 1000, HASH_SHA256 } };
	struct pdf_file file = { .in = BYTES_ARRAY(bytes) };
	struct pades_digester d;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	assert_int_equal(pades_digester_init(&d, gaps, 5), FAIL_NONE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pades_ranges r = { .gap = rows[i].gap,
			.gap_end = rows[i].gap_end,
			.end = rows[i].end };
		uint8_t got[HASH_MAX], want[HASH_MAX];
		struct hash h;

		hash_init(&h, rows[i].kind);
		hash_add(&h, (struct bytes){ bytes, r.gap });
		hash_add(
		    &h, (struct bytes){ bytes + r.gap_end, r.end - r.gap_end });
		hash_done(&h, want);
		assert_int_equal(
		    pades_ranges_digest(&d, &file, &r, rows[i].kind, got),
		    FAIL_NONE);
		assert_memory_equal(got, want, hash_len(rows[i].kind));
	}
	/* What was passed on the way is kept. */
	assert_int_equal(d.count, 5);
	for (size_t i = 1; i < d.count; i++)
		assert_true(d.prefixes[i - 1].len <= d.prefixes[i].len);
	assert_int_equal(d.prefixes[1].hash.kind, HASH_SHA256);
	pades_digester_free(&d);
}

static void
no_signatures_is_no_mistake(void **state)
{
	struct pades_digester d;

	(void)state;
	assert_int_equal(pades_digester_init(&d, NULL, 0), FAIL_NONE);
	assert_int_equal(d.count, 0);
	pades_digester_free(&d);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_beginnings_change_no_digest),
		cmocka_unit_test(no_signatures_is_no_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

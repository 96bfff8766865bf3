#include "crypto/ecdsa.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void
short_and_high_numbers(void **state)
{
	/* r = 1, s = 0x80: padding on one side, a sign octet on the other. */
	static const uint8_t raw[16] = { 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0,
		0, 0, 0x80 };
	static const uint8_t der[] = { 0x30, 7, 2, 1, 1, 2, 2, 0, 0x80 };
	struct buf out;

	(void)state;
	buf_init(&out, 64);
	assert_int_equal(ecdsa_to_der(BYTES_ARRAY(raw), &out), FAIL_NONE);
	assert_true(bytes_equal(buf_view(&out), BYTES_ARRAY(der)));
	buf_clear(&out);
	assert_int_equal(ecdsa_to_raw(BYTES_ARRAY(der), 64, &out), FAIL_NONE);
	assert_true(bytes_equal(buf_view(&out), BYTES_ARRAY(raw)));
	buf_free(&out);
}

static void
what_is_no_value(void **state)
{
	static const uint8_t odd[] = { 1, 2, 3 };
	static const uint8_t negative[] = { 0x30, 6, 2, 1, 0x80, 2, 1, 1 };
	static const uint8_t long_one[] = { 0x30, 7, 2, 2, 1, 1, 2, 1, 1 };
	static const uint8_t alone[] = { 0x30, 3, 2, 1, 1 };
	static const uint8_t behind[] = { 0x30, 6, 2, 1, 1, 2, 1, 1, 0 };
	struct buf out;

	(void)state;
	buf_init(&out, 64);
	assert_int_equal(ecdsa_to_der(BYTES_ARRAY(odd), &out), FAIL_FORMAT);
	assert_int_equal(
	    ecdsa_to_der((struct bytes){ NULL, 0 }, &out), FAIL_FORMAT);
	assert_int_equal(
	    ecdsa_to_raw(BYTES_ARRAY(negative), 8, &out), FAIL_FORMAT);
	assert_int_equal(
	    ecdsa_to_raw(BYTES_ARRAY(long_one), 8, &out), FAIL_FORMAT);
	assert_int_equal(
	    ecdsa_to_raw(BYTES_ARRAY(alone), 8, &out), FAIL_FORMAT);
	assert_int_equal(
	    ecdsa_to_raw(BYTES_ARRAY(behind), 8, &out), FAIL_FORMAT);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_and_high_numbers),
		cmocka_unit_test(what_is_no_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

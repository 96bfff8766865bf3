#include "crypto/der_write.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "crypto/der_read.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int
open_buf(void **state)
{
	static struct buf b;

	buf_init(&b, 200000);
	*state = &b;
	return 0;
}

static int
close_buf(void **state)
{
	buf_free(*state);
	return 0;
}

/* X.690 8.1.3 and 10.1: the fewest octets that hold the length. */
static void
lengths_take_the_fewest_octets(void **state)
{
	static const struct {
		size_t len;
		const char *head;
		size_t head_len;
	} rows[] = {
		{ 0, "\x04\x00", 2 },
		{ 1, "\x04\x01", 2 },
		{ 38, "\x04\x26", 2 }, /* the example of 8.1.3.4 */
		{ 127, "\x04\x7F", 2 },
		{ 128, "\x04\x81\x80", 3 },
		{ 201, "\x04\x81\xC9", 3 }, /* the example of 8.1.3.5 */
		{ 255, "\x04\x81\xFF", 3 },
		{ 256, "\x04\x82\x01\x00", 4 },
		{ 65535, "\x04\x82\xFF\xFF", 4 },
		{ 65536, "\x04\x83\x01\x00\x00", 5 },
	};
	static uint8_t zeros[65536];
	struct buf *b = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		der_mark mark;

		buf_clear(b);
		der_put(
		    b, DER_OCTET_STRING, (struct bytes){ zeros, rows[i].len });
		assert_int_equal(b->len, rows[i].head_len + rows[i].len);
		assert_memory_equal(b->data, rows[i].head, rows[i].head_len);

		buf_clear(b);
		mark = der_begin(b);
		buf_zeros(b, rows[i].len);
		der_end_with(b, mark, DER_OCTET_STRING);
		assert_int_equal(b->len, rows[i].head_len + rows[i].len);
		assert_memory_equal(b->data, rows[i].head, rows[i].head_len);
	}
}

/* X.690 8.3, content as OpenSSL's asn1parse -genstr INTEGER:N gives it. */
static void
integers_are_short_and_not_negative(void **state)
{
	static const struct {
		uint32_t value;
		const char *item;
		size_t len;
	} rows[] = {
		{ 0, "\x02\x01\x00", 3 },
		{ 1, "\x02\x01\x01", 3 },
		{ 127, "\x02\x01\x7F", 3 },
		{ 128, "\x02\x02\x00\x80", 4 },
		{ 255, "\x02\x02\x00\xFF", 4 },
		{ 256, "\x02\x02\x01\x00", 4 },
		{ 32767, "\x02\x02\x7F\xFF", 4 },
		{ 32768, "\x02\x03\x00\x80\x00", 5 },
		{ 65536, "\x02\x03\x01\x00\x00", 5 },
		{ 8388608, "\x02\x04\x00\x80\x00\x00", 6 },
		{ 2147483647, "\x02\x04\x7F\xFF\xFF\xFF", 6 },
		{ 2147483648, "\x02\x05\x00\x80\x00\x00\x00", 7 },
		{ 4294967295, "\x02\x05\x00\xFF\xFF\xFF\xFF", 7 },
	};
	struct buf *b = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_clear(b);
		der_put_int(b, rows[i].value);
		assert_int_equal(b->len, rows[i].len);
		assert_memory_equal(b->data, rows[i].item, rows[i].len);
	}
}

/* The example of X.690 8.9.3: SEQUENCE { name "Smith", ok TRUE }. */
static void
sequence_of_the_standard_comes_out(void **state)
{
	static const uint8_t want[] = { 0x30, 0x0A, 0x16, 0x05, 'S', 'm', 'i',
		't', 'h', 0x01, 0x01, 0xFF };
	struct buf *b = *state;
	der_mark mark = der_begin(b);

	der_put(b, DER_IA5, BYTES_TEXT("Smith"));
	der_put(b, DER_BOOLEAN, BYTES_TEXT("\xFF"));
	der_end_with(b, mark, DER_SEQUENCE);
	assert_int_equal(b->len, sizeof(want));
	assert_memory_equal(b->data, want, sizeof(want));
}

static void
nested_items_close_from_the_inside(void **state)
{
	static const uint8_t want[] = { 'x', 0x30, 0x09, 0xA0, 0x05, 0x31, 0x03,
		0x02, 0x01, 0x05, 0x05, 0x00 };
	struct buf *b = *state;
	der_mark all, tagged, set;

	buf_char(b, 'x');
	all = der_begin(b);
	tagged = der_begin(b);
	set = der_begin(b);
	der_put_int(b, 5);
	der_end_with(b, set, DER_SET);
	der_end_with(b, tagged, DER_CONTEXT_MADE(0));
	der_put_null(b);
	der_end_with(b, all, DER_SEQUENCE);
	assert_int_equal(b->len, sizeof(want));
	assert_memory_equal(b->data, want, sizeof(want));
}

static void
bit_string_starts_with_no_unused_bits(void **state)
{
	struct buf *b = *state;

	der_put_bits(b, BYTES_TEXT("\x0A\x3B"));
	der_put_bits(b, (struct bytes){ NULL, 0 });
	assert_int_equal(b->len, 8);
	assert_memory_equal(b->data, "\x03\x03\x00\x0A\x3B\x03\x01\x00", 8);
}

static void
what_is_written_can_be_read(void **state)
{
	struct buf *b = *state;
	struct der d, inside;
	struct der_item item;
	struct bytes bits;
	der_mark mark = der_begin(b);
	int value;

	der_put_int(b, 123456);
	der_put_bits(b, BYTES_TEXT("bits"));
	buf_zeros(b, 0);
	der_put(b, DER_UTF8, BYTES_TEXT("Ấn Tín"));
	der_end_with(b, mark, DER_SEQUENCE);
	d = der_open(buf_view(b));
	assert_int_equal(der_into(&d, DER_SEQUENCE, &inside), FAIL_NONE);
	assert_true(der_end(&d));
	assert_int_equal(der_int(&inside, &value), FAIL_NONE);
	assert_int_equal(value, 123456);
	assert_int_equal(der_bits(&inside, &bits), FAIL_NONE);
	assert_true(bytes_equal_text(bits, "bits"));
	assert_int_equal(der_take(&inside, DER_UTF8, &item), FAIL_NONE);
	assert_true(bytes_equal_text(item.value, "Ấn Tín"));
	assert_true(der_end(&inside));
}

static void
full_buffer_stays_failed_through_all_calls(void **state)
{
	struct buf small;
	der_mark mark;

	(void)state;
	buf_init(&small, 4);
	mark = der_begin(&small);
	der_put(&small, DER_UTF8, BYTES_TEXT("too long"));
	der_put_int(&small, 1);
	der_put_null(&small);
	der_put_bits(&small, BYTES_TEXT("x"));
	der_end_with(&small, mark, DER_SEQUENCE);
	assert_int_equal(buf_fail(&small), FAIL_LIMIT);
	assert_true(small.len <= 4);
	buf_free(&small);
}

static void
closing_may_fail_too(void **state)
{
	struct buf small;
	der_mark mark;

	(void)state;
	buf_init(&small, 4);
	mark = der_begin(&small);
	der_put_int(&small, 1);
	assert_int_equal(buf_fail(&small), FAIL_NONE);
	der_end_with(&small, mark, DER_SEQUENCE);
	assert_int_equal(buf_fail(&small), FAIL_LIMIT);
	buf_free(&small);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_buf, close_buf)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(lengths_take_the_fewest_octets),
		ROW(integers_are_short_and_not_negative),
		ROW(sequence_of_the_standard_comes_out),
		ROW(nested_items_close_from_the_inside),
		ROW(bit_string_starts_with_no_unused_bits),
		ROW(what_is_written_can_be_read),
		ROW(full_buffer_stays_failed_through_all_calls),
		ROW(closing_may_fail_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

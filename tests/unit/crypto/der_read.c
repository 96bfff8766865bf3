#include "crypto/der_read.h"

#include <stdlib.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Bytes with zeros among them, as an initialiser. */
#define B(s)                                        \
	{                                           \
		(const uint8_t *)(s), sizeof(s) - 1 \
	}

struct row {
	struct bytes in;
	const char *why;
};

static void
items_are_split_into_tag_value_and_whole(void **state)
{
	static const struct bytes in = B("\x04\x02hi\x30\x03\x02\x01\x07");
	struct der d = der_open(in);
	struct der_item item;

	(void)state;
	assert_int_equal(der_peek(&d), DER_OCTET_STRING);
	assert_int_equal(der_any(&d, &item), FAIL_NONE);
	assert_int_equal(item.tag, DER_OCTET_STRING);
	assert_true(bytes_equal_text(item.value, "hi"));
	assert_int_equal(item.whole.len, 4);
	assert_int_equal(der_any(&d, &item), FAIL_NONE);
	assert_int_equal(item.tag, DER_SEQUENCE);
	assert_int_equal(item.value.len, 3);
	assert_ptr_equal(item.whole.data, in.data + 4);
	assert_true(der_end(&d));
	assert_int_equal(der_peek(&d), -1);
}

static void
long_lengths_are_read(void **state)
{
	static const struct {
		const char *head;
		size_t head_len, len;
	} rows[] = {
		{ "\x04\x7F", 2, 127 },
		{ "\x04\x81\x80", 3, 128 },
		{ "\x04\x81\xC9", 3, 201 }, /* X.690 8.1.3.5 */
		{ "\x04\x82\x01\x00", 4, 256 },
		{ "\x04\x83\x01\x00\x00", 5, 65536 },
	};
	static uint8_t space[70000];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes in = { space, rows[i].head_len + rows[i].len };
		struct der_item item;

		memcpy(space, rows[i].head, rows[i].head_len);
		assert_int_equal(
		    der_whole(in, DER_OCTET_STRING, &item), FAIL_NONE);
		assert_int_equal(item.value.len, rows[i].len);
		in.len--;
		assert_int_equal(
		    der_whole(in, DER_OCTET_STRING, &item), FAIL_FORMAT);
	}
}

static const struct row not_der[] = {
	{ B(""), "nothing" },
	{ B("\x04"), "no length" },
	{ B("\x04\x01"), "content cut" },
	{ B("\x04\x03xy"), "content cut" },
	{ B("\x04\x81"), "length cut" },
	{ B("\x04\x82\x01"), "length cut" },
	{ B("\x04\x81\x01x"), "127 or less in long form" },
	{ B("\x04\x81\x7F"), "127 or less in long form" },
	{ B("\x04\x81\x00"), "zero in long form" },
	{ B("\x04\x82\x00\x80"), "leading zero in length" },
	{ B("\x04\x80"), "indefinite" },
	{ B("\x30\x80\x02\x01\x01\x00\x00"), "indefinite" },
	{ B("\x04\xFF"), "reserved length 0xFF" },
	{ B("\x04\x89\x01\x00\x00\x00\x00\x00\x00\x00\x00"), "length of 9" },
	{ B("\x04\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "length wraps" },
	{ B("\x04\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xF6"), "length wraps" },
	{ B("\x04\x84\xFF\xFF\xFF\xFFx"), "length past the end" },
	{ B("\x1F\x1F\x00"), "high tag" },
	{ B("\x3F\x81\x01\x00"), "high tag" },
	{ B("\xBF\x20\x00"), "high tag" },
	{ B("\xFF\x00"), "high tag" },
};

static void
what_is_not_der_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(not_der); i++) {
		/* On the heap, so that an over-read is seen by a sanitizer. */
		uint8_t *copy =
		    malloc(not_der[i].in.len ? not_der[i].in.len : 1);
		struct der d =
		    der_open((struct bytes){ copy, not_der[i].in.len });
		struct der_item item;

		assert_non_null(copy);
		memcpy(copy, not_der[i].in.data, not_der[i].in.len);
		d = der_open((struct bytes){ copy, not_der[i].in.len });
		if (der_any(&d, &item) != FAIL_FORMAT)
			fail_msg("%s (row %zu)", not_der[i].why, i);
		assert_int_equal(d.rest.len, not_der[i].in.len);
		free(copy);
	}
}

static void
take_wants_its_tag_and_leaves_others(void **state)
{
	static const struct bytes in = B("\x02\x01\x05");
	struct der d = der_open(in);
	struct der_item item;
	struct der inside;

	(void)state;
	assert_int_equal(der_take(&d, DER_OCTET_STRING, &item), FAIL_FORMAT);
	assert_int_equal(der_into(&d, DER_SEQUENCE, &inside), FAIL_FORMAT);
	assert_int_equal(d.rest.len, 3);
	assert_int_equal(der_take(&d, DER_INTEGER, &item), FAIL_NONE);
	assert_int_equal(der_take(&d, DER_INTEGER, &item), FAIL_FORMAT);
}

static void
optional_item_may_lack_but_not_be_broken(void **state)
{
	static const struct bytes in = B("\xA0\x00\x02\x05\x01");
	struct der d = der_open(in);
	struct der_item item;

	(void)state;
	assert_int_equal(
	    der_optional(&d, DER_CONTEXT_MADE(1), &item), FAIL_NONE);
	assert_int_equal(item.whole.len, 0);
	assert_int_equal(
	    der_optional(&d, DER_CONTEXT_MADE(0), &item), FAIL_NONE);
	assert_int_equal(item.whole.len, 2);
	assert_int_equal(item.value.len, 0);
	assert_int_equal(der_optional(&d, DER_INTEGER, &item), FAIL_FORMAT);
	d = der_open((struct bytes){ NULL, 0 });
	assert_int_equal(der_optional(&d, DER_INTEGER, &item), FAIL_NONE);
	assert_int_equal(item.whole.len, 0);
}

static void
trailing_bytes_are_refused(void **state)
{
	static const struct bytes in = B("\x05\x00\x00");
	struct der_item item;

	(void)state;
	assert_int_equal(der_whole(in, DER_NULL, &item), FAIL_FORMAT);
	assert_int_equal(
	    der_whole(bytes_part(in, 0, 2), DER_NULL, &item), FAIL_NONE);
}

/* X.690 11.1: in DER TRUE is 0xFF. */
static void
booleans_are_zero_or_all_ones(void **state)
{
	static const struct {
		struct bytes in;
		int value; /* -1: refused */
	} rows[] = {
		{ B("\x01\x01\x00"), 0 },
		{ B("\x01\x01\xFF"), 1 },
		{ B("\x01\x01\x01"), -1 },
		{ B("\x01\x00"), -1 },
		{ B("\x01\x02\xFF\xFF"), -1 },
		{ B("\x02\x01\xFF"), -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct der d = der_open(rows[i].in);
		bool value = rows[i].value == 0;
		enum fail f = der_bool(&d, &value);

		assert_int_equal(
		    f, rows[i].value < 0 ? FAIL_FORMAT : FAIL_NONE);
		if (!f)
			assert_int_equal(value, rows[i].value);
	}
}

/* X.690 8.3.2: the first nine bits are not all equal. */
static void
integers_are_minimal_and_not_negative(void **state)
{
	static const struct {
		struct bytes in;
		int value; /* -1: refused */
	} rows[] = {
		{ B("\x02\x01\x00"), 0 },
		{ B("\x02\x01\x7F"), 127 },
		{ B("\x02\x02\x00\x80"), 128 },
		{ B("\x02\x02\x01\x00"), 256 },
		{ B("\x02\x04\x7F\xFF\xFF\xFF"), 2147483647 },
		{ B("\x02\x00"), -1 },
		{ B("\x02\x01\x80"), -1 },
		{ B("\x02\x01\xFF"), -1 },
		{ B("\x02\x02\x00\x7F"), -1 },
		{ B("\x02\x02\x00\x00"), -1 },
		{ B("\x02\x02\xFF\x80"), -1 },
		{ B("\x02\x04\x80\x00\x00\x00"), -1 },
		{ B("\x02\x05\x00\x80\x00\x00\x00"), -1 },
		{ B("\x02\x05\x01\x00\x00\x00\x00"), -1 },
		{ B("\x0A\x01\x01"), -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct der d = der_open(rows[i].in);
		int value = -2;
		enum fail f = der_int(&d, &value);

		if ((f == FAIL_NONE) != (rows[i].value >= 0))
			fail_msg("row %zu", i);
		assert_int_equal(value, f ? -2 : rows[i].value);
	}
}

#define UTC(s)                                                 \
	{                                                      \
		(const uint8_t *)("\x17\x0D" s), sizeof(s) + 1 \
	}

/* Seconds by date -u +%s. */
static void
times_are_read_as_rfc_5280_writes_them(void **state)
{
	static const struct {
		struct bytes in;
		int64_t instant;
	} rows[] = {
		{ UTC("240916162907Z"), 1726504147 },
		{ UTC("700101000000Z"), 0 },
		{ UTC("491231235959Z"), 2524607999 },
		{ UTC("500101000000Z"), -631152000 },
		{ UTC("991231235959Z"), 946684799 },
		{ UTC("000229000000Z"), 951782400 },
		{ B("\x18\x0F"
		    "20500101000000Z"),
		    2524608000 },
		{ B("\x18\x0F"
		    "19700101000000Z"),
		    0 },
		{ B("\x18\x0F"
		    "99991231235959Z"),
		    253402300799 },
		/* RFC 3161 2.4.2 and X.690 11.7.5. */
		{ B("\x18\x12"
		    "19920722132100.34Z"),
		    711811260 },
		{ B("\x18\x11"
		    "19920722132100.3Z"),
		    711811260 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct der d = der_open(rows[i].in);
		int64_t instant = 12345;

		if (der_time(&d, &instant) || instant != rows[i].instant)
			fail_msg("row %zu: %lld", i, (long long)instant);
		assert_true(der_end(&d));
	}
}

static void
other_times_are_refused(void **state)
{
	static const struct row rows[] = {
		{ B("\x17\x0B"
		    "2409161629Z"),
		    "no seconds" },
		{ B("\x17\x0C"
		    "240916162907"),
		    "no zone" },
		{ B("\x17\x11"
		    "240916162907+0700"),
		    "offset" },
		{ B("\x17\x0E"
		    "240916162907Z "),
		    "trailing byte" },
		{ B("\x17\x0D"
		    "241316162907Z"),
		    "month 13" },
		{ B("\x17\x0D"
		    "240016162907Z"),
		    "month 0" },
		{ B("\x17\x0D"
		    "230229000000Z"),
		    "29 February 2023" },
		{ B("\x17\x0D"
		    "240431000000Z"),
		    "31 April" },
		{ B("\x17\x0D"
		    "240916242907Z"),
		    "hour 24" },
		{ B("\x17\x0D"
		    "240916166007Z"),
		    "minute 60" },
		{ B("\x17\x0D"
		    "240916162960Z"),
		    "second 60" },
		{ B("\x17\x0D"
		    "2409161629-7Z"),
		    "sign" },
		{ B("\x17\x0D"
		    "24 916162907Z"),
		    "blank" },
		{ B("\x17\x0D"
		    "240916162907z"),
		    "small z" },
		{ B("\x17\x0F"
		    "240916162907.5Z"),
		    "fraction in UTCTime" },
		{ B("\x17\x0F"
		    "20240916162907Z"),
		    "four digits in UTCTime" },
		{ B("\x17\x00"), "empty" },
		{ B("\x18\x00"), "empty" },
		{ B("\x18\x0D"
		    "240916162907Z"),
		    "two digits" },
		{ B("\x18\x0E"
		    "20240916162907"),
		    "no zone" },
		{ B("\x18\x13"
		    "20240916162907+0700"),
		    "offset" },
		{ B("\x18\x11"
		    "20240916162907,5Z"),
		    "comma" },
		{ B("\x18\x11"
		    "20240916162907.5z"),
		    "no Z" },
		{ B("\x18\x11"
		    "20240916162907.aZ"),
		    "letter in fraction" },
		{ B("\x18\x10"
		    "20240916162907.5"),
		    "no Z" },
		{ B("\x16\x0D"
		    "240916162907Z"),
		    "IA5String" },
		{ B("\x17\x0D"
		    "240916162907"),
		    "cut" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct der d = der_open(rows[i].in);
		int64_t instant = 12345;

		if (der_time(&d, &instant) != FAIL_FORMAT)
			fail_msg("%s (row %zu)", rows[i].why, i);
		assert_true(instant == 12345);
	}
}

/* X.690 11.7.3 and RFC 3161 2.4.2: no empty fraction, no trailing zero. */
static void
fractions_of_a_second_are_written_shortly(void **state)
{
	static const struct row rows[] = {
		{ B("\x18\x10"
		    "20240916162907.Z"),
		    "empty fraction" },
		{ B("\x18\x11"
		    "20240916162907.0Z"),
		    "zero fraction" },
		{ B("\x18\x12"
		    "20240916162907.50Z"),
		    "trailing zero" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct der d = der_open(rows[i].in);
		int64_t instant;

		if (der_time(&d, &instant) != FAIL_FORMAT)
			fail_msg("%s", rows[i].why);
	}
}

static void
bit_strings_have_no_unused_bits(void **state)
{
	static const struct {
		struct bytes in;
		const char *octets; /* NULL: refused */
	} rows[] = {
		{ B("\x03\x03\x00hi"), "hi" },
		{ B("\x03\x01\x00"), "" },
		{ B("\x03\x00"), NULL },
		{ B("\x03\x02\x01\xFE"), NULL },
		{ B("\x03\x02\x08\x00"), NULL },
		{ B("\x04\x03\x00hi"), NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct der d = der_open(rows[i].in);
		struct bytes octets;
		enum fail f = der_bits(&d, &octets);

		assert_int_equal(f, rows[i].octets ? FAIL_NONE : FAIL_FORMAT);
		if (!f)
			assert_true(bytes_equal_text(octets, rows[i].octets));
	}
}

/* der_from_ber where all of in must be one item. */
static enum fail
rewrite(struct bytes in, struct buf *out)
{
	size_t used = 12345;
	enum fail f = der_from_ber(in, out, &used);

	if (!f)
		assert_int_equal(used, in.len);
	return f;
}

struct ber_row {
	struct bytes in, out;
	const char *why;
};

static void
rewrite_rows(const struct ber_row *rows, size_t count)
{
	struct buf out;

	buf_init(&out, 10000);
	for (size_t i = 0; i < count; i++) {
		buf_clear(&out);
		if (rewrite(rows[i].in, &out) != FAIL_NONE ||
		    !bytes_equal(buf_view(&out), rows[i].out))
			fail_msg("%s", rows[i].why);
	}
	buf_free(&out);
}

static void
der_is_copied_as_it_is(void **state)
{
	static const struct ber_row rows[] = {
		{ B("\x05\x00"), B("\x05\x00"), "primitive" },
		{ B("\x30\x00"), B("\x30\x00"), "empty" },
		{ B("\x30\x0A\x16\x05Smith\x01\x01\xFF"),
		    B("\x30\x0A\x16\x05Smith\x01\x01\xFF"), "X.690 8.9.3" },
		{ B("\xA0\x07\x31\x05\x30\x03\x02\x01\x01"),
		    B("\xA0\x07\x31\x05\x30\x03\x02\x01\x01"), "nested" },
		{ B("\x30\x04\x30\x00\x31\x00"), B("\x30\x04\x30\x00\x31\x00"),
		    "empty ones beside each other" },
	};

	(void)state;
	rewrite_rows(rows, COUNT(rows));
}

/* What OpenSSL's asn1parse shows for the left must equal the right. */
static void
ber_becomes_definite_and_short(void **state)
{
	static const struct ber_row rows[] = {
		{ B("\x30\x80\x00\x00"), B("\x30\x00"), "empty indefinite" },
		{ B("\x30\x80\x02\x01\x01\x00\x00"), B("\x30\x03\x02\x01\x01"),
		    "indefinite" },
		{ B("\x30\x80\x30\x80\x31\x80\x05\x00\x00\x00\x00\x00\x00\x00"),
		    B("\x30\x06\x30\x04\x31\x02\x05\x00"), "three deep" },
		{ B("\x30\x80\x30\x03\x02\x01\x01\x30\x80\x00\x00\x00\x00"),
		    B("\x30\x07\x30\x03\x02\x01\x01\x30\x00"), "mixed" },
		{ B("\x04\x81\x02hi"), B("\x04\x02hi"), "long length" },
		{ B("\x30\x82\x00\x05\x04\x83\x00\x00\x00"),
		    B("\x30\x02\x04\x00"), "long lengths" },
		{ B("\x24\x80\x04\x02no\x04\x01i\x00\x00"), B("\x04\x03noi"),
		    "segmented string" },
		{ B("\x24\x07\x04\x02no\x04\x01i"), B("\x04\x03noi"),
		    "segmented string of definite length" },
		{ B("\x24\x80\x24\x80\x04\x01"
		    "a\x00\x00\x04\x01"
		    "b\x24\x03"
		    "\x04\x01"
		    "c\x00\x00"),
		    B("\x04\x03"
		      "abc"),
		    "segments in segments" },
		{ B("\x24\x80\x00\x00"), B("\x04\x00"), "string of nothing" },
		{ B("\x30\x80\xA0\x80\x24\x80\x04\x02hi\x00\x00\x00\x00\x00"
		    "\x00"),
		    B("\x30\x06\xA0\x04\x04\x02hi"), "as in CMS" },
	};

	(void)state;
	rewrite_rows(rows, COUNT(rows));
}

/* Head of "openssl cms -sign -stream -outform DER" and its tail. */
static void
streamed_cms_is_rewritten(void **state)
{
	static const struct ber_row rows[] = {
		{ B("\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0"
		    "\x80\x30\x80\x02\x01\x01\x31\x0D\x30\x0B\x06\x09\x60\x86"
		    "\x48\x01\x65\x03\x04\x02\x01\x30\x80\x06\x09\x2A\x86\x48"
		    "\x86\xF7\x0D\x01\x07\x01\xA0\x80\x24\x80\x04\x08noi dung"
		    "\x00\x00\x00\x00\x00\x00\x31\x00\x00\x00\x00\x00\x00\x00"),
		    B("\x30\x3C\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0"
		      "\x2F\x30\x2D\x02\x01\x01\x31\x0D\x30\x0B\x06\x09\x60\x86"
		      "\x48\x01\x65\x03\x04\x02\x01\x30\x17\x06\x09\x2A\x86\x48"
		      "\x86\xF7\x0D\x01\x07\x01\xA0\x0A\x04\x08noi dung\x31"
		      "\x00"),
		    "CMS" },
	};

	(void)state;
	rewrite_rows(rows, COUNT(rows));
}

static void
broken_ber_is_refused(void **state)
{
	static const struct row rows[] = {
		{ B(""), "nothing" },
		{ B("\x30"), "no length" },
		{ B("\x30\x80"), "no end" },
		{ B("\x30\x80\x00"), "end cut" },
		{ B("\x30\x80\x30\x80\x00\x00"), "one end lacks" },
		{ B("\x00\x00"), "an end alone" },
		{ B("\x30\x02\x00\x00"), "an end in a definite item" },
		{ B("\x04\x80\x00\x00"), "primitive indefinite" },
		{ B("\x30\x05\x02\x01\x01"), "content cut" },
		{ B("\x30\x03\x02\x02\x01\x01"), "child longer than parent" },
		{ B("\x30\x80\x30\x03\x02\x02\x01\x00\x00"), "child longer" },
		{ B("\x1F\x81\x01\x00"), "high tag" },
		{ B("\x30\x80\x3F\x20\x00\x00\x00"), "high tag" },
		{ B("\x04\xFF"), "reserved length" },
		{ B("\x04\x89\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "nine" },
		{ B("\x04\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "wraps" },
		{ B("\x30\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "wraps" },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 10000);
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_clear(&out);
		if (rewrite(rows[i].in, &out) != FAIL_FORMAT)
			fail_msg("%s (row %zu)", rows[i].why, i);
	}
	buf_free(&out);
}

/* X.690 8.1.5: end-of-contents is two zero octets, no long form. */
static void
end_of_contents_is_exactly_two_zeros(void **state)
{
	static const struct bytes in = B("\x30\x80\x30\x80\x00\x81\x00\x00");
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	assert_int_equal(rewrite(in, &out), FAIL_FORMAT);
	buf_free(&out);
}

/* X.690 8.7.3.2: the segments of an octet string are octet strings. */
static void
segments_of_another_type_are_refused(void **state)
{
	static const struct row rows[] = {
		{ B("\x24\x80\x02\x01"
		    "a\x00\x00"),
		    "INTEGER" },
		{ B("\x24\x05\x30\x03\x04\x01"
		    "a"),
		    "SEQUENCE" },
		{ B("\x24\x80\x0C\x01"
		    "a\x00\x00"),
		    "UTF8String" },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_clear(&out);
		if (!rewrite(rows[i].in, &out))
			fail_msg("%s taken as a segment", rows[i].why);
	}
	buf_free(&out);
}

static void
deep_nesting_is_refused(void **state)
{
	static uint8_t deep[400000];
	struct buf out;
	enum fail f;

	(void)state;
	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < sizeof(deep); i += 2) {
		deep[i] = 0x30;
		deep[i + 1] = 0x80;
	}
	assert_int_equal(rewrite(BYTES_ARRAY(deep), &out), FAIL_LIMIT);
	/* Strings in strings are no way around. */
	memset(deep, 0x24, sizeof(deep));
	for (size_t i = 1; i < sizeof(deep); i += 2)
		deep[i] = 0x80;
	buf_clear(&out);
	assert_int_equal(rewrite(BYTES_ARRAY(deep), &out), FAIL_LIMIT);
	/* A certificate in a CMS in an attribute is some twenty deep. */
	for (size_t depth = 1; depth <= 64; depth++) {
		memset(deep, 0, 4 * depth);
		for (size_t i = 0; i < 2 * depth; i += 2) {
			deep[i] = 0x30;
			deep[i + 1] = 0x80;
		}
		buf_clear(&out);
		f = rewrite((struct bytes){ deep, 4 * depth }, &out);
		if (depth <= 24)
			assert_int_equal(f, FAIL_NONE);
		else if (f)
			assert_int_equal(f, FAIL_LIMIT);
	}
	assert_int_equal(f, FAIL_LIMIT);
	buf_free(&out);
}

static void
output_does_not_pass_its_ceiling(void **state)
{
	static uint8_t in[20000];
	struct buf out;

	(void)state;
	/* Many small items in one indefinite sequence. */
	in[0] = 0x30;
	in[1] = 0x80;
	for (size_t i = 2; i + 2 < sizeof(in); i += 2)
		in[i] = 0x05;
	buf_init(&out, 10000);
	assert_int_equal(rewrite(BYTES_ARRAY(in), &out), FAIL_LIMIT);
	assert_true(out.len <= 10000);
	buf_free(&out);
	buf_init(&out, 30000);
	assert_int_equal(rewrite(BYTES_ARRAY(in), &out), FAIL_NONE);
	assert_int_equal(out.len, 2 + 2 + sizeof(in) - 4);
	buf_free(&out);
}

/* Zero padding after a signature in a PDF is the caller's to judge. */
static void
only_the_first_item_is_used(void **state)
{
	static const struct {
		struct bytes in;
		size_t used;
		struct bytes out;
	} rows[] = {
		{ B("\x05\x00\x00"), 2, B("\x05\x00") },
		{ B("\x30\x00\x05\x00"), 2, B("\x30\x00") },
		{ B("\x30\x80\x00\x00\x00\x00"), 4, B("\x30\x00") },
		{ B("\x30\x03\x02\x01\x07\x00\x00"), 5,
		    B("\x30\x03\x02\x01\x07") },
		{ B("\x24\x80\x04\x01"
		    "a\x00\x00\xFF"),
		    7,
		    B("\x04\x01"
		      "a") },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t used = 0;

		buf_clear(&out);
		assert_int_equal(
		    der_from_ber(rows[i].in, &out, &used), FAIL_NONE);
		assert_int_equal(used, rows[i].used);
		assert_true(bytes_equal(buf_view(&out), rows[i].out));
	}
	buf_free(&out);
}

/* Every cut of a good input is refused, and nothing is read past it. */
static void
every_cut_of_ber_is_refused(void **state)
{
	static const struct bytes good =
	    B("\x30\x80\xA0\x80\x24\x80\x04\x02hi\x04\x81\x01!\x00\x00\x00"
	      "\x00\x31\x04\x02\x02\x01\x00\x00\x00");
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(rewrite(good, &out), FAIL_NONE);
	for (size_t len = 0; len < good.len; len++) {
		uint8_t *cut = malloc(len ? len : 1);

		assert_non_null(cut);
		memcpy(cut, good.data, len);
		buf_clear(&out);
		assert_int_equal(
		    rewrite((struct bytes){ cut, len }, &out), FAIL_FORMAT);
		free(cut);
	}
	buf_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_are_split_into_tag_value_and_whole),
		cmocka_unit_test(long_lengths_are_read),
		cmocka_unit_test(what_is_not_der_is_refused),
		cmocka_unit_test(take_wants_its_tag_and_leaves_others),
		cmocka_unit_test(optional_item_may_lack_but_not_be_broken),
		cmocka_unit_test(trailing_bytes_are_refused),
		cmocka_unit_test(booleans_are_zero_or_all_ones),
		cmocka_unit_test(integers_are_minimal_and_not_negative),
		cmocka_unit_test(times_are_read_as_rfc_5280_writes_them),
		cmocka_unit_test(other_times_are_refused),
		cmocka_unit_test(fractions_of_a_second_are_written_shortly),
		cmocka_unit_test(bit_strings_have_no_unused_bits),
		cmocka_unit_test(der_is_copied_as_it_is),
		cmocka_unit_test(ber_becomes_definite_and_short),
		cmocka_unit_test(streamed_cms_is_rewritten),
		cmocka_unit_test(broken_ber_is_refused),
		cmocka_unit_test(end_of_contents_is_exactly_two_zeros),
		cmocka_unit_test(segments_of_another_type_are_refused),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(output_does_not_pass_its_ceiling),
		cmocka_unit_test(only_the_first_item_is_used),
		cmocka_unit_test(every_cut_of_ber_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "document/unzip.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define LOCAL_LEN 30u

/* Two stored files, "a" and "b". */
static void
make(struct buf *out)
{
	struct zip zip;

	buf_init(out, 4096);
	zip_init(&zip, zip_put_buf, out);
	assert_int_equal(zip_add(&zip, "a", BYTES_TEXT("first")), FAIL_NONE);
	assert_int_equal(zip_add(&zip, "b", BYTES_TEXT("other")), FAIL_NONE);
	assert_int_equal(zip_finish(&zip), FAIL_NONE);
	assert_int_equal(zip.at, out->len);
	zip_free(&zip);
}

/* Opens, and reads all. */
static enum fail
read_all(struct bytes in)
{
	struct unzip zip;
	enum fail f = unzip_open(&zip, in);

	if (f)
		return f;
	for (size_t i = 0; i < zip.count && !f; i++) {
		struct buf out;

		buf_init(&out, 64);
		f = unzip_read(&zip.entries[i], &out);
		buf_free(&out);
	}
	unzip_close(&zip);
	return f;
}

static void
own_files_are_read(void **state)
{
	const struct unzip_entry *e;
	struct unzip zip;
	struct buf made;
	struct buf out;

	(void)state;
	make(&made);
	assert_int_equal(unzip_open(&zip, buf_view(&made)), FAIL_NONE);
	assert_int_equal(zip.count, 2);
	e = unzip_find(&zip, BYTES_TEXT("b"));
	assert_non_null(e);
	assert_null(unzip_find(&zip, BYTES_TEXT("c")));
	buf_init(&out, 5);
	assert_int_equal(unzip_read(e, &out), FAIL_NONE);
	assert_true(bytes_equal_text(buf_view(&out), "other"));
	assert_int_equal(unzip_read(e, &out), FAIL_LIMIT);
	buf_free(&out);
	unzip_close(&zip);
	buf_free(&made);
}

/* No byte of it may be another one but in what no reader heeds: versions, times
 * and attributes. */
static void
each_byte_counts(void **state)
{
	struct buf made;
	size_t unheeded = 0;

	(void)state;
	make(&made);
	for (size_t i = 0; i < made.len; i++) {
		made.data[i] ^= 0x41;
		unheeded += !read_all(buf_view(&made));
		made.data[i] ^= 0x41;
	}
	/* Of each file: before it a time of 4 bytes, in the directory the
	 * version of who made it, a time and 5 bytes of attributes: the last
	 * one tells folders and links. */
	assert_int_equal(unheeded, 2 * (4 + 2 + 4 + 5));
	for (size_t i = 0; i < made.len; i++)
		assert_int_not_equal(
		    read_all(bytes_part(buf_view(&made), 0, i)), FAIL_NONE);
	buf_free(&made);
}

static void
nothing_hides_between(void **state)
{
	struct buf made, out, other;
	struct zip more;
	size_t first = LOCAL_LEN + strlen("a") + strlen("first"), at;
	uint8_t by;

	(void)state;
	make(&made);
	buf_init(&other, 4096);
	zip_init(&more, zip_put_buf, &other);
	assert_int_equal(zip_add(&more, "c", BYTES_TEXT("more")), FAIL_NONE);
	/* A whole file between the two that the directory does not name: all
	 * that comes behind is moved, and its places with it. */
	buf_init(&out, 4096);
	buf_bytes(&out, bytes_part(buf_view(&made), 0, first));
	buf_bytes(&out, buf_view(&other));
	buf_bytes(&out, bytes_part(buf_view(&made), first, SIZE_MAX));
	by = (uint8_t)other.len;
	at = bytes_find(buf_view(&out), "PK\x05\x06");
	out.data[at + 16] = (uint8_t)(out.data[at + 16] + by);
	/* The directory's last row is of "b", and ends with this name. */
	out.data[at - 5] = (uint8_t)(out.data[at - 5] + by);
	assert_int_equal(read_all(buf_view(&out)), FAIL_FORMAT);
	buf_free(&out);
	zip_free(&more);
	buf_free(&other);
	buf_free(&made);
}

/* An end record that begins in the length of a comment: those who search for
 * the last one from behind find it, whoever follows the lengths does not. */
static void
no_end_straddles_another(void **state)
{
	static const char rest[] = "\x05\x06"
				   "rest";
	struct buf made;
	struct buf out;

	(void)state;
	make(&made);
	buf_init(&out, 1u << 16);
	buf_bytes(&out, bytes_part(buf_view(&made), 0, made.len - 2));
	buf_add(&out, "PK", 2);
	buf_add(&out, rest, sizeof(rest) - 1);
	for (size_t i = sizeof(rest) - 1; i < 0x4B50; i++)
		buf_u8(&out, ' ');
	assert_int_equal(read_all(buf_view(&out)), FAIL_FORMAT);
	/* The same comment, but for what makes it one. */
	out.data[made.len] = ' ';
	assert_int_equal(read_all(buf_view(&out)), FAIL_NONE);
	buf_free(&out);
	buf_free(&made);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_files_are_read),
		cmocka_unit_test(each_byte_counts),
		cmocka_unit_test(nothing_hides_between),
		cmocka_unit_test(no_end_straddles_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static int
open_buf(void **state)
{
	static struct buf b;

	buf_init(&b, 1000);
	*state = &b;
	return 0;
}

static int
close_buf(void **state)
{
	buf_free(*state);
	return 0;
}

static void
new_buffer_is_empty_and_well(void **state)
{
	struct buf *b = *state;

	assert_int_equal(buf_view(b).len, 0);
	assert_int_equal(buf_fail(b), FAIL_NONE);
	assert_null(b->data);
}

static void
writes_are_kept_in_order(void **state)
{
	static const uint8_t want[] = { 'a', 'b', 'c', 'd', 0x01, 0x03, 0x02,
		0x07, 0x06, 0x05, 0x04, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33,
		0x22, 0x11, 0x02, 0x00, 'o', 'k', 0, 0, '7', '%' };
	struct buf *b = *state;

	buf_add(b, "ab", 2);
	buf_bytes(b, BYTES_TEXT("c"));
	buf_char(b, 'd');
	buf_u8(b, 0x01);
	buf_u16(b, 0x0203);
	buf_u32(b, 0x04050607);
	buf_u64(b, UINT64_C(0x1122334455667788));
	buf_field(b, BYTES_TEXT("ok"));
	buf_zeros(b, 2);
	buf_printf(b, "%d%%", 7);
	assert_int_equal(buf_fail(b), FAIL_NONE);
	assert_int_equal(b->len, sizeof(want));
	assert_memory_equal(b->data, want, sizeof(want));
}

static void
numbers_are_read_back_by_a_cursor(void **state)
{
	struct buf *b = *state;
	struct cursor c;

	buf_u64(b, UINT64_MAX);
	buf_u32(b, 0x80000001);
	buf_u16(b, 0xFFFE);
	buf_field(b, (struct bytes){ NULL, 0 });
	c = cursor_of(buf_view(b));
	assert_true(cursor_u64(&c) == UINT64_MAX);
	assert_true(cursor_u32(&c) == 0x80000001);
	assert_int_equal(cursor_u16(&c), 0xFFFE);
	assert_int_equal(cursor_field(&c).len, 0);
	assert_true(cursor_done(&c));
}

static void
ceiling_may_be_reached_but_not_passed(void **state)
{
	struct buf *b = *state;

	buf_zeros(b, 999);
	buf_char(b, 'x');
	assert_int_equal(buf_fail(b), FAIL_NONE);
	assert_int_equal(b->len, 1000);
	buf_char(b, 'y');
	assert_int_equal(buf_fail(b), FAIL_LIMIT);
	assert_int_equal(b->len, 1000);
	assert_int_equal(b->data[999], 'x');
}

static void
ceiling_below_the_first_step_holds_too(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 3);
	buf_text(&b, "abcd");
	assert_int_equal(buf_fail(&b), FAIL_LIMIT);
	assert_int_equal(b.len, 0);
	buf_clear(&b);
	buf_text(&b, "abc");
	assert_int_equal(buf_fail(&b), FAIL_NONE);
	assert_true(bytes_equal_text(buf_view(&b), "abc"));
	buf_free(&b);
}

static void
printed_text_may_reach_the_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	buf_printf(&b, "%s", "hello");
	assert_int_equal(buf_fail(&b), FAIL_NONE);
	assert_true(bytes_equal_text(buf_view(&b), "hello"));
	buf_printf(&b, "%d", 1);
	assert_int_equal(buf_fail(&b), FAIL_LIMIT);
	buf_free(&b);
}

static void
huge_write_does_not_wrap_around(void **state)
{
	struct buf *b = *state;

	buf_char(b, 'a');
	assert_null(buf_grow(b, SIZE_MAX));
	assert_int_equal(buf_fail(b), FAIL_LIMIT);
	assert_int_equal(b->len, 1);
}

static void
nothing_is_written_after_a_failure(void **state)
{
	struct buf *b = *state;

	buf_text(b, "before");
	buf_zeros(b, 1000);
	buf_text(b, "after");
	buf_u32(b, 1);
	buf_printf(b, "%d", 1);
	buf_insert(b, 0, "x", 1);
	assert_null(buf_grow(b, 1));
	assert_int_equal(buf_fail(b), FAIL_LIMIT);
	assert_true(bytes_equal_text(buf_view(b), "before"));
}

static void
clearing_forgets_the_failure_and_keeps_the_memory(void **state)
{
	struct buf *b = *state;
	uint8_t *memory;

	buf_text(b, "first");
	memory = b->data;
	buf_zeros(b, 1000);
	buf_clear(b);
	assert_int_equal(buf_fail(b), FAIL_NONE);
	assert_int_equal(b->len, 0);
	buf_text(b, "again");
	assert_ptr_equal(b->data, memory);
	assert_true(bytes_equal_text(buf_view(b), "again"));
}

static void
field_over_64_kib_is_refused_whole(void **state)
{
	static uint8_t big[65536];
	struct buf b;

	(void)state;
	buf_init(&b, 200000);
	buf_field(&b, (struct bytes){ big, 65535 });
	assert_int_equal(buf_fail(&b), FAIL_NONE);
	assert_int_equal(b.len, 65537);
	buf_field(&b, BYTES_ARRAY(big));
	assert_int_equal(buf_fail(&b), FAIL_LIMIT);
	assert_int_equal(b.len, 65537);
	buf_free(&b);
}

static void
insert_moves_what_follows(void **state)
{
	struct buf *b = *state;

	buf_text(b, "ad");
	buf_insert(b, 1, "bc", 2);
	buf_insert(b, 0, ">", 1);
	buf_insert(b, 5, "<", 1);
	buf_insert(b, 3, "", 0);
	assert_true(bytes_equal_text(buf_view(b), ">abcd<"));
}

static void
drop_takes_from_the_front(void **state)
{
	struct buf *b = *state;

	buf_text(b, "abcdef");
	buf_drop(b, 0);
	buf_drop(b, 4);
	assert_true(bytes_equal_text(buf_view(b), "ef"));
	buf_drop(b, 2);
	assert_int_equal(b->len, 0);
}

static void
many_small_writes_keep_every_byte(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (uint32_t i = 0; i < 100000; i++)
		buf_u32(&b, i * 2654435761u);
	assert_int_equal(buf_fail(&b), FAIL_NONE);
	assert_int_equal(b.len, 400000);
	for (uint32_t i = 0; i < 100000; i++) {
		struct cursor c = cursor_of(bytes_part(buf_view(&b), 4 * i, 4));

		assert_true(cursor_u32(&c) == i * 2654435761u);
	}
	buf_free(&b);
}

static void
freed_and_wiped_buffers_can_be_used_again(void **state)
{
	struct buf *b = *state;

	buf_text(b, "PIN");
	buf_wipe(b);
	assert_null(b->data);
	assert_int_equal(b->len, 0);
	buf_wipe(b);
	buf_free(b);
	buf_text(b, "new");
	assert_int_equal(buf_fail(b), FAIL_NONE);
	assert_true(bytes_equal_text(buf_view(b), "new"));
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_buf, close_buf)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(new_buffer_is_empty_and_well),
		ROW(writes_are_kept_in_order),
		ROW(numbers_are_read_back_by_a_cursor),
		ROW(ceiling_may_be_reached_but_not_passed),
		ROW(ceiling_below_the_first_step_holds_too),
		ROW(printed_text_may_reach_the_ceiling),
		ROW(huge_write_does_not_wrap_around),
		ROW(nothing_is_written_after_a_failure),
		ROW(clearing_forgets_the_failure_and_keeps_the_memory),
		ROW(field_over_64_kib_is_refused_whole),
		ROW(insert_moves_what_follows),
		ROW(drop_takes_from_the_front),
		ROW(many_small_writes_keep_every_byte),
		ROW(freed_and_wiped_buffers_can_be_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

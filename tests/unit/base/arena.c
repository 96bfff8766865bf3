#include "base/arena.h"

#include <stdalign.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define CEILING (1u << 20)

static int
open_arena(void **state)
{
	static struct arena a;

	arena_init(&a, CEILING);
	*state = &a;
	return 0;
}

static int
close_arena(void **state)
{
	arena_free(*state);
	return 0;
}

static void
memory_is_zeroed_and_aligned(void **state)
{
	static const uint8_t zeros[100];

	for (size_t size = 1; size <= sizeof(zeros); size++) {
		uint8_t *got = arena_take(*state, 1, size);

		assert_non_null(got);
		assert_int_equal((uintptr_t)got % alignof(max_align_t), 0);
		assert_memory_equal(got, zeros, size);
		memset(got, 0xFF, size);
	}
}

static void
takers_do_not_overlap(void **state)
{
	uint8_t *got[300];

	for (size_t i = 0; i < 300; i++) {
		got[i] = arena_take(*state, i + 1, 3);
		assert_non_null(got[i]);
		memset(got[i], (int)i % 251, 3 * (i + 1));
	}
	for (size_t i = 0; i < 300; i++)
		for (size_t j = 0; j < 3 * (i + 1); j++)
			assert_int_equal(got[i][j], i % 251);
}

static void
taking_nothing_still_gives_a_place_of_its_own(void **state)
{
	void *a = arena_take(*state, 0, 8), *b = arena_take(*state, 8, 0);

	assert_non_null(a);
	assert_non_null(b);
	assert_ptr_not_equal(a, b);
}

static void
product_that_overflows_is_refused(void **state)
{
	assert_null(arena_take(*state, SIZE_MAX, 2));
	assert_null(arena_take(*state, SIZE_MAX / 2, 3));
	assert_null(arena_take(*state, SIZE_MAX, 1));
	assert_null(arena_take(*state, 1, SIZE_MAX - 1));
	assert_non_null(arena_take(*state, 1, 1));
}

static void
ceiling_holds_for_all_blocks_together(void **state)
{
	struct arena *a = *state;
	size_t got = 0;

	while (arena_take(a, 1, 10000))
		got += 10000;
	assert_true(a->held <= CEILING);
	assert_true(got <= CEILING && got > CEILING / 2);
	assert_null(arena_take(a, 1, CEILING));
}

static void
ceiling_below_one_block_gives_nothing(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 100);
	assert_null(arena_take(&a, 1, 1));
	assert_null(arena_text(&a, BYTES_TEXT("x")));
	assert_null(arena_copy(&a, BYTES_TEXT("x")).data);
	arena_free(&a);
}

static void
copies_hold_their_own_bytes(void **state)
{
	uint8_t source[] = { 'a', 0, 'b' };
	struct bytes copy = arena_copy(*state, BYTES_ARRAY(source));
	struct bytes empty = arena_copy(*state, (struct bytes){ NULL, 0 });
	char *text = arena_text(*state, BYTES_TEXT("Ấn Tín"));

	source[0] = 'x';
	assert_int_equal(copy.len, 3);
	assert_memory_equal(copy.data, "a\0b", 3);
	assert_int_equal(empty.len, 0);
	assert_non_null(empty.data);
	assert_string_equal(text, "Ấn Tín");
	assert_string_equal(arena_text(*state, (struct bytes){ NULL, 0 }), "");
}

static void
going_back_gives_the_same_memory_zeroed(void **state)
{
	struct arena *a = *state;
	struct arena_mark mark;
	uint8_t *first;

	assert_non_null(arena_take(a, 1, 40));
	mark = arena_mark(a);
	first = arena_take(a, 1, 64);
	memset(first, 0xAA, 64);
	arena_back(a, mark);
	assert_ptr_equal(arena_take(a, 1, 64), first);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(first[i], 0);
}

static void
mark_from_before_the_first_block_starts_over(void **state)
{
	struct arena *a = *state;
	struct arena_mark mark = arena_mark(a);
	void *first;

	arena_back(a, mark);
	first = arena_take(a, 1, 16);
	assert_non_null(first);
	assert_non_null(arena_take(a, 1, 50000));
	arena_back(a, mark);
	assert_ptr_equal(arena_take(a, 1, 16), first);
}

static void
work_repeated_after_a_mark_holds_no_more_memory(void **state)
{
	struct arena *a = *state;
	struct arena_mark mark;
	size_t held = 0;

	assert_non_null(arena_take(a, 1, 16));
	mark = arena_mark(a);
	for (int round = 0; round < 1000; round++) {
		assert_non_null(arena_take(a, 1, 20000));
		assert_non_null(arena_take(a, 1, 300));
		assert_non_null(arena_take(a, 1, 20000));
		if (!round)
			held = a->held;
		assert_int_equal(a->held, held);
		arena_back(a, mark);
	}
}

static void
block_too_small_for_the_taker_is_stepped_over(void **state)
{
	struct arena *a = *state;
	struct arena_mark mark = arena_mark(a);
	uint8_t *big;

	assert_non_null(arena_take(a, 1, 100));
	assert_non_null(arena_take(a, 1, 16384));
	arena_back(a, mark);
	big = arena_take(a, 1, 40000);
	assert_non_null(big);
	memset(big, 1, 40000);
	assert_non_null(arena_take(a, 1, 100));
}

/*
 * A large block nearly full, then a small one kept from before the mark: when
 * the ceiling refuses the next taker, the fill of the large block must not be
 * counted in the small one.
 */
static void
refused_take_does_not_mix_up_two_blocks(void **state)
{
	struct arena *a = *state;
	struct arena_mark mark;
	uint8_t *big = arena_take(a, 1, 800000), *small;

	assert_non_null(big);
	mark = arena_mark(a);
	assert_non_null(arena_take(a, 1, 100));
	arena_back(a, mark);
	assert_null(arena_take(a, 1, CEILING));
	assert_true(a->current == mark.block || a->used <= 16384);
	small = arena_take(a, 1, 100);
	assert_non_null(small);
	memset(small, 1, 100);
	assert_int_equal(big[799999], 0);
}

static void
freed_arena_can_be_used_again(void **state)
{
	struct arena *a = *state;

	assert_non_null(arena_take(a, 1, 100000));
	arena_free(a);
	assert_int_equal(a->held, 0);
	assert_int_equal(a->ceiling, CEILING);
	assert_non_null(arena_take(a, 1, 100000));
	arena_free(a);
	arena_free(a);
}

static void
what_was_refused_once_is_remembered(void **state)
{
	struct arena *a = *state;

	assert_non_null(arena_take(a, 1, 100));
	assert_false(a->full);
	assert_null(arena_take(a, 1, CEILING + 1));
	assert_true(a->full);
	assert_non_null(arena_take(a, 1, 100));
	assert_true(a->full);
	arena_back(a, arena_mark(a));
	assert_true(a->full);
	arena_free(a);
	assert_false(a->full);
	assert_null(arena_take(a, SIZE_MAX / 2, 4));
	assert_true(a->full);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_arena, close_arena)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(memory_is_zeroed_and_aligned),
		ROW(takers_do_not_overlap),
		ROW(taking_nothing_still_gives_a_place_of_its_own),
		ROW(product_that_overflows_is_refused),
		ROW(ceiling_holds_for_all_blocks_together),
		ROW(ceiling_below_one_block_gives_nothing),
		ROW(copies_hold_their_own_bytes),
		ROW(going_back_gives_the_same_memory_zeroed),
		ROW(mark_from_before_the_first_block_starts_over),
		ROW(work_repeated_after_a_mark_holds_no_more_memory),
		ROW(block_too_small_for_the_taker_is_stepped_over),
		ROW(refused_take_does_not_mix_up_two_blocks),
		ROW(freed_arena_can_be_used_again),
		ROW(what_was_refused_once_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

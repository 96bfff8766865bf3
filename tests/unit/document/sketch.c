#include "document/sketch.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct sketch
one_page(void)
{
	struct sketch s = { .count = 1, .covers = 33 };

	s.pages[0] = (struct sketch_page){ .number = 3,
		.width = 595,
		.height = 842,
		.count = 2,
		.shapes = { { SKETCH_TEXT, 70, 80, 400, 9 },
		    { SKETCH_SEAL, 495, 742, 100, 100 } } };
	return s;
}

static enum fail
back(const struct sketch *s, size_t most, struct sketch *out)
{
	struct buf b;
	struct cursor c;
	enum fail f;

	buf_init(&b, 65536);
	sketch_put(s, &b);
	c = cursor_of(bytes_part(buf_view(&b), 0, most));
	f = sketch_get(&c, out);
	if (!f)
		assert_true(cursor_done(&c));
	buf_free(&b);
	return f;
}

static void
comes_back_as_it_went(void **state)
{
	struct sketch s = one_page(), out;

	(void)state;
	assert_int_equal(back(&s, SIZE_MAX, &out), FAIL_NONE);
	assert_int_equal(out.count, 1);
	assert_int_equal(out.covers, 33);
	assert_int_equal(out.pages[0].number, 3);
	assert_int_equal(out.pages[0].count, 2);
	assert_memory_equal(out.pages[0].shapes, s.pages[0].shapes,
	    2 * sizeof(*out.pages[0].shapes));
	s.count = 0;
	assert_int_equal(back(&s, SIZE_MAX, &out), FAIL_NONE);
	assert_int_equal(out.count, 0);
}

/* A worker that a file took over draws nothing outside a page. */
static void
what_is_none_is_refused(void **state)
{
	struct sketch s = one_page(), out;

	(void)state;
	for (size_t n = 0; n < 2 + 8 + 2 * 9; n++)
		assert_int_equal(back(&s, n, &out), FAIL_PEER);
	s.pages[0].shapes[1].width = 101;
	assert_int_equal(back(&s, SIZE_MAX, &out), FAIL_PEER);
	s = one_page();
	s.pages[0].shapes[1].top = UINT16_MAX;
	assert_int_equal(back(&s, SIZE_MAX, &out), FAIL_PEER);
	s = one_page();
	s.covers = 101;
	assert_int_equal(back(&s, SIZE_MAX, &out), FAIL_PEER);
	s = one_page();
	s.pages[0].shapes[0].kind = SKETCH_KINDS;
	assert_int_equal(back(&s, SIZE_MAX, &out), FAIL_PEER);
}

/* Counts are compared before anything is read into their room. */
static void
too_many_are_refused(void **state)
{
	uint8_t pages[] = { 0, SKETCH_PAGES_MAX + 1 };
	uint8_t shapes[] = { 0, 1, 3, 0, 1, 0, 1, 0, SKETCH_SHAPES_MAX + 1, 0 };
	struct cursor c = cursor_of(BYTES_ARRAY(pages));
	struct sketch out;

	(void)state;
	assert_int_equal(sketch_get(&c, &out), FAIL_PEER);
	c = cursor_of(BYTES_ARRAY(shapes));
	assert_int_equal(sketch_get(&c, &out), FAIL_PEER);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_as_it_went),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(too_many_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

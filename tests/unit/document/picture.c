#include "document/picture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <spng.h>
#include <stdlib.h>
#include <string.h>

#define SIDE 8u

/* A PNG of 8 by 8 points: a ground, and a square of ink in its middle. */
static enum fail
read_of(const uint8_t ground[4], const uint8_t ink[4], struct picture *p)
{
	uint8_t rgba[4 * SIDE * SIDE];
	struct spng_ihdr head = { .width = SIDE,
		.height = SIDE,
		.bit_depth = 8,
		.color_type = SPNG_COLOR_TYPE_TRUECOLOR_ALPHA };
	spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
	struct note note = { FAIL_NONE, "" };
	uint8_t *data;
	size_t len;
	int rc;
	enum fail f;

	for (size_t y = 0; y < SIDE; y++)
		for (size_t x = 0; x < SIDE; x++) {
			bool inside = x > 0 && x < 7 && y > 0 && y < 7;

			memcpy(rgba + 4 * (y * SIDE + x), inside ? ink : ground,
			    4);
		}
	assert_non_null(png);
	assert_int_equal(spng_set_option(png, SPNG_ENCODE_TO_BUFFER, 1), 0);
	assert_int_equal(spng_set_ihdr(png, &head), 0);
	assert_int_equal(spng_encode_image(png, rgba, sizeof(rgba),
			     SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE),
	    0);
	data = spng_get_png_buffer(png, &len, &rc);
	assert_non_null(data);
	f = picture_read(p, (struct bytes){ data, len }, &note);
	free(data);
	spng_ctx_free(png);
	return f;
}

static const uint8_t clear[4] = { 255, 255, 255, 0 };

static void
ink_is_told_by_its_hue(void **state)
{
	static const struct {
		uint8_t rgba[4];
		enum picture_ink ink;
	} inks[] = {
		{ { 20, 50, 160, 255 }, INK_BLUE },
		{ { 0, 0, 255, 255 }, INK_BLUE },
		{ { 200, 20, 40, 255 }, INK_RED },
		{ { 255, 0, 0, 130 }, INK_RED },
		{ { 240, 60, 20, 255 }, INK_RED },
		{ { 0, 0, 0, 255 }, INK_OTHER },
		{ { 90, 90, 95, 255 }, INK_OTHER },
		{ { 0, 160, 60, 255 }, INK_OTHER },
		{ { 150, 0, 200, 255 }, INK_OTHER },
		/* Hardly there at all. */
		{ { 255, 0, 0, 100 }, INK_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(inks) / sizeof(inks[0]); i++) {
		struct picture p;

		assert_int_equal(read_of(clear, inks[i].rgba, &p), FAIL_NONE);
		assert_int_equal(p.ink, inks[i].ink);
		assert_true(p.corners_clear);
		picture_free(&p);
	}
}

static void
painted_ground_is_seen_at_the_corners(void **state)
{
	static const uint8_t white[4] = { 255, 255, 255, 255 };
	static const uint8_t hole[4] = { 0, 0, 255, 0 };
	struct picture p;

	(void)state;
	assert_int_equal(read_of(white, hole, &p), FAIL_NONE);
	assert_false(p.corners_clear);
	assert_int_equal(p.ink, INK_OTHER);
	picture_free(&p);
}

static void
picture_without_transparency_is_refused(void **state)
{
	static const uint8_t red[4] = { 255, 0, 0, 255 };
	struct picture p;

	(void)state;
	assert_int_equal(read_of(red, red, &p), FAIL_PICTURE);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ink_is_told_by_its_hue),
		cmocka_unit_test(painted_ground_is_seen_at_the_corners),
		cmocka_unit_test(picture_without_transparency_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "document/picture.h"

#include <spng.h>
#include <stdlib.h>

#include "document/deflate.h"

/* Size in millimetres from pHYs (pixels per metre). */
static void
read_scale(spng_ctx *png, struct picture *p)
{
	struct spng_phys phys;

	if (spng_get_phys(png, &phys) || phys.unit_specifier != 1 ||
	    !phys.ppu_x || !phys.ppu_y)
		return;
	p->width_mm = p->width * 1000.0 / phys.ppu_x;
	p->height_mm = p->height * 1000.0 / phys.ppu_y;
}

#define OPAQUE 128
#define GREY 24 /* less between the strongest and the weakest: no hue */

/* Hue in degrees (0 red, 120 green, 240 blue), or -1 for greys. */
static int
hue_of(const uint8_t *rgb)
{
	int r = rgb[0], g = rgb[1], b = rgb[2];
	int most = r > g ? (r > b ? r : b) : (g > b ? g : b);
	int least = r < g ? (r < b ? r : b) : (g < b ? g : b);
	int range = most - least, hue;

	if (range < GREY)
		return -1;
	if (most == r)
		hue = 60 * (g - b) / range;
	else if (most == g)
		hue = 120 + 60 * (b - r) / range;
	else
		hue = 240 + 60 * (r - g) / range;
	return hue < 0 ? hue + 360 : hue;
}

static void
look_at_ink(struct picture *p, const uint8_t *rgba)
{
	size_t pixels = (size_t)p->width * p->height;
	size_t corners[4] = { 0, p->width - 1, pixels - p->width, pixels - 1 };
	size_t ink = 0, blue = 0, red = 0;

	for (size_t i = 0; i < pixels; i++) {
		int hue;

		if (rgba[4 * i + 3] < OPAQUE)
			continue;
		hue = hue_of(rgba + 4 * i);
		ink++;
		blue += hue >= 200 && hue <= 260;
		red += hue >= 340 || (hue >= 0 && hue <= 20);
	}
	p->ink = 2 * blue > ink ? INK_BLUE :
	    2 * red > ink       ? INK_RED :
				  INK_OTHER;
	p->corners_clear = true;
	for (size_t i = 0; i < 4; i++)
		if (rgba[4 * corners[i] + 3] >= OPAQUE)
			p->corners_clear = false;
}

/* RGBA to the two streams.  Colour under full transparency is cleared: it is
 * never seen, and one value packs better. */
static enum fail
split(struct picture *p, const uint8_t *rgba, bool *transparent)
{
	size_t pixels = (size_t)p->width * p->height;
	uint8_t *color = malloc(pixels * 3), *alpha = malloc(pixels);
	enum fail f = FAIL_MEMORY;

	if (!color || !alpha)
		goto out;
	*transparent = false;
	for (size_t i = 0; i < pixels; i++) {
		alpha[i] = rgba[4 * i + 3];
		*transparent = *transparent || alpha[i] < 255;
		for (size_t c = 0; c < 3; c++)
			color[3 * i + c] = alpha[i] ? rgba[4 * i + c] : 255;
	}
	f = deflate_write((struct bytes){ color, pixels * 3 }, &p->color);
	if (!f)
		f = deflate_write((struct bytes){ alpha, pixels }, &p->alpha);
out:
	free(alpha);
	free(color);
	return f;
}

static enum fail
decode(spng_ctx *png, struct picture *p, struct bytes in, struct note *note)
{
	struct spng_ihdr head;
	uint8_t *rgba = NULL;
	size_t size;
	bool transparent = false;
	enum fail f;

	spng_set_image_limits(png, PICTURE_SIDE_MAX, PICTURE_SIDE_MAX);
	spng_set_chunk_limits(png, PICTURE_FILE_MAX, PICTURE_FILE_MAX);
	if (spng_set_png_buffer(png, in.data, in.len) ||
	    spng_get_ihdr(png, &head))
		return note_set(note, FAIL_FORMAT, "ISO 15948: not a PNG");
	p->width = head.width;
	p->height = head.height;
	read_scale(png, p);
	if (spng_decoded_image_size(png, SPNG_FMT_RGBA8, &size) ||
	    size != (size_t)4 * p->width * p->height)
		return note_set(note, FAIL_FORMAT, "ISO 15948: bad header");
	rgba = malloc(size);
	if (!rgba)
		return FAIL_MEMORY;
	if (spng_decode_image(
		png, rgba, size, SPNG_FMT_RGBA8, SPNG_DECODE_TRNS))
		f = note_set(note, FAIL_FORMAT, "ISO 15948: damaged image");
	else {
		look_at_ink(p, rgba);
		f = split(p, rgba, &transparent);
	}
	free(rgba);
	if (!f && !transparent)
		f = note_set(note, FAIL_PICTURE,
		    "Decree 30/2020 Annex I: the picture is not transparent");
	return f;
}

enum fail
picture_read(struct picture *p, struct bytes in, struct note *note)
{
	spng_ctx *png;
	enum fail f;

	*p = (struct picture){ 0 };
	buf_init(&p->color, PICTURE_STREAM_MAX);
	buf_init(&p->alpha, PICTURE_STREAM_MAX);
	if (in.len > PICTURE_FILE_MAX)
		return note_set(note, FAIL_LIMIT, "PNG of %zu bytes", in.len);
	png = spng_ctx_new(0);
	if (!png)
		return FAIL_MEMORY;
	f = decode(png, p, in, note);
	spng_ctx_free(png);
	if (f)
		picture_free(p);
	return f;
}

/* Each row of a mask begins with a byte of its own (8.9.5.2). */
static enum fail
flatten(const struct picture *p, struct buf *rgb, const struct buf *alpha,
    struct buf *mask)
{
	size_t row = ((size_t)p->width + 7) / 8;

	for (size_t i = 0; i < row * p->height; i++)
		buf_u8(mask, 0);
	if (buf_fail(mask))
		return buf_fail(mask);
	for (size_t i = 0; i < alpha->len; i++) {
		size_t x = i % p->width, y = i / p->width;
		unsigned a = alpha->data[i];

		if (a < OPAQUE)
			mask->data[y * row + x / 8] |= (uint8_t)(0x80 >> x % 8);
		for (size_t c = 3 * i; c < 3 * i + 3; c++)
			rgb->data[c] = a < OPAQUE ?
			    255 :
			    (uint8_t)((rgb->data[c] * a + 255 * (255 - a) +
					  127) /
				255);
	}
	return FAIL_NONE;
}

enum fail
picture_flatten(const struct picture *p, struct buf *color, struct buf *mask)
{
	struct buf rgb, alpha, bits;
	size_t pixels = (size_t)p->width * p->height;
	enum fail f;

	buf_init(&rgb, PICTURE_STREAM_MAX);
	buf_init(&alpha, PICTURE_STREAM_MAX);
	buf_init(&bits, PICTURE_STREAM_MAX);
	f = deflate_read(buf_view(&p->color), &rgb, NULL);
	if (!f)
		f = deflate_read(buf_view(&p->alpha), &alpha, NULL);
	if (!f && (rgb.len != 3 * pixels || alpha.len != pixels))
		f = FAIL_FORMAT;
	if (!f)
		f = flatten(p, &rgb, &alpha, &bits);
	if (!f)
		f = deflate_write(buf_view(&rgb), color);
	if (!f)
		f = deflate_write(buf_view(&bits), mask);
	buf_free(&rgb);
	buf_free(&alpha);
	buf_free(&bits);
	return f;
}

void
picture_free(struct picture *p)
{
	buf_free(&p->color);
	buf_free(&p->alpha);
}

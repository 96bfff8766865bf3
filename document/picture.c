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

#define SEEN 16 /* less alpha is not */

/* Nothing around the ink: a seal's place and size are its ink's. */
static void
crop(struct picture *p, uint8_t *rgba)
{
	uint32_t x0 = p->width, x1 = 0, y0 = p->height, y1 = 0, wide, high;

	for (uint32_t y = 0; y < p->height; y++)
		for (uint32_t x = 0; x < p->width; x++) {
			if (rgba[4 * ((size_t)y * p->width + x) + 3] < SEEN)
				continue;
			x0 = x < x0 ? x : x0;
			x1 = x + 1 > x1 ? x + 1 : x1;
			y0 = y < y0 ? y : y0;
			y1 = y + 1;
		}
	if (x0 >= x1 || y0 >= y1)
		return;
	wide = x1 - x0;
	high = y1 - y0;
	for (uint32_t y = 0; y < high; y++)
		memmove(rgba + 4 * ((size_t)y * wide),
		    rgba + 4 * ((size_t)(y0 + y) * p->width + x0),
		    (size_t)4 * wide);
	p->width_mm *= (double)wide / p->width;
	p->height_mm *= (double)high / p->height;
	p->width = wide;
	p->height = high;
}

static bool
is_transparent(const struct picture *p, const uint8_t *rgba)
{
	for (size_t i = 0; i < (size_t)p->width * p->height; i++)
		if (rgba[4 * i + 3] < 255)
			return true;
	return false;
}

/* RGBA to the two streams.  Colour under full transparency is cleared: it is
 * never seen, and one value packs better. */
static enum fail
split(struct picture *p, const uint8_t *rgba)
{
	size_t pixels = (size_t)p->width * p->height;
	uint8_t *color, *alpha;
	enum fail f = FAIL_MEMORY;

	if (!pixels)
		return FAIL_FORMAT;
	color = malloc(pixels * 3);
	alpha = malloc(pixels);
	if (!color || !alpha)
		goto out;
	for (size_t i = 0; i < pixels; i++) {
		alpha[i] = rgba[4 * i + 3];
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
	else if (!is_transparent(p, rgba))
		f = note_set(note, FAIL_PICTURE,
		    "Decree 30/2020 Annex I: the picture is not transparent");
	else {
		look_at_ink(p, rgba);
		crop(p, rgba);
		f = split(p, rgba);
	}
	free(rgba);
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

void
picture_scale(struct picture *p, double width_mm)
{
	p->width_mm = width_mm;
	p->height_mm = width_mm * p->height / p->width;
}

static void
put_u32(struct buf *out, uint32_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_u8(out, (uint8_t)(n >> shift));
}

#define PNG_MAGIC 8u
#define PNG_PHYS_LEN 9u

static void
put_phys(uint32_t per_metre, struct buf *out)
{
	size_t at;

	put_u32(out, PNG_PHYS_LEN);
	at = out->len;
	buf_text(out, "pHYs");
	put_u32(out, per_metre);
	put_u32(out, per_metre);
	buf_u8(out, 1);
	put_u32(out, deflate_crc32(bytes_part(buf_view(out), at, SIZE_MAX)));
}

enum fail
picture_put_scale(
    struct bytes png, const struct picture *p, double width_mm, struct buf *out)
{
	double per_metre = p->width * 1000.0 / width_mm;
	size_t at = PNG_MAGIC;

	if (!(per_metre >= 1 && per_metre <= INT32_MAX))
		return FAIL_FORMAT;
	buf_bytes(out, bytes_part(png, 0, PNG_MAGIC));
	while (at < png.len) {
		struct bytes head = bytes_part(png, at, 8);
		uint64_t len;

		if (head.len < 8)
			return FAIL_FORMAT;
		len = 12;
		for (size_t i = 0; i < 4; i++)
			len += (uint64_t)head.data[i] << (24 - 8 * i);
		if (len > png.len - at)
			return FAIL_FORMAT;
		if (memcmp(head.data + 4, "pHYs", 4) != 0)
			buf_bytes(out, bytes_part(png, at, (size_t)len));
		if (at == PNG_MAGIC)
			put_phys((uint32_t)(per_metre + 0.5), out);
		if (!memcmp(head.data + 4, "IEND", 4))
			break;
		at += (size_t)len;
	}
	return buf_fail(out);
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

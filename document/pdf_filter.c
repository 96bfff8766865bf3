#include "document/pdf_filter.h"

#include <stdlib.h>

#include "document/deflate.h"

#define ROW_MAX (1 << 20) /* bytes of one predicted row */

/* Readers take other types, and what they refer to, for the number or not:
 * *whole is false then. */
static int64_t
number(const struct pdf_value *dict, const char *key, int64_t otherwise,
    bool *whole)
{
	const struct pdf_value *v = pdf_entry(dict, key);

	if (!v || v->type == PDF_INTEGER)
		return v ? v->integer : otherwise;
	*whole = false;
	return otherwise;
}

/* RFC 2083 6.6. */
static uint8_t
paeth(int left, int up, int corner)
{
	int guess = left + up - corner;
	int a = abs(guess - left), b = abs(guess - up), c = abs(guess - corner);

	return (uint8_t)(a <= b && a <= c ? left : b <= c ? up : corner);
}

/* One PNG row in place; up is the row above or zeros. */
static void
png_row(uint8_t type, uint8_t *row, const uint8_t *up, size_t len, size_t pixel)
{
	for (size_t i = 0; i < len; i++) {
		int left = i >= pixel ? row[i - pixel] : 0;
		int corner = i >= pixel ? up[i - pixel] : 0;
		int add = 0;

		switch (type) {
		case 1:
			add = left;
			break;
		case 2:
			add = up[i];
			break;
		case 3:
			add = (left + up[i]) / 2;
			break;
		case 4:
			add = paeth(left, up[i], corner);
			break;
		default:
			break;
		}
		row[i] = (uint8_t)(row[i] + add);
	}
}

static enum fail
unpredict_png(
    struct bytes in, size_t row_len, size_t pixel, struct buf *out, bool *whole)
{
	uint8_t *above = calloc(1, row_len), *row = calloc(1, row_len);
	enum fail f = above && row ? FAIL_NONE : FAIL_MEMORY;

	while (!f && in.len > 1) {
		struct bytes coded = bytes_part(in, 1, row_len);
		uint8_t *swap = above;

		/* Of other kinds of rows, and of a last one that is short,
		 * readers think differently. */
		*whole = *whole && in.data[0] <= 4 && coded.len == row_len;
		memset(row, 0, row_len);
		memcpy(row, coded.data, coded.len);
		png_row(in.data[0], row, above, row_len, pixel);
		buf_add(out, row, coded.len);
		above = row;
		row = swap;
		in = bytes_part(in, 1 + coded.len, SIZE_MAX);
		f = buf_fail(out);
	}
	free(above);
	free(row);
	return f;
}

/* Predictor 2 with whole-byte components. */
static enum fail
unpredict_tiff(struct bytes in, size_t row_len, size_t pixel, struct buf *out)
{
	size_t start = out->len;

	buf_bytes(out, in);
	if (buf_fail(out))
		return buf_fail(out);
	for (size_t i = 0; i < in.len; i++)
		if (i % row_len >= pixel)
			out->data[start + i] = (uint8_t)(out->data[start + i] +
			    out->data[start + i - pixel]);
	return FAIL_NONE;
}

static enum fail
read_flate(const struct pdf_value *parameters, struct bytes in, struct buf *out,
    bool *whole)
{
	bool told = true;
	int64_t predictor = number(parameters, "Predictor", 1, &told);
	int64_t colors = number(parameters, "Colors", 1, &told);
	int64_t bits = number(parameters, "BitsPerComponent", 8, &told);
	int64_t columns = number(parameters, "Columns", 1, &told);
	size_t row_len, pixel;
	struct buf plain;
	enum fail f;

	if (predictor == 1) {
		f = deflate_read(in, out, whole);
		*whole = *whole && told;
		return f;
	}
	if (colors < 1 || colors > 32 || bits < 1 || bits > 16 || columns < 1 ||
	    columns > ROW_MAX)
		return FAIL_FORMAT;
	if (predictor < 10 && (predictor != 2 || bits != 8))
		return FAIL_UNSUPPORTED;
	/* There are no higher ones. */
	told = told && predictor <= 15;
	row_len = (size_t)(colors * bits * columns + 7) / 8;
	pixel = (size_t)(colors * bits + 7) / 8;
	buf_init(&plain, out->ceiling);
	f = deflate_read(in, &plain, whole);
	*whole = *whole && told;
	if (!f && predictor >= 10)
		f = unpredict_png(buf_view(&plain), row_len, pixel, out, whole);
	else if (!f)
		f = unpredict_tiff(buf_view(&plain), row_len, pixel, out);
	buf_free(&plain);
	return f;
}

static enum fail
read_hex(struct bytes in, struct buf *out)
{
	int high = -1;

	for (size_t i = 0; i < in.len && in.data[i] != '>'; i++) {
		int digit = hex_digit(in.data[i]);

		if (digit < 0)
			continue;
		if (high >= 0)
			buf_u8(out, (uint8_t)(high << 4 | digit));
		high = high >= 0 ? -1 : digit;
	}
	if (high >= 0)
		buf_u8(out, (uint8_t)(high << 4));
	return buf_fail(out);
}

static enum fail
read_base85(struct bytes in, struct buf *out)
{
	uint64_t group = 0;
	size_t n = 0;

	for (size_t i = 0; i < in.len && in.data[i] != '~'; i++) {
		uint8_t c = in.data[i];

		if (c == 'z' && n == 0) {
			buf_zeros(out, 4);
			continue;
		}
		if (c < '!' || c > 'u')
			continue;
		group = group * 85 + (c - '!');
		if (++n < 5)
			continue;
		for (int shift = 24; shift >= 0; shift -= 8)
			buf_u8(out, (uint8_t)(group >> shift));
		group = 0;
		n = 0;
	}
	if (n > 1) {
		for (size_t i = n; i < 5; i++)
			group = group * 85 + 84;
		for (size_t i = 0; i + 1 < n; i++)
			buf_u8(out, (uint8_t)(group >> (24 - 8 * i)));
	}
	return buf_fail(out);
}

enum fail
pdf_filter_read(struct bytes name, const struct pdf_value *parameters,
    struct bytes in, struct buf *out, bool *whole)
{
	if (bytes_equal_text(name, "FlateDecode"))
		return read_flate(parameters, in, out, whole);
	*whole = false;
	if (bytes_equal_text(name, "Fl"))
		return read_flate(parameters, in, out, &(bool){ false });
	if (bytes_equal_text(name, "ASCIIHexDecode") ||
	    bytes_equal_text(name, "AHx"))
		return read_hex(in, out);
	if (bytes_equal_text(name, "ASCII85Decode") ||
	    bytes_equal_text(name, "A85"))
		return read_base85(in, out);
	return FAIL_UNSUPPORTED;
}

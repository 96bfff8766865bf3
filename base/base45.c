#include "base/base45.h"

#define BASE 45u

static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

static void
put_digits(struct buf *out, unsigned value, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		buf_char(out, letters[value % BASE]);
		value /= BASE;
	}
}

void
base45_put(struct bytes in, struct buf *out)
{
	size_t i = 0;

	for (; i + 1 < in.len; i += 2)
		put_digits(out, in.data[i] * 256u + in.data[i + 1], 3);
	if (i < in.len)
		put_digits(out, in.data[i], 2);
}

/* The letter's value, or BASE. */
static unsigned
value_of(uint8_t letter)
{
	const char *at = letter ? strchr(letters, letter) : NULL;

	return at ? (unsigned)(at - letters) : BASE;
}

enum fail
base45_read(struct bytes text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i += 3) {
		struct bytes group = bytes_part(text, i, 3);
		unsigned value = 0, scale = 1;

		if (group.len == 1)
			return FAIL_FORMAT;
		for (size_t k = 0; k < group.len; k++) {
			unsigned digit = value_of(group.data[k]);

			if (digit == BASE)
				return FAIL_FORMAT;
			value += digit * scale;
			scale *= BASE;
		}
		if (value > (group.len == 3 ? 0xFFFFu : 0xFFu))
			return FAIL_FORMAT;
		if (group.len == 3)
			buf_u8(out, (uint8_t)(value >> 8));
		buf_u8(out, (uint8_t)value);
	}
	return buf_fail(out);
}

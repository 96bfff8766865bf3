#include "base/bytes.h"

#include <assert.h>

bool
bytes_among(struct bytes a, const char *const *texts)
{
	while (*texts && !bytes_equal_text(a, *texts))
		texts++;
	return *texts;
}

bool
bytes_starts(struct bytes a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.len >= n && (n == 0 || !memcmp(a.data, prefix, n));
}

bool
bytes_ends(struct bytes a, const char *end)
{
	size_t len = strlen(end);

	return a.len >= len &&
	    bytes_equal_text(bytes_part(a, a.len - len, len), end);
}

int
bytes_compare(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.data, b.data, n) : 0;

	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

size_t
bytes_find(struct bytes a, const char *text)
{
	size_t n = strlen(text);
	const uint8_t *hit;

	if (!n || a.len < n)
		return SIZE_MAX;
	hit = memmem(a.data, a.len, text, n);
	return hit ? (size_t)(hit - a.data) : SIZE_MAX;
}

size_t
bytes_find_last(struct bytes a, const char *text)
{
	size_t n = strlen(text);

	if (!n || a.len < n)
		return SIZE_MAX;
	for (size_t at = a.len - n + 1; at-- > 0;)
		if (!memcmp(a.data + at, text, n))
			return at;
	return SIZE_MAX;
}

bool
bytes_equal_secret(struct bytes a, struct bytes b)
{
	volatile uint8_t differ = 0;

	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		differ = (uint8_t)(differ | (a.data[i] ^ b.data[i]));
	return differ == 0;
}

struct cursor
cursor_of(struct bytes in)
{
	return (struct cursor){ in, 0, false };
}

struct bytes
cursor_bytes(struct cursor *c, size_t len)
{
	struct bytes got = { NULL, 0 };

	if (c->failed || len > c->in.len - c->at) {
		c->failed = true;
		return got;
	}
	got = bytes_part(c->in, c->at, len);
	c->at += len;
	return got;
}

static uint64_t
cursor_number(struct cursor *c, size_t len)
{
	struct bytes got = cursor_bytes(c, len);
	uint64_t value = 0;

	assert(len <= 8);
	for (size_t i = got.len; i-- > 0;)
		value = value << 8 | got.data[i];
	return value;
}

uint8_t
cursor_u8(struct cursor *c)
{
	return (uint8_t)cursor_number(c, 1);
}

uint16_t
cursor_u16(struct cursor *c)
{
	return (uint16_t)cursor_number(c, 2);
}

uint32_t
cursor_u32(struct cursor *c)
{
	return (uint32_t)cursor_number(c, 4);
}

uint64_t
cursor_u64(struct cursor *c)
{
	return cursor_number(c, 8);
}

struct bytes
cursor_field(struct cursor *c)
{
	return cursor_bytes(c, cursor_u16(c));
}

bool
cursor_done(const struct cursor *c)
{
	return !c->failed && c->at == c->in.len;
}

void
bytes_to_hex(struct bytes a, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < a.len; i++) {
		*out++ = digits[a.data[i] >> 4];
		*out++ = digits[a.data[i] & 15];
	}
	*out = '\0';
}

const int8_t hex_digits[256] = {
	/* clang-format off */
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1, -1, -1, -1, -1,
	-1, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	/* clang-format on */
};

bool
bytes_from_hex(const char *hex, size_t hex_len, uint8_t *out, size_t len)
{
	if (hex_len % 2 || hex_len / 2 != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit((unsigned char)hex[2 * i]);
		int low = hex_digit((unsigned char)hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

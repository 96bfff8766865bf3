#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
buf_init(struct buf *b, size_t ceiling)
{
	*b = (struct buf){ .ceiling = ceiling };
}

void
buf_free(struct buf *b)
{
	free(b->data);
	b->data = NULL;
	b->len = b->room = 0;
	b->fail = FAIL_NONE;
}

void
buf_wipe(struct buf *b)
{
	if (b->data)
		explicit_bzero(b->data, b->room);
	buf_free(b);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->fail = FAIL_NONE;
}

/* Larger ones hold documents, and are moved by the system. */
#define WIPED_MAX (256u << 10)

/* More memory for the content; a small buffer, which may hold a PIN, leaves
 * nothing behind where it was. */
static uint8_t *
move(struct buf *b, size_t room)
{
	uint8_t *data;

	if (!b->data || b->room > WIPED_MAX)
		return realloc(b->data, room);
	data = malloc(room);
	if (!data)
		return NULL;
	memcpy(data, b->data, b->len);
	explicit_bzero(b->data, b->room);
	free(b->data);
	return data;
}

/* Make room for len more bytes; doubling keeps appends linear in total. */
static bool
buf_reserve(struct buf *b, size_t len)
{
	size_t room;
	uint8_t *data;

	if (b->fail)
		return false;
	if (len > b->ceiling - b->len) {
		b->fail = FAIL_LIMIT;
		return false;
	}
	if (len <= b->room - b->len)
		return true;
	room = b->room ? b->room : 256;
	while (room - b->len < len)
		room = room > b->ceiling / 2 ? b->ceiling : room * 2;
	data = move(b, room);
	if (!data) {
		b->fail = FAIL_MEMORY;
		return false;
	}
	b->data = data;
	b->room = room;
	return true;
}

uint8_t *
buf_grow(struct buf *b, size_t len)
{
	uint8_t *at;

	if (!buf_reserve(b, len))
		return NULL;
	at = b->data + b->len;
	b->len += len;
	return at;
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
	uint8_t *at;

	if (!len)
		return;
	at = buf_grow(b, len);
	if (at)
		memcpy(at, data, len);
}

void
buf_bytes(struct buf *b, struct bytes in)
{
	buf_add(b, in.data, in.len);
}

void
buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_zeros(struct buf *b, size_t len)
{
	uint8_t *at = buf_grow(b, len);

	if (at)
		memset(at, 0, len);
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	char small[256];
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	assert(n >= 0);
	if (n < (int)sizeof(small)) {
		buf_add(b, small, (size_t)n);
	} else if (buf_reserve(b, (size_t)n + 1)) {
		vsnprintf(
		    (char *)b->data + b->len, (size_t)n + 1, format, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

static void
buf_number(struct buf *b, uint64_t v, size_t len)
{
	uint8_t *at = buf_grow(b, len);

	for (size_t i = 0; at && i < len; i++)
		at[i] = (uint8_t)(v >> 8 * i);
}

void
buf_u8(struct buf *b, uint8_t v)
{
	buf_number(b, v, 1);
}

void
buf_u16(struct buf *b, uint16_t v)
{
	buf_number(b, v, 2);
}

void
buf_u32(struct buf *b, uint32_t v)
{
	buf_number(b, v, 4);
}

void
buf_u64(struct buf *b, uint64_t v)
{
	buf_number(b, v, 8);
}

void
buf_field(struct buf *b, struct bytes in)
{
	if (in.len > UINT16_MAX) {
		if (!b->fail)
			b->fail = FAIL_LIMIT;
		return;
	}
	buf_u16(b, (uint16_t)in.len);
	buf_bytes(b, in);
}

void
buf_insert(struct buf *b, size_t at, const void *data, size_t len)
{
	assert(at <= b->len);
	if (!len || !buf_reserve(b, len))
		return;
	memmove(b->data + at + len, b->data + at, b->len - at);
	memcpy(b->data + at, data, len);
	b->len += len;
}

void
buf_drop(struct buf *b, size_t len)
{
	assert(len <= b->len);
	if (!len)
		return;
	memmove(b->data, b->data + len, b->len - len);
	b->len -= len;
}

enum fail
buf_fail(const struct buf *b)
{
	return b->fail;
}

struct bytes
buf_view(const struct buf *b)
{
	return (struct bytes){ b->data, b->len };
}

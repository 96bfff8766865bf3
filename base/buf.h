/*
 * A growing buffer that is born with its ceiling.
 *
 * Writers do not check each call: the first write that would pass the ceiling
 * or finds no memory marks the buffer as failed, later writes do nothing, and
 * buf_fail() tells once at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/bytes.h"
#include "base/fail.h"

struct buf {
	uint8_t *data; /* owned; NULL until the first write */
	size_t len;
	size_t room;
	size_t ceiling; /* bytes; never passed */
	enum fail fail;
};

void buf_init(struct buf *b, size_t ceiling);
void buf_wipe(struct buf *b); /* zeroes the content, then frees it */
void buf_free(struct buf *b);

/* Forget the content and any failure, keep the memory. */
void buf_clear(struct buf *b);

void buf_add(struct buf *b, const void *data, size_t len);
void buf_bytes(struct buf *b, struct bytes in);
void buf_text(struct buf *b, const char *text);
void buf_char(struct buf *b, char c);
void buf_zeros(struct buf *b, size_t len);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* Little-endian numbers and a 16-bit length with its bytes: see cursor_*. */
void buf_u8(struct buf *b, uint8_t v);
void buf_u16(struct buf *b, uint16_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
void buf_field(struct buf *b, struct bytes in);

/* Put data in front of what is at position at (at <= len). */
void buf_insert(struct buf *b, size_t at, const void *data, size_t len);

/* Drop len bytes from the front. */
void buf_drop(struct buf *b, size_t len);

/* len writable bytes appended at the end, or NULL (and failed). */
uint8_t *buf_grow(struct buf *b, size_t len);

CHECKED enum fail buf_fail(const struct buf *b);

/* Borrowed view; any later write may move it. */
struct bytes buf_view(const struct buf *b);

#endif

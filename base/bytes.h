/*
 * A stretch of memory somebody else owns, and a cursor that reads it once from
 * left to right.  Nothing here copies or allocates.  What parsers call for
 * every word of a file stands here in whole.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *data; /* may be NULL when len is 0 */
	size_t len;
};

/* A view of a C string without its terminator, and of a whole array. */
#define BYTES_TEXT(s) ((struct bytes){ (const uint8_t *)(s), strlen(s) })
#define BYTES_ARRAY(a) ((struct bytes){ (const uint8_t *)(a), sizeof(a) })

static inline bool
bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len &&
	    (a.len == 0 || a.data == b.data || !memcmp(a.data, b.data, a.len));
}

static inline bool
bytes_equal_text(struct bytes a, const char *text)
{
	return bytes_equal(a, BYTES_TEXT(text));
}

bool bytes_starts(struct bytes a, const char *prefix);
bool bytes_ends(struct bytes a, const char *end);

/* Is it one of these, the last of which is NULL? */
bool bytes_among(struct bytes a, const char *const *texts);

/* memcmp order, shorter first when one is a prefix of the other. */
int bytes_compare(struct bytes a, struct bytes b);

/* len bytes of a from position at; clipped to what there is. */
static inline struct bytes
bytes_part(struct bytes a, size_t at, size_t len)
{
	if (at > a.len)
		at = a.len;
	if (len > a.len - at)
		len = a.len - at;
	return (struct bytes){ len ? a.data + at : a.data, len };
}

/* Position of the first (last) occurrence of text, or SIZE_MAX. */
size_t bytes_find(struct bytes a, const char *text);
size_t bytes_find_last(struct bytes a, const char *text);

/* Same time for any content: for tokens and password hashes. */
bool bytes_equal_secret(struct bytes a, struct bytes b);

/*
 * Little-endian cursor for our own records and messages.  An over-read sets
 * failed and gives zeros from then on, so a decoder checks once, at its end.
 */
struct cursor {
	struct bytes in;
	size_t at;
	bool failed;
};

struct cursor cursor_of(struct bytes in);
uint8_t cursor_u8(struct cursor *c);
uint16_t cursor_u16(struct cursor *c);
uint32_t cursor_u32(struct cursor *c);
uint64_t cursor_u64(struct cursor *c);
struct bytes cursor_bytes(struct cursor *c, size_t len);

/* A 16-bit length, then that many bytes. */
struct bytes cursor_field(struct cursor *c);

/* True when nothing failed and every byte was read. */
bool cursor_done(const struct cursor *c);

/* Lower-case hex of a into out, which has room for 2 * a.len + 1. */
void bytes_to_hex(struct bytes a, char *out);

/* Exactly 2 * len hex digits (any case) into out; false when they are not. */
bool bytes_from_hex(const char *hex, size_t hex_len, uint8_t *out, size_t len);

/* Value of one hex digit, or -1. */
extern const int8_t hex_digits[256];
static inline int
hex_digit(uint8_t c)
{
	return hex_digits[c];
}

#endif

/* The door to zlib: FlateDecode streams (ISO 32000-1 7.4.4), both ways. */
#ifndef DOCUMENT_DEFLATE_H
#define DOCUMENT_DEFLATE_H

#include "base/buf.h"

/*
 * Append the inflated content of in to out, whose ceiling is the limit against
 * bombs (FAIL_LIMIT).  A stream that breaks off or fails its checksum gives
 * what was decoded and FAIL_FORMAT only if nothing was: viewers do the same.
 * *whole (may be NULL): it was sound, and nothing but a line's end stood behind
 * it.
 */
CHECKED enum fail deflate_read(struct bytes in, struct buf *out, bool *whole);

/*
 * The bare form that ZIP files have (RFC 1951): append exactly size bytes,
 * which must be all that in gives, and in all that it takes.  FAIL_FORMAT;
 * FAIL_LIMIT.
 */
CHECKED enum fail
deflate_read_raw(struct bytes in, size_t size, struct buf *out);

/* The same in steps, without holding it. */
CHECKED enum fail deflate_each_raw(struct bytes in, size_t size,
    void (*step)(void *context, struct bytes part), void *context);

/* A stretch of a content that the bare form has as it is. */
struct deflate_stored {
	size_t at, len; /* there */
	size_t content; /* and where it stands in the content */
};

/* All of them in their order, until each says no. */
CHECKED enum fail deflate_each_stored(struct bytes in,
    bool (*each)(void *context, const struct deflate_stored *stored),
    void *context);

/* The checksum of ZIP files. */
uint32_t deflate_crc32(struct bytes in);
/* Of what follows, too; 0: from the beginning. */
uint32_t deflate_crc32_on(uint32_t crc, struct bytes in);

/* Append the zlib form of in to out. */
CHECKED enum fail deflate_write(struct bytes in, struct buf *out);

/* The first bytes only, up to *len; *len is then how many there are. */
CHECKED enum fail deflate_head(struct bytes in, uint8_t *head, size_t *len);

#endif

#include "document/deflate.h"

#include <zlib.h>

#define STEP 65536u

/* Of a seal's time zlib's usual level 6 took an eighth, for 13 KB less in 164
 * kept of a document; level 1 saves little more time than 3. */
#define LEVEL 3

enum fail
deflate_read(struct bytes in, struct buf *out, bool *whole)
{
	z_stream z = { 0 };
	uint8_t step[STEP];
	size_t before = out->len;
	int rc = Z_OK;

	if (in.len > UINT32_MAX)
		return FAIL_LIMIT;
	if (inflateInit(&z) != Z_OK)
		return FAIL_MEMORY;
	z.next_in = (Bytef *)(uintptr_t)in.data; /* zlib only reads it */
	z.avail_in = (uInt)in.len;
	while (rc == Z_OK && !buf_fail(out)) {
		z.next_out = step;
		z.avail_out = STEP;
		rc = inflate(&z, Z_NO_FLUSH);
		buf_add(out, step, STEP - z.avail_out);
	}
	inflateEnd(&z);
	if (whole)
		*whole = rc == Z_STREAM_END && z.avail_in <= 2;
	if (buf_fail(out))
		return buf_fail(out);
	if (rc == Z_MEM_ERROR)
		return FAIL_MEMORY;
	return rc == Z_STREAM_END || out->len > before ? FAIL_NONE :
							 FAIL_FORMAT;
}

enum fail
deflate_head(struct bytes in, uint8_t *head, size_t *len)
{
	z_stream z = { 0 };
	int rc;

	if (in.len > UINT32_MAX || *len > UINT32_MAX)
		return FAIL_LIMIT;
	if (inflateInit(&z) != Z_OK)
		return FAIL_MEMORY;
	z.next_in = (Bytef *)(uintptr_t)in.data; /* zlib only reads it */
	z.avail_in = (uInt)in.len;
	z.next_out = head;
	z.avail_out = (uInt)*len;
	rc = inflate(&z, Z_SYNC_FLUSH);
	*len -= z.avail_out;
	inflateEnd(&z);
	if (rc == Z_MEM_ERROR)
		return FAIL_MEMORY;
	return rc == Z_OK || rc == Z_STREAM_END || *len ? FAIL_NONE :
							  FAIL_FORMAT;
}

enum fail
deflate_read_raw(struct bytes in, size_t size, struct buf *out)
{
	z_stream z = { 0 };
	uint8_t beyond, *to;
	int rc;

	if (in.len > UINT32_MAX || size > UINT32_MAX)
		return FAIL_LIMIT;
	to = size ? buf_grow(out, size) : &beyond;
	if (!to)
		return buf_fail(out);
	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return FAIL_MEMORY;
	z.next_in = (Bytef *)(uintptr_t)in.data;
	z.avail_in = (uInt)in.len;
	z.next_out = to;
	z.avail_out = (uInt)size;
	rc = inflate(&z, Z_FINISH);
	/* With all of its room taken the end may still have to be read. */
	if (rc == Z_BUF_ERROR && !z.avail_out) {
		z.next_out = &beyond;
		z.avail_out = 1;
		rc = inflate(&z, Z_FINISH);
		rc = z.avail_out == 1 ? rc : Z_DATA_ERROR;
		z.avail_out = 0;
	}
	inflateEnd(&z);
	if (rc == Z_MEM_ERROR)
		return FAIL_MEMORY;
	return rc == Z_STREAM_END && !z.avail_in && !z.avail_out ? FAIL_NONE :
								   FAIL_FORMAT;
}

enum fail
deflate_each_raw(struct bytes in, size_t size,
    void (*step)(void *context, struct bytes part), void *context)
{
	z_stream z = { 0 };
	uint8_t out[STEP];
	size_t n, sum = 0;
	int rc = Z_OK;

	if (in.len > UINT32_MAX)
		return FAIL_LIMIT;
	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return FAIL_MEMORY;
	z.next_in = (Bytef *)(uintptr_t)in.data;
	z.avail_in = (uInt)in.len;
	while (rc == Z_OK && sum <= size) {
		z.next_out = out;
		z.avail_out = STEP;
		rc = inflate(&z, Z_NO_FLUSH);
		n = STEP - z.avail_out;
		sum += n;
		if (n && sum <= size)
			step(context, (struct bytes){ out, n });
	}
	inflateEnd(&z);
	if (rc == Z_MEM_ERROR)
		return FAIL_MEMORY;
	return rc == Z_STREAM_END && !z.avail_in && sum == size ? FAIL_NONE :
								  FAIL_FORMAT;
}

enum fail
deflate_write(struct bytes in, struct buf *out)
{
	z_stream z = { 0 };
	uint8_t step[STEP];
	int rc = Z_OK;

	if (in.len > UINT32_MAX)
		return FAIL_LIMIT;
	if (deflateInit(&z, LEVEL) != Z_OK)
		return FAIL_MEMORY;
	z.next_in = (Bytef *)(uintptr_t)in.data;
	z.avail_in = (uInt)in.len;
	while (rc == Z_OK) {
		z.next_out = step;
		z.avail_out = STEP;
		rc = deflate(&z, Z_FINISH);
		buf_add(out, step, STEP - z.avail_out);
	}
	deflateEnd(&z);
	return rc == Z_STREAM_END ? buf_fail(out) : FAIL_MEMORY;
}

/* The block that begins at a bit, if it is stored (RFC 1951 3.2.4). */
static bool
stored_at(struct bytes in, uint64_t bit, struct deflate_stored *stored)
{
	size_t at = (size_t)(bit / 8);
	unsigned head = 0;
	struct bytes len;

	if (at >= in.len)
		return false;
	head = in.data[at];
	if (at + 1 < in.len)
		head |= (unsigned)in.data[at + 1] << 8;
	/* Whether it is the last, then its kind: 0. */
	if (head >> bit % 8 >> 1 & 3)
		return false;
	at = (size_t)((bit + 3 + 7) / 8);
	len = bytes_part(in, at, 4);
	if (len.len != 4)
		return false;
	stored->at = at + 4;
	stored->len = len.data[0] | (size_t)len.data[1] << 8;
	return stored->len <= in.len - stored->at;
}

enum fail
deflate_each_stored(struct bytes in,
    bool (*each)(void *context, const struct deflate_stored *stored),
    void *context)
{
	z_stream z = { 0 };
	uint8_t out[STEP];
	struct deflate_stored stored = { .content = 0 };
	bool at_block = true;
	int rc = Z_OK;

	if (in.len > UINT32_MAX)
		return FAIL_LIMIT;
	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return FAIL_MEMORY;
	z.next_in = (Bytef *)(uintptr_t)in.data;
	z.avail_in = (uInt)in.len;
	while (rc == Z_OK) {
		unsigned unused = (unsigned)z.data_type & 7;

		if (at_block &&
		    stored_at(in, 8 * (uint64_t)z.total_in - unused, &stored)) {
			stored.content = z.total_out;
			if (!each(context, &stored))
				break;
		}
		z.next_out = out;
		z.avail_out = STEP;
		rc = inflate(&z, Z_BLOCK);
		at_block = (unsigned)z.data_type & 128 &&
		    !((unsigned)z.data_type & 64);
	}
	inflateEnd(&z);
	if (rc == Z_MEM_ERROR)
		return FAIL_MEMORY;
	return rc == Z_OK || rc == Z_STREAM_END ? FAIL_NONE : FAIL_FORMAT;
}

uint32_t
deflate_crc32(struct bytes in)
{
	return deflate_crc32_on(0, in);
}

uint32_t
deflate_crc32_on(uint32_t crc, struct bytes in)
{
	return (uint32_t)crc32_z(crc, in.data, in.len);
}

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

static bool
is_at_level(int level, struct bytes packed, struct bytes content)
{
	z_stream z = { 0 };
	uint8_t step[STEP];
	size_t at = 0, n;
	int rc = Z_OK;

	if (deflateInit2(&z, level, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL - 1,
		Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	z.next_in = (Bytef *)(uintptr_t)content.data;
	z.avail_in = (uInt)content.len;
	while (rc == Z_OK) {
		z.next_out = step;
		z.avail_out = STEP;
		rc = deflate(&z, Z_FINISH);
		n = STEP - z.avail_out;
		if (!bytes_equal(
			bytes_part(packed, at, n), (struct bytes){ step, n }))
			break;
		at += n;
	}
	deflateEnd(&z);
	return rc == Z_STREAM_END && at == packed.len;
}

bool
deflate_is_usual(struct bytes packed, struct bytes content)
{
	return packed.len <= UINT32_MAX && content.len <= UINT32_MAX &&
	    (is_at_level(6, packed, content) ||
		is_at_level(1, packed, content));
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

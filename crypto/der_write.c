#include "crypto/der_write.h"

#include <stdio.h>

#include "base/when.h"
#include "crypto/der_read.h"

der_mark
der_begin(const struct buf *out)
{
	return out->len;
}

/* Tag and definite length in fewest octets (X.690 10.1). */
static size_t
head_make(uint8_t head[10], uint8_t tag, size_t len)
{
	size_t n = 0, at = 2;

	head[0] = tag;
	if (len < 0x80) {
		head[1] = (uint8_t)len;
		return at;
	}
	for (size_t rest = len; rest; rest >>= 8)
		n++;
	head[1] = (uint8_t)(0x80 | n);
	while (n--)
		head[at++] = (uint8_t)(len >> 8 * n);
	return at;
}

void
der_end_with(struct buf *out, der_mark mark, uint8_t tag)
{
	uint8_t head[10];

	if (buf_fail(out))
		return;
	buf_insert(out, mark, head, head_make(head, tag, out->len - mark));
}

void
der_put(struct buf *out, uint8_t tag, struct bytes value)
{
	uint8_t head[10];

	buf_add(out, head, head_make(head, tag, value.len));
	buf_bytes(out, value);
}

void
der_put_int(struct buf *out, uint32_t value)
{
	uint8_t octets[5];
	size_t n = 0;

	/* A leading zero keeps the sign; drop the others. */
	for (int shift = 32; shift >= 0; shift -= 8) {
		uint8_t octet = (uint8_t)(shift == 32 ? 0 : value >> shift);

		octets[n++] = octet;
		if (n == 2 && octets[0] == 0 && !(octets[1] & 0x80)) {
			octets[0] = octets[1];
			n = 1;
		}
	}
	der_put(out, DER_INTEGER, (struct bytes){ octets, n });
}

void
der_put_bits(struct buf *out, struct bytes octets)
{
	der_mark mark = der_begin(out);

	buf_u8(out, 0);
	buf_bytes(out, octets);
	der_end_with(out, mark, DER_BIT_STRING);
}

void
der_put_null(struct buf *out)
{
	der_put(out, DER_NULL, (struct bytes){ NULL, 0 });
}

void
der_put_time(struct buf *out, int64_t instant)
{
	struct when_date d = when_split(instant, 0);
	bool general = d.year < 1950 || d.year >= 2050;
	char text[32];

	snprintf(text, sizeof(text), "%04d%02d%02d%02d%02d%02dZ", d.year,
	    d.month, d.day, d.hour, d.minute, d.second);
	der_put(out, general ? DER_GENERAL_TIME : DER_UTC_TIME,
	    BYTES_TEXT(general ? text : text + 2));
}

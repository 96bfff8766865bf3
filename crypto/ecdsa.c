#include "crypto/ecdsa.h"

#include "crypto/der_read.h"
#include "crypto/der_write.h"

static struct bytes
without_zeros(struct bytes n)
{
	while (n.len > 1 && !n.data[0])
		n = bytes_part(n, 1, n.len);
	return n;
}

enum fail
ecdsa_to_der(struct bytes raw, struct buf *der)
{
	size_t half = raw.len / 2;
	der_mark whole = der_begin(der);

	if (!half || raw.len % 2)
		return FAIL_FORMAT;
	for (size_t i = 0; i < 2; i++) {
		struct bytes n = without_zeros(bytes_part(raw, i * half, half));
		der_mark number = der_begin(der);

		if (n.data[0] & 0x80)
			buf_u8(der, 0);
		buf_bytes(der, n);
		der_end_with(der, number, DER_INTEGER);
	}
	der_end_with(der, whole, DER_SEQUENCE);
	return buf_fail(der);
}

enum fail
ecdsa_to_raw(struct bytes der, unsigned bits, struct buf *raw)
{
	size_t size = (bits + 7) / 8;
	struct der in = der_open(der), numbers;

	if (der_into(&in, DER_SEQUENCE, &numbers) || !der_end(&in))
		return FAIL_FORMAT;
	for (size_t i = 0; i < 2; i++) {
		struct der_item item;
		struct bytes n;

		if (der_take(&numbers, DER_INTEGER, &item) || !item.value.len ||
		    item.value.data[0] & 0x80)
			return FAIL_FORMAT;
		n = without_zeros(item.value);
		if (n.len > size)
			return FAIL_FORMAT;
		buf_zeros(raw, size - n.len);
		buf_bytes(raw, n);
	}
	return der_end(&numbers) ? buf_fail(raw) : FAIL_FORMAT;
}

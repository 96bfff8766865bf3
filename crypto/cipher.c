#include "crypto/cipher.h"

#include <mbedtls/aes.h>

static uint32_t
turn(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static uint32_t
load(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

/* RFC 1321 3.4: floor(2^32 * |sin(i + 1)|). */
static const uint32_t sines[64] = { 0xd76aa478, 0xe8c7b756, 0x242070db,
	0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
	0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e,
	0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
	0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
	0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
	0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60,
	0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
	0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7,
	0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f,
	0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
	0xeb86d391 };

static void
md5_block(uint32_t h[4], const uint8_t *block)
{
	static const uint8_t turns[4][4] = { { 7, 12, 17, 22 },
		{ 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } };
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3];

	for (unsigned i = 0; i < 64; i++) {
		uint32_t f, keep = d;
		unsigned word;

		if (i < 16) {
			f = (b & c) | (~b & d);
			word = i;
		} else if (i < 32) {
			f = (d & b) | (~d & c);
			word = (5 * i + 1) % 16;
		} else if (i < 48) {
			f = b ^ c ^ d;
			word = (3 * i + 5) % 16;
		} else {
			f = c ^ (b | ~d);
			word = 7 * i % 16;
		}
		f += a + sines[i] + load(block + 4 * word);
		d = c;
		c = b;
		b += turn(f, turns[i / 16][i % 4]);
		a = keep;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
}

void
cipher_md5(struct bytes in, uint8_t out[static CIPHER_MD5_LEN])
{
	uint32_t h[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
	uint8_t last[128] = { 0 };
	uint64_t bits = (uint64_t)in.len * 8;
	size_t whole = in.len / 64 * 64, rest = in.len - whole;
	size_t end = rest < 56 ? 64 : 128;

	for (size_t i = 0; i < whole; i += 64)
		md5_block(h, in.data + i);
	if (rest)
		memcpy(last, in.data + whole, rest);
	last[rest] = 0x80;
	for (size_t i = 0; i < 8; i++)
		last[end - 8 + i] = (uint8_t)(bits >> 8 * i);
	for (size_t i = 0; i < end; i += 64)
		md5_block(h, last + i);
	for (size_t i = 0; i < CIPHER_MD5_LEN; i++)
		out[i] = (uint8_t)(h[i / 4] >> 8 * (i % 4));
}

void
cipher_rc4(struct bytes key, struct bytes in, struct buf *out)
{
	uint8_t s[256], i = 0, j = 0;

	if (!key.len)
		return;
	for (unsigned n = 0; n < 256; n++)
		s[n] = (uint8_t)n;
	for (unsigned n = 0; n < 256; n++) {
		uint8_t swap = s[n];

		j = (uint8_t)(j + s[n] + key.data[n % key.len]);
		s[n] = s[j];
		s[j] = swap;
	}
	j = 0;
	for (size_t n = 0; n < in.len; n++) {
		uint8_t swap;

		i++;
		j = (uint8_t)(j + s[i]);
		swap = s[i];
		s[i] = s[j];
		s[j] = swap;
		buf_u8(out, in.data[n] ^ s[(uint8_t)(s[i] + s[j])]);
	}
}

enum fail
cipher_aes_cbc(bool encrypt, struct bytes key,
    const uint8_t iv[static CIPHER_BLOCK], struct bytes in, struct buf *out)
{
	mbedtls_aes_context aes;
	uint8_t chain[CIPHER_BLOCK], *to;
	unsigned bits = (unsigned)key.len * 8;
	int rc;

	if (in.len % CIPHER_BLOCK)
		return FAIL_FORMAT;
	to = buf_grow(out, in.len);
	if (buf_fail(out) || !in.len)
		return buf_fail(out);
	memcpy(chain, iv, CIPHER_BLOCK);
	mbedtls_aes_init(&aes);
	rc = encrypt ? mbedtls_aes_setkey_enc(&aes, key.data, bits) :
		       mbedtls_aes_setkey_dec(&aes, key.data, bits);
	if (!rc)
		rc = mbedtls_aes_crypt_cbc(&aes,
		    encrypt ? MBEDTLS_AES_ENCRYPT : MBEDTLS_AES_DECRYPT, in.len,
		    chain, in.data, to);
	mbedtls_aes_free(&aes);
	return rc ? FAIL_FORMAT : FAIL_NONE;
}

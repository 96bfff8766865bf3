/*
 * SHA-256 with the SHA extensions of x86.  The instructions keep the state as
 * two registers ABEF and CDGH and do two rounds each; the message schedule is
 * four words at a time (Intel SDM, SHA256RNDS2, SHA256MSG1, SHA256MSG2).
 */
#include "crypto/sha256.h"

#include <cpuid.h>
#include <immintrin.h>
#include <stdbool.h>

__attribute__((target("sha,sse4.1,ssse3"))) static void
blocks_shani(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	const __m128i swap =
	    _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
	__m128i low = _mm_loadu_si128((const __m128i *)(const void *)state);
	__m128i high =
	    _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
	__m128i abef, cdgh;

	low = _mm_shuffle_epi32(low, 0xB1);
	high = _mm_shuffle_epi32(high, 0x1B);
	abef = _mm_alignr_epi8(low, high, 8);
	cdgh = _mm_blend_epi16(high, low, 0xF0);

	for (; blocks; blocks--, data += SHA256_BLOCK) {
		const __m128i abef_was = abef, cdgh_was = cdgh;
		__m128i w[4];

#pragma GCC unroll 16
		for (int i = 0; i < 16; i++) {
			__m128i *now = &w[i % 4], sum;

			if (i < 4) {
				*now = _mm_loadu_si128(
				    (const __m128i *)(const void *)(data +
					16 * i));
				*now = _mm_shuffle_epi8(*now, swap);
			} else {
				__m128i last = w[(i + 3) % 4];

				*now =
				    _mm_sha256msg1_epu32(*now, w[(i + 1) % 4]);
				*now = _mm_add_epi32(*now,
				    _mm_alignr_epi8(last, w[(i + 2) % 4], 4));
				*now = _mm_sha256msg2_epu32(*now, last);
			}
			const void *turn = sha256_constants + 4 * i;

			sum = _mm_add_epi32(*now, _mm_load_si128(turn));
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
			abef = _mm_sha256rnds2_epu32(
			    abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
		}
		abef = _mm_add_epi32(abef, abef_was);
		cdgh = _mm_add_epi32(cdgh, cdgh_was);
	}

	low = _mm_shuffle_epi32(abef, 0x1B);
	high = _mm_shuffle_epi32(cdgh, 0xB1);
	_mm_storeu_si128(
	    (__m128i *)(void *)state, _mm_blend_epi16(low, high, 0xF0));
	_mm_storeu_si128(
	    (__m128i *)(void *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

sha256_kernel *
sha256_kernel_native(void)
{
	unsigned a, b, c, d;
	bool ssse3_sse41, sha;

	if (!__get_cpuid(1, &a, &b, &c, &d))
		return NULL;
	ssse3_sse41 = (c & bit_SSSE3) && (c & bit_SSE4_1);
	sha = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
	return ssse3_sse41 && sha ? blocks_shani : NULL;
}

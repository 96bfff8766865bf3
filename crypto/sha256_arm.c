/*
 * SHA-256 with the cryptography extension of Armv8-A (Arm ARM, SHA256H,
 * SHA256H2, SHA256SU0, SHA256SU1): four rounds at a time.
 */
#include "crypto/sha256.h"

#include <arm_neon.h>
#include <sys/auxv.h>

#include <asm/hwcap.h>

static const uint32_t k[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
	0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
	0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138,
	0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
	0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f,
	0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2 };

__attribute__((target("+crypto"))) static void
blocks_armv8(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);

	for (; blocks; blocks--, data += SHA256_BLOCK) {
		const uint32x4_t abcd_was = abcd, efgh_was = efgh;
		uint32x4_t w[4];

		for (int i = 0; i < 16; i++) {
			uint32x4_t *now = &w[i % 4], sum, before = abcd;

			if (i < 4)
				*now = vreinterpretq_u32_u8(
				    vrev32q_u8(vld1q_u8(data + 16 * i)));
			else
				*now = vsha256su1q_u32(
				    vsha256su0q_u32(*now, w[(i + 1) % 4]),
				    w[(i + 2) % 4], w[(i + 3) % 4]);
			sum = vaddq_u32(*now, vld1q_u32(k + 4 * i));
			abcd = vsha256hq_u32(abcd, efgh, sum);
			efgh = vsha256h2q_u32(efgh, before, sum);
		}
		abcd = vaddq_u32(abcd, abcd_was);
		efgh = vaddq_u32(efgh, efgh_was);
	}
	vst1q_u32(state, abcd);
	vst1q_u32(state + 4, efgh);
}

sha256_kernel *
sha256_kernel_native(void)
{
	return getauxval(AT_HWCAP) & HWCAP_SHA2 ? blocks_armv8 : NULL;
}

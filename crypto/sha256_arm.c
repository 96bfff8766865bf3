/*
 * SHA-256 with the cryptography extension of Armv8-A (Arm ARM, SHA256H,
 * SHA256H2, SHA256SU0, SHA256SU1): four rounds at a time.
 */
#include "crypto/sha256.h"

#include <arm_neon.h>
#include <sys/auxv.h>

#include <asm/hwcap.h>

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
			sum = vaddq_u32(
			    *now, vld1q_u32(sha256_constants + 4 * i));
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

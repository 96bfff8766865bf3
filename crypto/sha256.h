/*
 * The SHA-256 compression function over whole blocks (FIPS 180-4 6.2.2).
 *
 * sha256_blocks picks the fastest kernel this processor has, once; the
 * portable one is always there and is the oracle of the others in the tests.
 */
#ifndef CRYPTO_SHA256_H
#define CRYPTO_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BLOCK 64u

typedef void
sha256_kernel(uint32_t state[8], const uint8_t *data, size_t blocks);

/* The round constants (FIPS 180-4 4.2.2), aligned for vector loads. */
extern const uint32_t sha256_constants[64];

sha256_kernel sha256_blocks;
sha256_kernel sha256_blocks_portable;

/* The processor's own kernel, or NULL when it has none (sha256_x86.c,
 * sha256_arm.c; the build picks by architecture). */
sha256_kernel *sha256_kernel_native(void);

#endif

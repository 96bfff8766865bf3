/* Random bytes from the kernel (getrandom); the only source in the product. */
#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include <stddef.h>

/* Fills out; aborts the process if the kernel refuses, for going on with
 * guessable secrets would be worse. */
void random_bytes(void *out, size_t len);

/* The shape Mbed TLS asks for: always 0, context unused. */
int random_mbedtls(void *context, unsigned char *out, size_t len);

#endif

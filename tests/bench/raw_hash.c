/* MB/s of our SHA-256 over blocks as large as those a file is read in. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "crypto/hash.h"

#define STEP (256u << 10)
#define SECONDS 1.0

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(void)
{
	uint8_t *data = malloc(STEP), digest[HASH_MAX];
	double began = now(), took, bytes = 0;
	struct hash h;

	if (!data)
		return 1;
	memset(data, 0x5A, STEP);
	hash_init(&h, HASH_SHA256);
	do {
		hash_add(&h, (struct bytes){ data, STEP });
		bytes += STEP;
		took = now() - began;
	} while (took < SECONDS);
	hash_done(&h, digest);
	printf("%.0f\n", bytes / took / 1e6);
	free(data);
	return 0;
}

/*
 * What every fuzz target shares.  A target reads at most FUZZ_SIZE_MAX bytes,
 * which run_fuzz takes from its source for -max_len, and stops the program
 * (fuzz_must) when a promise of a header is broken.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/fail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define fuzz_must(fact)                                                        \
	do {                                                                   \
		if (!(fact)) {                                                 \
			fprintf(stderr, "broken promise: %s (%s:%d)\n", #fact, \
			    __FILE__, __LINE__);                               \
			abort();                                               \
		}                                                              \
	} while (0)

/* a lies within b. */
static inline bool
fuzz_within(struct bytes a, struct bytes b)
{
	return !a.len || (a.data >= b.data && a.data + a.len <= b.data + b.len);
}

#endif

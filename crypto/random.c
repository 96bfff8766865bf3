#include "crypto/random.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/types.h>

void
random_bytes(void *out, size_t len)
{
	unsigned char *at = out;

	while (len) {
		ssize_t got = getrandom(at, len, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		at += got;
		len -= (size_t)got;
	}
}

int
random_mbedtls(void *context, unsigned char *out, size_t len)
{
	(void)context;
	random_bytes(out, len);
	return 0;
}

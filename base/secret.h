/*
 * A PIN or key in memory: locked against swapping, left out of core files,
 * wiped on every path out, never printed.
 *
 * A secret owns whole pages, so that locking and MADV_DONTDUMP touch nothing
 * else.  secret_init fails rather than fall back to ordinary memory.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/bytes.h"
#include "base/fail.h"

#define SECRET_MAX 256u /* bytes; a PIN has 4 to 16, a key at most 64 */

struct secret {
	uint8_t *data; /* one locked page, or NULL */
	size_t len;
};

CHECKED enum fail secret_init(struct secret *s);

/* Replace the content.  FAIL_LIMIT: longer than SECRET_MAX; s is then empty. */
CHECKED enum fail secret_set(struct secret *s, struct bytes in);

/* Zero the content; the page stays. */
void secret_wipe(struct secret *s);

/* Wipe and give the page back.  A zeroed secret does nothing. */
void secret_free(struct secret *s);

struct bytes secret_get(const struct secret *s);

#endif

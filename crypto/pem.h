/* The blocks of a text (RFC 7468). */
#ifndef CRYPTO_PEM_H
#define CRYPTO_PEM_H

#include "base/buf.h"

/*
 * The next block with this label ("CERTIFICATE"): its content is appended to
 * der, and *text goes on behind it.  FAIL_MISSING: there is none; FAIL_FORMAT:
 * it is damaged; FAIL_LIMIT: der's ceiling.
 */
CHECKED enum fail
pem_next(struct bytes *text, const char *label, struct buf *der);

/*
 * A CMS as it is, or out of a text (RFC 7468 8, 9: PKCS7, CMS) that holds
 * nothing else: appended to der, and *cms a view of it there.  A text of
 * another kind, or one that is damaged, is left as it is.  FAIL_LIMIT: der's
 * ceiling.
 */
CHECKED enum fail
pem_cms(struct bytes file, struct buf *der, struct bytes *cms);

/* Append the bytes of a base64 text; spaces in it do not count.  FAIL_FORMAT.
 */
CHECKED enum fail pem_unbase64(struct bytes text, struct buf *out);

/* Append bytes in base64 (RFC 4648 4), without line ends. */
void pem_base64(struct bytes in, struct buf *out);

#endif

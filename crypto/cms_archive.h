/*
 * The archive time-stamp of CAdES B-LTA (EN 319 122-1 5.5.3, version 3): over
 * the signature with all that is needed to check it, listed by hashes in an
 * index (5.5.2) that the token itself carries.
 */
#ifndef CRYPTO_CMS_ARCHIVE_H
#define CRYPTO_CMS_ARCHIVE_H

#include "base/buf.h"
#include "crypto/hash.h"
#include "crypto/oid.h"

#define CMS_ARCHIVE_INDEX_MAX 65536u

/*
 * The digest to be stamped, and the index for the token.  content is the digest
 * of the detached content, made with the same kind.  FAIL_FORMAT: cms is not a
 * SignedData of one signer in DER.
 */
CHECKED enum fail cms_archive_digest(struct bytes cms, enum hash_kind kind,
    const uint8_t *content, struct buf *index, uint8_t out[static HASH_MAX]);

/*
 * What a token of the n-th signer must be over, by the index that it carries.
 * FAIL_DIGEST: the index names something that is not there; FAIL_FORMAT.
 */
CHECKED enum fail
cms_archive_imprint(struct bytes cms, size_t n, enum hash_kind kind,
    const uint8_t *content, struct bytes index, uint8_t out[static HASH_MAX]);

/* Is an item (a certificate, a list) among those an index protects? */
bool
cms_archive_covers(struct bytes index, enum hash_kind kind, struct bytes item);

/* Likewise a value of an unsigned attribute. */
bool cms_archive_covers_value(
    struct bytes index, enum hash_kind kind, enum oid type, struct bytes value);

/* Append the signature with the token, and the index in it.  FAIL_FORMAT: as
 * above, of either. */
CHECKED enum fail cms_archive_add(
    struct bytes cms, struct bytes token, struct bytes index, struct buf *out);

#endif

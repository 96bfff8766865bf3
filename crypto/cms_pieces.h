/*
 * A SignedData (RFC 5652 5.1) taken apart for those who put it together again
 * with more in it, or digest parts of it: pieces that are whole items each,
 * views; what is optional may be empty.
 */
#ifndef CRYPTO_CMS_PIECES_H
#define CRYPTO_CMS_PIECES_H

#include "base/bytes.h"
#include "base/fail.h"

struct cms_pieces {
	struct bytes type; /* of the ContentInfo */
	struct bytes version, digests, content, certs, lists;
	struct bytes content_type; /* whole OID within content */
	struct cms_pieces_signer {
		struct bytes version, id, digest, attributes, algorithm;
		struct bytes signature, others; /* unsigned attributes */
	} signer;
};

/*
 * With the n-th signer.  *last: there is no other behind it; NULL: he must be
 * the last one.  FAIL_FORMAT: it is none in DER.
 */
CHECKED enum fail cms_pieces_read(
    struct bytes cms, size_t n, struct cms_pieces *pieces, bool *last);

#endif

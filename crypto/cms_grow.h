/*
 * A finished CMS of one signer with more where nobody signs it (RFC 5652 5.1):
 * certificates and revocation data beside the signature, an attribute that is
 * not signed.
 */
#ifndef CRYPTO_CMS_GROW_H
#define CRYPTO_CMS_GROW_H

#include "crypto/cms.h"
#include "crypto/oid.h"

struct cms_growth {
	const struct bytes *certs; /* whole DER each */
	size_t cert_count;
	const struct cms_evidence *evidence; /* beside the certificates */
	size_t evidence_count;
	enum oid attribute;
	struct bytes value; /* of that attribute, whole; empty: none */
};

/* Append cms with it, behind what it has (attributes in their order); every
 * other byte stays.  FAIL_FORMAT: it is no SignedData of one signer in DER;
 * FAIL_LIMIT: too many attributes. */
CHECKED enum fail
cms_grow(struct bytes cms, const struct cms_growth *growth, struct buf *out);

/*
 * The value of the attribute revocation-values (EN 319 122-1 A.1.3.2).
 * Programs that know PKCS #7 only read answers there, and fall over them beside
 * the certificates.  Why an answer does not read, FAIL_LIMIT.
 */
CHECKED enum fail cms_revocation_values(
    const struct cms_evidence *evidence, size_t count, struct buf *out);

#endif

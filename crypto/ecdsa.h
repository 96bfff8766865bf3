/*
 * The two forms of an ECDSA value: ECDSA-Sig-Value in DER (RFC 3279 2.2.3), as
 * certificates and CMS hold it, and r and s side by side, each as long as the
 * curve's order, as PKCS#11 tokens give it.
 */
#ifndef CRYPTO_ECDSA_H
#define CRYPTO_ECDSA_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"

/* Append the DER of r and s.  FAIL_FORMAT: not two halves. */
CHECKED enum fail ecdsa_to_der(struct bytes raw, struct buf *der);

/* Append r and s of a curve with so many bits.  FAIL_FORMAT: no such value. */
CHECKED enum fail
ecdsa_to_raw(struct bytes der, unsigned bits, struct buf *raw);

#endif

/*
 * The code beside a document's number: what was issued, signed by the agency's
 * key, small enough for a QR code.  FORMATS.md has its bytes.
 *
 * It names the file as it was before the seal's own update (the code is part of
 * that update): a printed page leads to the number and day it was issued under,
 * and a file at hand can be told from another under the same number.
 */
#ifndef DOCUMENT_SEAL_CODE_H
#define DOCUMENT_SEAL_CODE_H

#include "base/buf.h"
#include "base/when.h"
#include "crypto/signature.h"
#include "document/qr.h"

#define SEAL_CODE_HASH 16u     /* bytes kept of a SHA-256 */
#define SEAL_CODE_BODY_MAX 56u /* with an ECDSA P-256 value: 120 bytes */
#define SEAL_CODE_MAX (SEAL_CODE_BODY_MAX + SIGNATURE_MAX)
#define SEAL_CODE_TEXT_MAX 1024u /* letters of the code's text */

struct seal_code {
	struct bytes agency; /* its identifier, as in G22.99.08; ASCII */
	struct bytes number; /* UTF-8, as in 106/QĐ-BQL */
	struct when_date day;
	uint32_t length; /* of the file before the seal's update … */
	uint8_t hash[SEAL_CODE_HASH]; /* … and its SHA-256, cut */
	uint32_t log_index;     /* in the transparency log; 0: not there */
	struct bytes body;      /* of a code read: what is signed … */
	struct bytes signature; /* … and the value as it stands there */
};

/* Append what is to be signed.  FAIL_LIMIT: agency and number are too long;
 * FAIL_FORMAT: empty or no text, or the day is before 2000. */
CHECKED enum fail seal_code_body(
    const struct seal_code *code, struct buf *body, struct note *note);

/* Digest to be signed: never that of a CMS or a certificate. */
void seal_code_digest(struct bytes body, uint8_t out[static HASH_LEN]);

/* Append the code's text to a body and its signature, ECDSA in DER as tokens
 * give it.  FAIL_UNSUPPORTED: neither ECDSA nor RSA with PKCS#1 v1.5. */
CHECKED enum fail seal_code_text(struct bytes body,
    const struct public_key *key, struct bytes signature, struct buf *text);

/* Read a text, as a scanner gave it; *code points into bytes. */
CHECKED enum fail seal_code_read(struct bytes text, struct buf *bytes,
    struct seal_code *code, struct note *note);

/* Is it this key's?  FAIL_SIGNATURE, FAIL_UNSUPPORTED. */
CHECKED enum fail
seal_code_verify(const struct seal_code *code, const struct public_key *key);

/* Was it made for the beginning of this file?  FAIL_DIGEST: for another. */
CHECKED enum fail
seal_code_fits(const struct seal_code *code, struct bytes file);

#endif

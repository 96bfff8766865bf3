/*
 * Online certificate status (RFC 6960): asking about one certificate, reading
 * the answer, checking it.
 *
 * Views point into the answer's bytes, which stay the caller's.
 */
#ifndef CRYPTO_OCSP_H
#define CRYPTO_OCSP_H

#include "crypto/cert.h"

#define OCSP_ANSWER_MAX (256u << 10)
#define OCSP_SINGLES_MAX 64u
#define OCSP_CERTS_MAX 8u
#define OCSP_NONCE 32u /* bytes, RFC 9654 2.1 */

enum ocsp_status { OCSP_GOOD, OCSP_REVOKED, OCSP_UNKNOWN };

/* What the answer says about one certificate. */
struct ocsp_single {
	enum hash_kind hash; /* of the two hashes */
	struct bytes issuer_name_hash, issuer_key_hash, serial;
	enum ocsp_status status;
	int64_t revoked; /* when OCSP_REVOKED */
	int reason;      /* as in a CRL; 0: unspecified */
	int64_t this_update;
	int64_t next_update; /* INT64_MAX: it does not say */
	int64_t keeps; /* of what has expired since then it still tells (4.4.4);
			  INT64_MAX: it does not say */
	bool unknown_critical;
};

struct ocsp {
	struct bytes basic;   /* BasicOCSPResponse, whole item */
	struct bytes tbs;     /* what is signed */
	struct bytes by_name; /* the responder: its Name … */
	struct bytes by_key;  /* … or SHA-1 of its key */
	int64_t produced;
	struct ocsp_single singles[OCSP_SINGLES_MAX];
	size_t single_count;
	struct bytes nonce; /* content of the extension's OCTET STRING; empty:
			       none */
	bool unknown_critical;
	struct signature_algorithm algorithm;
	struct bytes signature;
	struct bytes certs[OCSP_CERTS_MAX];
	size_t cert_count;
};

/*
 * An OCSPRequest about cert, issued by issuer; with a nonce unless it is empty.
 * The identifier is made with SHA-1: it names, it does not protect, and many
 * responders know no other.
 */
CHECKED enum fail ocsp_request_write(const struct cert *cert,
    const struct cert *issuer, struct bytes nonce, struct buf *out);

/* Read an OCSPResponse.  FAIL_PEER: the responder says that it cannot answer,
 * the note says why. */
CHECKED enum fail
ocsp_read(struct bytes answer, struct ocsp *ocsp, struct note *note);

/* Read a BasicOCSPResponse that stands alone, as CMS attributes carry it. */
CHECKED enum fail
ocsp_read_basic(struct bytes basic, struct ocsp *ocsp, struct note *note);

/* What it says about cert, or NULL. */
const struct ocsp_single *ocsp_find(const struct ocsp *ocsp,
    const struct cert *cert, const struct cert *issuer);

/*
 * Is the answer signed by the issuer itself or by whom it made its responder
 * (4.2.2.2)?  *responder is then the issuer, or has been read from the answer
 * into *room.  FAIL_CHAIN: by somebody else; FAIL_EXPIRED: the responder's
 * certificate was not valid when it answered; FAIL_SIGNATURE.
 */
CHECKED enum fail
ocsp_verify(const struct ocsp *ocsp, const struct cert *issuer,
    struct cert *room, const struct cert **responder, struct note *note);

#endif

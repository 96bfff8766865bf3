/*
 * Signature algorithms as X.509 and CMS name them, and the arithmetic of
 * verifying.  RSA PKCS#1 v1.5 and PSS (RFC 8017), ECDSA on P-256, P-384,
 * P-521 and the brainpool curves of RFC 5639, Ed25519 (RFC 8032, RFC 8410, RFC
 * 8419), DSA (FIPS 186-4).  Making signatures is the token's work, never ours.
 */
#ifndef CRYPTO_SIGNATURE_H
#define CRYPTO_SIGNATURE_H

#include "base/bytes.h"
#include "base/fail.h"
#include "crypto/hash.h"
#include "crypto/oid.h"

enum key_kind {
	KEY_NONE,
	KEY_RSA,
	KEY_RSA_PSS,
	KEY_EC,
	KEY_ED25519,
	KEY_DSA, /* of certificates only, and only to follow old paths */
};

/* A signature value is never longer: RSA-4096, or ECDSA P-521 in DER. */
#define SIGNATURE_MAX 512u

/* A public key from a SubjectPublicKeyInfo. */
struct public_key {
	enum key_kind kind; /* KEY_RSA_PSS: restricted to PSS by its OID */
	unsigned bits;      /* of the modulus or the curve */
	double cost;       /* of verifying once, in keys of RSA-2048, roughly */
	struct bytes spki; /* borrowed: the whole item */
	struct bytes parameters; /* DSA: Dss-Parms, or empty: they are the
				    issuer's (RFC 3279 2.3.2) */
	enum hash_kind
	    pss_hash; /* KEY_RSA_PSS: the only one (RFC 4055 3.3) … */
	int pss_salt; /* … and the least salt; HASH_NONE: any */
};

struct signature_algorithm {
	enum key_kind kind; /* KEY_RSA: PKCS#1 v1.5 */
	enum hash_kind hash;
	enum hash_kind mgf_hash; /* PSS: hash of the mask function */
	int salt_len;            /* PSS: bytes */
};

CHECKED enum fail public_key_read(struct bytes spki, struct public_key *key);

/*
 * Read an AlgorithmIdentifier.  digest is the digest algorithm named beside it
 * in a SignerInfo (HASH_NONE in a certificate): it completes identifiers that
 * name only the key, and must agree with those that name a hash.
 */
CHECKED enum fail signature_algorithm_read(struct bytes identifier,
    enum hash_kind digest, struct signature_algorithm *algorithm);

/* Read an AlgorithmIdentifier of a digest. */
CHECKED enum fail
hash_algorithm_read(struct bytes identifier, enum hash_kind *kind);

/* The OID of a digest. */
enum oid hash_oid(enum hash_kind kind);

/*
 * Verify signature over a message whose digest (hash_len(algorithm->hash)
 * bytes) is given.  FAIL_SIGNATURE: it does not verify.  FAIL_UNSUPPORTED: key
 * and algorithm do not go together, or PSS masks with another hash than the
 * digest's, which RFC 4055 3.1 advises against and no verifier agrees on.
 */
CHECKED enum fail signature_verify(const struct public_key *key,
    const struct signature_algorithm *algorithm, const uint8_t *digest,
    struct bytes signature);

/*
 * Verify signature over a message itself: as above on its digest, or, for
 * Ed25519, which signs messages and no digests, directly.
 */
CHECKED enum fail signature_verify_message(const struct public_key *key,
    const struct signature_algorithm *algorithm, struct bytes message,
    struct bytes signature);

#endif

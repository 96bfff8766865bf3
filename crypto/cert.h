/*
 * One X.509 certificate (RFC 5280), read strictly into views of its own bytes.
 *
 * Nothing is copied: whoever holds the DER keeps it as long as the struct is
 * used.  Reading does not judge; crypto/chain.h does.
 */
#ifndef CRYPTO_CERT_H
#define CRYPTO_CERT_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"
#include "crypto/hash.h"
#include "crypto/oid.h"
#include "crypto/signature.h"

/* Bits of KeyUsage (RFC 5280 4.2.1.3), first bit lowest. */
enum key_usage {
	USAGE_DIGITAL_SIGNATURE = 1 << 0,
	USAGE_NON_REPUDIATION = 1 << 1,
	USAGE_CERT_SIGN = 1 << 5,
	USAGE_CRL_SIGN = 1 << 6,
};

#define CERT_SIZE_MAX 65536u /* bytes of DER; real ones have 1 to 3 KB */

struct cert {
	struct bytes der;    /* all of it */
	struct bytes tbs;    /* what is signed */
	struct bytes serial; /* content octets, sign octet included */
	struct bytes issuer; /* Name, whole item */
	struct bytes subject;
	int64_t not_before, not_after; /* UTC seconds, inclusive */
	struct public_key key;         /* kind KEY_NONE: not supported here */
	struct signature_algorithm algorithm; /* kind KEY_NONE: likewise */
	struct bytes signature;

	bool has_constraints, is_ca;
	int path_len; /* -1: no limit */
	bool has_usage;
	unsigned usage;             /* enum key_usage */
	struct bytes subject_key;   /* subjectKeyIdentifier octets, or empty */
	struct bytes authority_key; /* keyIdentifier of the issuer, or empty */
	struct bytes ext_usage;     /* content of ExtKeyUsage, or empty */
	bool ext_usage_critical;
	struct bytes crl_points;      /* extensions' contents, or empty: … */
	struct bytes freshest_points; /* … read by crypto/distribution.h */
	struct bytes access;
	struct bytes alternatives; /* subjectAltName's content, or empty; … */
	struct bytes policies;     /* … read by crypto/policy.h … */
	struct bytes policy_mappings;
	struct bytes name_constraints; /* … and crypto/name_constraints.h */
	/* policyConstraints and inhibitAnyPolicy: certificates to skip; -1: the
	 * extension does not say. */
	int require_policy, inhibit_mapping, inhibit_any;
	bool no_check; /* a responder nobody asks about (RFC 6960 4.2.2.2.1) */
	bool unknown_critical; /* a critical extension we do not process */
};

CHECKED enum fail
cert_read(struct bytes der, struct cert *cert, struct note *note);

/* Does issuer's key sign this certificate?  FAIL_LIMIT: the file has cost
 * too much (base/effort.h). */
CHECKED enum fail
cert_verify(const struct cert *cert, const struct public_key *issuer);

/* Issuer and subject are the same name. */
bool cert_self_issued(const struct cert *cert);

void cert_hash(const struct cert *cert, uint8_t out[static HASH_LEN]);

/* Does ExtKeyUsage list this purpose? */
bool cert_has_purpose(const struct cert *cert, enum oid purpose);

#endif

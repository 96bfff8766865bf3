/*
 * Cryptographic Message Syntax: SignedData (RFC 5652) with the attributes that
 * CAdES and PAdES add (EN 319 122-1).
 *
 * Reading is strict: limits first, one signer, no doubled attribute, no
 * trailing bytes but what the caller cut off.  The views point into the input.
 * Writing makes one SignerInfo for a detached content.
 */
#ifndef CRYPTO_CMS_H
#define CRYPTO_CMS_H

#include "crypto/cert.h"

#define CMS_CERTS_MAX 64u
#define CMS_ATTRIBUTES_MAX 32u
#define CMS_SIGNERS_MAX 64u
#define CMS_ARCHIVES_MAX 16u
#define CMS_STAMPS_MAX 8u

struct cms_signer {
	struct bytes issuer, serial; /* who, by name and number … */
	struct bytes subject_key;    /* … or by key identifier */
	enum hash_kind digest;
	struct bytes attributes; /* [0] signedAttrs, whole item; may be empty */
	bool unsorted;           /* they stand in another order than DER's */
	struct bytes content_type; /* of the attribute: OID content */
	struct bytes message_digest;
	bool has_signing_time;
	int64_t signing_time;
	enum hash_kind cert_hash_kind; /* signingCertificate(V2), HASH_NONE */
	struct bytes cert_hash;
	struct bytes cert_issuers, cert_serial; /* of the same: GeneralNames'
						   content, or both empty */
	enum hash_kind protected_digest;  /* of CMSAlgorithmProtection … */
	struct bytes protected_signature; /* … what the identifier holds, or
					     empty */
	struct signature_algorithm algorithm;
	struct bytes signature;
	struct bytes time_stamps[CMS_STAMPS_MAX]; /* signatureTimeStampToken,
						     whole each */
	size_t stamp_count;
	struct bytes archives[CMS_ARCHIVES_MAX]; /* archive-time-stamp-v3 … */
	size_t archive_count;
	struct bytes hash_index;  /* … and of such a token, its index (EN 319
				     122-1 5.5.2); or empty */
	struct bytes cert_values; /* content, or empty */
	/* revocationInfoArchival and revocationValues: see
	 * crypto/cms_evidence.h. */
	struct bytes revocations[2];
};

struct cms {
	struct bytes
	    content_type; /* of the encapsulated content: OID content */
	bool has_content;
	struct bytes content;              /* when has_content */
	struct bytes certs[CMS_CERTS_MAX]; /* whole DER each */
	size_t cert_count;
	struct bytes lists;       /* RevocationInfoChoices' content, or empty */
	struct cms_signer signer; /* the one that was asked for */
	size_t signer_count;      /* how many there are */
};

/*
 * Read a ContentInfo holding SignedData with exactly one signer.
 * FAIL_UNSUPPORTED: well formed, but an algorithm is not known here or there
 * are several signers (never legal in a PDF, EN 319 142-1 5.3).
 */
CHECKED enum fail
cms_read(struct bytes der, struct cms *cms, struct note *note);

/* The same with any number of signers up to CMS_SIGNERS_MAX, of whom the n-th
 * is read.  FAIL_MISSING: there is none. */
CHECKED enum fail
cms_read_nth(struct bytes der, size_t n, struct cms *cms, struct note *note);

/* The signer's certificate among certs, by issuer and serial or by key
 * identifier and, when the attribute is there, by its hash; NULL if absent. */
const struct cert *cms_find_signer(
    const struct cms_signer *signer, const struct cert *certs, size_t count);

/* Is one there that has the signer's number, or key identifier, but is not the
 * one which the attribute names? */
bool cms_signer_differs(
    const struct cms_signer *signer, const struct cert *certs, size_t count);

/*
 * Check the signer against a digest of the content, made with signer->digest:
 * message digest, content type, signing certificate and signature value.
 * FAIL_DIGEST, FAIL_SIGNATURE, FAIL_FORMAT (an attribute lies or lacks).
 */
CHECKED enum fail cms_verify(const struct cms *cms, const struct cert *cert,
    const uint8_t *content_digest, struct note *note);

/* Revocation data: a CertificateList, or an OCSPResponse (RFC 5940). */
struct cms_evidence {
	bool is_answer;
	struct bytes der;
	struct bytes whole; /* read: with what stands around it, if anything */
};

/* What goes into a signature of ours; all views borrowed. */
struct cms_recipe {
	const struct cert *signer;
	const struct bytes *chain; /* certificates to include, signer first */
	size_t chain_count;
	struct signature_algorithm algorithm; /* KEY_RSA, KEY_RSA_PSS, KEY_EC */
	const uint8_t *message_digest; /* hash_len(algorithm.hash) bytes */
	bool has_time; /* signingTime among the signed attributes: CAdES wants
			  it, PAdES must not have it */
	int64_t time;
	struct bytes time_stamp; /* a token over the signature's value, carried
				    beside it; empty: none */
	size_t stamp_room; /* bytes cms_size keeps for one that is still to come
			    */
};

/* The signed attributes as a DER SET OF: what the token signs a digest of. */
CHECKED enum fail
cms_attributes(const struct cms_recipe *recipe, struct buf *out);

/* The whole ContentInfo around attributes made by cms_attributes. */
CHECKED enum fail cms_write(const struct cms_recipe *recipe,
    struct bytes attributes, struct bytes signature, struct buf *out);

/* Bytes that cms_write will need at most for this recipe; the digest is not
 * looked at. */
CHECKED enum fail cms_size(const struct cms_recipe *recipe, size_t *size);

#endif

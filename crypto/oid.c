#include "crypto/oid.h"

#include "crypto/der_read.h"
#include "crypto/der_write.h"

#define OID_BYTES_MAX 11

/* clang-format off */
static const struct {
	uint8_t len;
	uint8_t content[OID_BYTES_MAX];
	const char *name;
} oids[OID_COUNT] = {
	[OID_UNKNOWN] = { 0, { 0 }, "unknown" },
	/* 2.5.4.3 */
	[OID_COMMON_NAME] = { 3,
	    { 0x55, 0x04, 0x03 },
	    "CN" },
	/* 2.5.4.4 */
	[OID_SURNAME] = { 3,
	    { 0x55, 0x04, 0x04 },
	    "SN" },
	/* 2.5.4.5 */
	[OID_SERIAL_NUMBER] = { 3,
	    { 0x55, 0x04, 0x05 },
	    "serialNumber" },
	/* 2.5.4.6 */
	[OID_COUNTRY] = { 3,
	    { 0x55, 0x04, 0x06 },
	    "C" },
	/* 2.5.4.7 */
	[OID_LOCALITY] = { 3,
	    { 0x55, 0x04, 0x07 },
	    "L" },
	/* 2.5.4.8 */
	[OID_STATE] = { 3,
	    { 0x55, 0x04, 0x08 },
	    "ST" },
	/* 2.5.4.9 */
	[OID_STREET] = { 3,
	    { 0x55, 0x04, 0x09 },
	    "street" },
	/* 2.5.4.10 */
	[OID_ORGANIZATION] = { 3,
	    { 0x55, 0x04, 0x0A },
	    "O" },
	/* 2.5.4.11 */
	[OID_ORGANIZATIONAL_UNIT] = { 3,
	    { 0x55, 0x04, 0x0B },
	    "OU" },
	/* 2.5.4.12 */
	[OID_TITLE] = { 3,
	    { 0x55, 0x04, 0x0C },
	    "title" },
	/* 2.5.4.42 */
	[OID_GIVEN_NAME] = { 3,
	    { 0x55, 0x04, 0x2A },
	    "GN" },
	/* 0.9.2342.19200300.100.1.25 */
	[OID_DOMAIN_COMPONENT] = { 10,
	    { 0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19 },
	    "DC" },
	/* 0.9.2342.19200300.100.1.1 */
	[OID_USER_ID] = { 10,
	    { 0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x01 },
	    "UID" },
	/* 1.2.840.113549.1.9.1 */
	[OID_EMAIL] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01 },
	    "emailAddress" },
	/* 2.5.29.14 */
	[OID_SUBJECT_KEY_ID] = { 3,
	    { 0x55, 0x1D, 0x0E },
	    "subjectKeyIdentifier" },
	/* 2.5.29.15 */
	[OID_KEY_USAGE] = { 3,
	    { 0x55, 0x1D, 0x0F },
	    "keyUsage" },
	/* 2.5.29.17 */
	[OID_SUBJECT_ALT_NAME] = { 3,
	    { 0x55, 0x1D, 0x11 },
	    "subjectAltName" },
	/* 2.5.29.18 */
	[OID_ISSUER_ALT_NAME] = { 3,
	    { 0x55, 0x1D, 0x12 },
	    "issuerAltName" },
	/* 2.5.29.19 */
	[OID_BASIC_CONSTRAINTS] = { 3,
	    { 0x55, 0x1D, 0x13 },
	    "basicConstraints" },
	/* 2.5.29.30 */
	[OID_NAME_CONSTRAINTS] = { 3,
	    { 0x55, 0x1D, 0x1E },
	    "nameConstraints" },
	/* 2.5.29.20 */
	[OID_CRL_NUMBER] = { 3,
	    { 0x55, 0x1D, 0x14 },
	    "cRLNumber" },
	/* 2.5.29.21 */
	[OID_CRL_REASON] = { 3,
	    { 0x55, 0x1D, 0x15 },
	    "reasonCode" },
	/* 2.5.29.60 */
	[OID_CRL_EXPIRED] = { 3,
	    { 0x55, 0x1D, 0x3C },
	    "expiredCertsOnCRL" },
	/* 2.5.29.24 */
	[OID_INVALIDITY_DATE] = { 3,
	    { 0x55, 0x1D, 0x18 },
	    "invalidityDate" },
	/* 2.5.29.27 */
	[OID_DELTA_CRL] = { 3,
	    { 0x55, 0x1D, 0x1B },
	    "deltaCRLIndicator" },
	/* 2.5.29.28 */
	[OID_ISSUING_POINT] = { 3,
	    { 0x55, 0x1D, 0x1C },
	    "issuingDistributionPoint" },
	/* 2.5.29.29 */
	[OID_CERT_ISSUER] = { 3,
	    { 0x55, 0x1D, 0x1D },
	    "certificateIssuer" },
	/* 2.5.29.31 */
	[OID_CRL_POINTS] = { 3,
	    { 0x55, 0x1D, 0x1F },
	    "cRLDistributionPoints" },
	/* 2.5.29.32 */
	[OID_POLICIES] = { 3,
	    { 0x55, 0x1D, 0x20 },
	    "certificatePolicies" },
	/* 2.5.29.32.0 */
	[OID_ANY_POLICY] = { 4,
	    { 0x55, 0x1D, 0x20, 0x00 },
	    "anyPolicy" },
	/* 2.5.29.33 */
	[OID_POLICY_MAPPINGS] = { 3,
	    { 0x55, 0x1D, 0x21 },
	    "policyMappings" },
	/* 2.5.29.35 */
	[OID_AUTHORITY_KEY_ID] = { 3,
	    { 0x55, 0x1D, 0x23 },
	    "authorityKeyIdentifier" },
	/* 2.5.29.36 */
	[OID_POLICY_CONSTRAINTS] = { 3,
	    { 0x55, 0x1D, 0x24 },
	    "policyConstraints" },
	/* 2.5.29.37 */
	[OID_EXT_KEY_USAGE] = { 3,
	    { 0x55, 0x1D, 0x25 },
	    "extKeyUsage" },
	/* 2.5.29.54 */
	[OID_INHIBIT_ANY_POLICY] = { 3,
	    { 0x55, 0x1D, 0x36 },
	    "inhibitAnyPolicy" },
	/* 2.5.29.46 */
	[OID_FRESHEST_CRL] = { 3,
	    { 0x55, 0x1D, 0x2E },
	    "freshestCRL" },
	/* 1.3.6.1.5.5.7.1.1 */
	[OID_AUTHORITY_INFO] = { 8,
	    { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x01 },
	    "authorityInfoAccess" },
	/* 1.3.6.1.5.5.7.48.1 */
	[OID_ACCESS_OCSP] = { 8,
	    { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01 },
	    "ocsp" },
	/* 1.3.6.1.5.5.7.48.2 */
	[OID_ACCESS_ISSUERS] = { 8,
	    { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02 },
	    "caIssuers" },
	/* 1.3.6.1.5.5.7.48.1.1 */
	[OID_OCSP_BASIC] = { 9,
	    { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01 },
	    "basicOCSPResponse" },
	/* 1.3.6.1.5.5.7.48.1.2 */
	[OID_OCSP_NONCE] = { 9,
	    { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02 },
	    "ocspNonce" },
	/* 1.3.6.1.5.5.7.48.1.5 */
	[OID_OCSP_NOCHECK] = { 9,
	    { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x05 },
	    "ocspNoCheck" },
	/* 1.3.6.1.5.5.7.48.1.6 */
	[OID_OCSP_CUTOFF] = { 9,
	    { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x06 },
	    "archiveCutoff" },
	/* 1.3.6.1.5.5.7.16.2 */
	[OID_OCSP_IN_CMS] = { 8,
	    { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x10, 0x02 },
	    "ri-ocsp-response" },
	/* 1.3.6.1.5.5.7.3.8 */
	[OID_EKU_TIME_STAMPING] = { 8,
	    { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08 },
	    "timeStamping" },
	/* 1.3.6.1.5.5.7.3.9 */
	[OID_EKU_OCSP_SIGNING] = { 8,
	    { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09 },
	    "OCSPSigning" },
	/* 1.3.14.3.2.26 */
	[OID_SHA1] = { 5,
	    { 0x2B, 0x0E, 0x03, 0x02, 0x1A },
	    "sha1" },
	/* 2.16.840.1.101.3.4.2.4 */
	[OID_SHA224] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04 },
	    "sha224" },
	/* 2.16.840.1.101.3.4.2.1 */
	[OID_SHA256] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 },
	    "sha256" },
	/* 2.16.840.1.101.3.4.2.2 */
	[OID_SHA384] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02 },
	    "sha384" },
	/* 2.16.840.1.101.3.4.2.3 */
	[OID_SHA512] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03 },
	    "sha512" },
	/* 2.16.840.1.101.3.4.2.7 */
	[OID_SHA3_224] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x07 },
	    "sha3-224" },
	/* 2.16.840.1.101.3.4.2.8 */
	[OID_SHA3_256] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x08 },
	    "sha3-256" },
	/* 2.16.840.1.101.3.4.2.9 */
	[OID_SHA3_384] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x09 },
	    "sha3-384" },
	/* 2.16.840.1.101.3.4.2.10 */
	[OID_SHA3_512] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x0A },
	    "sha3-512" },
	/* 1.2.840.113549.1.1.1 */
	[OID_RSA] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01 },
	    "rsaEncryption" },
	/* 1.2.840.113549.1.1.5 */
	[OID_RSA_SHA1] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05 },
	    "sha1WithRSAEncryption" },
	/* 1.2.840.113549.1.1.14 */
	[OID_RSA_SHA224] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0E },
	    "sha224WithRSAEncryption" },
	/* 1.2.840.113549.1.1.11 */
	[OID_RSA_SHA256] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B },
	    "sha256WithRSAEncryption" },
	/* 1.2.840.113549.1.1.12 */
	[OID_RSA_SHA384] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0C },
	    "sha384WithRSAEncryption" },
	/* 1.2.840.113549.1.1.13 */
	[OID_RSA_SHA512] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D },
	    "sha512WithRSAEncryption" },
	/* 2.16.840.1.101.3.4.3.13 */
	[OID_RSA_SHA3_224] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0D },
	    "RSA-SHA3-224" },
	/* 2.16.840.1.101.3.4.3.14 */
	[OID_RSA_SHA3_256] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0E },
	    "RSA-SHA3-256" },
	/* 2.16.840.1.101.3.4.3.15 */
	[OID_RSA_SHA3_384] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0F },
	    "RSA-SHA3-384" },
	/* 2.16.840.1.101.3.4.3.16 */
	[OID_RSA_SHA3_512] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x10 },
	    "RSA-SHA3-512" },
	/* 1.2.840.113549.1.1.10 */
	[OID_RSA_PSS] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A },
	    "rsassaPss" },
	/* 1.2.840.113549.1.1.8 */
	[OID_MGF1] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08 },
	    "mgf1" },
	/* 1.2.840.10040.4.1 */
	[OID_DSA] = { 7,
	    { 0x2A, 0x86, 0x48, 0xCE, 0x38, 0x04, 0x01 },
	    "DSA" },
	/* 1.2.840.10040.4.3 */
	[OID_DSA_SHA1] = { 7,
	    { 0x2A, 0x86, 0x48, 0xCE, 0x38, 0x04, 0x03 },
	    "DSA with SHA-1" },
	/* 2.16.840.1.101.3.4.3.1 */
	[OID_DSA_SHA224] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x01 },
	    "DSA with SHA-224" },
	/* 2.16.840.1.101.3.4.3.2 */
	[OID_DSA_SHA256] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x02 },
	    "DSA with SHA-256" },
	/* 1.2.840.10045.2.1 */
	[OID_EC_KEY] = { 7,
	    { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01 },
	    "ecPublicKey" },
	/* 1.2.840.10045.4.1 */
	[OID_ECDSA_SHA1] = { 7,
	    { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01 },
	    "ecdsa-with-SHA1" },
	/* 1.2.840.10045.4.3.1 */
	[OID_ECDSA_SHA224] = { 8,
	    { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x01 },
	    "ecdsa-with-SHA224" },
	/* 1.2.840.10045.4.3.2 */
	[OID_ECDSA_SHA256] = { 8,
	    { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02 },
	    "ecdsa-with-SHA256" },
	/* 1.2.840.10045.4.3.3 */
	[OID_ECDSA_SHA384] = { 8,
	    { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03 },
	    "ecdsa-with-SHA384" },
	/* 1.2.840.10045.4.3.4 */
	[OID_ECDSA_SHA512] = { 8,
	    { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04 },
	    "ecdsa-with-SHA512" },
	/* 2.16.840.1.101.3.4.3.9 */
	[OID_ECDSA_SHA3_224] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x09 },
	    "ecdsa_with_SHA3-224" },
	/* 2.16.840.1.101.3.4.3.10 */
	[OID_ECDSA_SHA3_256] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0A },
	    "ecdsa_with_SHA3-256" },
	/* 2.16.840.1.101.3.4.3.11 */
	[OID_ECDSA_SHA3_384] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0B },
	    "ecdsa_with_SHA3-384" },
	/* 2.16.840.1.101.3.4.3.12 */
	[OID_ECDSA_SHA3_512] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0C },
	    "ecdsa_with_SHA3-512" },
	/* 1.2.840.10045.3.1.7 */
	[OID_CURVE_P256] = { 8,
	    { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07 },
	    "P-256" },
	/* 1.3.132.0.34 */
	[OID_CURVE_P384] = { 5,
	    { 0x2B, 0x81, 0x04, 0x00, 0x22 },
	    "P-384" },
	/* 1.3.132.0.35 */
	[OID_CURVE_P521] = { 5,
	    { 0x2B, 0x81, 0x04, 0x00, 0x23 },
	    "P-521" },
	/* 1.3.36.3.3.2.8.1.1.7 */
	[OID_CURVE_BP256] = { 9,
	    { 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07 },
	    "brainpoolP256r1" },
	/* 1.3.36.3.3.2.8.1.1.11 */
	[OID_CURVE_BP384] = { 9,
	    { 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B },
	    "brainpoolP384r1" },
	/* 1.3.36.3.3.2.8.1.1.13 */
	[OID_CURVE_BP512] = { 9,
	    { 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D },
	    "brainpoolP512r1" },
	/* 1.3.101.112 */
	[OID_ED25519] = { 3,
	    { 0x2B, 0x65, 0x70 },
	    "Ed25519" },
	/* 1.2.840.113549.1.7.1 */
	[OID_CMS_DATA] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01 },
	    "id-data" },
	/* 1.2.840.113549.1.7.2 */
	[OID_CMS_SIGNED_DATA] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02 },
	    "id-signedData" },
	/* 1.2.840.113549.1.9.16.1.4 */
	[OID_CMS_TST_INFO] = { 11,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
	      0x01, 0x09, 0x10, 0x01, 0x04 },
	    "id-ct-TSTInfo" },
	/* 1.2.840.113549.1.9.3 */
	[OID_ATTR_CONTENT_TYPE] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03 },
	    "contentType" },
	/* 1.2.840.113549.1.9.4 */
	[OID_ATTR_MESSAGE_DIGEST] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04 },
	    "messageDigest" },
	/* 1.2.840.113549.1.9.5 */
	[OID_ATTR_SIGNING_TIME] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x05 },
	    "signingTime" },
	/* 1.2.840.113549.1.9.16.2.12 */
	[OID_ATTR_SIGNING_CERT] = { 11,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
	      0x01, 0x09, 0x10, 0x02, 0x0C },
	    "signingCertificate" },
	/* 1.2.840.113549.1.9.16.2.47 */
	[OID_ATTR_SIGNING_CERT_V2] = { 11,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
	      0x01, 0x09, 0x10, 0x02, 0x2F },
	    "signingCertificateV2" },
	/* 0.4.0.1733.2.4 */
	[OID_ATTR_ARCHIVE_STAMP_V3] = { 6,
	    { 0x04, 0x00, 0x8d, 0x45, 0x02, 0x04 },
	    "archive-time-stamp-v3" },
	/* 0.4.0.19122.1.5 */
	[OID_ATTR_ATS_INDEX_V3] = { 7,
	    { 0x04, 0x00, 0x81, 0x95, 0x32, 0x01, 0x05 },
	    "ats-hash-index-v3" },
	/* 1.2.840.113549.1.9.16.2.49 */
	[OID_ATTR_ER_INTERNAL] = { 11,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
	      0x01, 0x09, 0x10, 0x02, 0x31 },
	    "er-internal" },
	/* 1.2.840.113549.1.9.16.2.50 */
	[OID_ATTR_ER_EXTERNAL] = { 11,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
	      0x01, 0x09, 0x10, 0x02, 0x32 },
	    "er-external" },
	/* 1.2.840.113549.1.9.16.2.14 */
	[OID_ATTR_TIME_STAMP] = { 11,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
	      0x01, 0x09, 0x10, 0x02, 0x0E },
	    "signatureTimeStampToken" },
	/* 1.2.840.113549.1.9.52 */
	[OID_ATTR_ALGORITHM_PROTECTION] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x34 },
	    "CMSAlgorithmProtection" },
	/* 1.2.840.113549.1.9.16.2.23 */
	[OID_ATTR_CERT_VALUES] = { 11,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
	      0x01, 0x09, 0x10, 0x02, 0x17 },
	    "certificateValues" },
	/* 1.2.840.113549.1.9.16.2.24 */
	[OID_ATTR_REVOCATION_VALUES] = { 11,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
	      0x01, 0x09, 0x10, 0x02, 0x18 },
	    "revocationValues" },
	/* 1.2.840.113583.1.1.8 */
	[OID_ATTR_REVOCATION_ARCHIVE] = { 9,
	    { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x2F, 0x01, 0x01, 0x08 },
	    "revocationInfoArchival" },
};
/* clang-format on */

enum oid
oid_find(struct bytes content)
{
	for (enum oid o = OID_UNKNOWN + 1; o < OID_COUNT; o++)
		if (bytes_equal(content, oid_content(o)))
			return o;
	return OID_UNKNOWN;
}

struct bytes
oid_content(enum oid oid)
{
	return (struct bytes){ oids[oid].content, oids[oid].len };
}

const char *
oid_name(enum oid oid)
{
	return oids[oid].name;
}

void
oid_put(struct buf *out, enum oid oid)
{
	der_put(out, DER_OID, oid_content(oid));
}

/* A decimal number up to 2^32 - 1 without needless zeros. */
static bool
take_arc(const char **text, uint32_t *arc)
{
	uint64_t n = 0;
	const char *t = *text;

	if (*t < '0' || *t > '9' || (*t == '0' && t[1] >= '0' && t[1] <= '9'))
		return false;
	for (; *t >= '0' && *t <= '9'; t++) {
		n = n * 10 + (uint64_t)(*t - '0');
		if (n > UINT32_MAX)
			return false;
	}
	*text = t;
	*arc = (uint32_t)n;
	return true;
}

/* X.690 8.19.2: seven bits an octet, the last one's highest bit clear. */
static void
put_arc(struct buf *out, uint64_t arc)
{
	unsigned shift = 0;

	while (arc >> shift > 127)
		shift += 7;
	for (; shift; shift -= 7)
		buf_u8(out, (uint8_t)(0x80 | (arc >> shift & 127)));
	buf_u8(out, (uint8_t)(arc & 127));
}

enum fail
oid_parse(const char *text, struct buf *content)
{
	uint32_t first, arc;

	if (!take_arc(&text, &first) || first > 2 || *text++ != '.' ||
	    !take_arc(&text, &arc) || (first < 2 && arc > 39))
		return FAIL_FORMAT;
	put_arc(content, UINT64_C(40) * first + arc);
	while (*text == '.') {
		text++;
		if (!take_arc(&text, &arc))
			return FAIL_FORMAT;
		put_arc(content, arc);
	}
	return *text ? FAIL_FORMAT : buf_fail(content);
}

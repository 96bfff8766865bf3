/*
 * Where to ask about a certificate: CRL distribution points (RFC 5280
 * 4.2.1.13) and access to its authority (4.2.2.1).
 */
#ifndef CRYPTO_DISTRIBUTION_H
#define CRYPTO_DISTRIBUTION_H

#include "base/bytes.h"
#include "base/fail.h"
#include "crypto/der_read.h"
#include "crypto/oid.h"

struct distribution_point {
	struct bytes name;       /* DistributionPointName's item, or empty */
	unsigned reasons;        /* as in crypto/crl.h */
	struct bytes crl_issuer; /* GeneralNames' content, or empty */
};

/* Step through an extension's content (cRLDistributionPoints, freshestCRL). */
CHECKED enum fail distribution_open(struct bytes content, struct der *list);

/* FAIL_MISSING at the end. */
CHECKED enum fail
distribution_next(struct der *list, struct distribution_point *point);

/* ReasonFlags: the content of their BIT STRING as a mask, bit 0 lowest. */
CHECKED enum fail reasons_read(struct bytes bits, unsigned *reasons);

/*
 * Do two DistributionPointNames share a name?  issuer is whose list it is: a
 * relative name stands below it.
 */
bool distribution_match(struct bytes a, struct bytes b, struct bytes issuer);

/* Does a DistributionPointName list this directory name? */
bool distribution_names(struct bytes point, struct bytes name);

/* Is a Name among GeneralNames (their content)? */
bool distribution_lists(struct bytes names, struct bytes name);

/* The n-th http URL of all points, or an empty view. */
struct bytes distribution_url(struct bytes content, size_t n);

/* The n-th http URL of an authorityInfoAccess for one method
 * (OID_ACCESS_OCSP, OID_ACCESS_ISSUERS), or an empty view. */
struct bytes access_url(struct bytes content, enum oid method, size_t n);

#endif

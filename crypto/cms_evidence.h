/*
 * Revocation data that a CMS brings: beside its certificates (RFC 5652 10.2.1,
 * RFC 5940), in Adobe's signed attribute (ISO 32000-2 12.8.3.3.2) and in the
 * unsigned one of CAdES (EN 319 122-1 A.1.3.2).
 */
#ifndef CRYPTO_CMS_EVIDENCE_H
#define CRYPTO_CMS_EVIDENCE_H

#include "crypto/cms.h"
#include "crypto/der_read.h"

#define CMS_EVIDENCE_VALUES 2u /* the last of the three */
#define CMS_EVIDENCE_MAX 512u  /* more of one CMS are not read */

struct cms_evidence_walk {
	const struct cms *cms;
	unsigned place; /* where it stands: which of the three … */
	struct der outer, inner;
	bool answers; /* … and of two lists, which one */
	size_t seen;  /* so far, also what does not read */
};

void cms_evidence_open(const struct cms *cms, struct cms_evidence_walk *walk);
/* The same without what is beside the certificates, which all signers share. */
void
cms_evidence_open_signer(const struct cms *cms, struct cms_evidence_walk *walk);

/* The next one, a view into the CMS.  False at the end; what does not read is
 * passed over. */
bool cms_evidence_next(
    struct cms_evidence_walk *walk, struct cms_evidence *evidence);

#endif

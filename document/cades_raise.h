/*
 * Raising a CAdES signature (EN 319 122-1 6), own or foreign: a time-stamp over
 * its value (B-T), and what is needed to check it for ever (B-LT).  The archive
 * time-stamp (B-LTA) is that of crypto/cms_archive.h.
 */
#ifndef DOCUMENT_CADES_RAISE_H
#define DOCUMENT_CADES_RAISE_H

#include "base/disk.h"
#include "crypto/cms.h"
#include "document/pades_trust.h"

#define CADES_RAISED_MAX (8u << 20) /* bytes of such a CMS */

/*
 * Append a CMS in DER, which all that follows wants.  FAIL_UNSUPPORTED: it has
 * several signers, or an evidence record covers it as it is; FAIL_FORMAT.
 */
CHECKED enum fail
cades_raise_open(struct bytes cms, struct buf *der, struct note *note);

/* The value of its signature, a view; *stamped: it has a time-stamp. */
CHECKED enum fail
cades_value(struct bytes cms, struct bytes *value, bool *stamped);

/* The content inside it, a view; FAIL_MISSING: it is detached. */
CHECKED enum fail cades_content(struct bytes cms, struct bytes *content);

/* Append it with a token over that value. */
CHECKED enum fail
cades_stamp(struct bytes cms, struct bytes token, struct buf *out);

/*
 * Check it (content: what a detached one signs, or NULL) and add what was used
 * for that to dss.  policy->source may ask for what lacks.  The failure is the
 * first thing because of which it cannot be checked for ever, as the note says.
 */
CHECKED enum fail cades_gather(struct bytes cms, const struct disk_map *content,
    const struct trust_policy *policy, struct dss *dss, struct note *note);

/* Append it with those certificates and revocation data that it lacks.
 * FAIL_LIMIT: they would be too many. */
CHECKED enum fail
cades_store(struct bytes cms, const struct dss *dss, struct buf *out);

#endif

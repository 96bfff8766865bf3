/*
 * Raising a signed file to the long-term levels (EN 319 142-1 6): what is
 * needed to check its signatures is gathered and put into it (B-LT); a document
 * time-stamp over all of it (B-LTA) is then laid out by pades_begin.
 */
#ifndef DOCUMENT_PADES_RAISE_H
#define DOCUMENT_PADES_RAISE_H

#include "document/pades_check.h"

/*
 * Check every signature of the file and add what was used for it to dss.
 * policy->source may ask for what lacks.  FAIL_MISSING: there is no signature,
 * or nobody tells about a certificate; other failures: of the first signature
 * that cannot be checked for ever, as the note says.
 */
CHECKED enum fail pades_gather(struct pdf_file *file,
    const struct trust_policy *policy, struct dss *dss, struct note *note);

/* Has every signature a time-stamp, in it or of the document behind it?  Only
 * its presence is asked. */
CHECKED enum fail pades_is_stamped(
    struct pdf_file *file, const struct trust_policy *policy, bool *stamped);

/* Append an update with the store to tail. */
CHECKED enum fail pades_store(struct pdf_file *file, const struct dss *dss,
    int64_t time, struct buf *tail);

#endif

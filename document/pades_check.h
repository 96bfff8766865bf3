/*
 * Checking the signatures of a PDF (EN 319 102-1, EN 319 142-1).
 */
#ifndef DOCUMENT_PADES_CHECK_H
#define DOCUMENT_PADES_CHECK_H

#include "document/cms_check.h"
#include "document/pdf_file.h"

#define PADES_SIGNATURES_MAX 256u

/*
 * Check every signature of an open file.  The result is a report even when
 * all is wrong; failure means that checking itself was not possible.
 */
CHECKED enum fail pades_check(struct pdf_file *file,
    const struct check_policy *policy, struct signature_report *report);

#endif

/*
 * Checking an ASiC container (EN 319 162-1): every CAdES signature and
 * time-stamp in it, over a manifest and the files this names, or over the one
 * file there is. XML signatures, of office files too, are recognised and told
 * as not checked.
 */
#ifndef DOCUMENT_ASIC_CHECK_H
#define DOCUMENT_ASIC_CHECK_H

#include "document/cms_check.h"

#define ASIC_SIGNATURES_MAX 64u

/* Does it begin as a ZIP? */
bool asic_is(struct bytes in);

/*
 * A signature that does not cover all files of the container is not valid
 * (WARN_UNCOVERED).  FAIL_FORMAT, FAIL_UNSUPPORTED, FAIL_LIMIT: it is no
 * container that is read here.
 */
CHECKED enum fail asic_check(struct bytes container,
    const struct check_policy *policy, struct signature_report *report);

#endif

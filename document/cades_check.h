/*
 * Checking the signatures of a CMS file: CAdES (EN 319 122-1) with its content
 * inside or beside it, plain PKCS #7, or a time-stamp token by itself.
 */
#ifndef DOCUMENT_CADES_CHECK_H
#define DOCUMENT_CADES_CHECK_H

#include "base/disk.h"
#include "document/cms_check.h"

/*
 * Check every signer of a CMS (DER or BER).  content is what a detached
 * signature signs, or NULL; with a content of its own both must be the same.
 * The result is a report even when all is wrong.
 */
CHECKED enum fail cades_check(struct bytes cms, const struct disk_map *content,
    const struct check_policy *policy, struct signature_report *report);

#endif

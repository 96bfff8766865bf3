/*
 * A signed file that is no PDF: a container, a CMS or XML, told apart by its
 * first bytes.  Asked before a PDF is looked for: a content of these may be
 * one, which readers of PDF find in it.
 */
#ifndef DOCUMENT_FILE_CHECK_H
#define DOCUMENT_FILE_CHECK_H

#include "base/disk.h"
#include "document/cms_check.h"

/* Is it one of them? */
bool file_check_takes(struct bytes in);

/* content: what a detached CMS signs, or NULL.  FAIL_USAGE: there is one, and
 * the file is no CMS; fails else as asic_check, cades_check or xml_check does.
 */
CHECKED enum fail file_check(struct bytes in, const struct disk_map *content,
    const struct check_policy *policy, struct signature_report *report);

#endif

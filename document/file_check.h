/*
 * Checking a file whatever it is: a PDF, a CMS (also as a text, PEM), a
 * container or XML, told apart by its first bytes.  A PDF is looked for last: a
 * content of the others may be one, which readers of PDF find in it.
 */
#ifndef DOCUMENT_FILE_CHECK_H
#define DOCUMENT_FILE_CHECK_H

#include "base/disk.h"
#include "document/cms_check.h"

/* What is checked together. */
struct checked_file {
	const struct disk_map *map;     /* the file */
	const struct disk_map *content; /* what a detached CMS signs, or NULL */
	const struct bytes *record;     /* an evidence record of the file
					   (ers_check.h), or NULL */
	struct bytes password;          /* that opens a PDF; may be empty */
};

/*
 * The report of all signatures, then of the record.  FAIL_USAGE: there is a
 * content, and the file is no CMS.  FAIL_NOT_PDF: it is none of these files,
 * and there is no record.  Else fails as opening a PDF, pades_check,
 * asic_check, cades_check, xml_check and ers_check do; note says why.
 */
CHECKED enum fail
file_check(const struct checked_file *file, const struct check_policy *policy,
    struct signature_report *report, struct note *note);

/* Of the report of a CMS: is it something else for who opens it, too? */
CHECKED enum fail
file_check_face(struct bytes cms, struct signature_report *report);

#endif

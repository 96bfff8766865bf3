/*
 * Signatures that an earlier revision of a file lists in its fields and the
 * file itself does not: somebody has taken them out.
 */
#ifndef DOCUMENT_PDF_DROPPED_H
#define DOCUMENT_PDF_DROPPED_H

#include "document/pdf_file.h"

#define PDF_DROPPED_REVISIONS_MAX 64u /* looked at, the newest ones */

/* Is there one?  What cannot be opened as an earlier revision is passed over;
 * so is what ends with a signature that is still there, whose own comparison
 * tells it. */
bool pdf_has_dropped(struct pdf_file *file);

#endif

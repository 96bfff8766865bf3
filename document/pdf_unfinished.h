/*
 * An update that is being put behind a PDF in place.  Until all of it is
 * written, its last bytes send readers to where the file's own end sends them:
 * they see the file as it was.
 */
#ifndef DOCUMENT_PDF_UNFINISHED_H
#define DOCUMENT_PDF_UNFINISHED_H

#include "base/buf.h"

#define PDF_UNFINISHED_MAX 64u

/* Append those bytes, PDF_UNFINISHED_MAX at the most; none if the file's end
 * does not say where its cross-reference is. */
void pdf_unfinished_end(struct bytes file, struct buf *out);

/* Does a file end so?  *whole: bytes of it that are the file as it was. */
bool pdf_is_unfinished(struct bytes file, size_t *whole);

#endif

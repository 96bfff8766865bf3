/*
 * A file that is one thing by its first bytes and could be shown as another: a
 * reader of PDF takes a header from anywhere near the front, and its tables
 * from the end (ISO 32000-2 7.5.2, Annex I).
 */
#ifndef DOCUMENT_SECOND_FACE_H
#define DOCUMENT_SECOND_FACE_H

#include "base/bytes.h"

/*
 * Could readers find a PDF in these bytes that is more than what stands in the
 * signed parts of it (in order, apart from one another)?
 */
bool
second_face_is_pdf(struct bytes in, const struct bytes *parts, size_t count);

#endif

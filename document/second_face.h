/*
 * A file that is one thing by its first bytes and could be shown as another:
 * readers of PDF want no header where it should be, and where they find no
 * table they look for objects (ISO 32000-2 7.5.2, Annex I).
 */
#ifndef DOCUMENT_SECOND_FACE_H
#define DOCUMENT_SECOND_FACE_H

#include "base/bytes.h"

/*
 * Is there anything of a PDF in these bytes – a header, an object, what leads
 * to a table – beside the signed parts of it (in order, apart from one
 * another)?
 */
bool
second_face_is_pdf(struct bytes in, const struct bytes *parts, size_t count);

/*
 * Could a program that unpacks find a ZIP (APPNOTE.TXT 4.3.16) at the end of a
 * file that is something else, beside the signed parts?  Unpackers take sizes
 * from several places or search: the marks of an end and of an entry of the
 * directory are enough.
 */
bool
second_face_is_zip(struct bytes in, const struct bytes *parts, size_t count);

#endif

/*
 * A file that is one thing by its first bytes and could be shown as another:
 * readers of PDF want no header where it should be, and where they find no
 * table they look for objects (ISO 32000-2 7.5.2, Annex I).
 */
#ifndef DOCUMENT_SECOND_FACE_H
#define DOCUMENT_SECOND_FACE_H

#include "document/deflate.h"

/*
 * Is there anything of a PDF in these bytes – a header, an object, what leads
 * to a table – beside the signed parts of it (in order, apart from one
 * another)?
 */
bool
second_face_is_pdf(struct bytes in, const struct bytes *parts, size_t count);

/* Has it a header where readers look for one? */
bool second_face_is_headed(struct bytes in);

/* Is there anything of one at all? */
bool second_face_leads(struct bytes in);

/*
 * Content that stands in another file as it is, and is looked for there: if it
 * is a PDF, is what a reader that rebuilds its table finds the PDF itself?
 * Objects that it does not list could sleep in its streams.
 */
bool second_face_is_itself(struct bytes content);

/* Stretches of packed bytes that are stored, in order. */
struct second_face_clear {
	struct deflate_stored *list;
	size_t count;
};

/*
 * Likewise of a content that is packed: is whatever can be found in the packed
 * bytes the PDF's own, and the newest of its kind?  All of it may be there, or
 * a part with nothing to begin with: that could be taken into another PDF
 * beside it.
 */
enum second_face { FACE_OTHER, FACE_PART, FACE_WHOLE };
enum second_face second_face_of(struct bytes packed, struct bytes content,
    const struct second_face_clear *clear);

/*
 * Could a program that unpacks find a ZIP (APPNOTE.TXT 4.3.16) at the end of a
 * file that is something else, beside the signed parts?  Unpackers take sizes
 * from several places or search: the marks of an end and of an entry of the
 * directory are enough.
 */
bool
second_face_is_zip(struct bytes in, const struct bytes *parts, size_t count);

/* The same of archives that unpackers look for anywhere: 7z, RAR, entries of a
 * ZIP without a directory, and disks (ISO 9660). */
bool second_face_is_archive(
    struct bytes in, const struct bytes *parts, size_t count);

#endif

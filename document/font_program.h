/*
 * The glyphs that a font of a PDF brings with it (ISO 32000-1 9.9).  Readers
 * take another font where there are none, or where they cannot read them.
 */
#ifndef DOCUMENT_FONT_PROGRAM_H
#define DOCUMENT_FONT_PROGRAM_H

#include "document/pdf_file.h"

/* Does the font, or the one below it, name any? */
bool font_program_is_named(
    struct pdf_file *file, const struct pdf_value *descriptor);

/*
 * Is there one that begins as its key says?  What follows is not read: whoever
 * wants to lie brings a whole one.  *cost: bytes unpacked for the answer, which
 * is kept of the first PDF_PROGRAMS_KEPT.
 */
bool font_program_is_there(
    struct pdf_file *file, const struct pdf_value *descriptor, size_t *cost);

#endif

/*
 * What the dictionary of a font says that it is (ISO 32000-2 9.5 to 9.8), and
 * whether all readers take its word.
 */
#ifndef DOCUMENT_PDF_FONT_H
#define DOCUMENT_PDF_FONT_H

#include "document/pdf_file.h"

/* Does it say that its glyphs come with it? */
bool pdf_font_names_glyphs(struct pdf_file *file, const struct pdf_value *font);

/* Do they, as far as that is seen?  *cost: bytes of content that it takes as
 * long as to look. */
bool pdf_font_has_glyphs(
    struct pdf_file *file, const struct pdf_value *font, size_t *cost);

/* Has it signs and no letters by its flags, so that readers do not use its
 * encoding, or small letters that are drawn as capitals (9.8.2, Table 123)? */
bool pdf_font_is_flagged(
    struct pdf_file *file, const struct pdf_value *font, bool embedded);

/* Is it told by nothing but its name, so that readers take their own? */
bool pdf_font_is_named(const struct pdf_value *font);

/* Is it the signs that every reader has? */
bool pdf_font_is_dingbats(const struct pdf_value *font);

/* Is each entry of a simple font what it must be (9.6.2, 9.6.3)?  Of one that
 * is not some readers take what they can, and others nothing. */
bool pdf_font_is_formed(
    struct pdf_file *file, const struct pdf_value *font, bool embedded);

/* Is something that letters are drawn by written so that some readers take it
 * for something else? */
bool pdf_font_is_misread(struct pdf_file *file, const struct pdf_value *font);

#endif

/* Streams of objects (ISO 32000-2 7.5.7), for pdf_file.c. */
#ifndef DOCUMENT_PDF_PACK_H
#define DOCUMENT_PDF_PACK_H

#include "document/pdf_file.h"

void pdf_pack_free(struct pdf_pack *pack);

/*
 * Object num from an object stream: by its index, as the entry says, or by its
 * number where that is wrong.  Readers differ there, and where a number stands
 * twice: the file is then ambiguous.
 */
CHECKED enum fail
pdf_pack_read(struct pdf_file *file, uint32_t num, struct pdf_object *object);

/* Remember what a value and all within it refers to; the same for a number. */
void pdf_note_references(struct pdf_file *file, const struct pdf_value *value);
void pdf_note_highest(struct pdf_file *file, uint32_t highest);

#endif

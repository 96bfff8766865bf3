/*
 * What an empty signature field asks of the signature that goes into it (ISO
 * 32000-1 12.7.4.5).
 */
#ifndef DOCUMENT_FIELD_WISH_H
#define DOCUMENT_FIELD_WISH_H

#include "document/pdf_field.h"

/* Do its seed values (/SV) allow a signature of this kind?  FAIL_UNSUPPORTED:
 * they demand something else, or more. */
CHECKED enum fail field_takes(struct pdf_file *file,
    const struct pdf_value *field, const char *subfilter, struct note *note);

/* Does it say (/Lock) which fields are locked once it is signed? */
bool field_locks(struct pdf_file *file, const struct pdf_value *field);

/* Append the signature reference that locks them (FieldMDP, ISO 32000-2
 * 12.8.2.4). */
void field_put_lock(
    struct pdf_file *file, const struct pdf_value *field, struct buf *out);

#endif

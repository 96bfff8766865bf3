/*
 * What the content of a look does besides what it shows: readers agree about
 * one that gives back the state it took and leaves out nothing by itself
 * (ISO 32000-2 8.4.2, 9.4.1, 8.11.3).
 */
#ifndef DOCUMENT_PDF_DRAWING_H
#define DOCUMENT_PDF_DRAWING_H

#include "document/pdf_page.h"

/*
 * Is a form even, with those it may use?  left: bytes that may be decoded, less
 * those that were.  What cannot be read, or is too much, is not.
 */
bool pdf_drawing_is_even(
    struct pdf_file *file, const struct pdf_object *form, uint64_t *left);

/* Has a form nothing that changes what it is, or how it is seen? */
bool pdf_drawing_is_form(const struct pdf_value *form);

/* Its box, from the lower left to the upper right; false: it has none such. */
bool pdf_drawing_box(
    struct pdf_file *file, const struct pdf_value *form, struct pdf_box *box);

#endif

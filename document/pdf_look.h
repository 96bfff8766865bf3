/* What a form field says: its value, and what its appearance shows, which can
 * be something else (ISO 32000-1 12.7.3, 12.5.5). */
#ifndef DOCUMENT_PDF_LOOK_H
#define DOCUMENT_PDF_LOOK_H

#include "document/pdf_page.h"

/* Append a value as UTF-8: strings, names, numbers; NULL and others: nothing.
 */
void pdf_look_value(
    struct pdf_file *file, const struct pdf_value *value, struct buf *out);

/* Append what the normal appearance of a field or widget shows inside its box,
 * runs of text with a space between.  left: bytes of contents that may be
 * decoded, less those that were.  FAIL_LIMIT. */
CHECKED enum fail pdf_look_text(struct pdf_file *file,
    const struct pdf_value *field, uint64_t *left, struct buf *out);

/* Are they the same letters, spaces apart? */
bool pdf_look_same(struct bytes a, struct bytes b);

/* The same of a page. */
CHECKED enum fail pdf_look_page(struct pdf_file *file,
    const struct pdf_page *page, uint64_t *left, struct buf *out);

#endif

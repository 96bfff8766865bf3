/* What a form field says: its value, and what its appearance shows, which can
 * be something else (ISO 32000-1 12.7.3, 12.5.5). */
#ifndef DOCUMENT_PDF_LOOK_H
#define DOCUMENT_PDF_LOOK_H

#include "document/pdf_page.h"

/* Append a value as UTF-8: strings, names, numbers; NULL and others: nothing.
 */
void pdf_look_value(
    struct pdf_file *file, const struct pdf_value *value, struct buf *out);

/* How it stands there. */
struct pdf_look_order {
	bool broken;       /* not from left to right and from above down, inside
			      its box, in letters alike and large enough */
	bool unsure;       /* readers may draw other letters */
	bool dingbats;     /* the last run is signs of ZapfDingbats */
	double size, x, y; /* of that run: where its base line begins */
	struct pdf_box most; /* what the most of all letters takes */
};

/* Append what the normal appearance of a field or widget shows inside its box,
 * runs of text with a space between.  left: bytes of contents that may be
 * decoded, less those that were.  order may be NULL.  FAIL_LIMIT. */
CHECKED enum fail
pdf_look_text(struct pdf_file *file, const struct pdf_value *field,
    uint64_t *left, struct buf *out, struct pdf_look_order *order);

/* The same of one look, the reference to a form. */
CHECKED enum fail
pdf_look_form(struct pdf_file *file, const struct pdf_value *look,
    uint64_t *left, struct buf *out, struct pdf_look_order *order);

/* Are they the same letters, spaces apart? */
bool pdf_look_same(struct bytes a, struct bytes b);

/* The same of a page. */
CHECKED enum fail pdf_look_page(struct pdf_file *file,
    const struct pdf_page *page, uint64_t *left, struct buf *out);

#endif

/*
 * What a page shows, walked through (ISO 32000-1 8, 9): where its pictures and
 * its texts stand.  Forms are entered; patterns, shadings and annotations are
 * not.  Nothing is drawn.
 */
#ifndef DOCUMENT_PDF_CONTENT_H
#define DOCUMENT_PDF_CONTENT_H

#include "document/pdf_page.h"

#define CONTENT_BYTES_MAX                                              \
	(64u << 20)             /* decoded, of one page with its forms \
				 */
#define CONTENT_FORMS_MAX 2000u /* entered on one page */

/* x' = a x + c y + e, y' = b x + d y + f, into the page's own units. */
struct pdf_matrix {
	double a, b, c, d, e, f;
};

/* A picture: the unit square through its matrix. */
struct content_image {
	const struct pdf_value *dict; /* NULL: written in the content itself */
	struct bytes encoded;         /* its stream */
	struct pdf_matrix place;
};

/* A run of text on one line, all of one font. */
struct content_text {
	struct bytes text;     /* UTF-8; U+FFFD: an unknown letter */
	double x0, y0, x1, y1; /* from the start of its base line to its end */
	double size;           /* as shown */
};

struct content_visitor {
	void *context;
	void (*image)(void *context, const struct content_image *image);
	void (*text)(void *context, const struct content_text *text);
	uint64_t *left; /* bytes that may be decoded, less those that were;
			   NULL: CONTENT_BYTES_MAX each time */
};

/* Walk a page's content.  FAIL_LIMIT: also where nothing is left; what cannot
 * be read is passed over. */
CHECKED enum fail pdf_content_walk(struct pdf_file *file,
    const struct pdf_page *page, const struct content_visitor *visitor);

#endif

/*
 * What a signature looks like on the page: a picture, lines of text, a code, as
 * a form XObject for a widget's normal appearance (ISO 32000-1 12.5.5).
 */
#ifndef DOCUMENT_STAMP_H
#define DOCUMENT_STAMP_H

#include "document/font.h"
#include "document/pdf_page.h"
#include "document/pdfa.h"
#include "document/picture.h"
#include "document/qr.h"

#define STAMP_TEXTS_MAX 9u
#define STAMP_LINES_MAX 8u
#define STAMP_MM (72.0 / 25.4) /* points in a millimetre */

#define STAMP_TEXT_LEAST 8.0 /* points; smaller cannot be read on paper */

/* Black text at a place inside the stamp, in points. */
struct stamp_text {
	struct bytes text; /* UTF-8, NFC */
	double x, y;       /* of the base line's start */
	double size;       /* points */
	double width;      /* a longer text is made smaller; 0: any */
	enum font_face face;
	bool tiny; /* smaller than STAMP_TEXT_LEAST if it must be */
};

/* A picture at a place inside the stamp, in points. */
struct stamp_picture {
	const struct picture *picture; /* NULL: none */
	struct pdf_box box;
};

/* A black line inside the stamp, in points. */
struct stamp_line {
	double x0, y0, x1, y1, width;
};

struct stamp {
	double width, height; /* of the whole as it is read, points */
	int turn; /* the page's /Rotate, against which it stands upright */
	struct stamp_picture picture;
	const struct qr *code; /* fills the stamp, quiet zone and all, or NULL
				*/
	struct stamp_text texts[STAMP_TEXTS_MAX];
	size_t text_count;
	struct stamp_line lines[STAMP_LINES_MAX];
	size_t line_count;
};

/* Objects shared by several stamps of one update. */
struct stamp_resources {
	struct pdfa rules;
	struct stamp_face {
		struct font font;
		struct font_subset letters;
		struct pdf_ref ref; /* num 0 until a text asked for it */
	} faces[FONT_FACES];
};

/* For stamps on this file.  Not to be moved afterwards: its parts point to each
 * other. */
CHECKED enum fail stamp_resources_init(struct stamp_resources *resources,
    struct pdf_file *file, struct note *note);

/* Write the stamp's XObjects; *form is its form XObject.  FAIL_LIMIT: a text
 * would have to be smaller than STAMP_TEXT_LEAST to fit. */
CHECKED enum fail
stamp_put(const struct stamp *stamp, struct stamp_resources *resources,
    struct pdf_append *append, struct pdf_ref *form);

/* Write the fonts that the stamps used, if any did. */
CHECKED enum fail stamp_resources_put(
    struct stamp_resources *resources, struct pdf_append *append);

/*
 * Where the agency's seal goes: a square of the seal's true diameter over a
 * third of the person's signature, on its left, at the same height
 * (Decree 30/2020 Annex I).  Both in the page's units.
 */
struct pdf_box stamp_seal_box(struct pdf_box signature, double diameter);

#endif

/*
 * The stamp's typeface: a TrueType font cut down to the glyphs that one
 * document uses, and the PDF objects that embed it (ISO 32000-1 9.7, 9.9).
 *
 * The built-in face is Liberation Serif, of the same widths as the Times New
 * Roman that Decree 30/2020 asks for; an agency may bring its own file, so the
 * font's bytes are foreign and every offset in them is checked.
 */
#ifndef DOCUMENT_FONT_H
#define DOCUMENT_FONT_H

#include "document/pdf_append.h"

#define FONT_GLYPHS_MAX 512u /* different letters in one document's stamps */

struct font {
	struct bytes file;
	struct bytes glyf, loca, hmtx, cmap; /* cmap: the format 4 table */
	unsigned units;                      /* per em */
	unsigned glyphs;                     /* in the font */
	unsigned metrics;                    /* full entries of hmtx */
	bool long_loca;
	int ascent, descent, box[4]; /* font units */
	int slant;                   /* degrees; 0: upright, else italic */
};

/* The faces that are part of the program. */
enum font_face { FONT_UPRIGHT, FONT_ITALIC, FONT_FACES };
struct bytes font_builtin(enum font_face face);

CHECKED enum fail
font_open(struct font *font, struct bytes file, struct note *note);

/* Letters in use: font glyphs in order of first use; index is the code that
 * stands in the document.  Slot 0 is .notdef. */
struct font_subset {
	const struct font *font;
	uint16_t glyph[FONT_GLYPHS_MAX];
	uint32_t point[FONT_GLYPHS_MAX]; /* 0 for parts of composites */
	unsigned count;
	enum fail fail;
};

void font_subset_init(struct font_subset *subset, const struct font *font);

/* Append text (UTF-8) as a hexadecimal string of two-byte codes, taking its
 * letters into the subset.  A letter the font lacks makes the subset fail with
 * FAIL_UNSUPPORTED at font_embed. */
void
font_put_text(struct font_subset *subset, struct bytes text, struct buf *out);

/* Has the font this letter, and the subset still room for it? */
bool font_takes(const struct font_subset *subset, uint32_t point);

/* Width of text at size points. */
double font_width(const struct font *font, struct bytes text, double size);

/* How many bytes of text fit a line of this width: whole words, one at the
 * least. */
size_t
font_fit(const struct font *font, struct bytes text, double size, double width);

/* Write the subset as objects of an update; ref is the Type 0 font.  With a
 * list of its glyphs where ISO 19005-1 6.3.5 wants one. */
CHECKED enum fail font_embed(struct font_subset *subset,
    struct pdf_append *append, struct pdf_ref ref, bool listed);

#endif

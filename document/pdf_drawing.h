/*
 * What the content of a look does besides what it shows: readers agree about
 * one that gives back the state it took and leaves out nothing by itself
 * (ISO 32000-2 8.4.2, 9.4.1, 8.11.3).
 */
#ifndef DOCUMENT_PDF_DRAWING_H
#define DOCUMENT_PDF_DRAWING_H

#include "document/pdf_page.h"

enum pdf_drawing {
	DRAWING_WORDS,  /* dark letters on light grounds, in frames */
	DRAWING_RICH,   /* pictures, curves, what is not seen, … */
	DRAWING_UNEVEN, /* it is for each reader to say what it shows */
};

/*
 * Judge a form with those it may use; comb: letters of a comb field, which has
 * lines between them (0: none); left: bytes that may be decoded, less those
 * that were.  *seen (may be NULL): where in it letters are not cut off.  What
 * cannot be read, or is too much, is uneven.
 */
enum pdf_drawing
pdf_drawing_judge(struct pdf_file *file, const struct pdf_object *form,
    unsigned comb, uint64_t *left, struct pdf_box *seen);

/* A default appearance (12.7.4.3) sets a font and a dark colour, and no more.
 */
struct pdf_setting {
	struct bytes font; /* with its solidus */
	double size;       /* 0: as fits */
};
bool
pdf_drawing_is_setting(struct bytes appearance, struct pdf_setting *setting);

/* Can letters be read on a ground of this colour (/BG; none is light)? */
bool
pdf_drawing_is_light(struct pdf_file *file, const struct pdf_value *colour);

#endif

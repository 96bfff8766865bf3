/*
 * What the content of a look does besides what it shows: readers agree about
 * one that gives back the state it took and leaves out nothing by itself
 * (ISO 32000-2 8.4.2, 9.4.1, 8.11.3).
 */
#ifndef DOCUMENT_PDF_DRAWING_H
#define DOCUMENT_PDF_DRAWING_H

#include "document/pdf_file.h"

enum pdf_drawing {
	DRAWING_WORDS,  /* letters on lines and rectangles */
	DRAWING_RICH,   /* pictures, curves, what is not seen, … */
	DRAWING_UNEVEN, /* it is for each reader to say what it shows */
};

/*
 * Judge a form with those it may use; left: bytes that may be decoded, less
 * those that were.  What cannot be read, or is too much, is uneven.
 */
enum pdf_drawing pdf_drawing_judge(
    struct pdf_file *file, const struct pdf_object *form, uint64_t *left);

/* A default appearance (12.7.4.3) sets a font and a colour, and no more. */
bool pdf_drawing_is_setting(struct bytes appearance);

#endif

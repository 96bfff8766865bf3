/*
 * Where a page is blank: free of text and pictures as far as they can be seen
 * (lines drawn as paths cannot), and of annotations that show something, as
 * seals and signatures are.
 */
#ifndef DOCUMENT_BLANK_H
#define DOCUMENT_BLANK_H

#include "document/pdf_page.h"

/* A stretch of the page as it is shown, from its upper left corner, in
 * millimetres, in which a box may be looked for. */
struct blank_area {
	double left, top, right, bottom;
};

/* Nobody looks into pictures: they are no blank place, or, where a page is one
 * and something must go onto it, they do not count. */
enum blank_kind { BLANK_OF_ALL, BLANK_OF_TEXT };

/*
 * Find the first blank box of width by height millimetres, area after area, in
 * each from the top down and from left to right.  The box comes in the units of
 * the page as it is shown.  FAIL_MISSING: none is blank.
 */
CHECKED enum fail blank_find(struct pdf_file *file, const struct pdf_page *page,
    enum blank_kind kind, const struct blank_area *areas, size_t count,
    double width, double height, struct pdf_box *box);

#endif

/*
 * How letters lie about the point where they begin, as far as it has to be
 * known of fonts that readers take from somewhere else.
 */
#ifndef DOCUMENT_LETTER_SHAPE_H
#define DOCUMENT_LETTER_SHAPE_H

#include "document/pdf_letters.h"

/* In parts of the size: what must be seen above the base line, and below it, so
 * that it cannot be taken for another (a comma without its tail is a point). */
double letter_height(uint32_t point);
double letter_depth(uint32_t point);

/* Is it as wide as readers draw it?  Told to be narrower letters would stand
 * over one another, wider ones apart. */
bool
letter_is_wide(const struct pdf_letters *font, const struct letter *letter);

#endif

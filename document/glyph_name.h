/*
 * Names of glyphs (Adobe Glyph List): those of Latin text, and "uniXXXX".
 */
#ifndef DOCUMENT_GLYPH_NAME_H
#define DOCUMENT_GLYPH_NAME_H

#include "base/bytes.h"

/* The letter that a glyph of this name shows; 0: it is not known. */
uint32_t glyph_point(struct bytes name);

#endif

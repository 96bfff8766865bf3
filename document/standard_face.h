/*
 * The standard fonts for Latin (ISO 32000-1 9.6.2.2), which every reader has or
 * has one like it, and how wide their letters are.
 */
#ifndef DOCUMENT_STANDARD_FACE_H
#define DOCUMENT_STANDARD_FACE_H

#include "base/bytes.h"

struct standard_face;

/* By a /BaseFont, Arial's and Times New Roman's among them; NULL: none. */
const struct standard_face *standard_face(struct bytes name);

/* Thousandths of the size; 0: it has no such letter, or it is not known. */
unsigned standard_face_width(const struct standard_face *face, uint32_t point);

#endif

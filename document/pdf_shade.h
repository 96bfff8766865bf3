/* How light a colour is: of grey, of three lights or of four inks. */
#ifndef DOCUMENT_PDF_SHADE_H
#define DOCUMENT_PDF_SHADE_H

#include "document/pdf_file.h"

enum pdf_shade { SHADE_DARK, SHADE_MIDDLE, SHADE_LIGHT };

enum pdf_shade pdf_shade_of(const double *numbers, size_t count);

/* Can letters be read on a ground of this colour (/BG; none is light)? */
bool pdf_shade_is_light(struct pdf_file *file, const struct pdf_value *colour);

/* A calibrated grey (8.6.5.2) written in place, with nothing but an ordinary
 * white point and gamma: its black is black for every reader. */
bool pdf_shade_is_grey(const struct pdf_value *space);

/* Does no name of the device's spaces stand for another in /ColorSpace
 * (8.6.5.6)? Some readers look their own names up, too. */
bool pdf_shade_are_plain(const struct pdf_value *spaces);

#endif

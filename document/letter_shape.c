#include "document/letter_shape.h"

#include <math.h>
#include <string.h>

#include "document/standard_face.h"

double
letter_height(uint32_t point)
{
	return point < 0x80 ? 0.7 : 0.95;
}

double
letter_depth(uint32_t point)
{
	if (point >= 0x80)
		return 0.22;
	return strchr(",;gjpqyQ_()[]{}|/\\@$", (int)point) ? 0.15 : 0;
}

#define OFF_WIDTH 0.1  /* of a standard font's … */
#define NARROWEST 150u /* … and, in thousandths of the size, of others … */
#define WIDEST 1200u

bool
letter_is_wide(const struct pdf_letters *font, const struct letter *l)
{
	unsigned usual =
	    font->face ? standard_face_width(font->face, l->point) : 0;

	if (font->face)
		return usual &&
		    fabs((double)l->width - usual) <= OFF_WIDTH * usual;
	return font->dingbats || (l->width >= NARROWEST && l->width <= WIDEST);
}

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
	if (point == '_')
		return 0.25;
	return strchr(",;gjpqyQ()[]{}|/\\@$", (int)point) ? 0.15 : 0;
}

#define OFF_WIDTH 0.02 /* of a standard font's … */
#define NARROWEST 150u /* … and, in thousandths of the size, of others … */
#define WIDEST 1200u

bool
letter_is_wide(const struct pdf_letters *font, const struct letter *l)
{
	unsigned usual =
	    font->face ? standard_face_width(font->face, l->point) : 0;

	if (font->face)
		return usual &&
		    fabs((double)l->width - usual) <= OFF_WIDTH * usual + 1;
	return font->dingbats || (l->width >= NARROWEST && l->width <= WIDEST);
}

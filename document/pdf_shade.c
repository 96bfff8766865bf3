#include "document/pdf_shade.h"

#include <math.h>

#define DARK 0.45      /* of the light of white: letters are darker … */
#define NAMES_MAX 256u /* of spaces */
#define LIGHT 0.8      /* … than what they stand on */

enum pdf_shade
pdf_shade_of(const double *numbers, size_t count)
{
	double n[4] = { 0 }, light;

	/* Readers take no more than all of an ink, and no less than none. */
	for (size_t i = 0; i < count && i < 4; i++)
		n[i] = fmin(fmax(numbers[i], 0), 1);
	light = n[0];

	if (count == 3)
		light = .3 * n[0] + .59 * n[1] + .11 * n[2];
	/* Of inks readers make different lights; black is black. */
	if (count == 4)
		light = n[0] == 0 && n[1] == 0 && n[2] == 0 ? 1 - n[3] :
		    n[3] >= 0.9                             ? 0 :
							      0.6;
	return light <= DARK ? SHADE_DARK :
	    light < LIGHT    ? SHADE_MIDDLE :
			       SHADE_LIGHT;
}

bool
pdf_shade_is_light(struct pdf_file *file, const struct pdf_value *colour)
{
	double n[4] = { 0 };
	size_t count = 0;

	colour = colour ? pdf_resolve(file, colour) : NULL;
	if (!colour || colour->type != PDF_ARRAY || !colour->count)
		return true;
	for (const struct pdf_value *v = colour->first; v && count < 4;
	     v = v->next)
		n[count++] = pdf_resolve(file, v)->real;
	if (colour->count != 1 && colour->count != 3 && colour->count != 4)
		return false;
	return pdf_shade_of(n, count) == SHADE_LIGHT;
}

static bool
is_between(const struct pdf_value *v, double least, double most)
{
	return v && pdf_is_number(v) && v->real >= least && v->real <= most;
}

bool
pdf_shade_is_grey(const struct pdf_value *space)
{
	const struct pdf_value *dict = pdf_element(space, 1), *white, *gamma;

	if (space->type != PDF_ARRAY || space->count != 2 ||
	    !pdf_is_name(pdf_element(space, 0), "CalGray") ||
	    dict->type != PDF_DICT || dict->doubled)
		return false;
	white = pdf_entry(dict, "WhitePoint");
	gamma = pdf_entry(dict, "Gamma");
	return white && white->type == PDF_ARRAY && white->count == 3 &&
	    is_between(pdf_element(white, 0), .5, 1.5) &&
	    is_between(pdf_element(white, 1), 1, 1) &&
	    is_between(pdf_element(white, 2), .5, 1.5) &&
	    (!gamma || is_between(gamma, .5, 4)) &&
	    dict->count == 1 + (gamma != NULL);
}

bool
pdf_shade_are_plain(const struct pdf_value *spaces)
{
	static const char *const taken[] = { "DefaultGray", "DefaultRGB",
		"DefaultCMYK", "DeviceGray", "DeviceRGB", "DeviceCMYK",
		"Pattern", "G", "RGB", "CMYK" };

	if (spaces->type != PDF_DICT)
		return spaces->type == PDF_NULL;
	if (spaces->count > NAMES_MAX || spaces->doubled)
		return false;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (pdf_entry(spaces, taken[i]))
			return false;
	return true;
}

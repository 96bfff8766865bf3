#include "document/scan.h"

#include <math.h>
#include <stdlib.h>

#include "document/pdf_content.h"

#define VERSION_LEAST 14
#define SLACK 0.99 /* scanners round */
#define SCALE_SLACK 0.03
#define PART_COVERS 0.005 /* of the page: smaller ones do not count */
#define STATED_LEAST 100  /* dpi */
#define PALETTE_MAX 1024u /* bytes */
#define NEAR 8            /* values of one grey */

/* Pictures of one page: how much of it they cover, those that will do in one
 * respect or the other, and the worst of the others.  A scanner makes one for
 * the page, or strips or tiles of it, or layers over one another. */
struct look {
	struct pdf_file *file;
	double area; /* of the page, square units */
	double unit;
	double covered, sharp, coloured;
	double dpi;   /* of the coarsest one */
	double scale; /* of one that says how large it is; 0: none does */
};

/* ---- colour ---- */

static bool
is_grey_space(struct pdf_file *f, const struct pdf_value *space)
{
	const struct pdf_value *kind, *profile;

	if (space->type == PDF_NAME)
		return pdf_is_name(space, "DeviceGray");
	if (space->type != PDF_ARRAY)
		return false; /* a JPEG 2000 brings its own */
	kind = pdf_resolve(f, space->first);
	if (pdf_is_name(kind, "ICCBased")) {
		profile = pdf_resolve(f, pdf_element(space, 1));
		return pdf_get(f, profile, "N")->integer == 1;
	}
	/* One ink, black by its nature or by its name. */
	if (pdf_is_name(kind, "Separation"))
		return pdf_is_name(
			   pdf_resolve(f, pdf_element(space, 1)), "Black") ||
		    pdf_is_name(
			pdf_resolve(f, pdf_element(space, 2)), "DeviceGray");
	return pdf_is_name(kind, "CalGray");
}

/* A palette (8.6.6.3) of greys. */
static bool
is_grey_palette(struct pdf_file *f, const struct pdf_value *space)
{
	const struct pdf_value *base = pdf_resolve(f, pdf_element(space, 1));
	const struct pdf_value *table = pdf_element(space, 3);
	struct pdf_object object;
	struct buf colours;
	bool grey = true;

	if (is_grey_space(f, base))
		return true;
	if (!pdf_is_name(base, "DeviceRGB") &&
	    !pdf_is_name(pdf_resolve(f, base->first), "CalRGB") &&
	    !pdf_is_name(pdf_resolve(f, base->first), "ICCBased"))
		return false;
	buf_init(&colours, PALETTE_MAX);
	if (table && table->type == PDF_REF &&
	    !pdf_object_read(f, table->ref.num, &object) && object.is_stream) {
		if (pdf_stream_decode(f, &object, &colours))
			grey = false;
	} else {
		buf_bytes(&colours, pdf_resolve(f, table)->text);
	}
	for (size_t i = 0; i + 2 < colours.len && grey; i += 3)
		grey = abs(colours.data[i] - colours.data[i + 1]) <= NEAR &&
		    abs(colours.data[i] - colours.data[i + 2]) <= NEAR;
	grey = grey && !buf_fail(&colours);
	buf_free(&colours);
	return grey;
}

static bool
is_grey(struct pdf_file *f, const struct pdf_value *image)
{
	const struct pdf_value *space = pdf_get(f, image, "ColorSpace");
	const struct pdf_value *mask = pdf_get(f, image, "ImageMask");

	if (mask->type == PDF_BOOL && mask->boolean)
		return true;
	if (space->type == PDF_ARRAY &&
	    pdf_is_name(pdf_resolve(f, space->first), "Indexed"))
		return is_grey_palette(f, space);
	return pdf_get(f, image, "BitsPerComponent")->integer == 1 ||
	    is_grey_space(f, space);
}

/* ---- size ---- */

static double
size_of(struct pdf_file *f, const struct pdf_value *image, const char *key)
{
	const struct pdf_value *v = pdf_get(f, image, key);

	return v->type == PDF_INTEGER && v->integer > 0 ? v->real : 0;
}

/* The dots per inch that a JPEG says it was taken with (JFIF 1.02: APP0, units
 * 1: inch, 2: cm); 0: it does not.  What programs write that do not know is no
 * resolution of a scanner. */
static double
stated_dpi(struct bytes jpeg)
{
	static const uint8_t head[] = { 0xFF, 0xD8, 0xFF, 0xE0 };
	double dpi;

	if (jpeg.len < 18 || memcmp(jpeg.data, head, sizeof(head)) != 0 ||
	    memcmp(jpeg.data + 6, "JFIF", 5) != 0)
		return 0;
	dpi = jpeg.data[14] * 256.0 + jpeg.data[15];
	if (jpeg.data[13] == 2)
		dpi *= 2.54;
	return jpeg.data[13] && dpi >= STATED_LEAST ? dpi : 0;
}

static void
look_at(void *context, const struct content_image *image)
{
	struct look *l = context;
	const struct pdf_matrix *m = &image->place;
	double wide = hypot(m->a, m->b), high = hypot(m->c, m->d);
	double dpi, stated, area = wide * high;

	/* What is written in the content itself is small by its nature. */
	if (!image->dict || !isfinite(area) || area < PART_COVERS * l->area)
		return;
	dpi = fmin(size_of(l->file, image->dict, "Width") / wide,
		  size_of(l->file, image->dict, "Height") / high) *
	    72 / l->unit;
	if (dpi >= SLACK * SCAN_DPI_LEAST)
		l->sharp += area;
	else if (l->dpi <= 0 || dpi < l->dpi)
		l->dpi = dpi;
	if (!is_grey(l->file, image->dict))
		l->coloured += area;
	l->covered += area;
	stated = stated_dpi(image->encoded);
	if (stated > 0 && dpi > 0 && fabs(stated / dpi - 1) > SCALE_SLACK)
		l->scale = stated / dpi;
}

/* What is wrong with a page that pictures cover; NONE: nothing. */
static enum fail
judge_page(const struct look *l, unsigned number, struct note *note)
{
	double least = SCAN_COVERS * l->area;

	if (l->covered < least)
		return FAIL_NONE;
	if (l->sharp < least)
		return note_set(note, FAIL_SCAN,
		    "Decree 30/2020 Annex I: page %u has %.0f dpi, 200 are "
		    "needed",
		    number, l->dpi);
	if (l->coloured < least)
		return note_set(note, FAIL_SCAN,
		    "Decree 30/2020 Annex I: page %u is not in colour", number);
	if (l->scale > 0)
		return note_set(note, FAIL_SCAN,
		    "Decree 30/2020 Annex I: page %u is shown at %.0f %%, not "
		    "at 100 %%",
		    number, 100 * l->scale);
	return FAIL_NONE;
}

static enum fail
check_page(struct pdf_file *file, unsigned number, struct note *note)
{
	struct look l = { .file = file };
	struct content_visitor visitor = { .context = &l, .image = look_at };
	struct pdf_box shown;
	struct pdf_page page;
	enum fail f = pdf_page_find(file, number, &page);

	if (f)
		return note_set(note, f, "%s", file->note.text);
	shown = pdf_page_shown(&page);
	l.area = (shown.x1 - shown.x0) * (shown.y1 - shown.y0);
	l.unit = page.unit;
	f = pdf_content_walk(file, &page, &visitor);
	if (f)
		return note_set(note, f, "page %u", number);
	return judge_page(&l, number, note);
}

enum fail
scan_check(struct pdf_file *file, struct note *note)
{
	int version = pdf_version(file);
	unsigned pages;
	enum fail f = pdf_page_count(file, &pages);

	if (f)
		return note_set(note, f, "%s", file->note.text);
	if (version < VERSION_LEAST)
		return note_set(note, FAIL_SCAN,
		    "Decree 30/2020 Annex I: PDF %d.%d, 1.4 is needed",
		    version / 10, version % 10);
	if (pages > SCAN_PAGES_MAX)
		return note_set(note, FAIL_LIMIT,
		    "more than %u pages are not looked at", SCAN_PAGES_MAX);
	for (unsigned n = 1; n <= pages && !f; n++)
		f = check_page(file, n, note);
	return f;
}

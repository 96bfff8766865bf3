#include "document/scan.h"

#include <math.h>

#include "document/pdf_content.h"

#define VERSION_LEAST 14
#define SLACK 0.99 /* scanners round */

/* What one page's picture is like; the worst of several. */
struct look {
	struct pdf_file *file;
	double area; /* of the page, square units */
	double unit;
	bool scanned, grey;
	double dpi;
};

static bool
is_grey(struct pdf_file *f, const struct pdf_value *image)
{
	const struct pdf_value *space = pdf_get(f, image, "ColorSpace");
	const struct pdf_value *mask = pdf_get(f, image, "ImageMask");
	const struct pdf_value *bits = pdf_get(f, image, "BitsPerComponent");
	const struct pdf_value *profile, *count;

	if ((mask->type == PDF_BOOL && mask->boolean) ||
	    (bits->type == PDF_INTEGER && bits->integer == 1))
		return true;
	if (space->type == PDF_NAME)
		return pdf_is_name(space, "DeviceGray") ||
		    pdf_is_name(space, "CalGray");
	if (space->type != PDF_ARRAY)
		return false; /* a JPEG 2000 brings its own */
	if (pdf_is_name(pdf_resolve(f, space->first), "CalGray"))
		return true;
	if (!pdf_is_name(pdf_resolve(f, space->first), "ICCBased"))
		return false;
	profile = pdf_resolve(f, pdf_element(space, 1));
	count = pdf_get(f, profile, "N");
	return count->type == PDF_INTEGER && count->integer == 1;
}

static double
size_of(struct pdf_file *f, const struct pdf_value *image, const char *key)
{
	const struct pdf_value *v = pdf_get(f, image, key);

	return v->type == PDF_INTEGER && v->integer > 0 ? v->real : 0;
}

static void
look_at(void *context, const struct content_image *image)
{
	struct look *l = context;
	const struct pdf_matrix *m = &image->place;
	double wide = hypot(m->a, m->b), high = hypot(m->c, m->d);
	double dpi;

	/* What is written in the content itself is small by its nature. */
	if (!image->dict || !isfinite(wide * high) ||
	    wide * high < SCAN_COVERS * l->area)
		return;
	dpi = fmin(size_of(l->file, image->dict, "Width") / wide,
		  size_of(l->file, image->dict, "Height") / high) *
	    72 / l->unit;
	l->dpi = l->scanned ? fmax(l->dpi, dpi) : dpi;
	l->grey = (!l->scanned || l->grey) && is_grey(l->file, image->dict);
	l->scanned = true;
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
	if (l.scanned && l.dpi < SLACK * SCAN_DPI_LEAST)
		return note_set(note, FAIL_SCAN,
		    "Decree 30/2020 Annex I: page %u has %.0f dpi, 200 are "
		    "needed",
		    number, l.dpi);
	if (l.scanned && l.grey)
		return note_set(note, FAIL_SCAN,
		    "Decree 30/2020 Annex I: page %u is not in colour", number);
	return FAIL_NONE;
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

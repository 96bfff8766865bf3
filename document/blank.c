#include "document/blank.h"

#include <math.h>
#include <stdlib.h>

#include "document/pdf_content.h"
#include "document/stamp.h"

/* The page in squares of a millimetre, from the upper left corner: as much of
 * it as anybody looks for a place in. */
#define SIDE 420u
#define STEP 2u /* from one place that is tried to the next */

struct sheet {
	const struct pdf_page *page;
	struct pdf_box shown;
	double k; /* millimetres in a unit of the page */
	bool taken[SIDE][SIDE];
};

static size_t
clip(double mm)
{
	return !(mm > 0) ? 0 : mm >= SIDE ? SIDE : (size_t)mm;
}

/* Mark a box of the page as it is shown. */
static void
take(struct sheet *s, struct pdf_box b)
{
	size_t left = clip(floor(b.x0 * s->k)), right = clip(ceil(b.x1 * s->k));
	size_t top = clip(floor((s->shown.y1 - b.y1) * s->k));
	size_t bottom = clip(ceil((s->shown.y1 - b.y0) * s->k));

	for (size_t y = top; y < bottom; y++)
		for (size_t x = left; x < right; x++)
			s->taken[y][x] = true;
}

static void
take_text(void *context, const struct content_text *text)
{
	struct sheet *s = context;
	double size = fmin(fabs(text->size), 200);
	struct pdf_box b = pdf_box_to_shown(s->page,
	    (struct pdf_box){ fmin(text->x0, text->x1),
		fmin(text->y0, text->y1), fmax(text->x0, text->x1),
		fmax(text->y0, text->y1) });

	/* Above and below the base line, whichever way it runs. */
	b.x0 -= size * 0.3;
	b.x1 += size * 0.3;
	b.y0 -= size * 0.3;
	b.y1 += size;
	take(s, b);
}

static void
take_image(void *context, const struct content_image *image)
{
	struct sheet *s = context;
	const struct pdf_matrix *m = &image->place;

	take(s,
	    pdf_box_to_shown(s->page,
		(struct pdf_box){ m->e + fmin(m->a, 0) + fmin(m->c, 0),
		    m->f + fmin(m->b, 0) + fmin(m->d, 0),
		    m->e + fmax(m->a, 0) + fmax(m->c, 0),
		    m->f + fmax(m->b, 0) + fmax(m->d, 0) }));
}

#define ANNOTATIONS_MAX 4096u /* looked at */
#define HIDDEN (2 | 32)       /* Hidden, NoView (12.5.3) */

static void
take_annotations(struct sheet *s, struct pdf_file *file)
{
	const struct pdf_value *list = pdf_get(file, s->page->dict, "Annots");
	unsigned n = 0;

	for (const struct pdf_value *v = list->type == PDF_ARRAY ? list->first :
								   NULL;
	     v && n < ANNOTATIONS_MAX; v = v->next, n++) {
		const struct pdf_value *one = pdf_resolve(file, v);
		struct pdf_box box;

		if (pdf_entry(one, "AP") &&
		    !(pdf_get(file, one, "F")->integer & HIDDEN) &&
		    pdf_box_read(file, pdf_entry(one, "Rect"), &box))
			take(s, pdf_box_to_shown(s->page, box));
	}
}

static bool
is_blank(
    const struct sheet *s, size_t left, size_t top, size_t width, size_t height)
{
	for (size_t y = top; y < top + height; y++)
		for (size_t x = left; x < left + width; x++)
			if (s->taken[y][x])
				return false;
	return true;
}

static bool
look_in(const struct sheet *s, const struct blank_area *a, size_t width,
    size_t height, size_t *left, size_t *top)
{
	size_t right = clip(fmin(a->right, s->shown.x1 * s->k));
	size_t bottom = clip(fmin(a->bottom, s->shown.y1 * s->k));

	for (*top = clip(a->top); *top + height <= bottom; *top += STEP)
		for (*left = clip(a->left); *left + width <= right;
		     *left += STEP)
			if (is_blank(s, *left, *top, width, height))
				return true;
	return false;
}

enum fail
blank_find(struct pdf_file *file, const struct pdf_page *page,
    enum blank_kind kind, const struct blank_area *areas, size_t count,
    double width, double height, struct pdf_box *box)
{
	struct sheet *s = calloc(1, sizeof(*s));
	struct content_visitor visitor = { .context = s,
		.text = take_text,
		.image = kind == BLANK_OF_ALL ? take_image : NULL };
	size_t wide = clip(ceil(width)), high = clip(ceil(height)), left, top;
	enum fail f = s ? FAIL_NONE : FAIL_MEMORY;

	if (!f) {
		s->page = page;
		s->shown = pdf_page_shown(page);
		s->k = page->unit / STAMP_MM;
		take_annotations(s, file);
		f = pdf_content_walk(file, page, &visitor);
	}
	if (f) {
		free(s);
		return f;
	}
	f = FAIL_MISSING;
	for (size_t i = 0; i < count && f; i++) {
		if (!look_in(s, &areas[i], wide, high, &left, &top))
			continue;
		*box = (struct pdf_box){ (double)left / s->k,
			s->shown.y1 - ((double)top + height) / s->k,
			((double)left + width) / s->k,
			s->shown.y1 - (double)top / s->k };
		f = FAIL_NONE;
	}
	free(s);
	return f;
}

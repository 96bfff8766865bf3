#include "document/sketch.h"

#include <math.h>

#include "document/page_lines.h"
#include "document/pdf_content.h"
#include "document/pdf_field.h"

#define SIDE_MAX 14400.0   /* points, of a page that anybody shows */
#define ROOM_FOR_MARKS 16u /* shapes kept for what the signature brings */
#define ASCENT 0.7         /* of a line's size, above its base … */
#define DESCENT 0.1        /* … and below */

/* A page that is being drawn. */
struct sheet {
	struct sketch_page *out;
	struct pdf_page page;
	struct pdf_box shown;
	size_t most; /* shapes it may have by now */
};

static double
within(double x, double most)
{
	return !(x > 0) ? 0 : fmin(x, most);
}

/* Draw a box of the page as it is shown. */
static void
draw(struct sheet *s, enum sketch_kind kind, struct pdf_box b)
{
	struct sketch_page *p = s->out;
	double k = s->page.unit;
	double left = within((b.x0 - s->shown.x0) * k, p->width);
	double right = within((b.x1 - s->shown.x0) * k, p->width);
	double top = within((s->shown.y1 - b.y1) * k, p->height);
	double bottom = within((s->shown.y1 - b.y0) * k, p->height);

	if (p->count >= s->most || right - left < 1 || bottom - top < 1)
		return;
	p->shapes[p->count++] =
	    (struct sketch_shape){ (uint8_t)kind, (uint16_t)left, (uint16_t)top,
		    (uint16_t)(floor(right) - floor(left)),
		    (uint16_t)(floor(bottom) - floor(top)) };
}

/* The same of a box in the page's own space. */
static void
draw_own(struct sheet *s, enum sketch_kind kind, struct pdf_box own)
{
	draw(s, kind, pdf_box_to_shown(&s->page, own));
}

static void
draw_image(void *context, const struct content_image *image)
{
	const struct pdf_matrix *m = &image->place;

	draw_own(context, SKETCH_IMAGE,
	    (struct pdf_box){ m->e + fmin(m->a, 0) + fmin(m->c, 0),
		m->f + fmin(m->b, 0) + fmin(m->d, 0),
		m->e + fmax(m->a, 0) + fmax(m->c, 0),
		m->f + fmax(m->b, 0) + fmax(m->d, 0) });
}

/* What the page has already; a page that cannot be read to its end shows what
 * was read. */
static enum fail
draw_file(struct sheet *s, struct pdf_file *file)
{
	struct content_visitor visitor = { .context = s, .image = draw_image };
	struct page_lines lines;
	enum fail f = pdf_content_walk(file, &s->page, &visitor);

	if (f == FAIL_MEMORY)
		return f;
	f = page_lines_read(file, &s->page, false, &lines);
	for (size_t i = 0; i < lines.count && f != FAIL_MEMORY; i++) {
		const struct page_line *l = &lines.list[i];

		draw(s, SKETCH_TEXT,
		    (struct pdf_box){ l->x0, l->y - DESCENT * l->size, l->x1,
			l->y + ASCENT * l->size });
	}
	page_lines_free(&lines);
	return f == FAIL_MEMORY ? f : FAIL_NONE;
}

static enum sketch_kind
kind_of(const struct stamp *stamp)
{
	if (stamp->code)
		return SKETCH_CODE;
	if (!stamp->picture.picture)
		return SKETCH_WORDS;
	return stamp->picture.picture->ink == INK_RED ? SKETCH_SEAL :
							SKETCH_SIGNATURE;
}

/* A field that is there is filled where its widget stands. */
static void
draw_filled(struct sheet *s, struct pdf_file *file, const char *name)
{
	struct pdf_field field;
	struct pdf_box box;
	const struct pdf_value *kids, *widget;

	if (pdf_field_find(file, name, &field))
		return;
	kids = pdf_get(file, field.dict, "Kids");
	widget = kids->type == PDF_ARRAY ? pdf_resolve(file, kids->first) :
					   field.dict;
	if (pdf_box_read(file, pdf_entry(widget, "Rect"), &box))
		draw_own(s, SKETCH_WORDS, box);
}

/* What the signature brings onto this page, and the one it stands by.  Number
 * and date are filled in on the first one. */
static void
draw_marks(struct sheet *s, struct pdf_file *file, const struct mark_plan *plan,
    unsigned pages)
{
	const struct pades_settings *p = &plan->settings;
	unsigned number = s->out->number, signed_page;
	struct pdf_box last;

	s->most = SKETCH_SHAPES_MAX;
	if (!pades_last_mark(file, &signed_page, &last) &&
	    signed_page == number)
		draw_own(s, SKETCH_SIGNATURE, last);
	for (size_t i = 0; i < p->make_count; i++)
		if (p->make[i].page == number)
			draw_own(s,
			    p->make[i].text.len ? SKETCH_WORDS : SKETCH_ROOM,
			    p->make[i].box);
	for (size_t i = 0; i < p->fill_count && number == 1; i++)
		draw_filled(s, file, p->fill[i].name);
	for (size_t i = 0; i < p->mark_count; i++)
		if ((p->marks[i].page ? p->marks[i].page : pages) == number)
			draw_own(
			    s, kind_of(p->marks[i].stamp), p->marks[i].box);
}

static enum fail
draw_page(struct pdf_file *file, const struct mark_plan *plan, unsigned number,
    unsigned pages, struct sketch *sketch)
{
	struct sketch_page *out = &sketch->pages[sketch->count];
	struct sheet s = { .out = out,
		.most = SKETCH_SHAPES_MAX - ROOM_FOR_MARKS };
	enum fail f = pdf_page_find(file, number, &s.page);

	if (f)
		return f;
	s.shown = pdf_page_shown(&s.page);
	out->number = (uint16_t)number;
	out->width =
	    (uint16_t)within((s.shown.x1 - s.shown.x0) * s.page.unit, SIDE_MAX);
	out->height =
	    (uint16_t)within((s.shown.y1 - s.shown.y0) * s.page.unit, SIDE_MAX);
	out->count = 0;
	f = draw_file(&s, file);
	if (f)
		return f;
	draw_marks(&s, file, plan, pages);
	sketch->count++;
	return FAIL_NONE;
}

enum fail
sketch_make(
    struct pdf_file *file, const struct mark_plan *plan, struct sketch *sketch)
{
	const struct pades_settings *p = &plan->settings;
	unsigned pages, first;
	enum fail f = pdf_page_count(file, &pages);

	sketch->count = 0;
	sketch->covers = (uint8_t)plan->covers;
	if (f || pages > UINT16_MAX)
		return f ? f : FAIL_LIMIT;
	first = !p->mark_count ? 1 :
	    p->marks[0].page   ? p->marks[0].page :
				 pages;
	f = draw_page(file, plan, first, pages, sketch);
	/* Number and date stand at the head. */
	if (!f && first != 1 &&
	    (p->make_count || p->fill_count || p->mark_count > 1))
		f = draw_page(file, plan, 1, pages, sketch);
	return f;
}

void
sketch_put(const struct sketch *sketch, struct buf *out)
{
	buf_u8(out, sketch->covers);
	buf_u8(out, sketch->count);
	for (size_t i = 0; i < sketch->count; i++) {
		const struct sketch_page *p = &sketch->pages[i];

		buf_u16(out, p->number);
		buf_u16(out, p->width);
		buf_u16(out, p->height);
		buf_u16(out, p->count);
		for (size_t j = 0; j < p->count; j++) {
			buf_u8(out, p->shapes[j].kind);
			buf_u16(out, p->shapes[j].left);
			buf_u16(out, p->shapes[j].top);
			buf_u16(out, p->shapes[j].width);
			buf_u16(out, p->shapes[j].height);
		}
	}
}

static bool
get_shape(struct cursor *c, const struct sketch_page *p, struct sketch_shape *s)
{
	s->kind = cursor_u8(c);
	s->left = cursor_u16(c);
	s->top = cursor_u16(c);
	s->width = cursor_u16(c);
	s->height = cursor_u16(c);
	return s->kind < SKETCH_KINDS && s->left + s->width <= p->width &&
	    s->top + s->height <= p->height;
}

enum fail
sketch_get(struct cursor *c, struct sketch *sketch)
{
	sketch->covers = cursor_u8(c);
	sketch->count = cursor_u8(c);
	if (sketch->covers > 100 || sketch->count > SKETCH_PAGES_MAX)
		return FAIL_PEER;
	for (size_t i = 0; i < sketch->count; i++) {
		struct sketch_page *p = &sketch->pages[i];

		p->number = cursor_u16(c);
		p->width = cursor_u16(c);
		p->height = cursor_u16(c);
		p->count = cursor_u16(c);
		if (p->count > SKETCH_SHAPES_MAX)
			return FAIL_PEER;
		for (size_t j = 0; j < p->count; j++)
			if (!get_shape(c, p, &p->shapes[j]))
				return FAIL_PEER;
	}
	return c->failed ? FAIL_PEER : FAIL_NONE;
}

#include "document/pdf_look.h"

#include <math.h>

#include "document/pdf_content.h"

void
pdf_look_value(
    struct pdf_file *f, const struct pdf_value *value, struct buf *out)
{
	const struct pdf_value *v = value ? pdf_resolve(f, value) : NULL;

	if (v && (v->type == PDF_STRING || v->type == PDF_NAME))
		pdf_text_utf8(v, out);
	else if (v && pdf_is_number(v))
		pdf_put_number(out, v->real);
}

/* What is read, and where: what is outside is not shown. */
struct reading {
	struct buf *out;
	bool boxed;
	struct pdf_box box;
	struct pdf_look_order order;
	struct content_text last;
	double least, most; /* sizes of what was read */
};

#define SMALLEST 2.0  /* points */
#define SAME_LINE 0.3 /* of the smaller size */
#define NEXT_LINE 0.7 /* of the larger one */
#define ALIKE 1.5     /* sizes of one look */
#define STEP 0.1      /* from letter to letter, in sizes */

/* Behind the one before, or on a line below.  Widths are not always known. */
static bool
follows(const struct content_text *last, const struct content_text *t)
{
	double down = last->y0 - t->y0;

	if (down >= NEXT_LINE * fmax(last->size, t->size))
		return true;
	return fabs(down) <= SAME_LINE * fmin(last->size, t->size) &&
	    t->x0 > last->x0 && t->x0 >= last->x0 + (last->x1 - last->x0) / 2;
}

/* The better half of its letters, as far as widths are known. */
static void
take_most(struct reading *r, const struct content_text *t)
{
	struct pdf_box *b = &r->order.most;
	struct pdf_box run = { t->x0 + 1, t->y0 + 1, t->x1 - t->size / 2,
		t->y0 + t->size * 0.6 };

	*b = r->last.size > 0 ?
	    (struct pdf_box){ fmin(b->x0, run.x0), fmin(b->y0, run.y0),
		    fmax(b->x1, run.x1), fmax(b->y1, run.y1) } :
	    run;
}

static void
check_order(struct reading *r, const struct content_text *t)
{
	r->most = fmax(r->most, t->size);
	r->least = r->last.size > 0 ? fmin(r->least, t->size) : t->size;
	if (t->size < SMALLEST || t->x1 < t->x0 || t->least < STEP ||
	    r->most > ALIKE * r->least ||
	    (r->last.size > 0 && !follows(&r->last, t)))
		r->order.broken = true;
	r->order.unsure = r->order.unsure || t->unsure;
	take_most(r, t);
	r->order.dingbats = t->dingbats;
	r->order.size = t->size;
	r->order.x = t->x0;
	r->order.y = t->y0;
	r->last = *t;
}

static bool
is_blank(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] > ' ')
			return false;
	return true;
}

static void
take_text(void *context, const struct content_text *t)
{
	struct reading *r = context;

	/* Half a letter is seen. */
	if (r->boxed &&
	    (t->x0 > r->box.x1 - t->size / 4 || t->x1 < r->box.x0 ||
		t->y0 > r->box.y1 - t->size / 3 ||
		t->y0 + t->size / 3 < r->box.y0)) {
		/* As far as is known where it stands. */
		r->order.broken = r->order.broken || !is_blank(t->text);
		return;
	}
	if (!is_blank(t->text))
		check_order(r, t);
	if (r->out->len)
		buf_char(r->out, ' ');
	buf_bytes(r->out, t->text);
}

/* Walked as if it were a page. */
enum fail
pdf_look_form(struct pdf_file *f, const struct pdf_value *look, uint64_t *left,
    struct buf *out, struct pdf_look_order *order)
{
	const struct pdf_value *form = look ? pdf_resolve(f, look) : NULL;
	const struct pdf_value *resources = pdf_entry(form, "Resources");
	struct reading reading = { .out = out };
	struct content_visitor visitor = {
		.context = &reading, .text = take_text, .left = left
	};
	struct pdf_value contents, more;
	struct pdf_value dict = { .type = PDF_DICT, .first = &contents };
	struct pdf_page page = { .dict = &dict };
	enum fail fail;

	if (order)
		*order = reading.order;
	if (!look || look->type != PDF_REF || form->type != PDF_DICT)
		return FAIL_NONE;
	reading.boxed = pdf_box_read(f, pdf_get(f, form, "BBox"), &reading.box);
	contents = *look;
	contents.key = BYTES_TEXT("Contents");
	contents.next = NULL;
	if (resources) {
		more = *resources;
		more.key = BYTES_TEXT("Resources");
		more.next = NULL;
		contents.next = &more;
	}
	fail = pdf_content_walk(f, &page, &visitor);
	if (order)
		*order = reading.order;
	return fail;
}

enum fail
pdf_look_text(struct pdf_file *f, const struct pdf_value *field, uint64_t *left,
    struct buf *out, struct pdf_look_order *order)
{
	return pdf_look_form(
	    f, pdf_entry(pdf_get(f, field, "AP"), "N"), left, out, order);
}

enum fail
pdf_look_page(struct pdf_file *f, const struct pdf_page *page, uint64_t *left,
    struct buf *out)
{
	struct reading reading = { .out = out };
	struct content_visitor visitor = {
		.context = &reading, .text = take_text, .left = left
	};

	return pdf_content_walk(f, page, &visitor);
}

bool
pdf_look_same(struct bytes a, struct bytes b)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < a.len && a.data[i] <= ' ')
			i++;
		while (j < b.len && b.data[j] <= ' ')
			j++;
		if (i == a.len || j == b.len)
			return i == a.len && j == b.len;
		if (a.data[i++] != b.data[j++])
			return false;
	}
}

#include "document/pdf_page.h"

#include <math.h>

#define NODES_MAX (4 * PDF_PAGES_MAX)

static const struct pdf_box a4 = { 0, 0, 595.276, 841.89 };

/* What a node hands down to its kids. */
struct inherited {
	struct pdf_box media, crop;
	bool has_media, has_crop;
	int rotate;
};

struct level {
	const struct pdf_value *kid; /* next child to visit */
	uint32_t num;                /* of the node itself */
	struct inherited from;
	struct arena_mark mark;
};

bool
pdf_box_read(
    struct pdf_file *f, const struct pdf_value *value, struct pdf_box *box)
{
	const struct pdf_value *array = pdf_resolve(f, value);
	double n[4];

	if (array->type != PDF_ARRAY || array->count < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		const struct pdf_value *v =
		    pdf_resolve(f, pdf_element(array, i));

		if (!pdf_is_number(v) || !(fabs(v->real) < 1e7))
			return false;
		n[i] = v->real;
	}
	*box = (struct pdf_box){ fmin(n[0], n[2]), fmin(n[1], n[3]),
		fmax(n[0], n[2]), fmax(n[1], n[3]) };
	return true;
}

static struct pdf_box
box_of(double xa, double ya, double xb, double yb)
{
	return (struct pdf_box){ fmin(xa, xb), fmin(ya, yb), fmax(xa, xb),
		fmax(ya, yb) };
}

struct pdf_box
pdf_page_shown(const struct pdf_page *page)
{
	double width = page->crop.x1 - page->crop.x0;
	double height = page->crop.y1 - page->crop.y0;

	return page->rotate % 180 ? (struct pdf_box){ 0, 0, height, width } :
				    (struct pdf_box){ 0, 0, width, height };
}

/* /Rotate turns clockwise: at 90 the page's upward way shows as rightward. */
struct pdf_box
pdf_box_to_shown(const struct pdf_page *page, struct pdf_box b)
{
	struct pdf_box c = page->crop;

	switch (page->rotate) {
	case 90:
		return box_of(
		    b.y0 - c.y0, c.x1 - b.x0, b.y1 - c.y0, c.x1 - b.x1);
	case 180:
		return box_of(
		    c.x1 - b.x0, c.y1 - b.y0, c.x1 - b.x1, c.y1 - b.y1);
	case 270:
		return box_of(
		    c.y1 - b.y0, b.x0 - c.x0, c.y1 - b.y1, b.x1 - c.x0);
	default:
		return box_of(
		    b.x0 - c.x0, b.y0 - c.y0, b.x1 - c.x0, b.y1 - c.y0);
	}
}

struct pdf_box
pdf_box_from_shown(const struct pdf_page *page, struct pdf_box b)
{
	struct pdf_box c = page->crop;

	switch (page->rotate) {
	case 90:
		return box_of(
		    c.x1 - b.y0, c.y0 + b.x0, c.x1 - b.y1, c.y0 + b.x1);
	case 180:
		return box_of(
		    c.x1 - b.x0, c.y1 - b.y0, c.x1 - b.x1, c.y1 - b.y1);
	case 270:
		return box_of(
		    c.x0 + b.y0, c.y1 - b.x0, c.x0 + b.y1, c.y1 - b.x1);
	default:
		return box_of(
		    c.x0 + b.x0, c.y0 + b.y0, c.x0 + b.x1, c.y0 + b.y1);
	}
}

static void
inherit(struct pdf_file *f, const struct pdf_value *node, struct inherited *i)
{
	const struct pdf_value *rotate = pdf_get(f, node, "Rotate");
	struct pdf_box box;

	if (pdf_box_read(f, pdf_entry(node, "MediaBox"), &box)) {
		i->media = box;
		i->has_media = true;
	}
	if (pdf_box_read(f, pdf_entry(node, "CropBox"), &box)) {
		i->crop = box;
		i->has_crop = true;
	}
	if (pdf_is_number(rotate))
		i->rotate = (int)((rotate->integer % 360 + 360) % 360);
}

static bool
empty_box(struct pdf_box b)
{
	return b.x1 - b.x0 < 1 || b.y1 - b.y0 < 1;
}

double
pdf_page_unit(struct pdf_file *f, const struct pdf_value *page)
{
	const struct pdf_value *unit = pdf_get(f, page, "UserUnit");

	return pdf_is_number(unit) && unit->real > 0.01 && unit->real < 1000 ?
	    unit->real :
	    1;
}

static void
page_fill(struct pdf_file *f, const struct pdf_value *node, struct pdf_ref ref,
    const struct inherited *from, struct pdf_page *page)
{
	page->ref = ref;
	page->dict = node;
	page->media =
	    from->has_media && !empty_box(from->media) ? from->media : a4;
	page->crop = page->media;
	if (from->has_crop) {
		page->crop =
		    (struct pdf_box){ fmax(from->crop.x0, page->media.x0),
			    fmax(from->crop.y0, page->media.y0),
			    fmin(from->crop.x1, page->media.x1),
			    fmin(from->crop.y1, page->media.y1) };
		if (empty_box(page->crop))
			page->crop = page->media;
	}
	page->rotate = from->rotate / 90 * 90;
	page->unit = pdf_page_unit(f, node);
}

/* Is this object number already on the way down?  Then the tree is a circle. */
static bool
on_way(const struct level *levels, size_t depth, uint32_t num)
{
	for (size_t i = 0; i < depth; i++)
		if (levels[i].num == num)
			return true;
	return false;
}

/*
 * Walk the leaves in order.  Stops at leaf `number` with *page filled, or at
 * the end with the last leaf in *page; *count is how many were passed.
 */
static enum fail
walk(struct pdf_file *f, unsigned number, struct pdf_page *page,
    unsigned *count, const struct pages_visit *visit)
{
	struct level levels[PDF_TREE_DEPTH_MAX];
	const struct pdf_value *top = pdf_entry(pdf_catalog(f), "Pages");
	const struct pdf_value *root = pdf_resolve(f, top);
	size_t depth = 1;
	unsigned visited = 0;

	*count = 0;
	levels[0] =
	    (struct level){ .num =
				top && top->type == PDF_REF ? top->ref.num : 0,
		    .from = { .media = a4 },
		    .mark = arena_mark(&f->arena) };
	inherit(f, root, &levels[0].from);
	levels[0].kid = pdf_get(f, root, "Kids")->first;
	while (depth) {
		struct level *l = &levels[depth - 1];
		const struct pdf_value *kid = l->kid, *node, *kids;
		struct inherited from = l->from;
		struct arena_mark mark = arena_mark(&f->arena);

		if (!kid) {
			depth--;
			if (number)
				arena_back(&f->arena, l->mark);
			continue;
		}
		l->kid = kid->next;
		if (kid->type != PDF_REF || on_way(levels, depth, kid->ref.num))
			continue;
		/* Leaves are counted below; a tree may have none. */
		if (visit && !visit->node(visit->context))
			return FAIL_LIMIT;
		if (++visited > NODES_MAX)
			return note_set(&f->note, FAIL_LIMIT,
			    "more than %u nodes of the page tree", NODES_MAX);
		node = pdf_resolve(f, kid);
		if (node->type != PDF_DICT)
			continue;
		inherit(f, node, &from);
		kids = pdf_get(f, node, "Kids");
		if (kids->type == PDF_ARRAY &&
		    !pdf_is_name(pdf_get(f, node, "Type"), "Page")) {
			if (depth == PDF_TREE_DEPTH_MAX)
				return note_set(&f->note, FAIL_LIMIT,
				    "ISO 32000-1 7.7.3: page tree deeper than "
				    "%u",
				    PDF_TREE_DEPTH_MAX);
			levels[depth++] = (struct level){ kids->first,
				kid->ref.num, from, mark };
			continue;
		}
		if (++*count > PDF_PAGES_MAX)
			return note_set(&f->note, FAIL_LIMIT,
			    "more than %u pages", PDF_PAGES_MAX);
		page_fill(f, node, kid->ref, &from, page);
		if (*count == number ||
		    (visit && !visit->page(visit->context, page)))
			return FAIL_NONE;
		if (number)
			arena_back(&f->arena, mark);
	}
	return FAIL_NONE;
}

enum fail
pdf_page_count(struct pdf_file *f, unsigned *count)
{
	struct pdf_page page;
	struct arena_mark mark = arena_mark(&f->arena);
	enum fail fail = walk(f, PDF_PAGES_MAX + 1, &page, count, NULL);

	arena_back(&f->arena, mark);
	return fail;
}

enum fail
pdf_pages_each(struct pdf_file *f, const struct pages_visit *visit)
{
	struct pdf_page page;
	struct arena_mark mark = arena_mark(&f->arena);
	unsigned count;
	enum fail fail = walk(f, PDF_PAGES_MAX + 1, &page, &count, visit);

	arena_back(&f->arena, mark);
	return fail;
}

enum fail
pdf_page_find(struct pdf_file *f, unsigned number, struct pdf_page *page)
{
	unsigned count;
	enum fail fail = FAIL_NONE;

	if (!number) {
		fail = pdf_page_count(f, &number);
		if (!fail && !number)
			fail = FAIL_MISSING;
	}
	if (!fail)
		fail = walk(f, number, page, &count, NULL);
	if (!fail && count != number)
		fail = FAIL_MISSING;
	if (fail == FAIL_MISSING)
		return note_set(
		    &f->note, fail, "ISO 32000-1 7.7.3: no page %u", number);
	return fail;
}

struct pdf_box
pdf_box_common(struct pdf_box a, struct pdf_box b)
{
	return (struct pdf_box){ fmax(a.x0, b.x0), fmax(a.y0, b.y0),
		fmin(a.x1, b.x1), fmin(a.y1, b.y1) };
}

void
pdf_put_box(struct buf *out, struct pdf_box b)
{
	buf_char(out, '[');
	pdf_put_number(out, b.x0);
	buf_char(out, ' ');
	pdf_put_number(out, b.y0);
	buf_char(out, ' ');
	pdf_put_number(out, b.x1);
	buf_char(out, ' ');
	pdf_put_number(out, b.y1);
	buf_char(out, ']');
}

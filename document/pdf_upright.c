/* How a look stands on its page. */
#include <math.h>

#include "document/pdf_page.h"
#include "document/pdf_walk.h"

#define NO_ROTATE 16 /* 12.5.3 */

#define PARENTS_MAX 64u
#define STRETCH 1.25 /* from a look's box to its widget's */

/* -1: it is not known, for readers take other numbers in their ways. */
static int64_t
quarters(const struct pdf_value *degrees)
{
	int64_t n = degrees->integer;

	if (degrees->type != PDF_INTEGER || n % 90 || n < -3600 || n > 3600)
		return degrees->type == PDF_NULL ? 0 : -1;
	return (n / 90 % 4 + 4) % 4;
}

/* What the nodes of pages turn, as far as it was looked up: pages stand in
 * nodes side by side. */
struct turned_node {
	uint32_t num; /* 0: none yet */
	int64_t turn;
};

static int64_t
turn_of(struct walk *w, const struct pdf_value *page, struct turned_node *above)
{
	const struct pdf_value *parent = pdf_entry(page, "Parent");
	uint32_t num = parent && walk_is_ref(parent) ? parent->ref.num : 0;
	int64_t turn = 0;

	if (pdf_entry(page, "Rotate"))
		return quarters(pdf_get(w->new, page, "Rotate"));
	if (num && num == above->num)
		return above->turn;
	for (unsigned i = 0; i < PARENTS_MAX; i++) {
		page = pdf_get(w->new, page, "Parent");
		if (page->type != PDF_DICT)
			break;
		if (pdf_entry(page, "Rotate")) {
			turn = quarters(pdf_get(w->new, page, "Rotate"));
			break;
		}
	}
	*above = (struct turned_node){ num, turn };
	return turn;
}

/* Is the widget among a page's annotations?  Looking takes its time of what
 * looks may take. */
static bool
is_on(struct walk *w, const struct pdf_value *page, uint32_t widget)
{
	const struct pdf_value *list = pdf_get(w->new, page, "Annots");
	uint64_t *left = &pdf_newest(w->new)->looks_left;

	if (list->type != PDF_ARRAY || list->count > *left)
		return false;
	*left -= list->count;
	for (const struct pdf_value *v = list->first; v; v = v->next)
		if (walk_is_ref(v) && v->ref.num == widget)
			return true;
	return false;
}

/* Pages are visited for a widget: each node takes its time of what looks may
 * take. */
#define NODE_COSTS 64u /* bytes of a look */

struct turning {
	struct walk *walk;
	uint32_t num; /* of the widget; 0: all pages */
	bool turned;  /* some page is */
	int64_t turn; /* of those that have the widget; -1: none has, or they
			 differ */
	bool found;
	struct turned_node above;
};

static bool
may_visit(void *context)
{
	struct turning *t = context;
	uint64_t *left = &pdf_newest(t->walk->new)->looks_left;

	if (*left < NODE_COSTS)
		return false;
	*left -= NODE_COSTS;
	return true;
}

static bool
is_page_turned(void *context, const struct pdf_page *page)
{
	struct turning *t = context;

	t->turned = turn_of(t->walk, page->dict, &t->above) != 0;
	return !t->turned;
}

static bool
has_page_widget(void *context, const struct pdf_page *page)
{
	struct turning *t = context;
	int64_t turn;

	if (!is_on(t->walk, page->dict, t->num))
		return true;
	turn = turn_of(t->walk, page->dict, &t->above);
	if (t->found && turn != t->turn)
		turn = -1;
	t->found = true;
	t->turn = turn;
	return turn >= 0;
}

/* Is any page turned?  Few are; and none is turned by what may come after a
 * signature, so that it is asked once for all revisions. */
static bool
turns_pages(struct walk *w)
{
	enum pdf_pages *pages = &pdf_newest(w->new)->pages;
	struct turning t = { .walk = w };
	const struct pages_visit visit = { may_visit, is_page_turned, &t };

	if (!*pages)
		*pages = pdf_pages_each(w->new, &visit) || t.turned ?
		    PAGES_TURN :
		    PAGES_STAND;
	return *pages == PAGES_TURN;
}

/* How the widget's page is turned when it is shown, to the right; -1: it is not
 * known.  What it says of its page itself must be so, and all pages that have
 * it are turned alike. */
static int64_t
page_turn(struct walk *w, const struct pdf_value *widget, uint32_t num)
{
	const struct pdf_value *own = pdf_get(w->new, widget, "P");
	struct turning t = { .walk = w, .num = num, .turn = -1 };
	const struct pages_visit visit = { may_visit, has_page_widget, &t };

	if (!turns_pages(w))
		return 0;
	if (!num || (own->type == PDF_DICT && !is_on(w, own, num)) ||
	    pdf_pages_each(w->new, &visit))
		return -1;
	return t.turn;
}

/* Is a form that is turned so to the left read as it stands?  By quarters where
 * the field says it is, never upside down. */
static bool
is_read(
    struct walk *w, const struct pdf_value *widget, uint32_t num, int64_t turn)
{
	int64_t page = page_turn(w, widget, num), off = (turn - page + 4) % 4;
	int64_t flags = pdf_get(w->new, widget, "F")->integer;

	return page >= 0 && !(page && flags & NO_ROTATE) &&
	    (!off ||
		(off != 2 &&
		    (!turn ||
			turn ==
			    quarters(pdf_get(
				w->new, pdf_get(w->new, widget, "MK"), "R")))));
}

/* By as much as its box is larger or smaller than its place, it would be. */
static bool
is_as_large(double a, double b)
{
	return a < 1 || b < 1 || (a <= b * STRETCH && b <= a * STRETCH);
}

/* Sines and cosines come as 6e-17. */
static double
as_whole(double x)
{
	double whole = nearbyint(x);

	return fabs(x - whole) < 1e-4 ? whole : x;
}

/* There readers count no more exactly. */
#define FAR 32767.0

static bool
is_far(double x)
{
	return !(fabs(x) <= FAR);
}

/* It has room, is at most turned by quarters, and stands as large as it is. */
bool
walk_is_upright(struct walk *w, const struct pdf_value *form,
    const struct pdf_value *widget, uint32_t num)
{
	const struct pdf_value *turn = pdf_get(w->new, form, "Matrix");
	const struct pdf_value *v =
	    turn->type == PDF_ARRAY ? turn->first : NULL;
	double m[6] = { 1, 0, 0, 1, 0, 0 }, wide, high;
	struct pdf_box box, at;

	for (size_t i = 0; i < 6 && v; i++, v = v->next)
		m[i] = as_whole(pdf_resolve(w->new, v)->real);
	if (!pdf_box_read(w->new, pdf_get(w->new, form, "BBox"), &box) ||
	    m[0] != m[3] || m[1] != -m[2] || m[0] * m[0] + m[1] * m[1] != 1 ||
	    m[0] * m[1] != 0 || is_far(m[4]) || is_far(m[5]) ||
	    is_far(box.x0) || is_far(box.y0) || is_far(box.x1) ||
	    is_far(box.y1) ||
	    !is_read(w, widget, num,
		m[0] != 0 ? (m[0] < 0 ? 2 : 0) : (m[1] < 0 ? 3 : 1)))
		return false;
	wide = m[0] != 0 ? box.x1 - box.x0 : box.y1 - box.y0;
	high = m[0] != 0 ? box.y1 - box.y0 : box.x1 - box.x0;
	return wide > 1 && high > 1 &&
	    (!pdf_box_read(w->new, pdf_get(w->new, widget, "Rect"), &at) ||
		(is_as_large(at.x1 - at.x0, wide) &&
		    is_as_large(at.y1 - at.y0, high)));
}

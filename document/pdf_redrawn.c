#include <math.h>

#include "document/pdf_drawing.h"
#include "document/pdf_font.h"
#include "document/pdf_letters.h"
#include "document/pdf_walk.h"

/*
 * Some programs (iText) that tick a box draw all of its looks anew, as they
 * were.  A new object may stand for an old one if it draws the same: the same
 * operators and operands, in fonts that are the same by their names.
 */
#define DRAWN_MAX 65536u /* bytes of such a look */
#define OFF 0.01 /* between two numbers, of small ones as much of them */
#define STATES_MAX 16u
#define NAMES_MAX 64u /* fonts of such a look: it needs one */

static bool
are_near(const struct pdf_token *a, const struct pdf_token *b)
{
	double most = fmin(1, fmax(fabs(a->real), fabs(b->real)));

	return !a->loose && !b->loose && fabs(a->real - b->real) <= OFF * most;
}

static bool
is_number(const struct pdf_token *t)
{
	return t->kind == TOKEN_INTEGER || t->kind == TOKEN_REAL;
}

static const struct pdf_value *
font_of(struct pdf_file *f, const struct pdf_value *form, struct bytes name)
{
	const struct pdf_value *resources = pdf_get(f, form, "Resources");
	const struct pdf_value *fonts = pdf_get(f, resources, "Font");

	return resources->doubled || fonts->doubled ||
		fonts->count > NAMES_MAX ?
	    NULL :
	    pdf_entry_named(fonts, name);
}

static bool
are_same_fonts(struct walk *w, const struct pdf_value *old,
    const struct pdf_value *new, struct bytes name)
{
	const struct pdf_value *a = font_of(w->old, old, name);
	const struct pdf_value *b = font_of(w->new, new, name);

	if (!a || !b)
		return false;
	a = pdf_resolve(w->old, a);
	b = pdf_resolve(w->new, b);
	return pdf_font_is_named(a) && pdf_font_is_named(b) &&
	    pdf_scalar_equal(
		pdf_get(w->old, a, "Subtype"), pdf_get(w->new, b, "Subtype")) &&
	    pdf_scalar_equal(
		pdf_get(w->old, a, "BaseFont"), pdf_get(w->new, b, "BaseFont"));
}

/* Operators that take a name are Tf and those that mark. */
static bool
draw_same(struct walk *w, const struct pdf_value *old, struct bytes a,
    const struct pdf_value *new, struct bytes b)
{
	struct pdf_lexer la = { a, 0 }, lb = { b, 0 };
	struct bytes name = { NULL, 0 };

	for (;;) {
		struct pdf_token x = pdf_token_next(&la);
		struct pdf_token y = pdf_token_next(&lb);

		if (is_number(&x) && is_number(&y)) {
			if (!are_near(&x, &y))
				return false;
			continue;
		}
		if (x.kind != y.kind || !bytes_equal(x.raw, y.raw))
			return false;
		if (x.kind == TOKEN_END)
			return true;
		if (x.kind == TOKEN_NAME)
			name = x.raw;
		if (x.kind != TOKEN_KEYWORD || !name.len)
			continue;
		if (bytes_equal_text(x.raw, "Tf") ?
			!are_same_fonts(w, old, new, name) :
			!bytes_equal_text(x.raw, "BMC"))
			return false;
		name.len = 0;
	}
}

/* The same box or matrix; none is the usual one. */
static bool
are_same_numbers(struct walk *w, const struct pdf_value *old,
    const struct pdf_value *new, const char *key, const double *usual, size_t n)
{
	const struct pdf_value *a = pdf_get(w->old, old, key);
	const struct pdf_value *b = pdf_get(w->new, new, key);

	if ((a->type != PDF_NULL || !usual) &&
	    (a->type != PDF_ARRAY || a->count != n))
		return false;
	if ((b->type != PDF_NULL || !usual) &&
	    (b->type != PDF_ARRAY || b->count != n))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct pdf_value *x =
		    pdf_resolve(w->old, pdf_element(a, i));
		const struct pdf_value *y =
		    pdf_resolve(w->new, pdf_element(b, i));
		double p = a->type == PDF_NULL ? usual[i] : x->real;
		double q = b->type == PDF_NULL ? usual[i] : y->real;

		if ((a->type != PDF_NULL && !pdf_is_number(x)) ||
		    (b->type != PDF_NULL && !pdf_is_number(y)) ||
		    fabs(p - q) > OFF)
			return false;
	}
	return true;
}

static bool
decode(struct pdf_file *f, const struct pdf_object *form, struct buf *out)
{
	f->torn = false;
	return !pdf_stream_decode(f, form, out) && !f->torn;
}

/* Each operator may look a font up: reading costs so many times more than of
 * other looks. */
#define TIMES 16u

static bool
may_read(struct walk *w, size_t len)
{
	uint64_t *left = &pdf_newest(w->new)->looks_left;
	bool may = len <= *left / TIMES;

	*left -= may ? TIMES * len : *left;
	return may;
}

static bool
is_redrawn(
    struct walk *w, const struct pdf_object *old, const struct pdf_object *new)
{
	static const double upright[] = { 1, 0, 0, 1, 0, 0 };
	struct buf a, b;
	bool same;

	if (!old->is_stream || !new->is_stream ||
	    !pdf_drawing_is_form(new->value) ||
	    !pdf_drawing_is_form(old->value) ||
	    !pdf_is_name(pdf_get(w->new, new->value, "Subtype"), "Form") ||
	    !are_same_numbers(w, old->value, new->value, "BBox", NULL, 4) ||
	    !are_same_numbers(w, old->value, new->value, "Matrix", upright, 6))
		return false;
	buf_init(&a, DRAWN_MAX);
	buf_init(&b, DRAWN_MAX);
	same = decode(w->old, old, &a) && decode(w->new, new, &b) &&
	    may_read(w, a.len + b.len) &&
	    draw_same(w, old->value, buf_view(&a), new->value, buf_view(&b));
	buf_free(&a);
	buf_free(&b);
	return same;
}

/* The looks under one of N, D and R: each as it was, or drawn anew as it was;
 * that of a tick may be another tick. */
static void
compare_states(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *old, const struct pdf_value *new)
{
	const struct pdf_value *a = pdf_resolve(w->old, old);
	const struct pdf_value *b = pdf_resolve(w->new, new);
	const struct pdf_value *x, *y;

	if (a->type != PDF_DICT || b->type != PDF_DICT || a->doubled ||
	    b->doubled || a->count != b->count || a->count > STATES_MAX) {
		walk_push(w, old, new, ROLE_FIXED);
		return;
	}
	for (y = b->first; y && walk_may_step(w); y = y->next) {
		struct pdf_object before, after;

		for (x = a->first; x && !bytes_equal(x->key, y->key);)
			x = x->next;
		if (x && walk_is_ref(x) && walk_is_ref(y) &&
		    x->ref.num != y->ref.num) {
			walk_open(w, w->old, x, &before);
			walk_open(w, w->new, y, &after);
			if (is_redrawn(w, &before, &after) ||
			    (!bytes_equal_text(y->key, "Off") &&
				walk_is_tick(w, field, y)))
				continue;
		}
		walk_push(w, x, y, ROLE_FIXED);
	}
}

void
walk_redrawn(
    struct walk *w, const struct pdf_value *old, const struct pdf_value *new)
{
	const struct pdf_value *a = pdf_get(w->old, old, "AP");
	const struct pdf_value *b = pdf_get(w->new, new, "AP");
	const struct pdf_value *x, *y;

	if (a->type != PDF_DICT || b->type != PDF_DICT || a->doubled ||
	    b->doubled || a->count != b->count) {
		walk_push(
		    w, pdf_entry(old, "AP"), pdf_entry(new, "AP"), ROLE_FIXED);
		return;
	}
	for (y = b->first; y && walk_may_step(w); y = y->next) {
		for (x = a->first; x && !bytes_equal(x->key, y->key);)
			x = x->next;
		if (x)
			compare_states(w, new, x, y);
		else
			walk_push(w, NULL, y, ROLE_FIXED);
	}
}

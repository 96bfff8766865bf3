#include "document/pdf_walk.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* An element for a signature that came with the update, and for nothing else:
 * of a form field, with a reference to its widget (14.7.5.3). */
static bool
is_element_of_signature(struct walk *w, const struct pdf_value *element)
{
	static const char *const keys[] = { "Type", "S", "P", "K", "Pg" };
	const struct pdf_value *kid;

	for (const struct pdf_value *v = element->first; v; v = v->next) {
		bool known = false;

		for (size_t i = 0; i < COUNT(keys); i++)
			known = known || bytes_equal_text(v->key, keys[i]);
		if (!known)
			return false;
	}
	kid = pdf_get(w->new, element, "K");
	if (kid->type == PDF_ARRAY && kid->count == 1)
		kid = pdf_resolve(w->new, kid->first);
	return element->type == PDF_DICT && !element->doubled &&
	    pdf_is_name(pdf_get(w->new, element, "S"), "Form") &&
	    pdf_is_name(pdf_get(w->new, kid, "Type"), "OBJR") &&
	    walk_new_signature(w, pdf_entry(kid, "Obj"));
}

static void
judge_element(struct walk *w, const struct pdf_value *v)
{
	struct pdf_object element, before = { .value = NULL };

	walk_open(w, w->new, v, &element);
	if (walk_is_ref(v))
		walk_open(w, w->old, v, &before);
	if (!element.value || before.value ||
	    !is_element_of_signature(w, element.value))
		walk_found(
		    w, CHANGES_OTHER, "the structure tree got something");
}

/* Does a new number stand where readers that halve the list find it, and find
 * the others still (7.9.7)?  so_far: the greatest before it. */
static bool
is_in_order(int64_t so_far, const struct pdf_value *key)
{
	const struct pdf_value *next = key->next->next;

	return key->type == PDF_INTEGER && key->integer > so_far &&
	    (!next ||
		(next->type == PDF_INTEGER && next->integer > key->integer));
}

void
walk_branch(struct walk *w, const struct pdf_value *old,
    const struct pdf_value *new, bool numbered)
{
	bool listed = new->type == PDF_ARRAY;
	const struct pdf_value *a =
	    old && old->type == PDF_ARRAY ? old->first : old;
	const struct pdf_value *b = listed ? new->first : new;
	bool one = !old || old->type != PDF_ARRAY;
	int64_t so_far = INT64_MIN;

	while (b && walk_may_step(w)) {
		const struct pdf_value *value = numbered ? b->next : b;

		if (a && numbered && a->next && value &&
		    pdf_scalar_equal(a, b)) {
			walk_push(w, a->next, value, ROLE_STRUCT);
			a = a->next->next;
		} else if (a && !numbered &&
		    (!walk_is_ref(a) || !walk_is_ref(b) ||
			a->ref.num == b->ref.num)) {
			walk_push(w, a, b, ROLE_STRUCT);
			a = one ? NULL : a->next;
		} else if (value) {
			if (numbered && !is_in_order(so_far, b))
				walk_found(w, CHANGES_OTHER,
				    "the structure tree lost its order");
			judge_element(w, value);
		}
		if (numbered && !value)
			walk_found(w, CHANGES_OTHER,
			    "the structure tree got a number for nothing");
		if (numbered && b->integer > so_far)
			so_far = b->integer;
		b = listed && value ? value->next : NULL;
	}
	if (a)
		walk_found(
		    w, CHANGES_OTHER, "the structure tree lost something");
}

void
walk_next(struct walk *w, const struct pair *p)
{
	const struct pdf_value *a = p->old ? pdf_resolve(w->old, p->old) : NULL;
	const struct pdf_value *b = p->new ? pdf_resolve(w->new, p->new) : NULL;

	if (!a || !b || a->type != PDF_INTEGER || b->type != PDF_INTEGER ||
	    b->integer < a->integer)
		walk_push(w, p->old, p->new, ROLE_FIXED);
}

/* Are a node's bounds the first number below it and the last (7.9.7)?  Nodes
 * may share a list. */
static bool
are_bounds(struct walk *w, struct pdf_file *f, const struct pdf_value *node)
{
	const struct pdf_value *limits = pdf_get(f, node, "Limits");
	const struct pdf_value *list = pdf_get(f, node, "Nums");
	bool leaf = list->type == PDF_ARRAY;
	const struct pdf_value *first, *last;

	if (!leaf)
		list = pdf_get(f, node, "Kids");
	if (limits->type != PDF_ARRAY || limits->count != 2 ||
	    list->type != PDF_ARRAY || !list->first ||
	    (leaf && list->count % 2))
		return false;
	first = last = list->first;
	while ((leaf ? last->next->next : last->next) && walk_may_step(w))
		last = leaf ? last->next->next : last->next;
	if (!leaf) {
		const struct pdf_value *low =
		    pdf_get(f, pdf_resolve(f, first), "Limits");
		const struct pdf_value *high =
		    pdf_get(f, pdf_resolve(f, last), "Limits");

		if (low->type != PDF_ARRAY || low->count != 2 ||
		    high->type != PDF_ARRAY || high->count != 2)
			return false;
		first = low->first;
		last = high->first->next;
	}
	return first->type == PDF_INTEGER && last->type == PDF_INTEGER &&
	    pdf_scalar_equal(first, limits->first) &&
	    pdf_scalar_equal(last, limits->first->next);
}

void
walk_bounds(
    struct walk *w, const struct pdf_value *old, const struct pdf_value *new)
{
	const struct pdf_value *a = pdf_get(w->old, old, "Limits");
	const struct pdf_value *b = pdf_get(w->new, new, "Limits");

	if (a->type == PDF_NULL && b->type == PDF_NULL)
		return;
	if (a->type == PDF_ARRAY && b->type == PDF_ARRAY && a->count == 2 &&
	    b->count == 2 && pdf_scalar_equal(a->first, b->first) &&
	    pdf_scalar_equal(a->first->next, b->first->next))
		return;
	if (!are_bounds(w, w->new, new))
		walk_found(
		    w, CHANGES_OTHER, "the structure tree has other bounds");
	/* What wrong ones hid comes to light. */
	w->doubtful = w->doubtful || !are_bounds(w, w->old, old);
}

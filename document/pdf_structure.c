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

void
walk_branch(struct walk *w, const struct pdf_value *old,
    const struct pdf_value *new, bool numbered)
{
	bool listed = new->type == PDF_ARRAY;
	const struct pdf_value *a =
	    old && old->type == PDF_ARRAY ? old->first : old;
	const struct pdf_value *b = listed ? new->first : new;
	bool one = !old || old->type != PDF_ARRAY;

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
			judge_element(w, value);
		}
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

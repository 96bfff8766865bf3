#include "document/pdf_walk.h"

void
walk_fill(struct walk *w, const struct pair *p)
{
	struct pdf_object old, new;

	walk_open(w, w->old, p->old, &old);
	walk_open(w, w->new, p->new, &new);
	if (!old.value && !new.value)
		return;
	if (!pdf_field_is_empty(w->old, p->old)) {
		walk_push(w, p->old, p->new, ROLE_FIXED);
		return;
	}
	if (pdf_field_is_empty(w->new, p->new))
		return;
	if (new.value &&new.value->type == PDF_DICT) {
		walk_found(w, CHANGES_OTHER, "a field got a foreign value");
		return;
	}
	walk_found(w, CHANGES_FORM, "a form field was filled");
}

void
walk_tick(struct walk *w, const struct pair *p)
{
	const struct pdf_value *a = p->old ? pdf_resolve(w->old, p->old) : NULL;
	const struct pdf_value *b = p->new ? pdf_resolve(w->new, p->new) : NULL;

	if (a && b && pdf_scalar_equal(a, b))
		return;
	if (pdf_field_is_empty(w->old, p->old) && b && b->type == PDF_NAME)
		walk_found(w, CHANGES_FORM, "a box was ticked");
	else
		walk_found(w, CHANGES_OTHER, "a tick was changed");
}

void
walk_shut(struct walk *w, const struct pair *p)
{
	const struct pdf_value *a = p->old ? pdf_resolve(w->old, p->old) : NULL;
	const struct pdf_value *b = p->new ? pdf_resolve(w->new, p->new) : NULL;
	int64_t before = a && a->type == PDF_INTEGER ? a->integer : 0;

	if (!b || b->type != PDF_INTEGER || b->integer != (before | 1))
		walk_push(w, p->old, p->new, ROLE_FIXED);
}

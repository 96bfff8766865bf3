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

/* Does a widget of this field hold a value of its own? */
static bool
has_second_value(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *kids = pdf_get(w->new, field, "Kids");
	struct pdf_object kid;

	if (kids->type != PDF_ARRAY)
		return false;
	for (const struct pdf_value *v = kids->first; v && walk_may_step(w);
	     v = v->next) {
		walk_open(w, w->new, v, &kid);
		if (kid.value && kid.value->type == PDF_DICT &&
		    !pdf_entry(kid.value, "T") &&
		    !pdf_field_is_empty(w->new, pdf_entry(kid.value, "V")))
			return true;
	}
	return false;
}

void
walk_filled(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *v = pdf_field_inherited(w->new, field, "V");
	const struct pdf_value *state = pdf_get(w->new, field, "AS");
	bool own = pdf_entry(field, "V");

	if (pdf_entry(field, "T"))
		walk_named(w, w->at);
	v = v ? pdf_resolve(w->new, v) : NULL;
	if ((own && pdf_entry(field, "Parent") && !pdf_entry(field, "T")) ||
	    (own && has_second_value(w, field)))
		walk_found(w, CHANGES_OTHER, "a field got a second value");
	else if (v && v->type == PDF_NAME && state->type == PDF_NAME &&
	    !pdf_is_name(state, "Off") && !pdf_scalar_equal(state, v))
		walk_found(w, CHANGES_OTHER, "a box its value does not name");
	else
		walk_found(w, CHANGES_FORM, "a form field was filled");
}

void
walk_named(struct walk *w, uint32_t num)
{
	if (!w->twins)
		w->twins = pdf_twins(w->new);
	if (!w->twins || pdf_is_twin(w->twins, num))
		w->unknown = true;
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

static bool
is_of_signature(struct walk *w, const struct pdf_value *dict)
{
	return dict && dict->type == PDF_DICT && !pdf_entry(dict, "AA") &&
	    !pdf_entry(dict, "A") && !pdf_entry(dict, "OC") &&
	    (!pdf_entry(dict, "FT") ||
		pdf_is_name(pdf_get(w->new, dict, "FT"), "Sig"));
}

/* Readers that know no inheritance find the value in the widget, too. */
static bool
is_same_or_none(const struct pdf_value *v, const struct pdf_value *above)
{
	return !v ||
	    (walk_is_ref(v) && walk_is_ref(above) &&
		v->ref.num == above->ref.num && v->ref.gen == above->ref.gen);
}

bool
walk_only_signs(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *kids = pdf_get(w->new, field, "Kids");
	const struct pdf_value *value = pdf_entry(field, "V");
	struct pdf_object kid;

	if (!is_of_signature(w, field))
		return false;
	if (!pdf_entry(field, "T") && kids->type != PDF_NULL)
		return false;
	if (kids->type != PDF_ARRAY)
		return kids->type == PDF_NULL;
	for (const struct pdf_value *v = kids->first; v && walk_may_step(w);
	     v = v->next) {
		walk_open(w, w->new, v, &kid);
		if (!walk_new_signature(w, v) ||
		    !is_of_signature(w, kid.value) ||
		    pdf_entry(kid.value, "T") || pdf_entry(kid.value, "Kids") ||
		    !is_same_or_none(pdf_entry(kid.value, "V"), value))
			return false;
	}
	return true;
}

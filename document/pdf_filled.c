#include "document/pdf_reach.h"
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

/* Of the newest revision: no field that may follow takes a name away or gives
 * one a place, so what is alone under its name there has always been. */
static const struct pdf_twins *
twins_of(struct walk *w)
{
	return pdf_twins(pdf_newest(w->new));
}

void
walk_named(struct walk *w, uint32_t num)
{
	const struct pdf_twins *twins = twins_of(w);

	if (!twins || !pdf_is_single(twins, num))
		w->unknown = true;
}

/* What is below says what is above, or values come from where nobody looks. */
static void
straight(struct walk *w)
{
	const struct pdf_twins *twins = twins_of(w);

	if (!twins || !pdf_is_straight(twins, w->at))
		w->unknown = true;
}

/* One value told twice, or none beside it. */
static bool
is_same_value(
    struct walk *w, const struct pdf_value *a, const struct pdf_value *b)
{
	a = a ? pdf_resolve(w->new, a) : NULL;
	b = b ? pdf_resolve(w->new, b) : NULL;
	return !b || pdf_field_is_empty(w->new, b) ||
	    (a && a->type == b->type &&
		(a->type == PDF_STRING || a->type == PDF_NAME) &&
		pdf_scalar_equal(a, b));
}

/* Does a widget of this field hold another value of its own? */
static bool
has_second_value(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *value)
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
		    !is_same_value(w, value, pdf_entry(kid.value, "V")))
			return true;
	}
	return false;
}

/* A widget with a value of its own has its field's. */
static bool
is_value_apart(struct walk *w, const struct pdf_value *widget)
{
	const struct pdf_value *above = pdf_get(w->new, widget, "Parent");

	return above->type == PDF_DICT && !pdf_entry(widget, "T") &&
	    (pdf_field_is_empty(
		 w->new, pdf_field_inherited(w->new, above, "V")) ||
		!is_same_value(w, pdf_field_inherited(w->new, above, "V"),
		    pdf_entry(widget, "V")));
}

/* The place on the list that is told (/I) is this one, if any is. */
static bool
is_place(struct walk *w, const struct pdf_value *field, int64_t place)
{
	const struct pdf_value *told = pdf_entry(field, "I");

	told = told ? pdf_resolve(w->new, told) : NULL;
	return !told ||
	    (told->type == PDF_ARRAY && told->count == 1 &&
		told->first->type == PDF_INTEGER &&
		told->first->integer == place);
}

/* Of a list (12.7.5.4): a value that is on it, or one that may be typed. */
static bool
is_offered(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *value)
{
	const struct pdf_value *flags =
	    pdf_field_inherited(w->new, field, "Ff");
	const struct pdf_value *list =
	    pdf_field_inherited(w->new, field, "Opt");

	int64_t place = 0;

	if (flags && pdf_resolve(w->new, flags)->integer & 1 << 18)
		return !pdf_entry(field, "I");
	list = list ? pdf_resolve(w->new, list) : NULL;
	if (!list || list->type != PDF_ARRAY)
		return false;
	for (const struct pdf_value *v = list->first; v && walk_may_step(w);
	     v = v->next, place++) {
		const struct pdf_value *one = pdf_resolve(w->new, v);

		if (one->type == PDF_ARRAY)
			one = pdf_resolve(w->new, one->first);
		if (one->type == PDF_STRING && pdf_scalar_equal(one, value))
			return is_place(w, field, place);
	}
	return false;
}

static bool
has_look(const struct pdf_value *looks, struct bytes name)
{
	for (const struct pdf_value *v = looks->first; v; v = v->next)
		if (bytes_equal(v->key, name))
			return true;
	return false;
}

/* A box that is ticked has a look of that name: without one some readers draw a
 * tick, and others nothing. */
static bool
has_state(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *state)
{
	const struct pdf_value *looks =
	    pdf_get(w->new, pdf_get(w->new, field, "AP"), "N");

	if (state->type != PDF_NAME || pdf_is_name(state, "Off"))
		return true;
	return looks->type == PDF_DICT && has_look(looks, state->text);
}

/* Is one box of this field ticked as its value says, and are all those that
 * bear its name? */
static bool
is_ticked_so(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *value)
{
	const struct pdf_value *kids = pdf_get(w->new, field, "Kids");
	bool any = false;

	if (kids->type != PDF_ARRAY)
		return pdf_scalar_equal(pdf_get(w->new, field, "AS"), value);
	for (const struct pdf_value *v = kids->first; v && walk_may_step(w);
	     v = v->next) {
		const struct pdf_value *kid = pdf_resolve(w->new, v);
		const struct pdf_value *state = pdf_get(w->new, kid, "AS");
		bool ticked = pdf_scalar_equal(state, value);
		const struct pdf_value *looks =
		    pdf_get(w->new, pdf_get(w->new, kid, "AP"), "N");

		if (!ticked && looks->type == PDF_DICT &&
		    has_look(looks, value->text))
			return false;
		any = any || ticked;
	}
	return any;
}

void
walk_filled(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *v = pdf_field_inherited(w->new, field, "V");
	const struct pdf_value *kind = pdf_field_inherited(w->new, field, "FT");
	const struct pdf_value *state = pdf_get(w->new, field, "AS");
	const struct pdf_value *own = pdf_entry(field, "V");
	bool button = kind && pdf_is_name(pdf_resolve(w->new, kind), "Btn");

	straight(w);
	if (pdf_entry(field, "T"))
		walk_named(w, w->at);
	else if (!pdf_entry(field, "Parent"))
		w->unknown = true;
	v = v ? pdf_resolve(w->new, v) : NULL;
	if (button && v && v->type == PDF_NAME && !pdf_is_name(v, "Off") &&
	    pdf_entry(field, "T") && !is_ticked_so(w, field, v))
		w->doubtful = true;
	if ((kind && pdf_is_name(pdf_resolve(w->new, kind), "Ch") && v &&
		v->type == PDF_STRING && !is_offered(w, field, v)) ||
	    (button && !has_state(w, field, state)))
		w->doubtful = true;
	if (own &&
	    (is_value_apart(w, field) || has_second_value(w, field, own)))
		walk_found(w, CHANGES_OTHER, "a field got a second value");
	else if (button &&
	    (!v || v->type != PDF_NAME ||
		(state->type == PDF_NAME && !pdf_is_name(state, "Off") &&
		    !pdf_scalar_equal(state, v))))
		walk_found(w, CHANGES_OTHER, "a box its value does not name");
	else
		walk_found(w, CHANGES_FORM, "a form field was filled");
}

bool
walk_is_named_above(
    struct walk *w, const struct pdf_value *ref, const struct pdf_value *above)
{
	const struct pdf_value *kids =
	    pdf_get(w->new, pdf_resolve(w->new, above), "Kids");

	if (pdf_reach_same(w->old, w->new, above->ref, false))
		return true;
	if (kids->type != PDF_ARRAY)
		return false;
	for (const struct pdf_value *v = kids->first; v && walk_may_step(w);
	     v = v->next)
		if (walk_is_ref(v) && v->ref.num == ref->ref.num)
			return true;
	return false;
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

bool
walk_may_shut(
    struct walk *w, const struct pdf_value *old, const struct pdf_value *new)
{
	const struct pdf_value *a = pdf_field_inherited(w->old, old, "Ff");
	const struct pdf_value *b = pdf_entry(new, "Ff");

	a = a ? pdf_resolve(w->old, a) : NULL;
	b = b ? pdf_resolve(w->new, b) : NULL;
	return b && b->type == PDF_INTEGER && (!a || a->type == PDF_INTEGER) &&
	    b->integer == ((a ? a->integer : 0) | 1);
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

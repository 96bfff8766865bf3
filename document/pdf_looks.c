#include "base/text.h"
#include "document/pdf_drawing.h"
#include "document/pdf_look.h"
#include "document/pdf_page.h"
#include "document/pdf_walk.h"

/* Flags that may come with a value (12.5.3): Print; ReadOnly, Locked,
 * LockedContents.  All others say where it is seen, and how. */
#define PRINT 4
#define MAY_COME (PRINT | 64 | 128 | 512)
#define TEXT_MAX 4096u

/* So many numbers, told in the file or by an object that is there. */
static bool
are_numbers(struct walk *w, const struct pdf_value *list, size_t count)
{
	list = list ? pdf_resolve(w->new, list) : NULL;
	if (!list || list->type != PDF_ARRAY || list->count != count)
		return false;
	for (const struct pdf_value *v = list->first; v; v = v->next)
		if (!pdf_is_number(v))
			return false;
	return true;
}

static void
check_form(struct walk *w, const struct pdf_object *form)
{
	const struct pdf_value *turn = pdf_entry(form->value, "Matrix");
	const struct pdf_value *sub = pdf_entry(form->value, "Subtype");
	const struct pdf_value *type = pdf_entry(form->value, "Type");

	if (!are_numbers(w, pdf_entry(form->value, "BBox"), 4) ||
	    (turn && !are_numbers(w, turn, 6)) ||
	    (sub && !pdf_is_name(sub, "Form")) ||
	    (type && !pdf_is_name(type, "XObject")) ||
	    pdf_drawing_judge(w->new, form, &pdf_newest(w->new)->looks_left) ==
		DRAWING_UNEVEN)
		w->doubtful = true;
}

void
walk_look(struct walk *w, const struct pdf_value *looks)
{
	struct pdf_object all, one, state;

	walk_open(w, w->new, looks, &all);
	if (!all.value || all.value->type != PDF_DICT)
		return;
	w->doubtful = w->doubtful || all.value->doubled;
	for (const struct pdf_value *v = all.value->first;
	     v && walk_may_step(w); v = v->next) {
		walk_open(w, w->new, v, &one);
		w->unknown = w->unknown || !one.value;
		if (!one.value || one.value->type != PDF_DICT)
			continue;
		if (one.is_stream) {
			check_form(w, &one);
			continue;
		}
		for (const struct pdf_value *s = one.value->first;
		     s && walk_may_step(w); s = s->next) {
			walk_open(w, w->new, s, &state);
			w->unknown = w->unknown || !state.value;
			if (state.is_stream)
				check_form(w, &state);
		}
	}
}

static int64_t
flags_of(struct pdf_file *file, const struct pdf_value *flags)
{
	return flags ? pdf_resolve(file, flags)->integer : 0;
}

void
walk_flags(struct walk *w, const struct pair *p)
{
	int64_t old = flags_of(w->old, p->old), new = flags_of(w->new, p->new);

	if ((old ^ new) & ~(int64_t)MAY_COME || old & ~new &PRINT)
		walk_found(w, CHANGES_OTHER, "a field was hidden or shown");
}

void
walk_setting(struct walk *w, const struct pair *p)
{
	const struct pdf_value *a = p->old ? pdf_resolve(w->old, p->old) : NULL;
	const struct pdf_value *b = pdf_resolve(w->new, p->new);

	if (b->type != PDF_STRING ||
	    (!(a && pdf_scalar_equal(a, b)) &&
		!pdf_drawing_is_setting(b->text)))
		w->doubtful = true;
}

static bool
is_colour_key(struct bytes key)
{
	return bytes_equal_text(key, "BC") || bytes_equal_text(key, "BG");
}

static bool
is_same(const struct pdf_value *a, const struct pdf_value *b)
{
	if (a->type == PDF_ARRAY || a->type == PDF_DICT)
		return b->plain && bytes_equal(a->raw, b->raw);
	return pdf_scalar_equal(a, b);
}

/* Has one all that the other has, colours apart? */
static bool
has_all(struct pdf_file *f, const struct pdf_value *has, struct pdf_file *g,
    const struct pdf_value *wanted)
{
	for (const struct pdf_value *v = wanted->first; v; v = v->next) {
		const struct pdf_value *a = NULL;

		if (is_colour_key(v->key))
			continue;
		for (const struct pdf_value *h = has->first; h; h = h->next)
			if (bytes_equal(h->key, v->key))
				a = h;
		if (!a || !is_same(pdf_resolve(f, a), pdf_resolve(g, v)))
			return false;
	}
	return true;
}

void
walk_colours(struct walk *w, const struct pair *p)
{
	static const struct pdf_value none = { .type = PDF_DICT };
	const struct pdf_value *a =
	    p->old ? pdf_resolve(w->old, p->old) : &none;
	const struct pdf_value *b =
	    p->new ? pdf_resolve(w->new, p->new) : &none;

	if (a->type != PDF_DICT || b->type != PDF_DICT || b->doubled ||
	    !has_all(w->old, a, w->new, b) || !has_all(w->new, b, w->old, a))
		walk_found(w, CHANGES_OTHER, "what a field is drawn with");
	for (const struct pdf_value *v = b->first; v; v = v->next)
		if (is_colour_key(v->key) &&
		    !are_numbers(w, v, pdf_resolve(w->new, v)->count))
			w->doubtful = true;
}

void
walk_blank(struct walk *w, const struct pdf_value *field)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	if (pdf_look_text(
		w->old, field, &pdf_newest(w->old)->looks_left, &text, NULL))
		w->doubtful = true;
	for (size_t i = 0; i < text.len; i++)
		w->doubtful = w->doubtful || text.data[i] > ' ';
	w->doubtful = w->doubtful || buf_fail(&text);
	buf_free(&text);
}

/* ---- what is filled is shown ---- */

#define MASKED (1 << 13) /* a password (12.7.5.3) */

static size_t
letters(struct bytes utf8)
{
	size_t count = 0;

	for (size_t i = 0; i < utf8.len; i++)
		count += (utf8.data[i] & 0xC0) != 0x80;
	return count;
}

/* Stars or bullets for a password. */
static bool
are_masks(struct bytes utf8)
{
	for (size_t at = 0; at < utf8.len;) {
		uint32_t point = text_next(utf8, &at);

		if (point > ' ' && point != '*' && point != 0x2022 &&
		    point != 0x25CF)
			return false;
	}
	return true;
}

/* Of a choice the list may have other words for its value. */
static bool
is_shown_so(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *value, struct bytes look)
{
	const struct pdf_value *list =
	    pdf_field_inherited(w->new, field, "Opt");
	struct buf words;
	bool same = false;

	list = list ? pdf_resolve(w->new, list) : NULL;
	if (!list || list->type != PDF_ARRAY)
		return false;
	buf_init(&words, TEXT_MAX);
	for (const struct pdf_value *v = list->first;
	     v && !same && walk_may_step(w); v = v->next) {
		const struct pdf_value *one = pdf_resolve(w->new, v);

		if (one->type != PDF_ARRAY || one->count != 2 ||
		    !pdf_scalar_equal(pdf_resolve(w->new, one->first), value))
			continue;
		buf_clear(&words);
		pdf_look_value(w->new, one->first->next, &words);
		same = pdf_look_same(buf_view(&words), look);
	}
	buf_free(&words);
	return same;
}

static void
compare_shown(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *value, bool has_look, bool masked)
{
	const struct pdf_value *most =
	    pdf_field_inherited(w->new, field, "MaxLen");
	int64_t limit = most ? pdf_resolve(w->new, most)->integer : INT64_MAX;
	bool in_order, same;
	struct buf said, shown;

	buf_init(&said, TEXT_MAX);
	buf_init(&shown, TEXT_MAX);
	pdf_look_value(w->new, value, &said);
	if (pdf_look_text(w->new, field, &pdf_newest(w->new)->looks_left,
		&shown, &in_order) ||
	    !in_order)
		w->doubtful = true;
	same = masked ? are_masks(buf_view(&shown)) :
			pdf_look_same(buf_view(&said), buf_view(&shown)) ||
		is_shown_so(w, field, value, buf_view(&shown));
	if (buf_fail(&said) || buf_fail(&shown) || (has_look && !same))
		w->doubtful = true;
	/* No reader cuts at less than nothing: what it does is not known. */
	if (limit < 0 || letters(buf_view(&said)) > (uint64_t)limit)
		w->doubtful = true;
	buf_free(&said);
	buf_free(&shown);
}

/* It has room, and is at most turned by quarters. */
static bool
is_upright(struct walk *w, const struct pdf_value *form)
{
	const struct pdf_value *turn = pdf_get(w->new, form, "Matrix");
	const struct pdf_value *v =
	    turn->type == PDF_ARRAY ? turn->first : NULL;
	double m[4] = { 1, 0, 0, 1 };
	struct pdf_box box;

	for (size_t i = 0; i < 4 && v; i++, v = v->next)
		m[i] = pdf_resolve(w->new, v)->real;
	return pdf_box_read(w->new, pdf_get(w->new, form, "BBox"), &box) &&
	    box.x1 - box.x0 > 1 && box.y1 - box.y0 > 1 && m[0] == m[3] &&
	    m[1] == -m[2] && m[0] * m[0] + m[1] * m[1] == 1 && m[0] * m[1] == 0;
}

static void
judge_shown(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *value = pdf_field_inherited(w->new, field, "V");
	const struct pdf_value *flags =
	    pdf_field_inherited(w->new, field, "Ff");
	const struct pdf_value *look = pdf_entry(field, "AP");
	struct pdf_object form;

	value = value ? pdf_resolve(w->new, value) : NULL;
	if (!value || value->type != PDF_STRING) {
		w->doubtful = true;
		return;
	}
	if (look) {
		walk_open(w, w->new, pdf_entry(pdf_resolve(w->new, look), "N"),
		    &form);
		w->doubtful = w->doubtful || !form.is_stream ||
		    !is_upright(w, form.value) ||
		    pdf_drawing_judge(w->new, &form,
			&pdf_newest(w->new)->looks_left) != DRAWING_WORDS;
	}
	compare_shown(w, field, value, look != NULL,
	    flags && pdf_resolve(w->new, flags)->integer & MASKED);
}

void
walk_shown(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *kids = pdf_get(w->new, field, "Kids");

	judge_shown(w, field);
	if (kids->type != PDF_ARRAY)
		return;
	for (const struct pdf_value *v = kids->first; v && walk_may_step(w);
	     v = v->next)
		judge_shown(w, pdf_resolve(w->new, v));
}

static bool
is_one_sign(struct bytes shown)
{
	return letters(shown) == 1 && shown.data[0] > ' ' &&
	    !bytes_equal_text(shown, "\xC2\xA0");
}

/* One letter is a tick; what is not ticked has none. */
static void
judge_tick(struct walk *w, const struct pdf_value *state)
{
	uint64_t *left = &pdf_newest(w->new)->looks_left;
	bool off = bytes_equal_text(state->key, "Off"), in_order = true;
	struct pdf_object form;
	struct buf shown;

	buf_init(&shown, TEXT_MAX);
	walk_open(w, w->new, state, &form);
	if (!form.is_stream || !is_upright(w, form.value) ||
	    pdf_drawing_judge(w->new, &form, left) != DRAWING_WORDS ||
	    pdf_look_form(w->new, state, left, &shown, &in_order) ||
	    !in_order || !(off ? !shown.len : is_one_sign(buf_view(&shown))))
		w->doubtful = true;
	buf_free(&shown);
}

void
walk_ticks(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *looks =
	    pdf_get(w->new, pdf_get(w->new, field, "AP"), "N");

	if (looks->type != PDF_DICT)
		return;
	for (const struct pdf_value *v = looks->first; v && walk_may_step(w);
	     v = v->next)
		judge_tick(w, v);
}

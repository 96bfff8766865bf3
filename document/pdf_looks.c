#include "document/pdf_look.h"
#include "document/pdf_walk.h"

#define UNSEEN (1 | 2 | 32) /* Invisible, Hidden, NoView (12.5.3) */
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

	if (!are_numbers(w, pdf_entry(form->value, "BBox"), 4) ||
	    (turn && !are_numbers(w, turn, 6)))
		w->doubtful = true;
}

void
walk_look(struct walk *w, const struct pdf_value *looks)
{
	struct pdf_object all, one, state;

	walk_open(w, w->new, looks, &all);
	if (!all.value || all.value->type != PDF_DICT)
		return;
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
	if ((flags_of(w->old, p->old) ^ flags_of(w->new, p->new)) & UNSEEN)
		walk_found(w, CHANGES_OTHER, "a field was hidden or shown");
}

void
walk_blank(struct walk *w, const struct pdf_value *field)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	pdf_look_text(w->old, field, &text);
	for (size_t i = 0; i < text.len; i++)
		w->doubtful = w->doubtful || text.data[i] > ' ';
	w->doubtful = w->doubtful || buf_fail(&text);
	buf_free(&text);
}

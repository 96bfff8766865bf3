#include "document/pdf_field.h"
#include "document/pdf_walk.h"

#define BLANK_MAX 1024u /* bytes of a look that draws nothing */

bool
walk_signs_beyond(struct walk *w, const struct pdf_value *value)
{
	return pdf_signed_end(w->new, value) > w->old->in.len;
}

bool
walk_is_signed(const struct walk *w, uint32_t num)
{
	uint64_t end = pdf_signers_end(w->signers, num);

	/* It may not be signed yet in a revision before the newest. */
	return end > w->old->in.len &&
	    (!w->new->newer || end <= w->new->in.len);
}

bool
walk_new_signature(const struct walk *w, const struct pdf_value *v)
{
	return walk_is_ref(v) && walk_is_signed(w, v->ref.num);
}

bool
walk_no_room(struct walk *w, const struct pdf_value *widget)
{
	const struct pdf_value *rect = pdf_get(w->new, widget, "Rect");
	const struct pdf_value *v =
	    rect->type == PDF_ARRAY ? rect->first : NULL;
	double side[4] = { 0 };

	for (size_t i = 0; i < 4; i++, v = v ? v->next : NULL) {
		const struct pdf_value *n = v ? pdf_resolve(w->new, v) : NULL;

		if (!n || !pdf_is_number(n))
			return false;
		side[i] = n->real;
	}
	return side[0] == side[2] && side[1] == side[3];
}

/* A look that draws nothing, as some writers give it: readers differ about
 * looks on no room. */
static bool
is_blank(struct walk *w, const struct pdf_value *look)
{
	struct pdf_object object;
	bool comment = false, blank;
	struct buf content;

	walk_open(w, w->new, look, &object);
	if (!object.value)
		return true;
	buf_init(&content, BLANK_MAX);
	blank =
	    object.is_stream && !pdf_stream_decode(w->new, &object, &content);
	for (size_t i = 0; i < content.len; i++) {
		uint8_t c = content.data[i];

		comment = c == '%' || (comment && c != '\n' && c != '\r');
		blank = blank && (comment || pdf_is_space(c));
	}
	buf_free(&content);
	return blank;
}

/* A widget that shows nothing: on no room, with nothing to be drawn. */
static bool
is_unseen(struct walk *w, const struct pdf_value *widget)
{
	const struct pdf_value *ap = pdf_entry(widget, "AP");
	const struct pdf_value *looks = ap ? pdf_resolve(w->new, ap) : NULL;

	if (pdf_entry(widget, "MK") || !walk_no_room(w, widget))
		return false;
	if (!looks)
		return true;
	for (const struct pdf_value *v = looks->first;
	     v && looks->type == PDF_DICT; v = v->next)
		if (!is_blank(w, v))
			return false;
	return looks->type == PDF_DICT;
}

void
walk_signed(struct walk *w, const struct pdf_value *field, const char *what)
{
	const struct pdf_value *value = pdf_field_inherited(w->new, field, "V");
	const struct pdf_value *sub = pdf_get(
	    w->new, value ? pdf_resolve(w->new, value) : NULL, "SubFilter");

	bool stamp = pdf_is_name(sub, "ETSI.RFC3161");

	if (stamp && is_unseen(w, field))
		walk_found(w, CHANGES_EVIDENCE, "a time-stamp was added");
	else if (stamp && (pdf_entry(field, "Rect") || pdf_entry(field, "AP")))
		w->doubtful = true;
	else
		walk_found(w, CHANGES_SIGNED, what);
}

/* One of the two fields that the clerk fills later, still empty, without a
 * look of its own. */
static bool
is_prepared_field(struct walk *w, const struct pdf_value *dict)
{
	static const char *const names[] = { PDF_FIELD_NUMBER, PDF_FIELD_DATE,
		PDF_FIELD_BLANK, PDF_FIELD_DAY, PDF_FIELD_MONTH,
		PDF_FIELD_YEAR };
	const struct pdf_value *title = pdf_get(w->new, dict, "T");
	bool ours = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ours = ours ||
		    (title->type == PDF_STRING &&
			bytes_equal_text(title->text, names[i]));
	return w->stage == STAGE_DRAFT && ours &&
	    pdf_is_name(pdf_get(w->new, dict, "FT"), "Tx") &&
	    pdf_field_is_empty(w->new, pdf_entry(dict, "V")) &&
	    !pdf_entry(dict, "AP") && !pdf_entry(dict, "AA") &&
	    !pdf_entry(dict, "A") && !pdf_entry(dict, "MK");
}

/* An empty field for a signature, as a form waits with. */
static bool
waits_to_be_signed(struct walk *w, const struct pdf_value *dict)
{
	const struct pdf_value *kind = pdf_field_inherited(w->old, dict, "FT");

	return dict->type == PDF_DICT && kind &&
	    pdf_is_name(pdf_resolve(w->old, kind), "Sig") &&
	    pdf_field_is_empty(w->old, pdf_field_inherited(w->old, dict, "V"));
}

/* The same of what came, which shows nothing and does nothing. */
static bool
is_waiting(struct walk *w, const struct pdf_value *dict)
{
	static const char *const more[] = { "AP", "A", "AA", "OC", "Kids",
		"Parent" };

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (pdf_entry(dict, more[i]))
			return false;
	return pdf_is_name(pdf_get(w->new, dict, "FT"), "Sig") &&
	    pdf_field_is_empty(w->new, pdf_entry(dict, "V"));
}

/* A widget or field that was not there before: only a signature's may come,
 * one that the form lists and that did not exist, or stood on no page. */
static void
judge_added(struct walk *w, const struct pdf_value *v)
{
	struct pdf_object object, before;
	const struct pdf_value *sub;

	walk_open(w, w->new, v, &object);
	if (!object.value)
		return;
	walk_open(w, w->old, v, &before);
	sub = pdf_entry(object.value, "Subtype");
	if (object.value->type == PDF_DICT && !before.value &&
	    is_prepared_field(w, object.value)) {
		walk_found(
		    w, CHANGES_FORM, "a field for number or date was made");
		return;
	}
	/* On the way to one that is signed. */
	if (w->stage == STAGE_STEP && object.value->type == PDF_DICT &&
	    !before.value && is_waiting(w, object.value)) {
		walk_found(w, CHANGES_SIGNED, "an empty signature field came");
		return;
	}
	if (object.value->type != PDF_DICT ||
	    (before.value &&
		(!waits_to_be_signed(w, before.value) ||
		    !walk_named_once(w, v->ref.num))) ||
	    !walk_new_signature(w, v) || (sub && !pdf_is_name(sub, "Widget")) ||
	    !walk_only_signs(w, object.value)) {
		walk_found(
		    w, CHANGES_OTHER, "an annotation or field was added");
		return;
	}
	w->doubtful = w->doubtful || object.value->doubled;
	if (pdf_entry(object.value, "AP"))
		walk_look(w, pdf_entry(object.value, "AP"));
	if (pdf_entry(object.value, "T"))
		walk_named(w, v->ref.num);
	walk_signed(w, object.value, "a signature was added");
}

void
walk_list(struct walk *w, const struct pdf_value *old,
    const struct pdf_value *new, enum role each)
{
	const struct pdf_value *a = old ? old->first : NULL;
	const struct pdf_value *b = new ? new->first : NULL;

	while (a && b && walk_may_step(w)) {
		/* Something new may stand in front of or between. */
		if (walk_is_ref(a) && walk_is_ref(b) &&
		    a->ref.num != b->ref.num) {
			judge_added(w, b);
			b = b->next;
			continue;
		}
		if (walk_is_ref(a) != walk_is_ref(b))
			walk_found(w, CHANGES_OTHER,
			    "an annotation or field was exchanged");
		walk_push(w, a, b, each);
		a = a->next;
		b = b->next;
	}
	if (a && !w->unknown)
		walk_found(
		    w, CHANGES_OTHER, "an annotation or field was removed");
	for (; b && walk_may_step(w); b = b->next)
		judge_added(w, b);
}

/* ---- resources of the form ---- */

#define LOOKS_MAX (1u << 20) /* bytes of all strings for looks */

/* A widget or a text on the page, wherever it stands: what it is shown with. */
static void
add_look(struct walk *w, const struct pdf_value *dict)
{
	const struct pdf_value *look = pdf_get(w->old, dict, "DA");
	const struct pdf_value *sub = pdf_get(w->old, dict, "Subtype");
	const struct pdf_value *kind = pdf_field_inherited(w->old, dict, "FT");

	if (look->type == PDF_STRING) {
		buf_bytes(&w->looks, look->text);
		buf_char(&w->looks, ' ');
	}
	kind = kind ? pdf_resolve(w->old, kind) : NULL;
	if ((!pdf_is_name(sub, "Widget") && !pdf_is_name(sub, "FreeText")) ||
	    pdf_is_name(kind, "Sig"))
		return;
	if (!pdf_field_inherited(w->old, dict, "DA"))
		w->bare = true;
	if (!w->anew &&
	    pdf_get(w->old, pdf_get(w->old, dict, "AP"), "N")->type == PDF_DICT)
		return;
	if (pdf_is_name(kind, "Btn"))
		w->lookless = true;
	else if (pdf_is_name(sub, "FreeText") ||
	    !pdf_field_is_empty(w->old, pdf_field_inherited(w->old, dict, "V")))
		w->undrawn = true;
}

/* Every dictionary in a value. */
static void
add_looks(struct walk *w, const struct pdf_value *value)
{
	struct pdf_tree tree = { .top = value };
	const struct pdf_value *v;

	while (walk_may_step(w) && (v = pdf_tree_next(&tree)))
		if (v->type == PDF_DICT)
			add_look(w, v);
}

/* Of the whole old revision, one behind the other (12.7.4.3): readers look for
 * fonts in the form's resources for more than what the form lists. */
static void
gather_looks(struct walk *w)
{
	const struct pdf_value *form = pdf_get(
	    w->old, pdf_get(w->old, w->old->trailer, "Root"), "AcroForm");
	struct arena_mark mark = arena_mark(&w->old->arena);
	bool full = w->old->arena.full;

	/* Where readers shall draw all anew no look counts. */
	w->anew = pdf_get(w->old, form, "NeedAppearances")->boolean;
	buf_init(&w->looks, LOOKS_MAX);
	buf_char(&w->looks, ' ');
	for (uint32_t n = 1; n < w->old->entry_count && walk_may_step(w); n++) {
		struct pdf_object object;

		if (w->old->entries[n].kind < ENTRY_PLAIN)
			continue;
		if (!pdf_object_glance(w->old, n, &object))
			add_looks(w, object.value);
		arena_back(&w->old->arena, mark);
	}
	w->unknown = w->unknown || (w->old->arena.full && !full);
	w->old->arena.full = full;
}

#define NAME_MAX 127u /* ISO 32000-1 Annex C.2 */

/* Is a name written in one of them?  One that may be is. */
static bool
is_used(struct walk *w, struct bytes name)
{
	uint64_t *left = &pdf_newest(w->new)->looks_left;
	struct bytes all = buf_view(&w->looks);
	uint8_t written[1 + NAME_MAX] = { '/' };
	uint64_t cost = all.len / 8;

	if (buf_fail(&w->looks) || !name.len || name.len > NAME_MAX ||
	    memchr(all.data, '#', all.len))
		return true;
	/* Each is looked for in all of them. */
	if (*left < cost) {
		w->unknown = true;
		return true;
	}
	*left -= cost;
	/* Ticks are drawn with it where nobody says how. */
	if (w->lookless && bytes_equal_text(name, "ZaDb"))
		return true;
	memcpy(written + 1, name.data, name.len);
	return memmem(all.data, all.len, written, 1 + name.len);
}

/* Is it a font that came, by which a reader may draw what has no look, whatever
 * it is named? */
static bool
is_drawn_with(struct walk *w, const struct pdf_value *added)
{
	const struct pdf_value *fonts = walk_fonts(w->new);
	const struct pdf_value *type = pdf_get(w->new, added, "Type");

	if (!w->undrawn || fonts->type != PDF_DICT ||
	    (type->type == PDF_NAME && !pdf_is_name(type, "Font")))
		return false;
	for (const struct pdf_value *v = fonts->first; v && walk_may_step(w);
	     v = v->next)
		if (bytes_equal(pdf_resolve(w->new, v)->raw, added->raw))
			return !walk_is_plain_font(w, v);
	return false;
}

void
walk_resource(struct walk *w, struct bytes key, const struct pdf_value *added,
    enum role role)
{
	enum role below = role == ROLE_GROW ? ROLE_NAMES : ROLE_NAME;

	if (!w->looks.len)
		gather_looks(w);
	if ((role == ROLE_NAME &&
		(is_used(w, key) || is_drawn_with(w, added))) ||
	    (role == ROLE_GROW && added->type == PDF_STRING && w->bare)) {
		walk_found(w, CHANGES_OTHER, "what texts are shown with came");
		return;
	}
	walk_found(w, CHANGES_SIGNED, "a resource was added");
	if (role == ROLE_NAME || added->type != PDF_DICT)
		return;
	for (const struct pdf_value *v = added->first; v && walk_may_step(w);
	     v = v->next)
		walk_push(w, NULL, v, below);
}

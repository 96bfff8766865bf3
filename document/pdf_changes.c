#include "document/pdf_changes.h"

#include <stdlib.h>

#include "document/pdf_field.h"
#include "document/pdf_listed.h"
#include "document/pdf_reach.h"
#include "document/pdf_referred.h"
#include "document/pdf_walk.h"
#include "document/pdf_xref.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ENTRIES_MAX 4096u /* of one dictionary compared */

void
walk_found(struct walk *w, enum pdf_changes kind, const char *what)
{
	if (kind <= w->worst)
		return;
	w->worst = kind;
	note_write(w->note, FAIL_NONE, "ISO 32000-2 12.8.2.2: %s", what);
}

void
walk_push(struct walk *w, const struct pdf_value *old,
    const struct pdf_value *new, enum role role)
{
	if (w->count == w->room) {
		size_t room = w->room ? 2 * w->room : 256;
		struct pair *more = room > PDF_CHANGES_STEPS_MAX ?
		    NULL :
		    realloc(w->pairs, room * sizeof(*more));

		if (!more) {
			w->unknown = true;
			return;
		}
		w->pairs = more;
		w->room = room;
	}
	w->pairs[w->count++] = (struct pair){ old, new, role };
}

/* First visit of this object in this role?  Pairs of references with the same
 * number on both sides need be compared once only. */
static bool
first_visit(struct walk *w, uint32_t num, enum role role)
{
	size_t bit;

	if (num >= w->new->entry_count)
		return true;
	bit = (size_t)num * ROLE_COUNT + (size_t)role;
	if (w->seen[bit / 64] >> bit % 64 & 1)
		return false;
	w->seen[bit / 64] |= UINT64_C(1) << bit % 64;
	return true;
}

static bool
was_visited(const struct walk *w, uint32_t num, enum role role)
{
	size_t bit = (size_t)num * ROLE_COUNT + (size_t)role;

	return num < w->new->entry_count && w->seen[bit / 64] >> bit % 64 & 1;
}

void
walk_lead(struct walk *w, const struct pdf_value *value)
{
	struct pdf_tree tree = { .top = value, .skips_plain = true };
	const struct pdf_value *v;

	while ((v = pdf_tree_next(&tree)))
		if (v->type == PDF_REF && first_visit(w, v->ref.num, ROLE_LED))
			buf_add(&w->led, &v->ref, sizeof(v->ref));
	w->unknown = w->unknown || buf_fail(&w->led);
}

#define LED_MAX (1u << 20)  /* bytes of their references */
#define READ_MAX (1u << 20) /* bytes of one that is not kept */

static void
follow(struct walk *w, struct pdf_ref ref)
{
	struct arena *arena = &w->new->arena;
	struct arena_mark mark = arena_mark(arena);
	size_t held = arena->held;
	struct pdf_object object;
	enum fail fail = pdf_object_read(w->new, ref.num, &object);

	if (fail == FAIL_MISSING)
		w->dangling = true;
	else if (fail || object.id.gen != ref.gen)
		w->doubtful = true;
	else
		walk_lead(w, object.value);
	if (arena->held - held > READ_MAX)
		arena_back(arena, mark);
}

/* What new looks lead to, when all else has been compared. */
static void
follow_all(struct walk *w)
{
	struct pdf_ref ref;

	for (size_t at = 0; at < w->led.len && !w->unknown &&
	     w->worst < CHANGES_OTHER && walk_may_step(w);
	     at += sizeof(ref)) {
		memcpy(&ref, w->led.data + at, sizeof(ref));
		follow(w, ref);
	}
}

bool
walk_may_step(struct walk *w)
{
	if (++w->steps > PDF_CHANGES_STEPS_MAX)
		w->unknown = true;
	return !w->unknown;
}

bool
walk_named_once(struct walk *w, uint32_t num)
{
	if (!w->counts)
		w->counts = pdf_references_count(w->old);
	return w->counts && num < w->old->entry_count && w->counts[num] < 2;
}

/* ---- dictionaries ---- */

/* A push button has no value (12.7.4.2). */
static bool
is_pushed(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *v = pdf_field_inherited(w->old, field, "Ff");
	int64_t flags = v ? pdf_resolve(w->old, v)->integer : 0;

	return flags & 1 << 16;
}

/* Is one of the boxes of this field, or beside this widget, ticked? */
static bool
is_ticked(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *kids = pdf_get(w->old, field, "Kids");

	if (!pdf_field_is_empty(w->old, pdf_entry(field, "AS")))
		return true;
	if (!pdf_entry(field, "T"))
		kids =
		    pdf_get(w->old, pdf_get(w->old, field, "Parent"), "Kids");
	if (kids->type != PDF_ARRAY)
		return false;
	for (const struct pdf_value *v = kids->first; v && walk_may_step(w);
	     v = v->next)
		if (!pdf_field_is_empty(
			w->old, pdf_entry(pdf_resolve(w->old, v), "AS")))
			return true;
	return false;
}

/* A field with a value; what stands for one in some readers is one. */
static bool
is_filled(struct walk *w, const struct pdf_value *field, bool button)
{
	static const char *const keys[] = { "V", "RV", "I" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (pdf_field_holds(w->old, field, keys[i]))
			return true;
	return button && is_ticked(w, field);
}

/* Does nothing below it have a name? */
static bool
is_leaf(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *kids = pdf_get(w->old, field, "Kids");

	for (const struct pdf_value *v = kids->first; v && walk_may_step(w);
	     v = v->next)
		if (pdf_entry(pdf_resolve(w->old, v), "T"))
			return false;
	return true;
}

static struct facts
facts_of(struct walk *w, enum role role, const struct pdf_value *old,
    const struct pdf_value *new)
{
	const struct pdf_value *kind, *after;
	struct facts facts = { .is_field = true };

	if (role != ROLE_FIELD &&
	    (role != ROLE_ANNOT ||
		!pdf_is_name(pdf_get(w->old, old, "Subtype"), "Widget") ||
		!pdf_is_name(pdf_get(w->new, new, "Subtype"), "Widget")))
		return (struct facts){ .is_field = false };
	kind = pdf_field_inherited(w->new, new, "FT");
	kind = kind ? pdf_resolve(w->new, kind) : NULL;
	facts.is_button = pdf_is_name(kind, "Btn");
	facts.is_signature = pdf_is_name(kind, "Sig");
	facts.locked = facts.is_signature ?
	    pdf_locks_name(w->locks, w->old, old) :
	    (facts.is_button && is_pushed(w, old)) || !kind ||
		pdf_locks_hold(w->locks, w->old, old) ||
		pdf_locks_hold(w->locks, w->new, new);
	facts.shut = walk_may_shut(w, old, new);
	if (facts.shut &&
	    !pdf_scalar_equal(
		pdf_get(w->old, old, "Ff"), pdf_get(w->new, new, "Ff")))
		walk_found(w, CHANGES_SIGNED, "a field was made read only");
	facts.filled = is_filled(w, old, facts.is_button);
	/* An empty field for a signature may get its widget later. */
	facts.closed = role == ROLE_FIELD && kind && is_leaf(w, old) &&
	    (facts.filled || !facts.is_signature);
	if (facts.filled)
		return facts;
	after = pdf_field_inherited(w->new, new, "V");
	facts.fresh = facts.is_signature ?
	    after && walk_signs_beyond(w, after) && walk_is_signed(w, w->at) :
	    !pdf_field_is_empty(w->new, after);
	/* What it inherits may have come from where nobody looks. */
	facts.lookless = !pdf_entry(old, "AP");
	if (facts.fresh && !facts.is_signature && !facts.is_button)
		walk_blank(w, old);
	facts.vanishes =
	    facts.fresh && facts.is_signature && walk_no_room(w, new);
	if (facts.fresh && facts.is_signature)
		walk_signed(w, new, "an empty field was signed");
	else if (facts.fresh)
		walk_filled(w, new);
	if (facts.fresh && facts.is_button && facts.lookless)
		walk_ticks(w, new);
	else if (facts.fresh && facts.is_button)
		walk_redrawn(w, old, new);
	if (facts.fresh && !facts.is_signature && !facts.is_button)
		walk_shown(w, old, new);
	return facts;
}

/* The entry with a key, looked for first where *hint points: most
 * dictionaries have the same order in both revisions. */
static const struct pdf_value *
entry_of(const struct pdf_value *dict, struct bytes key,
    const struct pdf_value **hint)
{
	const struct pdf_value *v = *hint;

	if (!v || !bytes_equal(v->key, key))
		for (v = dict->first; v && !bytes_equal(v->key, key);)
			v = v->next;
	if (v)
		*hint = v->next;
	return v;
}

/* Both revisions have it from the same place, and all of it. */
static bool
is_shared(const struct pdf_value *a, const struct pdf_value *b)
{
	return a == b && b->plain;
}

static void
compare_dict(struct walk *w, const struct pdf_value *old,
    const struct pdf_value *new, enum role role)
{
	const struct pdf_value *hint = old->first;
	struct facts facts;

	if (old->doubled || new->doubled || old->count > ENTRIES_MAX ||
	    new->count > ENTRIES_MAX) {
		w->unknown = true;
		return;
	}
	if (is_shared(old, new))
		return;
	if (role == ROLE_NUMBERS)
		walk_bounds(w, old, new);
	facts = facts_of(w, role, old, new);
	for (const struct pdf_value *b = new->first; b; b = b->next) {
		const struct pdf_value *a = entry_of(old, b->key, &hint);

		if (!is_shared(a, b))
			walk_push(w, a, b, pdf_role_of(role, &facts, b->key));
	}
	hint = new->first;
	for (const struct pdf_value *a = old->first; a; a = a->next)
		if (!entry_of(new, a->key, &hint))
			walk_push(
			    w, a, NULL, pdf_role_of(role, &facts, a->key));
}

static void
compare_same(struct walk *w, const struct pdf_object *old,
    const struct pdf_object *new, enum role role)
{
	const struct pdf_value *a = old->value, *b = new->value;
	bool box;

	if (new->is_stream)
		w->doubtful = w->doubtful || pdf_role_is_dict(role);
	if (old->is_stream != new->is_stream ||
	    (old->is_stream && !bytes_equal(old->stream, new->stream))) {
		walk_found(w, CHANGES_OTHER, "a content stream changed");
		return;
	}
	if (a->type == PDF_DICT && b->type == PDF_DICT) {
		compare_dict(w, a, b, role);
		return;
	}
	if (a->type != PDF_ARRAY || b->type != PDF_ARRAY) {
		if (!pdf_scalar_equal(a, b))
			walk_found(w, CHANGES_OTHER, "a value changed");
		/* Where an integer is wanted some readers take no other. */
		w->doubtful = w->doubtful || a->type != b->type;
		return;
	}
	if (a->count != b->count) {
		walk_found(w, CHANGES_OTHER, "an array changed its length");
		return;
	}
	box = walk_is_box(b->key);
	a = a->first;
	for (b = b->first; b; b = b->next, a = a->next)
		if (!is_shared(a, b) && !(box && walk_same_number(a, b)))
			walk_push(w, a, b,
			    role == ROLE_GROW || role == ROLE_NAMES ||
				    role == ROLE_NAME ?
				ROLE_FIXED :
				role);
}

/* ---- one side is missing ---- */

static void
compare_lone(struct walk *w, const struct pdf_value *removed,
    const struct pdf_value *added, const struct pair *p)
{
	static const struct facts none;
	enum role role = p->role;

	switch (role) {
	case ROLE_ANNOTS:
	case ROLE_FIELDS:
		if (added && added->type == PDF_ARRAY)
			walk_list(w, NULL, added, ROLE_FIELD);
		else
			walk_found(
			    w, CHANGES_OTHER, "a list of fields vanished");
		return;
	case ROLE_FORM:
		if (!added || added->type != PDF_DICT) {
			walk_found(w, CHANGES_OTHER, "the form vanished");
			return;
		}
		for (const struct pdf_value *v = added->first; v; v = v->next)
			walk_push(w, NULL, v, pdf_role_of(role, &none, v->key));
		return;
	case ROLE_GROW:
	case ROLE_NAMES:
	case ROLE_NAME:
		if (added)
			walk_resource(w, p->new->key, added, role);
		else
			walk_found(w, CHANGES_OTHER, "a resource was removed");
		return;
	case ROLE_KEPT:
		if (!added)
			walk_found(w, CHANGES_OTHER, "something was removed");
		return;
	default:
		walk_found(w, CHANGES_OTHER,
		    removed ? "something was removed" : "something was added");
	}
}

/* ---- what may be anything, and what is above ---- */

/* Metadata and validation data may change; the numbers they use must not be
 * those of something fixed, which the walk finds on the other way there. */
static void
compare_free(struct walk *w, const struct pair *p)
{
	struct pdf_object old, new;

	walk_open(w, w->old, p->old, &old);
	walk_open(w, w->new, p->new, &new);
	if (!old.value != !new.value ||
	    (old.value &&
		(old.is_stream != new.is_stream ||
		    !bytes_equal(old.stream, new.stream) ||
		    !bytes_equal(old.value->raw, new.value->raw))))
		walk_found(w, CHANGES_EVIDENCE, "validation data was added");
}

static void
compare_above(struct walk *w, const struct pair *p)
{
	bool both = walk_is_ref(p->old) && walk_is_ref(p->new);

	/* A link to the page may come with a signature; what a field inherits
	 * from stays, and is compared as fields are. */
	if (p->role == ROLE_ABOVE && !p->old)
		return;
	if (!both || p->old->ref.num != p->new->ref.num ||
	    p->old->ref.gen != p->new->ref.gen)
		walk_found(w, CHANGES_OTHER, "a link upwards changed");
	else if (p->role != ROLE_ABOVE)
		walk_push(w, p->old, p->new,
		    p->role == ROLE_UP_FIELD     ? ROLE_FIELD :
			p->role == ROLE_UP_PAGES ? ROLE_PAGES :
			p->role == ROLE_UP_ANNOT ? ROLE_ANNOT :
						   ROLE_STRUCT);
}

/* ---- the walk ---- */

/* Lists, and the entries that are meant for it: a page is no dictionary of
 * drawings by their names, where one of its entries would be another. */
static bool
leads_there(const struct pair *p)
{
	static const char *const keys[] = { "P", "Pg", "Obj", "Parent", "Data",
		"Dest", "D", "SE", "Popup", "IRT" };

	if (p->role == ROLE_KEPT || !p->new->key.len)
		return true;
	for (size_t i = 0; i < COUNT(keys); i++)
		if (bytes_equal_text(p->new->key, keys[i]))
			return true;
	return false;
}

/* A destination or the structure tree leads to pages and widgets too, a
 * signature's /Data to the catalogue.  They may change as such and in no other
 * way, however they are reached. */
static enum role
role_by_type(struct walk *w, const struct pair *p, const struct pdf_value *a,
    const struct pdf_value *b)
{
	static const struct {
		const char *key, *name;
		enum role role;
	} kinds[] = { { "Type", "Page", ROLE_PAGES },
		{ "Type", "Catalog", ROLE_CATALOG },
		{ "Type", "StructElem", ROLE_STRUCT },
		{ "Type", "StructTreeRoot", ROLE_STRUCT },
		{ "Subtype", "Widget", ROLE_ANNOT } };
	enum role role = p->role;

	if ((role != ROLE_FIXED && role != ROLE_KEPT) || a->type != PDF_DICT ||
	    b->type != PDF_DICT || !leads_there(p))
		return role;
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (pdf_is_name(
			pdf_get(w->old, a, kinds[i].key), kinds[i].name) &&
		    pdf_is_name(
			pdf_get(w->new, b, kinds[i].key), kinds[i].name))
			return kinds[i].role;
	return role;
}

/*
 * Is this object compared on a way of its own, as what it says that it is?
 * Until all ways have been gone it is put aside; what was on none of them is
 * like anything else.
 */
static bool
is_elsewhere(struct walk *w, const struct pair *p, enum role role)
{
	uint32_t num = walk_is_ref(p->new) ? p->new->ref.num : 0;

	if (!num || !walk_is_ref(p->old) || p->old->ref.num != num)
		return false;
	if (role == ROLE_CATALOG)
		return num == w->new->root.num;
	if (w->late)
		return was_visited(w, num, role) ||
		    (role == ROLE_ANNOT && was_visited(w, num, ROLE_FIELD));
	if (w->aside_count == w->aside_room) {
		size_t room = w->aside_room ? 2 * w->aside_room : 64;
		struct pair *more = realloc(w->aside, room * sizeof(*more));

		w->unknown = w->unknown || !more;
		if (!more)
			return true;
		w->aside = more;
		w->aside_room = room;
	}
	w->aside[w->aside_count++] = *p;
	return true;
}

static void
compare_objects(struct walk *w, const struct pair *p)
{
	struct pdf_object old, new;
	enum role role = p->role;

	walk_open(w, w->old, p->old, &old);
	walk_open(w, w->new, p->new, &new);
	if (!old.value && !new.value)
		return;
	if (!old.value && role == ROLE_BRANCH) {
		walk_branch(w, NULL, new.value, false);
		return;
	}
	if (!old.value || !new.value) {
		compare_lone(w, old.value, new.value, p);
		return;
	}
	if ((role == ROLE_ANNOTS || role == ROLE_FIELDS) &&
	    old.value->type == PDF_ARRAY && new.value->type == PDF_ARRAY) {
		walk_list(w, old.value, new.value,
		    role == ROLE_ANNOTS ? ROLE_ANNOT : ROLE_FIELD);
		return;
	}
	if (role == ROLE_BRANCH || role == ROLE_NUMS) {
		walk_branch(w, old.value, new.value, role == ROLE_NUMS);
		return;
	}
	/* Readers want pages and their tree as objects of their own. */
	if (role == ROLE_PAGES && new.value->type == PDF_DICT &&
	    walk_is_ref(p->old) != walk_is_ref(p->new))
		walk_found(w, CHANGES_OTHER, "a page was moved");
	w->at = walk_is_ref(p->new) ? p->new->ref.num : 0;
	role = role_by_type(w, p, old.value, new.value);
	if (role != p->role && !is_elsewhere(w, p, role))
		role = p->role;
	if (role == p->role)
		compare_same(w, &old, &new, role);
}

/* Nothing that it leads to was touched: there is nothing to find but in what a
 * field or widget inherits from. */
static bool
is_untouched(struct walk *w, const struct pair *p)
{
	bool field = p->role == ROLE_ANNOT || p->role == ROLE_FIELD;
	bool fixed = p->role == ROLE_FIXED || p->role == ROLE_NAME;
	const struct pdf_value *dict, *above;
	enum role role = ROLE_FIELD;

	if ((!field && !fixed && p->role != ROLE_STRUCT) ||
	    p->old->ref.gen != p->new->ref.gen ||
	    !pdf_reach_same(w->old, w->new, p->new->ref, fixed))
		return false;
	if (fixed)
		return true;
	dict = pdf_resolve(w->new, p->new);
	if (p->role == ROLE_STRUCT)
		role = ROLE_STRUCT;
	else if (p->role == ROLE_ANNOT &&
	    !pdf_is_name(pdf_get(w->new, dict, "Subtype"), "Widget"))
		role = ROLE_ANNOT;
	above = pdf_entry(dict, field ? "Parent" : "P");
	if (!walk_is_ref(above))
		return true;
	walk_push(w, above, above, role);
	if (role == ROLE_FIELD && !walk_is_named_above(w, p->new, above))
		w->doubtful = true;
	return true;
}

static void
step(struct walk *w)
{
	struct pair p = w->pairs[--w->count];

	w->unshown = pdf_role_is_structure(p.role);
	w->doubtful = w->doubtful || walk_retold(w, &p);
	if (walk_is_ref(p.old) && walk_is_ref(p.new) &&
	    p.old->ref.num == p.new->ref.num) {
		if (p.old->ref.gen != p.new->ref.gen)
			w->unknown = true;
		/* What is allowed by the dictionary around it must be judged
		 * each time. */
		if (p.role != ROLE_FILL && p.role != ROLE_LOOK &&
		    p.role != ROLE_TICK && p.role != ROLE_REDRAWN &&
		    p.role != ROLE_DRAWN &&
		    !(p.role >= ROLE_UP_FIELD && p.role <= ROLE_ABOVE) &&
		    (!first_visit(w, p.new->ref.num, p.role) ||
			is_untouched(w, &p)))
			return;
	}
	switch (p.role) {
	case ROLE_FREE:
		compare_free(w, &p);
		break;
	case ROLE_FILL:
		walk_fill(w, &p);
		break;
	case ROLE_TICK:
		walk_tick(w, &p);
		break;
	case ROLE_NEXT:
		walk_next(w, &p);
		break;
	case ROLE_UP_FIELD:
	case ROLE_UP_PAGES:
	case ROLE_UP_ANNOT:
	case ROLE_UP_STRUCT:
	case ROLE_ABOVE:
		compare_above(w, &p);
		break;
	case ROLE_DRAWN:
		walk_drawn(w, &p);
		break;
	case ROLE_REDRAWN:
		walk_exchange(w, &p);
		break;
	case ROLE_LOOK:
		walk_exchange(w, &p);
		if (bytes_equal_text((p.new ? p.new : p.old)->key, "F"))
			walk_flags(w, &p);
		if (p.new &&bytes_equal_text(p.new->key, "AP"))
			walk_look(w, p.new);
		if (p.new &&bytes_equal_text(p.new->key, "DA"))
			walk_setting(w, &p);
		if (bytes_equal_text((p.new ? p.new : p.old)->key, "MK"))
			walk_colours(w, &p);
		break;
	default:
		compare_objects(w, &p);
		break;
	}
}

/* The key of an encrypted file is made of the first identifier, too. */
static void
compare_first_id(struct walk *w)
{
	const struct pdf_value *a = pdf_get(w->old, w->old->trailer, "ID");
	const struct pdf_value *b = pdf_get(w->new, w->new->trailer, "ID");

	if (a->type != b->type)
		walk_found(w, CHANGES_OTHER, "the file's key changed");
	else if (a->type == PDF_ARRAY)
		walk_push(w, a->first, b->first, ROLE_FIXED);
}

/* What else a trailer leads to may lead to the pages' objects, too: what was
 * named there before is as it was. */
static void
push_trailer(struct walk *w)
{
	const struct pdf_value *a = pdf_entry(w->old->trailer, "Encrypt");
	const struct pdf_value *b = pdf_entry(w->new->trailer, "Encrypt");

	for (const struct pdf_value *v = w->old->trailer->first; v; v = v->next)
		if (!pdf_trailer_needs(v->key))
			walk_push(w, v, v, ROLE_KEPT);
	if (a || b) {
		walk_push(w, a, b, ROLE_FIXED);
		compare_first_id(w);
	}
}

/* Some readers take a file without its /Info for a broken one, and search. */
static void
check_info(struct walk *w)
{
	const struct pdf_value *info = pdf_entry(w->new->trailer, "Info");
	struct pdf_object object, old;

	if (!info && pdf_entry(w->old->trailer, "Info"))
		walk_found(w, CHANGES_EVIDENCE, "the file's /Info went");
	if (!info)
		return;
	w->unshown = true;
	walk_open(w, w->new, info, &object);
	if (!walk_is_ref(info) || !object.value ||
	    object.value->type != PDF_DICT) {
		w->unknown = true;
		return;
	}
	walk_open(w, w->old, pdf_entry(w->old->trailer, "Info"), &old);
	if (!old.value || !bytes_equal(old.value->raw, object.value->raw))
		walk_found(w, CHANGES_EVIDENCE, "the file's /Info changed");
}

static void
run(struct walk *w)
{
	struct pdf_object a, b;

	if (!walk_open_roots(w, &a, &b)) {
		walk_found(w, CHANGES_OTHER, "the catalogue was replaced");
	} else {
		walk_push(w, a.value, b.value, ROLE_CATALOG);
		push_trailer(w);
	}
	check_info(w);
	while (w->count && !w->unknown && w->worst < CHANGES_OTHER) {
		if (!walk_may_step(w) ||
		    w->old->arena.held > PDF_ARENA_MAX / 2 ||
		    w->new->arena.held > PDF_ARENA_MAX / 2)
			w->unknown = true;
		else
			step(w);
		if (!w->count && !w->late) {
			w->late = true;
			w->unshown = false;
			for (size_t i = 0; i < w->aside_count; i++)
				compare_objects(w, &w->aside[i]);
		}
	}
}

enum pdf_changes
pdf_changes_judge(struct pdf_file *old, struct pdf_file *new,
    enum pdf_stage stage, const struct pdf_locks *locks, struct note *note)
{
	/* A file with many signatures is compared as often: what one comparison
	 * reads must not be missing to the next. */
	struct arena_mark old_mark = arena_mark(&old->arena);
	struct arena_mark new_mark = arena_mark(&new->arena);
	struct walk *w;
	enum pdf_changes worst;

	/* A file that had to be repaired shows each reader something else.  Was
	 * it whole when it was signed, what came later has broken it. */
	if (new->repaired && !old->repaired) {
		note_write(note, FAIL_NONE,
		    "ISO 32000-2 7.5.6: what was added is no update");
		return CHANGES_OTHER;
	}
	if (old->repaired || new->repaired)
		return CHANGES_UNKNOWN;
	w = calloc(1, sizeof(*w));
	if (!w)
		return CHANGES_UNKNOWN;
	*w = (struct walk){ .old = old,
		.new = new,
		.stage = stage,
		.locks = locks,
		.note = note };
	buf_init(&w->led, LED_MAX);
	w->seen = calloc(
	    (size_t) new->entry_count *ROLE_COUNT / 64 + 1, sizeof(*w->seen));
	/* Those of the newest: what is signed in one revision is so in all that
	 * may follow it. */
	w->signers = pdf_signers(pdf_newest(new));
	/* A value that two fields share is nobody's. */
	w->unknown = !w->seen || !w->signers || w->signers->unclear;
	run(w);
	follow_all(w);
	worst = w->worst;
	/* What is found out on the way about the files comes last. */
	if (worst < CHANGES_OTHER &&
	    (w->unknown || w->doubtful || !pdf_all_listed(new, old->in.len) ||
		pdf_hides_object(new, old->in.len) || pdf_hid_object(old) ||
		old->ambiguous || new->ambiguous || old->arena.full ||
		new->arena.full))
		worst = CHANGES_UNKNOWN;
	/* Some readers give up a table when something leads to nothing, and
	 * know nothing of another kind of section then. */
	if (worst < CHANGES_OTHER && w->dangling &&
	    (new->stream_section != old->stream_section ||
		(!new->stream_section &&pdf_has_packed(old))))
		worst = CHANGES_UNKNOWN;
	/* Listed by sections that go back to the one that was the newest. */
	if (worst < CHANGES_OTHER && new->listed_next != (int64_t)old->start)
		worst = CHANGES_UNKNOWN;
	free(w->pairs);
	free(w->seen);
	free(w->aside);
	free(w->counts);
	buf_free(&w->looks);
	buf_free(&w->led);
	free(w);
	arena_back(&old->arena, old_mark);
	/* The next one comes back to what this one read; until it is much. */
	if (new->arena.held > PDF_ARENA_MAX / 8)
		arena_back(&new->arena, new_mark);
	return worst;
}

#include "document/pdf_changes.h"

#include <stdlib.h>

/* How a value is reached, which is what decides about its changes. */
enum role {
	ROLE_FIXED, /* must be the same */
	ROLE_FREE,  /* may be anything: validation data, metadata */
	ROLE_CATALOG,
	ROLE_PAGES,  /* page tree nodes and pages */
	ROLE_ANNOTS, /* array of annotations of a page */
	ROLE_ANNOT,
	ROLE_FORM,   /* the interactive form dictionary */
	ROLE_FIELDS, /* array of fields */
	ROLE_FIELD,
	ROLE_FILL, /* /V and appearance of an existing field */
	ROLE_SIGN, /* /V and appearance of an empty signature field */
	ROLE_COUNT
};

/* Two values that stand in the same place of the two revisions; NULL: none. */
struct pair {
	const struct pdf_value *old, *new;
	enum role role;
};

struct walk {
	struct pdf_file *old, *new;
	struct pair *pairs; /* to do, last first */
	size_t count, room;
	uint64_t *seen; /* bit per role and object number of the new file */
	size_t steps;
	enum pdf_changes worst;
	struct note *note;
	bool failed;
};

static void
found(struct walk *w, enum pdf_changes kind, const char *what)
{
	if (kind <= w->worst)
		return;
	w->worst = kind;
	note_write(w->note, FAIL_NONE, "ISO 32000-2 12.8.2.2: %s", what);
}

static void
push(struct walk *w, const struct pdf_value *old, const struct pdf_value *new,
    enum role role)
{
	if (w->count == w->room) {
		size_t room = w->room ? 2 * w->room : 256;
		struct pair *more = realloc(w->pairs, room * sizeof(*more));

		if (!more || room > PDF_CHANGES_STEPS_MAX) {
			if (more)
				w->pairs = more;
			w->failed = true;
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
is_ref(const struct pdf_value *v)
{
	return v && v->type == PDF_REF;
}

/* The object behind a value with its stream; the value itself when direct. */
static void
open_object(
    struct pdf_file *f, const struct pdf_value *v, struct pdf_object *object)
{
	*object = (struct pdf_object){ .value = v, .at = SIZE_MAX };
	for (int hop = 0; is_ref(object->value) && hop < 8; hop++)
		if (pdf_object_read(f, object->value->ref.num, object))
			break;
	if (is_ref(object->value))
		object->value = NULL;
	if (object->value && object->value->type == PDF_NULL)
		object->value = NULL;
}

static bool
scalar_equal(const struct pdf_value *a, const struct pdf_value *b)
{
	if (pdf_is_number(a) && pdf_is_number(b))
		return a->real == b->real;
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case PDF_BOOL:
		return a->boolean == b->boolean;
	case PDF_NAME:
	case PDF_STRING:
		return bytes_equal(a->text, b->text);
	default:
		return true;
	}
}

static bool
is_signature_field(struct walk *w, const struct pdf_value *dict)
{
	return pdf_is_name(pdf_get(w->new, dict, "FT"), "Sig");
}

/* A widget or field that was not there before: only signatures may come. */
static void
judge_added(struct walk *w, const struct pdf_value *v)
{
	struct pdf_object object;
	const struct pdf_value *kind;

	open_object(w->new, v, &object);
	if (!object.value)
		return;
	if (object.value->type != PDF_DICT) {
		found(w, CHANGES_OTHER, "a foreign thing among the fields");
		return;
	}
	kind = pdf_entry(object.value, "FT");
	if (!kind)
		kind = pdf_entry(pdf_get(w->new, object.value, "Parent"), "FT");
	if (pdf_is_name(pdf_resolve(w->new, kind), "Sig") &&
	    (!pdf_entry(object.value, "Subtype") ||
		pdf_is_name(
		    pdf_get(w->new, object.value, "Subtype"), "Widget")))
		found(w, CHANGES_EVIDENCE, "a signature field was added");
	else
		found(w, CHANGES_OTHER, "an annotation or field was added");
}

/* Lists of annotations or fields: what stood there stays, in order. */
static void
compare_list(struct walk *w, const struct pdf_value *old,
    const struct pdf_value *new, enum role each)
{
	const struct pdf_value *a = old ? old->first : NULL;
	const struct pdf_value *b = new ? new->first : NULL;

	while (a && b) {
		/* Something new may stand in front of or between. */
		if (is_ref(a) && is_ref(b) && a->ref.num != b->ref.num) {
			judge_added(w, b);
			b = b->next;
			continue;
		}
		push(w, a, b, each);
		a = a->next;
		b = b->next;
	}
	if (a)
		found(w, CHANGES_OTHER, "an annotation or field was removed");
	for (; b; b = b->next)
		judge_added(w, b);
}

/* The role of an entry, by its key and the role of its dictionary. */
static enum role
role_of(struct walk *w, enum role role, const struct pdf_value *old_dict,
    const struct pdf_value *entry)
{
	static const struct {
		enum role in;
		const char *key;
		enum role role;
	} rules[] = {
		{ ROLE_CATALOG, "AcroForm", ROLE_FORM },
		{ ROLE_CATALOG, "Pages", ROLE_PAGES },
		{ ROLE_CATALOG, "DSS", ROLE_FREE },
		{ ROLE_CATALOG, "Extensions", ROLE_FREE },
		{ ROLE_CATALOG, "Version", ROLE_FREE },
		{ ROLE_CATALOG, "Metadata", ROLE_FREE },
		{ ROLE_PAGES, "Kids", ROLE_PAGES },
		{ ROLE_PAGES, "Annots", ROLE_ANNOTS },
		{ ROLE_FORM, "Fields", ROLE_FIELDS },
		{ ROLE_FORM, "SigFlags", ROLE_FREE },
		{ ROLE_FORM, "DR", ROLE_FREE },
		{ ROLE_FORM, "DA", ROLE_FREE },
		{ ROLE_FIELD, "Kids", ROLE_FIELDS },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].in == role &&
		    bytes_equal_text(entry->key, rules[i].key))
			return rules[i].role;
	if (role != ROLE_FIELD && role != ROLE_ANNOT)
		return ROLE_FIXED;
	if (role == ROLE_ANNOT &&
	    !pdf_is_name(pdf_get(w->new, old_dict, "Subtype"), "Widget"))
		return ROLE_FIXED;
	if (bytes_equal_text(entry->key, "V") ||
	    bytes_equal_text(entry->key, "AP") ||
	    bytes_equal_text(entry->key, "AS") ||
	    bytes_equal_text(entry->key, "M"))
		return is_signature_field(w, old_dict) ? ROLE_SIGN : ROLE_FILL;
	return ROLE_FIXED;
}

/* Back references lead where the walk has been or will be anyway. */
static bool
leads_back(const struct pdf_value *entry)
{
	return bytes_equal_text(entry->key, "Parent") ||
	    bytes_equal_text(entry->key, "P");
}

static void
compare_dict(struct walk *w, const struct pdf_value *old,
    const struct pdf_value *new, enum role role)
{
	for (const struct pdf_value *b = new->first; b; b = b->next) {
		char key[64];
		size_t n =
		    b->key.len < sizeof(key) - 1 ? b->key.len : sizeof(key) - 1;

		if (leads_back(b))
			continue;
		memcpy(key, b->key.data, n);
		key[n] = '\0';
		push(w, n == b->key.len ? pdf_entry(old, key) : NULL, b,
		    role_of(w, role, old, b));
	}
	for (const struct pdf_value *a = old->first; a; a = a->next) {
		bool kept = leads_back(a);

		for (const struct pdf_value *b = new->first; b && !kept;
		     b = b->next)
			kept = bytes_equal(a->key, b->key);
		if (!kept)
			push(w, a, NULL, role_of(w, role, old, a));
	}
}

static void
compare_fixed(struct walk *w, const struct pdf_object *old,
    const struct pdf_object *new, enum role role)
{
	const struct pdf_value *a = old->value, *b = new->value;

	if (old->is_stream != new->is_stream ||
	    (old->is_stream && !bytes_equal(old->stream, new->stream))) {
		found(w, CHANGES_OTHER, "a content stream changed");
		return;
	}
	if (a->type == PDF_DICT && b->type == PDF_DICT) {
		compare_dict(w, a, b, role);
		return;
	}
	if (a->type != PDF_ARRAY || b->type != PDF_ARRAY) {
		if (!scalar_equal(a, b))
			found(w, CHANGES_OTHER, "a value changed");
		return;
	}
	if (a->count != b->count) {
		found(w, CHANGES_OTHER, "an array changed its length");
		return;
	}
	a = a->first;
	for (b = b->first; b; b = b->next, a = a->next)
		push(w, a, b, role);
}

/* One side is missing. */
static void
compare_lone(struct walk *w, const struct pdf_object *old,
    const struct pdf_object *new, enum role role)
{
	const struct pdf_value *added = new->value;

	switch (role) {
	case ROLE_ANNOTS:
	case ROLE_FIELDS:
		if (added && added->type == PDF_ARRAY)
			compare_list(w, NULL, added, ROLE_FIELD);
		else
			found(w, CHANGES_OTHER, "a list of fields vanished");
		return;
	case ROLE_FORM:
		if (!added || added->type != PDF_DICT) {
			found(w, CHANGES_OTHER, "the form vanished");
			return;
		}
		found(w, CHANGES_EVIDENCE, "a form was added");
		for (const struct pdf_value *v = added->first; v; v = v->next)
			push(w, NULL, v, role_of(w, role, added, v));
		return;
	default:
		(void)old;
		found(w, CHANGES_OTHER,
		    added ? "something was added" : "something was removed");
	}
}

/* A destination or the structure tree leads to pages and widgets too.  They may
 * change as such and in no other way, however they are reached. */
static enum role
role_by_type(struct walk *w, enum role role, const struct pdf_value *a,
    const struct pdf_value *b)
{
	if (role != ROLE_FIXED || a->type != PDF_DICT || b->type != PDF_DICT)
		return role;
	if (pdf_is_name(pdf_get(w->old, a, "Type"), "Page") &&
	    pdf_is_name(pdf_get(w->new, b, "Type"), "Page"))
		return ROLE_PAGES;
	/* A signature reference's /Data may lead back to the top. */
	if (pdf_is_name(pdf_get(w->old, a, "Type"), "Catalog") &&
	    pdf_is_name(pdf_get(w->new, b, "Type"), "Catalog"))
		return ROLE_CATALOG;
	if (pdf_is_name(pdf_get(w->old, a, "Subtype"), "Widget") &&
	    pdf_is_name(pdf_get(w->new, b, "Subtype"), "Widget"))
		return ROLE_ANNOT;
	return role;
}

/* Something stands in both, or in one, of the revisions. */
static void
compare_objects(struct walk *w, const struct pdf_object *old,
    const struct pdf_object *new, enum role role)
{
	const struct pdf_value *a = old->value, *b = new->value;

	if (!a && !b)
		return;
	if (role == ROLE_SIGN && !a) {
		found(
		    w, CHANGES_EVIDENCE, "an empty signature field was signed");
		return;
	}
	if (!a || !b) {
		if (role == ROLE_FILL)
			found(w, CHANGES_FORM, "a form field was filled");
		else
			compare_lone(w, old, new, role);
		return;
	}
	if ((role == ROLE_ANNOTS || role == ROLE_FIELDS) &&
	    a->type == PDF_ARRAY && b->type == PDF_ARRAY) {
		compare_list(
		    w, a, b, role == ROLE_ANNOTS ? ROLE_ANNOT : ROLE_FIELD);
		return;
	}
	compare_fixed(w, old, new, role_by_type(w, role, a, b));
}

/* A filled value or appearance: same role all the way down, and any
 * difference counts as filling, not as a change of the document. */
static void
compare_fill(struct walk *w, const struct pair *p)
{
	struct pdf_object old, new;

	open_object(w->old, p->old, &old);
	open_object(w->new, p->new, &new);
	if (!old.value && !new.value)
		return;
	if (p->role == ROLE_SIGN && old.value) {
		/* A signature that was there must stay as it is. */
		push(w, p->old, p->new, ROLE_FIXED);
		return;
	}
	if (!old.value || !new.value) {
		compare_objects(w, &old, &new, p->role);
		return;
	}
	if (old.is_stream != new.is_stream ||
	    old.value->type != new.value->type ||
	    old.value->count != new.value->count ||
	    (old.is_stream && !bytes_equal(old.stream, new.stream)) ||
	    !scalar_equal(old.value, new.value)) {
		found(w, CHANGES_FORM, "a form field was filled");
		return;
	}
	/* Same shape: what is below decides, with the same leave. */
	for (const struct pdf_value *a = old.value->first,
				    *b = new.value->first;
	     a &&b; a = a->next, b = b->next)
		push(w, a, b, p->role);
}

/* Metadata and validation data may change; the numbers they use must not be
 * those of something fixed, which the walk finds on the other way there. */
static void
compare_free(struct walk *w, const struct pair *p)
{
	struct pdf_object old, new;

	open_object(w->old, p->old, &old);
	open_object(w->new, p->new, &new);
	if (!old.value != !new.value ||
	    (old.value &&
		(old.is_stream != new.is_stream ||
		    !bytes_equal(old.stream, new.stream) ||
		    !bytes_equal(old.value->raw, new.value->raw))))
		found(w, CHANGES_EVIDENCE, "validation data was added");
}

static void
step(struct walk *w)
{
	struct pair p = w->pairs[--w->count];
	struct pdf_object old, new;

	if (is_ref(p.old) && is_ref(p.new) &&
	    p.old->ref.num == p.new->ref.num &&
	    !first_visit(w, p.new->ref.num, p.role))
		return;
	if (p.role == ROLE_FREE) {
		compare_free(w, &p);
		return;
	}
	if (p.role == ROLE_FILL || p.role == ROLE_SIGN) {
		compare_fill(w, &p);
		return;
	}
	open_object(w->old, p.old, &old);
	open_object(w->new, p.new, &new);
	compare_objects(w, &old, &new, p.role);
}

enum pdf_changes
pdf_changes_judge(struct pdf_file *old, struct pdf_file *new, struct note *note)
{
	struct walk w = { .old = old, .new = new, .note = note };
	struct pdf_object a, b;

	/* A file that had to be repaired shows each reader something else. */
	if (old->repaired || new->repaired)
		return CHANGES_UNKNOWN;
	w.seen = calloc(
	    (size_t) new->entry_count *ROLE_COUNT / 64 + 1, sizeof(*w.seen));
	if (!w.seen)
		return CHANGES_UNKNOWN;
	if (pdf_object_read(old, old->root.num, &a) ||
	    pdf_object_read(new, new->root.num, &b) ||
	    old->root.num != new->root.num)
		found(&w, CHANGES_OTHER, "the catalogue was replaced");
	else
		push(&w, a.value, b.value, ROLE_CATALOG);
	while (w.count && !w.failed && w.worst < CHANGES_OTHER) {
		if (++w.steps > PDF_CHANGES_STEPS_MAX ||
		    old->arena.held > PDF_ARENA_MAX / 2 ||
		    new->arena.held > PDF_ARENA_MAX / 2)
			w.failed = true;
		else
			step(&w);
	}
	free(w.pairs);
	free(w.seen);
	return w.failed ? CHANGES_UNKNOWN : w.worst;
}

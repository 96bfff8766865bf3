/* Objects of the two revisions as they are written: what each reader might take
 * for something else. */
#include "document/pdf_listed.h"
#include "document/pdf_strict.h"
#include "document/pdf_walk.h"

#define HOPS_MAX 16 /* references to references */

/* Does the newer revision list this object elsewhere than the signed one? */
static bool
listed_anew(const struct walk *w, uint32_t num)
{
	const struct pdf_file *old = w->old, *new = w->new;

	/* One in a stream of objects stands where that stream does. */
	if (num < new->entry_count &&new->entries[num].kind == ENTRY_PACKED &&
	    num < old->entry_count && old->entries[num].kind == ENTRY_PACKED &&
	    old->entries[num].where == new->entries[num].where)
		num = (uint32_t) new->entries[num].where;
	return num >= old->entry_count || num >= new->entry_count ||
	    old->entries[num].kind != new->entries[num].kind ||
	    old->entries[num].where + old->base !=
	    new->entries[num].where + new->base;
}

/* New bytes that are no PDF: what one reader steps over makes another give up.
 */
static void
check_bytes(struct walk *w, uint32_t num, const struct pdf_value *value)
{
	bool anew = listed_anew(w, num);

	if ((value->odd || value->unclosed) && anew)
		walk_found(w, CHANGES_OTHER, "an object was damaged");
	/* One that does not end goes on into what comes behind it; so does a
	 * stream whose length is wrong. */
	w->doubtful =
	    w->doubtful || value->odd || value->unclosed || value->cut;
	w->doubtful = w->doubtful || (value->loose && anew);
}

/* What was signed and is stated anew: where readers take it for something else
 * than it is here, they may show something new, though it reads the same. */
static void
check_signed_bytes(
    struct walk *w, uint32_t num, const struct pdf_object *object)
{
	const struct pdf_file *old = w->old;
	bool packed = object->at == SIZE_MAX;

	w->doubtful = w->doubtful || pdf_value_is_misread(object->value) ||
	    (!packed &&
		(!pdf_strict_header(old->in, object->at) ||
		    !pdf_is_padded(old, object)));
	/* Many readers do not see what a hybrid file's table has not.  Writers
	 * hide there what they need not. */
	w->doubtful = w->doubtful || (old->entries[num].hidden && !w->unshown);
}

void
walk_open(struct walk *w, struct pdf_file *f, const struct pdf_value *v,
    struct pdf_object *object)
{
	*object = (struct pdf_object){ .value = v, .at = SIZE_MAX };
	for (int hop = 0; object->value && object->value->type == PDF_REF;
	     hop++) {
		struct pdf_ref ref = object->value->ref;
		enum fail fail = pdf_object_read(f, ref.num, object);

		if (fail == FAIL_MISSING) {
			object->value = NULL;
			w->dangling = w->dangling || f == w->new;
			return;
		}
		/* One reader shows what stood there before, another what it
		 * finds by searching: no writer leaves that behind. */
		if (fail == FAIL_FORMAT &&
		    f == w->new &&listed_anew(w, ref.num))
			walk_found(w, CHANGES_OTHER, "an object was damaged");
		if (fail || hop == HOPS_MAX || object->id.gen != ref.gen ||
		    (f->entries[ref.num].kind == ENTRY_PLAIN &&
			f->entries[ref.num].aux != ref.gen)) {
			w->unknown = true;
			object->value = NULL;
			return;
		}
		if (f == w->new)
			check_bytes(w, ref.num, object->value);
		else if (listed_anew(w, ref.num))
			check_signed_bytes(w, ref.num, object);
		/* An object that is a reference: readers stop there or not. */
		if (f == w->new && object->value->type == PDF_REF &&
		    listed_anew(w, ref.num))
			walk_found(w, CHANGES_OTHER, "an object was damaged");
	}
	if (object->value && object->value->type == PDF_NULL)
		object->value = NULL;
}

bool
walk_open_roots(struct walk *w, struct pdf_object *old, struct pdf_object *new)
{
	uint32_t num = w->old->root.num;

	if (num != w->new->root.num || w->old->root.gen != w->new->root.gen ||
	    pdf_object_read(w->old, num, old) ||
	    pdf_object_read(w->new, num, new))
		return false;
	check_bytes(w, num, new->value);
	if (listed_anew(w, num))
		check_signed_bytes(w, num, old);
	/* A trailer is always stated anew.  A section of another kind makes
	 * readers forget what a hybrid one hides. */
	w->doubtful = w->doubtful || pdf_value_is_misread(w->old->trailer) ||
	    w->old->two_starts || (w->old->hides && w->new->stream_section);
	return true;
}

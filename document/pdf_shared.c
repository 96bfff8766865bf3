#include "document/pdf_shared.h"

#include <stdlib.h>

#include "document/pdf_xref.h"

#define SLOTS_MAX 16384u
#define SLOT_BYTES 256u /* of the file for one slot, about an object */
#define SLOTS_MIN 64u
#define HELD_MAX (PDF_ARENA_MAX / 4)

struct slot {
	struct pdf_object object; /* .value NULL: an empty slot */
	size_t at;
	size_t end; /* revisions that end behind it read the same; SIZE_MAX:
		       none but the newest does */
};

struct pdf_shared {
	struct arena arena;
	size_t count;
	struct slot slots[];
};

void
pdf_shared_begin(struct pdf_file *newest)
{
	size_t count = newest->in.len / SLOT_BYTES;
	struct pdf_shared *s;

	if (newest->shared)
		return;
	count = count < SLOTS_MIN ? SLOTS_MIN : count;
	count = count > SLOTS_MAX ? SLOTS_MAX : count;
	s = calloc(1, sizeof(*s) + count * sizeof(s->slots[0]));
	if (!s)
		return;
	s->count = count;
	arena_init(&s->arena, HELD_MAX);
	newest->shared = s;
}

void
pdf_shared_free(struct pdf_shared *s)
{
	if (s)
		arena_free(&s->arena);
	free(s);
}

/* Behind all that was looked at; an object that tells a stream's length may be
 * another one in another revision. */
static size_t
end_of(const struct pdf_file *f, const struct pdf_object *object)
{
	const struct pdf_value *v = object->value;
	const struct pdf_value *length = pdf_entry(v, "Length");

	if (!v->raw.len ||
	    (object->is_stream && (!length || length->type != PDF_INTEGER)))
		return SIZE_MAX;
	return pdf_object_end(f->in, object);
}

/* Into memory that stays when the file's arena goes back. */
static bool
read_slot(
    struct pdf_file *f, struct pdf_shared *s, struct slot *slot, size_t at)
{
	struct arena own = f->arena;
	struct note note = f->note;
	enum fail fail;

	f->arena = s->arena;
	fail = pdf_object_at(f, at, &slot->object);
	s->arena = f->arena;
	f->arena = own;
	f->note = note;
	if (fail)
		slot->object.value = NULL;
	slot->at = at;
	slot->end = fail ? SIZE_MAX : end_of(f, &slot->object);
	return !fail;
}

const struct pdf_object *
pdf_shared_at(struct pdf_file *f, size_t at)
{
	struct pdf_file *newest = pdf_newest(f);
	struct pdf_shared *s = newest->shared;
	struct slot *slot;

	if (!s || !f->opened || !pdf_crypt_same(&f->crypt, &newest->crypt))
		return NULL;
	slot = &s->slots[at % s->count];
	if ((!slot->object.value || slot->at != at) &&
	    (s->arena.full || !read_slot(newest, s, slot, at)))
		return NULL;
	return f == newest || slot->end < f->in.len ? &slot->object : NULL;
}

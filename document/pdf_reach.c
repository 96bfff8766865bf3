#include "document/pdf_reach.h"

#include <stdlib.h>

#include "document/pdf_xref.h"

#define OBJECTS_MAX 65536u /* files of more are not looked through */
#define ENTRIES_MAX 4096u  /* of one dictionary */

/* What one object leads to, itself first. */
struct list {
	size_t end;   /* in the file, of the last of them and its last word */
	size_t count; /* 0: too much, or nothing that may be passed over */
	bool up;      /* the first one leads upwards, too */
	uint32_t nums[];
};

struct pdf_reach {
	uint32_t count;
	struct list *lists[]; /* by number; NULL: not looked for */
};

/* One list while it is made. */
struct listing {
	struct pdf_file *file;
	uint32_t nums[PDF_REACH_MAX];
	size_t count, read;
	size_t end;
	bool up, bad;
};

void
pdf_reach_free(struct pdf_reach *r)
{
	for (uint32_t i = 0; r && i < r->count; i++)
		free(r->lists[i]);
	free(r);
}

static struct pdf_reach *
reach_of(struct pdf_file *file)
{
	struct pdf_reach *r = file->reach;

	if (r || file->entry_count > OBJECTS_MAX)
		return r;
	r = calloc(1, sizeof(*r) + file->entry_count * sizeof(r->lists[0]));
	if (r)
		r->count = file->entry_count;
	file->reach = r;
	return r;
}

/* ---- making a list ---- */

static void
add(struct listing *l, uint32_t num)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->nums[i] == num)
			return;
	if (l->count == PDF_REACH_MAX)
		l->bad = true;
	else
		l->nums[l->count++] = num;
}

/* Is a reference's generation the object's?  Readers differ where it is not. */
static bool
agrees(const struct pdf_file *f, struct pdf_ref ref)
{
	const struct pdf_xref_entry *e = &f->entries[ref.num];

	if (e->kind < ENTRY_PLAIN)
		return true;
	return e->kind == ENTRY_PLAIN && e->aux == ref.gen;
}

static void
look_at(struct listing *l, const struct pdf_value *v, bool own)
{
	if (v->type == PDF_DICT && (v->doubled || v->count > ENTRIES_MAX))
		l->bad = true;
	if (v->type != PDF_REF)
		return;
	if (own &&
	    (bytes_equal_text(v->key, "P") ||
		bytes_equal_text(v->key, "Parent")))
		l->up = true;
	else if (v->ref.num >= l->file->entry_count || !agrees(l->file, v->ref))
		l->bad = true;
	else
		add(l, v->ref.num);
}

/* All references in a value; of the first one's own entries, not those upwards.
 */
static void
look_through(struct listing *l, const struct pdf_value *value, bool first)
{
	struct pdf_tree tree = { .top = value, .skips_plain = true };
	const struct pdf_value *v;

	while (!l->bad && (v = pdf_tree_next(&tree)))
		look_at(l, v, first && tree.level == 1);
}

/* Where an object ends that every reader ends there: a stream's length must
 * stand in it. */
static void
take_end(struct listing *l, const struct pdf_object *object)
{
	const struct pdf_value *v = object->value;
	const struct pdf_value *length = pdf_entry(v, "Length");
	size_t end = pdf_object_end(l->file->in, object);

	if (end == SIZE_MAX || v->odd || v->unclosed || v->cut ||
	    (object->is_stream && (!length || length->type != PDF_INTEGER)))
		l->bad = true;
	else if (end >= l->end)
		l->end = end + 1;
}

/* A long list of widths is not kept for whoever may read it again. */
#define KEPT_MAX (1u << 20)

static void
read_next(struct listing *l)
{
	struct arena *arena = &l->file->arena;
	struct arena_mark mark = arena_mark(arena);
	size_t held = arena->held;
	uint32_t num = l->nums[l->read];
	const struct pdf_xref_entry *e = &l->file->entries[num];
	bool first = l->read++ == 0;
	struct pdf_object object;

	/* What is not there is looked at where it is named. */
	if (e->kind != ENTRY_PLAIN || pdf_object_read(l->file, num, &object) ||
	    object.id.gen != e->aux) {
		l->bad = true;
		return;
	}
	take_end(l, &object);
	look_through(l, object.value, first);
	if (arena->held - held > KEPT_MAX)
		arena_back(arena, mark);
}

static const struct list *
list_of(struct pdf_file *file, uint32_t num)
{
	struct pdf_reach *r = reach_of(file);
	struct listing l = { .file = file };
	struct list *made;

	if (!r || num >= r->count)
		return NULL;
	if (r->lists[num])
		return r->lists[num];
	add(&l, num);
	while (l.read < l.count && !l.bad)
		read_next(&l);
	if (l.bad)
		l.count = 0;
	made = malloc(sizeof(*made) + l.count * sizeof(l.nums[0]));
	if (!made)
		return NULL;
	made->end = l.end;
	made->count = l.count;
	made->up = l.up;
	memcpy(made->nums, l.nums, l.count * sizeof(l.nums[0]));
	r->lists[num] = made;
	return made;
}

/* ---- comparing ---- */

static bool
same_place(const struct pdf_file *old, const struct pdf_file *new, uint32_t num)
{
	const struct pdf_xref_entry *b = &new->entries[num];
	const struct pdf_xref_entry *a =
	    num < old->entry_count ? &old->entries[num] : NULL;

	if (!a || a->kind < ENTRY_PLAIN)
		return b->kind < ENTRY_PLAIN;
	return a->kind == b->kind && a->where == b->where && a->aux == b->aux;
}

static bool
same_places(const struct pdf_file *old, const struct pdf_file *new,
    const struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (!same_place(old, new, list->nums[i]))
			return false;
	return true;
}

/* What it leads to in the newest revision, made once for all of them, if that
 * is where it was in this one. */
static const struct list *
list_for(struct pdf_file *file, uint32_t num)
{
	struct pdf_file *newest = file->newer;
	const struct list *list;

	if (newest && newest->base == file->base &&
	    pdf_crypt_same(&newest->crypt, &file->crypt) &&
	    num < newest->entry_count) {
		list = list_of(newest, num);
		if (list && list->count && same_places(file, newest, list))
			return list;
	}
	return list_of(file, num);
}

bool
pdf_reach_same(
    struct pdf_file *old, struct pdf_file *new, struct pdf_ref ref, bool up)
{
	const struct list *list;

	if (old->base != new->base || !pdf_crypt_same(&old->crypt, &new->crypt))
		return false;
	if (ref.num >= new->entry_count || !agrees(new, ref))
		return false;
	list = list_for(new, ref.num);
	return list && list->count && list->end <= old->in.len &&
	    !(up && list->up) && same_places(old, new, list);
}

#include "document/pdf_twins.h"

#include <stdlib.h>

#include "base/buf.h"
#include "crypto/hash.h"

#define NAMED_MAX (4u * PDF_FIELDS_MAX) /* fields, and crooked widgets */

/* One field, or a widget of one. */
struct named {
	uint8_t name[HASH_LEN]; /* its digest: names are long, and many */
	struct pdf_twin twin;
};

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return memcmp(x->name, y->name, sizeof(x->name));
}

static int
by_number(const void *a, const void *b)
{
	const struct pdf_twin *x = a, *y = b;

	return x->num < y->num ? -1 : x->num > y->num;
}

/* Does what stands below an object name it as what is above? */
static bool
names_above(
    struct pdf_file *file, const struct pdf_value *below, uint32_t above)
{
	const struct pdf_value *parent =
	    pdf_entry(pdf_resolve(file, below), "Parent");

	if (!above)
		return !parent || parent->type == PDF_NULL;
	return parent && parent->type == PDF_REF && parent->ref.num == above;
}

/* From the form down to the field. */
static bool
is_way_straight(
    const struct pdf_field_walk *walk, const struct pdf_field *field)
{
	for (size_t i = 1; i < walk->depth; i++) {
		const struct pdf_value node = { .type = PDF_REF,
			.ref = { walk->levels[i].num, 0 } };

		if (!walk->levels[i].num ||
		    !names_above(walk->file, &node, walk->levels[i - 1].num))
			return false;
	}
	return names_above(
	    walk->file, field->dict, walk->levels[walk->depth - 1].num);
}

static void
add(struct buf *out, const struct named *n)
{
	buf_add(out, n, sizeof(*n));
}

/* The field and its widgets, which stand straight or not together. */
static void
add_field(const struct pdf_field_walk *walk, const struct pdf_field *field,
    struct buf *out)
{
	const struct pdf_value *kids = pdf_get(walk->file, field->dict, "Kids");
	bool straight = is_way_straight(walk, field);
	struct named n;

	memset(&n, 0, sizeof(n));
	kids = kids->type == PDF_ARRAY ? kids->first : NULL;
	for (const struct pdf_value *k = kids; k; k = k->next)
		straight = straight && field->ref.num &&
		    names_above(walk->file, k, field->ref.num);
	hash_sha256(BYTES_TEXT(field->name), n.name);
	n.twin.num = field->ref.num;
	n.twin.field = true;
	n.twin.crooked = !straight;
	add(out, &n);
	n.twin.field = false;
	for (const struct pdf_value *k = kids; k && !straight; k = k->next) {
		n.twin.num = k->type == PDF_REF ? k->ref.num : 0;
		add(out, &n);
	}
}

static void
gather(struct pdf_file *file, struct buf *out)
{
	struct pdf_field_walk walk;
	struct pdf_field field;

	pdf_field_walk_init(&walk, file);
	while (pdf_field_next(&walk, &field) && !buf_fail(out))
		add_field(&walk, &field, out);
}

/* Fields with the same name as the one before; all those of widgets are. */
static void
find_twins(struct named *all, size_t count)
{
	struct named *before = NULL;

	qsort(all, count, sizeof(*all), by_name);
	for (size_t i = 0; i < count; i++) {
		if (!all[i].twin.field)
			continue;
		if (before && !by_name(before, &all[i]))
			before->twin.shares = all[i].twin.shares = true;
		before = &all[i];
	}
}

/* One entry for each number. */
static void
fill(struct pdf_twins *twins, struct named *all, size_t count)
{
	struct pdf_twin *list = twins->list;
	size_t kept = 0;

	if (!count)
		return;
	find_twins(all, count);
	for (size_t i = 0; i < count; i++)
		list[i] = all[i].twin;
	qsort(list, count, sizeof(*list), by_number);
	for (size_t i = 1; i < count; i++) {
		if (list[i].num != list[kept].num) {
			list[++kept] = list[i];
			continue;
		}
		list[kept].shares = list[kept].shares || list[i].shares ||
		    (list[kept].field && list[i].field);
		list[kept].crooked = list[kept].crooked || list[i].crooked;
		list[kept].field = list[kept].field || list[i].field;
	}
	twins->count = kept + 1;
}

const struct pdf_twins *
pdf_twins(struct pdf_file *file)
{
	struct arena_mark mark = arena_mark(&file->arena);
	struct pdf_twins *twins = NULL;
	bool full = file->arena.full, cut;
	struct buf found;
	size_t count;

	if (file->twins)
		return file->twins;
	buf_init(&found, NAMED_MAX * sizeof(struct named));
	gather(file, &found);
	/* What is not known here says nothing of the file as a whole. */
	cut = file->arena.full && !full;
	arena_back(&file->arena, mark);
	file->arena.full = full;
	count = found.len / sizeof(struct named);
	if (!buf_fail(&found) && !cut)
		twins = malloc(sizeof(*twins) + count * sizeof(twins->list[0]));
	if (twins) {
		twins->count = 0;
		fill(twins, (struct named *)found.data, count);
	}
	buf_free(&found);
	file->twins = twins;
	return twins;
}

static const struct pdf_twin *
find(const struct pdf_twins *twins, uint32_t num)
{
	const struct pdf_twin key = { .num = num };

	return twins->count ?
	    bsearch(&key, twins->list, twins->count, sizeof(key), by_number) :
	    NULL;
}

bool
pdf_is_single(const struct pdf_twins *twins, uint32_t num)
{
	const struct pdf_twin *found = find(twins, num);

	return found && found->field && !found->shares;
}

bool
pdf_is_straight(const struct pdf_twins *twins, uint32_t num)
{
	const struct pdf_twin *found = find(twins, num);

	return !found || !found->crooked;
}

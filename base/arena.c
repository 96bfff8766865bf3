#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#define ARENA_BLOCK 16384u

struct arena_block {
	struct arena_block *next;
	size_t room;
	alignas(max_align_t) uint8_t data[];
};

void
arena_init(struct arena *a, size_t ceiling)
{
	*a = (struct arena){ .ceiling = ceiling };
}

void
arena_free(struct arena *a)
{
	struct arena_block *next;

	for (struct arena_block *b = a->first; b; b = next) {
		next = b->next;
		free(b);
	}
	arena_init(a, a->ceiling);
}

/* Step to the next block with room for need bytes, asking the heap if none. */
static bool
arena_next(struct arena *a, size_t need)
{
	struct arena_block *last = a->current;
	struct arena_block *b = last ? last->next : a->first;
	size_t room = need > ARENA_BLOCK ? need : ARENA_BLOCK;

	/* A block kept from before a mark may be too small: step over it. */
	while (b && b->room < need) {
		last = b;
		b = b->next;
	}
	if (!b) {
		if (a->held > a->ceiling || room > a->ceiling - a->held)
			return false;
		b = malloc(sizeof(*b) + room);
		if (!b)
			return false;
		b->next = NULL;
		b->room = room;
		a->held += room;
		if (last)
			last->next = b;
		else
			a->first = b;
	}
	a->current = b;
	a->used = 0;
	return true;
}

void *
arena_take(struct arena *a, size_t count, size_t size)
{
	const size_t align = alignof(max_align_t);
	size_t need;
	void *got;

	if (size && count > (SIZE_MAX - align) / size)
		goto full;
	need = (count * size + align - 1) / align * align;
	if (!need)
		need = align;
	if (!a->current || need > a->current->room - a->used)
		if (!arena_next(a, need))
			goto full;
	got = a->current->data + a->used;
	a->used += need;
	memset(got, 0, need);
	return got;
full:
	a->full = true;
	return NULL;
}

struct bytes
arena_copy(struct arena *a, struct bytes in)
{
	uint8_t *data = arena_take(a, in.len + 1, 1);

	if (!data)
		return (struct bytes){ NULL, 0 };
	if (in.len)
		memcpy(data, in.data, in.len);
	return (struct bytes){ data, in.len };
}

char *
arena_text(struct arena *a, struct bytes in)
{
	char *text = arena_take(a, in.len + 1, 1);

	if (text && in.len)
		memcpy(text, in.data, in.len);
	return text;
}

struct arena_mark
arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->current, a->used };
}

void
arena_back(struct arena *a, struct arena_mark mark)
{
	a->backs++;
	/* A mark from before the first block: start over in that block. */
	a->current = mark.block ? mark.block : a->first;
	a->used = mark.block ? mark.used : 0;
}

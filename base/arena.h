/*
 * Memory that lives as long as one piece of work and goes all at once.
 *
 * An arena takes blocks from the heap up to its ceiling.  A mark remembers a
 * point; going back to it gives everything taken since to the next taker (the
 * memory itself stays with the arena until arena_free).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/bytes.h"
#include "base/fail.h"

struct arena_block;

struct arena {
	struct arena_block *first;
	struct arena_block *current;
	size_t used;    /* in the current block */
	size_t held;    /* bytes of all blocks */
	size_t ceiling; /* bytes of all blocks together */
	bool full;      /* something asked for was not given, ever */
	unsigned backs; /* times it went back to a mark: what was taken since
			   may be gone */
};

struct arena_mark {
	struct arena_block *block;
	size_t used;
};

void arena_init(struct arena *a, size_t ceiling);
void arena_free(struct arena *a);

/* Zeroed memory for count things of size bytes, aligned for any type; NULL
 * when the ceiling or the heap does not allow it. */
void *arena_take(struct arena *a, size_t count, size_t size);

/* A copy of in; .data is NULL on failure (never for an empty in). */
struct bytes arena_copy(struct arena *a, struct bytes in);

/* A copy as a C string, or NULL. */
char *arena_text(struct arena *a, struct bytes in);

struct arena_mark arena_mark(const struct arena *a);
void arena_back(struct arena *a, struct arena_mark mark);

#endif

#include "document/pdf_referred.h"

#include <stdlib.h>

/* References in the bytes of a value. */
static void
count_in(struct bytes raw, uint8_t *counts, uint32_t limit)
{
	struct pdf_lexer l = { raw, 0 };
	struct pdf_token a = { .kind = TOKEN_END }, b = a, t;

	while ((t = pdf_token_next(&l)).kind != TOKEN_END) {
		if (t.kind == TOKEN_KEYWORD && bytes_equal_text(t.raw, "R") &&
		    a.kind == TOKEN_INTEGER && b.kind == TOKEN_INTEGER &&
		    a.integer >= 0 && a.integer < limit &&
		    counts[a.integer] < 2)
			counts[a.integer]++;
		a = b;
		b = t;
	}
}

/* Of one object; what was read is given back. */
static enum fail
count_object(struct pdf_file *f, uint32_t num, uint8_t *counts)
{
	struct arena_mark mark = arena_mark(&f->arena);
	struct pdf_object object;
	enum fail fail = pdf_object_glance(f, num, &object);

	if (!fail)
		count_in(object.value->raw, counts, f->entry_count);
	arena_back(&f->arena, mark);
	return fail == FAIL_MISSING ? FAIL_NONE : fail;
}

uint8_t *
pdf_references_count(struct pdf_file *f)
{
	uint8_t *counts = calloc(f->entry_count ? f->entry_count : 1, 1);
	enum fail fail = counts ? FAIL_NONE : FAIL_MEMORY;

	if (!fail && f->trailer)
		count_in(f->trailer->raw, counts, f->entry_count);
	for (uint32_t num = 1; num < f->entry_count && !fail; num++)
		if (f->entries[num].kind == ENTRY_PLAIN ||
		    f->entries[num].kind == ENTRY_PACKED)
			fail = count_object(f, num, counts);
	if (!fail)
		return counts;
	free(counts);
	return NULL;
}

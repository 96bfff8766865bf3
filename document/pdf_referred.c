#include "document/pdf_referred.h"

/* References to num in the bytes of a value. */
static size_t
count_in(struct bytes raw, uint32_t num)
{
	struct pdf_lexer l = { raw, 0 };
	struct pdf_token a = { .kind = TOKEN_END }, b = a, t;
	size_t count = 0;

	while ((t = pdf_token_next(&l)).kind != TOKEN_END) {
		if (t.kind == TOKEN_KEYWORD && bytes_equal_text(t.raw, "R") &&
		    a.kind == TOKEN_INTEGER && b.kind == TOKEN_INTEGER &&
		    a.integer == num)
			count++;
		a = b;
		b = t;
	}
	return count;
}

/* Of one object; what was read is given back. */
static enum fail
count_of(struct pdf_file *f, uint32_t at, uint32_t num, size_t *count)
{
	struct arena *newer = f->newer ? &f->newer->arena : &f->arena;
	struct arena_mark own = arena_mark(&f->arena);
	struct arena_mark theirs = arena_mark(newer);
	struct pdf_object object;
	enum fail fail = pdf_object_read(f, at, &object);

	if (!fail)
		*count += count_in(object.value->raw, num);
	arena_back(newer, theirs);
	arena_back(&f->arena, own);
	return fail == FAIL_MISSING ? FAIL_NONE : fail;
}

bool
pdf_referred_once(struct pdf_file *f, uint32_t num)
{
	size_t count = f->trailer ? count_in(f->trailer->raw, num) : 0;
	enum fail fail = FAIL_NONE;

	for (uint32_t at = 1; at < f->entry_count && !fail && count < 2; at++)
		if (f->entries[at].kind == ENTRY_PLAIN ||
		    f->entries[at].kind == ENTRY_PACKED)
			fail = count_of(f, at, num, &count);
	return !fail && count < 2;
}

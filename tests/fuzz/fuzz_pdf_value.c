#include "document/pdf_value.h"

#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 16384u
#define ARENA (1u << 20)

/* The texts of all values of a tree, without recursion: a value's next after
 * its children are done is found again through a stack. */
static void
visit(const struct pdf_value *top, struct bytes in, struct buf *out)
{
	const struct pdf_value *stack[PDF_DEPTH_MAX + 1];
	size_t depth = 1;

	stack[0] = top;
	while (depth) {
		const struct pdf_value *v = stack[depth - 1];
		size_t children = 0;

		if (!v) {
			depth--;
			continue;
		}
		stack[depth - 1] = v == top ? NULL : v->next;
		fuzz_must(fuzz_within(v->raw, in));
		buf_clear(out);
		pdf_text_utf8(v, out);
		pdf_put_text(out, v->text);
		pdf_put_string(out, v->text);
		pdf_put_number(out, v->real);
		for (const struct pdf_value *c = v->first; c; c = c->next)
			children++;
		fuzz_must(children == v->count);
		if (v->first) {
			fuzz_must(depth <= PDF_DEPTH_MAX);
			stack[depth++] = v->first;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	struct pdf_lexer lexer = { in, 0 };
	struct pdf_value *value;
	struct arena arena;
	struct buf out;

	if (size > FUZZ_SIZE_MAX)
		return 0;
	arena_init(&arena, ARENA);
	buf_init(&out, ARENA);
	if (!pdf_value_read(&lexer, &arena, &value)) {
		fuzz_must(lexer.at <= size);
		visit(value, in, &out);
		(void)pdf_entry(value, "Type");
		(void)pdf_element(value, 3);
	}
	fuzz_must(arena.held <= ARENA);
	buf_free(&out);
	arena_free(&arena);
	return 0;
}

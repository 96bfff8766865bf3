/* Files without a sound cross-reference, rebuilt by scanning (pdf_xref.h). */
#include "document/pdf_xref.h"

/* How much reading one repair may cost: nested or unclosed things could
 * otherwise be read again from every object on. */
#define REPAIR_WORK(len) (UINT64_C(8) * (len) + (UINT64_C(16) << 20))

static size_t
back_digits(struct bytes in, size_t at)
{
	while (at > 0 && in.data[at - 1] >= '0' && in.data[at - 1] <= '9')
		at--;
	return at;
}

static size_t
back_space(struct bytes in, size_t at)
{
	while (at > 0 && pdf_is_space(in.data[at - 1]))
		at--;
	return at;
}

size_t
pdf_object_start(struct bytes in, size_t at)
{
	size_t gen_end = back_space(in, at), gen = back_digits(in, gen_end);
	size_t num_end = back_space(in, gen), num = back_digits(in, num_end);

	if (gen == gen_end || num_end == gen || num == num_end ||
	    num_end - num > 10 || gen_end - gen > 5)
		return SIZE_MAX;
	return num;
}

/* Add the members of an object stream found by the scan. */
static enum fail
repair_pack(struct pdf_file *f, const struct pdf_object *pack)
{
	const struct pdf_value *n = pdf_entry(pack->value, "N");
	struct pdf_lexer l;
	struct buf data;
	enum fail fail;

	if (!n || n->type != PDF_INTEGER)
		return FAIL_NONE;
	buf_init(&data, PDF_STREAM_MAX);
	fail = pdf_stream_decode(f, pack, &data);
	f->work += data.len;
	l = (struct pdf_lexer){ buf_view(&data), 0 };
	for (int64_t i = 0; !fail && i < n->integer && i <= UINT16_MAX; i++) {
		struct pdf_token num = pdf_token_next(&l);
		struct pdf_token offset = pdf_token_next(&l);
		struct pdf_xref_entry e = { 0 };

		if (num.kind != TOKEN_INTEGER || offset.kind != TOKEN_INTEGER ||
		    num.integer < 0 || num.integer > PDF_OBJECTS_MAX)
			break;
		e.kind = ENTRY_PACKED;
		e.aux = (uint64_t)i & 0xFFFF;
		e.where = pack->id.num;
		fail = pdf_xref_set(f, (uint32_t)num.integer, e, true);
	}
	buf_free(&data);
	/* One bad stream does not spoil the rest. */
	return fail == FAIL_MEMORY ? fail : FAIL_NONE;
}

/* An object found by the scan: its entry, and what its type tells. */
static enum fail
repair_object(struct pdf_file *f, size_t at)
{
	struct arena_mark mark = arena_mark(&f->arena);
	struct pdf_xref_entry e = { .kind = ENTRY_PLAIN };
	struct pdf_object object;
	const struct pdf_value *type;
	enum fail fail;

	fail = pdf_object_at(f, at, &object);
	f->work += object.stream.len;
	if (f->work > REPAIR_WORK(f->in.len))
		return note_set(
		    &f->note, FAIL_LIMIT, "repairing this file costs too much");
	if (fail || object.id.num > PDF_OBJECTS_MAX || !object.id.num) {
		arena_back(&f->arena, mark);
		return FAIL_NONE;
	}
	e.aux = object.id.gen;
	e.where = (at - f->base) & ((UINT64_C(1) << PDF_WHERE_BITS) - 1);
	fail = pdf_xref_set(f, object.id.num, e, true);
	type = pdf_entry(object.value, "Type");
	if (!fail && object.is_stream && pdf_is_name(type, "ObjStm"))
		fail = repair_pack(f, &object);
	if (pdf_is_name(type, "XRef") && pdf_take_root(f, object.value)) {
		f->trailer = object.value;
		f->stream_section = true;
		return fail;
	}
	if (pdf_is_name(type, "Catalog") && !f->trailer)
		f->root = object.id;
	arena_back(&f->arena, mark);
	return fail;
}

static void
repair_trailer(struct pdf_file *f, size_t at)
{
	struct arena_mark mark = arena_mark(&f->arena);
	struct pdf_lexer l = { f->in, at + 7 };
	struct pdf_value *v;

	f->work += 64;
	if (f->work > REPAIR_WORK(f->in.len))
		return;
	if (!pdf_value_read(&l, &f->arena, &v) && v->type == PDF_DICT &&
	    pdf_take_root(f, v)) {
		f->trailer = v;
		f->stream_section = false;
		return;
	}
	f->work += l.at - at;
	arena_back(&f->arena, mark);
}

/* The next occurrence of word from at on; in.len when there is none. */
static size_t
next_word(struct bytes in, size_t at, const char *word)
{
	size_t found = bytes_find(bytes_part(in, at, SIZE_MAX), word);

	return found == SIZE_MAX ? in.len : at + found;
}

/* Visit objects and trailers in file order; the later one counts. */
static enum fail
scan(struct pdf_file *f, bool *any)
{
	struct bytes in = f->in;
	size_t object = next_word(in, 0, "obj");
	size_t trailer = next_word(in, 0, "trailer");

	while (object < in.len || trailer < in.len) {
		size_t start;
		enum fail fail;

		if (trailer < object) {
			repair_trailer(f, trailer);
			trailer = next_word(in, trailer + 7, "trailer");
			continue;
		}
		start = pdf_object_start(in, object);
		object = next_word(in, object + 3, "obj");
		if (start == SIZE_MAX)
			continue;
		*any = true;
		fail = repair_object(f, start);
		if (fail)
			return fail;
	}
	return FAIL_NONE;
}

enum fail
pdf_xref_repair(struct pdf_file *f)
{
	bool any = false;
	enum fail fail;

	if (f->entries)
		memset(f->entries, 0, f->entry_count * sizeof(*f->entries));
	f->trailer = NULL;
	f->root = (struct pdf_ref){ 0, 0 };
	f->repaired = true;
	f->base = 0;
	fail = scan(f, &any);
	if (fail)
		return fail;
	if (!any)
		return note_set(&f->note, FAIL_NOT_PDF,
		    "ISO 32000-1 7.5: no indirect object in the file");
	if (!f->root.num)
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.7.2: no catalogue found by scanning");
	return FAIL_NONE;
}

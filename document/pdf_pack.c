#include "document/pdf_pack.h"

#include <stdlib.h>

#include "document/pdf_strict.h"
#include "document/pdf_xref.h"

#define PARSE_COST 8u /* of a byte, against unpacking one */

static const struct pdf_value null_value = { .type = PDF_NULL };

void
pdf_pack_free(struct pdf_pack *pack)
{
	buf_free(&pack->data);
	free(pack->rows);
	*pack = (struct pdf_pack){ .num = 0 };
}

static int
by_number(const void *a, const void *b)
{
	const struct pdf_packed *x = a, *y = b;

	if (x->num != y->num)
		return x->num < y->num ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* Read the table at the front of an object stream once. */
static enum fail
pack_index(struct pdf_pack *pack, uint32_t count, size_t first)
{
	struct pdf_lexer l = { buf_view(&pack->data), 0 };
	bool sorted = true;

	/* A row takes four bytes at least: do not believe more. */
	if (count > pack->data.len / 4 + 1)
		count = (uint32_t)(pack->data.len / 4 + 1);
	pack->rows = calloc(count ? count : 1, sizeof(*pack->rows));
	if (!pack->rows)
		return FAIL_MEMORY;
	for (; pack->count < count; pack->count++) {
		struct pdf_packed *row = &pack->rows[pack->count];
		struct pdf_token id = pdf_token_next(&l);
		struct pdf_token at = pdf_token_next(&l);

		if (id.kind != TOKEN_INTEGER || at.kind != TOKEN_INTEGER ||
		    id.integer < 0 || id.integer > UINT32_MAX || at.integer < 0)
			break;
		*row = (struct pdf_packed){ (uint32_t)id.integer, pack->count,
			first + (size_t)at.integer, pack->data.len };
		if (pack->count && row->num < row[-1].num)
			sorted = false;
		if (!pdf_is_digits(id.raw) || !pdf_is_digits(at.raw))
			pack->odd = true;
		/* Where the next one begins some readers end this one. */
		if (pack->count && row->offset <= row[-1].offset)
			pack->odd = true;
		else if (pack->count)
			row[-1].end = row->offset;
	}
	if (!sorted)
		qsort(pack->rows, pack->count, sizeof(*pack->rows), by_number);
	return FAIL_NONE;
}

/* The row of that number with that index or the next higher one; NULL: there is
 * none. */
static const struct pdf_packed *
pack_find(const struct pdf_pack *pack, uint32_t num, uint32_t index)
{
	const struct pdf_packed sought = { .num = num, .index = index };
	size_t low = 0, high = pack->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_number(&pack->rows[middle], &sought) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < pack->count && pack->rows[low].num == num ?
	    &pack->rows[low] :
	    NULL;
}

/* Has a stream of objects something that readers may take in different ways
 * (7.5.7)? */
static bool
is_odd_pack(const struct pdf_value *dict)
{
	static const char *const keys[] = { "Type", "N", "First", "Extends",
		"Length", "Filter", "DecodeParms", "DL" };

	for (const struct pdf_value *v = dict->first; v; v = v->next) {
		bool known = false;

		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			known = known || bytes_equal_text(v->key, keys[i]);
		if (!known)
			return true;
	}
	return !pdf_strict_container(dict) ||
	    !pdf_is_name(pdf_entry(dict, "Type"), "ObjStm");
}

/* The decoded object stream num, from the slots or freshly read. */
static enum fail
pack_get(struct pdf_file *f, uint32_t num, struct pdf_pack **pack)
{
	struct pdf_pack *slot = &f->packs[0];
	struct pdf_object object;
	const struct pdf_value *n, *first;
	struct buf data;
	enum fail fail;

	for (size_t i = 0; i < PDF_PACKS_HELD; i++) {
		if (f->packs[i].num == num) {
			f->packs[i].used = ++f->clock;
			*pack = &f->packs[i];
			return f->packs[i].broken ? FAIL_FORMAT : FAIL_NONE;
		}
		if (f->packs[i].used < slot->used)
			slot = &f->packs[i];
	}
	if (num >= f->entry_count || f->entries[num].kind != ENTRY_PLAIN)
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.5.7: no object stream %u", num);
	fail = pdf_object_at(f, f->entries[num].where + f->base, &object);
	if (fail)
		return fail;
	n = pdf_entry(object.value, "N");
	first = pdf_entry(object.value, "First");
	if (!object.is_stream || object.id.num != num || !n || !first ||
	    n->type != PDF_INTEGER || n->integer < 0 ||
	    n->integer > PDF_OBJECTS_MAX || first->type != PDF_INTEGER ||
	    first->integer < 0)
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.5.7: bad object stream %u", num);
	buf_init(&data, PDF_STREAM_MAX);
	fail = pdf_stream_decode(f, &object, &data);
	if (fail) {
		buf_free(&data);
		if (fail == FAIL_MEMORY)
			return fail;
		/* Who unpacks more, or less, finds other objects. */
		f->ambiguous = true;
		pdf_pack_free(slot);
		slot->num = num;
		slot->broken = true;
		slot->used = ++f->clock;
		return fail;
	}
	f->ambiguous = f->ambiguous || is_odd_pack(object.value);
	pdf_pack_free(slot);
	slot->data = data;
	fail = pack_index(slot, (uint32_t)n->integer, (size_t)first->integer);
	if (fail) {
		pdf_pack_free(slot);
		return fail;
	}
	pdf_note_highest(f, pdf_highest_reference(buf_view(&slot->data)));
	slot->num = num;
	slot->used = ++f->clock;
	*pack = slot;
	return FAIL_NONE;
}

enum fail
pdf_pack_read(struct pdf_file *f, uint32_t num, struct pdf_object *object)
{
	struct pdf_pack *pack = NULL;
	struct pdf_lexer head;
	struct bytes text;
	struct pdf_value *value;
	const struct pdf_packed *found, *listed;
	uint32_t index = (uint32_t)f->entries[num].aux;
	enum fail fail = pack_get(f, (uint32_t)f->entries[num].where, &pack);

	if (fail)
		return fail;
	found = pack_find(pack, num, 0);
	if (!found)
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.5.7: object %u is not in its stream", num);
	if (found->index != index || pack_find(pack, num, index + 1))
		f->ambiguous = true;
	listed = pack_find(pack, num, index);
	if (listed && listed->index == index)
		found = listed;
	text = bytes_part(buf_view(&pack->data), found->offset, SIZE_MAX);
	f->ambiguous = f->ambiguous || pack->odd;
	*object = (struct pdf_object){
		.id = { num, 0 }, .value = &null_value, .at = SIZE_MAX
	};
	/* The slot may be given up while the value is still in use. */
	head = (struct pdf_lexer){ text, 0 };
	fail = pdf_value_read(&head, &f->arena, &value);
	if (fail == FAIL_FORMAT)
		return FAIL_NONE;
	if (!fail)
		fail = pdf_charge(f, PARSE_COST * (uint64_t)head.at);
	if (fail)
		return fail;
	if (head.at > found->end - found->offset)
		f->ambiguous = true;
	text = arena_copy(&f->arena, bytes_part(text, 0, head.at));
	if (!text.data)
		return FAIL_MEMORY;
	head = (struct pdf_lexer){ text, 0 };
	fail = pdf_value_read(&head, &f->arena, &value);
	if (!fail) {
		object->value = value;
		pdf_note_references(f, value);
	}
	return fail;
}

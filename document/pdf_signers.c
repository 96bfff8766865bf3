#include "document/pdf_signers.h"

#include <stdlib.h>

#include "base/buf.h"

#define WIDGETS_MAX 65536u /* of all signatures */

uint64_t
pdf_signed_end(struct pdf_file *file, const struct pdf_value *value)
{
	const struct pdf_value *sig = pdf_resolve(file, value), *range;
	const struct pdf_value *start, *len;

	if (sig->type != PDF_DICT)
		return 0;
	range = pdf_get(file, sig, "ByteRange");
	start = pdf_element(range, 2);
	len = pdf_element(range, 3);
	if (!start || !len || start->type != PDF_INTEGER ||
	    len->type != PDF_INTEGER || start->integer < 0 || len->integer < 0)
		return 0;
	return (uint64_t)start->integer + (uint64_t)len->integer;
}

static int
by_number(const void *a, const void *b)
{
	const struct pdf_signer *x = a, *y = b;

	if (x->num != y->num)
		return x->num < y->num ? -1 : 1;
	return x->end > y->end ? -1 : x->end < y->end;
}

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Numbers of the values of signature fields. */
struct values {
	uint32_t nums[PDF_SIGNERS_MAX];
	size_t count;
};

static bool
any_twice(struct values *v)
{
	qsort(v->nums, v->count, sizeof(v->nums[0]), by_value);
	for (size_t i = 1; i < v->count; i++)
		if (v->nums[i] == v->nums[i - 1])
			return true;
	return false;
}

static void
add(struct buf *out, uint32_t num, uint64_t end)
{
	struct pdf_signer s;

	memset(&s, 0, sizeof(s));
	s.num = num;
	s.end = end;
	if (num && end)
		buf_add(out, &s, sizeof(s));
}

/* Append all of the fields and widgets; false: unclear. */
static bool
gather(struct pdf_file *file, struct values *values, struct buf *out)
{
	struct pdf_field_walk walk;
	struct pdf_field field;
	uint64_t end;

	pdf_field_walk_init(&walk, file);
	while (pdf_field_next(&walk, &field)) {
		const struct pdf_value *kids;

		if (!pdf_field_is_signature(&field) || !field.value ||
		    field.value->type != PDF_REF)
			continue;
		if (values->count == PDF_SIGNERS_MAX)
			return false;
		values->nums[values->count++] = field.value->ref.num;
		end = pdf_signed_end(file, field.value);
		add(out, field.ref.num, end);
		kids = pdf_get(file, field.dict, "Kids");
		if (kids->type != PDF_ARRAY)
			continue;
		for (const struct pdf_value *k = kids->first;
		     k && !buf_fail(out); k = k->next)
			if (k->type == PDF_REF)
				add(out, k->ref.num, end);
	}
	return !any_twice(values);
}

const struct pdf_signers *
pdf_signers(struct pdf_file *file)
{
	struct pdf_signers *s;
	struct values *values;
	struct buf found;
	bool clear;

	if (file->signers)
		return file->signers;
	values = calloc(1, sizeof(*values));
	if (!values)
		return NULL;
	buf_init(&found, WIDGETS_MAX * sizeof(s->list[0]));
	clear = gather(file, values, &found);
	free(values);
	s = buf_fail(&found) ? NULL : malloc(sizeof(*s) + found.len);
	if (s) {
		s->unclear = !clear;
		s->count = found.len / sizeof(s->list[0]);
		if (found.len)
			memcpy(s->list, found.data, found.len);
		qsort(s->list, s->count, sizeof(s->list[0]), by_number);
		file->signers = s;
	}
	buf_free(&found);
	return s;
}

uint64_t
pdf_signers_end(const struct pdf_signers *signers, uint32_t num)
{
	size_t low = 0, high = signers->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (signers->list[middle].num < num)
			low = middle + 1;
		else
			high = middle;
	}
	return low < signers->count && signers->list[low].num == num ?
	    signers->list[low].end :
	    0;
}

#include "document/pdf_twins.h"

#include <stdlib.h>

#include "base/buf.h"
#include "crypto/hash.h"

/* One field. */
struct named {
	uint8_t name[HASH_LEN]; /* its digest: names are long, and many */
	uint32_t num;
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
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void
gather(struct pdf_file *file, struct buf *out)
{
	struct pdf_field_walk walk;
	struct pdf_field field;
	struct named n;

	pdf_field_walk_init(&walk, file);
	while (pdf_field_next(&walk, &field) && !buf_fail(out)) {
		memset(&n, 0, sizeof(n));
		hash_sha256(BYTES_TEXT(field.name), n.name);
		n.num = field.ref.num;
		buf_add(out, &n, sizeof(n));
	}
}

struct pdf_twins *
pdf_twins(struct pdf_file *file)
{
	struct pdf_twins *twins = NULL;
	struct named *list;
	struct buf found;
	size_t count;

	buf_init(&found, PDF_FIELDS_MAX * sizeof(*list));
	gather(file, &found);
	count = found.len / sizeof(*list);
	if (!buf_fail(&found))
		twins = malloc(sizeof(*twins) + count * sizeof(uint32_t));
	if (twins) {
		list = (struct named *)found.data;
		twins->count = 0;
		if (count)
			qsort(list, count, sizeof(*list), by_name);
		for (size_t i = 0; i < count; i++)
			if ((i && !by_name(&list[i], &list[i - 1])) ||
			    (i + 1 < count && !by_name(&list[i], &list[i + 1])))
				twins->nums[twins->count++] = list[i].num;
		if (twins->count)
			qsort(twins->nums, twins->count, sizeof(twins->nums[0]),
			    by_number);
	}
	buf_free(&found);
	return twins;
}

bool
pdf_is_twin(const struct pdf_twins *twins, uint32_t num)
{
	return twins->count &&
	    bsearch(&num, twins->nums, twins->count, sizeof(num), by_number);
}

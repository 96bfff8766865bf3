#include "document/pdf_listed.h"

#include <stdlib.h>

#include "document/pdf_xref.h"

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Position of the next "num gen obj" from at on, or SIZE_MAX. */
static size_t
next_object(struct bytes in, size_t *at)
{
	while (*at < in.len) {
		const uint8_t *hit =
		    memmem(in.data + *at, in.len - *at, "obj", 3);
		size_t start;

		if (!hit)
			break;
		*at = (size_t)(hit - in.data) + 3;
		start = pdf_object_start(in, *at - 3);
		if (start != SIZE_MAX)
			return start;
	}
	*at = in.len;
	return SIZE_MAX;
}

/* Is the position among the sorted ones? */
static bool
is_listed(const struct buf *listed, size_t position)
{
	uint64_t key = position;

	return listed->len &&
	    bsearch(&key, listed->data, listed->len / 8, 8, by_number);
}

/* Some writers' entries point to the space before an object: it is that one
 * which every reader takes. */
#define SPACE_MAX 16u

static void
pass_space(struct bytes in, struct buf *listed)
{
	uint64_t position;

	for (size_t i = 0; i < listed->len; i += sizeof(position)) {
		memcpy(&position, listed->data + i, sizeof(position));
		for (size_t n = 0; n < SPACE_MAX && position < in.len &&
		     pdf_is_space(in.data[position]);
		     n++)
			position++;
		memcpy(listed->data + i, &position, sizeof(position));
	}
}

bool
pdf_all_listed(struct pdf_file *file, size_t at)
{
	struct bytes in = file->in;
	size_t start;
	struct buf listed;
	bool all;

	buf_init(&listed, PDF_STREAM_MAX);
	all = !pdf_xref_listed(file, at, &listed);
	pass_space(in, &listed);
	if (listed.len)
		qsort(listed.data, listed.len / 8, 8, by_number);
	while (all && (start = next_object(in, &at)) != SIZE_MAX)
		all = is_listed(&listed, start);
	buf_free(&listed);
	return all;
}

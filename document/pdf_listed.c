#include "document/pdf_listed.h"

#include <stdlib.h>

#include "document/pdf_xref.h"

#define WORD_LEN 3u /* of "obj" */

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
		    memmem(in.data + *at, in.len - *at, "obj", WORD_LEN);
		size_t start;

		if (!hit)
			break;
		*at = (size_t)(hit - in.data) + WORD_LEN;
		start = pdf_object_start(in, *at - WORD_LEN);
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

/* Are all objects between two places listed by the sections from *section back
 * to the first place? */
static bool
listed_between(struct pdf_file *file, size_t at, size_t end, int64_t *section)
{
	struct bytes in = file->in;
	size_t start;
	struct buf listed;
	bool all;

	buf_init(&listed, PDF_STREAM_MAX);
	all = !pdf_xref_listed(file, at, section, &listed);
	pass_space(in, &listed);
	if (listed.len)
		qsort(listed.data, listed.len / 8, 8, by_number);
	/* An object is where its word is: at stands behind it. */
	while (all && (start = next_object(in, &at)) != SIZE_MAX &&
	    at - WORD_LEN < end)
		all = is_listed(&listed, start);
	buf_free(&listed);
	return all;
}

bool
pdf_all_listed(struct pdf_file *file, size_t from)
{
	int64_t section = file->listed_next;

	/* Who asks for one revision after the other, the newest first, has most
	 * of the answer already. */
	if (!file->listed_from || from > file->listed_from ||
	    !listed_between(file, from, file->listed_from, &section)) {
		section = (int64_t)file->start;
		if (!listed_between(file, from, file->in.len, &section))
			return false;
	}
	file->listed_from = from;
	file->listed_next = section;
	return true;
}

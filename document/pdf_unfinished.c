#include "document/pdf_unfinished.h"

#include <inttypes.h>

#define MARK "%unfinished "
#define START "startxref"
#define LOOK_BACK 1024u /* as far as readers look for the last one */
#define DIGITS_MAX 10u

/* A number that stands at an offset, which moves behind it. */
static bool
read_number(struct bytes in, size_t *at, uint64_t *number)
{
	size_t from = *at;

	*number = 0;
	while (*at < in.len && in.data[*at] >= '0' && in.data[*at] <= '9' &&
	    *at - from < DIGITS_MAX)
		*number = *number * 10 + (in.data[(*at)++] - '0');
	return *at > from;
}

void
pdf_unfinished_end(struct bytes file, struct buf *out)
{
	size_t from = file.len > LOOK_BACK ? file.len - LOOK_BACK : 0;
	struct bytes end = bytes_part(file, from, SIZE_MAX);
	size_t at = bytes_find_last(end, START);
	uint64_t start;

	if (at == SIZE_MAX)
		return;
	at += strlen(START);
	while (at < end.len && strchr(" \t\r\n\f", end.data[at]))
		at++;
	if (read_number(end, &at, &start))
		buf_printf(out, "\n%s%zu\n%s\n%" PRIu64 "\n%%%%EOF\n", MARK,
		    file.len, START, start);
}

bool
pdf_is_unfinished(struct bytes file, size_t *whole)
{
	size_t from =
	    file.len > PDF_UNFINISHED_MAX ? file.len - PDF_UNFINISHED_MAX : 0;
	struct bytes end = bytes_part(file, from, SIZE_MAX);
	size_t at = bytes_find_last(end, "\n" MARK), number;
	struct buf wanted;
	uint64_t len;
	bool is;

	number = at + strlen("\n" MARK);
	if (at == SIZE_MAX || !read_number(end, &number, &len) ||
	    len >= from + at)
		return false;
	buf_init(&wanted, PDF_UNFINISHED_MAX);
	pdf_unfinished_end(bytes_part(file, 0, (size_t)len), &wanted);
	is = wanted.len &&
	    bytes_equal(buf_view(&wanted), bytes_part(end, at, SIZE_MAX));
	buf_free(&wanted);
	*whole = (size_t)len;
	return is;
}

#include "document/file_name.h"

#include "base/text.h"

/* The letters of Latin-1, Latin Extended-A and B as far as Vietnamese goes, and
 * of the block of Vietnamese: capitals are even or 32 before. */
static uint32_t
small(uint32_t p)
{
	if (p < 0x80)
		return p >= 'A' && p <= 'Z' ? p + 32 : p;
	if (p >= 0xC0 && p <= 0xDE && p != 0xD7)
		return p + 32;
	if (p == 0x1AF)
		return p + 1;
	if ((p >= 0x100 && p <= 0x12F) || (p >= 0x132 && p <= 0x137) ||
	    (p >= 0x14A && p <= 0x177) || p == 0x1A0 ||
	    (p >= 0x1EA0 && p <= 0x1EF9))
		return p | 1;
	return p;
}

static void
drop_end(struct buf *out, size_t from)
{
	while (out->len > from &&
	    (out->data[out->len - 1] == '.' || out->data[out->len - 1] == ' '))
		out->len--;
}

enum fail
file_name_key(struct bytes name, struct buf *out)
{
	struct buf composed;
	size_t part = out->len;
	enum fail f;

	buf_init(&composed, 4 * name.len + 1);
	f = text_compose(name, &composed);
	for (size_t at = 0; !f && at < composed.len;) {
		uint32_t p = text_next(buf_view(&composed), &at);

		if (p == '/')
			drop_end(out, part);
		text_put(out, small(p));
		if (p == '/')
			part = out->len;
	}
	drop_end(out, part);
	buf_free(&composed);
	return f ? f : buf_fail(out);
}

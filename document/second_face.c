#include "document/second_face.h"

#include "document/pdf_listed.h"
#include "document/pdf_token.h"

/* "trailer" and a dictionary, or a comment before it: the word alone may be a
 * file's name. */
static bool
has_trailer(struct bytes in)
{
	static const char word[] = "trailer";

	for (size_t at = 0; at < in.len;) {
		size_t hit = bytes_find(bytes_part(in, at, SIZE_MAX), word);

		if (hit == SIZE_MAX)
			return false;
		at += hit + strlen(word);
		while (at < in.len && pdf_is_space(in.data[at]))
			at++;
		if (bytes_starts(bytes_part(in, at, SIZE_MAX), "<<") ||
		    bytes_starts(bytes_part(in, at, SIZE_MAX), "%"))
			return true;
	}
	return false;
}

static bool
leads_somewhere(struct bytes in)
{
	size_t at = 0;

	return bytes_find(in, "%PDF-") != SIZE_MAX ||
	    bytes_find(in, "startxref") != SIZE_MAX || has_trailer(in) ||
	    pdf_next_object(in, &at) != SIZE_MAX;
}

bool
second_face_is_pdf(struct bytes in, const struct bytes *parts, size_t count)
{
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		size_t end = (size_t)(parts[i].data - in.data);

		if (leads_somewhere(bytes_part(in, at, end - at)))
			return true;
		at = end + parts[i].len;
	}
	return leads_somewhere(bytes_part(in, at, SIZE_MAX));
}

#define ZIP_END 22u /* bytes, without a comment */
#define ZIP_TAIL (ZIP_END + UINT16_MAX)

/* Does a mark stand beside the parts, from there on and with so many bytes from
 * its own on? */
static bool
has_mark(struct bytes in, size_t from, const struct bytes *parts, size_t count,
    const char *mark, size_t least)
{
	size_t n = 0;

	for (size_t at = from; at < in.len; at++) {
		size_t hit = bytes_find(bytes_part(in, at, SIZE_MAX), mark);

		if (hit == SIZE_MAX || in.len - at - hit < least)
			return false;
		at += hit;
		while (
		    n < count && parts[n].data + parts[n].len <= in.data + at)
			n++;
		if (n == count || in.data + at < parts[n].data)
			return true;
	}
	return false;
}

bool
second_face_is_zip(struct bytes in, const struct bytes *parts, size_t count)
{
	size_t tail = in.len > ZIP_TAIL ? in.len - ZIP_TAIL : 0;

	/* One entry of the directory, at the least. */
	return has_mark(in, tail, parts, count, "PK\x05\x06", ZIP_END) &&
	    has_mark(in, 0, parts, count, "PK\x01\x02", 0);
}

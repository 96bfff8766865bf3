#include "document/second_face.h"

#define HEADER "%PDF-"

/* A word that leads readers to objects. */
static bool
has_words(struct bytes in)
{
	size_t hit;

	if (bytes_find(in, "startxref") != SIZE_MAX ||
	    bytes_find(in, "trailer") != SIZE_MAX)
		return true;
	for (size_t at = 0; at < in.len; at += hit + 1) {
		hit = bytes_find(bytes_part(in, at, SIZE_MAX), "obj");
		if (hit == SIZE_MAX)
			return false;
		if (at + hit >= 2 && in.data[at + hit - 1] <= ' ' &&
		    in.data[at + hit - 2] >= '0' &&
		    in.data[at + hit - 2] <= '9')
			return true;
	}
	return false;
}

bool
second_face_is_pdf(struct bytes in, const struct bytes *parts, size_t count)
{
	bool inside = false, words = false;
	size_t at = 0;

	if (bytes_find(in, HEADER) == SIZE_MAX)
		return false;
	for (size_t i = 0; i <= count; i++) {
		size_t end =
		    i < count ? (size_t)(parts[i].data - in.data) : in.len;
		struct bytes between = bytes_part(in, at, end - at);

		if (bytes_find(between, HEADER) != SIZE_MAX)
			return true;
		words = words || has_words(between);
		if (i == count)
			break;
		inside = inside || bytes_find(parts[i], HEADER) != SIZE_MAX;
		at = end + parts[i].len;
	}
	/* A header that stands over the edge of a part is outside, too. */
	return words || !inside;
}

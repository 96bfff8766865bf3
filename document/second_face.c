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

bool
second_face_is_zip(struct bytes in, size_t from)
{
	size_t at = in.len > ZIP_TAIL ? in.len - ZIP_TAIL : 0;
	size_t hit;

	at = at > from ? at : from;
	/* One entry of the directory, at the least. */
	if (bytes_find(bytes_part(in, from, SIZE_MAX), "PK\x01\x02") ==
	    SIZE_MAX)
		return false;
	hit = bytes_find(bytes_part(in, at, SIZE_MAX), "PK\x05\x06");
	return hit != SIZE_MAX && in.len - at - hit >= ZIP_END;
}

#include "document/second_face.h"

#include "document/pdf_listed.h"
#include "document/pdf_token.h"
#include "document/pdf_xref.h"

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

#define HEADER_WINDOW 1024u

bool
second_face_is_headed(struct bytes in)
{
	return bytes_find(bytes_part(in, 0, HEADER_WINDOW), "%PDF-") !=
	    SIZE_MAX;
}

bool
second_face_leads(struct bytes in)
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

		if (second_face_leads(bytes_part(in, at, end - at)))
			return true;
		at = end + parts[i].len;
	}
	return second_face_leads(bytes_part(in, at, SIZE_MAX));
}

/* ---- a PDF that stands there, whole or in parts ---- */

#define OBJECT_MAX (8u << 20) /* memory for the values of one */
#define READ_TIMES 16u        /* so many times over objects are read */

bool
second_face_is_itself(struct bytes content)
{
	struct pdf_file f;
	bool good;

	if (!second_face_is_headed(content))
		return true;
	if (pdf_file_open(&f, content))
		return false;
	good = !pdf_hides_object(&f, content.len);
	pdf_file_close(&f);
	return good;
}

/* The last stretch that does not begin behind a place of the packed bytes or of
 * the content; NULL: none. */
static const struct deflate_stored *
stretch_at(const struct second_face_clear *clear, size_t at, bool content)
{
	size_t low = 0, high = clear->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct deflate_stored *s = &clear->list[middle];

		if ((content ? s->content : s->at) <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &clear->list[low - 1] : NULL;
}

/* Do all words of a kind stand in stretches? */
static bool
are_clear(struct bytes packed, const struct second_face_clear *clear,
    const char *word)
{
	size_t hit, at = 0, len = strlen(word);

	while ((hit = bytes_find(bytes_part(packed, at, SIZE_MAX), word)) !=
	    SIZE_MAX) {
		const struct deflate_stored *s =
		    stretch_at(clear, at + hit, false);

		at += hit + len;
		if (!s || at > s->at + s->len)
			return false;
	}
	return true;
}

/* An object that begins in a stretch, whose value and the word behind it stand
 * there, too. */
static bool
is_clear_object(struct bytes packed, const struct deflate_stored *s,
    size_t behind, struct arena *arena, uint64_t *left)
{
	struct pdf_lexer l = { bytes_part(packed, 0, s->at + s->len), behind };
	struct arena_mark mark = arena_mark(arena);
	struct pdf_value *value;
	struct pdf_token t;
	bool clear = !pdf_value_read(&l, arena, &value) && !value->unclosed;

	t = pdf_token_next(&l);
	arena_back(arena, mark);
	/* One may stand within another. */
	if (l.at - behind > *left)
		return false;
	*left -= l.at - behind;
	return clear && t.kind == TOKEN_KEYWORD &&
	    (bytes_equal_text(t.raw, "endobj") ||
		bytes_equal_text(t.raw, "stream"));
}

/* Does everything of a PDF that can be found in the packed bytes stand in their
 * clear stretches, so that it is the content's own? */
static bool
has_only_clear(struct bytes packed, const struct second_face_clear *clear)
{
	uint64_t left = READ_TIMES * (uint64_t)packed.len;
	struct arena arena;
	size_t at = 0, start;
	bool good = are_clear(packed, clear, "%PDF-") &&
	    are_clear(packed, clear, "startxref") &&
	    are_clear(packed, clear, "trailer");

	arena_init(&arena, OBJECT_MAX);
	while (good && (start = pdf_next_object(packed, &at)) != SIZE_MAX) {
		const struct deflate_stored *s =
		    stretch_at(clear, start, false);

		good = s && at <= s->at + s->len &&
		    is_clear_object(packed, s, at, &arena, &left);
	}
	arena_free(&arena);
	return good;
}

/* Does a name stand there, however it is written (7.3.5)? */
static bool
is_name_at(struct bytes in, size_t at, const char *name)
{
	for (; *name; name++, at++) {
		struct bytes hex = bytes_part(in, at, 3);
		bool escaped = hex.len == 3 && hex.data[0] == '#' &&
		    hex_digit(hex.data[1]) >= 0 && hex_digit(hex.data[2]) >= 0;

		if (!hex.len)
			return false;
		if ((escaped ? hex_digit(hex.data[1]) << 4 |
				hex_digit(hex.data[2]) :
			       hex.data[0]) != *name)
			return false;
		at += escaped ? 2 : 0;
	}
	return true;
}

static bool
has_name(struct bytes in, const char *const *names)
{
	const uint8_t *solidus;

	for (size_t at = 0; at < in.len &&
	     (solidus = memchr(in.data + at, '/', in.len - at));) {
		at = (size_t)(solidus - in.data) + 1;
		for (size_t i = 0; names[i]; i++)
			if (is_name_at(in, at, names[i]))
				return true;
	}
	return false;
}

/* What a reader begins with that rebuilds the table. */
static bool
has_root(struct bytes packed)
{
	static const char *const names[] = { "Catalog", "ObjStm", "XRef",
		NULL };

	return has_name(packed, names) || has_trailer(packed) ||
	    bytes_find(packed, "startxref") != SIZE_MAX;
}

/* Where an object ends; SIZE_MAX: it is not there. */
static size_t
end_of(struct pdf_file *f, uint32_t num, size_t at)
{
	struct arena_mark mark = arena_mark(&f->arena);
	struct pdf_object object;
	size_t end = SIZE_MAX;

	if (!pdf_object_at(f, at, &object) && object.id.num == num)
		end = pdf_object_end(f->in, &object);
	arena_back(&f->arena, mark);
	return end;
}

/* Each object that is read now stands in one stretch: between two of them
 * others could be put, a word hidden, or a picture broken. */
static bool
has_all(struct pdf_file *f, const struct second_face_clear *clear)
{
	uint64_t left = READ_TIMES * (uint64_t)f->in.len;

	for (uint32_t n = 0; n < f->entry_count; n++) {
		size_t at = (size_t)f->entries[n].where + f->base, end;
		const struct deflate_stored *s = stretch_at(clear, at, true);

		if (f->entries[n].kind != ENTRY_PLAIN)
			continue;
		end = s ? end_of(f, n, at) : SIZE_MAX;
		if (end == SIZE_MAX || end > s->content + s->len ||
		    end - at > left)
			return false;
		left -= end - at;
	}
	return true;
}

enum second_face
second_face_of(struct bytes packed, struct bytes content,
    const struct second_face_clear *clear)
{
	enum second_face face = FACE_OTHER;
	struct pdf_file f;

	if (!has_only_clear(packed, clear) || !second_face_is_headed(content) ||
	    pdf_file_open(&f, content))
		return FACE_OTHER;
	if (!pdf_hides_object(&f, content.len))
		face = has_all(&f, clear) ? FACE_WHOLE :
		    has_root(packed)      ? FACE_OTHER :
					    FACE_PART;
	pdf_file_close(&f);
	return face;
}

#define ZIP_END 22u /* bytes, without a comment */
#define ZIP_TAIL (ZIP_END + UINT16_MAX)

/* Does a mark stand beside the parts, from there on, with so many bytes from
 * its own on, and (is, unless NULL) with what it is the mark of behind it? */
static bool
has_mark(struct bytes in, size_t from, const struct bytes *parts, size_t count,
    const char *mark, size_t least, bool (*is)(struct bytes in))
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
		if ((n == count || in.data + at < parts[n].data) &&
		    (!is || is(bytes_part(in, at, SIZE_MAX))))
			return true;
	}
	return false;
}

bool
second_face_is_zip(struct bytes in, const struct bytes *parts, size_t count)
{
	size_t tail = in.len > ZIP_TAIL ? in.len - ZIP_TAIL : 0;

	/* One entry of the directory, at the least. */
	return has_mark(in, tail, parts, count, "PK\x05\x06", ZIP_END, NULL) &&
	    has_mark(in, 0, parts, count, "PK\x01\x02", 0, NULL);
}

/* What stands behind the mark of a ZIP's entry when it is one (APPNOTE.TXT
 * 4.3.7): a version, a method that there is, and a name. */
static bool
is_entry(struct bytes in)
{
	struct cursor c = cursor_of(in);
	uint16_t version, method, name_len;

	(void)cursor_u32(&c);
	version = cursor_u16(&c);
	(void)cursor_u16(&c); /* flags */
	method = cursor_u16(&c);
	(void)cursor_bytes(&c, 4 + 4 + 4 + 4);
	name_len = cursor_u16(&c);
	(void)cursor_u16(&c);
	return !c.failed && version <= 63 && method <= 99 && name_len &&
	    name_len <= in.len - c.at;
}

bool
second_face_is_archive(struct bytes in, const struct bytes *parts, size_t count)
{
	static const char iso_9660[] = { 1, 'C', 'D', '0', '0', '1', 1, 0 };
	static const char *const marks[] = { "7z\xBC\xAF\x27\x1C",
		"Rar!\x1A\x07", iso_9660 };
	bool found = second_face_is_zip(in, parts, count) ||
	    has_mark(in, 0, parts, count, "PK\x03\x04", 0, is_entry);

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		found =
		    found || has_mark(in, 0, parts, count, marks[i], 0, NULL);
	return found;
}

#include "document/pades_ranges.h"

#include <stdlib.h>

#include "base/disk.h"

static enum fail
wrong(struct note *note, const char *what)
{
	return note_set(note, FAIL_FORMAT, "ISO 32000-2 12.8.1: %s", what);
}

enum fail
pades_ranges_read(struct pdf_file *file, const struct pdf_value *value,
    struct pades_ranges *r, struct note *note)
{
	const struct pdf_value *dict = pdf_resolve(file, value);
	const struct pdf_value *source = pdf_resolve_source(file, value);
	const struct pdf_value *range = pdf_entry(source, "ByteRange");
	const struct pdf_value *contents = pdf_entry(source, "Contents");
	struct bytes in = file->in;
	uint64_t n[4];
	size_t at;

	if (dict->doubled)
		return wrong(note, "an entry stands twice");
	range = pdf_resolve(file, range);
	if (range->type != PDF_ARRAY || range->count != 4)
		return wrong(note, "/ByteRange is not two ranges");
	for (size_t i = 0; i < 4; i++) {
		const struct pdf_value *v = pdf_element(range, i);

		if (v->type != PDF_INTEGER || v->integer < 0 ||
		    (uint64_t)v->integer > in.len)
			return wrong(note, "/ByteRange leaves the file");
		n[i] = (uint64_t)v->integer;
	}
	if (!contents || contents->type != PDF_STRING ||
	    contents->raw.data < in.data ||
	    contents->raw.data >= in.data + in.len ||
	    contents->raw.data[0] != '<')
		return wrong(note, "/Contents is no hexadecimal string");
	at = (size_t)(contents->raw.data - in.data);
	for (size_t i = 1; i + 1 < contents->raw.len; i++)
		if (hex_digit(contents->raw.data[i]) < 0)
			return wrong(note, "/Contents has foreign bytes");
	if (n[0] != 0 || n[1] != at || n[2] != at + contents->raw.len ||
	    n[3] > in.len - n[2])
		return wrong(note, "/ByteRange does not fit /Contents");
	*r = (struct pades_ranges){ .gap = at,
		.gap_end = at + contents->raw.len,
		.end = (size_t)(n[2] + n[3]),
		.contents = contents->text };
	return FAIL_NONE;
}

/* Digest a stretch, reading beside the map where that is possible. */
static enum fail
digest_part(struct pdf_file *file, size_t from, size_t len, struct hash *h)
{
	size_t there = from < file->fd_len ? file->fd_len - from : 0;
	enum fail f = FAIL_NONE;

	there = there < len ? there : len;
	if (there)
		f = disk_part(file->fd, from, there, hash_step, h);
	hash_add(h, bytes_part(file->in, from + there, len - there));
	return f;
}

static int
by_length(const void *a, const void *b)
{
	size_t x = ((const struct pades_prefix *)a)->len;
	size_t y = ((const struct pades_prefix *)b)->len;

	return x < y ? -1 : x > y;
}

enum fail
pades_digester_init(struct pades_digester *d, const size_t *gaps, size_t count)
{
	d->prefixes = calloc(count ? count : 1, sizeof(*d->prefixes));
	d->count = d->prefixes ? count : 0;
	for (size_t i = 0; i < d->count; i++)
		d->prefixes[i].len = gaps[i];
	if (d->count)
		qsort(d->prefixes, count, sizeof(*d->prefixes), by_length);
	return d->prefixes ? FAIL_NONE : FAIL_MEMORY;
}

void
pades_digester_free(struct pades_digester *d)
{
	free(d->prefixes);
	*d = (struct pades_digester){ .count = 0 };
}

/* Digest the file up to a gap, from the longest beginning that is known, and
 * leave what is passed for the others. */
static enum fail
digest_prefix(struct pades_digester *d, struct pdf_file *file, size_t gap,
    enum hash_kind kind, struct hash *h)
{
	size_t at = 0, next = 0;
	enum fail f = FAIL_NONE;

	hash_init(h, kind);
	for (size_t i = 0; i < d->count && d->prefixes[i].len <= gap; i++)
		if (d->prefixes[i].hash.kind == kind) {
			*h = d->prefixes[i].hash;
			at = d->prefixes[i].len;
			next = i + 1;
		}
	for (; next < d->count && d->prefixes[next].len <= gap && !f; next++) {
		struct pades_prefix *p = &d->prefixes[next];

		f = digest_part(file, at, p->len - at, h);
		at = p->len;
		if (!f)
			p->hash = *h;
	}
	return f ? f : digest_part(file, at, gap - at, h);
}

enum fail
pades_ranges_digest(struct pades_digester *d, struct pdf_file *file,
    const struct pades_ranges *r, enum hash_kind kind,
    uint8_t out[static HASH_MAX])
{
	struct hash h;
	enum fail f = digest_prefix(d, file, r->gap, kind, &h);

	if (!f)
		f = digest_part(file, r->gap_end, r->end - r->gap_end, &h);
	hash_done(&h, out);
	return f;
}

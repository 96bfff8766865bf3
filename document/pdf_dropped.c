#include "document/pdf_dropped.h"

#include <stdlib.h>

#include "document/pdf_signers.h"
#include "document/pdf_xref.h"

#define SECTION_MAX ((size_t)8 << 20) /* bytes until its startxref */
#define START_MAX 64u                 /* of startxref, its number, %%EOF */
#define NEAR 4u                       /* line ends behind %%EOF */

/* Where the signatures end that a file lists. */
struct ends {
	uint64_t list[PDF_SIGNERS_MAX];
	size_t count;
	bool full;
};

static void
gather(struct pdf_file *file, struct ends *ends)
{
	struct pdf_field_walk walk;
	struct pdf_field field;

	ends->count = 0;
	ends->full = false;
	pdf_field_walk_init(&walk, file);
	while (pdf_field_next(&walk, &field)) {
		uint64_t end = 0;

		if (pdf_field_is_signature(&field) && field.value)
			end = pdf_signed_end(file, field.value);
		if (end && ends->count < PDF_SIGNERS_MAX)
			ends->list[ends->count++] = end;
		else if (end)
			ends->full = true;
	}
}

static bool
holds(const struct ends *ends, uint64_t end)
{
	for (size_t i = 0; i < ends->count; i++)
		if (ends->list[i] == end)
			return true;
	return false;
}

/* Where the revision ends whose newest section is at an offset; 0: nowhere. */
static size_t
revision_end(const struct pdf_file *f, int64_t offset)
{
	size_t at, word, end;
	struct bytes rest;

	if (offset <= 0 || (uint64_t)offset >= f->in.len)
		return 0;
	at = (size_t)offset + f->base;
	word = bytes_find(bytes_part(f->in, at, SECTION_MAX), "startxref");
	if (word == SIZE_MAX)
		return 0;
	rest = bytes_part(f->in, at + word, START_MAX);
	end = bytes_find(rest, "%%EOF");
	return end == SIZE_MAX ? 0 : at + word + end + strlen("%%EOF");
}

/* Does a signature end there, line ends apart? */
static bool
is_signed_there(const struct ends *ends, size_t at)
{
	for (size_t i = 0; i < ends->count; i++)
		if (ends->list[i] >= at && ends->list[i] - at <= NEAR)
			return true;
	return false;
}

static bool
drops_from(struct pdf_file *file, const struct ends *now, size_t len,
    struct ends *before)
{
	struct pdf_file old;
	bool dropped = false;

	if (pdf_file_open_older(&old, file, len))
		return false;
	if (!old.repaired)
		gather(&old, before);
	for (size_t i = 0; !old.repaired && i < before->count; i++)
		if (before->list[i] <= len + NEAR &&
		    !holds(now, before->list[i]))
			dropped = true;
	pdf_file_close(&old);
	return dropped;
}

/* The section before one, by its place in the chain; false: there is none. */
static bool
section_before(const struct pdf_file *f, unsigned index, int64_t *offset)
{
	const struct pdf_value *prev;

	if (f->kept && index + 1 < f->kept->count) {
		*offset = f->kept->list[index + 1].offset;
		return true;
	}
	prev = index ? NULL : pdf_entry(f->trailer, "Prev");
	if (!prev || !pdf_is_number(prev))
		return false;
	*offset = prev->integer;
	return true;
}

static bool
look_back(struct pdf_file *f, const struct ends *now, struct ends *before)
{
	int64_t offset;

	for (unsigned i = 0;
	     i < PDF_DROPPED_REVISIONS_MAX && section_before(f, i, &offset);
	     i++) {
		size_t len = revision_end(f, offset);

		if (len && f->in.len - len > NEAR &&
		    !is_signed_there(now, len) &&
		    drops_from(f, now, len + 1, before))
			return true;
	}
	return false;
}

bool
pdf_has_dropped(struct pdf_file *file)
{
	struct arena_mark mark = arena_mark(&file->arena);
	struct ends *ends;
	bool dropped;

	if (file->sections < 2 || file->repaired || !file->trailer)
		return false;
	ends = calloc(2, sizeof(*ends));
	if (!ends)
		return false;
	pdf_xref_keep(file);
	gather(file, &ends[0]);
	dropped = !ends[0].full && look_back(file, &ends[0], &ends[1]);
	free(ends);
	arena_back(&file->arena, mark);
	return dropped;
}

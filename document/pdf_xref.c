#include "document/pdf_xref.h"

#include <stdlib.h>

#include "document/pdf_rows.h"
#include "document/pdf_strict.h"

#define KEPT_MAX (16u << 20) /* bytes of all sections kept */
#define TAIL \
	1024u /* bytes from the end searched for startxref, as viewers do */

enum fail
pdf_xref_set(
    struct pdf_file *f, uint32_t num, struct pdf_xref_entry entry, bool force)
{
	if (num > PDF_OBJECTS_MAX)
		return note_set(&f->note, FAIL_LIMIT,
		    "ISO 32000-1 Annex C: object number %u", num);
	if (num > f->highest)
		f->highest = num;
	entry.hidden = entry.hidden || f->in_hybrid;
	if (++f->rows_read > PDF_ROWS_MAX)
		return note_set(&f->note, FAIL_LIMIT,
		    "more than %u rows of cross-references", PDF_ROWS_MAX);
	if (f->rows) {
		struct pdf_row row;

		memset(&row, 0, sizeof(row));
		row.num = num;
		row.entry = entry;
		buf_add(f->rows, &row, sizeof(row));
		return buf_fail(f->rows);
	}
	if (num >= f->entry_count) {
		/* Half as much again, so that growing stays linear. */
		uint32_t count = num + num / 2 + 64;
		struct pdf_xref_entry *more;

		if (count > PDF_OBJECTS_MAX + 1)
			count = PDF_OBJECTS_MAX + 1;
		more = realloc(f->entries, count * sizeof(*more));
		if (!more)
			return FAIL_MEMORY;
		memset(more + f->entry_count, 0,
		    (count - f->entry_count) * sizeof(*more));
		f->entries = more;
		f->entry_count = count;
	}
	if (force || f->entries[num].kind == ENTRY_NONE) {
		f->entries[num] = entry;
		f->hides =
		    f->hides || (entry.hidden && entry.kind != ENTRY_FREE);
	}
	return FAIL_NONE;
}

/* What was read for a section reaches so far.  Where another object has a say
 * in it, it cannot be told: an earlier revision has another, or none. */
static void
reach(const struct pdf_file *f, const struct pdf_object *object,
    struct pdf_section *s)
{
	static const char *const keys[] = { "Length", "Filter", "DecodeParms",
		"F", "FFilter", "FDecodeParms" };
	const struct pdf_value *length = pdf_entry(object->value, "Length");
	size_t end = pdf_object_end(f->in, object);

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct pdf_value *v = pdf_entry(object->value, keys[i]);

		if (v && !v->plain)
			end = SIZE_MAX;
	}
	if (!length || length->type != PDF_INTEGER || length->integer < 0)
		end = SIZE_MAX;
	if (end > s->end)
		s->end = end;
}

static enum fail
read_stream_section(struct pdf_file *f, size_t at, struct pdf_section *s)
{
	struct pdf_object object;
	struct buf rows;
	enum fail fail = pdf_object_at(f, at, &object);

	if (fail)
		return fail;
	if (!object.is_stream ||
	    !pdf_is_name(pdf_entry(object.value, "Type"), "XRef"))
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.5.8: no cross-reference at %zu", at);
	buf_init(&rows, PDF_STREAM_MAX);
	fail = pdf_stream_decode(f, &object, &rows);
	if (!fail)
		fail = pdf_rows_stream(f, object.value, buf_view(&rows));
	buf_free(&rows);
	if (fail)
		return fail;
	s->trailer = object.value;
	reach(f, &object, s);
	return FAIL_NONE;
}

/* Offset in the file for an offset written in it; SIZE_MAX: outside. */
static size_t
place(const struct pdf_file *f, int64_t written)
{
	if (written < 0 || (uint64_t)written >= f->in.len - f->base)
		return SIZE_MAX;
	return (size_t)written + f->base;
}

/* Hybrid file: its table lists as free what its stream has; what both list as
 * used is the table's (7.5.8.4). */
static enum fail
read_hybrid(struct pdf_file *f, struct pdf_section *s)
{
	const struct pdf_value *hybrid = pdf_entry(s->trailer, "XRefStm");
	struct pdf_section stream = { .end = 0 };
	enum fail fail;

	if (!hybrid || hybrid->type != PDF_INTEGER)
		return FAIL_NONE;
	s->hybrid_at = place(f, hybrid->integer);
	/* Past the end nothing stands, until something is put there. */
	if (s->hybrid_at == SIZE_MAX)
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.5.8.4: /XRefStm is past the end");
	f->in_hybrid = true;
	fail = read_stream_section(f, s->hybrid_at, &stream);
	f->in_hybrid = false;
	if (stream.end > s->end)
		s->end = stream.end;
	return fail;
}

static enum fail
set_rows(struct pdf_file *f, const struct buf *rows, bool free_ones)
{
	enum fail fail = FAIL_NONE;

	for (size_t at = 0; at < rows->len && !fail;
	     at += sizeof(struct pdf_row)) {
		struct pdf_row row;

		memcpy(&row, rows->data + at, sizeof(row));
		if ((row.entry.kind == ENTRY_FREE) == free_ones)
			fail = pdf_xref_set(f, row.num, row.entry, false);
	}
	return fail;
}

/* One section of either kind, its rows apart. */
static enum fail
read_section(struct pdf_file *f, int64_t offset, struct pdf_section *s)
{
	struct pdf_lexer l = { f->in, place(f, offset) };
	struct buf rows, *outer = f->rows;
	struct pdf_token t;
	struct pdf_value *read;
	enum fail fail;

	*s = (struct pdf_section){ .offset = offset };
	if (l.at == SIZE_MAX)
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.5.5: section offset outside the file");
	t = pdf_token_next(&l);
	s->is_stream = !bytes_equal_text(t.raw, "xref");
	if (s->is_stream)
		return read_stream_section(f, place(f, offset), s);
	buf_init(&rows, PDF_STREAM_MAX);
	f->rows = &rows;
	fail = pdf_rows_table(f, &l, &read);
	f->rows = outer;
	if (!fail) {
		s->trailer = read;
		s->end = s->table_end = l.at;
		fail = set_rows(f, &rows, false);
	}
	if (!fail)
		fail = read_hybrid(f, s);
	if (!fail)
		fail = set_rows(f, &rows, true);
	buf_free(&rows);
	return fail;
}

/* Do blanks and ends of lines alone lead from a place to a token? */
static bool
is_near(struct bytes in, size_t at, struct bytes token)
{
	for (; in.data + at < token.data; at++)
		if (!in.data[at] || !strchr(" \t\r\n", in.data[at]))
			return false;
	return true;
}

static enum fail
find_start(struct pdf_file *f, int64_t *start)
{
	size_t from = f->in.len > TAIL ? f->in.len - TAIL : 0;
	struct bytes tail = bytes_part(f->in, from, TAIL);
	size_t at = bytes_find_last(tail, "startxref");
	struct pdf_lexer l;
	struct pdf_token t;

	if (at == SIZE_MAX)
		return note_set(
		    &f->note, FAIL_FORMAT, "ISO 32000-1 7.5.5: no startxref");
	l = (struct pdf_lexer){ f->in, from + at + 9 };
	t = pdf_token_next(&l);
	if (t.kind != TOKEN_INTEGER || t.integer < 0)
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.5.5: startxref without a number");
	if (!pdf_is_digits(t.raw))
		f->odd = true;
	/* Readers that find no number behind the word, or no such word, search
	 * the file. */
	if (!is_near(tail, at + 9, t.raw) ||
	    (at && !pdf_is_space(tail.data[at - 1])))
		f->two_starts = true;
	*start = t.integer;
	return FAIL_NONE;
}

bool
pdf_take_root(struct pdf_file *f, const struct pdf_value *trailer)
{
	const struct pdf_value *root = pdf_entry(trailer, "Root");

	if (!root || root->type != PDF_REF)
		return false;
	f->root = root->ref;
	return true;
}

/* Where the one before a section is; false: there is none. */
static bool
previous(const struct pdf_value *trailer, int64_t *offset)
{
	const struct pdf_value *prev = pdf_entry(trailer, "Prev");

	/* Some writers' references point nowhere. */
	if (!prev || !pdf_is_number(prev))
		return false;
	*offset = prev->integer;
	return true;
}

/* Bytes that readers look at behind what they read. */
#define AFTER 32u

/* The section as the newer revision has read it, when all of it stands in this
 * one; it is looked for from *hint on, in the order of the chain. */
static const struct pdf_section *
kept_section(const struct pdf_file *f, int64_t offset, size_t *hint)
{
	const struct pdf_sections *kept = f->newer ? f->newer->kept : NULL;

	if (!kept || f->newer->base != f->base)
		return NULL;
	while (*hint < kept->count) {
		const struct pdf_section *s = &kept->list[(*hint)++];

		if (s->offset == offset)
			return s->end < f->in.len &&
				f->in.len - s->end > AFTER ?
			    s :
			    NULL;
	}
	return NULL;
}

static enum fail
take_kept(struct pdf_file *f, const struct pdf_section *s)
{
	const uint8_t *rows = f->newer->kept->rows.data;
	enum fail fail = FAIL_NONE;

	for (size_t i = s->first; i < s->first + s->count && !fail; i++) {
		struct pdf_row row;

		memcpy(&row, rows + i * sizeof(row), sizeof(row));
		fail = pdf_xref_set(f, row.num, row.entry, false);
	}
	return fail;
}

/* The same object in every section: some readers take the newest, some the
 * first that will do. */
static bool
is_root(const struct pdf_file *f, const struct pdf_value *root)
{
	return root && root->type == PDF_REF && root->ref.num &&
	    (!f->root.num ||
		(root->ref.num == f->root.num && root->ref.gen == f->root.gen));
}

/* Likewise what it is encrypted with: some readers take any section's word. The
 * main section of a linearized file (Annex F.3.4), which names no root either,
 * says nothing of it. */
static bool
is_encrypted_so(const struct pdf_file *f, const struct pdf_value *trailer)
{
	const struct pdf_value *a = pdf_entry(trailer, "Encrypt");
	const struct pdf_value *b =
	    f->trailer ? pdf_entry(f->trailer, "Encrypt") : a;

	if (!a || !b)
		return a == b || (!a && !pdf_entry(trailer, "Root"));
	if (a->type == PDF_REF && b->type == PDF_REF)
		return a->ref.num == b->ref.num && a->ref.gen == b->ref.gen;
	return bytes_equal(a->raw, b->raw);
}

/* Two strings (14.4). */
static bool
is_identifier(const struct pdf_value *id)
{
	return id->type == PDF_ARRAY && id->count == 2 &&
	    id->first->type == PDF_STRING &&
	    id->first->next->type == PDF_STRING;
}

/* Readers take a section that is not as it should be in different ways. */
static void
note_odd(struct pdf_file *f, const struct pdf_section *s)
{
	const struct pdf_value *t = s->trailer, *prev = pdf_entry(t, "Prev");
	const struct pdf_value *size = pdf_entry(t, "Size");
	const struct pdf_value *id = pdf_entry(t, "ID");

	static const char *const strange[] = { "F", "FFilter", "FDecodeParms",
		"DP" };
	size_t at = (size_t)s->offset + f->base;

	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
		f->odd = f->odd || pdf_entry(t, strange[i]);
	if (t->odd || t->loose || t->unclosed || t->doubled ||
	    (pdf_entry(t, "Root") && !is_root(f, pdf_entry(t, "Root"))) ||
	    !size || size->type != PDF_INTEGER || size->integer < 1 ||
	    size->integer > PDF_OBJECTS_MAX + 1 ||
	    size->integer <= f->highest || !is_encrypted_so(f, t) ||
	    (prev && prev->type != PDF_INTEGER))
		f->odd = true;
	/* Some writers name the blank before it; no comment stands there. */
	while (at < f->in.len && pdf_is_space(f->in.data[at]))
		at++;
	f->odd = f->odd || bytes_starts(bytes_part(f->in, at, 1), "%");
	if (s->is_stream)
		f->odd = f->odd || !pdf_strict_container(t) ||
		    !pdf_strict_header(f->in, at);
	f->odd = f->odd || (id && !is_identifier(id));
	/* A hybrid file is not odd by itself, nor the main section of a
	 * linearized one; an update should be neither. */
	f->crooked = f->crooked || f->odd;
	if ((f->odd || pdf_entry(t, "XRefStm") || !pdf_entry(t, "Root")) &&
	    at > f->odd_from)
		f->odd_from = at;
	f->odd = false;
}

static int64_t
size_of(const struct pdf_value *trailer)
{
	const struct pdf_value *size = pdf_entry(trailer, "Size");

	return size ? size->integer : 0;
}

enum fail
pdf_xref_read(struct pdf_file *f)
{
	int64_t offset = 0, before, remembered, newer_size = 0;
	size_t hint = 0, newer_at = 0;
	enum fail fail = find_start(f, &offset);

	if (fail)
		return fail;
	f->start = (uint64_t)offset;
	remembered = offset;
	for (f->sections = 0; f->sections < PDF_SECTIONS_MAX; f->sections++) {
		const struct pdf_section *known =
		    kept_section(f, offset, &hint);
		struct pdf_section s;

		if (known)
			s = *known;
		f->highest = 0;
		fail =
		    known ? take_kept(f, known) : read_section(f, offset, &s);
		if (fail)
			return fail;
		if (!known)
			note_odd(f, &s);
		if (!f->sections) {
			f->trailer = s.trailer;
			f->stream_section = s.is_stream;
		}
		if (!f->root.num)
			(void)pdf_take_root(f, s.trailer);
		/* The newest one has none, or one that is none. */
		if (!f->sections && !is_root(f, pdf_entry(s.trailer, "Root")))
			f->two_starts = true;
		/* One that says it knows fewer objects than the one before. */
		if (f->sections && size_of(s.trailer) > newer_size &&
		    newer_at > f->odd_from)
			f->odd_from = newer_at;
		newer_size = size_of(s.trailer);
		newer_at = (size_t)s.offset + f->base;
		if (!previous(s.trailer, &before)) {
			f->sections++;
			if (f->root.num)
				return FAIL_NONE;
			return note_set(&f->note, FAIL_FORMAT,
			    "ISO 32000-1 7.5.5: no /Root");
		}
		/* A circle comes back to a section remembered when half as
		 * many had been read, at the latest. */
		if (before == offset || before == remembered)
			return note_set(&f->note, FAIL_FORMAT,
			    "ISO 32000-1 7.5.5: /Prev goes in a circle");
		if (!(f->sections & (f->sections + 1)))
			remembered = before;
		offset = before;
	}
	return note_set(
	    &f->note, FAIL_LIMIT, "more than %u updates", PDF_SECTIONS_MAX);
}

void
pdf_xref_forget(struct pdf_sections *kept)
{
	if (!kept)
		return;
	free(kept->list);
	buf_free(&kept->rows);
	arena_free(&kept->arena);
	free(kept);
}

/* Read a section again, its rows into a list of their own. */
static enum fail
read_apart(
    struct pdf_file *f, int64_t offset, struct pdf_section *s, struct buf *rows)
{
	enum fail fail;

	f->rows = rows;
	fail = read_section(f, offset, s);
	f->rows = NULL;
	return fail;
}

static enum fail
read_all(struct pdf_file *f, struct pdf_sections *kept)
{
	int64_t offset = (int64_t)f->start;
	enum fail fail = FAIL_NONE;

	for (unsigned n = 0; n < f->sections && !fail; n++) {
		struct pdf_section *s = &kept->list[n];
		size_t first = kept->rows.len / sizeof(struct pdf_row);

		fail = read_apart(f, offset, s, &kept->rows);
		s->first = first;
		s->count = kept->rows.len / sizeof(struct pdf_row) - first;
		kept->count++;
		if (!fail && !previous(s->trailer, &offset))
			break;
	}
	return fail;
}

void
pdf_xref_keep(struct pdf_file *f)
{
	struct pdf_sections *kept;
	struct note note = f->note;
	struct arena arena = f->arena;
	enum fail fail;

	/* One or two are read as quickly again. */
	if (f->kept || f->repaired || f->sections < 3)
		return;
	kept = calloc(1, sizeof(*kept));
	if (!kept)
		return;
	kept->list = calloc(f->sections, sizeof(*kept->list));
	buf_init(&kept->rows, KEPT_MAX);
	/* They live as long as the file, whatever its arena goes back to. */
	arena_init(&kept->arena, KEPT_MAX);
	f->arena = kept->arena;
	fail = kept->list ? read_all(f, kept) : FAIL_MEMORY;
	kept->arena = f->arena;
	f->arena = arena;
	f->note = note;
	if (fail)
		pdf_xref_forget(kept);
	else
		f->kept = kept;
}

static void
put_place(struct buf *out, uint64_t at, size_t end, const struct pdf_row *row)
{
	struct pdf_place place;

	memset(&place, 0, sizeof(place));
	place.at = at;
	if (row) {
		place.num = row->num;
		place.gen = (uint16_t)row->entry.aux;
	}
	place.section = !row;
	place.packed = row && row->entry.kind == ENTRY_PACKED;
	place.end = end;
	buf_add(out, &place, sizeof(place));
}

static int
by_num(const void *a, const void *b)
{
	const struct pdf_row *x = a, *y = b;

	return x->num < y->num ? -1 : x->num > y->num;
}

/* Some readers take the first row of a number, some the last. */
static bool
is_doubled(struct buf *rows)
{
	struct pdf_row *all = (struct pdf_row *)rows->data;
	size_t count = rows->len / sizeof(*all);
	bool sorted = true;

	for (size_t i = 1; i < count; i++)
		sorted = sorted && all[i - 1].num <= all[i].num;
	if (!sorted)
		qsort(all, count, sizeof(*all), by_num);
	for (size_t i = 1; i < count; i++)
		if (all[i - 1].num == all[i].num)
			return true;
	return false;
}

/* Has a number a higher generation there than it has now, or was it freed by
 * what was added and is in use again?  Some readers go by the generation. */
static bool
has_fallen(const struct pdf_file *f, const struct buf *rows, bool added)
{
	const struct pdf_row *all = (const struct pdf_row *)rows->data;

	for (size_t i = 0; i < rows->len / sizeof(*all); i++) {
		const struct pdf_row *row = &all[i];
		const struct pdf_xref_entry *now;
		uint64_t gen;

		if (!row->num || row->num >= f->entry_count)
			continue;
		now = &f->entries[row->num];
		if (now->kind < ENTRY_PLAIN)
			continue;
		gen = now->kind == ENTRY_PLAIN ? now->aux : 0;
		if (row->entry.kind == ENTRY_PLAIN && row->entry.aux > gen)
			return true;
		if (row->entry.kind == ENTRY_FREE && added)
			return true;
	}
	return false;
}

/* The places of a section's objects. */
static void
put_places(const struct pdf_file *f, const struct buf *rows, struct buf *out)
{
	for (size_t at = 0; at < rows->len; at += sizeof(struct pdf_row)) {
		struct pdf_row row;

		memcpy(&row, rows->data + at, sizeof(row));
		if (row.entry.kind == ENTRY_PLAIN)
			put_place(out, row.entry.where + f->base, 0, &row);
		else if (row.entry.kind == ENTRY_PACKED)
			put_place(out, 0, 0, &row);
	}
}

/* Behind a section: where its revision ends; SIZE_MAX: as none does. */
static size_t
revision_end(struct bytes in, const struct pdf_section *s)
{
	static const char *const words[] = { "endobj", "startxref" };
	size_t end = s->is_stream ? s->end : s->table_end;
	struct pdf_lexer l = { in, end };
	struct pdf_token t;

	if (end == SIZE_MAX)
		return SIZE_MAX;
	for (size_t i = s->is_stream ? 0 : 1; i < 2; i++) {
		t = pdf_token_next(&l);
		if (!bytes_equal_text(t.raw, words[i]))
			return SIZE_MAX;
	}
	t = pdf_token_next(&l);
	while (l.at < in.len && pdf_is_space(in.data[l.at]))
		l.at++;
	if (t.kind != TOKEN_INTEGER ||
	    !bytes_starts(bytes_part(in, l.at, SIZE_MAX), "%%EOF"))
		return SIZE_MAX;
	/* Its line ends with it. */
	end = l.at + strlen("%%EOF");
	end += end < in.len && in.data[end] == '\r';
	end += end < in.len && in.data[end] == '\n';
	return end;
}

/* A section and its rows, from what is kept if that is there. */
static enum fail
get_section(struct pdf_file *f, unsigned n, int64_t offset,
    struct pdf_section *s, struct buf *rows)
{
	const struct pdf_sections *kept = f->kept;

	if (!kept || n >= kept->count || kept->list[n].offset != offset)
		return read_apart(f, offset, s, rows);
	*s = kept->list[n];
	buf_add(rows, (const struct pdf_row *)kept->rows.data + s->first,
	    s->count * sizeof(struct pdf_row));
	return buf_fail(rows);
}

/* Was one of these numbers seen?  They are from now on. */
static bool
note_rows(const struct pdf_file *f, const struct buf *rows, uint64_t *seen)
{
	const struct pdf_row *all = (const struct pdf_row *)rows->data;
	bool again = false;

	for (size_t i = 0; i < rows->len / sizeof(*all); i++) {
		uint32_t num = all[i].num;
		uint64_t bit = UINT64_C(1) << num % 64;

		if (!num || num >= f->entry_count)
			continue;
		again = again || seen[num / 64] & bit;
		seen[num / 64] |= bit;
	}
	return again;
}

enum fail
pdf_xref_revisions(struct pdf_file *f, size_t from, struct buf *out)
{
	struct arena_mark mark = arena_mark(&f->arena);
	uint64_t *seen = calloc(f->entry_count / 64 + 1, sizeof(*seen));
	struct pdf_revision r = { .again = false };
	int64_t section = (int64_t)f->start;
	struct buf rows;
	bool more = true;
	enum fail fail = seen ? FAIL_NONE : FAIL_MEMORY;

	buf_init(&rows, PDF_STREAM_MAX);
	for (unsigned n = 0; n < f->sections && more && !fail; n++) {
		struct pdf_section s;

		r.section = place(f, section);
		if (r.section == SIZE_MAX || r.section < from)
			break;
		buf_clear(&rows);
		fail = get_section(f, n, section, &s, &rows);
		if (fail)
			break;
		r.end = revision_end(f->in, &s);
		r.again = note_rows(f, &rows, seen) || r.again;
		buf_add(out, &r, sizeof(r));
		more = previous(s.trailer, &section);
	}
	free(seen);
	buf_free(&rows);
	if (!f->kept)
		arena_back(&f->arena, mark);
	return fail ? fail : buf_fail(out);
}

enum fail
pdf_xref_listed(
    struct pdf_file *f, size_t from, int64_t *section, struct buf *out)
{
	struct buf rows;
	enum fail fail = FAIL_NONE;

	buf_init(&rows, PDF_STREAM_MAX);
	for (unsigned n = 0; n < f->sections && !fail; n++) {
		struct pdf_section s;
		size_t at = place(f, *section);

		if (at == SIZE_MAX || at < from)
			break;
		buf_clear(&rows);
		fail = read_apart(f, *section, &s, &rows);
		/* A hybrid file's stream lists what its table hides. */
		if (!fail && !s.hybrid_at && is_doubled(&rows))
			fail = FAIL_FORMAT;
		if (!fail && has_fallen(f, &rows, from != 0))
			fail = FAIL_FORMAT;
		put_place(out, at, s.is_stream ? 0 : s.table_end, NULL);
		if (s.hybrid_at)
			put_place(out, s.hybrid_at, 0, NULL);
		put_places(f, &rows, out);
		if (!previous(s.trailer, section)) {
			*section = -1;
			break;
		}
	}
	buf_free(&rows);
	return fail ? fail : buf_fail(out);
}

bool
pdf_trailer_needs(struct bytes key)
{
	static const char *const keys[] = { "Size", "Prev", "ID", "Info",
		"Root", "Encrypt", "XRefStm", "Type", "W", "Index", "Length",
		"Filter", "DecodeParms", "DL" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (bytes_equal_text(key, keys[i]))
			return true;
	return false;
}

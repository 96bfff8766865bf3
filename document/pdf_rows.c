#include "document/pdf_rows.h"

#include "document/pdf_strict.h"
#include "document/pdf_xref.h"

/* The fixed form "nnnnnnnnnn ggggg n" of 20 bytes; false: read it loosely. */
static bool
row_fixed(const uint8_t *row, uint64_t *where, uint32_t *gen, uint8_t *type)
{
	*where = 0;
	*gen = 0;
	if (row[10] != ' ' || row[16] != ' ' || !pdf_is_space(row[18]) ||
	    !pdf_is_space(row[19]))
		return false;
	for (size_t i = 0; i < 16; i++) {
		if (i == 10)
			continue;
		if (row[i] < '0' || row[i] > '9')
			return false;
		if (i < 10)
			*where = *where * 10 + (row[i] - '0');
		else
			*gen = *gen * 10 + (row[i] - '0');
	}
	*type = row[17];
	return *type == 'n' || *type == 'f';
}

static bool
row_loose(struct pdf_lexer *l, uint64_t *where, uint32_t *gen, uint8_t *type)
{
	struct pdf_token a = pdf_token_next(l), b, c;

	if (a.kind != TOKEN_INTEGER || a.integer < 0)
		return false;
	b = pdf_token_next(l);
	c = pdf_token_next(l);
	if (b.kind != TOKEN_INTEGER || b.integer < 0 ||
	    c.kind != TOKEN_KEYWORD || c.raw.len != 1)
		return false;
	*where = (uint64_t)a.integer;
	*gen = b.integer > UINT16_MAX ? UINT16_MAX : (uint32_t)b.integer;
	*type = c.raw.data[0];
	return *type == 'n' || *type == 'f';
}

/* Rows of one subsection. */
static enum fail
read_rows(struct pdf_file *f, struct pdf_lexer *l, int64_t first, int64_t count)
{
	for (int64_t i = 0; i < count; i++) {
		struct pdf_xref_entry entry = { 0 };
		uint64_t where;
		uint32_t gen;
		uint8_t type;
		enum fail fail;

		size_t before = l->at;

		pdf_skip_space(l);
		/* Rows follow one another, each as long as the other. */
		f->odd = f->odd || (i && l->at != before);
		if (l->in.len - l->at >= 20 &&
		    row_fixed(l->in.data + l->at, &where, &gen, &type))
			l->at += 20;
		else if (row_loose(l, &where, &gen, &type))
			f->odd = true;
		else
			return note_set(&f->note, FAIL_FORMAT,
			    "ISO 32000-1 7.5.4: cross-reference row");
		/* Some readers take any such row for object 0. */
		f->odd = f->odd || (i == 0 && first == 1 && type == 'f');
		/* Writers' slip: a table whose first row is the head of the
		 * free list but which says it starts at 1. */
		if (i == 0 && first == 1 && type == 'f' && gen == 65535 &&
		    !where) {
			first = 0;
			f->odd = true;
		}
		/* What is free has no generation that anybody asks for: MuPDF
		 * writes 65536. */
		if ((type == 'n' && gen > UINT16_MAX) ||
		    first + i > PDF_STRICT_NUMBER ||
		    (first + i == 0 && type != 'f') ||
		    (type == 'n' && where >= f->in.len - f->base))
			f->odd = true;
		entry.kind = type == 'n' ? ENTRY_PLAIN : ENTRY_FREE;
		entry.aux = gen & 0xFFFF;
		entry.where = where & ((UINT64_C(1) << PDF_WHERE_BITS) - 1);
		/* An object cannot be in the header: viewers take it as free.
		 */
		if (entry.kind == ENTRY_PLAIN && !where)
			entry.kind = ENTRY_FREE;
		fail = pdf_xref_set(f, (uint32_t)(first + i), entry, false);
		if (fail)
			return fail;
	}
	return FAIL_NONE;
}

/* Digits and spaces, and nothing that readers step over or not. */
static bool
only_numbers(struct bytes in)
{
	for (size_t i = 0; i < in.len; i++)
		if (!pdf_is_space(in.data[i]) &&
		    (in.data[i] < '0' || in.data[i] > '9'))
			return false;
	return true;
}

/* Behind a head the line ends, and the first row begins. */
static bool
begins_rows(const struct pdf_lexer *l, int64_t count)
{
	struct bytes in = bytes_part(l->in, l->at, SIZE_MAX);
	size_t at = 0;

	if (at < in.len && in.data[at] == ' ')
		at++;
	if (at < in.len && in.data[at] == '\r')
		at++;
	if (at < in.len && in.data[at] == '\n')
		at++;
	return !count ||
	    (at && at < in.len && !pdf_is_space(in.data[at]) &&
		in.data[at] != '%');
}

enum fail
pdf_rows_table(
    struct pdf_file *f, struct pdf_lexer *l, struct pdf_value **trailer)
{
	for (;;) {
		struct pdf_lexer ahead = *l;
		struct pdf_token first = pdf_token_next(&ahead), count;
		size_t from = l->at;
		enum fail fail;

		if (first.kind == TOKEN_KEYWORD &&
		    bytes_equal_text(first.raw, "trailer")) {
			if (!only_numbers(bytes_part(l->in, from,
				ahead.at - from - strlen("trailer"))))
				f->odd = true;
			*l = ahead;
			return pdf_value_read(l, &f->arena, trailer);
		}
		count = pdf_token_next(&ahead);
		if (first.kind != TOKEN_INTEGER ||
		    count.kind != TOKEN_INTEGER || first.integer < 0 ||
		    count.integer < 0 || first.integer > PDF_OBJECTS_MAX ||
		    count.integer > PDF_OBJECTS_MAX)
			return note_set(&f->note, FAIL_FORMAT,
			    "ISO 32000-1 7.5.4: subsection head");
		if (!only_numbers(bytes_part(l->in, from, ahead.at - from)) ||
		    count.raw.data - first.raw.data !=
			(ptrdiff_t)first.raw.len + 1 ||
		    first.raw.data[first.raw.len] != ' ')
			f->odd = true;
		*l = ahead;
		f->odd = f->odd || !begins_rows(l, count.integer) ||
		    first.integer > PDF_STRICT_NUMBER ||
		    (!count.integer && first.integer);
		fail = read_rows(f, l, first.integer, count.integer);
		if (fail)
			return fail;
	}
}

/* One field of an entry: big-endian, width bytes. */
static uint64_t
field(const uint8_t *at, int64_t width)
{
	uint64_t v = 0;

	for (int64_t i = 0; i < width; i++)
		v = v << 8 | at[i];
	return v;
}

/* What is not as it should be some readers take for something else. */
static struct pdf_xref_entry
stream_entry(struct pdf_file *f, const uint8_t *row, const int64_t w[3])
{
	struct pdf_xref_entry e = { 0 };
	uint64_t type = w[0] ? field(row, w[0]) : 1;
	uint64_t second = field(row + w[0], w[1]);
	uint64_t third = field(row + w[0] + w[1], w[2]);

	/* Types to come are references to the null object (7.5.8.3). */
	e.kind = type == 1 ? ENTRY_PLAIN :
	    type == 2      ? ENTRY_PACKED :
			     ENTRY_FREE;
	if (type > 2 || third > UINT16_MAX || second >> PDF_WHERE_BITS ||
	    (e.kind == ENTRY_PACKED && second > PDF_STRICT_NUMBER) ||
	    (e.kind == ENTRY_PLAIN &&
		(!second || second >= f->in.len - f->base)))
		f->odd = true;
	if (third > UINT16_MAX || second >> PDF_WHERE_BITS)
		e.kind = ENTRY_FREE;
	e.aux = third & 0xFFFF;
	e.where = second & ((UINT64_C(1) << PDF_WHERE_BITS) - 1);
	if (e.kind == ENTRY_PLAIN && !second)
		e.kind = ENTRY_FREE;
	return e;
}

static enum fail
read_widths(struct pdf_file *f, const struct pdf_value *widths, int64_t w[3],
    size_t *row_len)
{
	*row_len = 0;
	for (size_t i = 0; i < 3; i++) {
		const struct pdf_value *v = pdf_element(widths, i);

		if (!v || v->type != PDF_INTEGER || v->integer < 0 ||
		    v->integer > 8)
			return note_set(&f->note, FAIL_FORMAT,
			    "ISO 32000-1 7.5.8.2: bad /W");
		w[i] = v->integer;
		*row_len += (size_t)w[i];
	}
	if (!*row_len)
		return note_set(
		    &f->note, FAIL_FORMAT, "ISO 32000-1 7.5.8.2: empty /W");
	f->odd =
	    f->odd || widths->count != 3 || w[0] > 2 || w[1] > 7 || w[2] > 4;
	return FAIL_NONE;
}

/* Rows of one subsection, which go from *rows. */
static enum fail
take_rows(struct pdf_file *f, int64_t first, int64_t count, const int64_t w[3],
    struct bytes *rows)
{
	size_t row_len = (size_t)(w[0] + w[1] + w[2]);

	/* Some readers take the next range's rows for one of no numbers. */
	f->odd = f->odd || !count;

	/* Readers that want all of them rebuild the table. */
	if (first < 0 || count < 0 || first > PDF_OBJECTS_MAX ||
	    count > PDF_OBJECTS_MAX || rows->len < (size_t)count * row_len)
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.5.8.2: /Index and rows");
	for (int64_t i = 0; i < count; i++) {
		struct pdf_xref_entry e = stream_entry(f, rows->data, w);
		enum fail fail =
		    pdf_xref_set(f, (uint32_t)(first + i), e, false);

		/* Object 0 is the head of the free ones. */
		f->odd = f->odd || (first + i == 0 && e.kind != ENTRY_FREE) ||
		    first + i > PDF_STRICT_NUMBER;
		if (fail)
			return fail;
		*rows = bytes_part(*rows, row_len, SIZE_MAX);
	}
	return FAIL_NONE;
}

enum fail
pdf_rows_stream(
    struct pdf_file *f, const struct pdf_value *dict, struct bytes rows)
{
	const struct pdf_value *index = pdf_entry(dict, "Index");
	const struct pdf_value *size = pdf_entry(dict, "Size");
	int64_t w[3];
	size_t row_len;
	enum fail fail = read_widths(f, pdf_entry(dict, "W"), w, &row_len);

	if (fail)
		return fail;
	if (!index)
		fail = take_rows(f, 0,
		    size && size->type == PDF_INTEGER ? size->integer : 0, w,
		    &rows);
	else if (index->type != PDF_ARRAY || index->count % 2)
		return note_set(
		    &f->note, FAIL_FORMAT, "ISO 32000-1 7.5.8.2: bad /Index");
	else
		for (const struct pdf_value *v = index->first; v && !fail;
		     v = v->next->next) {
			if (v->type != PDF_INTEGER ||
			    v->next->type != PDF_INTEGER)
				return note_set(&f->note, FAIL_FORMAT,
				    "ISO 32000-1 7.5.8.2: bad /Index");
			fail = take_rows(
			    f, v->integer, v->next->integer, w, &rows);
		}
	return fail;
}

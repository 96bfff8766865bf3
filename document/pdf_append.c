#include "document/pdf_append.h"

#include <inttypes.h>
#include <stdlib.h>

#include "document/pdf_field.h"
#include "document/pdf_xref.h"

struct pdf_change {
	struct pdf_ref ref;
	uint64_t at; /* offset as it is written: without the file's base */
};

/* Keys of a cross-reference stream's dictionary that belong to its own shape,
 * not to the trailer. */
static const char *const section_keys[] = { "Root", "Size", "Prev", "XRefStm",
	"Type", "W", "Index", "Filter", "DecodeParms", "Length" };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define TABLE_OFFSET_MAX UINT64_C(9999999999)

/* Up to this size every file is searched; larger ones only when they had to be
 * repaired, for the search touches every page. */
#define SEARCH_MAX (4u << 20)

void
pdf_append_open(struct pdf_append *a, struct pdf_file *file)
{
	const struct pdf_value *size =
	    file->trailer ? pdf_entry(file->trailer, "Size") : NULL;
	uint32_t highest = 0;

	*a = (struct pdf_append){ .file = file,
		.anew =
		    file->repaired || (file->crooked && !pdf_is_signed(file)) };
	buf_init(&a->out, PDF_UPDATE_MAX);
	for (uint32_t i = 0; i < file->entry_count; i++)
		if (file->entries[i].kind != ENTRY_NONE)
			highest = i;
	/* /Size may lie in both directions; take the larger. */
	if (size && size->type == PDF_INTEGER && size->integer > highest &&
	    size->integer <= PDF_NAMED_MAX)
		highest = (uint32_t)size->integer - 1;
	if (file->repaired || file->in.len <= SEARCH_MAX) {
		uint32_t named = pdf_highest_reference(file->in);

		highest = named > highest ? named : highest;
	}
	if (file->named_highest > highest)
		highest = file->named_highest;
	a->next = highest + 1;
	if (file->in.len && file->in.data[file->in.len - 1] != '\n')
		buf_char(&a->out, '\n');
}

void
pdf_append_close(struct pdf_append *a)
{
	buf_free(&a->out);
	free(a->changes);
	a->changes = NULL;
	a->change_count = a->change_room = 0;
}

struct pdf_ref
pdf_append_new(struct pdf_append *a)
{
	if (a->next > PDF_OBJECTS_MAX)
		a->fail = FAIL_LIMIT;
	return (struct pdf_ref){ a->next++, 0 };
}

size_t
pdf_append_offset(const struct pdf_append *a)
{
	return a->file->in.len + a->out.len;
}

static void
note_change(struct pdf_append *a, struct pdf_ref ref)
{
	if (a->change_count == a->change_room) {
		size_t room = a->change_room ? 2 * a->change_room : 32;
		struct pdf_change *more =
		    realloc(a->changes, room * sizeof(*more));

		if (!more) {
			a->fail = FAIL_MEMORY;
			return;
		}
		a->changes = more;
		a->change_room = room;
	}
	a->changes[a->change_count++] =
	    (struct pdf_change){ ref, pdf_append_offset(a) - a->file->base };
}

/* What is rewritten are dictionaries and arrays.  A damaged file may take one
 * of its streams, which hold other objects, for a page. */
static bool
is_stream(struct pdf_file *f, struct pdf_ref ref)
{
	struct arena_mark mark = arena_mark(&f->arena);
	struct pdf_object object;
	bool stream = !pdf_object_read(f, ref.num, &object) && object.is_stream;

	arena_back(&f->arena, mark);
	return stream;
}

void
pdf_append_begin(struct pdf_append *a, struct pdf_ref ref)
{
	/* A file whose catalogue is also its page would lose one of them. */
	for (size_t i = 0; i < a->change_count; i++)
		if (a->changes[i].ref.num == ref.num)
			a->fail = FAIL_FORMAT;
	if (is_stream(a->file, ref))
		a->fail = FAIL_FORMAT;
	/* Nor may the file's encryption be taken for one. */
	if (a->file->crypt.active && ref.num == a->file->crypt.dictionary)
		a->fail = FAIL_FORMAT;
	note_change(a, ref);
	buf_printf(&a->out, "%u %u obj\n", ref.num, ref.gen);
	a->open = ref;
	a->open_at = a->out.len;
}

/* In an encrypted file the strings of what was just written are too. */
static void
encrypt_open(struct pdf_append *a)
{
	struct bytes text = bytes_part(buf_view(&a->out), a->open_at, SIZE_MAX);
	struct buf done;
	enum fail f;

	if (!a->file->crypt.active || buf_fail(&a->out))
		return;
	buf_init(&done, PDF_UPDATE_MAX);
	f = pdf_crypt_text(&a->file->crypt, true, a->open,
	    bytes_find(text, "/ByteRange") != SIZE_MAX, text, &done);
	if (f)
		a->fail = f;
	a->out.len = a->open_at;
	buf_bytes(&a->out, buf_view(&done));
	buf_free(&done);
}

void
pdf_append_end(struct pdf_append *a)
{
	encrypt_open(a);
	buf_text(&a->out, "\nendobj\n");
}

void
pdf_append_stream(struct pdf_append *a, struct pdf_ref ref, const char *dict,
    struct bytes data)
{
	struct buf coded;

	buf_init(&coded, PDF_UPDATE_MAX);
	if (a->file->crypt.active) {
		enum fail f = pdf_crypt_data(&a->file->crypt,
		    a->file->crypt.streams, true, ref, data, &coded);

		if (f)
			a->fail = f;
		data = buf_view(&coded);
	}
	pdf_append_begin(a, ref);
	buf_printf(&a->out, "<<%s/Length %zu>>\nstream\n", dict, data.len);
	buf_bytes(&a->out, data);
	buf_text(&a->out, "\nendstream\nendobj\n");
	buf_free(&coded);
}

void
pdf_append_ref(struct pdf_append *a, struct pdf_ref ref)
{
	buf_printf(&a->out, "%u %u R", ref.num, ref.gen);
}

static bool
named(struct bytes key, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal_text(key, names[i]))
			return true;
	return false;
}

/* Of a doubled key only the last entry, the one readers use. */
static bool
overtaken(const struct pdf_value *entry)
{
	for (const struct pdf_value *v = entry->next; v; v = v->next)
		if (bytes_equal(v->key, entry->key))
			return true;
	return false;
}

static void
copy_entries(struct buf *out, const struct pdf_value *dict,
    const char *const *without, size_t count)
{
	if (!dict || dict->type != PDF_DICT)
		return;
	for (const struct pdf_value *v = dict->first; v; v = v->next) {
		if (named(v->key, without, count) ||
		    (dict->doubled && overtaken(v)))
			continue;
		/* A value that was never closed would swallow what follows. */
		if (v->unclosed && !out->fail)
			out->fail = FAIL_FORMAT;
		buf_bytes(out, v->raw_key);
		buf_char(out, ' ');
		/* A word that is no value reads as null; say so plainly. */
		if (v->type == PDF_NULL)
			buf_text(out, "null");
		else
			buf_bytes(out, v->raw);
		buf_char(out, '\n');
	}
}

void
pdf_append_copy(struct pdf_append *a, const struct pdf_value *dict,
    const char *const *without, size_t count)
{
	buf_text(&a->out, "<<\n");
	copy_entries(&a->out, dict, without, count);
}

void
pdf_append_elements(struct pdf_append *a, const struct pdf_value *array)
{
	struct buf *out = &a->out;

	buf_char(out, '[');
	if (array->type != PDF_ARRAY)
		return;
	/* What was never closed would swallow what we put behind it. */
	if (array->unclosed && !out->fail)
		out->fail = FAIL_FORMAT;
	for (const struct pdf_value *v = array->first; v; v = v->next) {
		buf_bytes(out, v->raw);
		buf_char(out, ' ');
	}
}

void
pdf_append_annots(struct pdf_append *a, const struct pdf_page *page,
    const struct pdf_ref *refs, size_t count)
{
	static const char *const own[] = { "Annots" };

	pdf_append_begin(a, page->ref);
	pdf_append_copy(a, page->dict, own, 1);
	buf_text(&a->out, "/Annots ");
	pdf_append_elements(a, pdf_get(a->file, page->dict, "Annots"));
	for (size_t i = 0; i < count; i++) {
		pdf_append_ref(a, refs[i]);
		buf_char(&a->out, ' ');
	}
	buf_text(&a->out, "]>>");
	pdf_append_end(a);
}

static int
compare_changes(const void *a, const void *b)
{
	uint32_t x = ((const struct pdf_change *)a)->ref.num;
	uint32_t y = ((const struct pdf_change *)b)->ref.num;

	return x < y ? -1 : x > y;
}

/* Entries of the trailer: everything of the old one but its place. */
static void
put_trailer_entries(struct pdf_append *a)
{
	struct buf *out = &a->out;
	struct pdf_file *f = a->file;

	if (f->trailer)
		copy_entries(
		    out, f->trailer, section_keys, COUNT(section_keys));
	/* Of a damaged file the one that was found, whatever it says. */
	buf_printf(out, "/Root %u %u R\n", f->root.num, f->root.gen);
	buf_printf(out, "/Size %u\n", a->next);
	if (!a->anew)
		buf_printf(out, "/Prev %" PRIu64 "\n", f->start);
}

/* A rebuilt file: entries of its old objects join the changes. */
static void
add_old_objects(struct pdf_append *a)
{
	size_t count = a->change_count;

	for (uint32_t i = 1; i < a->file->entry_count; i++) {
		struct pdf_xref_entry e = a->file->entries[i];
		bool changed = false;

		for (size_t j = 0; j < count && !changed; j++)
			changed = a->changes[j].ref.num == i;
		if (changed || e.kind != ENTRY_PLAIN ||
		    e.where >= a->file->in.len - a->file->base)
			continue;
		note_change(a, (struct pdf_ref){ i, (uint16_t)e.aux });
		if (!a->fail)
			a->changes[a->change_count - 1].at = e.where;
	}
}

static void
put_table(struct pdf_append *a)
{
	struct buf *out = &a->out;
	size_t i = 0;

	buf_text(out, "xref\n");
	if (a->anew)
		buf_text(out, "0 1\n0000000000 65535 f\r\n");
	while (i < a->change_count) {
		size_t run = 1;

		while (i + run < a->change_count &&
		    a->changes[i + run].ref.num == a->changes[i].ref.num + run)
			run++;
		buf_printf(out, "%u %zu\n", a->changes[i].ref.num, run);
		for (; run; run--, i++)
			buf_printf(out, "%010" PRIu64 " %05u n\r\n",
			    a->changes[i].at, a->changes[i].ref.gen);
	}
	buf_text(out, "trailer\n<<\n");
	put_trailer_entries(a);
	buf_text(out, ">>\n");
}

static void
put_row(struct buf *rows, unsigned type, uint64_t where, unsigned aux)
{
	buf_u8(rows, (uint8_t)type);
	for (int shift = 40; shift >= 0; shift -= 8)
		buf_u8(rows, (uint8_t)(where >> shift));
	buf_u8(rows, (uint8_t)(aux >> 8));
	buf_u8(rows, (uint8_t)aux);
}

/* Rows and the /Index pairs for them: changes, and for a rebuilt file also
 * the objects that stay in their object streams. */
static void
make_rows(struct pdf_append *a, struct buf *rows, struct buf *index)
{
	size_t at = 0;
	uint32_t last = 0, start = 0, count = 0;

	for (uint32_t num = 0; num < a->next; num++) {
		struct pdf_xref_entry e = { 0 };

		if (at < a->change_count && a->changes[at].ref.num == num) {
			put_row(
			    rows, 1, a->changes[at].at, a->changes[at].ref.gen);
			at++;
		} else if (a->anew && num == 0) {
			put_row(rows, 0, 0, 65535);
		} else {
			if (a->anew && num < a->file->entry_count)
				e = a->file->entries[num];
			if (e.kind != ENTRY_PACKED)
				continue;
			put_row(rows, 2, e.where, (unsigned)e.aux);
		}
		if (count && num == last + 1) {
			count++;
		} else {
			if (count)
				buf_printf(index, "%u %u ", start, count);
			start = num;
			count = 1;
		}
		last = num;
	}
	if (count)
		buf_printf(index, "%u %u", start, count);
}

static void
put_stream(struct pdf_append *a, struct pdf_ref self)
{
	struct buf rows, index;

	buf_init(&rows, a->out.ceiling);
	buf_init(&index, a->out.ceiling);
	make_rows(a, &rows, &index);
	buf_char(&index, '\0');
	buf_printf(
	    &a->out, "%u 0 obj\n<<\n/Type /XRef\n/W [1 6 2]\n", self.num);
	if (!buf_fail(&index))
		buf_printf(&a->out, "/Index [%s]\n", (const char *)index.data);
	put_trailer_entries(a);
	buf_printf(&a->out, "/Length %zu>>\nstream\n", rows.len);
	buf_bytes(&a->out, buf_view(&rows));
	buf_text(&a->out, "\nendstream\nendobj\n");
	if (buf_fail(&rows) || buf_fail(&index))
		a->fail = FAIL_MEMORY;
	buf_free(&index);
	buf_free(&rows);
}

enum fail
pdf_append_finish(struct pdf_append *a)
{
	struct pdf_file *f = a->file;
	uint64_t start;
	bool stream = f->repaired ?
	    pdf_has_packed(f) :
	    f->stream_section || (a->anew && pdf_has_packed(f));

	if (f->in.len + a->out.len > TABLE_OFFSET_MAX)
		stream = true;
	if (a->anew)
		add_old_objects(a);
	start = pdf_append_offset(a) - f->base;
	if (stream) {
		struct pdf_ref self = pdf_append_new(a);

		note_change(a, self);
		qsort(a->changes, a->change_count, sizeof(*a->changes),
		    compare_changes);
		put_stream(a, self);
	} else {
		qsort(a->changes, a->change_count, sizeof(*a->changes),
		    compare_changes);
		put_table(a);
	}
	buf_printf(&a->out, "startxref\n%" PRIu64 "\n%%%%EOF\n", start);
	return a->fail ? a->fail : buf_fail(&a->out);
}

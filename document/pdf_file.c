#include "document/pdf_file.h"

#include <stdlib.h>

#include "document/pdf_letters.h"
#include "document/pdf_linear.h"
#include "document/pdf_pack.h"
#include "document/pdf_reach.h"
#include "document/pdf_shared.h"
#include "document/pdf_xref.h"

#define HEADER_WINDOW 1024u /* where viewers look for the header */
#define HOPS_MAX 16         /* references to references */
#define OBJECT_HEAD 16u     /* bytes of "num gen obj" */

static const struct pdf_value null_value = { .type = PDF_NULL };

/* ---- objects ---- */

/* The integer a /Length refers to, read straight from the file: never through
 * an object stream, so that finding a stream's end cannot lead in a circle. */
static int64_t
plain_integer(struct pdf_file *f, struct pdf_ref ref)
{
	struct pdf_lexer l = { f->in, 0 };
	struct pdf_token t[4];

	if (ref.num >= f->entry_count ||
	    f->entries[ref.num].kind != ENTRY_PLAIN)
		return -1;
	l.at = f->entries[ref.num].where + f->base;
	if (l.at >= f->in.len)
		return -1;
	for (size_t i = 0; i < 4; i++)
		t[i] = pdf_token_next(&l);
	if (t[0].kind != TOKEN_INTEGER || t[0].integer != ref.num ||
	    !bytes_equal_text(t[2].raw, "obj") || t[3].kind != TOKEN_INTEGER)
		return -1;
	return t[3].integer;
}

/*
 * The encoded bytes of a stream whose keyword ends at l->at.  /Length counts
 * when endstream follows; else the next endstream does.
 */
static struct bytes
stream_extent(struct pdf_file *f, struct pdf_value *dict, size_t at)
{
	const struct pdf_value *length = pdf_entry(dict, "Length");
	int64_t len = -1;
	size_t found;

	if (at < f->in.len && f->in.data[at] == '\r')
		at++;
	if (at < f->in.len && f->in.data[at] == '\n')
		at++;
	if (length && length->type == PDF_INTEGER)
		len = length->integer;
	else if (length && length->type == PDF_REF)
		len = plain_integer(f, length->ref);
	if (len >= 0 && (uint64_t)len <= f->in.len - at) {
		struct pdf_lexer l = { f->in, at + (size_t)len };
		struct pdf_token t = pdf_token_next(&l);

		if (t.kind == TOKEN_KEYWORD && bytes_starts(t.raw, "endstream"))
			return bytes_part(f->in, at, (size_t)len);
	}
	dict->cut = true;
	found = bytes_find(bytes_part(f->in, at, SIZE_MAX), "endstream");
	if (found == SIZE_MAX)
		return bytes_part(f->in, at, SIZE_MAX);
	if (found && f->in.data[at + found - 1] == '\n')
		found--;
	if (found && f->in.data[at + found - 1] == '\r')
		found--;
	return bytes_part(f->in, at, found);
}

uint32_t
pdf_highest_reference(struct bytes in)
{
	uint32_t highest = 0;

	for (size_t at = 0; at < in.len; at++) {
		const uint8_t *hit = memchr(in.data + at, 'R', in.len - at);
		struct pdf_lexer l = { in, 0 };
		struct pdf_token num;

		if (!hit)
			break;
		at = (size_t)(hit - in.data);
		l.at = pdf_object_start(in, at);
		if (l.at == SIZE_MAX)
			continue;
		num = pdf_token_next(&l);
		if (num.kind == TOKEN_INTEGER && num.integer > highest &&
		    num.integer < PDF_NAMED_MAX)
			highest = (uint32_t)num.integer;
	}
	return highest;
}

void
pdf_note_highest(struct pdf_file *f, uint32_t highest)
{
	if (highest > f->named_highest && highest < PDF_NAMED_MAX)
		f->named_highest = highest;
}

void
pdf_note_references(struct pdf_file *f, const struct pdf_value *value)
{
	struct pdf_tree tree = { .top = value };
	const struct pdf_value *v;

	while ((v = pdf_tree_next(&tree)))
		if (v->type == PDF_REF)
			pdf_note_highest(f, v->ref.num);
}

static bool
has_string(const struct pdf_value *value)
{
	struct pdf_tree tree = { .top = value };
	const struct pdf_value *v;

	while ((v = pdf_tree_next(&tree)))
		if (v->type == PDF_STRING)
			return true;
	return false;
}

/* The value with its strings decrypted, in the arena; one without strings is
 * what it is. */
static enum fail
decrypt_value(struct pdf_file *f, struct pdf_ref ref,
    const struct pdf_value *source, const struct pdf_value **value)
{
	struct pdf_lexer l = { { NULL, 0 }, 0 };
	struct pdf_value *read;
	struct buf text;
	enum fail fail;

	if (!f->crypt.active || ref.num == f->crypt.dictionary ||
	    pdf_is_name(pdf_entry(source, "Type"), "XRef") ||
	    !has_string(source))
		return FAIL_NONE;
	buf_init(&text, PDF_ARENA_MAX);
	fail = pdf_crypt_text(&f->crypt, false, ref,
	    pdf_entry(source, "ByteRange") != NULL, source->raw, &text);
	if (!fail) {
		l.in = arena_copy(&f->arena, buf_view(&text));
		fail = l.in.data ? pdf_value_read(&l, &f->arena, &read) :
				   FAIL_MEMORY;
	}
	buf_free(&text);
	if (fail)
		return fail;
	/* What was read anew is spelled well. */
	read->odd = read->odd || source->odd;
	read->loose = read->loose || source->loose;
	read->vague = read->vague || source->vague;
	read->unclosed = read->unclosed || source->unclosed;
	read->cut = source->cut;
	*value = read;
	return FAIL_NONE;
}

/* A line ends behind the keyword, or readers differ where the data begin
 * (7.3.8.1). */
static bool
ends_line(struct bytes in, size_t at)
{
	struct bytes rest = bytes_part(in, at, 2);

	return bytes_starts(rest, "\n") || bytes_starts(rest, "\r\n");
}

enum fail
pdf_object_at(struct pdf_file *f, size_t at, struct pdf_object *object)
{
	struct pdf_lexer l = { f->in, at }, ahead;
	struct pdf_token num, gen, word;
	struct pdf_value *value;
	enum fail fail;

	*object = (struct pdf_object){
		.value = &null_value, .source = &null_value, .at = SIZE_MAX
	};
	if (at >= f->in.len)
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.5.4: offset %zu past the end", at);
	num = pdf_token_next(&l);
	gen = pdf_token_next(&l);
	word = pdf_token_next(&l);
	if (num.kind != TOKEN_INTEGER || gen.kind != TOKEN_INTEGER ||
	    !bytes_starts(word.raw, "obj") || num.integer < 0 ||
	    num.integer > UINT32_MAX || gen.integer < 0 ||
	    gen.integer > UINT16_MAX)
		return note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.3.10: no object at %zu", at);
	/* "obj" may touch what follows it, as in "obj42". */
	l.at = (size_t)(word.raw.data - f->in.data) + 3;
	object->id =
	    (struct pdf_ref){ (uint32_t)num.integer, (uint16_t)gen.integer };
	object->at = (size_t)(num.raw.data - f->in.data);
	object->is_stream = false;
	object->stream = (struct bytes){ NULL, 0 };
	object->value = object->source = &null_value;
	pdf_skip_space(&l);
	fail = pdf_value_read(&l, &f->arena, &value);
	f->work += l.at - at;
	if (fail == FAIL_FORMAT)
		return FAIL_NONE; /* empty object: null */
	if (fail)
		return note_set(&f->note, fail, "ISO 32000-1 7.3: object %u",
		    object->id.num);
	object->value = object->source = value;
	pdf_note_references(f, value);
	ahead = l;
	word = pdf_token_next(&ahead);
	if (value->type == PDF_DICT && word.kind == TOKEN_KEYWORD &&
	    bytes_equal_text(word.raw, "stream")) {
		size_t from = (size_t)(word.raw.data - f->in.data) + 6;
		bool begins = ends_line(f->in, from);

		object->is_stream = true;
		object->stream = stream_extent(f, value, from);
		value->loose = value->loose || !begins;
		value->vague = value->vague || !begins;
	}
	return decrypt_value(f, object->id, value, &object->value);
}

/* The place of an object among those that were read last; NULL: none is kept.
 */
static struct pdf_object *
recent_of(struct pdf_file *f, uint32_t num)
{
	if (!f->recent)
		return NULL;
	if (f->recent_backs != f->arena.backs) {
		memset(f->recent, 0, f->recent_room * sizeof(*f->recent));
		f->recent_backs = f->arena.backs;
	}
	return &f->recent[num % f->recent_room];
}

static size_t
place_of(const struct pdf_file *f, uint32_t num)
{
	return f->entries[num].where + f->base;
}

static enum fail
read_listed(struct pdf_file *f, uint32_t num, struct pdf_object *object)
{
	enum fail fail = pdf_object_at(f, place_of(f, num), object);

	if (fail || object->id.num == num)
		return fail;
	object->value = &null_value;
	return note_set(&f->note, FAIL_FORMAT,
	    "ISO 32000-1 7.5.4: object %u is not at its offset", num);
}

static enum fail
read_plain(struct pdf_file *f, uint32_t num, struct pdf_object *object)
{
	const struct pdf_object *known = pdf_shared_at(f, place_of(f, num));
	struct pdf_object *recent;
	enum fail fail;

	if (known && known->id.num == num) {
		*object = *known;
		return FAIL_NONE;
	}
	recent = recent_of(f, num);
	if (recent && recent->value && recent->id.num == num) {
		*object = *recent;
		return FAIL_NONE;
	}
	fail = read_listed(f, num, object);
	if (!fail && recent)
		*recent = *object;
	return fail;
}

size_t
pdf_object_end(struct bytes in, const struct pdf_object *object)
{
	const char *word = object->is_stream ? "endstream" : "endobj";
	struct bytes last =
	    object->is_stream ? object->stream : object->source->raw;
	struct pdf_lexer l = { in, 0 };

	/* One of no bytes stands nowhere: its dictionary does. */
	if (object->is_stream && !last.len) {
		last = object->source->raw;
		l.at = (size_t)(last.data - in.data) + last.len;
		if (!last.len || l.at > in.len)
			return SIZE_MAX;
		pdf_skip_space(&l);
		if (!bytes_starts(bytes_part(in, l.at, SIZE_MAX), "stream"))
			return SIZE_MAX;
		last = bytes_part(in, l.at, strlen("stream"));
	}
	if (!last.len)
		return SIZE_MAX;
	l.at = (size_t)(last.data - in.data) + last.len;
	if (l.at > in.len)
		return SIZE_MAX;
	pdf_skip_space(&l);
	return bytes_starts(bytes_part(in, l.at, SIZE_MAX), word) ?
	    l.at + strlen(word) :
	    SIZE_MAX;
}

static enum fail
read_as(struct pdf_file *f, uint32_t num, struct pdf_object *object,
    enum fail (*plain)(struct pdf_file *, uint32_t, struct pdf_object *))
{
	*object = (struct pdf_object){
		.id = { num, 0 }, .value = &null_value, .at = SIZE_MAX
	};
	if (num >= f->entry_count)
		return FAIL_MISSING;
	switch ((enum pdf_entry_kind)f->entries[num].kind) {
	case ENTRY_PLAIN:
		return plain(f, num, object);
	case ENTRY_PACKED:
		return pdf_pack_read(f, num, object);
	default:
		return FAIL_MISSING;
	}
}

/* One of a stream is kept like one that stands in the file by itself. */
enum fail
pdf_object_read(struct pdf_file *f, uint32_t num, struct pdf_object *object)
{
	bool packed =
	    num < f->entry_count && f->entries[num].kind == ENTRY_PACKED;
	struct pdf_object *recent = packed ? recent_of(f, num) : NULL;
	enum fail fail;

	if (recent && recent->value && recent->id.num == num) {
		*object = *recent;
		return FAIL_NONE;
	}
	fail = read_as(f, num, object, read_plain);
	if (!fail && recent)
		*recent = *object;
	return fail;
}

enum fail
pdf_object_glance(struct pdf_file *f, uint32_t num, struct pdf_object *object)
{
	return read_as(f, num, object, read_listed);
}

const struct pdf_value *
pdf_resolve(struct pdf_file *f, const struct pdf_value *value)
{
	struct pdf_object object;

	for (int hop = 0; value && value->type == PDF_REF; hop++) {
		if (hop == HOPS_MAX ||
		    pdf_object_read(f, value->ref.num, &object))
			return &null_value;
		value = object.value;
	}
	return value ? value : &null_value;
}

const struct pdf_value *
pdf_resolve_source(struct pdf_file *f, const struct pdf_value *value)
{
	struct pdf_object object;

	for (int hop = 0; value && value->type == PDF_REF; hop++) {
		if (hop == HOPS_MAX ||
		    pdf_object_read(f, value->ref.num, &object))
			return &null_value;
		value = object.source ? object.source : object.value;
	}
	return value ? value : &null_value;
}

const struct pdf_value *
pdf_get(struct pdf_file *f, const struct pdf_value *dict, const char *key)
{
	return pdf_resolve(f, pdf_entry(dict, key));
}

const struct pdf_value *
pdf_catalog(struct pdf_file *f)
{
	struct pdf_object object;

	if (pdf_object_read(f, f->root.num, &object))
		return &null_value;
	return object.value;
}

/* ---- opening ---- */

/* "%PDF-1.4" in the first kilobyte; SIZE_MAX when there is none. */
static size_t
find_header(struct pdf_file *f)
{
	struct bytes head = bytes_part(f->in, 0, HEADER_WINDOW);
	size_t at = bytes_find(head, "%PDF-");
	struct bytes version;

	f->major = 1;
	f->minor = 4;
	if (at == SIZE_MAX)
		return at;
	version = bytes_part(f->in, at + 5, 3);
	if (version.len == 3 && version.data[0] >= '1' &&
	    version.data[0] <= '9' && version.data[1] == '.' &&
	    version.data[2] >= '0' && version.data[2] <= '9') {
		f->major = version.data[0] - '0';
		f->minor = version.data[2] - '0';
	}
	return at;
}

int
pdf_version(struct pdf_file *f)
{
	const struct pdf_value *v = pdf_get(f, pdf_catalog(f), "Version");
	int header = f->major * 10 + f->minor, named = 0;

	if (v->type == PDF_NAME && v->text.len == 3 && v->text.data[1] == '.')
		named = (v->text.data[0] - '0') * 10 + (v->text.data[2] - '0');
	return named > header ? named : header;
}

static bool
is_same_id(const struct pdf_value *a, const struct pdf_value *b)
{
	return a && b && a->type == PDF_STRING && b->type == PDF_STRING &&
	    bytes_equal(a->text, b->text);
}

/* Making a key takes its time: a revision that says the same as the newest one
 * has its key. */
static bool
has_key_of(struct pdf_file *f, struct pdf_file *newer,
    const struct pdf_value *entry, const struct pdf_value *id)
{
	const struct pdf_value *other;

	if (!newer || !newer->crypt.active || !newer->trailer)
		return false;
	other = pdf_entry(newer->trailer, "Encrypt");
	return other && other->type == entry->type &&
	    (entry->type == PDF_REF ? entry->ref.num : 0) ==
	    newer->crypt.dictionary &&
	    bytes_equal(
		pdf_resolve(f, entry)->raw, pdf_resolve(newer, other)->raw) &&
	    is_same_id(id,
		pdf_element(
		    pdf_resolve(newer, pdf_entry(newer->trailer, "ID")), 0));
}

/* An encrypted file is opened before anything else is read of it. */
static enum fail
unlock(struct pdf_file *f)
{
	const struct pdf_value *entry = pdf_entry(f->trailer, "Encrypt");
	const struct pdf_value *id = pdf_entry(f->trailer, "ID");
	struct bytes first = { NULL, 0 };
	enum fail fail;

	if (!entry || f->crypt.active)
		return FAIL_NONE;
	id = pdf_element(pdf_resolve(f, id), 0);
	if (id && id->type == PDF_STRING)
		first = id->text;
	if (has_key_of(f, f->newer, entry, id)) {
		f->crypt = f->newer->crypt;
		return FAIL_NONE;
	}
	f->crypt.dictionary = entry->type == PDF_REF ? entry->ref.num : 0;
	fail = pdf_crypt_open(
	    &f->crypt, pdf_resolve(f, entry), first, f->password);
	if (fail)
		return note_set(&f->note, FAIL_ENCRYPTED,
		    "ISO 32000-2 7.6.4: the password does not open the file");
	return FAIL_NONE;
}

/* The cross-reference leads to a catalogue with a page tree. */
static bool
usable(struct pdf_file *f)
{
	const struct pdf_value *catalog = pdf_catalog(f);

	if (catalog->type != PDF_DICT)
		return false;
	return pdf_get(f, catalog, "Pages")->type == PDF_DICT;
}

static void
forget(struct pdf_file *f)
{
	if (f->entries)
		memset(f->entries, 0, f->entry_count * sizeof(*f->entries));
	f->trailer = NULL;
	f->root = (struct pdf_ref){ 0, 0 };
	f->hides = false;
}

/* Would a reader who counts offsets from the header find a section, too? */
static bool
has_section(const struct pdf_file *f, size_t header)
{
	struct pdf_lexer l = { f->in, 0 };
	struct pdf_token t[3];

	/* So near it would be the same one, begun a few digits later. */
	if (header == SIZE_MAX || header < OBJECT_HEAD ||
	    f->start >= f->in.len - header)
		return false;
	l.at = (size_t)f->start + header;
	for (size_t i = 0; i < 3; i++)
		t[i] = pdf_token_next(&l);
	return bytes_equal_text(t[0].raw, "xref") ||
	    (t[0].kind == TOKEN_INTEGER && t[1].kind == TOKEN_INTEGER &&
		bytes_starts(t[2].raw, "obj"));
}

static enum fail
open_any_way(struct pdf_file *f, size_t header)
{
	enum fail fail = pdf_xref_read(f);

	if (!fail)
		fail = unlock(f);
	if (!fail && usable(f)) {
		f->ambiguous =
		    f->ambiguous || (header && has_section(f, header));
		return FAIL_NONE;
	}
	if (fail == FAIL_MEMORY || fail == FAIL_ENCRYPTED)
		return fail;
	/* Junk in front of the header: offsets may count from the header. */
	if (header && header != SIZE_MAX) {
		forget(f);
		f->base = header;
		fail = pdf_xref_read(f);
		if (!fail)
			fail = unlock(f);
		if (!fail && usable(f))
			return FAIL_NONE;
	}
	f->crypt = (struct pdf_crypt){ .active = false };
	fail = pdf_xref_repair(f);
	if (!fail)
		fail = unlock(f);
	if (!fail && !usable(f))
		fail = note_set(&f->note, FAIL_FORMAT,
		    "ISO 32000-1 7.7.2: no catalogue with a page tree");
	return fail;
}

static enum fail
open_file(struct pdf_file *f, struct bytes in, struct bytes password,
    struct pdf_file *newer)
{
	size_t header;
	enum fail fail;

	*f = (struct pdf_file){ .in = in,
		.password = password,
		.newer = newer,
		.looks_left = PDF_LOOKS_MAX,
		.tells_left = PDF_TELLS_MAX,
		.entries_left = PDF_ENTRIES_MAX,
		.unpacked_left = PDF_UNPACKED_MAX };
	arena_init(&f->arena, PDF_ARENA_MAX);
	if (newer)
		f->rows_read = newer->rows_read;
	header = find_header(f);
	if (header == SIZE_MAX && bytes_find(in, "obj") == SIZE_MAX)
		return note_set(
		    &f->note, FAIL_NOT_PDF, "ISO 32000-1 7.5.2: no header");
	fail = open_any_way(f, header);
	if (newer)
		newer->rows_read = f->rows_read;
	if (!fail)
		f->two_starts = f->two_starts || pdf_has_two_starts(f, header);
	if (fail)
		pdf_file_close(f);
	f->opened = !fail;
	/* Without it all is read again and again: slower, not wrong. */
	f->recent_room =
	    f->entry_count < PDF_RECENT_MAX ? f->entry_count : PDF_RECENT_MAX;
	if (!fail && f->recent_room)
		f->recent = calloc(f->recent_room, sizeof(*f->recent));
	return fail;
}

enum fail
pdf_file_open_with(struct pdf_file *f, struct bytes in, struct bytes password)
{
	return open_file(f, in, password, NULL);
}

enum fail
pdf_file_open_older(struct pdf_file *f, struct pdf_file *newer, size_t len)
{
	/* A table is as long as its highest number says. */
	if (newer->entries_left < newer->entry_count) {
		*f = (struct pdf_file){ .in = newer->in };
		return note_set(&f->note, FAIL_LIMIT,
		    "too many revisions of too many objects");
	}
	newer->entries_left -= newer->entry_count;
	pdf_xref_keep(newer);
	pdf_shared_begin(newer);
	return open_file(
	    f, bytes_part(newer->in, 0, len), newer->password, newer);
}

enum fail
pdf_file_open(struct pdf_file *f, struct bytes in)
{
	return pdf_file_open_with(f, in, (struct bytes){ NULL, 0 });
}

void
pdf_file_back(struct pdf_file *f, const struct disk_map *map)
{
	if (map->bytes.len <= DISK_SMALL || map->from || map->fd < 0 ||
	    f->in.len < map->bytes.len)
		return;
	f->fd = map->fd;
	f->fd_len = map->bytes.len;
}

void
pdf_file_forget(struct pdf_file *f, size_t from, size_t end)
{
	end = end < f->fd_len ? end : f->fd_len;
	if (from < end)
		disk_forget(bytes_part(f->in, from, end - from));
}

void
pdf_file_close(struct pdf_file *f)
{
	for (size_t i = 0; i < PDF_PACKS_HELD; i++)
		pdf_pack_free(&f->packs[i]);
	free(f->recent);
	f->recent = NULL;
	free(f->signers);
	f->signers = NULL;
	free(f->twins);
	f->twins = NULL;
	pdf_reach_free(f->reach);
	f->reach = NULL;
	pdf_fonts_free(f->fonts);
	f->fonts = NULL;
	free(f->led);
	f->led = NULL;
	free(f->sleepers);
	f->sleepers = NULL;
	pdf_shared_free(f->shared);
	f->shared = NULL;
	pdf_xref_forget(f->kept);
	f->kept = NULL;
	free(f->entries);
	f->entries = NULL;
	f->entry_count = 0;
	arena_free(&f->arena);
}

bool
pdf_has_packed(const struct pdf_file *f)
{
	for (uint32_t i = 0; i < f->entry_count; i++)
		if (f->entries[i].kind == ENTRY_PACKED)
			return true;
	return false;
}

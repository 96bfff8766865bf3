#include "document/unzip.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/text.h"
#include "document/deflate.h"
#include "document/file_name.h"

#define LOCAL_MAGIC 0x04034B50u
#define ENTRY_MAGIC 0x02014B50u
#define END_MAGIC 0x06054B50u
#define END_MARK "PK\x05\x06"
#define END_LEN 22u
#define DESCRIPTION_LEN 12u
#define DESCRIPTION_MARK "PK\x07\x08"
#define COMMENT_MAX 65535u
#define NAME_MAX_READ 4096u  /* bytes: no system has longer paths */
#define FOLDERS_MAX 64u      /* in a name */
#define KEYS_MAX (64u << 20) /* bytes of all names, folded */
#define VERSION_MAX 45u      /* of what is needed to read it: 4.5 */

#define FLAG_SIZES_LATER 0x0008u
#define FLAGS_KNOWN 0x080Eu /* hints, sizes later, UTF-8: no encryption */

enum { METHOD_STORED = 0, METHOD_DEFLATED = 8 };

/* The record that ends the directory stands at the very end, in front of its
 * comment only. */
static size_t
find_end(struct bytes in)
{
	size_t least =
	    in.len > END_LEN + COMMENT_MAX ? in.len - END_LEN - COMMENT_MAX : 0;

	if (in.len < END_LEN)
		return SIZE_MAX;
	for (size_t at = in.len - END_LEN + 1; at-- > least;) {
		struct cursor c = cursor_of(bytes_part(in, at, SIZE_MAX));

		if (cursor_u32(&c) != END_MAGIC)
			continue;
		(void)cursor_bytes(&c, END_LEN - 4 - 2);
		if (cursor_u16(&c) == in.len - at - END_LEN)
			return at;
	}
	return SIZE_MAX;
}

/* From the directory to the last byte, also across what stands there: some
 * unpackers take the last end that there is, whatever its comment's length, or
 * the one of ZIP64 in front of it.  known: where the one that was found is. */
static bool
has_other_end(struct bytes tail, size_t known)
{
	return bytes_find(tail, END_MARK) != known ||
	    bytes_find(bytes_part(tail, known + 1, SIZE_MAX), END_MARK) !=
	    SIZE_MAX ||
	    bytes_find(tail, "PK\x06\x06") != SIZE_MAX ||
	    bytes_find(tail, "PK\x06\x07") != SIZE_MAX;
}

/* Extra fields that say nothing which every reader does not know: sizes
 * (ZIP64), times, owners, alignment.  Others may be a name, a link, or what the
 * content is. */
static bool
is_harmless(uint16_t id)
{
	static const uint16_t known[] = { 0x0001, 0x000A, 0x5455, 0x5855,
		0x7855, 0x7875, 0xCAFE, 0xD935 };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (id == known[i])
			return true;
	return false;
}

#define FIELD_TIMES 0x5455u        /* flags, and some times of 4 bytes */
#define FIELD_UNICODE_PATH 0x7075u /* Info-ZIP's: the name once more … */
#define FIELD_OPC_PADDING 0xA220u  /* … and of Office: bytes for growing */

/* Fields that are not known, or cannot be told apart, are refused. */
static bool
are_plain_fields(struct bytes extra, struct bytes name)
{
	struct cursor c = cursor_of(extra);

	while (extra.len - c.at >= 4) {
		uint16_t id = cursor_u16(&c);
		struct bytes field = cursor_field(&c);

		if (c.failed || (id == FIELD_TIMES && field.len % 4 != 1) ||
		    (id == FIELD_UNICODE_PATH ?
			    !bytes_equal(bytes_part(field, 5, SIZE_MAX), name) :
			    !is_harmless(id) && id != FIELD_OPC_PADDING))
			return false;
	}
	return true;
}

/* Unpackers know what to do with others in many ways: they leave out what goes
 * up or starts at the root, or turn slashes round. */
static bool
is_plain_name(struct bytes name)
{
	size_t from = 0, folders = 0;

	if (!name.len || name.len > NAME_MAX_READ || name.data[0] == '/' ||
	    !text_valid(name))
		return false;
	for (size_t i = 0; i <= name.len; i++) {
		struct bytes part = bytes_part(name, from, i - from);

		if (i < name.len &&
		    (name.data[i] < ' ' || name.data[i] == '\\'))
			return false;
		if (i < name.len && name.data[i] != '/')
			continue;
		if (bytes_equal_text(part, ".") ||
		    bytes_equal_text(part, "..") || ++folders > FOLDERS_MAX)
			return false;
		from = i + 1;
	}
	return true;
}

/* One row of the directory. */
struct row {
	uint16_t flags, method, name_len;
	uint32_t time, crc, packed, size, at;
	struct bytes name;
	bool commented;
};

/* A file, or a folder that is called one and has nothing in it, by the mode
 * that Unix has and by the attributes of MS-DOS: a link would lead to another,
 * and what is a folder for some is not unpacked. */
#define MODE_KIND 0xF000u
#define MODE_FILE 0x8000u
#define MODE_FOLDER 0x4000u
#define DOS_LABEL 0x08u
#define DOS_FOLDER 0x10u

static bool
is_plain_file(uint32_t attributes, const struct row *row)
{
	uint32_t kind = attributes >> 16 & MODE_KIND;
	bool folder = kind == MODE_FOLDER || attributes & DOS_FOLDER;
	bool called = row->name.len && row->name.data[row->name.len - 1] == '/';

	return (!kind || kind == MODE_FILE || kind == MODE_FOLDER) &&
	    !(attributes & DOS_LABEL) && (!folder || called) &&
	    (!called || !row->size);
}

static enum fail
read_row(struct cursor *c, struct row *row)
{
	uint16_t extra, comment, disk, version;
	uint32_t attributes;
	struct bytes fields;

	if (cursor_u32(c) != ENTRY_MAGIC)
		return FAIL_FORMAT;
	(void)cursor_u16(c);     /* version made by */
	version = cursor_u16(c); /* needed */
	row->flags = cursor_u16(c);
	row->method = cursor_u16(c);
	row->time = cursor_u32(c);
	row->crc = cursor_u32(c);
	row->packed = cursor_u32(c);
	row->size = cursor_u32(c);
	row->name_len = cursor_u16(c);
	extra = cursor_u16(c);
	comment = cursor_u16(c);
	disk = cursor_u16(c);
	(void)cursor_u16(c); /* internal attributes */
	attributes = cursor_u32(c);
	row->at = cursor_u32(c);
	row->name = cursor_bytes(c, row->name_len);
	row->commented = comment > 0;
	fields = cursor_bytes(c, extra);
	(void)cursor_bytes(c, comment);
	if (c->failed || disk || !are_plain_fields(fields, row->name) ||
	    !is_plain_file(attributes, row))
		return FAIL_FORMAT;
	if (version > VERSION_MAX || row->flags & ~FLAGS_KNOWN ||
	    (row->method != METHOD_STORED && row->method != METHOD_DEFLATED) ||
	    row->size == UINT32_MAX || row->packed == UINT32_MAX ||
	    row->at == UINT32_MAX)
		return FAIL_UNSUPPORTED;
	return is_plain_name(row->name) &&
		(row->method || row->packed == row->size) ?
	    FAIL_NONE :
	    FAIL_FORMAT;
}

/* In front of the data it says the same, or that it is told later. */
static bool
is_told(uint32_t here, uint32_t there, bool later)
{
	return here == there || (later && !here);
}

#define FIELD_ZIP64 0x0001u

/* Sizes that writers of ZIP64 put into a field of their own, before they know
 * how large it will be. */
static void
read_zip64(struct bytes fields, uint32_t *packed, uint32_t *size)
{
	struct cursor c = cursor_of(fields);

	while (fields.len - c.at >= 4) {
		uint16_t id = cursor_u16(&c);
		struct cursor field = cursor_of(cursor_field(&c));
		uint64_t first, second;

		if (id != FIELD_ZIP64 || field.in.len != 16)
			continue;
		first = cursor_u64(&field);
		second = cursor_u64(&field);
		if (*size == UINT32_MAX && *packed == UINT32_MAX &&
		    first < UINT32_MAX && second < UINT32_MAX) {
			*size = (uint32_t)first;
			*packed = (uint32_t)second;
		}
		return;
	}
}

/* What stands in front of the data says the same; *data is the entry's, and
 * *end where it ends. */
static enum fail
read_local(
    struct bytes in, const struct row *row, struct bytes *data, size_t *end)
{
	struct cursor c = cursor_of(bytes_part(in, row->at, SIZE_MAX));
	bool later = row->flags & FLAG_SIZES_LATER;
	uint16_t flags, method, name_len, extra, version;
	uint32_t magic = cursor_u32(&c), crc, packed, size;
	struct bytes name, fields;

	version = cursor_u16(&c);
	flags = cursor_u16(&c);
	method = cursor_u16(&c);
	(void)cursor_u32(&c);
	crc = cursor_u32(&c);
	packed = cursor_u32(&c);
	size = cursor_u32(&c);
	name_len = cursor_u16(&c);
	extra = cursor_u16(&c);
	name = cursor_bytes(&c, name_len);
	fields = cursor_bytes(&c, extra);
	*data = cursor_bytes(&c, row->packed);
	*end = row->at + c.at;
	if (c.failed || magic != LOCAL_MAGIC || version > VERSION_MAX ||
	    flags != row->flags || method != row->method ||
	    !bytes_equal(name, row->name) || !are_plain_fields(fields, name))
		return FAIL_FORMAT;
	read_zip64(fields, &packed, &size);
	/* Who reads from the front looks for the end of what is stored and
	 * told later. */
	if (later && !method &&
	    ((!packed && !size && row->size) ||
		bytes_find(*data, DESCRIPTION_MARK) != SIZE_MAX))
		return FAIL_FORMAT;
	return is_told(crc, row->crc, later) &&
		is_told(packed, row->packed, later) &&
		is_told(size, row->size, later) ?
	    FAIL_NONE :
	    FAIL_FORMAT;
}

static int
by_place(const void *a, const void *b)
{
	size_t x = (*(const struct unzip_entry *const *)a)->at;
	size_t y = (*(const struct unzip_entry *const *)b)->at;

	return x < y ? -1 : x > y;
}

/* What follows an entry up to the next one is nothing, or its description: with
 * or without a mark, the CRC-32 and two sizes, of 4 bytes or (ZIP64) 8. */
static bool
is_behind(struct bytes in, const struct unzip_entry *e, size_t next)
{
	struct bytes told = bytes_part(in, e->end, next - e->end);
	struct cursor c;
	uint64_t packed, size;
	bool wide;

	if (e->end >= next)
		return e->end == next;
	if (!e->described)
		return false;
	if (bytes_starts(told, DESCRIPTION_MARK))
		told = bytes_part(told, 4, SIZE_MAX);
	c = cursor_of(told);
	wide = told.len == DESCRIPTION_LEN + 8;
	if (told.len != DESCRIPTION_LEN && !wide)
		return false;
	if (cursor_u32(&c) != e->crc)
		return false;
	packed = wide ? cursor_u64(&c) : cursor_u32(&c);
	size = wide ? cursor_u64(&c) : cursor_u32(&c);
	return packed == e->data.len && size == e->size;
}

/* Names of ASCII letters of either size are one for many file systems. */
static int
compare_names(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < n; i++) {
		int x = tolower(a.data[i]), y = tolower(b.data[i]);

		if (x != y)
			return x - y;
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

static int
by_name(const void *a, const void *b)
{
	return compare_names((*(const struct unzip_entry *const *)a)->name,
	    (*(const struct unzip_entry *const *)b)->name);
}

/* Is a file named as a folder that the entry stands in, or is? */
static bool
stands_in_file(const struct unzip_entry **sorted, size_t count,
    const struct unzip_entry *e)
{
	struct unzip_entry folder = { .at = 0 };
	const struct unzip_entry *key = &folder;

	for (size_t i = 1; i < e->name.len; i++) {
		folder.name = bytes_part(e->name, 0, i);
		if (e->name.data[i] == '/' &&
		    bsearch(&key, sorted, count, sizeof(*sorted), by_name))
			return true;
	}
	return false;
}

/* A folder is named only for what stands in it: one that has nothing may be,
 * for some file system, the name of a file.  What stands in it follows it. */
static bool
has_file(const struct unzip_entry **sorted, size_t count, size_t at)
{
	struct bytes folder = sorted[at]->name;

	while (++at < count) {
		struct bytes name = sorted[at]->name;

		if (name.len <= folder.len ||
		    compare_names(bytes_part(name, 0, folder.len), folder))
			return false;
		if (name.data[name.len - 1] != '/')
			return true;
	}
	return false;
}

static int
by_key(const void *a, const void *b)
{
	return bytes_compare(
	    *(const struct bytes *)a, *(const struct bytes *)b);
}

/* Are two names one for some file system?  Those of ASCII letters have been
 * compared.  true also when it cannot be told. */
static bool
has_twins(const struct unzip *z)
{
	struct bytes *keys = calloc(z->count ? z->count : 1, sizeof(*keys));
	struct buf all;
	size_t at = 0;
	bool twins = !keys;

	buf_init(&all, KEYS_MAX);
	for (size_t i = 0; i < z->count && !twins; i++) {
		size_t from = all.len;

		twins = file_name_key(z->entries[i].name, &all) != FAIL_NONE;
		if (!twins)
			keys[i].len = all.len - from;
	}
	for (size_t i = 0; i < z->count && !twins; i++) {
		keys[i].data = all.data + at;
		at += keys[i].len;
	}
	if (!twins && z->count)
		qsort(keys, z->count, sizeof(*keys), by_key);
	for (size_t i = 1; i < z->count && !twins; i++)
		twins = bytes_equal(keys[i - 1], keys[i]);
	buf_free(&all);
	free(keys);
	return twins;
}

/* No two of one name, no file where a folder is, no folder of nothing, no bytes
 * that belong to two, and none that belong to nobody: who reads without the
 * directory sees the same files. */
static enum fail
check_apart(struct unzip *z, struct bytes in)
{
	const struct unzip_entry **sorted =
	    calloc(z->count ? z->count : 1, sizeof(const struct unzip_entry *));
	enum fail f = FAIL_NONE;

	if (!sorted)
		return FAIL_MEMORY;
	for (size_t i = 0; i < z->count; i++)
		sorted[i] = &z->entries[i];
	qsort(sorted, z->count, sizeof(const struct unzip_entry *), by_name);
	for (size_t i = 1; i < z->count && !f; i++)
		if (!by_name(&sorted[i - 1], &sorted[i]))
			f = FAIL_FORMAT;
	if (!f && has_twins(z))
		f = FAIL_FORMAT;
	for (size_t i = 0; i < z->count && !f; i++)
		if (stands_in_file(sorted, z->count, sorted[i]) ||
		    (sorted[i]->name.data[sorted[i]->name.len - 1] == '/' &&
			!has_file(sorted, z->count, i)))
			f = FAIL_FORMAT;
	qsort(sorted, z->count, sizeof(const struct unzip_entry *), by_place);
	if (z->count ? sorted[0]->at != 0 : in.len != 0)
		f = FAIL_FORMAT;
	for (size_t i = 0; i < z->count && !f; i++)
		if (!is_behind(in, sorted[i],
			i + 1 < z->count ? sorted[i + 1]->at : in.len))
			f = FAIL_FORMAT;
	free(sorted);
	return f;
}

static enum fail
read_directory(struct unzip *z, struct bytes in, struct cursor c, size_t count)
{
	enum fail f = FAIL_NONE;

	for (; z->count < count && !f; z->count++) {
		struct unzip_entry *e = &z->entries[z->count];
		struct row row;

		f = read_row(&c, &row);
		if (!f)
			f = read_local(in, &row, &e->data, &e->end);
		if (f)
			break;
		e->name = row.name;
		e->at = row.at;
		e->described = row.flags & FLAG_SIZES_LATER;
		e->size = row.size;
		e->crc = row.crc;
		e->packed = row.method == METHOD_DEFLATED;
		e->time = row.time;
		z->commented = z->commented || row.commented;
	}
	return f || cursor_done(&c) ? f : FAIL_FORMAT;
}

/* Unpackers show it. */
static bool
is_comment(struct bytes comment)
{
	static const char *const usual[] = {
		"mimetype=application/vnd.etsi.asic-e+zip",
		"mimetype=application/vnd.etsi.asic-s+zip", NULL
	};

	return comment.len && !bytes_among(comment, usual);
}

enum fail
unzip_open(struct unzip *z, struct bytes in)
{
	size_t end = find_end(in);
	struct cursor c;
	uint16_t disk, first, here, count;
	uint32_t size, at;
	enum fail f;

	*z = (struct unzip){ .count = 0 };
	if (end == SIZE_MAX)
		return FAIL_FORMAT;
	c = cursor_of(bytes_part(in, end + 4, SIZE_MAX));
	disk = cursor_u16(&c);
	first = cursor_u16(&c);
	here = cursor_u16(&c);
	count = cursor_u16(&c);
	size = cursor_u32(&c);
	at = cursor_u32(&c);
	if (disk || first || here != count || count == UINT16_MAX ||
	    at == UINT32_MAX)
		return FAIL_UNSUPPORTED;
	if (count > ZIP_ENTRIES_MAX)
		return FAIL_LIMIT;
	/* The directory ends where its end begins: nothing hides between. */
	if ((uint64_t)at + size != end ||
	    has_other_end(bytes_part(in, at, SIZE_MAX), size))
		return FAIL_FORMAT;
	z->entries = calloc(count ? count : 1, sizeof(*z->entries));
	if (!z->entries)
		return FAIL_MEMORY;
	f = read_directory(z, bytes_part(in, 0, at),
	    cursor_of(bytes_part(in, at, size)), count);
	z->commented =
	    z->commented || is_comment(bytes_part(in, end + END_LEN, SIZE_MAX));
	if (!f)
		f = check_apart(z, bytes_part(in, 0, at));
	if (f)
		unzip_close(z);
	return f;
}

void
unzip_close(struct unzip *z)
{
	free(z->entries);
	*z = (struct unzip){ .count = 0 };
}

const struct unzip_entry *
unzip_find(const struct unzip *z, struct bytes name)
{
	for (size_t i = 0; i < z->count; i++)
		if (bytes_equal(z->entries[i].name, name))
			return &z->entries[i];
	return NULL;
}

/* The checksum of all parts, which go on to somebody else. */
struct summing {
	void (*step)(void *context, struct bytes part);
	void *context;
	uint32_t crc;
};

static void
sum_step(void *context, struct bytes part)
{
	struct summing *s = context;

	s->crc = deflate_crc32_on(s->crc, part);
	s->step(s->context, part);
}

enum fail
unzip_each(const struct unzip_entry *e,
    void (*step)(void *context, struct bytes part), void *context)
{
	struct summing s = { step, context, 0 };
	enum fail f = FAIL_NONE;

	if (e->packed)
		f = deflate_each_raw(e->data, e->size, sum_step, &s);
	else
		sum_step(&s, e->data);
	return f || s.crc == e->crc ? f : FAIL_FORMAT;
}

enum fail
unzip_read(const struct unzip_entry *e, struct buf *out)
{
	size_t had = out->len;
	struct bytes content;
	enum fail f = FAIL_NONE;

	if (e->size > out->ceiling - had)
		return FAIL_LIMIT;
	if (e->packed)
		f = deflate_read_raw(e->data, e->size, out);
	else
		buf_bytes(out, e->data);
	if (!f)
		f = buf_fail(out);
	if (f)
		return f;
	content = bytes_part(buf_view(out), had, SIZE_MAX);
	return content.len == e->size && deflate_crc32(content) == e->crc ?
	    FAIL_NONE :
	    FAIL_FORMAT;
}

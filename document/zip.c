#include "document/zip.h"

#include "base/text.h"
#include "document/deflate.h"

#define LOCAL 0x04034B50u
#define CENTRAL 0x02014B50u
#define END 0x06054B50u
#define VERSION 20u     /* 2.0 */
#define UTF8 (1u << 11) /* of the flags */
#define HEAD_MAX (30u + ZIP_NAME_MAX)
#define ROW_MAX (46u + ZIP_NAME_MAX)
#define END_LEN 22u

enum { METHOD_STORED = 0, METHOD_DEFLATED = 8 };

void
zip_init(
    struct zip *z, void (*put)(void *context, struct bytes part), void *context)
{
	*z = (struct zip){ .put = put, .context = context };
	buf_init(&z->directory, ZIP_ENTRIES_MAX * ROW_MAX + END_LEN);
}

void
zip_free(struct zip *z)
{
	buf_free(&z->directory);
}

void
zip_put_buf(void *context, struct bytes part)
{
	buf_bytes(context, part);
}

/* Does one of the name's parts lead up? */
static bool
leads_up(struct bytes name)
{
	size_t from = 0;

	for (size_t i = 0; i <= name.len; i++) {
		if (i < name.len && name.data[i] != '/')
			continue;
		if (bytes_equal_text(bytes_part(name, from, i - from), ".."))
			return true;
		from = i + 1;
	}
	return false;
}

/* No way up, no root, no backslash: whoever unpacks it is not led astray. */
static bool
good_name(struct bytes name)
{
	return name.len && name.len <= ZIP_NAME_MAX && text_valid(name) &&
	    name.data[0] != '/' && !memchr(name.data, '\\', name.len) &&
	    !leads_up(name);
}

/* What a local and a central entry have in common. */
static void
put_common(struct buf *out, const struct zip_entry *e)
{
	buf_u16(out, VERSION);
	buf_u16(out, UTF8);
	buf_u16(out, e->packed ? METHOD_DEFLATED : METHOD_STORED);
	buf_u32(out, e->time);
	buf_u32(out, e->crc);
	buf_u32(out, e->stored);
	buf_u32(out, e->size);
	buf_u16(out, (uint16_t)e->name.len);
	buf_u16(out, 0); /* extra field: none, as ASiC asks of mimetype */
}

void
zip_data(void *context, struct bytes part)
{
	struct zip *z = context;

	z->put(z->context, part);
	z->at += part.len;
}

enum fail
zip_begin(struct zip *z, const struct zip_entry *e)
{
	struct buf head;
	enum fail f;

	if (!good_name(e->name))
		return FAIL_USAGE;
	/* The directory's place is told in 32 bits, too. */
	if (z->count == ZIP_ENTRIES_MAX ||
	    z->at + HEAD_MAX + e->stored >= UINT32_MAX)
		return FAIL_LIMIT;
	buf_u32(&z->directory, CENTRAL);
	buf_u16(&z->directory, VERSION);
	put_common(&z->directory, e);
	buf_u16(&z->directory, 0); /* comment */
	buf_u16(&z->directory, 0); /* disk */
	buf_u16(&z->directory, 0);
	buf_u32(&z->directory, 0); /* attributes */
	buf_u32(&z->directory, (uint32_t)z->at);
	buf_bytes(&z->directory, e->name);
	z->count++;
	buf_init(&head, HEAD_MAX);
	buf_u32(&head, LOCAL);
	put_common(&head, e);
	buf_bytes(&head, e->name);
	f = buf_fail(&head);
	if (!f)
		zip_data(z, buf_view(&head));
	buf_free(&head);
	return f ? f : buf_fail(&z->directory);
}

enum fail
zip_add(struct zip *z, const char *name, struct bytes content)
{
	struct zip_entry e = { .name = BYTES_TEXT(name),
		.crc = deflate_crc32(content),
		.size = (uint32_t)content.len,
		.stored = (uint32_t)content.len,
		.time = ZIP_TIME };
	enum fail f = content.len >= UINT32_MAX ? FAIL_LIMIT : zip_begin(z, &e);

	if (!f)
		zip_data(z, content);
	return f;
}

enum fail
zip_finish(struct zip *z)
{
	struct buf *d = &z->directory;
	uint32_t at = (uint32_t)z->at, len = (uint32_t)d->len;

	buf_u32(d, END);
	buf_u16(d, 0);
	buf_u16(d, 0);
	buf_u16(d, (uint16_t)z->count);
	buf_u16(d, (uint16_t)z->count);
	buf_u32(d, len);
	buf_u32(d, at);
	buf_u16(d, 0);
	if (!buf_fail(d))
		zip_data(z, buf_view(d));
	return buf_fail(d);
}

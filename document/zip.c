#include "document/zip.h"

#include "base/text.h"
#include "document/deflate.h"

#define LOCAL 0x04034B50u
#define CENTRAL 0x02014B50u
#define END 0x06054B50u
#define VERSION 20u      /* 2.0 */
#define UTF8 (1u << 11)  /* of the flags */
#define DOS_DATE 0x5821u /* 2024-01-01: the same container, the same bytes */

void
zip_init(struct zip *z, size_t ceiling)
{
	*z = (struct zip){ .count = 0 };
	buf_init(&z->out, ceiling);
	buf_init(&z->directory, ZIP_ENTRIES_MAX * (ZIP_NAME_MAX + 46));
}

void
zip_free(struct zip *z)
{
	buf_free(&z->out);
	buf_free(&z->directory);
}

/* Does one of the name's parts lead up? */
static bool
leads_up(const char *name)
{
	while (*name) {
		size_t n = strcspn(name, "/");

		if (n == 2 && name[0] == '.' && name[1] == '.')
			return true;
		name += n + (name[n] == '/');
	}
	return false;
}

/* No way up, no root, no backslash: whoever unpacks it is not led astray. */
static bool
good_name(const char *name)
{
	struct bytes b = BYTES_TEXT(name);

	return b.len && b.len <= ZIP_NAME_MAX && text_valid(b) &&
	    name[0] != '/' && !strchr(name, '\\') && !leads_up(name);
}

/* What a local and a central entry have in common. */
static void
put_common(struct buf *out, struct bytes content, size_t name_len)
{
	buf_u16(out, VERSION);
	buf_u16(out, UTF8);
	buf_u16(out, 0); /* stored */
	buf_u16(out, 0); /* time */
	buf_u16(out, DOS_DATE);
	buf_u32(out, deflate_crc32(content));
	buf_u32(out, (uint32_t)content.len);
	buf_u32(out, (uint32_t)content.len);
	buf_u16(out, (uint16_t)name_len);
	buf_u16(out, 0); /* extra field: none, as ASiC asks of mimetype */
}

enum fail
zip_add(struct zip *z, const char *name, struct bytes content)
{
	uint32_t at = (uint32_t)z->out.len;

	if (!good_name(name))
		return FAIL_USAGE;
	if (z->count == ZIP_ENTRIES_MAX ||
	    content.len > UINT32_MAX - ZIP_NAME_MAX - 64 - z->out.len)
		return FAIL_LIMIT;
	buf_u32(&z->out, LOCAL);
	put_common(&z->out, content, strlen(name));
	buf_text(&z->out, name);
	buf_bytes(&z->out, content);
	buf_u32(&z->directory, CENTRAL);
	buf_u16(&z->directory, VERSION);
	put_common(&z->directory, content, strlen(name));
	buf_u16(&z->directory, 0); /* comment */
	buf_u16(&z->directory, 0); /* disk */
	buf_u16(&z->directory, 0);
	buf_u32(&z->directory, 0); /* attributes */
	buf_u32(&z->directory, at);
	buf_text(&z->directory, name);
	z->count++;
	return buf_fail(&z->out);
}

enum fail
zip_finish(struct zip *z)
{
	uint32_t at = (uint32_t)z->out.len;

	buf_bytes(&z->out, buf_view(&z->directory));
	buf_u32(&z->out, END);
	buf_u16(&z->out, 0);
	buf_u16(&z->out, 0);
	buf_u16(&z->out, (uint16_t)z->count);
	buf_u16(&z->out, (uint16_t)z->count);
	buf_u32(&z->out, (uint32_t)z->directory.len);
	buf_u32(&z->out, at);
	buf_u16(&z->out, 0);
	return buf_fail(&z->directory) ? buf_fail(&z->directory) :
					 buf_fail(&z->out);
}

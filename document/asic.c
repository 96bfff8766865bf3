#include "document/asic.h"

#include "crypto/pem.h"
#include "document/deflate.h"
#include "document/unzip.h"

#define MIME "application/vnd.etsi.asic-e+zip"

/* A name as a relative URI reference (RFC 3986 2.1), which is safe in an
 * attribute too. */
static void
put_uri(struct buf *out, const char *name)
{
	for (const uint8_t *c = (const uint8_t *)name; *c; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') ||
		    (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
		    strchr("-._~/", *c);

		if (plain)
			buf_u8(out, *c);
		else
			buf_printf(out, "%%%02X", *c);
	}
}

/* Both in one pass. */
struct look {
	struct hash hash;
	uint32_t crc;
};

static void
look_step(void *context, struct bytes step)
{
	struct look *look = context;

	hash_add(&look->hash, step);
	look->crc = deflate_crc32_on(look->crc, step);
}

enum fail
asic_look(struct asic_file *file)
{
	struct look look = { .crc = 0 };
	enum fail f;

	hash_init(&look.hash, HASH_SHA256);
	f = disk_each(file->map, look_step, &look);
	hash_done(&look.hash, file->digest);
	file->crc = look.crc;
	return f;
}

enum fail
asic_manifest(const struct asic_file *files, size_t count, struct buf *out)
{
	buf_text(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<asic:ASiCManifest"
	    " xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\""
	    " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n"
	    "<asic:SigReference URI=\"" ASIC_SIGNATURE "\""
	    " MimeType=\"application/x-pkcs7-signature\"/>\n");
	for (size_t i = 0; i < count; i++) {
		if (!strncmp(files[i].name, "META-INF/", 9) ||
		    !strcmp(files[i].name, "mimetype"))
			return FAIL_USAGE;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(files[j].name, files[i].name))
				return FAIL_USAGE;
		buf_text(out, "<asic:DataObjectReference URI=\"");
		put_uri(out, files[i].name);
		buf_text(out,
		    "\"><ds:DigestMethod Algorithm="
		    "\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
		    "<ds:DigestValue>");
		pem_base64((struct bytes){ files[i].digest, HASH_LEN }, out);
		buf_text(out, "</ds:DigestValue></asic:DataObjectReference>\n");
	}
	buf_text(out, "</asic:ASiCManifest>\n");
	return buf_fail(out);
}

/* Of a file that is another meanwhile the checksum does not hold. */
static enum fail
put_file(const struct asic_file *file, struct zip *zip)
{
	size_t len = file->map->bytes.len;
	struct zip_entry e = { .name = BYTES_TEXT(file->name),
		.crc = file->crc,
		.size = (uint32_t)len,
		.stored = (uint32_t)len,
		.time = ZIP_TIME };
	enum fail f = len >= UINT32_MAX ? FAIL_LIMIT : zip_begin(zip, &e);

	return f ? f : disk_each(file->map, zip_data, zip);
}

enum fail
asic_write(const struct asic_file *files, size_t count, struct bytes manifest,
    struct bytes signature, struct zip *zip)
{
	enum fail f = zip_add(zip, "mimetype", BYTES_TEXT(MIME));

	for (size_t i = 0; i < count && !f; i++)
		f = put_file(&files[i], zip);
	if (!f)
		f = zip_add(zip, ASIC_MANIFEST, manifest);
	if (!f)
		f = zip_add(zip, ASIC_SIGNATURE, signature);
	return f ? f : zip_finish(zip);
}

/* An entry as it was, read beside the map. */
static enum fail
put_entry(const struct disk_map *container, const struct unzip_entry *e,
    struct zip *zip)
{
	size_t from = (size_t)(e->data.data - container->bytes.data);
	struct disk_map data = disk_map_part(container, from, e->data.len);
	const struct zip_entry entry = { .name = e->name,
		.crc = e->crc,
		.size = e->size,
		.stored = (uint32_t)e->data.len,
		.packed = e->packed,
		.time = e->time };
	enum fail f = zip_begin(zip, &entry);

	return f ? f : disk_each(&data, zip_data, zip);
}

static enum fail
put_signature(
    const struct unzip_entry *e, struct bytes signature, struct zip *zip)
{
	const struct zip_entry entry = { .name = e->name,
		.crc = deflate_crc32(signature),
		.size = (uint32_t)signature.len,
		.stored = (uint32_t)signature.len,
		.time = e->time };
	enum fail f = zip_begin(zip, &entry);

	if (!f)
		zip_data(zip, signature);
	return f;
}

enum fail
asic_rewrite(const struct disk_map *container, const struct bytes *signatures,
    struct zip *zip)
{
	struct unzip old;
	enum fail f = unzip_open(&old, container->bytes);

	for (size_t i = 0; i < old.count && !f; i++)
		f = signatures[i].len ?
		    put_signature(&old.entries[i], signatures[i], zip) :
		    put_entry(container, &old.entries[i], zip);
	unzip_close(&old);
	return f ? f : zip_finish(zip);
}

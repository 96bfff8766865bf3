#include "document/asic.h"

#include "crypto/hash.h"
#include "crypto/pem.h"

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
		uint8_t digest[HASH_LEN];

		if (!strncmp(files[i].name, "META-INF/", 9) ||
		    !strcmp(files[i].name, "mimetype"))
			return FAIL_USAGE;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(files[j].name, files[i].name))
				return FAIL_USAGE;
		hash_sha256(files[i].content, digest);
		buf_text(out, "<asic:DataObjectReference URI=\"");
		put_uri(out, files[i].name);
		buf_text(out,
		    "\"><ds:DigestMethod Algorithm="
		    "\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
		    "<ds:DigestValue>");
		pem_base64(BYTES_ARRAY(digest), out);
		buf_text(out, "</ds:DigestValue></asic:DataObjectReference>\n");
	}
	buf_text(out, "</asic:ASiCManifest>\n");
	return buf_fail(out);
}

enum fail
asic_write(const struct asic_file *files, size_t count, struct bytes manifest,
    struct bytes signature, struct zip *zip)
{
	enum fail f = zip_add(zip, "mimetype", BYTES_TEXT(MIME));

	for (size_t i = 0; i < count && !f; i++)
		f = zip_add(zip, files[i].name, files[i].content);
	if (!f)
		f = zip_add(zip, ASIC_MANIFEST, manifest);
	if (!f)
		f = zip_add(zip, ASIC_SIGNATURE, signature);
	return f ? f : zip_finish(zip);
}

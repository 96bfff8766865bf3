#include "document/asic_meta.h"

#include "base/effort.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/pem.h"

#define META ASIC_META
#define URI_MAX 1024u
#define ENTRY_NS 5u /* to compare a name with an entry's (base/effort.h) */

/* A name of META-INF with only digits between its beginning and ".xml". */
static bool
is_numbered(struct bytes name, const char *start)
{
	if (!bytes_starts(name, start) || !bytes_ends(name, ".xml"))
		return false;
	for (size_t i = strlen(start); i < name.len - strlen(".xml"); i++)
		if (name.data[i] < '0' || name.data[i] > '9')
			return false;
	return true;
}

/* A relative reference with its percent signs undone. */
static enum fail
put_name(struct bytes uri, struct buf *out)
{
	for (size_t i = 0; i < uri.len; i++) {
		int high, low;

		if (uri.data[i] != '%') {
			buf_u8(out, uri.data[i]);
			continue;
		}
		if (i + 2 >= uri.len)
			return FAIL_FORMAT;
		high = hex_digit(uri.data[i + 1]);
		low = hex_digit(uri.data[i + 2]);
		if (high < 0 || low < 0)
			return FAIL_FORMAT;
		buf_u8(out, (uint8_t)(high << 4 | low));
		i += 2;
	}
	return text_valid(buf_view(out)) ? buf_fail(out) : FAIL_FORMAT;
}

enum fail
asic_meta_name(
    const struct xml_item *item, const char *attribute, struct buf *out)
{
	struct buf uri;
	enum fail f;

	buf_init(&uri, URI_MAX);
	f = xml_attribute(item, attribute, &uri);
	if (!f)
		f = put_name(buf_view(&uri), out);
	buf_free(&uri);
	return f;
}

/* ---- what a manifest holds ---- */

enum holding { HOLDS_REFERENCES, HOLDS_FILES, HOLDS_ROOTS };

/* Elements and attributes of each; nothing else is in one that writers write,
 * and what is may be a text for who opens it. */
static const char *const elements[][8] = {
	[HOLDS_REFERENCES] = { "ASiCManifest", "SigReference",
	    "DataObjectReference", "DigestMethod", "DigestValue", NULL },
	[HOLDS_FILES] = { "manifest", "file-entry", NULL },
	[HOLDS_ROOTS] = { "container", "rootfiles", "rootfile", NULL },
};
static const char *const attributes[] = { "URI", "full-path", "MimeType",
	"media-type", "Rootfile", "Algorithm", "version", "size", NULL };

#define VALUE_LONG 129u /* bytes of an attribute that is no name */
#define DIGEST_LONG 129u

/* A manifest while it is read. */
struct reading {
	const struct unzip *zip;
	enum holding holding;
	bool in_value; /* of a digest */
};

/* The name in an attribute is an entry's, or there is none. */
static bool
is_named(
    const struct unzip *zip, const struct xml_item *item, const char *attribute)
{
	struct buf name;
	enum fail f;
	bool good;

	/* Entries are looked for one by one. */
	effort_add(ENTRY_NS * zip->count);
	if (effort_is_spent())
		return false;
	buf_init(&name, URI_MAX);
	f = asic_meta_name(item, attribute, &name);
	good = f == FAIL_MISSING ||
	    (!f &&
		(bytes_equal_text(buf_view(&name), "/") ||
		    unzip_find(zip, buf_view(&name))));
	buf_free(&name);
	return good;
}

static bool
is_blank(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!text.data[i] || !strchr(" \t\r\n", text.data[i]))
			return false;
	return true;
}

/* As long as some digest in base 64. */
static bool
is_digest(struct bytes text)
{
	struct buf value;
	bool good;

	if (text.len > DIGEST_LONG)
		return false;
	buf_init(&value, DIGEST_LONG);
	good = !pem_unbase64(text, &value) && value.len >= 20 &&
	    value.len <= HASH_MAX && value.len % 4 == 0;
	buf_free(&value);
	return good;
}

/* ASCII letters, digits, and these others. */
static bool
is_of(struct bytes text, const char *others)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && !(c && strchr(others, c)))
			return false;
	}
	return true;
}

/* As media types, versions and identifiers are written. */
static bool
is_plain_value(struct bytes value)
{
	return value.len <= VALUE_LONG && is_of(value, "./+-_:#");
}

static bool
are_attributes_known(const struct xml_item *item)
{
	struct bytes rest = item->attributes, name, value;
	enum fail f;

	while (!(f = xml_next_attribute(&rest, &name, &value))) {
		size_t colon = bytes_find(name, ":");

		if (bytes_starts(name, "xmlns")) {
			if (!is_plain_value(value))
				return false;
			continue;
		}
		if (colon != SIZE_MAX)
			name = bytes_part(name, colon + 1, SIZE_MAX);
		if (!bytes_among(name, attributes))
			return false;
		if (!bytes_equal_text(name, "URI") &&
		    !bytes_equal_text(name, "full-path") &&
		    !is_plain_value(value))
			return false;
	}
	return f == FAIL_MISSING;
}

static bool
is_fitting(struct reading *r, const struct xml_item *item)
{
	bool value = r->in_value;

	switch (item->kind) {
	case XML_START:
		r->in_value = bytes_equal_text(item->name, "DigestValue");
		if (!bytes_among(item->name, elements[r->holding]) ||
		    !are_attributes_known(item))
			return false;
		if (r->holding != HOLDS_REFERENCES)
			return is_named(r->zip, item, "full-path");
		return !bytes_equal_text(item->name, "SigReference") ||
		    is_named(r->zip, item, "URI");
	case XML_TEXT:
		r->in_value = false;
		return is_blank(item->text) || (value && is_digest(item->text));
	default:
		r->in_value = false;
		return true;
	}
}

/* Comments and instructions, beside the declaration at the beginning. */
static bool
has_words_between(struct bytes in)
{
	return bytes_find(in, "<!") != SIZE_MAX ||
	    bytes_find(bytes_part(in, 1, SIZE_MAX), "<?") != SIZE_MAX ||
	    (bytes_starts(in, "<?") && !bytes_starts(in, "<?xml "));
}

/* Well formed, of the right root, and with no text for who reads it. */
static bool
is_manifest(const struct unzip *zip, struct bytes in, enum holding holding)
{
	struct reading r = { .zip = zip, .holding = holding };
	struct xml x = xml_open(in);
	struct xml_item item;
	enum fail f = has_words_between(in) ? FAIL_FORMAT : xml_next(&x, &item);

	/* An end of line may stand before it. */
	while (!f && item.kind == XML_TEXT && is_blank(item.text))
		f = xml_next(&x, &item);
	if (f || item.kind != XML_START ||
	    !bytes_equal_text(item.name, elements[holding][0]))
		return false;
	while (!f && item.kind != XML_DONE) {
		if (!is_fitting(&r, &item))
			return false;
		f = xml_next(&x, &item);
	}
	return !f;
}

/* ---- names ---- */

/* As writers name them: "ASiCManifest001.xml". */
static bool
holding_of(struct bytes name, enum holding *holding)
{
	static const char *const manifests[] = { META "ASiCManifest",
		META "ASiCArchiveManifest", META "ASiCEvidenceRecordManifest" };

	*holding = is_numbered(name, META "manifest") ? HOLDS_FILES :
	    is_numbered(name, META "container")       ? HOLDS_ROOTS :
							HOLDS_REFERENCES;
	if (*holding != HOLDS_REFERENCES)
		return true;
	for (size_t i = 0; i < sizeof(manifests) / sizeof(manifests[0]); i++)
		if (bytes_starts(name, manifests[i]) &&
		    bytes_ends(name, ".xml") &&
		    is_of(bytes_part(name, strlen(META), SIZE_MAX), "._-"))
			return true;
	return false;
}

bool
asic_meta_is(
    const struct unzip *zip, const struct unzip_entry *e, uint64_t *left)
{
	enum holding holding;
	struct buf content;
	bool good;

	/* Nothing is below that folder: "META-INF/x/../../y" is another's. */
	if (!bytes_starts(e->name, META) ||
	    memchr(
		e->name.data + strlen(META), '/', e->name.len - strlen(META)))
		return false;
	if (bytes_ends(e->name, ".p7s") || bytes_ends(e->name, ".tst") ||
	    bytes_ends(e->name, ".ers") ||
	    (bytes_find(e->name, "signature") != SIZE_MAX &&
		bytes_ends(e->name, ".xml")))
		return true;
	if (!holding_of(e->name, &holding) || e->size > ASIC_MANIFEST_MAX ||
	    e->size > *left)
		return false;
	*left -= e->size;
	buf_init(&content, ASIC_MANIFEST_MAX);
	good = !unzip_read(e, &content) &&
	    is_manifest(zip, buf_view(&content), holding);
	buf_free(&content);
	return good;
}

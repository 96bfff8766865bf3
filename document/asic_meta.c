#include "document/asic_meta.h"

#include "base/text.h"

#define META ASIC_META
#define URI_MAX 1024u

static bool
ends_with(struct bytes name, const char *end)
{
	size_t len = strlen(end);

	return name.len >= len &&
	    bytes_equal_text(bytes_part(name, name.len - len, len), end);
}

static bool
has_word(struct bytes name, const char *word)
{
	return bytes_find(name, word) != SIZE_MAX;
}

/* A name of META-INF with only digits between its beginning and ".xml". */
static bool
is_numbered(struct bytes name, const char *start)
{
	if (!bytes_starts(name, start) || !ends_with(name, ".xml"))
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

enum holding { HOLDS_FILES, HOLDS_ROOTS, HOLDS_RECORD, HOLDS_REFERENCES };

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

	buf_init(&name, URI_MAX);
	f = asic_meta_name(item, attribute, &name);
	good = f == FAIL_MISSING ||
	    (!f &&
		(ends_with(buf_view(&name), "/") ||
		    unzip_find(zip, buf_view(&name))));
	buf_free(&name);
	return good;
}

/* Letters of base 64, and blanks. */
static bool
is_encoded(struct bytes text, bool blank)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (c && strchr(" \t\r\n", c))
			continue;
		if (blank ||
		    !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '+' || c == '/' ||
			c == '='))
			return false;
	}
	return true;
}

static bool
is_fitting(struct reading *r, const struct xml_item *item)
{
	switch (item->kind) {
	case XML_START:
		r->in_value = bytes_equal_text(item->name, "DigestValue");
		if (r->holding == HOLDS_FILES)
			return is_named(r->zip, item, "full-path");
		if (bytes_equal_text(item->name, "SigReference"))
			return is_named(r->zip, item, "URI");
		return true;
	case XML_TEXT:
		return is_encoded(
		    item->text, r->holding != HOLDS_RECORD && !r->in_value);
	default:
		r->in_value = false;
		return true;
	}
}

/* Well formed, of the right root, and with no text for who reads it. */
static bool
is_manifest(const struct unzip *zip, struct bytes in, enum holding holding)
{
	static const char *const roots[] = { [HOLDS_FILES] = "manifest",
		[HOLDS_ROOTS] = "container",
		[HOLDS_RECORD] = "EvidenceRecord",
		[HOLDS_REFERENCES] = "ASiCManifest" };
	struct reading r = { .zip = zip, .holding = holding };
	struct xml x = xml_open(in);
	struct xml_item item;
	enum fail f = xml_next(&x, &item);

	/* An end of line may stand before it. */
	while (!f && item.kind == XML_TEXT && is_encoded(item.text, true))
		f = xml_next(&x, &item);
	if (f || item.kind != XML_START ||
	    !bytes_equal_text(item.name, roots[holding]))
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
is_plain_name(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && !(c && strchr("._-", c)))
			return false;
	}
	return true;
}

static bool
holding_of(struct bytes name, enum holding *holding)
{
	static const char *const manifests[] = { META "ASiCManifest",
		META "ASiCArchiveManifest", META "ASiCEvidenceRecordManifest" };
	static const char *const numbered[] = { [HOLDS_FILES] = META "manifest",
		[HOLDS_ROOTS] = META "container",
		[HOLDS_RECORD] = META "evidencerecord" };

	for (size_t i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++)
		if (is_numbered(name, numbered[i])) {
			*holding = (enum holding)i;
			return true;
		}
	*holding = HOLDS_REFERENCES;
	for (size_t i = 0; i < sizeof(manifests) / sizeof(manifests[0]); i++)
		if (bytes_starts(name, manifests[i]) &&
		    ends_with(name, ".xml") &&
		    is_plain_name(bytes_part(name, strlen(META), SIZE_MAX)))
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
	if (ends_with(e->name, ".p7s") || ends_with(e->name, ".tst") ||
	    ends_with(e->name, ".ers") ||
	    (has_word(e->name, "signature") && ends_with(e->name, ".xml")))
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

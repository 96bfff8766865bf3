#include "document/asic_signed.h"

#include <stdlib.h>

#include "base/text.h"
#include "crypto/pem.h"
#include "document/xml_read.h"

#define META ASIC_META
#define MANIFEST_MAX (4u << 20)
#define URI_MAX 1024u
#define DIGEST_TEXT_MAX 256u
#define ASIC_PACKED_MAX (128u << 20)   /* of one file held whole */
#define ASIC_MANIFESTS_MAX (32u << 20) /* for all signatures */
/* Bytes unpacked of all files, again and again: some, as many as the container
 * is long so many times over, and no more than that. */
#define UNPACKED_ANY (UINT64_C(256) << 20)
#define UNPACKED_TIMES 64u
#define UNPACKED_MAX (UINT64_C(3) << 30)

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

/* Files of META-INF that EN 319 162-1 A and OpenDocument know are about the
 * others; anything else there is a file like any. */
static bool
is_meta(struct bytes name)
{
	static const char *const numbered[] = { META "manifest",
		META "container", META "evidencerecord" };
	static const char *const manifests[] = { META "ASiCManifest",
		META "ASiCArchiveManifest", META "ASiCEvidenceRecordManifest" };

	/* Nothing is below that folder: "META-INF/x/../../y" is another's. */
	if (!bytes_starts(name, META) ||
	    memchr(name.data + strlen(META), '/', name.len - strlen(META)))
		return false;
	if (ends_with(name, ".p7s") || ends_with(name, ".tst") ||
	    ends_with(name, ".ers"))
		return true;
	for (size_t i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++)
		if (is_numbered(name, numbered[i]))
			return true;
	for (size_t i = 0; i < sizeof(manifests) / sizeof(manifests[0]); i++)
		if (bytes_starts(name, manifests[i]) && ends_with(name, ".xml"))
			return true;
	return has_word(name, "signature") && ends_with(name, ".xml");
}

/* "mimetype" is about all. */
bool
asic_is_content(const struct unzip_entry *e)
{
	return !is_meta(e->name) && !bytes_equal_text(e->name, "mimetype") &&
	    !(ends_with(e->name, "/") && !e->size);
}

bool
asic_is_signature(const struct unzip_entry *e)
{
	return bytes_starts(e->name, META) &&
	    (ends_with(e->name, ".p7s") || ends_with(e->name, ".tst"));
}

bool
asic_is_record(const struct unzip_entry *e)
{
	return bytes_starts(e->name, META) && ends_with(e->name, ".ers");
}

bool
asic_covers_signatures(const struct unzip_entry *e)
{
	return asic_is_record(e) ||
	    (bytes_starts(e->name, META) &&
		(ends_with(e->name, ".tst") ||
		    has_word(e->name, "ArchiveManifest")));
}

/* ---- the manifest ---- */

/* DataObjectReference: a file by its name, and its digest. */
struct reference {
	struct buf uri, digest; /* decoded */
	enum hash_kind hash;
};

static enum fail
read_algorithm(const struct xml_item *item, enum hash_kind *kind)
{
	static const struct {
		const char *uri;
		enum hash_kind kind;
	} known[] = {
		{ "http://www.w3.org/2001/04/xmlenc#sha256", HASH_SHA256 },
		{ "http://www.w3.org/2001/04/xmldsig-more#sha384",
		    HASH_SHA384 },
		{ "http://www.w3.org/2001/04/xmlenc#sha512", HASH_SHA512 },
	};
	struct buf uri;
	enum fail f;

	buf_init(&uri, URI_MAX);
	f = xml_attribute(item, "Algorithm", &uri);
	if (!f)
		f = FAIL_UNSUPPORTED;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (bytes_equal_text(buf_view(&uri), known[i].uri)) {
			*kind = known[i].kind;
			f = FAIL_NONE;
		}
	buf_free(&uri);
	return f;
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

static enum fail
read_name(const struct xml_item *item, struct buf *out)
{
	struct buf uri;
	enum fail f;

	buf_init(&uri, URI_MAX);
	f = xml_attribute(item, "URI", &uri);
	if (!f)
		f = put_name(buf_view(&uri), out);
	buf_free(&uri);
	return f;
}

/* Of all that is unpacked there is a budget. */
static enum fail
charge(struct asic_signed *a, const struct unzip_entry *e)
{
	if (e->size > a->left)
		return FAIL_LIMIT;
	a->left -= e->size;
	return FAIL_NONE;
}

static enum fail
unpack(struct asic_signed *a, const struct unzip_entry *e, struct buf *out)
{
	enum fail f = charge(a, e);

	return f ? f : unzip_read(e, out);
}

enum fail
asic_signed_digest(struct asic_signed *a, const struct unzip_entry *e,
    enum hash_kind kind, const uint8_t **digest)
{
	struct asic_known *known = &a->known[e - a->zip.entries];
	struct hash h;
	enum fail f;

	*digest = known->digest[kind];
	if (known->has[kind])
		return FAIL_NONE;
	f = charge(a, e);
	if (f)
		return f;
	hash_init(&h, kind);
	f = unzip_each(e, hash_step, &h);
	hash_done(&h, known->digest[kind]);
	known->has[kind] = !f;
	return f;
}

/* The named file has the digest; no writer names one twice. */
static enum fail
check_reference(struct asic_signed *a, const struct reference *r)
{
	const struct unzip_entry *e = unzip_find(&a->zip, buf_view(&r->uri));
	const uint8_t *digest;
	enum fail f;

	if (!e)
		return FAIL_DIGEST;
	if (a->covered[e - a->zip.entries])
		return FAIL_FORMAT;
	f = asic_signed_digest(a, e, r->hash, &digest);
	if (f)
		return f;
	a->covered[e - a->zip.entries] = true;
	return bytes_equal(buf_view(&r->digest),
		   (struct bytes){ digest, hash_len(r->hash) }) ?
	    FAIL_NONE :
	    FAIL_DIGEST;
}

/* From behind its start tag to its end. */
static enum fail
read_reference(struct asic_signed *a, struct xml *x, struct reference *r)
{
	struct xml_item item;
	bool in_value = false;
	struct buf text;
	size_t depth = x->depth;
	enum fail f = FAIL_NONE;

	buf_init(&text, DIGEST_TEXT_MAX);
	while (!f && x->depth >= depth) {
		f = xml_next(x, &item);
		if (f)
			break;
		if (item.kind == XML_START)
			in_value = bytes_equal_text(item.name, "DigestValue");
		if (item.kind == XML_START &&
		    bytes_equal_text(item.name, "DigestMethod"))
			f = read_algorithm(&item, &r->hash);
		if (item.kind == XML_TEXT && in_value)
			f = xml_put_text(item.text, &text);
		if (item.kind == XML_END)
			in_value = false;
		if (item.kind == XML_DONE)
			f = FAIL_FORMAT;
	}
	if (!f)
		f = pem_unbase64(buf_view(&text), &r->digest);
	if (!f && r->hash == HASH_NONE)
		f = FAIL_FORMAT;
	buf_free(&text);
	return f ? f : check_reference(a, r);
}

/*
 * Is this the manifest of a signature (FAIL_MISSING: of another one), and are
 * the files what it says?
 */
static enum fail
check_manifest(
    struct asic_signed *a, struct bytes manifest, struct bytes signature)
{
	struct xml x = xml_open(manifest);
	struct xml_item item;
	bool ours = false;
	enum fail f = xml_next(&x, &item);

	memset(a->covered, 0, a->zip.count * sizeof(*a->covered));
	while (!f && item.kind != XML_DONE) {
		struct reference r = { .hash = HASH_NONE };

		buf_init(&r.uri, URI_MAX);
		buf_init(&r.digest, DIGEST_TEXT_MAX);
		if (item.kind == XML_START &&
		    bytes_equal_text(item.name, "SigReference")) {
			f = read_name(&item, &r.uri);
			ours = bytes_equal(buf_view(&r.uri), signature);
			if (!f && !ours)
				f = FAIL_MISSING;
		} else if (item.kind == XML_START &&
		    bytes_equal_text(item.name, "DataObjectReference")) {
			f = read_name(&item, &r.uri);
			if (!f)
				f = read_reference(a, &x, &r);
		}
		buf_free(&r.digest);
		buf_free(&r.uri);
		if (!f)
			f = xml_next(&x, &item);
	}
	return f || ours ? f : FAIL_MISSING;
}

/* ---- what a signature signs ---- */

bool
asic_signed_all(const struct asic_signed *a)
{
	for (size_t i = 0; i < a->zip.count; i++)
		if (asic_is_content(&a->zip.entries[i]) && !a->covered[i])
			return false;
	return true;
}

static void
pass_over(void *context, struct bytes part)
{
	(void)context;
	(void)part;
}

/* As it stands in the container, if it is not packed. */
static enum fail
view_content(struct asic_signed *a, const struct unzip_entry *e,
    struct buf *content, struct bytes *view)
{
	enum fail f;

	*view = e->data;
	if (!e->packed) {
		f = charge(a, e);
		return f ? f : unzip_each(e, pass_over, NULL);
	}
	buf_clear(content);
	f = e->size > ASIC_PACKED_MAX ? FAIL_LIMIT : unpack(a, e, content);
	*view = buf_view(content);
	return f;
}

enum fail
asic_signed_find(struct asic_signed *a, struct bytes signature,
    struct buf *content, struct bytes *view, bool *by_manifest)
{
	const struct unzip_entry *only = NULL;
	size_t count = 0;

	memset(a->covered, 0, a->zip.count * sizeof(*a->covered));
	for (size_t i = 0; i < a->zip.count; i++) {
		const struct unzip_entry *e = &a->zip.entries[i];
		enum fail f;

		if (asic_is_content(e)) {
			only = e;
			count++;
			continue;
		}
		if (!bytes_starts(e->name, META) ||
		    !has_word(e->name, "Manifest") ||
		    !ends_with(e->name, ".xml") || e->size > MANIFEST_MAX)
			continue;
		buf_clear(content);
		if (e->size > a->read_left)
			return FAIL_LIMIT;
		a->read_left -= e->size;
		f = unpack(a, e, content);
		if (!f)
			f = check_manifest(a, buf_view(content), signature);
		*by_manifest = f != FAIL_MISSING;
		*view = buf_view(content);
		if (*by_manifest)
			return f;
	}
	/* Others' manifests have left their marks. */
	memset(a->covered, 0, a->zip.count * sizeof(*a->covered));
	*by_manifest = false;
	if (count != 1)
		return FAIL_MISSING;
	a->covered[only - a->zip.entries] = true;
	return view_content(a, only, content, view);
}

/* ---- all of it ---- */

static uint64_t
unpacked_most(uint64_t len)
{
	return len > (UNPACKED_MAX - UNPACKED_ANY) / UNPACKED_TIMES ?
	    UNPACKED_MAX :
	    UNPACKED_ANY + UNPACKED_TIMES * len;
}

enum fail
asic_signed_open(struct asic_signed *a, struct bytes container)
{
	size_t count;
	enum fail f;

	*a = (struct asic_signed){ .left = unpacked_most(container.len),
		.read_left = ASIC_MANIFESTS_MAX };
	f = unzip_open(&a->zip, container);
	if (f)
		return f;
	count = a->zip.count ? a->zip.count : 1;
	a->covered = calloc(count, sizeof(*a->covered));
	a->known = calloc(count, sizeof(*a->known));
	if (a->covered && a->known)
		return FAIL_NONE;
	asic_signed_close(a);
	return FAIL_MEMORY;
}

void
asic_signed_close(struct asic_signed *a)
{
	free(a->known);
	free(a->covered);
	unzip_close(&a->zip);
}

#include "document/asic_signed.h"

#include <stdlib.h>

#include "crypto/pem.h"
#include "document/asic_meta.h"
#include "document/xml_read.h"

#define META ASIC_META
#define URI_MAX 1024u
#define DIGEST_TEXT_MAX 256u
#define ASIC_PACKED_MAX (128u << 20)   /* of one file held whole */
#define ASIC_MANIFESTS_MAX (32u << 20) /* for all signatures */
/* Bytes unpacked of all files, again and again: some, as many as the container
 * is long so many times over, and no more than that. */
#define UNPACKED_ANY (UINT64_C(256) << 20)
#define UNPACKED_TIMES 64u
#define UNPACKED_MAX (UINT64_C(3) << 30)

bool
asic_is_content(const struct asic_signed *a, const struct unzip_entry *e)
{
	return !a->about[e - a->zip.entries] &&
	    !(bytes_ends(e->name, "/") && !e->size);
}

bool
asic_is_signature(const struct unzip_entry *e)
{
	return bytes_starts(e->name, META) &&
	    (bytes_ends(e->name, ".p7s") || bytes_ends(e->name, ".tst"));
}

bool
asic_is_stamp(const struct unzip_entry *e)
{
	return bytes_starts(e->name, META) && bytes_ends(e->name, ".tst");
}

bool
asic_is_record(const struct unzip_entry *e)
{
	return bytes_starts(e->name, META) && bytes_ends(e->name, ".ers");
}

bool
asic_covers_signatures(const struct unzip_entry *e)
{
	return asic_is_record(e) || asic_is_stamp(e) ||
	    (bytes_starts(e->name, META) &&
		bytes_find(e->name, "ArchiveManifest") != SIZE_MAX);
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
			f = asic_meta_name(&item, "URI", &r.uri);
			ours = bytes_equal(buf_view(&r.uri), signature);
			if (!f && !ours)
				f = FAIL_MISSING;
		} else if (item.kind == XML_START &&
		    bytes_equal_text(item.name, "DataObjectReference")) {
			f = asic_meta_name(&item, "URI", &r.uri);
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
		if (asic_is_content(a, &a->zip.entries[i]) && !a->covered[i] &&
		    a->manifest != &a->zip.entries[i])
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

	a->manifest = NULL;
	memset(a->covered, 0, a->zip.count * sizeof(*a->covered));
	for (size_t i = 0; i < a->zip.count; i++) {
		const struct unzip_entry *e = &a->zip.entries[i];
		enum fail f;

		if (asic_is_content(a, e)) {
			only = e;
			count++;
		}
		if (!bytes_starts(e->name, META) ||
		    bytes_find(e->name, "Manifest") == SIZE_MAX ||
		    !bytes_ends(e->name, ".xml") || e->size > ASIC_MANIFEST_MAX)
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
		if (*by_manifest) {
			a->manifest = e;
			return f;
		}
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
	a->about = calloc(count, sizeof(*a->about));
	if (!a->covered || !a->known || !a->about) {
		asic_signed_close(a);
		return FAIL_MEMORY;
	}
	/* "mimetype" is about all. */
	for (size_t i = 0; i < a->zip.count; i++) {
		const struct unzip_entry *e = &a->zip.entries[i];

		a->about[i] = bytes_equal_text(e->name, "mimetype") ||
		    asic_meta_is(&a->zip, e, &a->read_left);
	}
	return FAIL_NONE;
}

void
asic_signed_close(struct asic_signed *a)
{
	free(a->about);
	free(a->known);
	free(a->covered);
	unzip_close(&a->zip);
}

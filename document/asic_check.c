#include "document/asic_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "crypto/pem.h"
#include "document/cades_check.h"
#include "document/ers_check.h"
#include "document/unzip.h"
#include "document/xml_read.h"

#define META "META-INF/"
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

/* A container while it is checked. */
struct visit {
	struct unzip zip;
	const struct check_policy *policy;
	struct signature_report *report;
	bool *covered;       /* owned: of each entry, by the manifest at hand */
	int64_t *proven;     /* owned: since when each has been there */
	struct known *known; /* owned: of each */
	uint64_t left;       /* bytes that may still be unpacked … */
	uint64_t read_left;  /* … and that manifests may be read of */
};

/* Digests of an entry's content, each worked out once for all that sign it. */
struct known {
	bool has[HASH_KINDS];
	uint8_t digest[HASH_KINDS][HASH_MAX];
};

bool
asic_is(struct bytes in)
{
	return bytes_starts(in, "PK\x03\x04");
}

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

/* What "mimetype" holds is a media type (RFC 6838 4.2) and no document. */
static bool
is_media_type(struct bytes in)
{
	size_t slashes = 0;

	while (in.len &&
	    (in.data[in.len - 1] == '\n' || in.data[in.len - 1] == '\r'))
		in.len--;
	for (size_t i = 0; i < in.len; i++) {
		uint8_t c = in.data[i];

		slashes += c == '/';
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && !(c && strchr("/.+-_", c)))
			return false;
	}
	return slashes == 1;
}

/* "mimetype" is about all. */
static bool
is_content(const struct unzip_entry *e)
{
	return !is_meta(e->name) && !bytes_equal_text(e->name, "mimetype") &&
	    !(ends_with(e->name, "/") && !e->size);
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
charge(struct visit *v, const struct unzip_entry *e)
{
	if (e->size > v->left)
		return FAIL_LIMIT;
	v->left -= e->size;
	return FAIL_NONE;
}

static enum fail
unpack(struct visit *v, const struct unzip_entry *e, struct buf *out)
{
	enum fail f = charge(v, e);

	return f ? f : unzip_read(e, out);
}

static enum fail
digest_entry(struct visit *v, const struct unzip_entry *e, enum hash_kind kind,
    const uint8_t **digest)
{
	struct known *known = &v->known[e - v->zip.entries];
	struct hash h;
	enum fail f;

	*digest = known->digest[kind];
	if (known->has[kind])
		return FAIL_NONE;
	f = charge(v, e);
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
check_reference(struct visit *v, const struct reference *r)
{
	const struct unzip_entry *e = unzip_find(&v->zip, buf_view(&r->uri));
	const uint8_t *digest;
	enum fail f;

	if (!e)
		return FAIL_DIGEST;
	if (v->covered[e - v->zip.entries])
		return FAIL_FORMAT;
	f = digest_entry(v, e, r->hash, &digest);
	if (f)
		return f;
	v->covered[e - v->zip.entries] = true;
	return bytes_equal(buf_view(&r->digest),
		   (struct bytes){ digest, hash_len(r->hash) }) ?
	    FAIL_NONE :
	    FAIL_DIGEST;
}

/* From behind its start tag to its end. */
static enum fail
read_reference(struct visit *v, struct xml *x, struct reference *r)
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
	return f ? f : check_reference(v, r);
}

/*
 * Is this the manifest of a signature (FAIL_MISSING: of another one), and are
 * the files what it says?
 */
static enum fail
check_manifest(struct visit *v, struct bytes manifest, struct bytes signature)
{
	struct xml x = xml_open(manifest);
	struct xml_item item;
	bool ours = false;
	enum fail f = xml_next(&x, &item);

	memset(v->covered, 0, v->zip.count * sizeof(*v->covered));
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
				f = read_reference(v, &x, &r);
		}
		buf_free(&r.digest);
		buf_free(&r.uri);
		if (!f)
			f = xml_next(&x, &item);
	}
	return f || ours ? f : FAIL_MISSING;
}

/* ---- what a signature signs ---- */

static bool
all_covered(const struct visit *v)
{
	for (size_t i = 0; i < v->zip.count; i++)
		if (is_content(&v->zip.entries[i]) && !v->covered[i])
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
view_content(struct visit *v, const struct unzip_entry *e, struct buf *content,
    struct bytes *view)
{
	enum fail f;

	*view = e->data;
	if (!e->packed) {
		f = charge(v, e);
		return f ? f : unzip_each(e, pass_over, NULL);
	}
	buf_clear(content);
	f = e->size > ASIC_PACKED_MAX ? FAIL_LIMIT : unpack(v, e, content);
	*view = buf_view(content);
	return f;
}

/* The manifest that names it, or (ASiC-S) the one file; content is where it is
 * unpacked.  FAIL_DIGEST: a file is another; FAIL_MISSING: nothing is signed by
 * it. */
static enum fail
find_content(struct visit *v, struct bytes signature, struct buf *content,
    struct bytes *view, bool *by_manifest)
{
	const struct unzip_entry *only = NULL;
	size_t count = 0;

	for (size_t i = 0; i < v->zip.count; i++) {
		const struct unzip_entry *e = &v->zip.entries[i];
		enum fail f;

		if (is_content(e)) {
			only = e;
			count++;
			continue;
		}
		if (!bytes_starts(e->name, META) ||
		    !has_word(e->name, "Manifest") ||
		    !ends_with(e->name, ".xml") || e->size > MANIFEST_MAX)
			continue;
		buf_clear(content);
		if (e->size > v->read_left)
			return FAIL_LIMIT;
		v->read_left -= e->size;
		f = unpack(v, e, content);
		if (!f)
			f = check_manifest(v, buf_view(content), signature);
		*by_manifest = f != FAIL_MISSING;
		*view = buf_view(content);
		if (*by_manifest)
			return f;
	}
	/* Others' manifests have left their marks. */
	memset(v->covered, 0, v->zip.count * sizeof(*v->covered));
	*by_manifest = false;
	if (count != 1)
		return FAIL_MISSING;
	v->covered[only - v->zip.entries] = true;
	return view_content(v, only, content, view);
}

/* ---- one signature ---- */

static enum fail
add_results(struct visit *v, const struct signature_report *part,
    struct bytes name, enum fail files)
{
	struct signature_report *all = v->report;
	size_t count = all->count + part->count;
	struct findings *more;

	if (count > ASIC_SIGNATURES_MAX)
		return FAIL_LIMIT;
	more = realloc(all->results, count * sizeof(*more));
	if (!more)
		return FAIL_MEMORY;
	all->results = more;
	for (size_t i = 0; i < part->count; i++) {
		struct findings *r = &more[all->count + i];

		*r = part->results[i];
		text_keep(r->field, sizeof(r->field), name);
		if (files == FAIL_DIGEST && !r->digest)
			r->digest = note_set(&r->note, FAIL_DIGEST,
			    "EN 319 162-1 4.4.3: a file is not what the "
			    "manifest says");
		if (!files && !all_covered(v)) {
			r->warnings |= WARN_UNCOVERED;
			r->covers_file = false;
		}
		r->verdict = findings_judge(r);
	}
	all->count = count;
	return FAIL_NONE;
}

/* What is recognised and not checked, or could not be. */
static enum fail
add_refusal(struct visit *v, struct bytes name, enum fail why, const char *text)
{
	struct findings r = {
		.chain = FAIL_CHAIN, .revocation = FAIL_MISSING, .cms = why
	};
	struct signature_report part = { .results = &r, .count = 1 };

	note_write(&r.note, why, "%s", text);
	return add_results(v, &part, name, FAIL_MISSING);
}

static enum fail
check_signature(struct visit *v, const struct unzip_entry *e)
{
	struct signature_report part;
	struct disk_map content = { .fd = -1 };
	struct check_policy own = *v->policy;
	struct buf cms, signed_bytes;
	bool by_manifest;
	enum fail files, f;

	buf_init(&cms, CMS_CHECK_MAX);
	buf_init(&signed_bytes, ASIC_CONTENT_MAX);
	memset(v->covered, 0, v->zip.count * sizeof(*v->covered));
	files = find_content(
	    v, e->name, &signed_bytes, &content.bytes, &by_manifest);
	f = unzip_read(e, &cms);
	if (f || (files && files != FAIL_DIGEST)) {
		f = add_refusal(v, e->name, f ? f : files,
		    "EN 319 162-1 4.4.3: it is not clear what it signs");
	} else {
		own.trust.proven = v->proven[e - v->zip.entries];
		f = cades_check(buf_view(&cms), &content, &own, &part);
		if (!f) {
			f = add_results(v, &part, e->name, files);
			signature_report_free(&part);
		}
	}
	buf_free(&signed_bytes);
	buf_free(&cms);
	return f;
}

/* ---- evidence records ---- */

/* What a record is about: the files that are marked, or the manifest that names
 * them. */
struct covered {
	struct visit *visit;
	const struct buf *manifest; /* or NULL */
	enum fail fail;
};

static const struct unzip_entry *
nth_covered(const struct visit *v, size_t n)
{
	size_t i = 0;

	while (!v->covered[i] || n--)
		i++;
	return &v->zip.entries[i];
}

static void
digest_covered(
    void *context, size_t n, enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	struct covered *c = context;
	const uint8_t *digest;
	enum fail f;

	if (c->manifest) {
		hash_bytes(kind, buf_view(c->manifest), out);
		return;
	}
	f = digest_entry(c->visit, nth_covered(c->visit, n), kind, &digest);
	memcpy(out, digest, HASH_MAX);
	if (f)
		c->fail = f;
}

static size_t
count_covered(const struct visit *v)
{
	size_t count = 0;

	for (size_t i = 0; i < v->zip.count; i++)
		count += v->covered[i];
	return count;
}

/* The rows of a record about the marked files or (not NULL) their manifest. */
static enum fail
follow_record(struct visit *v, struct bytes name, struct bytes record,
    const struct buf *manifest, struct signature_report *rows, int64_t *proven)
{
	struct covered covered = { .visit = v, .manifest = manifest };
	struct ers_group group = { manifest ? 1 : count_covered(v),
		digest_covered, &covered };
	enum fail f = ers_check(record, name, &group, v->policy, rows, proven);

	return f ? f : covered.fail;
}

/* It may cover the files, or their digests in the manifest. */
static enum fail
try_record(struct visit *v, struct bytes name, struct bytes record,
    const struct buf *manifest, struct signature_report *rows, int64_t *proven)
{
	enum fail f = FAIL_NONE;

	if (count_covered(v))
		f = follow_record(v, name, record, NULL, rows, proven);
	if (f || !manifest || (rows->count && !rows->results[0].digest))
		return f;
	signature_report_free(rows);
	return follow_record(v, name, record, manifest, rows, proven);
}

static enum fail
take_rows(struct visit *v, struct signature_report *rows)
{
	for (size_t i = 0; i < rows->count && !all_covered(v); i++) {
		struct findings *r = &rows->results[i];

		r->warnings |= WARN_UNCOVERED;
		r->covers_file = false;
		r->verdict = findings_judge(r);
	}
	return v->report->count + rows->count > ASIC_SIGNATURES_MAX ?
	    FAIL_LIMIT :
	    signature_report_take(v->report, rows);
}

/* EN 319 162-1 4.3.3.2, 4.4.3.2: a record is about the one file, or about those
 * its manifest names. */
static enum fail
check_record(struct visit *v, const struct unzip_entry *e)
{
	int64_t proven = trust_known(&v->policy->trust);
	struct signature_report rows = { .verdict = VERDICT_NONE };
	struct buf record, content;
	struct bytes view = { NULL, 0 };
	bool by_manifest;
	enum fail files, f;

	buf_init(&record, ERS_MAX);
	buf_init(&content, ASIC_CONTENT_MAX);
	memset(v->covered, 0, v->zip.count * sizeof(*v->covered));
	files = find_content(v, e->name, &content, &view, &by_manifest);
	f = files ? files : unzip_read(e, &record);
	if (f)
		f = ers_refuse(f,
		    "EN 319 162-1 4.4.3: it is not clear what it is about",
		    e->name, &rows);
	else
		f = try_record(v, e->name, buf_view(&record),
		    by_manifest ? &content : NULL, &rows, &proven);
	if (!f)
		f = take_rows(v, &rows);
	for (size_t i = 0; i < v->zip.count && !f; i++)
		if (v->covered[i] && proven < v->proven[i])
			v->proven[i] = proven;
	signature_report_free(&rows);
	buf_free(&content);
	buf_free(&record);
	return f;
}

/* Before the signatures: they may have been there as long. */
static enum fail
check_records(struct visit *v)
{
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < v->zip.count; i++)
		v->proven[i] = trust_known(&v->policy->trust);
	for (size_t i = 0; i < v->zip.count && !f; i++) {
		const struct unzip_entry *e = &v->zip.entries[i];

		if (bytes_starts(e->name, META) && ends_with(e->name, ".ers"))
			f = check_record(v, e);
	}
	return f;
}

static enum fail
check_entry(struct visit *v, const struct unzip_entry *e)
{
	bool of_office = bytes_starts(e->name, "_xmlsignatures/") &&
	    ends_with(e->name, ".xml");

	if (of_office)
		return add_refusal(v, e->name, FAIL_UNSUPPORTED,
		    "ISO/IEC 29500-2: XML signatures are not checked");
	if (!bytes_starts(e->name, META))
		return FAIL_NONE;
	if (ends_with(e->name, ".p7s") || ends_with(e->name, ".tst"))
		return check_signature(v, e);
	if (has_word(e->name, "signature") && ends_with(e->name, ".xml"))
		return add_refusal(v, e->name, FAIL_UNSUPPORTED,
		    "EN 319 132-1: XAdES is not checked");
	return FAIL_NONE;
}

/* What nobody signs must be whole, too; and all of it not too much. */
static enum fail
check_rest(const struct unzip *zip)
{
	uint64_t all = 0;
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < zip->count; i++)
		all += zip->entries[i].size;
	if (all > ASIC_CONTENT_MAX)
		return FAIL_LIMIT;
	for (size_t i = 0; i < zip->count && !f; i++) {
		const struct unzip_entry *e = &zip->entries[i];
		struct buf content;

		if (is_content(e))
			continue;
		buf_init(&content, CMS_CHECK_MAX);
		f = unzip_read(e, &content);
		if (!f && bytes_equal_text(e->name, "mimetype") &&
		    !is_media_type(buf_view(&content)))
			f = FAIL_FORMAT;
		buf_free(&content);
	}
	return f;
}

static uint64_t
unpacked_most(uint64_t len)
{
	return len > (UNPACKED_MAX - UNPACKED_ANY) / UNPACKED_TIMES ?
	    UNPACKED_MAX :
	    UNPACKED_ANY + UNPACKED_TIMES * len;
}

enum fail
asic_check(struct bytes container, const struct check_policy *policy,
    struct signature_report *report)
{
	struct visit v = { .policy = policy,
		.report = report,
		.left = unpacked_most(container.len),
		.read_left = ASIC_MANIFESTS_MAX };
	enum fail f = unzip_open(&v.zip, container);

	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	if (f)
		return f;
	f = check_rest(&v.zip);
	v.covered = calloc(v.zip.count ? v.zip.count : 1, sizeof(*v.covered));
	v.proven = calloc(v.zip.count ? v.zip.count : 1, sizeof(*v.proven));
	v.known = calloc(v.zip.count ? v.zip.count : 1, sizeof(*v.known));
	if (!f && (!v.covered || !v.proven || !v.known))
		f = FAIL_MEMORY;
	if (!f)
		f = check_records(&v);
	for (size_t i = 0; i < v.zip.count && !f; i++)
		f = check_entry(&v, &v.zip.entries[i]);
	free(v.known);
	free(v.proven);
	free(v.covered);
	unzip_close(&v.zip);
	if (f) {
		signature_report_free(report);
		return f;
	}
	signature_report_judge(report);
	return FAIL_NONE;
}

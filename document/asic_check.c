#include "document/asic_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "document/asic_signed.h"
#include "document/cades_check.h"
#include "document/ers_check.h"

#define MEDIA_TYPE_MAX 129u /* RFC 6838 4.2, and an end of line */

/* A container while it is checked. */
struct visit {
	struct asic_signed in;
	const struct check_policy *policy;
	struct signature_report *report;
	int64_t *proven; /* owned: since when each entry has been there */
	bool has_signer; /* there is a signature that is no time-stamp */
};

bool
asic_is(struct bytes in)
{
	return bytes_starts(in, "PK\x03\x04");
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
		/* A time-stamp says nothing about what it leaves out, where
		 * somebody has signed that. */
		if (!files && !asic_signed_all(&v->in)) {
			if (!r->is_timestamp || !v->has_signer)
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

/* What a valid time-stamp covers, with its manifest, was there by its time. */
static void
take_proof(struct visit *v, const struct signature_report *part)
{
	const struct unzip_entry *first = v->in.zip.entries;
	const struct findings *r = &part->results[0];

	if (part->count != 1 || !r->is_timestamp || r->verdict != VERDICT_VALID)
		return;
	for (size_t i = 0; i < v->in.zip.count; i++)
		if ((v->in.covered[i] || &first[i] == v->in.manifest) &&
		    r->timestamp.time < v->proven[i])
			v->proven[i] = r->timestamp.time;
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
	files = asic_signed_find(
	    &v->in, e->name, &signed_bytes, &content.bytes, &by_manifest);
	f = unzip_read(e, &cms);
	if (f || (files && files != FAIL_DIGEST)) {
		f = add_refusal(v, e->name, f ? f : files,
		    "EN 319 162-1 4.4.3: it is not clear what it signs");
	} else {
		own.trust.proven = v->proven[e - v->in.zip.entries];
		f = cades_check(buf_view(&cms), &content, &own, &part);
		if (!f && !files)
			take_proof(v, &part);
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

	while (!v->in.covered[i] || n--)
		i++;
	return &v->in.zip.entries[i];
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
	f = asic_signed_digest(
	    &c->visit->in, nth_covered(c->visit, n), kind, &digest);
	memcpy(out, digest, HASH_MAX);
	if (f)
		c->fail = f;
}

static size_t
count_covered(const struct visit *v)
{
	size_t count = 0;

	for (size_t i = 0; i < v->in.zip.count; i++)
		count += v->in.covered[i];
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
	for (size_t i = 0; i < rows->count && !asic_signed_all(&v->in); i++) {
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
	files =
	    asic_signed_find(&v->in, e->name, &content, &view, &by_manifest);
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
	for (size_t i = 0; i < v->in.zip.count && !f; i++)
		if (v->in.covered[i] && proven < v->proven[i])
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

	for (size_t i = 0; i < v->in.zip.count; i++)
		v->proven[i] = trust_known(&v->policy->trust);
	for (size_t i = 0; i < v->in.zip.count && !f; i++) {
		const struct unzip_entry *e = &v->in.zip.entries[i];

		if (asic_is_record(e))
			f = check_record(v, e);
	}
	return f;
}

static enum fail
check_entry(struct visit *v, const struct unzip_entry *e)
{
	bool is_xml = bytes_ends(e->name, ".xml");

	if (asic_is_signature(e))
		return asic_is_stamp(e) ? FAIL_NONE : check_signature(v, e);
	if (is_xml && bytes_starts(e->name, "_xmlsignatures/"))
		return add_refusal(v, e->name, FAIL_UNSUPPORTED,
		    "ISO/IEC 29500-2: XML signatures are not checked");
	if (is_xml && bytes_starts(e->name, ASIC_META) &&
	    bytes_find(e->name, "signature") != SIZE_MAX)
		return add_refusal(v, e->name, FAIL_UNSUPPORTED,
		    "EN 319 132-1: XAdES is not checked");
	return FAIL_NONE;
}

/* ---- time-stamps ---- */

struct stamp {
	const struct unzip_entry *entry;
	int64_t time;
};

/* Newest first; what does not read comes last. */
static int
by_time(const void *a, const void *b)
{
	int64_t x = ((const struct stamp *)a)->time;
	int64_t y = ((const struct stamp *)b)->time;

	return x > y ? -1 : x < y;
}

static int64_t
time_of(const struct unzip_entry *e, struct timestamp *token)
{
	struct buf der;
	bool reads;

	buf_init(&der, CMS_CHECK_MAX);
	reads = !unzip_read(e, &der) &&
	    !timestamp_read(buf_view(&der), token, NULL);
	buf_free(&der);
	return reads ? token->time : INT64_MIN;
}

/* Before the signatures, which they may prove: each was there by the time of
 * those that cover it (EN 319 162-1 A.7). */
static enum fail
check_stamps(struct visit *v)
{
	size_t all = v->in.zip.count, count = 0;
	struct stamp *stamps = calloc(all ? all : 1, sizeof(*stamps));
	struct timestamp *token = calloc(1, sizeof(*token));
	enum fail f = stamps && token ? FAIL_NONE : FAIL_MEMORY;

	for (size_t i = 0; i < all && !f; i++) {
		const struct unzip_entry *e = &v->in.zip.entries[i];

		if (asic_is_stamp(e) && count == ASIC_SIGNATURES_MAX)
			f = FAIL_LIMIT;
		else if (asic_is_stamp(e))
			stamps[count++] =
			    (struct stamp){ e, time_of(e, token) };
		v->has_signer = v->has_signer ||
		    (asic_is_signature(e) && !asic_is_stamp(e));
	}
	if (count)
		qsort(stamps, count, sizeof(*stamps), by_time);
	for (size_t i = 0; i < count && !f; i++)
		f = check_signature(v, stamps[i].entry);
	free(token);
	free(stamps);
	return f;
}

/* ---- the rest ---- */

/* What "mimetype" holds is a media type (RFC 6838 4.2) and no document. */
static bool
is_media_type(struct bytes in)
{
	static const char *const kinds[] = { "application/vnd.",
		"application/epub+zip", "application/pdf", "application/xml",
		"application/zip", "application/octet-stream",
		"application/json", "application/msword", "application/rtf",
		"application/x-", "text/", "image/", "audio/", "video/",
		"message/", "font/", "model/" };
	size_t slashes = 0;
	bool known = false;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		known = known || bytes_starts(in, kinds[i]);
	if (!known || in.len > MEDIA_TYPE_MAX)
		return false;
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

/* What nobody signs must be whole, too; and all of it not too much. */
static enum fail
check_rest(const struct asic_signed *a)
{
	const struct unzip *zip = &a->zip;
	uint64_t all = 0;
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < zip->count; i++)
		all += zip->entries[i].size;
	if (all > ASIC_CONTENT_MAX)
		return FAIL_LIMIT;
	for (size_t i = 0; i < zip->count && !f; i++) {
		const struct unzip_entry *e = &zip->entries[i];
		struct buf content;

		if (asic_is_content(a, e))
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

static enum fail
check_all(struct visit *v)
{
	size_t count = v->in.zip.count;
	enum fail f = check_rest(&v->in);

	v->proven = calloc(count ? count : 1, sizeof(*v->proven));
	if (!f && !v->proven)
		f = FAIL_MEMORY;
	if (!f)
		f = check_records(v);
	if (!f)
		f = check_stamps(v);
	for (size_t i = 0; i < count && !f; i++)
		f = check_entry(v, &v->in.zip.entries[i]);
	free(v->proven);
	return f;
}

enum fail
asic_check(struct bytes container, const struct check_policy *policy,
    struct signature_report *report)
{
	struct visit v = { .policy = policy, .report = report };
	enum fail f = asic_signed_open(&v.in, container);

	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	if (f)
		return f;
	f = check_all(&v);
	for (size_t i = 0; i < report->count && v.in.zip.commented; i++)
		report->results[i].warnings |= WARN_COMMENT;
	asic_signed_close(&v.in);
	if (f) {
		signature_report_free(report);
		return f;
	}
	signature_report_judge(report);
	return FAIL_NONE;
}

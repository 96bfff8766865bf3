#include "document/pades_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/disk.h"
#include "base/when.h"
#include "crypto/der_read.h"
#include "crypto/timestamp.h"

#define CERTS_MAX (2 * CMS_CERTS_MAX) /* of a signature and its time-stamp */

/* One signature while it is checked. */
struct check {
	struct pdf_file *file;
	const struct pades_policy *policy;
	struct pades_result *result;
	const struct pdf_value *dict;
	const struct pdf_value *source; /* the same as it stands in the file */
	struct bytes contents;          /* decoded, padding and all */
	size_t gap, gap_end;            /* of /Contents with its brackets */
	struct cms cms;
	struct cert certs[CERTS_MAX];
	size_t cert_count;
	const struct cert *signer;
	struct buf normalized; /* the CMS as DER, when it came as BER */
};

const char *
pades_verdict_name(enum pades_verdict verdict)
{
	static const char *const names[] = { "VALID", "INVALID",
		"INDETERMINATE", "NO SIGNATURE" };

	return names[verdict];
}

const char *
pades_verdict_vietnamese(enum pades_verdict verdict)
{
	static const char *const names[] = { "HỢP LỆ", "KHÔNG HỢP LỆ",
		"CHƯA XÁC ĐỊNH", "KHÔNG CÓ CHỮ KÝ SỐ" };

	return names[verdict];
}

/* ---- where the signed bytes are ---- */

static enum fail
wrong_ranges(struct check *c, const char *what)
{
	return note_set(
	    &c->result->note, FAIL_FORMAT, "ISO 32000-2 12.8.1: %s", what);
}

/* /ByteRange is exactly the file up to its signed end but for the hexadecimal
 * string of /Contents, which is where the dictionary has it. */
static enum fail
check_ranges(struct check *c)
{
	const struct pdf_value *range = pdf_entry(c->source, "ByteRange");
	const struct pdf_value *contents = pdf_entry(c->source, "Contents");
	struct bytes in = c->file->in;
	uint64_t n[4];
	size_t at;

	if (c->dict->doubled)
		return wrong_ranges(c, "an entry stands twice");
	range = pdf_resolve(c->file, range);
	if (range->type != PDF_ARRAY || range->count != 4)
		return wrong_ranges(c, "/ByteRange is not two ranges");
	for (size_t i = 0; i < 4; i++) {
		const struct pdf_value *v = pdf_element(range, i);

		if (v->type != PDF_INTEGER || v->integer < 0 ||
		    (uint64_t)v->integer > in.len)
			return wrong_ranges(c, "/ByteRange leaves the file");
		n[i] = (uint64_t)v->integer;
	}
	if (!contents || contents->type != PDF_STRING ||
	    contents->raw.data < in.data ||
	    contents->raw.data >= in.data + in.len ||
	    contents->raw.data[0] != '<')
		return wrong_ranges(c, "/Contents is no hexadecimal string");
	at = (size_t)(contents->raw.data - in.data);
	for (size_t i = 1; i + 1 < contents->raw.len; i++)
		if (hex_digit(contents->raw.data[i]) < 0)
			return wrong_ranges(c, "/Contents has foreign bytes");
	if (n[0] != 0 || n[1] != at || n[2] != at + contents->raw.len ||
	    n[3] > in.len - n[2])
		return wrong_ranges(c, "/ByteRange does not fit /Contents");
	c->gap = at;
	c->gap_end = at + contents->raw.len;
	c->contents = contents->text;
	c->result->signed_end = (size_t)(n[2] + n[3]);
	c->result->covers_file = c->result->signed_end == in.len;
	return FAIL_NONE;
}

static void
hash_step(void *context, struct bytes step)
{
	hash_add(context, step);
}

/* Digest a range, reading beside the map where that is possible: memory then
 * stays small however large the file is. */
static enum fail
digest_part(struct check *c, size_t from, size_t len, struct hash *h)
{
	if (c->file->fd > 0)
		return disk_part(c->file->fd, from, len, hash_step, h);
	hash_add(h, bytes_part(c->file->in, from, len));
	return FAIL_NONE;
}

static enum fail
digest_ranges(
    struct check *c, enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	struct hash h;
	enum fail f;

	hash_init(&h, kind);
	f = digest_part(c, 0, c->gap, &h);
	if (!f)
		f = digest_part(
		    c, c->gap_end, c->result->signed_end - c->gap_end, &h);
	hash_done(&h, out);
	return f;
}

/* ---- the CMS ---- */

static bool
all_zero(struct bytes in)
{
	for (size_t i = 0; i < in.len; i++)
		if (in.data[i])
			return false;
	return true;
}

/*
 * The CMS without the zeros that fill its reserved place.  Older writers left
 * BER there: it is brought into definite form first, once.
 */
static enum fail
trim_cms(struct check *c, struct bytes *der)
{
	struct der d = der_open(c->contents);
	struct der_item item;
	size_t used;
	enum fail f;

	*der = c->contents;
	if (!der_any(&d, &item)) {
		if (all_zero(d.rest))
			*der = item.whole;
		return FAIL_NONE;
	}
	f = der_from_ber(c->contents, &c->normalized, &used);
	if (!f && !all_zero(bytes_part(c->contents, used, SIZE_MAX)))
		f = FAIL_FORMAT;
	*der = buf_view(&c->normalized);
	return f;
}

static enum fail
get_der(struct check *c, struct bytes *der)
{
	enum fail f;

	if (c->contents.len > PADES_CONTENTS_MAX)
		return note_set(&c->result->note, FAIL_LIMIT,
		    "CMS of %zu bytes", c->contents.len);
	f = trim_cms(c, der);
	return f ? note_set(&c->result->note, f, "X.690 8.1: not BER") :
		   FAIL_NONE;
}

/* The certificates that a CMS brings, behind those that are there already. */
static void
add_certs(struct check *c, const struct cms *cms)
{
	for (size_t i = 0; i < cms->cert_count; i++)
		if (c->cert_count < CERTS_MAX &&
		    !cert_read(cms->certs[i], &c->certs[c->cert_count], NULL))
			c->cert_count++;
}

static enum fail
read_cms(struct check *c)
{
	struct bytes der;
	enum fail f = get_der(c, &der);

	if (!f)
		f = cms_read(der, &c->cms, &c->result->note);
	if (f)
		return f;
	add_certs(c, &c->cms);
	c->signer = cms_find_signer(&c->cms.signer, c->certs, c->cert_count);
	if (!c->signer)
		return note_set(&c->result->note, FAIL_MISSING,
		    "EN 319 142-1 6.2: no signer certificate in the CMS");
	return FAIL_NONE;
}

static void
describe_signer(struct check *c)
{
	struct pades_result *r = c->result;
	struct bytes name = cert_common_name(c->signer);

	r->has_signer = true;
	snprintf(r->signer, sizeof(r->signer), "%.*s", (int)name.len,
	    name.len ? (const char *)name.data : "");
	cert_hash(c->signer, r->signer_hash);
	r->key_bits = c->signer->key.bits;
	r->hash = c->cms.signer.digest;
}

static void
check_cms(struct check *c)
{
	struct pades_result *r = c->result;
	uint8_t digest[HASH_MAX];
	enum fail f;

	r->value = digest_ranges(c, c->cms.signer.digest, digest);
	if (r->value)
		return;
	f = cms_verify(&c->cms, c->signer, digest, &r->note);
	r->digest = f == FAIL_DIGEST ? f : FAIL_NONE;
	r->value = f == FAIL_DIGEST ? FAIL_NONE : f;
	/* A detached signature whose CMS carries content signs that content,
	 * not the file. */
	if (!f && c->cms.has_content)
		r->value = note_set(&r->note, FAIL_FORMAT,
		    "EN 319 142-1 5.3: the CMS has content of its own");
}

/* Does a path lead from the certificate to a pinned root, now? */
static enum fail
reach_root(struct check *c, const struct cert *cert, struct note *note)
{
	const struct pades_policy *p = c->policy;
	struct cert_set all = { NULL, c->cert_count + p->pool.count };
	struct cert *pool = calloc(all.count ? all.count : 1, sizeof(*pool));
	struct chain chain;
	enum fail f;

	if (!pool)
		return FAIL_MEMORY;
	memcpy(pool, c->certs, c->cert_count * sizeof(*pool));
	if (p->pool.count)
		memcpy(pool + c->cert_count, p->pool.certs,
		    p->pool.count * sizeof(*pool));
	all.certs = pool;
	f = chain_build(cert, all, p->roots, p->now, &chain, note);
	free(pool);
	return f;
}

static void
check_chain(struct check *c)
{
	struct pades_result *r = c->result;

	if (c->policy->assume_trusted) {
		r->chain = r->revocation = FAIL_NONE;
		return;
	}
	r->revocation = c->policy->no_revocation ? FAIL_NONE : FAIL_MISSING;
	r->chain = reach_root(c, c->signer, &r->note);
}

/* ---- what came after ---- */

static bool
only_space(struct bytes in)
{
	for (size_t i = 0; i < in.len; i++)
		if (!pdf_is_space(in.data[i]))
			return false;
	return true;
}

static void
check_changes(struct check *c)
{
	struct pades_result *r = c->result;
	struct bytes in = c->file->in;
	struct pdf_file old;

	if (r->covers_file ||
	    only_space(bytes_part(in, r->signed_end, SIZE_MAX)))
		return;
	if (pdf_file_open(&old, bytes_part(in, 0, r->signed_end))) {
		r->changes = CHANGES_UNKNOWN;
		return;
	}
	r->changes = pdf_changes_judge(&old, c->file, STAGE_SIGNED, &r->note);
	pdf_file_close(&old);
}

/* ---- time-stamps ---- */

static void
describe_timestamp(struct check *c, const struct timestamp *t,
    const struct cert *authority, enum fail state)
{
	struct pades_timestamp *s = &c->result->timestamp;
	struct bytes name =
	    authority ? cert_common_name(authority) : (struct bytes){ NULL, 0 };

	s->present = true;
	s->state = state;
	s->time = t->time;
	snprintf(s->authority, sizeof(s->authority), "%.*s", (int)name.len,
	    name.len ? (const char *)name.data : "");
}

/* The token in the signature stamps the signature's value (RFC 3161 A).  It
 * proves the time or does not; the signature stands by itself. */
static void
check_signature_timestamp(struct check *c)
{
	struct bytes token = c->cms.signer.time_stamp;
	struct timestamp *t = calloc(1, sizeof(*t));
	const struct cert *authority = NULL;
	uint8_t digest[HASH_MAX];
	enum fail f;

	c->result->timestamp.state = FAIL_MEMORY;
	c->result->timestamp.present = true;
	if (!t)
		return;
	f = timestamp_read(token, t, NULL);
	if (!f) {
		add_certs(c, &t->cms);
		hash_bytes(t->hash, c->cms.signer.signature, digest);
		f = timestamp_verify(
		    t, digest, c->certs, c->cert_count, &authority, NULL);
	}
	if (!f && !c->policy->assume_trusted)
		f = reach_root(c, authority, NULL);
	describe_timestamp(c, t, authority, f);
	free(t);
}

/* A document time-stamp (EN 319 142-1 5.4.3): the token stands where a
 * signature would and stamps the ranges. */
static void
check_document_timestamp(struct check *c)
{
	struct pades_result *r = c->result;
	struct timestamp *t = calloc(1, sizeof(*t));
	uint8_t digest[HASH_MAX];
	struct bytes der;
	enum fail f = t ? get_der(c, &der) : FAIL_MEMORY;

	r->is_timestamp = true;
	if (!f)
		f = timestamp_read(der, t, &r->note);
	r->cms = f;
	if (!f) {
		c->cms = t->cms;
		add_certs(c, &c->cms);
		f = digest_ranges(c, t->hash, digest);
	}
	if (!f)
		f = timestamp_verify(
		    t, digest, c->certs, c->cert_count, &c->signer, &r->note);
	if (c->signer)
		describe_signer(c);
	if (!r->cms && f == FAIL_MISSING)
		r->cms = f;
	else if (!r->cms && f == FAIL_DIGEST)
		r->digest = f;
	else if (!r->cms)
		r->value = f;
	if (!f) {
		check_chain(c);
		check_changes(c);
	}
	if (t)
		describe_timestamp(c, t, c->signer, f ? f : r->chain);
	free(t);
}

/* Level of the DocMDP transform of this very signature, or 0; and whether it
 * locks fields (FieldMDP). */
static int64_t
docmdp_level(struct check *c)
{
	const struct pdf_value *list = pdf_get(c->file, c->dict, "Reference");
	int64_t found = 0;

	if (list->type != PDF_ARRAY)
		return 0;
	for (const struct pdf_value *v = list->first; v; v = v->next) {
		const struct pdf_value *reference = pdf_resolve(c->file, v);
		const struct pdf_value *method, *level;

		method = pdf_get(c->file, reference, "TransformMethod");
		if (pdf_is_name(method, "FieldMDP"))
			c->result->locks_fields = true;
		if (!pdf_is_name(method, "DocMDP"))
			continue;
		level = pdf_get(c->file,
		    pdf_get(c->file, reference, "TransformParams"), "P");
		found = level->type == PDF_INTEGER ? level->integer : 2;
	}
	return found;
}

/* What the signer left open: without certification, signing and filling. */
static bool
changes_allowed(const struct pades_result *r)
{
	/* P = 1 leaves room for evidence only (EN 319 142-1 5.5). */
	if (r->docmdp == 1)
		return r->changes <= CHANGES_EVIDENCE;
	/* Fields the signer locked may not be filled any more. */
	if (r->locks_fields)
		return r->changes <= CHANGES_SIGNED;
	return r->changes <= CHANGES_FORM;
}

/* ---- verdict ---- */

static enum pades_verdict
judge(struct pades_result *r)
{
	if (r->ranges || r->digest)
		return PADES_INVALID;
	if (r->cms || r->value)
		return r->cms == FAIL_UNSUPPORTED || r->cms == FAIL_MISSING ||
			r->value == FAIL_UNSUPPORTED ?
		    PADES_INDETERMINATE :
		    PADES_INVALID;
	if (r->changes == CHANGES_UNKNOWN) {
		note_write(&r->note, FAIL_UNSUPPORTED,
		    "later changes could not be compared");
		return PADES_INDETERMINATE;
	}
	if (!changes_allowed(r))
		return PADES_INVALID;
	if (r->chain)
		return PADES_INDETERMINATE;
	if (r->revocation) {
		note_write(&r->note, r->revocation,
		    "RFC 5280 6.3: no revocation data");
		return PADES_INDETERMINATE;
	}
	r->note = (struct note){ FAIL_NONE, "" };
	return PADES_VALID;
}

/* Two digits at *at, stepping over them; otherwise when none are left, -1 when
 * something else stands there. */
static int
two_digits(struct bytes text, size_t *at, int otherwise)
{
	int value = 0;

	if (*at == text.len)
		return otherwise;
	for (size_t end = *at + 2; *at < end; (*at)++) {
		if (*at == text.len || text.data[*at] < '0' ||
		    text.data[*at] > '9')
			return -1;
		value = value * 10 + (text.data[*at] - '0');
	}
	return value;
}

/* "D:20240916162931+07'00'" as an instant (ISO 32000-1 7.9.4); parts may be
 * left out from the end. */
static bool
read_time(struct bytes text, int64_t *instant)
{
	struct when_date d;
	size_t at = 2;
	int century, zone_hour = 0, zone_minute = 0;
	char sign = 'Z';

	if (!bytes_starts(text, "D:"))
		return false;
	century = two_digits(text, &at, -1);
	d.year = century * 100 + two_digits(text, &at, -1);
	d.month = two_digits(text, &at, 1);
	d.day = two_digits(text, &at, 1);
	d.hour = two_digits(text, &at, 0);
	d.minute = two_digits(text, &at, 0);
	d.second = two_digits(text, &at, 0);
	if (century < 0 || !when_valid(d))
		return false;
	if (at < text.len)
		sign = (char)text.data[at++];
	if (sign == '+' || sign == '-') {
		zone_hour = two_digits(text, &at, 0);
		if (at < text.len && text.data[at] == '\'')
			at++;
		zone_minute = two_digits(text, &at, 0);
	} else if (sign != 'Z') {
		return false;
	}
	if (zone_hour < 0 || zone_hour > 14 || zone_minute < 0 ||
	    zone_minute > 59)
		return false;
	*instant = when_join(
	    d, (sign == '-' ? -60 : 60) * (zone_hour * 60 + zone_minute));
	return true;
}

static void
check_one(struct check *c)
{
	struct pades_result *r = c->result;
	const struct pdf_value *sub = pdf_get(c->file, c->dict, "SubFilter");
	const struct pdf_value *time = pdf_get(c->file, c->dict, "M");

	snprintf(r->sub_filter, sizeof(r->sub_filter), "%.*s",
	    (int)sub->text.len,
	    sub->text.len ? (const char *)sub->text.data : "");
	r->has_time =
	    time->type == PDF_STRING && read_time(time->text, &r->time);
	r->docmdp = docmdp_level(c);
	r->ranges = check_ranges(c);
	if (!r->ranges && pdf_is_name(sub, "ETSI.RFC3161")) {
		check_document_timestamp(c);
		r->verdict = judge(r);
		return;
	}
	if (!r->ranges && !pdf_is_name(sub, "ETSI.CAdES.detached") &&
	    !pdf_is_name(sub, "adbe.pkcs7.detached"))
		r->cms = note_set(&r->note, FAIL_UNSUPPORTED,
		    "ISO 32000-2 12.8.3: /SubFilter not handled");
	if (!r->ranges && !r->cms)
		r->cms = read_cms(c);
	if (!r->ranges && !r->cms) {
		describe_signer(c);
		check_cms(c);
		if (!r->digest && !r->value) {
			check_chain(c);
			check_changes(c);
			if (c->cms.signer.time_stamp.len)
				check_signature_timestamp(c);
		}
	}
	r->verdict = judge(r);
}

static int
by_end(const void *a, const void *b)
{
	size_t x = ((const struct pades_result *)a)->signed_end;
	size_t y = ((const struct pades_result *)b)->signed_end;

	return x < y ? -1 : x > y;
}

/* INVALID is worse than INDETERMINATE, that worse than VALID. */
static enum pades_verdict
worse(enum pades_verdict a, enum pades_verdict b)
{
	if (a == PADES_INVALID || b == PADES_INVALID)
		return PADES_INVALID;
	return a == PADES_VALID ? b : a;
}

static enum fail
check_field(struct pdf_file *file, const struct pades_policy *policy,
    const struct pdf_field *field, struct pades_report *report)
{
	struct check *c;
	struct pades_result *r = &report->results[report->count];

	if (report->count == PADES_SIGNATURES_MAX)
		return FAIL_LIMIT;
	c = calloc(1, sizeof(*c));
	if (!c)
		return FAIL_MEMORY;
	report->count++;
	*r = (struct pades_result){ .chain = FAIL_CHAIN,
		.revocation = FAIL_MISSING };
	memcpy(r->field, field->name, sizeof(r->field));
	c->file = file;
	c->policy = policy;
	c->result = r;
	c->dict = pdf_resolve(file, field->value);
	c->source = pdf_resolve_source(file, field->value);
	buf_init(&c->normalized, PADES_CONTENTS_MAX);
	check_one(c);
	buf_free(&c->normalized);
	free(c);
	return FAIL_NONE;
}

enum fail
pades_check(struct pdf_file *file, const struct pades_policy *policy,
    struct pades_report *report)
{
	struct pdf_field_walk walk;
	struct pdf_field field;
	enum fail f = FAIL_NONE;

	*report = (struct pades_report){ .verdict = PADES_NONE };
	report->results =
	    calloc(PADES_SIGNATURES_MAX, sizeof(*report->results));
	if (!report->results)
		return FAIL_MEMORY;
	pdf_field_walk_init(&walk, file);
	while (!f && pdf_field_next(&walk, &field))
		if (pdf_field_is_signature(&field) &&
		    pdf_resolve(file, field.value)->type == PDF_DICT)
			f = check_field(file, policy, &field, report);
	if (f) {
		pades_report_free(report);
		return f;
	}
	qsort(report->results, report->count, sizeof(*report->results), by_end);
	if (report->count)
		report->verdict = PADES_VALID;
	for (size_t i = 0; i < report->count; i++)
		report->verdict =
		    worse(report->verdict, report->results[i].verdict);
	return FAIL_NONE;
}

void
pades_report_free(struct pades_report *report)
{
	free(report->results);
	*report = (struct pades_report){ .verdict = PADES_NONE };
}

#include "document/pades_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "crypto/der_read.h"
#include "crypto/name.h"
#include "crypto/timestamp.h"
#include "document/pades_ranges.h"
#include "document/pdf_date.h"

/* What is known of a file while its signatures are checked, newest first. */
struct visit {
	struct pdf_file *file;
	const struct pades_policy *policy;
	struct trust trust;
	struct pades_digester digester;
	struct buf *tokens; /* owned: CMS brought into DER, kept to the end */
	size_t token_count;
	/* All that stands before proven_end was there by this instant, because
	 * a document time-stamp over it is valid. */
	size_t proven_end;
	int64_t proven;
};

/* One signature. */
struct check {
	struct visit *visit;
	struct pdf_file *file;
	const struct pades_policy *policy;
	struct pades_result *result;
	const struct pdf_value *dict;
	struct pades_ranges ranges;
	struct cms cms;
	const struct cert *signer;
	int64_t proven; /* the signature was there by then */
};

/* A field's value, and where its signature ends. */
struct place {
	const struct pdf_value *value;
	struct pades_ranges ranges;
	struct pades_result *result;
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
	struct bytes contents = c->ranges.contents;
	struct buf *made = &c->visit->tokens[c->visit->token_count];
	struct der d = der_open(contents);
	struct der_item item;
	size_t used;
	enum fail f;

	*der = contents;
	if (!der_any(&d, &item)) {
		if (all_zero(d.rest))
			*der = item.whole;
		return FAIL_NONE;
	}
	/* Its certificates may be needed for older signatures too. */
	buf_init(made, PADES_CONTENTS_MAX);
	c->visit->token_count++;
	f = der_from_ber(contents, made, &used);
	if (!f && !all_zero(bytes_part(contents, used, SIZE_MAX)))
		f = FAIL_FORMAT;
	*der = buf_view(made);
	return f;
}

static enum fail
get_der(struct check *c, struct bytes *der)
{
	enum fail f;

	if (c->ranges.contents.len > PADES_CONTENTS_MAX)
		return note_set(&c->result->note, FAIL_LIMIT,
		    "CMS of %zu bytes", c->ranges.contents.len);
	f = trim_cms(c, der);
	return f ? note_set(&c->result->note, f, "X.690 8.1: not BER") :
		   FAIL_NONE;
}

static const struct cert *
find_signer(const struct check *c, const struct cms_signer *signer)
{
	const struct trust *t = &c->visit->trust;

	return cms_find_signer(signer, t->certs, t->cert_count);
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
	trust_add_cms(&c->visit->trust, &c->cms);
	c->signer = find_signer(c, &c->cms.signer);
	if (!c->signer)
		return note_set(&c->result->note, FAIL_MISSING,
		    "EN 319 142-1 6.2: no signer certificate in the CMS");
	return FAIL_NONE;
}

static void
describe_signer(struct check *c)
{
	struct pades_result *r = c->result;
	struct bytes name = name_common(c->signer->subject);

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

	r->value = pades_ranges_digest(&c->visit->digester, c->file, &c->ranges,
	    c->cms.signer.digest, digest);
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

/*
 * The path at an instant: of the best signature time, the earliest at which the
 * signature is known to have been there (EN 319 102-1 5.6).
 */
static void
check_chain(struct check *c, int64_t instant)
{
	struct pades_result *r = c->result;
	struct trust_answer a;

	if (c->policy->assume_trusted) {
		r->chain = r->revocation = FAIL_NONE;
		return;
	}
	trust_judge(&c->visit->trust, c->signer, instant, &a);
	r->chain = a.chain;
	r->revocation = a.revocation;
	r->revoked = a.revoked;
	r->by_answer = a.by_answer;
	r->data_time = a.this_update == INT64_MAX ? 0 : a.this_update;
	if (a.note.fail)
		r->note = a.note;
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
	if (pdf_file_open_with(
		&old, bytes_part(in, 0, r->signed_end), c->file->password)) {
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
	struct bytes name = authority ? name_common(authority->subject) :
					(struct bytes){ NULL, 0 };

	s->present = true;
	s->state = state;
	s->time = t->time;
	snprintf(s->authority, sizeof(s->authority), "%.*s", (int)name.len,
	    name.len ? (const char *)name.data : "");
}

/* Is the authority one of ours, at an instant? */
static enum fail
reach_authority(struct check *c, const struct cert *authority, int64_t instant)
{
	struct trust_answer a;

	if (c->policy->assume_trusted)
		return FAIL_NONE;
	trust_judge(&c->visit->trust, authority, instant, &a);
	return a.chain ? a.chain : a.revocation;
}

/* The token in the signature stamps the signature's value (RFC 3161 A).  It
 * proves the time or does not; the signature stands by itself. */
static void
check_signature_timestamp(struct check *c)
{
	const struct trust *all = &c->visit->trust;
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
		trust_add_cms(&c->visit->trust, &t->cms);
		hash_bytes(t->hash, c->cms.signer.signature, digest);
		f = timestamp_verify(
		    t, digest, all->certs, all->cert_count, &authority, NULL);
	}
	if (!f)
		f = reach_authority(c, authority, c->proven);
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
		trust_add_cms(&c->visit->trust, &c->cms);
		f = pades_ranges_digest(
		    &c->visit->digester, c->file, &c->ranges, t->hash, digest);
	}
	if (!f)
		f = timestamp_verify(t, digest, c->visit->trust.certs,
		    c->visit->trust.cert_count, &c->signer, &r->note);
	if (c->signer)
		describe_signer(c);
	if (!r->cms && f == FAIL_MISSING)
		r->cms = f;
	else if (!r->cms && f == FAIL_DIGEST)
		r->digest = f;
	else if (!r->cms)
		r->value = f;
	if (!f) {
		check_chain(c, c->proven);
		check_changes(c);
	}
	if (t)
		describe_timestamp(c, t, c->signer,
		    f            ? f :
			r->chain ? r->chain :
				   r->revocation);
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

static bool
is_ours(enum fail f)
{
	return f == FAIL_MEMORY || f == FAIL_IO;
}

static enum pades_verdict
judge(struct pades_result *r)
{
	/* Our own trouble says nothing about the signature. */
	if (is_ours(r->ranges) || is_ours(r->digest) || is_ours(r->cms) ||
	    is_ours(r->value))
		return PADES_INDETERMINATE;
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
	/* EN 319 102-1 5.2.6: made after that by the signer's own word, or
	 * perhaps before it. */
	if (r->revocation == FAIL_REVOKED)
		return r->has_time && r->time >= r->revoked ?
		    PADES_INVALID :
		    PADES_INDETERMINATE;
	if (r->revocation) {
		return PADES_INDETERMINATE;
	}
	r->note = (struct note){ FAIL_NONE, "" };
	return PADES_VALID;
}

/* The earliest instant at which the signature is known to have been there. */
static int64_t
best_time(const struct check *c)
{
	const struct pades_timestamp *t = &c->result->timestamp;

	return t->present && !t->state && t->time < c->proven ? t->time :
								c->proven;
}

static void
check_signature(struct check *c)
{
	struct pades_result *r = c->result;

	r->cms = read_cms(c);
	if (r->cms)
		return;
	describe_signer(c);
	check_cms(c);
	if (r->digest || r->value)
		return;
	if (c->cms.signer.time_stamp.len)
		check_signature_timestamp(c);
	check_chain(c, best_time(c));
	check_changes(c);
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
	    time->type == PDF_STRING && pdf_date_read(time->text, &r->time);
	r->docmdp = docmdp_level(c);
	if (!r->ranges && pdf_is_name(sub, "ETSI.RFC3161"))
		check_document_timestamp(c);
	else if (!r->ranges && !pdf_is_name(sub, "ETSI.CAdES.detached") &&
	    !pdf_is_name(sub, "adbe.pkcs7.detached"))
		r->cms = note_set(&r->note, FAIL_UNSUPPORTED,
		    "ISO 32000-2 12.8.3: /SubFilter not handled");
	else if (!r->ranges)
		check_signature(c);
	r->verdict = judge(r);
}

/* What a valid document time-stamp covers was there by its time. */
static void
take_proof(struct visit *v, const struct pades_result *r)
{
	if (!r->is_timestamp || r->verdict != PADES_VALID ||
	    r->timestamp.time >= v->proven)
		return;
	v->proven_end = r->signed_end;
	v->proven = r->timestamp.time;
	trust_prove(&v->trust, v->proven_end, v->proven);
}

/* Newest first: what proves a time comes before what it proves it for. */
static int
by_end(const void *a, const void *b)
{
	size_t x = ((const struct place *)a)->ranges.end;
	size_t y = ((const struct place *)b)->ranges.end;

	return x > y ? -1 : x < y;
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
check_place(struct visit *v, const struct place *p)
{
	struct check *c = calloc(1, sizeof(*c));

	if (!c)
		return FAIL_MEMORY;
	*c = (struct check){ .visit = v,
		.file = v->file,
		.policy = v->policy,
		.result = p->result,
		.dict = pdf_resolve(v->file, p->value),
		.ranges = p->ranges,
		.proven = v->proven };
	check_one(c);
	take_proof(v, p->result);
	free(c);
	return FAIL_NONE;
}

/* Every signature field with a value, and where its signature ends. */
static enum fail
find_places(struct visit *v, struct place *places, struct pades_report *report)
{
	struct pdf_field_walk walk;
	struct pdf_field field;

	pdf_field_walk_init(&walk, v->file);
	while (pdf_field_next(&walk, &field)) {
		struct place *p = &places[report->count];
		struct pades_result *r = &report->results[report->count];

		if (!pdf_field_is_signature(&field) ||
		    pdf_resolve(v->file, field.value)->type != PDF_DICT)
			continue;
		if (report->count == PADES_SIGNATURES_MAX)
			return FAIL_LIMIT;
		report->count++;
		*r = (struct pades_result){ .chain = FAIL_CHAIN,
			.revocation = FAIL_MISSING };
		memcpy(r->field, field.name, sizeof(r->field));
		*p = (struct place){ .value = field.value, .result = r };
		r->ranges = pades_ranges_read(
		    v->file, field.value, &p->ranges, &r->note);
		r->signed_end = p->ranges.end;
		r->covers_file = !r->ranges && p->ranges.end == v->file->in.len;
	}
	return FAIL_NONE;
}

/* Results in the order of their signatures, oldest first. */
static int
by_age(const void *a, const void *b)
{
	size_t x = ((const struct pades_result *)a)->signed_end;
	size_t y = ((const struct pades_result *)b)->signed_end;

	return x < y ? -1 : x > y;
}

static enum fail
open_digester(struct visit *v, const struct place *places, size_t count)
{
	size_t gaps[PADES_SIGNATURES_MAX];

	for (size_t i = 0; i < count; i++)
		gaps[i] = places[i].ranges.gap;
	return pades_digester_init(&v->digester, gaps, count);
}

static enum fail
check_all(struct visit *v, struct place *places, struct pades_report *report)
{
	enum fail f = find_places(v, places, report);

	if (f || !report->count)
		return f;
	qsort(places, report->count, sizeof(*places), by_end);
	f = open_digester(v, places, report->count);
	for (size_t i = 0; i < report->count && !f; i++)
		f = check_place(v, &places[i]);
	pades_digester_free(&v->digester);
	return f;
}

static enum fail
check_places(struct visit *v, struct pades_report *report)
{
	struct place *places = calloc(PADES_SIGNATURES_MAX, sizeof(*places));
	enum fail f = FAIL_MEMORY;

	v->tokens = calloc(PADES_SIGNATURES_MAX, sizeof(*v->tokens));
	if (places && v->tokens)
		f = check_all(v, places, report);
	for (size_t i = 0; i < v->token_count; i++)
		buf_free(&v->tokens[i]);
	free(v->tokens);
	free(places);
	return f;
}

enum fail
pades_check(struct pdf_file *file, const struct pades_policy *policy,
    struct pades_report *report)
{
	struct visit v = {
		.file = file, .policy = policy, .proven = policy->trust.now
	};
	enum fail f;

	*report = (struct pades_report){ .verdict = PADES_NONE };
	report->results =
	    calloc(PADES_SIGNATURES_MAX, sizeof(*report->results));
	if (!report->results)
		return FAIL_MEMORY;
	f = trust_open(&v.trust, &policy->trust, file);
	if (!f) {
		f = check_places(&v, report);
		trust_close(&v.trust);
	}
	/* What could not be read may have been a signature. */
	if (!f && file->arena.full)
		f = note_set(&file->note, FAIL_LIMIT,
		    "the file's objects take too much memory");
	if (f) {
		pades_report_free(report);
		return f;
	}
	qsort(report->results, report->count, sizeof(*report->results), by_age);
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

#include "document/pades_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/effort.h"
#include "base/text.h"
#include "document/dormant.h"
#include "document/pades_ranges.h"
#include "document/pdf_strict.h"
#include "document/second_face.h"
#include "document/pdf_xref.h"
#include "document/pdf_date.h"

/* What is known of a file while its signatures are checked, newest first. */
struct visit {
	struct pdf_file *file;
	const struct check_policy *policy;
	struct trust trust;
	struct pades_digester digester;
	struct buf *tokens; /* owned: CMS brought into DER, kept to the end */
	size_t token_count;
	/* All that stands before proven_end was there by this instant, because
	 * a document time-stamp or an evidence record over it is valid. */
	size_t proven_end;
	int64_t proven;
	bool signed_later; /* a person's valid signature was among them */
	/* Of do_all_follow: from here on all was judged; 0: nothing. */
	size_t followed_from;
	bool strayed; /* one does not, nor then behind older signatures */
	bool waited;  /* … or only because a field may wait to be signed */
	enum pdf_changes worst; /* of all steps, and … */
	struct note note;       /* … what it was */
	struct buf revisions; /* struct pdf_revision, newest first; no ceiling:
				 it was not asked */
	size_t oldest_end;    /* of all signatures */
};

/* One signature. */
struct check {
	struct visit *visit;
	struct pdf_file *file;
	struct findings *result;
	const struct pdf_value *dict;
	struct pdf_locks locks;
	int64_t level; /* of the field's lock */
	struct pades_ranges ranges;
	struct cms_check cms;
	bool inside; /* adbe.pkcs7.sha1: the CMS has a content */
};

/* A field's value, and where its signature ends. */
struct place {
	const struct pdf_value *value;
	int64_t level; /* of the field's lock (12.7.5.5), or 0 */
	struct pades_ranges ranges;
	struct findings *result;
};

/* ---- what came after ---- */

static bool
is_blank_end(struct bytes in)
{
	return in.len <= PDF_STRICT_BLANKS && pdf_only_space(in);
}

/* Bytes behind a signature that are no update, or not all of them: another
 * reader may know what they are.  A file that had to be repaired says itself
 * what it is. */
static bool
is_no_update(const struct pdf_file *f, size_t signed_end)
{
	size_t from = f->in.len > 1024 ? f->in.len - 1024 : 0, at = SIZE_MAX;
	struct bytes tail = bytes_part(f->in, from, SIZE_MAX);

	if (f->repaired)
		return false;
	for (size_t next = 0; next != SIZE_MAX;) {
		size_t hit =
		    bytes_find(bytes_part(tail, next, SIZE_MAX), "startxref");

		if (hit != SIZE_MAX)
			at = next + hit + strlen("startxref");
		next = hit == SIZE_MAX ? hit : at;
	}
	if (f->start + f->base < signed_end || at == SIZE_MAX ||
	    f->odd_from >= signed_end || f->crooked)
		return true;
	if (at > strlen("startxref")) {
		uint8_t before = tail.data[at - strlen("startxref") - 1];

		if (before != '\n' && before != '\r')
			return true;
	}
	return !pdf_strict_end(bytes_part(tail, at, SIZE_MAX));
}

/* ---- one revision after the other ---- */

#define REVISIONS_MAX 4096u

/* What one revision made of the one before, and what it was judged as: on the
 * way to a newer one an empty field for a signature may come, if at the end
 * somebody has signed it. */
static enum pdf_changes
judge_step(struct visit *v, struct pdf_file *old, struct pdf_file *new)
{
	struct note note = { FAIL_NONE, "" };
	enum pdf_changes changes =
	    pdf_changes_judge(old, new, STAGE_SIGNED, NULL, &note);

	if (changes > CHANGES_FORM) {
		changes = pdf_changes_judge(old, new, STAGE_STEP, NULL, &note);
		v->waited = true;
	}
	if (changes > v->worst) {
		v->worst = changes;
		v->note = note;
	}
	return changes;
}

/* All behind the oldest signature, once. */
static bool
know_revisions(struct visit *v)
{
	if (v->revisions.ceiling)
		return !buf_fail(&v->revisions);
	buf_init(&v->revisions, REVISIONS_MAX * sizeof(struct pdf_revision));
	return !pdf_xref_revisions(v->file, v->oldest_end, &v->revisions);
}

/* How many came behind a signature; 0: it is not known. */
static size_t
count_behind(struct visit *v, size_t signed_end)
{
	const struct pdf_revision *all;
	size_t count = 0;

	if (!know_revisions(v))
		return 0;
	all = (const struct pdf_revision *)v->revisions.data;
	while (count < v->revisions.len / sizeof(*all) &&
	    all[count].section >= signed_end)
		count++;
	return count;
}

/* The file as it was at an end, where it may follow the one before; none is the
 * newest, which has been looked for hidden objects already. */
static bool
open_between(struct visit *v, size_t end, struct pdf_file *between)
{
	if (pdf_file_open_older(between, v->file, end))
		return false;
	between->hidden_at = SIZE_MAX;
	return true;
}

/* May one revision follow the one before? */
static bool
may_follow(struct visit *v, struct pdf_file *old, struct pdf_file *new)
{
	struct arena *arena = &v->file->arena;
	struct arena_mark mark = arena_mark(arena);
	enum pdf_changes changes = judge_step(v, old, new);

	/* Both have read in the whole file. */
	if (arena->held > PDF_ARENA_MAX / 8)
		arena_back(arena, mark);
	return changes <= CHANGES_FORM;
}

/*
 * What was done in between and taken back again: may each revision follow the
 * one before?  Some readers show what was there on the way.  Newest signatures
 * come first: what was judged with them is not again.
 */
static bool
do_all_follow(struct visit *v, size_t signed_end)
{
	const struct pdf_revision *all;
	size_t from = signed_end, count = count_behind(v, signed_end);
	struct pdf_file files[2], *old = NULL;

	all = (const struct pdf_revision *)v->revisions.data;
	for (size_t n = count; !v->strayed && n-- > 0;) {
		struct pdf_file *new = n ? &files[n % 2] : v->file;

		/* An end of line may stand between. */
		if (v->followed_from && from + 2 >= v->followed_from)
			break;
		if (!old && open_between(v, from, &files[(n + 1) % 2]))
			old = &files[(n + 1) % 2];
		v->strayed = !old || all[n].end == SIZE_MAX ||
		    (n && !open_between(v, all[n].end, new));
		if (v->strayed)
			break;
		v->strayed = !may_follow(v, old, new);
		pdf_file_close(old);
		old = n ? new : NULL;
		from = all[n].end;
	}
	if (old)
		pdf_file_close(old);
	v->followed_from = signed_end;
	return count && !v->strayed;
}

static bool
may_all_follow(struct visit *v, size_t signed_end)
{
	const struct pdf_revision *all;
	size_t count = count_behind(v, signed_end);

	if (v->strayed || !count)
		return false;
	/* One alone has been compared already, and so has what nobody took
	 * back. */
	all = (const struct pdf_revision *)v->revisions.data;
	return count < 2 || !all[count - 1].again ||
	    do_all_follow(v, signed_end);
}

/*
 * Of a signature between others it is enough that each step behind it is
 * allowed: all of them together are judged for the oldest one, and one after
 * the other for none twice.  False: it is compared with the file as it is.
 */
static bool
is_judged_by_steps(struct check *c)
{
	struct visit *v = c->visit;
	struct findings *r = c->result;

	if (r->signed_end == v->oldest_end || c->locks.count ||
	    count_behind(v, r->signed_end) < 2 ||
	    !do_all_follow(v, r->signed_end) || v->waited)
		return false;
	r->changes = v->worst;
	if (v->worst > CHANGES_NONE)
		r->note = v->note;
	return true;
}

static void
tell_changes(struct check *c)
{
	struct findings *r = c->result;
	struct pdf_file old;

	/* Signatures and evidence are told of by themselves. */
	if (r->changes < CHANGES_FORM || c->visit->policy->verdicts_only ||
	    pdf_file_open_older(&old, c->file, r->signed_end))
		return;
	r->diff = calloc(1, sizeof(*r->diff));
	if (r->diff)
		pdf_diff(&old, c->file, r->diff);
	pdf_file_close(&old);
}

static enum pdf_changes
compare_with_newest(struct check *c)
{
	struct findings *r = c->result;
	struct pdf_file old;
	enum pdf_changes changes;

	if (pdf_file_open_older(&old, c->file, r->signed_end))
		return CHANGES_UNKNOWN;
	changes =
	    pdf_changes_judge(&old, c->file, STAGE_SIGNED, &c->locks, &r->note);
	pdf_file_close(&old);
	return changes < CHANGES_OTHER &&
		!may_all_follow(c->visit, r->signed_end) ?
	    CHANGES_UNKNOWN :
	    changes;
}

static void
check_changes(struct check *c)
{
	struct findings *r = c->result;
	struct bytes behind = bytes_part(c->file->in, r->signed_end, SIZE_MAX);
	struct bytes before = bytes_part(c->file->in, 0, r->signed_end);

	if (c->file->two_starts)
		r->changes = CHANGES_UNKNOWN;
	if (r->covers_file || is_blank_end(behind))
		return;
	if (pdf_only_space(behind)) {
		r->changes = CHANGES_UNKNOWN;
		return;
	}
	if (!is_judged_by_steps(c))
		r->changes = compare_with_newest(c);
	if (r->changes < CHANGES_OTHER &&
	    (c->file->two_starts || is_no_update(c->file, r->signed_end) ||
		second_face_is_zip(c->file->in, &before, 1)))
		r->changes = CHANGES_UNKNOWN;
	tell_changes(c);
}

/* ---- one signature ---- */

/*
 * The digest of what the CMS signs: the ranges, or (adbe.pkcs7.sha1, ISO
 * 32000-2 12.8.3.3) a content of its own that is the SHA-1 of the ranges.
 * FAIL_DIGEST: it is another; FAIL_FORMAT: it has none, or one that nobody
 * asked for and that would be signed in place of the file.
 */
static enum fail
digest_content(struct check *c, uint8_t digest[static HASH_MAX])
{
	const struct cms *cms = &c->cms.cms;
	enum hash_kind kind = c->inside ? HASH_SHA1 : cms->signer.digest;
	struct note *note = &c->result->note;
	enum fail f = pades_ranges_digest(
	    &c->visit->digester, c->file, &c->ranges, kind, digest);

	if (f)
		return f;
	if (cms->has_content != c->inside)
		return note_set(note, FAIL_FORMAT, "EN 319 142-1 5.3: %s",
		    c->inside ? "the CMS has no content" :
				"the CMS has content of its own");
	if (!c->inside)
		return FAIL_NONE;
	if (!bytes_equal(
		cms->content, (struct bytes){ digest, hash_len(HASH_SHA1) }))
		return note_set(note, FAIL_DIGEST,
		    "ISO 32000-2 12.8.3.3: content is not the file's SHA-1");
	c->result->warnings |= WARN_SHA1;
	hash_bytes(cms->signer.digest, cms->content, digest);
	return FAIL_NONE;
}

/* The strictest of two levels counts, 0: there is none; what is no level is the
 * strictest. */
static int64_t
strictest(int64_t found, const struct pdf_value *level, int64_t usual)
{
	int64_t p = level->type == PDF_NULL ? usual :
	    level->type == PDF_INTEGER && level->integer > 0 &&
		level->integer < 4 ?
					      level->integer :
					      1;

	return p && (!found || p < found) ? p : found;
}

/* Level of the DocMDP transform of this very signature, or 0. */
static int64_t
docmdp_level(struct check *c)
{
	const struct pdf_value *list = pdf_get(c->file, c->dict, "Reference");
	int64_t found = c->level;

	if (list->type != PDF_ARRAY)
		return found;
	for (const struct pdf_value *v = list->first; v; v = v->next) {
		const struct pdf_value *reference = pdf_resolve(c->file, v);
		const struct pdf_value *method, *level;

		method = pdf_get(c->file, reference, "TransformMethod");
		if (!pdf_is_name(method, "DocMDP"))
			continue;
		level = pdf_get(c->file,
		    pdf_get(c->file, reference, "TransformParams"), "P");
		found = strictest(found, level, 2);
	}
	return found;
}

static void
check_signature(struct check *c)
{
	struct findings *r = c->result;
	uint8_t digest[HASH_MAX];
	enum fail f = cms_check_read(&c->cms, c->ranges.contents, 0);

	if (!f && c->cms.cms.signer_count != 1)
		f = r->cms = note_set(&r->note, FAIL_UNSUPPORTED,
		    "EN 319 142-1 5.3: SignerInfo %zu times",
		    c->cms.cms.signer_count);
	if (f)
		return;
	f = digest_content(c, digest);
	*(f == FAIL_DIGEST ? &r->digest : &r->value) = f;
	if (!f)
		cms_check_value(&c->cms, digest);
	if (r->digest || (r->value && r->value != FAIL_UNSUPPORTED))
		return;
	/* Whether a key is known here or not, a change is one. */
	if (!r->value)
		cms_check_trust(&c->cms);
	check_changes(c);
}

/* A document time-stamp (EN 319 142-1 5.4.3): the token stands where a
 * signature would and stamps the ranges. */
static void
check_document_timestamp(struct check *c)
{
	struct findings *r = c->result;
	struct timestamp *t = calloc(1, sizeof(*t));
	uint8_t digest[HASH_MAX];

	r->is_timestamp = true;
	r->cms = t ? cms_check_read_token(&c->cms, c->ranges.contents, t) :
		     FAIL_MEMORY;
	if (!r->cms)
		r->value = pades_ranges_digest(
		    &c->visit->digester, c->file, &c->ranges, t->hash, digest);
	if (!r->cms && !r->value) {
		cms_check_token(&c->cms, t, digest);
		if (!r->cms && !r->digest && !r->value)
			check_changes(c);
	}
	/* Whoever signed after it has seen what came between. */
	if (c->visit->signed_later && !findings_changes_allowed(r)) {
		r->signed_later = true;
		r->changes = CHANGES_NONE;
	}
	free(t);
}

static void
check_one(struct check *c)
{
	struct findings *r = c->result;
	const struct pdf_value *sub = pdf_get(c->file, c->dict, "SubFilter");
	const struct pdf_value *time = pdf_get(c->file, c->dict, "M");

	text_keep(r->sub_filter, sizeof(r->sub_filter), sub->text);
	r->has_time =
	    time->type == PDF_STRING && pdf_date_read(time->text, &r->time);
	r->docmdp = docmdp_level(c);
	pdf_locks_read(c->file, c->dict, &c->locks);
	r->locks_fields = c->locks.count > 0;
	c->inside = pdf_is_name(sub, "adbe.pkcs7.sha1");
	if (!r->ranges && effort_is_spent())
		r->cms = note_set(&r->note, FAIL_LIMIT, EFFORT_SPENT);
	else if (!r->ranges && pdf_is_name(sub, "ETSI.RFC3161"))
		check_document_timestamp(c);
	else if (!r->ranges && !c->inside &&
	    !pdf_is_name(sub, "ETSI.CAdES.detached") &&
	    !pdf_is_name(sub, "adbe.pkcs7.detached"))
		r->cms = note_set(&r->note, FAIL_UNSUPPORTED,
		    "ISO 32000-2 12.8.3: /SubFilter not handled");
	else if (!r->ranges)
		check_signature(c);
	r->verdict = findings_judge(r);
}

/* What a valid document time-stamp covers was there by its time. */
static void
take_proof(struct visit *v, const struct findings *r)
{
	if (!r->is_timestamp || r->verdict != VERDICT_VALID ||
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

static enum fail
check_place(struct visit *v, const struct place *p)
{
	struct check *c = calloc(1, sizeof(*c));

	if (!c)
		return FAIL_MEMORY;
	*c = (struct check){ .visit = v,
		.file = v->file,
		.result = p->result,
		.dict = pdf_resolve(v->file, p->value),
		.level = p->level,
		.ranges = p->ranges,
		.cms = { .trust = &v->trust,
		    .policy = v->policy,
		    .findings = p->result,
		    .der = &v->tokens[v->token_count],
		    .proven = v->proven } };
	v->token_count++;
	check_one(c);
	take_proof(v, p->result);
	if (!p->result->is_timestamp && p->result->verdict == VERDICT_VALID)
		v->signed_later = true;
	free(c);
	return FAIL_NONE;
}

static int64_t
lock_level(struct pdf_file *f, const struct pdf_value *field)
{
	return strictest(0, pdf_get(f, pdf_get(f, field, "Lock"), "P"), 0);
}

/* Every signature field with a value, and where its signature ends. */
static enum fail
find_places(
    struct visit *v, struct place *places, struct signature_report *report)
{
	struct pdf_field_walk walk;
	struct pdf_field field;

	pdf_field_walk_init(&walk, v->file);
	while (pdf_field_next(&walk, &field)) {
		struct place *p = &places[report->count];
		struct findings *r = &report->results[report->count];

		if (!pdf_field_is_signature(&field) ||
		    pdf_resolve(v->file, field.value)->type != PDF_DICT)
			continue;
		if (report->count == PADES_SIGNATURES_MAX)
			return FAIL_LIMIT;
		report->count++;
		*r = (struct findings){ .chain = FAIL_CHAIN,
			.revocation = FAIL_MISSING };
		text_keep(r->field, sizeof(r->field), BYTES_TEXT(field.name));
		*p = (struct place){ .value = field.value,
			.level = lock_level(v->file, field.dict),
			.result = r };
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
	size_t x = ((const struct findings *)a)->signed_end;
	size_t y = ((const struct findings *)b)->signed_end;

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
check_all(
    struct visit *v, struct place *places, struct signature_report *report)
{
	enum fail f = find_places(v, places, report);

	if (f || !report->count)
		return f;
	qsort(places, report->count, sizeof(*places), by_end);
	f = open_digester(v, places, report->count);
	v->oldest_end = places[report->count - 1].ranges.end;
	for (size_t i = 0; i < report->count && !f; i++)
		f = check_place(v, &places[i]);
	pades_digester_free(&v->digester);
	buf_free(&v->revisions);
	return f;
}

static enum fail
check_places(struct visit *v, struct signature_report *report)
{
	struct place *places = malloc(PADES_SIGNATURES_MAX * sizeof(*places));
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
pades_check(struct pdf_file *file, const struct check_policy *policy,
    struct signature_report *report)
{
	struct visit v = { .file = file,
		.policy = policy,
		.proven = trust_known(&policy->trust) };
	bool own = effort_begin(file->in.len);
	enum fail f;

	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	/* Each is set when its signature is found. */
	report->results =
	    malloc(PADES_SIGNATURES_MAX * sizeof(*report->results));
	f = report->results ? trust_open(&v.trust, &policy->trust, file) :
			      FAIL_MEMORY;
	if (!f) {
		f = check_places(&v, report);
		trust_close(&v.trust);
	}
	effort_end(own);
	/* What could not be read may have been a signature. */
	if (!f && file->arena.full)
		f = note_set(&file->note, FAIL_LIMIT,
		    "the file's objects take too much memory");
	if (f) {
		signature_report_free(report);
		return f;
	}
	qsort(report->results, report->count, sizeof(*report->results), by_age);
	signature_report_warn(report);
	signature_report_judge(report);
	if (report->count && !policy->verdicts_only)
		report->dormant = dormant_find(file, DORMANT_QUICK);
	return FAIL_NONE;
}

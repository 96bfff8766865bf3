#include "document/ers_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

/* A record while its time-stamps are judged. */
struct visit {
	struct bytes name;
	const struct check_policy *policy;
	struct signature_report *report;
	struct trust trust;
	struct ers *record;
	struct timestamp *tokens; /* of the record's time-stamps … */
	enum fail *reads;         /* … and whether they read */
};

static enum fail
add_row(struct visit *v, struct findings **row)
{
	struct signature_report *report = v->report;
	struct findings *all =
	    realloc(report->results, (report->count + 1) * sizeof(*all));

	if (!all)
		return FAIL_MEMORY;
	report->results = all;
	*row = &all[report->count++];
	**row = (struct findings){ .chain = FAIL_CHAIN,
		.revocation = FAIL_MISSING,
		.covers_file = true,
		.is_timestamp = true };
	text_keep((*row)->field, sizeof((*row)->field), v->name);
	snprintf((*row)->sub_filter, sizeof((*row)->sub_filter), "%s",
	    ERS_SUB_FILTER);
	return FAIL_NONE;
}

/* ---- one time-stamp ---- */

/* When it was last known to be good: by the next one, or now. */
static int64_t
known_at(const struct visit *v, size_t n)
{
	return n + 1 < v->record->count && !v->reads[n + 1] ?
	    v->tokens[n + 1].time :
	    v->policy->trust.now;
}

static void
judge_token(struct visit *v, size_t n, struct cms_check *c)
{
	const struct ers_stamp *s = &v->record->stamps[n];
	const struct timestamp *t = &v->tokens[n];
	struct findings *r = c->findings;

	r->cms = v->reads[n];
	if (r->cms)
		return;
	c->cms = t->cms;
	if (t->hash != s->hash) {
		r->digest = note_set(&r->note, FAIL_DIGEST,
		    "RFC 4998 4.1: the token is of another algorithm");
		return;
	}
	cms_check_token(c, t, s->digest);
	/* hash.h: whoever can make two files of one SHA-1 can have one of
	 * them stamped. */
	if (!r->value && s->hash == HASH_SHA1 && !r->strength)
		r->strength = note_set(&r->note, FAIL_UNSUPPORTED,
		    "RFC 4998 5.3: SHA-1 proves nothing any more");
	if (!r->value && t->time > c->proven)
		r->value = note_set(&r->note, FAIL_FORMAT,
		    "RFC 4998 5.3: a renewal is older than what it renews");
}

static enum fail
add_stamp(struct visit *v, size_t n)
{
	struct cms_check *c = calloc(1, sizeof(*c));
	struct findings *row;
	struct buf unused;
	enum fail f = c ? add_row(v, &row) : FAIL_MEMORY;

	if (f) {
		free(c);
		return f;
	}
	buf_init(&unused, CMS_CHECK_MAX);
	*c = (struct cms_check){ .trust = &v->trust,
		.policy = v->policy,
		.findings = row,
		.der = &unused,
		.proven = known_at(v, n) };
	judge_token(v, n, c);
	row->verdict = findings_judge(row);
	buf_free(&unused);
	free(c);
	return FAIL_NONE;
}

/* ---- all of them ---- */

static enum fail
add_stamps(struct visit *v, int64_t *proven)
{
	size_t first = v->report->count, count = v->record->count;
	bool all = true;
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < count; i++) {
		v->reads[i] = timestamp_read(
		    v->record->stamps[i].token, &v->tokens[i], NULL);
		if (!v->reads[i])
			trust_add_cms(&v->trust, &v->tokens[i].cms);
	}
	for (size_t i = 0; i < count && !f; i++)
		f = add_stamp(v, i);
	for (size_t i = first; i < v->report->count; i++)
		all = all && v->report->results[i].verdict == VERDICT_VALID;
	if (!f && all && v->tokens[0].time < *proven)
		*proven = v->tokens[0].time;
	return f;
}

/* The record does not read, or covers something else. */
static enum fail
add_refusal(struct visit *v, enum fail why, const struct note *note)
{
	struct findings *row;
	enum fail f = add_row(v, &row);

	if (f)
		return f;
	*(why == FAIL_DIGEST ? &row->digest : &row->cms) = why;
	row->note = *note;
	row->verdict = findings_judge(row);
	return FAIL_NONE;
}

enum fail
ers_check(struct bytes record, struct bytes name, const struct ers_group *group,
    const struct check_policy *policy, struct signature_report *report,
    int64_t *proven)
{
	struct check_policy own = *policy;
	struct visit v = { .name = name,
		.policy = &own,
		.report = report,
		.record = calloc(1, sizeof(*v.record)),
		.tokens = calloc(ERS_STAMPS_MAX, sizeof(*v.tokens)),
		.reads = calloc(ERS_STAMPS_MAX, sizeof(*v.reads)) };
	struct note note = { FAIL_NONE, "" };
	enum fail f;

	/* What was proven of the file says nothing of the record. */
	own.trust.proven = 0;
	f = v.record && v.tokens && v.reads ?
	    trust_open(&v.trust, &own.trust, NULL) :
	    FAIL_MEMORY;

	if (!f) {
		enum fail why = ers_read(record, group, v.record, &note);

		f = why == FAIL_MEMORY ? why :
		    why                ? add_refusal(&v, why, &note) :
					 add_stamps(&v, proven);
		trust_close(&v.trust);
	}
	free(v.reads);
	free(v.tokens);
	free(v.record);
	return f;
}

/* ---- beside a file ---- */

/* The file, and whether it could always be read to its end. */
struct reading {
	const struct disk_map *map;
	enum fail fail;
};

static void
digest_file(
    void *context, size_t n, enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	struct reading *r = context;
	struct hash h;
	enum fail f;

	(void)n;
	hash_init(&h, kind);
	f = disk_each(r->map, hash_step, &h);
	if (f)
		r->fail = f;
	hash_done(&h, out);
}

enum fail
ers_check_file(struct bytes record, struct bytes name,
    const struct disk_map *file, const struct check_policy *policy,
    struct signature_report *report, int64_t *proven)
{
	struct reading reading = { .map = file };
	struct ers_group group = { 1, digest_file, &reading };
	int64_t found = *proven;
	enum fail f = ers_check(record, name, &group, policy, report, &found);

	if (!f)
		f = reading.fail;
	if (!f)
		*proven = found;
	return f;
}

#include "document/ers_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

/* A record while its time-stamps are judged. */
struct visit {
	struct check_policy policy; /* its trust.proven: of what is at hand */
	int64_t known;              /* the record was there by then */
	struct trust trust;
	struct ers *record;
	struct timestamp *tokens; /* of the record's time-stamps … */
	enum fail *reads;         /* … and whether they read */
};

/* Room for more rows about a record; NULL: no memory. */
static struct findings *
add_rows(struct signature_report *report, struct bytes name, size_t count)
{
	size_t first = report->count;
	struct findings *all =
	    realloc(report->results, (first + count) * sizeof(*all));

	if (!all)
		return NULL;
	report->results = all;
	report->count += count;
	for (size_t i = first; i < report->count; i++) {
		all[i] = (struct findings){ .chain = FAIL_CHAIN,
			.revocation = FAIL_MISSING,
			.covers_file = true,
			.is_timestamp = true,
			.of_record = true };
		text_keep(all[i].field, sizeof(all[i].field), name);
		snprintf(all[i].sub_filter, sizeof(all[i].sub_filter), "%s",
		    ERS_SUB_FILTER);
	}
	return all + first;
}

/* ---- one time-stamp ---- */

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

/* At the instant by which it and all it brings are known to have been there. */
static enum fail
judge_stamp(struct visit *v, size_t n, int64_t instant, struct findings *row)
{
	struct cms_check *c = calloc(1, sizeof(*c));
	struct buf unused;

	if (!c)
		return FAIL_MEMORY;
	v->policy.trust.proven = instant;
	if (!v->reads[n])
		trust_add_cms(&v->trust, &v->tokens[n].cms, instant);
	buf_init(&unused, CMS_CHECK_MAX);
	*c = (struct cms_check){ .trust = &v->trust,
		.policy = &v->policy,
		.findings = row,
		.der = &unused,
		.proven = instant };
	judge_token(v, n, c);
	row->verdict = findings_judge(row);
	buf_free(&unused);
	free(c);
	return FAIL_NONE;
}

/* ---- all of them ---- */

/* From the newest back: each proves since when the one before has been there.
 */
static enum fail
judge_stamps(struct visit *v, struct findings *rows, int64_t *proven)
{
	size_t count = v->record->count;
	int64_t instant = v->known;
	bool all = true;
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < count; i++)
		v->reads[i] = timestamp_read(
		    v->record->stamps[i].token, &v->tokens[i], NULL);
	for (size_t i = count; i-- > 0 && !f;) {
		f = judge_stamp(v, i, instant, &rows[i]);
		all = all && rows[i].verdict == VERDICT_VALID;
		/* A renewal of nobody's proves nothing of what was before. */
		if (rows[i].verdict == VERDICT_VALID)
			instant = v->tokens[i].time;
	}
	if (!f && all && instant < *proven)
		*proven = instant;
	return f;
}

static enum fail
check(struct visit *v, struct bytes der, struct bytes name,
    const struct ers_group *group, struct signature_report *report,
    int64_t *proven)
{
	struct note note = { FAIL_NONE, "" };
	struct findings *rows;
	enum fail why = ers_read(der, group, v->record, &note);

	if (why == FAIL_MEMORY)
		return why;
	rows = add_rows(report, name, why ? 1 : v->record->count);
	if (!rows)
		return FAIL_MEMORY;
	if (!why)
		return judge_stamps(v, rows, proven);
	/* Too much of it says nothing about it. */
	if (why == FAIL_LIMIT)
		why = FAIL_UNSUPPORTED;
	*(why == FAIL_DIGEST ? &rows->digest : &rows->cms) = why;
	rows->note = note;
	rows->verdict = findings_judge(rows);
	return FAIL_NONE;
}

enum fail
ers_check(struct bytes record, struct bytes name, const struct ers_group *group,
    const struct check_policy *policy, struct signature_report *report,
    int64_t *proven)
{
	struct visit v = { .policy = *policy,
		.known = trust_known(&policy->trust),
		.record = calloc(1, sizeof(*v.record)),
		.tokens = calloc(ERS_STAMPS_MAX, sizeof(*v.tokens)),
		.reads = calloc(ERS_STAMPS_MAX, sizeof(*v.reads)) };
	enum fail f = v.record && v.tokens && v.reads ?
	    trust_open(&v.trust, &v.policy.trust, NULL) :
	    FAIL_MEMORY;

	if (!f) {
		f = check(&v, record, name, group, report, proven);
		trust_close(&v.trust);
	}
	free(v.reads);
	free(v.tokens);
	free(v.record);
	return f;
}

enum fail
ers_refuse(enum fail why, const char *text, struct bytes name,
    struct signature_report *report)
{
	struct findings *row = add_rows(report, name, 1);

	if (!row)
		return FAIL_MEMORY;
	row->cms = why;
	note_write(&row->note, why, "%s", text);
	row->verdict = findings_judge(row);
	return FAIL_NONE;
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

/* Checking the signatures of a document's newest file again: the report is
 * kept with the document (an act), or only told to the administrator. */
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "crypto/evidence_record.h"
#include "document/report.h"
#include "firmware/flow/checking.h"
#include "storage/blob.h"

const uint8_t *
flow_newest_file(const struct record *r)
{
	bool sealed = r->state >= STATE_WAIT_ISSUE && r->state < STATE_VOID;

	if (sealed && hash_is_set(r->raised))
		return r->raised;
	if (sealed && hash_is_set(r->sealed))
		return r->sealed;
	return hash_is_set(r->signed_file) ? r->signed_file : r->draft;
}

/* ---- what is kept ---- */

enum fail
flow_report_verdict(struct bytes report, enum verdict *verdict, enum fail *why)
{
	struct signature_report r;
	size_t all;
	enum fail f = report_get(report, &r, &all);

	*why = FAIL_NONE;
	if (f)
		return f;
	*verdict = r.verdict;
	for (size_t i = 0; i < r.count && !*why; i++) {
		const struct findings *one = &r.results[i];

		if (one->verdict == VERDICT_INVALID)
			*why = one->revocation == FAIL_REVOKED ? FAIL_REVOKED :
			    one->value ? FAIL_SIGNATURE :
					 FAIL_DIGEST;
	}
	if (r.verdict == VERDICT_INVALID && !*why)
		*why = FAIL_SIGNATURE;
	signature_report_free(&r);
	return FAIL_NONE;
}

enum fail
flow_keep_check(struct txn *txn, struct record *r, const uint8_t *file,
    enum fail checked, struct bytes report, uint64_t actor)
{
	struct record_check c = { .time = when_now(),
		.verdict = VERDICT_INDETERMINATE };
	enum verdict verdict = VERDICT_INDETERMINATE;
	enum fail f = FAIL_NONE, why;
	const char *word;

	memcpy(c.file, file, HASH_LEN);
	if (!checked)
		checked = flow_report_verdict(report, &verdict, &why);
	if (!checked)
		f = blob_put(
		    txn, NULL, (struct bytes){ NULL, 0 }, report, c.report);
	if (f)
		return f;
	c.fail = (uint16_t)checked;
	c.verdict = (uint8_t)verdict;
	r->check = c;
	word = checked ? "chưa kiểm tra được" : verdict_vietnamese(verdict);
	return flow_keep(txn, r, ACT_CHECK, (enum record_state)r->state, actor,
	    BYTES_TEXT(word), c.report);
}

/* ---- the act ---- */

struct recheck {
	struct checking checking;
	uint64_t ask, record;
	uint8_t token[SESSION_TOKEN];
	uint8_t hash[HASH_LEN]; /* of the file */
	uint64_t taken;         /* of core->uploads: its copy in memory */
	flow_told *told;        /* who is told instead of net … */
	void *listener;         /* … with this; NULL: nobody */
};

static void
recheck_free(struct core *core, struct recheck *r)
{
	core->uploads -= r->taken;
	if (r->checking.file >= 0)
		close(r->checking.file);
	explicit_bzero(r, sizeof(*r));
	free(r);
}

/* Tell net how it went; then it is over. */
static void
finish(struct core *core, struct recheck *r, enum fail f)
{
	core_answer(core, r->ask, f, r->record, "");
	recheck_free(core, r);
}

static enum fail
may_check(struct core *core, struct txn *txn, const struct recheck *r,
    struct arena *arena, struct record *record, struct person *person)
{
	const struct act_row *row;
	enum fail f = flow_person(
	    core, txn, (struct bytes){ r->token, SESSION_TOKEN }, person);

	if (!f)
		f = flow_record(txn, r->record, arena, record);
	/* What one may not see does not exist for one. */
	if (!f && !act_may_see(record, person))
		f = FAIL_MISSING;
	return f ? f : flow_row(ACT_CHECK, record, person, &row);
}

static void
durable(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	(void)reply;
	finish(core, (struct recheck *)job, f);
}

static void
keep(struct core *core, struct recheck *r, struct bytes report)
{
	struct record record;
	struct person person;
	struct arena arena;
	struct txn *txn;
	enum fail f = keep_begin(core, &txn);

	if (f) {
		finish(core, r, f);
		return;
	}
	arena_init(&arena, FLOW_ARENA);
	f = may_check(core, txn, r, &arena, &record, &person);
	if (!f)
		f = flow_keep_check(
		    txn, &record, r->hash, FAIL_NONE, report, person.id);
	f = keep_end(core, txn, f);
	arena_free(&arena);
	job_after_commit(core, &r->checking.job, f, durable);
}

static void
checked(struct core *core, struct checking *c, enum fail f, struct bytes note,
    struct bytes report)
{
	struct recheck *r = c->context;

	if (f)
		log_notice("a file was not checked: %s: %.*s", fail_name(f),
		    (int)note.len, (const char *)note.data);
	if (r->told) {
		r->told(r->listener, r->record, f, report);
		recheck_free(core, r);
	} else if (f) {
		/* A report that is there is worth more than none. */
		finish(core, r, f);
	} else {
		keep(core, r, report);
	}
}

/* Its newest file is copied into memory, which shares its room with what is
 * uploaded. */
static enum fail
choose_newest(struct core *core, struct txn *txn, const struct record *record,
    struct recheck *r)
{
	struct blob_info info;
	enum fail f;

	memcpy(r->hash, flow_newest_file(record), HASH_LEN);
	f = blob_about(txn, r->hash, &info);
	if (f)
		return f;
	if (info.size > FLOW_UPLOADS_MAX ||
	    core->uploads > FLOW_UPLOADS_MAX - info.size)
		return FAIL_MEMORY;
	r->taken = info.size;
	core->uploads += r->taken;
	return FAIL_NONE;
}

/* Behind the file goes its evidence record, if there is one: when the file's
 * own time-stamps have ended, it still proves when the seal was there. */
static enum fail
append_record(struct core *core, struct recheck *r)
{
	struct buf record;
	struct txn *txn;
	enum fail f = core_read(core, &txn);

	if (f)
		return f;
	buf_init(&record, ERS_MAX);
	f = flow_evidence_record(txn, r->hash, &record);
	txn_abort(txn);
	if (!f)
		f = disk_write_all(r->checking.file, buf_view(&record));
	if (!f)
		r->checking.record = record.len;
	buf_free(&record);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

static enum fail
open_newest(struct core *core, struct recheck *r)
{
	struct hash after;
	enum fail f = core_blob_file(core, r->hash, &r->checking.file, &after);

	return f ? f : append_record(core, r);
}

void
flow_check(struct core *core, struct message *m, struct act_call *call)
{
	struct recheck *r = calloc(1, sizeof(*r));
	struct record record;
	struct person person;
	struct arena arena;
	struct txn *txn;
	enum fail f = r ? core_read(core, &txn) : FAIL_MEMORY;

	if (f) {
		core_answer(core, m->id, f, call->record, "");
		free(r);
		return;
	}
	r->ask = m->id;
	r->record = call->record;
	r->checking.context = r;
	r->checking.file = -1;
	if (call->token.len == SESSION_TOKEN)
		memcpy(r->token, call->token.data, SESSION_TOKEN);
	arena_init(&arena, FLOW_ARENA);
	f = may_check(core, txn, r, &arena, &record, &person);
	if (!f)
		f = choose_newest(core, txn, &record, r);
	txn_abort(txn);
	if (!f)
		f = open_newest(core, r);
	arena_free(&arena);
	if (f)
		finish(core, r, f);
	else
		checking_start(
		    core, &r->checking, (struct bytes){ NULL, 0 }, checked);
}

/* ---- the console ---- */

enum fail
flow_check_tell(
    struct core *core, uint64_t record, flow_told *told, void *listener)
{
	struct recheck *r = calloc(1, sizeof(*r));
	struct record stored;
	struct txn *txn;
	enum fail f = r ? core_read(core, &txn) : FAIL_MEMORY;

	if (f) {
		free(r);
		return f;
	}
	r->record = record;
	r->told = told;
	r->listener = listener;
	r->checking.context = r;
	r->checking.file = -1;
	f = record_get(txn, record, &stored);
	if (!f)
		f = choose_newest(core, txn, &stored, r);
	txn_abort(txn);
	if (!f)
		f = open_newest(core, r);
	if (f) {
		recheck_free(core, r);
		return f;
	}
	checking_start(core, &r->checking, (struct bytes){ NULL, 0 }, checked);
	return FAIL_NONE;
}

/* Acts that need no other process: one transaction, done. */
#include <stdlib.h>

#include "base/log.h"
#include "base/text.h"
#include "base/when.h"
#include "document/head_words.h"
#include "firmware/flow/flow.h"
#include "firmware/flow/kind.h"
#include "autoconf.h"
#include "storage/counter.h"
#include "storage/registry.h"
#include "storage/settings.h"

enum fail
flow_person(struct core *core, struct txn *txn, struct bytes token,
    struct person *person)
{
	struct session s;
	int64_t now = when_now();

	(void)core;
	if (token.len != SESSION_TOKEN || session_get(txn, token.data, &s) ||
	    !session_alive(&s, now) || people_get(txn, s.person, person) ||
	    person->locked)
		return FAIL_LOGIN;
	return person->must_change ? FAIL_PASSWORD : FAIL_NONE;
}

enum fail
flow_record(
    struct txn *txn, uint64_t id, struct arena *arena, struct record *record)
{
	enum fail f = record_get(txn, id, record);

	return f ? f : record_hold(record, arena);
}

enum fail
flow_row(enum act act, const struct record *record, const struct person *person,
    const struct act_row **row)
{
	bool rights;

	*row = act_find(act, record, person, &rights);
	if (!rights)
		return FAIL_RIGHTS;
	return *row ? FAIL_NONE : FAIL_STATE;
}

enum fail
flow_keep(struct txn *txn, struct record *record, enum act act,
    enum record_state to, uint64_t actor, struct bytes reason,
    const uint8_t *thing)
{
	struct journal_entry e = { .time = when_now(),
		.actor = actor,
		.act = (uint16_t)act,
		.record = record->id,
		.from = record->state,
		.to = (uint8_t)to,
		.reason = reason };
	enum fail f;

	if (thing)
		memcpy(e.thing, thing, HASH_LEN);
	record->state = (uint8_t)to;
	record->changed = e.time;
	f = record_put(txn, record);
	return f ? f : journal_add(txn, &e);
}

/* A number never bears an earlier date than the one before it, nor goes into
 * last year's book once this year's has begun. */
static bool
clock_went_back(struct txn *txn, uint16_t book, const struct when_date *today)
{
	uint16_t year = (uint16_t)today->year;
	uint32_t date =
	    (uint32_t)(today->year * 10000 + today->month * 100 + today->day);
	struct record before;
	uint32_t next;
	uint64_t id;

	if (counter_peek(txn, book, (uint16_t)(year + 1), &next) || next > 1)
		return true;
	if (counter_peek(txn, book, year, &next) || next == 1)
		return false;
	return registry_get(txn, book, year, next - 1, &id) ||
	    record_get(txn, id, &before) || before.date > date;
}

/* Number and date: the register's line in the same transaction. */
static enum fail
take_number(struct txn *txn, struct record *r)
{
	struct when_date today;
	enum fail f = when_today(&today);

	if (f)
		return f;
	r->book = kind_is_copy(r->kind) ? BOOK_COPIES : BOOK_OUTGOING;
	if (clock_went_back(txn, r->book, &today))
		return FAIL_CLOCK;
	r->year = (uint16_t)today.year;
	r->date =
	    (uint32_t)(today.year * 10000 + today.month * 100 + today.day);
	/* A number could not be taken back. */
	if (!head_words_is_date(r->dated, r->date))
		return FAIL_HEAD;
	f = counter_take(txn, r->book, r->year, &r->number);
	return f ? f : registry_add(txn, r->book, r->year, r->number, r->id);
}

/* What an act changes in the record besides its state. */
static enum fail
apply(struct txn *txn, enum act act, struct record *r, struct bytes reason)
{
	static const uint8_t none[HASH_LEN];

	switch (act) {
	case ACT_APPROVE:
		/* From here on these very bytes are what is signed. */
		memcpy(r->approved, r->draft, HASH_LEN);
		if (!act_leader_signs(r))
			memcpy(r->signed_file, r->draft, HASH_LEN);
		return FAIL_NONE;
	case ACT_RETURN:
	case ACT_RETURN_FORM:
	case ACT_WITHDRAW:
		r->reason = reason;
		memcpy(r->approved, none, HASH_LEN);
		memcpy(r->signed_file, none, HASH_LEN);
		r->check = (struct record_check){ .time = 0 };
		return FAIL_NONE;
	case ACT_SUBMIT:
		r->reason = (struct bytes){ NULL, 0 };
		return FAIL_NONE;
	case ACT_NUMBER:
		return take_number(txn, r);
	default:
		return FAIL_NONE;
	}
}

/* The file an act is about, for the journal. */
static const uint8_t *
thing_of(enum act act, const struct record *r)
{
	switch (act) {
	case ACT_NUMBER:
		return r->signed_file;
	case ACT_ISSUE:
	case ACT_ARCHIVE:
		return r->sealed;
	default:
		return r->draft;
	}
}

static enum fail
reason_check(struct bytes reason, bool needed)
{
	if (needed && !reason.len)
		return FAIL_USAGE;
	if (reason.len > JOURNAL_REASON_MAX || !text_valid(reason))
		return FAIL_USAGE;
	return FAIL_NONE;
}

/* An act that is one transaction. */
typedef enum fail simple(struct core *core, struct txn *txn,
    const struct act_call *call, struct arena *arena);

static enum fail
simple_act(struct core *core, struct txn *txn, const struct act_call *call,
    struct arena *arena)
{
	struct person person;
	struct record record;
	const struct act_row *row;
	struct bytes reason =
	    call->field_count ? call->fields[0] : (struct bytes){ NULL, 0 };
	enum fail f = flow_person(core, txn, call->token, &person);

	if (!f)
		f = flow_record(txn, call->record, arena, &record);
	/* What one may not see does not exist for one. */
	if (!f && !act_may_see(&record, &person))
		f = FAIL_MISSING;
	if (!f)
		f = flow_row(call->act, &record, &person, &row);
	if (!f && row->needs & (NEEDS_FILE | NEEDS_PIN))
		f = FAIL_USAGE;
	if (!f)
		f = reason_check(reason, row->needs & NEEDS_REASON);
	if (!f)
		f = apply(txn, call->act, &record, reason);
	if (!f)
		f = flow_keep(txn, &record, call->act, row->to, person.id,
		    reason, thing_of(call->act, &record));
	return f;
}

/* The call names the annex. */
static enum fail
remove_annex(struct core *core, struct txn *txn, const struct act_call *call,
    struct arena *arena)
{
	struct person person;
	struct record annex, record = { .id = 0 };
	const struct act_row *row;
	enum fail f = flow_person(core, txn, call->token, &person);

	if (!f)
		f = flow_record(txn, call->record, arena, &annex);
	if (!f && !act_may_see(&annex, &person))
		f = FAIL_MISSING;
	if (!f && (annex.state != STATE_ANNEX || !annex.main))
		f = FAIL_STATE;
	if (!f)
		f = flow_record(txn, annex.main, arena, &record);
	if (!f)
		f = flow_row(ACT_ANNEX_REMOVE, &record, &person, &row);
	if (!f)
		f = flow_keep(txn, &annex, ACT_ANNEX_REMOVE,
		    STATE_ANNEX_REMOVED, person.id, annex.subject, annex.draft);
	return f ? f :
		   flow_keep(txn, &record, ACT_ANNEX_REMOVE, row->to, person.id,
		       annex.subject, annex.draft);
}

/* A job that only waits for its commit. */
struct waiting {
	struct job job;
	uint64_t record;
};

static void
act_durable(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct waiting *w = (struct waiting *)job;

	(void)reply;
	core_answer(core, job->ask, f, w->record, "");
	free(w);
}

static void
run_simple(
    struct core *core, const struct act_call *call, uint64_t ask, simple *act)
{
	struct waiting *w = calloc(1, sizeof(*w));
	struct arena arena;
	struct txn *txn;
	enum fail f = w ? keep_begin(core, &txn) : FAIL_MEMORY;

	if (f) {
		free(w);
		core_answer(core, ask, f, call->record, "");
		return;
	}
	w->job.ask = ask;
	w->record = call->record;
	arena_init(&arena, FLOW_ARENA);
	f = keep_end(core, txn, act(core, txn, call, &arena));
	arena_free(&arena);
	job_after_commit(core, &w->job, f, act_durable);
}

/* ---- sending out many ---- */

struct issuing {
	struct job job;
	size_t count;
	uint64_t ids[CONFIG_BATCH_DOCUMENTS_MAX];
	enum fail results[CONFIG_BATCH_DOCUMENTS_MAX];
};

static void
issue_durable(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct issuing *s = (struct issuing *)job;

	(void)reply;
	buf_u16(&core->out, (uint16_t)f);
	buf_u8(&core->out, 0);
	buf_u16(&core->out, (uint16_t)s->count);
	for (size_t i = 0; i < s->count; i++) {
		buf_u64(&core->out, s->ids[i]);
		buf_u16(&core->out, (uint16_t)(f ? f : s->results[i]));
	}
	if (message_send(core->net.channel, MESSAGE_ANSWER_SEAL, job->ask,
		&core->out, -1))
		log_warning("what was sent out was not told");
	free(s);
}

/* Each for itself, all in one commit. */
static enum fail
issue_one(struct core *core, struct bytes token, uint64_t id)
{
	struct act_call call = {
		.token = token, .act = ACT_ISSUE, .record = id
	};
	struct arena arena;
	struct txn *txn;
	enum fail f = keep_begin(core, &txn);

	if (f)
		return f;
	arena_init(&arena, FLOW_ARENA);
	f = keep_end(core, txn, simple_act(core, txn, &call, &arena));
	arena_free(&arena);
	return f;
}

void
flow_issue(struct core *core, struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	struct bytes token = cursor_bytes(&c, SESSION_TOKEN);
	size_t count = cursor_u16(&c);
	struct issuing *s = calloc(1, sizeof(*s));
	enum fail f = s ? FAIL_NONE : FAIL_MEMORY;

	if (count > CONFIG_BATCH_DOCUMENTS_MAX)
		f = FAIL_LIMIT;
	for (size_t i = 0; i < count && !f; i++) {
		s->ids[i] = cursor_u64(&c);
		for (size_t j = 0; j < i && !f; j++)
			if (s->ids[j] == s->ids[i])
				f = FAIL_USAGE;
	}
	if (!f && !cursor_done(&c))
		f = FAIL_PEER;
	if (f) {
		core_answer(core, m->id, f, 0, "");
		free(s);
		return;
	}
	s->count = count;
	s->job.ask = m->id;
	for (size_t i = 0; i < count; i++)
		s->results[i] = issue_one(core, token, s->ids[i]);
	job_after_commit(core, &s->job, FAIL_NONE, issue_durable);
}

/* ---- which act ---- */

static enum fail
read_call(struct bytes payload, struct act_call *call)
{
	struct cursor c = cursor_of(payload);

	*call = (struct act_call){ .act = ACT_NONE };
	call->token = cursor_bytes(&c, SESSION_TOKEN);
	call->act = cursor_u16(&c);
	call->record = cursor_u64(&c);
	call->offset = cursor_u64(&c);
	call->length = cursor_u64(&c);
	call->field_count = cursor_u8(&c);
	if (call->field_count > ACT_FIELDS_MAX)
		return FAIL_PEER;
	for (size_t i = 0; i < call->field_count; i++)
		call->fields[i] = cursor_field(&c);
	return cursor_done(&c) ? FAIL_NONE : FAIL_PEER;
}

void
flow_act(struct core *core, struct message *m)
{
	struct act_call call;

	if (read_call(m->payload, &call)) {
		core_answer(core, m->id, FAIL_PEER, 0, "");
		return;
	}
	switch (call.act) {
	case ACT_CREATE:
	case ACT_REVISE:
	case ACT_SIGN_UPLOAD:
	case ACT_ANNEX_ADD:
	case ACT_RECEIVE:
		flow_file(core, m, &call);
		return;
	case ACT_CHECK:
		flow_check(core, m, &call);
		return;
	case ACT_SIGN:
		flow_sign(core, m, &call);
		return;
	case ACT_SUBMIT:
	case ACT_AGREE:
	case ACT_RETURN:
	case ACT_APPROVE:
	case ACT_WITHDRAW:
	case ACT_RETURN_FORM:
	case ACT_NUMBER:
	case ACT_ISSUE:
	case ACT_ARCHIVE:
		run_simple(core, &call, m->id, simple_act);
		return;
	case ACT_ANNEX_REMOVE:
		run_simple(core, &call, m->id, remove_annex);
		return;
	default:
		core_answer(core, m->id, FAIL_USAGE, call.record, "");
	}
}

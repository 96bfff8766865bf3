/*
 * The way of one document through a signature, and of each of its annexes
 * before it: its code signed (if it gets one) → laid out (worker) → what will
 * be signed kept (commit) → signed (token) → the result checked (worker) → kept
 * with its journal entry (commit).  Whatever fails ends it: a numbered document
 * keeps its number and is sealed again with the same one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "crypto/cms.h"
#include "document/mark.h"
#include "firmware/flow/batch.h"
#include "firmware/flow/flow.h"
#include "firmware/flow/kind.h"
#include "firmware/flow/order.h"
#include "firmware/flow/pin.h"
#include "firmware/flow/update.h"
#include "storage/blob.h"
#include "storage/raising.h"
#include "storage/settings.h"

/* One document on its way. */
struct signing {
	struct job job;
	struct batch *batch;
	size_t which;
	uint64_t id; /* of the document or, before it, an annex of it */
	enum mark_role role;
	uint8_t source[HASH_LEN];
	uint8_t leader[HASH_LEN]; /* certificate that must stay valid */
	bool has_leader;
	struct update update;
	size_t held;               /* bytes counted in the batch */
	uint8_t content[HASH_MAX]; /* digest of the ranges */
	struct buf attributes;
	struct buf trial_number, trial_day; /* a person's: texts to try */
	uint8_t digest[HASH_MAX]; /* of the attributes: what is signed */
};

static enum fail signing_ask(struct core *core, struct signing *s);

/* Write down how one document ended and let it go. */
static void
signing_drop(struct core *core, struct signing *s, enum fail f)
{
	struct batch *b = s->batch;

	b->results[s->which] = f;
	/* What is wrong with the token is wrong for all that follow. */
	if (f == FAIL_TOKEN || f == FAIL_TOKEN_GONE || f == FAIL_PIN ||
	    f == FAIL_PIN_LOCKED || f == FAIL_PIN_CHANGE ||
	    f == FAIL_PIN_EMPTY || f == FAIL_CANCELED || f == FAIL_KEY ||
	    f == FAIL_TIMEOUT || f == FAIL_FULL)
		b->stop = f;
	if (f)
		log_notice("document %llu (file of %llu) was not signed: %s",
		    (unsigned long long)b->ids[s->which],
		    (unsigned long long)s->id, fail_name(f));
	core->signing_left--;
	b->held -= s->held;
	b->on_the_way--;
	update_free(&s->update);
	buf_free(&s->attributes);
	buf_free(&s->trial_number);
	buf_free(&s->trial_day);
	free(s);
}

/* One document is done, well or not: on with the others. */
static void
signing_end(struct core *core, struct signing *s, enum fail f)
{
	struct batch *b = s->batch;

	signing_drop(core, s, f);
	batch_more(core, b);
}

/* What a worker found, for the log and for who signs one document alone. */
static void
keep_why(struct signing *s, struct bytes why)
{
	struct batch *b = s->batch;

	snprintf(b->why, sizeof(b->why), "%.*s", (int)why.len,
	    why.len ? (const char *)why.data : "");
	log_notice(
	    "document %llu: %s", (unsigned long long)b->ids[s->which], b->why);
}

/* A worker that took too long over one document says nothing about the next:
 * only the token's failures end a batch. */
static enum fail
own_failure(enum fail f)
{
	return f == FAIL_TIMEOUT ? FAIL_LIMIT : f;
}

/* Keep something of the document and go on once that is on the disk; a failure
 * until now ends its way. */
typedef enum fail
keep_something(struct txn *txn, struct signing *s, struct arena *arena);

static void
keep_then(struct core *core, struct signing *s, enum fail f,
    keep_something *keep, job_step *step)
{
	struct arena arena;
	struct txn *txn;

	if (!f)
		f = keep_begin(core, &txn);
	if (f) {
		signing_end(core, s, f);
		return;
	}
	arena_init(&arena, FLOW_ARENA);
	f = keep_end(core, txn, keep(txn, s, &arena));
	arena_free(&arena);
	job_after_commit(core, &s->job, f, step);
}

/* ---- the states around a signature ---- */

/* Where the record stands while its digest is with the token … */
static enum record_state
state_within(const struct signing *s)
{
	return s->role == MARK_PERSON ? STATE_WAIT_SIGNATURE :
	    s->role == MARK_ANNEX     ? STATE_ANNEX :
					STATE_SIGNING;
}

/* … and when it is signed. */
static enum record_state
state_after(const struct signing *s)
{
	return s->role == MARK_PERSON ? STATE_WAIT_NUMBER :
	    s->role == MARK_ANNEX     ? STATE_ANNEX :
					STATE_WAIT_ISSUE;
}

/* ---- keep the result ---- */

static void
sealed_durable(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct signing *s = (struct signing *)job;

	(void)reply;
	/* Behind an annex comes the next one, at last the document. */
	if (!f && s->role == MARK_ANNEX)
		f = s->batch->stop ? s->batch->stop : signing_ask(core, s);
	else if (!f) {
		signing_end(core, s, FAIL_NONE);
		return;
	}
	if (f)
		signing_end(core, s, f);
}

static enum fail
keep_result(struct txn *txn, struct signing *s, struct arena *arena)
{
	struct batch *b = s->batch;
	struct record r;
	bool person = s->role == MARK_PERSON;
	struct bytes tsa = { NULL, 0 };
	enum fail f = flow_record(txn, s->id, arena, &r);

	/* Withdrawn, changed and approved again meanwhile: not these bytes. */
	if (!f &&
	    (r.state != state_within(s) ||
		memcmp(r.evidence, s->digest, HASH_LEN) != 0 ||
		memcmp(order_source(s->role, &r), s->source, HASH_LEN) != 0))
		f = FAIL_STATE;
	if (!f)
		f = blob_put_after(txn, s->source, s->update.head,
		    &s->update.after, buf_view(&s->update.bytes),
		    person ? r.signed_file : r.sealed);
	if (!f)
		f = flow_keep(txn, &r, b->act, state_after(s), b->actor,
		    (struct bytes){ NULL, 0 },
		    person ? r.signed_file : r.sealed);
	if (!f && person && b->placed)
		f = spot_put(txn, r.kind, b->actor, &b->spot);
	/* From here on it waits for its time-stamp, whatever happens. */
	if (!f && !person && !settings_get(txn, SETTING_TSA, &tsa) && tsa.len)
		f = raising_put(txn, &(struct raising){ .record = s->id });
	return f;
}

static void
result_checked(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct signing *s = (struct signing *)job;

	if (!f) {
		struct cursor c = cursor_of(reply->payload);
		struct bytes why;

		f = message_fail(&c);
		why = cursor_field(&c);
		if (f)
			keep_why(s, why);
	}
	keep_then(core, s, own_failure(f), keep_result, sealed_durable);
}

/* ---- put the value in, have the result checked ---- */

static enum fail
fill_gap(struct signing *s, struct bytes value)
{
	struct batch *b = s->batch;
	struct cms_recipe recipe = { .signer = &b->signer.cert,
		.chain = b->signer.chain,
		.chain_count = b->signer.chain_count,
		.algorithm = b->signer.algorithm,
		.message_digest = s->content };
	struct buf cms;
	enum fail f;

	buf_init(&cms, b->room + 1024);
	f = cms_write(&recipe, buf_view(&s->attributes), value, &cms);
	if (!f)
		f = update_fill(&s->update, buf_view(&cms));
	buf_free(&cms);
	return f ? f : update_append(&s->update);
}

/* A key that wants its PIN for every signature was refused it, which the token
 * counts as a wrong one. */
static void
count_refusal(struct core *core, struct batch *b)
{
	struct txn *txn;
	enum fail f = b->stop ? FAIL_STATE : keep_begin(core, &txn);

	if (!f)
		f = keep_end(core, txn, pin_spend(txn, b->signer.hash));
	if (f && !b->stop)
		log_warning("a refused PIN was not written down");
}

enum fail
batch_token_failure(struct core *core, struct batch *b, enum fail f)
{
	if (f == FAIL_PIN)
		count_refusal(core, b);
	return f == FAIL_PEER || f == FAIL_STATE ? FAIL_TOKEN_GONE : f;
}

static void
value_came(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct signing *s = (struct signing *)job;
	struct batch *b = s->batch;

	if (!f) {
		struct cursor c = cursor_of(reply->payload);
		struct bytes value;

		f = message_fail(&c);
		value = cursor_field(&c);
		batch_pace(core, b, cursor_u32(&c));
		if (!f)
			f = fill_gap(s, value);
	}
	f = batch_token_failure(core, b, f);
	if (f) {
		signing_end(core, s, f);
		return;
	}
	/* The leader's signature brings the fields for number and date with it;
	 * after it only filling and sealing is allowed. */
	buf_u64(&core->out, b->act == ACT_SIGN ? 0 : s->update.head);
	buf_field(&core->out, buf_view(&s->trial_number));
	buf_field(&core->out, buf_view(&s->trial_day));
	buf_u8(&core->out, (uint8_t)(1 + s->has_leader));
	buf_add(&core->out, b->signer.hash, HASH_LEN);
	if (s->has_leader)
		buf_add(&core->out, s->leader, HASH_LEN);
	buf_field(&core->out, b->signer.root);
	buf_u8(&core->out, 0);
	job_ask_worker(core, job, MESSAGE_WORK_CHECK, &core->out,
	    s->update.shown, -1, result_checked);
}

/* ---- evidence is on the disk: ask the token ---- */

/* Another signer than the one that took the PIN has nobody logged in. */
static enum fail
same_signer(const struct core *core, const struct batch *b)
{
	return b->lives == core->signer_lives ? FAIL_NONE : FAIL_TOKEN_GONE;
}

static void
evidence_durable(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct signing *s = (struct signing *)job;

	(void)reply;
	if (!f && s->batch->stop)
		f = s->batch->stop;
	if (!f)
		f = same_signer(core, s->batch);
	if (f) {
		signing_end(core, s, f);
		return;
	}
	buf_u8(&core->out, (uint8_t)s->batch->signer.algorithm.kind);
	buf_u8(&core->out, (uint8_t)s->batch->signer.algorithm.hash);
	buf_add(&core->out, s->digest, HASH_MAX);
	job_ask_signer(core, job, MESSAGE_SIGN_DIGEST, &core->out, value_came);
}

/* With its first annex the document itself is begun: nothing of it changes any
 * more. */
static enum fail
begin_main(struct txn *txn, struct signing *s, struct arena *arena)
{
	struct record main;
	enum fail f = flow_record(txn, s->batch->ids[s->which], arena, &main);

	if (f || main.state == STATE_SIGNING)
		return f;
	if (main.state != STATE_WAIT_SEAL)
		return FAIL_STATE;
	memcpy(main.evidence, s->digest, HASH_LEN);
	return flow_keep(txn, &main, ACT_SEAL_BEGIN, STATE_SIGNING,
	    s->batch->actor, (struct bytes){ NULL, 0 }, s->digest);
}

/* What the token is about to sign is written down first: should power go
 * between signing and keeping, the use of the key has left its trace. */
static enum fail
keep_evidence(struct txn *txn, struct signing *s, struct arena *arena)
{
	struct batch *b = s->batch;
	struct record r;
	enum fail f = flow_record(txn, s->id, arena, &r);

	if (!f && r.state != state_within(s) &&
	    !(r.state == STATE_WAIT_SEAL && b->act == ACT_SEAL))
		f = FAIL_STATE;
	if (!f && memcmp(order_source(s->role, &r), s->source, HASH_LEN) != 0)
		f = FAIL_STATE;
	if (!f && r.main)
		f = begin_main(txn, s, arena);
	if (f)
		return f;
	memcpy(r.evidence, s->digest, HASH_LEN);
	return flow_keep(txn, &r,
	    b->act == ACT_SIGN ? ACT_SIGN_BEGIN : ACT_SEAL_BEGIN,
	    state_within(s), b->actor, (struct bytes){ NULL, 0 }, r.evidence);
}

/* ---- laid out ---- */

static enum fail
make_attributes(struct signing *s)
{
	struct batch *b = s->batch;
	struct cms_recipe recipe = { .signer = &b->signer.cert,
		.algorithm = b->signer.algorithm,
		.message_digest = s->content };
	enum fail f = cms_attributes(&recipe, &s->attributes);

	if (!f)
		hash_bytes(b->signer.algorithm.hash, buf_view(&s->attributes),
		    s->digest);
	return f;
}

static void
laid_out(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct signing *s = (struct signing *)job;
	uint64_t gap = 0, gap_end = 0;

	if (!f) {
		struct cursor c = cursor_of(reply->payload);
		struct bytes digest;

		f = message_fail(&c);
		digest = cursor_field(&c);
		if (f)
			keep_why(s, digest);
		gap = cursor_u64(&c);
		gap_end = cursor_u64(&c);
		digest = cursor_bytes(&c, HASH_MAX);
		if (!f && !cursor_done(&c))
			f = FAIL_PEER;
		if (!f)
			memcpy(s->content, digest.data, HASH_MAX);
	}
	f = own_failure(f);
	if (!f)
		f = same_signer(core, s->batch);
	if (!f)
		f = update_take(&s->update, message_take_fd(reply, 0), gap,
		    gap_end, s->batch->room);
	if (!f && order_digests_here(s->batch))
		update_digest(&s->update, s->content);
	if (!f)
		f = make_attributes(s);
	keep_then(core, s, f, keep_evidence, evidence_durable);
}

/* ---- start one ---- */

/* Have it laid out, with the text of the code beside its number, if any. */
static enum fail
lay_out(struct core *core, struct signing *s, struct bytes code)
{
	struct batch *b = s->batch;
	struct record r;
	struct txn *txn;
	enum fail f = core_read(core, &txn);

	if (f)
		return f;
	f = record_get(txn, b->ids[s->which], &r);
	if (!f && s->role == MARK_PERSON)
		kind_trial(r.symbol, b->place, &s->trial_number, &s->trial_day);
	if (!f)
		f = order_put(txn, b, s->role, &r, code, &core->out);
	txn_abort(txn);
	if (!f)
		job_ask_worker(core, &s->job, MESSAGE_WORK_PREPARE, &core->out,
		    s->update.shown, order_picture(b, s->role), laid_out);
	return f;
}

static void
code_came(struct core *core, void *context, enum fail f, struct bytes text)
{
	struct signing *s = context;

	if (!f)
		f = lay_out(core, s, text);
	if (f)
		signing_end(core, s, f);
}

/* An annex that is not sealed yet; else the document. */
static enum fail
choose_record(struct txn *txn, struct signing *s, struct record *r)
{
	uint64_t ids[RECORD_ANNEXES_MAX];
	size_t count = 0;
	struct batch *b = s->batch;
	enum fail f = FAIL_NONE;

	s->id = b->ids[s->which];
	if (b->act == ACT_SEAL)
		f = record_annexes(txn, s->id, ids, &count);
	for (size_t i = 0; i < count && !f; i++) {
		f = record_get(txn, ids[i], r);
		if (f || hash_is_set(r->sealed))
			continue;
		s->id = r->id;
		s->role = MARK_ANNEX;
		return FAIL_NONE;
	}
	if (!f)
		f = record_get(txn, s->id, r);
	if (!f)
		s->role = order_role(b, r);
	return f;
}

/* The largest of the files that are signed one after another, which counts from
 * the first to the last. */
static enum fail
hold_largest(struct txn *txn, struct signing *s, size_t size)
{
	uint64_t ids[RECORD_ANNEXES_MAX];
	struct blob_info info;
	struct record r;
	size_t count = 0;
	enum fail f = FAIL_NONE;

	if (s->held)
		return FAIL_NONE;
	s->held = size;
	if (s->role == MARK_ANNEX) {
		f = record_annexes(txn, s->batch->ids[s->which], ids, &count);
		if (!f)
			f = record_get(txn, s->batch->ids[s->which], &r);
		if (!f)
			f = blob_about(txn, r.signed_file, &info);
		if (!f && info.size > s->held)
			s->held = (size_t)info.size;
	}
	for (size_t i = 0; i < count && !f; i++) {
		f = record_get(txn, ids[i], &r);
		if (!f)
			f = blob_about(txn, r.draft, &info);
		if (!f && info.size > s->held)
			s->held = (size_t)info.size;
	}
	s->batch->held += s->held;
	return f;
}

/* Which file it is, and whose signature must stay valid. */
static enum fail
signing_load(struct core *core, struct signing *s)
{
	struct blob_info info;
	struct record r;
	struct person leader;
	struct txn *txn;
	enum fail f = core_read(core, &txn);

	if (f)
		return f;
	f = choose_record(txn, s, &r);
	if (!f)
		memcpy(s->source, order_source(s->role, &r), HASH_LEN);
	s->has_leader =
	    !f && s->role == MARK_AGENCY && !people_get(txn, r.leader, &leader);
	if (s->has_leader)
		memcpy(s->leader, leader.cert, HASH_LEN);
	if (!f)
		f = blob_about(txn, s->source, &info);
	if (!f)
		f = hold_largest(txn, s, (size_t)info.size);
	txn_abort(txn);
	return f ? f : update_load(core, s->source, &s->update);
}

static enum fail
signing_ask(struct core *core, struct signing *s)
{
	struct batch *b = s->batch;
	enum fail f;

	/* What was kept of the file before, if there was one. */
	buf_clear(&s->attributes);
	f = signing_load(core, s);
	if (f)
		return f;
	if (!b->code.len || s->role != MARK_AGENCY)
		return lay_out(core, s, (struct bytes){ NULL, 0 });
	return flow_code(
	    core, b, b->ids[s->which], s->source, s->update.head, code_came, s);
}

void
signing_begin(struct core *core, struct batch *b, size_t which)
{
	struct signing *s = calloc(1, sizeof(*s));
	enum fail f;

	if (!s) {
		core->signing_left--;
		b->results[which] = b->stop = FAIL_MEMORY;
		return;
	}
	s->batch = b;
	s->which = which;
	update_init(&s->update);
	buf_init(&s->attributes, 4096);
	buf_init(&s->trial_number, 256);
	buf_init(&s->trial_day, 512);
	b->on_the_way++;
	f = signing_ask(core, s);
	if (f)
		signing_drop(core, s, f);
}

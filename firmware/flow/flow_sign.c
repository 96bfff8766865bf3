/*
 * Signatures: the leader's own and the agency's seal, one document or a batch
 * with one PIN.  Here is the batch: its turn at the token, its PIN, how many of
 * its documents are on their way, its end; signing.c has the way of one.
 */
#include "autoconf.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/when.h"
#include "crypto/token.h"
#include "firmware/flow/batch.h"
#include "firmware/flow/flow.h"
#include "firmware/flow/pin.h"
#include "storage/custody.h"

/* Documents worked on at once: enough for many to share a commit and for the
 * others to be worked on during it, but no more than memory has room for. */
#define ON_THE_WAY 48u
#define COMMIT_US 3000u      /* one takes about as long … */
#define AHEAD_MAX 6u         /* … and no more are asked for because of it */
#define HELD_MAX (64u << 20) /* bytes of files, where more than one is */

/* ---- ends ---- */

static void
batch_answer(struct core *core, struct batch *b)
{
	if (b->act == ACT_SIGN) {
		core_answer(core, b->job.ask, b->results[0], b->ids[0], b->why);
		return;
	}
	buf_u16(&core->out, (uint16_t)b->stop);
	buf_u8(&core->out, b->pin_state);
	buf_u16(&core->out, (uint16_t)b->count);
	for (size_t i = 0; i < b->count; i++) {
		buf_u64(&core->out, b->ids[i]);
		buf_u16(&core->out, (uint16_t)b->results[i]);
	}
	if (message_send(core->net.channel, MESSAGE_ANSWER_SEAL, b->job.ask,
		&core->out, -1))
		log_warning("the result of a batch was not delivered");
}

/* What one of so many documents took. */
static unsigned
pace_of(const struct batch *b, size_t done)
{
	int64_t us = (when_monotonic_ms() - b->began) * 1000;

	return (unsigned)(us / (int64_t)done);
}

/* What one document takes, for those who wait: mostly of late … */
static void
learn_pace(struct core *core, const struct batch *b)
{
	unsigned one = pace_of(b, b->count);

	if (b->stop)
		return;
	core->signing_us =
	    core->signing_learnt ? (3 * core->signing_us + one) / 4 : one;
	core->signing_learnt = true;
}

/* … and in the first batch since the start, what those took that are done. */
static void
guess_pace(struct core *core, const struct batch *b)
{
	size_t done = b->next - b->on_the_way;

	if (!core->signing_learnt && !b->stop && done)
		core->signing_us = pace_of(b, done);
}

/* Everything is back: give the token free and tell. */
static void
batch_end(struct core *core, struct batch *b)
{
	learn_pace(core, b);
	core->signer.ahead = 1;
	secret_wipe(&b->pin);
	if (message_send(
		core->signer.channel, MESSAGE_SIGN_LOGOUT, 0, &core->out, -1))
		log_warning("the signer was not told to log out");
	log_notice("batch of %zu: %lld ms", b->count,
	    (long long)(when_monotonic_ms() - b->began));
	batch_answer(core, b);
	batch_free(b);
	job_release_signer(core);
}

static bool
room_for_more(const struct batch *b)
{
	return !b->on_the_way ||
	    (b->on_the_way < ON_THE_WAY && b->held < HELD_MAX);
}

void
batch_more(struct core *core, struct batch *b)
{
	while (!b->stop && b->next < b->count && room_for_more(b))
		signing_begin(core, b, b->next++);
	guess_pace(core, b);
	if (b->on_the_way)
		return;
	core->signing_left -= b->count - b->next;
	while (b->next < b->count)
		b->results[b->next++] = b->stop;
	batch_end(core, b);
}

void
batch_pace(struct core *core, const struct batch *b, uint32_t us)
{
	unsigned more = us ? COMMIT_US / us : 0;

	more = more < AHEAD_MAX ? more : AHEAD_MAX;
	core->signer.ahead = 1u + b->lanes_used + more;
}

/* ---- the PIN ---- */

/* The try is settled in the same commit as whatever comes next; should that be
 * lost, one more counts as wrong than was. */
static void
settle_pin(struct core *core, struct batch *b, enum fail f, bool sent)
{
	unsigned wrong = 0, most = PIN_TRIES_USUAL;
	struct txn *txn;

	if (keep_begin(core, &txn))
		return;
	f = pin_settle(txn, b->signer.hash, f, sent);
	if (!f)
		f = pin_count(txn, b->signer.hash, &wrong, &most);
	if (keep_end(core, txn, f))
		log_warning("the count of PINs was not written down");
	/* The token may say less than we know, not more. */
	if (wrong && b->pin_state == TOKEN_PIN_FINE)
		b->pin_state = TOKEN_PIN_LOW;
	if (wrong + 1 >= most && b->pin_state == TOKEN_PIN_LOW)
		b->pin_state = TOKEN_PIN_LAST;
}

static void
pin_answered(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct batch *b = (struct batch *)job;
	bool sent = true; /* for all we know, unless the signer says no */

	secret_wipe(&b->pin);
	/* Whether the PIN was sent is not known: a person decides anew. */
	if (f == FAIL_PEER)
		f = FAIL_TOKEN_GONE;
	if (!f) {
		struct cursor c = cursor_of(reply->payload);

		f = message_fail(&c);
		b->pin_state = cursor_u8(&c);
		sent = cursor_u8(&c) != 0;
		b->lanes_used = cursor_u8(&c);
		batch_pace(core, b, 0);
	}
	settle_pin(core, b, f, sent || !f);
	b->lives = core->signer_lives;
	b->stop = f;
	batch_more(core, b);
}

/* The try is on the disk: now it may be spent. */
static void
pin_written(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct batch *b = (struct batch *)job;

	(void)reply;
	if (f) {
		secret_wipe(&b->pin);
		b->stop = f;
		batch_more(core, b);
		return;
	}
	buf_add(&core->out, b->signer.hash, HASH_LEN);
	buf_field(&core->out, secret_get(&b->pin));
	buf_u8(&core->out, b->lanes);
	job_ask_signer(core, job, MESSAGE_SIGN_LOGIN, &core->out, pin_answered);
}

static void
signer_held(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct batch *b = (struct batch *)job;
	struct txn *txn;

	(void)reply;
	b->began = when_monotonic_ms();
	f = keep_begin(core, &txn);
	if (!f) {
		/* It may have been handed over while this batch waited. */
		if (b->act == ACT_SEAL)
			f = custody_check(txn, b->actor);
		if (!f)
			f = pin_spend(txn, b->signer.hash);
		f = keep_end(core, txn, f);
	}
	job_after_commit(core, job, f, pin_written);
}

/* ---- start ---- */

/* Decree 68/2024 Art. 29: the certificate's state comes before the signature.
 */
static void
looked_at(struct core *core, void *context, enum fail f)
{
	struct batch *b = context;

	if (!f) {
		core->signing_left += b->count;
		job_hold_signer(core, &b->job, signer_held);
		return;
	}
	core_answer(core, b->job.ask, f, b->ids[0], "");
	batch_free(b);
}

static void
look_at_signer(struct core *core, struct batch *b)
{
	flow_trust(core, &b->signer, looked_at, b);
}

void
flow_sign(struct core *core, struct message *m, struct act_call *call)
{
	struct batch *b = NULL;
	struct spot spot = { 0 };
	bool placed = false;
	enum fail f = call->field_count == 4 ? FAIL_NONE : FAIL_USAGE;

	if (!f) {
		f = spot_read(
		    call->fields[1], call->fields[2], call->fields[3], &spot);
		placed = !f;
		f = f == FAIL_MISSING ? FAIL_NONE : f;
	}
	if (!f)
		f = batch_new(
		    core, ACT_SIGN, call->token, &call->record, 1, &b);
	if (!f)
		f = batch_agree(
		    core, b, call->fields[0], (struct bytes){ NULL, 0 });
	if (!f && placed)
		f = batch_place(b, &spot);
	if (f) {
		core_answer(core, m->id, f, call->record, "");
		batch_free(b);
		return;
	}
	b->job.ask = m->id;
	look_at_signer(core, b);
}

void
flow_seal(struct core *core, struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	struct bytes token = cursor_bytes(&c, SESSION_TOKEN);
	struct bytes pin = cursor_field(&c);
	struct bytes list = cursor_bytes(&c, HASH_LEN);
	bool code = cursor_u8(&c) != 0;
	size_t count = cursor_u16(&c);
	uint64_t ids[CONFIG_BATCH_DOCUMENTS_MAX];
	struct batch *b = NULL;
	enum fail f = FAIL_NONE;

	if (!count || count > CONFIG_BATCH_DOCUMENTS_MAX)
		f = FAIL_LIMIT;
	for (size_t i = 0; i < count && !f; i++)
		ids[i] = cursor_u64(&c);
	if (!f && !cursor_done(&c))
		f = FAIL_PEER;
	if (!f)
		f = batch_new(core, ACT_SEAL, token, ids, count, &b);
	if (!f)
		f = batch_agree(core, b, pin, list);
	if (f) {
		core_answer(core, m->id, f, 0, "");
		batch_free(b);
		return;
	}
	if (!code)
		b->code.len = 0;
	b->job.ask = m->id;
	look_at_signer(core, b);
}

/*
 * A sealed document is raised to B-LTA: evidence is gathered in rounds (worker
 * says what it misses, net fetches it), store and time-stamp are laid out
 * (worker), an authority stamps (net, worker), the whole is checked (worker)
 * and kept with its journal entry (commit).
 *
 * When nobody tells of revocation, or what tells of it is too large for a
 * document, it gets its time-stamp alone (B-T): that proves when it was there
 * and does not wait.  It stays in the queue for the rest.
 *
 * The queue is in the store: a document that could not be raised stays in it.
 * When nobody can be reached all wait, longer each time; when something is
 * wrong with one document it alone waits.  Whichever waits goes behind the
 * others.
 */
#include <stdlib.h>

#include "autoconf.h"
#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "firmware/flow/flow.h"
#include "firmware/flow/stamp.h"
#include "firmware/flow/update.h"
#include "storage/blob.h"
#include "storage/raising.h"
#include "storage/renewal.h"
#include "storage/settings.h"

#define STAMP_ROOM 6144u /* bytes kept for a token at first */
#define STAMP_ROOM_MAX (48u << 10)
#define SECONDS_MIN 15 /* until the next try, doubled each time */
#define SECONDS_MAX 3600
#define LOOK_MS 1000

struct raise {
	struct job job;
	struct raising line;
	uint8_t source[HASH_LEN];
	struct update update; /* behind the sealed file */
	int evidence;         /* descriptor of the bundle, or -1 */
	unsigned rounds;
	struct evidence_needs needs;
	size_t need; /* the next one to fetch */
	struct arena arena;
	struct bytes chain;
	uint8_t signers[2][HASH_LEN];
	size_t signer_count;
	size_t room;
	struct stamping stamp;
	bool again; /* it has been raised before */
	bool alone; /* its time-stamp without evidence */
	bool own;   /* its worker failed: the document's own trouble */
	char why[NOTE_TEXT_MAX];
};

static void ask_worker(struct core *core, struct raise *r);

static void
raise_free(struct raise *r)
{
	update_free(&r->update);
	disk_close(&r->evidence);
	arena_free(&r->arena);
	free(r);
}

/* ---- ends ---- */

static int64_t
pause_of(unsigned times)
{
	int64_t seconds = SECONDS_MIN;

	while (times-- > 1 && seconds < SECONDS_MAX)
		seconds *= 2;
	return seconds < SECONDS_MAX ? seconds : SECONDS_MAX;
}

/* Is it nobody's fault here: a service away, a clock that is off? */
static bool
nobody_reached(enum fail f)
{
	return f == FAIL_PEER || f == FAIL_TIMEOUT || f == FAIL_CLOCK ||
	    f == FAIL_MISSING || f == FAIL_MEMORY || f == FAIL_RIGHTS;
}

/* Not now: the document's line says why, and when again. */
static void
put_off(struct core *core, struct raise *r, enum fail f)
{
	struct txn *txn;
	bool all = !r->own && nobody_reached(f);

	r->line.fail = (uint16_t)f;
	if (r->line.tries < UINT16_MAX)
		r->line.tries++;
	if (all)
		core->raise.misses++;
	r->line.next = when_now() + (all ? 0 : pause_of(r->line.tries));
	core->raise.not_before = when_monotonic_ms() +
	    (all ? 1000 * pause_of(core->raise.misses) : LOOK_MS);
	log_notice("document %llu stays as it is: %s%s%s",
	    (unsigned long long)r->line.record, fail_name(f),
	    r->why[0] ? ": " : "", r->why);
	f = keep_begin(core, &txn);
	if (!f)
		f = keep_end(core, txn, raising_put(txn, &r->line));
	if (!f)
		return;
	/* Its line still says that it is due: not at once again. */
	log_warning("a document that waits was not written down");
	core->raise.not_before =
	    when_monotonic_ms() + 1000 * pause_of(++core->raise.misses);
}

static void
raise_end(struct core *core, struct raise *r, enum fail f)
{
	if (f)
		put_off(core, r, f);
	else
		core->raise.misses = 0;
	core->raise.busy = false;
	raise_free(r);
}

/* A worker that fell over, took too long or ran out of memory did so on this
 * file: that is nobody else's trouble. */
static void
note_worker(struct raise *r, enum fail f)
{
	r->own = f == FAIL_PEER || f == FAIL_TIMEOUT || f == FAIL_MEMORY;
}

/* ---- keep it ---- */

static void
kept(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	(void)reply;
	raise_end(core, (struct raise *)job, f);
}

/* What a new time-stamp goes behind. */
static const uint8_t *
newest_file(const struct record *record)
{
	return hash_is_set(record->raised) ? record->raised : record->sealed;
}

/* It has its time-stamp and goes on waiting for the rest. */
static enum fail
keep_waiting(struct txn *txn, struct raise *r)
{
	r->line.stamped = true;
	if (r->line.tries < UINT16_MAX)
		r->line.tries++;
	r->line.next = when_now() + pause_of(r->line.tries);
	return raising_put(txn, &r->line);
}

static enum fail
keep_raised(struct txn *txn, struct raise *r, struct arena *arena)
{
	struct record record;
	struct renewal next = { .record = r->line.record,
		.until = r->stamp.until };
	int64_t days;
	enum fail f = flow_record(txn, r->line.record, arena, &record);

	if (!f && memcmp(newest_file(&record), r->source, HASH_LEN) != 0)
		f = FAIL_STATE;
	if (!f)
		f = blob_put_after(txn, r->source, r->update.head,
		    &r->update.after, buf_view(&r->update.bytes),
		    record.raised);
	record.stamped = r->stamp.time;
	if (!f)
		f = flow_keep(txn, &record, ACT_RAISE, record.state, 0,
		    BYTES_TEXT(r->alone ? "B-T" : ""), record.raised);
	if (f || r->alone)
		return f ? f : keep_waiting(txn, r);
	days = settings_number(
	    txn, SETTING_RENEW_DAYS, 1, 36500, CONFIG_RENEW_DAYS);
	next.due = renewal_due(when_now(), next.until, days * 86400);
	f = renewal_put(txn, &next);
	return f ? f : raising_delete(txn, r->line.record);
}

static void
checked(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct raise *r = (struct raise *)job;
	struct arena arena;
	struct txn *txn;

	if (!f) {
		struct cursor c = cursor_of(reply->payload);

		f = message_fail(&c);
		message_why(&c, r->why);
	}
	note_worker(r, f);
	if (!f)
		f = keep_begin(core, &txn);
	if (f) {
		raise_end(core, r, f);
		return;
	}
	arena_init(&arena, FLOW_ARENA);
	f = keep_end(core, txn, keep_raised(txn, r, &arena));
	arena_free(&arena);
	job_after_commit(core, job, f, kept);
}

/* ---- the token goes in ---- */

static enum fail
put_token(struct raise *r, struct bytes token)
{
	enum fail f = update_fill(&r->update, token);

	if (f != FAIL_LIMIT)
		return f;
	r->room = token.len + 256;
	return r->room > STAMP_ROOM_MAX ? FAIL_FORMAT : FAIL_LIMIT;
}

static void
stamped(
    struct core *core, struct stamping *stamp, enum fail f, struct bytes token)
{
	struct raise *r = stamp->owner;

	if (!f) {
		f = put_token(r, token);
		/* Laid out once more, with room for a token that large. */
		if (f == FAIL_LIMIT) {
			ask_worker(core, r);
			return;
		}
		if (f) {
			stamping_next(core, stamp, f);
			return;
		}
		f = update_append(&r->update);
	}
	if (f) {
		memcpy(r->why, stamp->why, sizeof(r->why));
		raise_end(core, r, f);
		return;
	}
	buf_u64(&core->out, r->update.head);
	buf_field(&core->out, (struct bytes){ NULL, 0 });
	buf_field(&core->out, (struct bytes){ NULL, 0 });
	buf_u8(&core->out, (uint8_t)r->signer_count);
	buf_add(&core->out, r->signers, r->signer_count * HASH_LEN);
	buf_field(&core->out, stamp->root);
	buf_u8(&core->out, 1);
	job_ask_worker(core, &r->job, MESSAGE_WORK_CHECK, &core->out,
	    r->update.shown, -1, checked);
}

/* ---- evidence ---- */

static void evidence_came(
    struct core *core, struct job *job, enum fail f, struct message *reply);

static void
fetch_next(struct core *core, struct raise *r)
{
	if (r->need == r->needs.count) {
		ask_worker(core, r);
		return;
	}
	flow_fetch(core, &r->job, &r->needs.items[r->need], FLOW_FETCH_MS,
	    evidence_came);
}

static void
evidence_came(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct raise *r = (struct raise *)job;

	flow_fetched(core, &r->needs.items[r->need++], f, reply);
	fetch_next(core, r);
}

static void
laid_out(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct raise *r = (struct raise *)job;
	struct bytes digest = { NULL, 0 };
	uint64_t gap = 0, gap_end = 0;

	disk_close(&r->evidence);
	if (!f) {
		struct cursor c = cursor_of(reply->payload);

		f = message_fail(&c);
		message_why(&c, r->why);
		if (!f)
			f = evidence_read(
			    &c, &core->evidence, &r->needs, when_now());
		gap = cursor_u64(&c);
		gap_end = cursor_u64(&c);
		digest = cursor_bytes(&c, HASH_MAX);
		if (!f && !cursor_done(&c))
			f = FAIL_PEER;
	}
	note_worker(r, f);
	if (!f && r->needs.count) {
		r->need = 0;
		if (++r->rounds < EVIDENCE_ROUNDS_MAX) {
			fetch_next(core, r);
			return;
		}
		f = FAIL_MISSING;
	}
	if ((f == FAIL_MISSING || f == FAIL_LIMIT) && !r->again && !r->alone) {
		log_notice("document %llu gets its time-stamp first: %s",
		    (unsigned long long)r->line.record, fail_name(f));
		r->line.fail = (uint16_t)f;
		r->alone = true;
		ask_worker(core, r);
		return;
	}
	if (!f) {
		memcpy(r->stamp.query.digest, digest.data, HASH_MAX);
		f = update_take(&r->update, message_take_fd(reply, 0), gap,
		    gap_end, r->room);
	}
	if (f)
		raise_end(core, r, f);
	else
		stamping_begin(core, &r->stamp);
}

static void
ask_worker(struct core *core, struct raise *r)
{
	enum fail f =
	    evidence_bundle(&core->evidence, when_now(), &r->evidence);

	if (f) {
		raise_end(core, r, f);
		return;
	}
	buf_u64(&core->out, (uint64_t)when_now());
	buf_field(&core->out, r->stamp.root);
	buf_field(&core->out, r->chain);
	buf_u8(&core->out, (uint8_t)r->stamp.query.hash);
	buf_u32(&core->out, (uint32_t)r->room);
	buf_u8(&core->out, r->alone);
	job_ask_worker(core, &r->job, MESSAGE_WORK_RAISE, &core->out,
	    r->update.shown, r->evidence, laid_out);
}

/* ---- start ---- */

static enum fail
load(struct txn *txn, struct raise *r)
{
	struct bytes agency = { NULL, 0 };
	struct record record;
	struct person leader;
	enum fail f = record_get(txn, r->line.record, &record);

	if (!f) {
		memcpy(r->source, newest_file(&record), HASH_LEN);
		/* Those who signed it were looked for when it was raised
		 * first; by now they may have other certificates. */
		r->again = newest_file(&record) == record.raised;
		if (!r->again && act_leader_signs(&record) &&
		    !people_get(txn, record.leader, &leader))
			memcpy(r->signers[r->signer_count++], leader.cert,
			    HASH_LEN);
		f = settings_get(txn, SETTING_CERT, &agency);
	}
	if (!f && agency.len != HASH_LEN)
		f = FAIL_CORRUPT;
	if (!f) {
		if (!r->again)
			memcpy(r->signers[r->signer_count++], agency.data,
			    HASH_LEN);
		f = settings_hold(txn, &r->arena, SETTING_CHAIN, &r->chain);
	}
	return f ? f : stamping_load(txn, &r->arena, &r->stamp);
}

/* The next document that may be tried; FAIL_MISSING: none.  *loaded: what else
 * is needed for it could be had. */
static enum fail
choose(struct core *core, struct raise *r, enum fail *loaded)
{
	struct txn *txn;
	enum fail f = core_read(core, &txn);

	*loaded = FAIL_NONE;
	if (f)
		return f;
	f = raising_due(txn, when_now(), &r->line);
	if (!f)
		*loaded = load(txn, r);
	/* A setting that is not there is no service that is away. */
	if (*loaded == FAIL_MISSING)
		*loaded = FAIL_USAGE;
	txn_abort(txn);
	return f;
}

void
flow_raise(struct core *core)
{
	struct raise *r;
	enum fail f, loaded;

	if (core->raise.busy || core->stopping ||
	    when_monotonic_ms() < core->raise.not_before)
		return;
	core->raise.not_before = when_monotonic_ms() + LOOK_MS;
	r = calloc(1, sizeof(*r));
	if (!r)
		return;
	r->stamp.end = stamped;
	r->stamp.owner = r;
	r->evidence = -1;
	update_init(&r->update);
	r->room = STAMP_ROOM;
	arena_init(&r->arena, 1u << 20);
	f = choose(core, r, &loaded);
	if (f) {
		if (f != FAIL_MISSING) {
			log_warning("the raising queue: %s", fail_name(f));
			core->raise.not_before += 1000 * SECONDS_MAX;
		}
		raise_free(r);
		return;
	}
	core->raise.busy = true;
	core->raise.not_before = 0; /* on with the next one at once */
	r->own = true;              /* until it has been read */
	f = loaded ? loaded : update_load(core, r->source, &r->update);
	if (f)
		raise_end(core, r, f);
	else
		ask_worker(core, r);
}

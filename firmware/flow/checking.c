#include "firmware/flow/checking.h"

#include "base/disk.h"
#include "base/when.h"
#include "storage/settings.h"

#define FETCH_MS 4000 /* of one server: somebody waits */
#define ALL_MS 15000  /* of all of them */
#define ROUNDS_MAX 4u

static const struct bytes none = { NULL, 0 };

static void ask_worker(struct core *core, struct checking *c);

static void
end(struct core *core, struct checking *c, enum fail f, struct bytes note,
    struct bytes report)
{
	disk_close(&c->evidence);
	if (c->password.len)
		explicit_bzero((void *)c->password.data, c->password.len);
	arena_free(&c->arena);
	c->done(core, c, f, note, report);
}

static void evidence_came(
    struct core *core, struct job *job, enum fail f, struct message *reply);

static void
fetch_next(struct core *core, struct checking *c)
{
	int64_t left = c->until - when_monotonic_ms();

	if (left <= 0)
		c->rounds = ROUNDS_MAX;
	if (left <= 0 || c->need == c->needs.count)
		ask_worker(core, c);
	else
		flow_fetch(core, &c->job, &c->needs.items[c->need],
		    left < FETCH_MS ? (uint32_t)left : FETCH_MS, evidence_came);
}

static void
evidence_came(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct checking *c = (struct checking *)job;

	flow_fetched(core, &c->needs.items[c->need++], f, reply);
	fetch_next(core, c);
}

static void
checked(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct checking *c = (struct checking *)job;
	struct bytes note = none, report = none;

	disk_close(&c->evidence);
	if (!f) {
		struct cursor in = cursor_of(reply->payload);

		f = message_fail(&in);
		note = cursor_field(&in);
		if (evidence_read(&in, &core->evidence, &c->needs, when_now()))
			f = FAIL_PEER;
		report = cursor_field(&in);
		if (!cursor_done(&in))
			f = FAIL_PEER;
	}
	if (!f && c->needs.count && ++c->rounds < ROUNDS_MAX) {
		c->need = 0;
		fetch_next(core, c);
		return;
	}
	end(core, c, f == FAIL_TIMEOUT ? FAIL_LIMIT : f, note, report);
}

static void
ask_worker(struct core *core, struct checking *c)
{
	enum fail f =
	    evidence_bundle(&core->evidence, when_now(), &c->evidence);

	if (f) {
		end(core, c, f, none, none);
		return;
	}
	buf_u64(&core->out, (uint64_t)when_now());
	buf_u64(&core->out, c->content);
	buf_u64(&core->out, c->record);
	buf_field(&core->out, c->root);
	buf_field(&core->out, c->chain);
	buf_field(&core->out, c->password);
	job_ask_worker(core, &c->job, MESSAGE_WORK_VERIFY, &core->out, c->file,
	    c->evidence, checked);
}

static enum fail
load(struct core *core, struct bytes password, struct checking *c)
{
	struct txn *txn;
	enum fail f = password.len > CHECKING_PASSWORD_MAX ?
	    FAIL_USAGE :
	    core_read(core, &txn);

	if (f)
		return f;
	f = settings_hold(txn, &c->arena, SETTING_ROOT, &c->root);
	if (!f)
		f = settings_hold(txn, &c->arena, SETTING_CHAIN, &c->chain);
	if (!f && password.len) {
		c->password = arena_copy(&c->arena, password);
		f = c->password.data ? FAIL_NONE : FAIL_MEMORY;
	}
	txn_abort(txn);
	return f;
}

void
checking_start(struct core *core, struct checking *c, struct bytes password,
    checking_done *done)
{
	enum fail f;

	c->done = done;
	c->evidence = -1;
	c->until = when_monotonic_ms() + ALL_MS;
	arena_init(&c->arena, FLOW_ARENA);
	f = load(core, password, c);
	if (f)
		end(core, c, f, none, none);
	else
		ask_worker(core, c);
}

/*
 * Checking a file that somebody dropped, logged in or not.  A worker reads it;
 * what it misses of revocation data is fetched, in rounds.  Nothing is kept:
 * not the file, not the answer.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "autoconf.h"
#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "firmware/flow/flow.h"
#include "storage/settings.h"

#define VERIFIES_MAX 4u      /* at once: workers have other work, too */
#define VERIFY_FETCH_MS 4000 /* of one server: somebody waits */
#define VERIFY_ROUNDS_MAX 4u
#define PASSWORD_MAX 512u

struct verify {
	struct job job;
	struct disk_map file; /* our own copy */
	struct arena arena;   /* root, chain and password */
	struct bytes root, chain, password;
	struct evidence_needs needs;
	size_t need; /* being fetched */
	unsigned rounds;
	int evidence;
	uint64_t taken; /* of core->uploads */
};

static void ask_worker(struct core *core, struct verify *v);

static void
verify_free(struct core *core, struct verify *v)
{
	core->uploads -= v->taken;
	core->verifies--;
	disk_unmap(&v->file);
	if (v->evidence >= 0)
		close(v->evidence);
	if (v->password.len)
		explicit_bzero((void *)v->password.data, v->password.len);
	arena_free(&v->arena);
	free(v);
}

static void
answer(struct core *core, uint64_t ask, enum fail f, struct bytes note,
    struct bytes report)
{
	buf_u16(&core->out, (uint16_t)f);
	buf_field(&core->out, bytes_part(note, 0, NOTE_TEXT_MAX));
	buf_field(&core->out, report);
	if (message_send(
		core->net.channel, MESSAGE_ANSWER_VERIFY, ask, &core->out, -1))
		log_notice("an answer to net was lost");
}

static void
verify_end(struct core *core, struct verify *v, enum fail f, struct bytes note,
    struct bytes report)
{
	answer(core, v->job.ask, f, note, report);
	verify_free(core, v);
}

static void evidence_came(
    struct core *core, struct job *job, enum fail f, struct message *reply);

static void
fetch_next(struct core *core, struct verify *v)
{
	if (v->need == v->needs.count)
		ask_worker(core, v);
	else
		flow_fetch(core, &v->job, &v->needs.items[v->need],
		    VERIFY_FETCH_MS, evidence_came);
}

static void
evidence_came(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct verify *v = (struct verify *)job;

	flow_fetched(core, &v->needs.items[v->need++], f, reply);
	fetch_next(core, v);
}

static void
checked(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct verify *v = (struct verify *)job;
	struct bytes note = { NULL, 0 }, report = { NULL, 0 };

	close(v->evidence);
	v->evidence = -1;
	if (!f) {
		struct cursor c = cursor_of(reply->payload);

		f = message_fail(&c);
		note = cursor_field(&c);
		if (evidence_read(&c, &core->evidence, &v->needs, when_now()))
			f = FAIL_PEER;
		report = cursor_field(&c);
		if (!cursor_done(&c))
			f = FAIL_PEER;
	}
	/* What nobody tells in a few rounds stays open: that is an answer. */
	if (!f && v->needs.count && ++v->rounds < VERIFY_ROUNDS_MAX) {
		v->need = 0;
		fetch_next(core, v);
		return;
	}
	verify_end(core, v, f == FAIL_TIMEOUT ? FAIL_LIMIT : f, note, report);
}

static void
ask_worker(struct core *core, struct verify *v)
{
	static const struct bytes none = { NULL, 0 };
	enum fail f =
	    evidence_bundle(&core->evidence, when_now(), &v->evidence);

	if (f) {
		verify_end(core, v, f, none, none);
		return;
	}
	buf_u64(&core->out, (uint64_t)when_now());
	buf_field(&core->out, v->root);
	buf_field(&core->out, v->chain);
	buf_field(&core->out, v->password);
	job_ask_worker(core, &v->job, MESSAGE_WORK_VERIFY, &core->out,
	    v->file.fd, v->evidence, checked);
}

/* ---- start ---- */

struct call {
	uint64_t offset, length;
	struct bytes password;
};

static enum fail
read_call(const struct core *core, struct bytes payload, struct call *call)
{
	struct cursor c = cursor_of(payload);

	call->offset = cursor_u64(&c);
	call->length = cursor_u64(&c);
	call->password = cursor_field(&c);
	if (!cursor_done(&c) || call->password.len > PASSWORD_MAX)
		return FAIL_PEER;
	if (core->verifies >= VERIFIES_MAX)
		return FAIL_WAIT;
	if (call->length > (uint64_t)CONFIG_NET_REQUEST_MIB << 20)
		return FAIL_LIMIT;
	/* Copies share their room with what the staff uploads, and leave half
	 * of it. */
	return core->uploads + call->length >
		((uint64_t)CONFIG_NET_REQUEST_MIB << 20) / 2 ?
	    FAIL_WAIT :
	    FAIL_NONE;
}

static enum fail
load(struct core *core, const struct call *call, struct verify *v)
{
	struct txn *txn;
	enum fail f = core_read(core, &txn);

	if (f)
		return f;
	f = settings_hold(txn, &v->arena, SETTING_ROOT, &v->root);
	if (!f)
		f = settings_hold(txn, &v->arena, SETTING_CHAIN, &v->chain);
	if (!f && call->password.len) {
		v->password = arena_copy(&v->arena, call->password);
		f = v->password.data ? FAIL_NONE : FAIL_MEMORY;
	}
	txn_abort(txn);
	return f;
}

void
flow_verify(struct core *core, struct message *m)
{
	static const struct bytes none = { NULL, 0 };
	struct verify *v;
	struct call call;
	enum fail f = read_call(core, m->payload, &call);

	v = f ? NULL : calloc(1, sizeof(*v));
	if (!v) {
		answer(core, m->id, f ? f : FAIL_MEMORY, none, none);
		return;
	}
	core->verifies++;
	v->taken = call.length;
	core->uploads += v->taken;
	v->job.ask = m->id;
	v->job.fresh = true;
	v->evidence = v->file.fd = -1;
	arena_init(&v->arena, FLOW_ARENA);
	f = load(core, &call, v);
	if (!f)
		f = flow_copy_part(m, call.offset, call.length, &v->file);
	if (f)
		verify_end(core, v, f, none, none);
	else
		ask_worker(core, v);
}

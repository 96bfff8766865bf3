#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "firmware/flow/flow.h"
#include "firmware/flow/prove.h"
#include "storage/settings.h"

#define TRIES 3u /* while nobody tells */
#define PAUSE_MS 5000

struct proving {
	struct job job;
	uint64_t round, open;
	struct arena arena; /* root and chain */
	struct bytes root, chain;
	int token;    /* descriptor */
	int evidence; /* of the bundle, or -1 */
	struct evidence_needs needs;
	size_t need;
	unsigned rounds;
	struct disk_map proven; /* the token with what proves it; fd -1: none */
	bool vain;              /* nobody told */
	char why[NOTE_TEXT_MAX];
};

static void ask_worker(struct core *core, struct proving *p);

static void
proving_free(struct core *core, struct proving *p)
{
	core->archive.busy = false;
	core->archive.look = 0;
	disk_close(&p->token);
	disk_close(&p->evidence);
	if (p->proven.fd >= 0)
		disk_unmap(&p->proven);
	arena_free(&p->arena);
	free(p);
}

static void
kept(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	(void)reply;
	proving_free(core, (struct proving *)job);
	if (f) {
		log_warning("archiving: %s", fail_name(f));
		core->archive.look = when_monotonic_ms() + PAUSE_MS;
	}
}

static enum fail
keep(struct txn *txn, const struct proving *p)
{
	struct round r;
	enum fail f = round_get(txn, p->round, &r);

	if (f)
		return f;
	if (r.state != ROUND_STAMPED || r.renewed)
		return FAIL_STATE;
	r.proven = p->open;
	r.vain = p->vain ? when_now() : 0;
	if (p->proven.fd >= 0)
		r.token = p->proven.bytes;
	return round_put(txn, &r);
}

/* Is it known what there is to know? */
static void
end(struct core *core, struct proving *p, enum fail f)
{
	struct txn *txn;

	/* These are answers. */
	p->vain = f && f != FAIL_REVOKED && f != FAIL_CHAIN &&
	    f != FAIL_EXPIRED && f != FAIL_LIMIT;
	if (p->vain && ++core->archive.untold < TRIES) {
		proving_free(core, p);
		core->archive.look = when_monotonic_ms() + PAUSE_MS;
		return;
	}
	core->archive.untold = 0;
	if (f)
		log_warning("archiving: nothing proves the time-stamp of round "
			    "%" PRIu64 ": %s: %s",
		    p->round, fail_name(f), p->why);
	f = keep_begin(core, &txn);
	if (f) {
		kept(core, &p->job, f, NULL);
		return;
	}
	f = keep_end(core, txn, keep(txn, p));
	job_after_commit(core, &p->job, f, kept);
}

static void evidence_came(
    struct core *core, struct job *job, enum fail f, struct message *reply);

static void
fetch_next(struct core *core, struct proving *p)
{
	if (p->need == p->needs.count)
		ask_worker(core, p);
	else
		flow_fetch(core, &p->job, &p->needs.items[p->need],
		    FLOW_FETCH_MS, evidence_came);
}

static void
evidence_came(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct proving *p = (struct proving *)job;

	flow_fetched(core, &p->needs.items[p->need++], f, reply);
	fetch_next(core, p);
}

/* As a file of our own: the worker's could change under us. */
static enum fail
take_token(struct proving *p, struct message *reply)
{
	int theirs = message_take_fd(reply, 0), fd = -1;
	uint64_t size = 0;
	enum fail f = theirs < 0 ? FAIL_PEER : disk_size(theirs, &size);

	if (!f && (!size || size > ROUND_TOKEN_MAX))
		f = FAIL_LIMIT;
	if (!f) {
		fd = memfd_create("token", MFD_CLOEXEC);
		f = fd < 0 ? FAIL_IO : disk_copy(theirs, 0, size, fd);
	}
	disk_close(&theirs);
	if (!f)
		return disk_map_fd(fd, &p->proven);
	disk_close(&fd);
	return f;
}

static void
told(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct proving *p = (struct proving *)job;

	disk_close(&p->evidence);
	if (!f) {
		struct cursor c = cursor_of(reply->payload);

		f = message_fail(&c);
		message_why(&c, p->why);
		if (evidence_read(&c, &core->evidence, &p->needs, when_now()) ||
		    !cursor_done(&c))
			f = FAIL_PEER;
	}
	if (!f && p->needs.count) {
		p->need = 0;
		if (++p->rounds < EVIDENCE_ROUNDS_MAX) {
			fetch_next(core, p);
			return;
		}
		f = FAIL_MISSING;
	}
	end(core, p, f ? f : take_token(p, reply));
}

static void
ask_worker(struct core *core, struct proving *p)
{
	enum fail f =
	    evidence_bundle(&core->evidence, when_now(), &p->evidence);

	if (f) {
		end(core, p, f);
		return;
	}
	buf_u64(&core->out, (uint64_t)when_now());
	buf_field(&core->out, p->root);
	buf_field(&core->out, p->chain);
	job_ask_worker(core, &p->job, MESSAGE_WORK_PROVE, &core->out, p->token,
	    p->evidence, told);
}

static enum fail
load(struct txn *txn, struct proving *p, struct bytes token)
{
	enum fail f = settings_hold(txn, &p->arena, SETTING_ROOT, &p->root);

	if (!f)
		f = settings_hold(txn, &p->arena, SETTING_CHAIN, &p->chain);
	if (!f)
		p->token = memfd_create("token", MFD_CLOEXEC);
	if (!f && p->token < 0)
		f = FAIL_IO;
	return f ? f : disk_write_all(p->token, token);
}

void
prove_begin(struct core *core, struct txn *txn, const struct round *round,
    uint64_t open)
{
	struct proving *p = calloc(1, sizeof(*p));
	enum fail f;

	if (!p)
		return;
	p->round = round->number;
	p->open = open;
	p->token = p->evidence = p->proven.fd = -1;
	arena_init(&p->arena, FLOW_ARENA);
	core->archive.busy = true;
	f = load(txn, p, round->token);
	if (!f) {
		ask_worker(core, p);
		return;
	}
	log_warning("archiving: %s", fail_name(f));
	proving_free(core, p);
	core->archive.look = when_monotonic_ms() + PAUSE_MS;
}

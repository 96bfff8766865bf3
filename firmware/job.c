/* Waiting of jobs: for workers, for the signer, for the disk. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "firmware/core.h"
#include "autoconf.h"
#include "storage/blob.h"
#include "storage/room.h"

/* A commit costs about as much as the work on one document. */
#define COMMIT_TOGETHER 24u
#define COMMIT_WAIT_MS 5
#define FETCH_GRACE_MS 10000 /* net keeps the time itself, if it is sound */

static void
queue_put(struct queue *q, struct job *job)
{
	job->next = NULL;
	if (!q->end || !q->first)
		q->end = &q->first;
	*q->end = job;
	q->end = &job->next;
}

static struct job *
queue_take(struct queue *q)
{
	struct job *job = q->first;

	if (job)
		q->first = job->next;
	return job;
}

/* Take out the job that asked a question; NULL: none here did. */
static struct job *
queue_take_asked(struct queue *q, uint64_t asked)
{
	struct job **at = &q->first, *job;

	while (*at && (*at)->asked != asked)
		at = &(*at)->next;
	job = *at;
	if (!job)
		return NULL;
	if (q->end == &job->next)
		q->end = at;
	*at = job->next;
	return job;
}

/*
 * The same file for reading only: a worker that misbehaves must not be able to
 * change or shorten what core keeps afterwards.  fd stays the caller's.
 */
static enum fail
read_only(int fd, int *again)
{
	*again = -1;
	if (fd < 0)
		return FAIL_NONE;
	if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
		*again = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	else
		*again = disk_reopen(fd);
	return *again < 0 ? FAIL_IO : FAIL_NONE;
}

/* Move body's content into the job until it can be sent. */
static void
set_pending(struct job *job, enum message_kind kind, struct buf *body,
    int first, int second)
{
	struct pending *p = &job->pending;
	enum fail f = read_only(first, &p->fds[0]);

	p->kind = kind;
	if (!f)
		f = read_only(second, &p->fds[1]);
	else
		p->fds[1] = -1;
	buf_init(&p->body, CHANNEL_PAYLOAD_MAX);
	buf_bytes(&p->body, buf_view(body));
	if (buf_fail(body) || f)
		p->body.fail = f ? f : buf_fail(body);
	buf_wipe(body);
}

static void
pending_free(struct pending *p)
{
	buf_wipe(&p->body);
	for (size_t i = 0; i < 2; i++)
		if (p->fds[i] >= 0)
			close(p->fds[i]);
	p->fds[0] = p->fds[1] = -1;
}

/*
 * Send what a job waits to ask.  If that fails the channel is shut, and the
 * main loop finds the other process gone: a job is never stepped from inside
 * its own asking.  A question to the keeper or the signer holds a secret and is
 * not kept.
 */
static void
send_pending(struct core *core, struct process *p, struct job *job)
{
	bool again = p != &core->keeper && p != &core->signer;
	struct buf body;
	enum fail f;

	buf_init(&body, CHANNEL_PAYLOAD_MAX);
	buf_bytes(&body, buf_view(&job->pending.body));
	if (buf_fail(&job->pending.body))
		body.fail = buf_fail(&job->pending.body);
	job->asked = ++core->question_id;
	f = message_send_two(p->channel, job->pending.kind, job->asked, &body,
	    job->pending.fds[0], job->pending.fds[1]);
	if (!again)
		pending_free(&job->pending);
	if (!p->count++)
		p->since = when_monotonic_ms();
	queue_put(&p->asked, job);
	if (f)
		(void)shutdown(p->channel, SHUT_RDWR);
}

/* A file that the box took in before will not hang a worker: others may wait
 * behind it.  A new one may; and a question that cannot be sent, which costs
 * the worker its channel, is nobody else's trouble. */
static bool
is_known(const struct job *job)
{
	return !job->fresh && !buf_fail(&job->pending.body) &&
	    (job->pending.kind == MESSAGE_WORK_PREPARE ||
		job->pending.kind == MESSAGE_WORK_CHECK);
}

static bool
may_wait_behind(const struct process *p, const struct job *job)
{
	return p->count < p->ahead && is_known(job) &&
	    (!p->asked.first || is_known(p->asked.first));
}

/* The free worker, or the one with the least to do that the job may wait
 * behind. */
static struct process *
worker_for(struct core *core, const struct job *job)
{
	struct process *best = NULL;

	for (size_t i = 0; i < CONFIG_WORKERS; i++) {
		struct process *p = &core->workers[i];

		if (p->channel < 0 || (best && best->count <= p->count))
			continue;
		if (!p->count || may_wait_behind(p, job))
			best = p;
	}
	return best;
}

void
core_feed_workers(struct core *core)
{
	while (core->for_worker.first) {
		struct process *p = worker_for(core, core->for_worker.first);

		if (!p)
			return;
		send_pending(core, p, queue_take(&core->for_worker));
	}
}

static void
feed(struct core *core, struct process *p, struct queue *q)
{
	while (q->first && p->channel >= 0 && p->count < p->ahead)
		send_pending(core, p, queue_take(q));
}

void
job_ask_keeper(
    struct core *core, struct job *job, struct buf *body, job_step *step)
{
	job->step = step;
	set_pending(job, MESSAGE_WORK_PASSWORD, body, -1, -1);
	queue_put(&core->for_keeper, job);
	core_feed_keeper(core);
}

void
core_feed_keeper(struct core *core)
{
	feed(core, &core->keeper, &core->for_keeper);
}

void
job_ask_worker(struct core *core, struct job *job, enum message_kind kind,
    struct buf *body, int first, int second, job_step *step)
{
	job->step = step;
	set_pending(job, kind, body, first, second);
	queue_put(&core->for_worker, job);
	core_feed_workers(core);
}

void
job_ask_net(struct core *core, struct job *job, const struct fetch_order *order,
    job_step *step)
{
	job->step = step;
	job->fetch = ++core->fetch_id;
	job->due = when_monotonic_ms() + order->milliseconds + FETCH_GRACE_MS;
	job->next = core->fetching;
	core->fetching = job;
	buf_u32(&core->out, order->most);
	buf_u32(&core->out, order->milliseconds);
	buf_field(&core->out, order->url);
	buf_field(&core->out, order->type);
	buf_field(&core->out, order->body);
	/* The job goes on from the main loop, not from inside its asking. */
	if (message_send(core->net.channel, MESSAGE_FETCH, job->fetch,
		&core->out, order->file))
		core->fetch_lost = true;
}

void
core_feed_net(struct core *core)
{
	if (!core->fetch_lost)
		return;
	core->fetch_lost = false;
	core_fetched(core, NULL);
}

void
core_fetched(struct core *core, struct message *m)
{
	struct job **at = &core->fetching, *job;

	if (!m) {
		struct job *all = core->fetching;

		core->fetching = NULL;
		while ((job = all)) {
			all = job->next;
			job->step(core, job, FAIL_PEER, NULL);
		}
		return;
	}
	while (*at && (*at)->fetch != m->id)
		at = &(*at)->next;
	job = *at;
	if (!job)
		return;
	*at = job->next;
	job->step(core, job, FAIL_NONE, m);
}

void
core_fetch_times(struct core *core, int64_t now)
{
	struct job **at = &core->fetching;

	while (*at) {
		struct job *job = *at;

		if (job->due > now) {
			at = &job->next;
			continue;
		}
		*at = job->next;
		job->step(core, job, FAIL_TIMEOUT, NULL);
		at = &core->fetching; /* the step may have put one in front */
	}
}

void
job_hold_signer(struct core *core, struct job *job, job_step *step)
{
	job->step = step;
	if (core->signer_holder) {
		queue_put(&core->for_holding, job);
		return;
	}
	core->signer_holder = job;
	step(core, job, FAIL_NONE, NULL);
}

void
core_feed_signer(struct core *core)
{
	feed(core, &core->signer, &core->for_signer);
}

void
job_ask_signer(struct core *core, struct job *job, enum message_kind kind,
    struct buf *body, job_step *step)
{
	job->step = step;
	set_pending(job, kind, body, -1, -1);
	queue_put(&core->for_signer, job);
	core_feed_signer(core);
}

void
job_release_signer(struct core *core)
{
	struct job *job = queue_take(&core->for_holding);

	core->signer_holder = job;
	if (job)
		job->step(core, job, FAIL_NONE, NULL);
}

size_t
job_signer_queue(const struct core *core)
{
	size_t count = core->signer_holder != NULL;

	for (const struct job *j = core->for_holding.first; j; j = j->next)
		count++;
	return count;
}

enum fail
core_reply(struct core *core, struct process *process, struct message *message)
{
	struct job *job = queue_take_asked(&process->asked, message->id);

	if (!job)
		return FAIL_PEER;
	process->count--;
	process->since = when_monotonic_ms();
	pending_free(&job->pending);
	job->step(core, job, FAIL_NONE, message);
	message_close_fds(message);
	return FAIL_NONE;
}

void
core_lost(struct core *core, struct queue asked, enum fail why)
{
	struct job *job = queue_take(&asked), *next;
	struct queue failed = { NULL, NULL }, again = { NULL, NULL };

	if (!job)
		return;
	queue_put(&failed, job);
	while ((next = queue_take(&asked)))
		if (next->pending.body.len)
			queue_put(&again, next);
		else
			queue_put(&failed, next);
	/* In front of those that wait, in their order. */
	while ((next = queue_take(&core->for_worker)))
		queue_put(&again, next);
	while ((next = queue_take(&again)))
		queue_put(&core->for_worker, next);
	while ((job = queue_take(&failed))) {
		pending_free(&job->pending);
		job->step(core, job, why, NULL);
	}
}

enum fail
keep_begin(struct core *core, struct txn **txn)
{
	enum fail f = FAIL_NONE;

	if (!core->group) {
		f = txn_begin(core->store, true, NULL, &core->group);
		core->group_since = when_monotonic_ms();
	}
	return f ? f : txn_begin(core->store, true, core->group, txn);
}

enum fail
keep_end(struct core *core, struct txn *txn, enum fail f)
{
	(void)core;
	if (!f)
		return txn_commit(txn);
	txn_abort(txn);
	return f;
}

void
job_after_commit(
    struct core *core, struct job *job, enum fail f, job_step *step)
{
	job->step = step;
	job->keep = f;
	queue_put(&core->committing, job);
	core->committing_count++;
}

/* Does anybody work on something that will come back soon? */
static bool
helpers_work(const struct core *core)
{
	size_t count = core->signer.count;

	for (size_t i = 0; i < CONFIG_WORKERS; i++)
		count += core->workers[i].count;
	return count > 0;
}

void
core_flush_due(struct core *core)
{
	bool wait = core->group && helpers_work(core) &&
	    core->committing_count < COMMIT_TOGETHER &&
	    when_monotonic_ms() - core->group_since < COMMIT_WAIT_MS;

	if (!wait)
		(void)core_flush(core);
}

enum fail
core_flush(struct core *core)
{
	struct queue done = core->committing;
	struct job *job;
	enum fail f = FAIL_NONE;

	core->committing = (struct queue){ NULL, NULL };
	core->committing_count = 0;
	if (core->group) {
		f = txn_commit(core->group);
		core->group = NULL;
		if (f)
			log_error("the store did not commit: %s", fail_name(f));
		/* What was held back for this lets the next small acts and
		 * their journal entries be kept. */
		if (f == FAIL_FULL)
			log_warning("ballast given up: %s",
			    fail_name(room_drop_ballast(core->store)));
		/* After a failed write nothing more can be kept: start anew
		 * rather than refuse one act after another. */
		if (f == FAIL_IO || f == FAIL_CORRUPT)
			core->stopping = core->broken = true;
	}
	while ((job = queue_take(&done)))
		job->step(core, job, job->keep ? job->keep : f, NULL);
	return f;
}

enum fail
core_read(struct core *core, struct txn **txn)
{
	return txn_begin(core->store, false, NULL, txn);
}

static enum fail
write_part(void *context, struct bytes part)
{
	return disk_write_all(*(const int *)context, part);
}

enum fail
core_blob_file(
    struct core *core, const uint8_t *hash, int *fd, struct hash *after)
{
	struct txn *txn;
	enum fail f = core_read(core, &txn);

	if (f)
		return f;
	*fd = memfd_create("document", MFD_CLOEXEC);
	f = *fd < 0 ? FAIL_IO : blob_each(txn, hash, write_part, fd, after);
	txn_abort(txn);
	if (f && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return f;
}

void
core_answer(struct core *core, uint64_t ask, enum fail f, uint64_t record,
    const char *note)
{
	buf_u16(&core->out, (uint16_t)f);
	buf_u64(&core->out, record);
	buf_field(&core->out, BYTES_TEXT(note));
	if (message_send(
		core->net.channel, MESSAGE_ANSWER, ask, &core->out, -1))
		log_warning("an answer was not delivered");
}

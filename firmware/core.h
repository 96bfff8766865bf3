/*
 * The core role from the inside: the one writer of the store, the owner of all
 * other processes, and the steps of work that go between them.
 *
 * A job is one piece of work that waits for others: for a worker, for the
 * signer, or for its changes to be on the disk.  Each wait names the function
 * that goes on.  Changes of many jobs share one commit: keep_begin opens a
 * child of the common transaction, keep_end closes it, and what depends on it
 * being durable goes on through job_after_commit.
 */
#ifndef FIRMWARE_CORE_H
#define FIRMWARE_CORE_H

#include <sys/types.h>

#include "firmware/flow/brake.h"
#include "firmware/flow/evidence.h"
#include "firmware/flow/raise.h"
#include "firmware/role.h"
#include "storage/store.h"

#define CORE_WORKERS_MAX 16u

struct core;
struct job;

/* What a job waited for has come.  reply is NULL when the other process died
 * or the commit is meant; f tells how it went. */
typedef void job_step(
    struct core *core, struct job *job, enum fail f, struct message *reply);

/* A message that waits to be sent, or (a worker's) to be answered. */
struct pending {
	enum message_kind kind;
	struct buf body;
	int fds[2]; /* owned; -1: none */
};

struct job {
	struct job *next; /* in the queue it stands in */
	job_step *step;   /* what goes on */
	struct pending pending;
	enum fail keep; /* how its last keep ended, for job_after_commit */
	uint64_t ask;   /* id of net's question that it will answer */
	uint64_t asked; /* id of its question to a helper */
	bool fresh;     /* about a file that came in just now */
	uint64_t fetch; /* id of its question to net … */
	int64_t due; /* … and when net is no longer waited for, monotonic */
};

struct queue {
	struct job *first, **end;
};

/*
 * Another role, and the jobs whose questions it has, the oldest first.  It may
 * have the next ones before it has answered: it then does not wait for core,
 * which may be waiting for the disk.
 */
struct process {
	pid_t pid;
	int channel;
	struct queue asked;
	size_t ahead;    /* questions it may have at once … */
	size_t count;    /* … and those it has */
	int64_t since;   /* monotonic milliseconds: works on the oldest since */
	int64_t started; /* likewise */
};

struct backup {
	pid_t pid; /* 0: none is being made */
	char folder[512];
	uint64_t actor;
};

struct core {
	const struct role_settings *settings;
	struct store *store;
	struct txn *group;   /* the common write transaction, or NULL */
	int64_t group_since; /* monotonic milliseconds */
	struct queue committing;
	size_t committing_count;
	struct process net, signer, keeper;
	struct process workers[CORE_WORKERS_MAX];
	struct queue for_worker, for_signer, for_keeper;
	struct job *fetching;  /* jobs that wait for something net fetches */
	uint64_t fetch_id;     /* of the last such question */
	uint64_t question_id;  /* of the last question to a helper */
	bool fetch_lost;       /* net was not there to take one */
	unsigned signer_lives; /* how many signers have been started */
	uint64_t uploads;      /* bytes of files on their way into the store */
	unsigned verifies;     /* files being checked for somebody */
	unsigned sketches;     /* documents being drawn for somebody */
	struct job *signer_holder; /* keeps the signer over several questions */
	struct queue for_holding;
	size_t signing_left; /* documents of the batches there and waiting */
	unsigned signing_us; /* microseconds one took lately; 0: none yet */
	bool signing_learnt; /* of whole batches; else of one that runs */
	struct brake brake;
	struct evidence_cache evidence;
	struct raise_state raise;
	struct archive_state archive;
	struct backup backup;
	struct buf out; /* scratch for messages */
	bool stopping;
	bool broken; /* it stops because it cannot go on: another start may */
	int64_t started;
};

/* ---- asking others ---- */

/* Send a question to a free worker, now or later, with one or two files to read
 * (-1: none), which stay the caller's. */
void job_ask_worker(struct core *core, struct job *job, enum message_kind kind,
    struct buf *body, int first, int second, job_step *step);

/* Ask the keeper, a worker that sees passwords and nothing else: what a hostile
 * file did to another worker cannot reach them. */
void job_ask_keeper(
    struct core *core, struct job *job, struct buf *body, job_step *step);

/* What net should get from a server; copied. */
struct fetch_order {
	struct bytes url, type, body; /* type empty: GET */
	uint32_t most;                /* bytes of the answer's body */
	uint32_t milliseconds;
	int file; /* for what comes, borrowed; -1: it is kept in memory */
};

/* Have net ask a server.  The reply is MESSAGE_FETCHED; FAIL_PEER when net died
 * meanwhile. */
void job_ask_net(struct core *core, struct job *job,
    const struct fetch_order *order, job_step *step);

/* Net has answered, or (m NULL) is gone and will answer none. */
void core_fetched(struct core *core, struct message *m);

/* Let go on, with FAIL_TIMEOUT, what net has not answered by now. */
void core_fetch_times(struct core *core, int64_t now);

/* Let go on what net was not there to take. */
void core_feed_net(struct core *core);

/* Have the signer to oneself, in order of asking; then job_ask_signer; then
 * job_release_signer. */
void job_hold_signer(struct core *core, struct job *job, job_step *step);
void job_ask_signer(struct core *core, struct job *job, enum message_kind kind,
    struct buf *body, job_step *step);
void job_release_signer(struct core *core);

/* How many have the signer or wait for it. */
size_t job_signer_queue(const struct core *core);

/* Give free processes the next question that waits. */
void core_feed_workers(struct core *core);
void core_feed_keeper(struct core *core);
void core_feed_signer(struct core *core);

/* What a worker or the signer answered: its job goes on.  Descriptors that the
 * job does not take are closed.  FAIL_PEER: it was not asked. */
CHECKED enum fail
core_reply(struct core *core, struct process *process, struct message *message);

/* A helper is gone.  What it worked on fails with why; a worker's next
 * questions were not begun, and are asked again. */
void core_lost(struct core *core, struct queue asked, enum fail why);

/* ---- keeping ---- */

CHECKED enum fail keep_begin(struct core *core, struct txn **txn);

/* Commit the child if f is FAIL_NONE, else abort it; gives f or what the
 * commit says. */
CHECKED enum fail keep_end(struct core *core, struct txn *txn, enum fail f);

/* Go on with step once all that was kept until now is on the disk. */
void job_after_commit(
    struct core *core, struct job *job, enum fail f, job_step *step);

/* Commit what was kept, then go on with the jobs that waited for it; gives
 * what the commit said.  The jobs learn it themselves. */
enum fail core_flush(struct core *core);

/* The same, unless it pays to wait a moment: while helpers work, more changes
 * come that can share the commit. */
void core_flush_due(struct core *core);

/* A transaction that sees the last commit. */
CHECKED enum fail core_read(struct core *core, struct txn **txn);

/* A blob as an unnamed file in memory; after is for blob_put_after, when
 * something was put behind it. */
CHECKED enum fail core_blob_file(
    struct core *core, const uint8_t *hash, int *fd, struct hash *after);

/* ---- answering net ---- */
void core_answer(struct core *core, uint64_t ask, enum fail f, uint64_t record,
    const char *note);

/* ---- processes: process.c ---- */
CHECKED enum fail
process_start(struct core *core, enum role role, struct process *process);
void process_stop(struct process *process);
CHECKED enum fail
process_start_backup(struct core *core, const char *folder, pid_t *pid);

/* ---- questions of net: flow/ ---- */

/* Any of them, checked against the table; leads to one answer, now or later,
 * but for ASK_TOUCH.  The message stays the caller's. */
void flow_ask(struct core *core, struct message *message);

/* Raise the next document that waits for it, if it may be tried now. */
void flow_raise(struct core *core);

/* Put documents whose time-stamps end soon, or that the administrator wants
 * renewed, into the queue of those to be raised: some at a time. */
void flow_renew(struct core *core);

/* Go on with the round of archiving, or begin one when it is time. */
void flow_archive(struct core *core);

/* Why none can be begun, in words for the administrator; NULL: one can. */
const char *flow_archive_obstacle(struct txn *txn);

/* Begin one soon, which also renews the rounds whose path ends before an
 * instant. */
CHECKED enum fail flow_archive_now(struct txn *txn, int64_t before);

/* Renew all whose time-stamp's path ends before an instant, from now on. */
CHECKED enum fail flow_renew_all(struct txn *txn, int64_t before);

#endif

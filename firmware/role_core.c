/*
 * Core: the one writer.  Its loop takes what net, workers, signer and console
 * say, lets each job go one step, and commits all their changes together.
 */
#include "firmware/role.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "autoconf.h"
#include "base/log.h"
#include "base/when.h"
#include "firmware/backup.h"
#include "firmware/console/console.h"
#include "firmware/core.h"
#include "firmware/sandbox.h"
#include "storage/room.h"
#include "storage/session.h"

#define MESSAGES_AT_ONCE 64 /* of one channel, then the others' turn */
#define WORK_MS_MAX 60000   /* a worker that takes longer is ended */
#define SWEEP_MS 60000
#define MEASURE_MS 1000
#define AGAIN_MS 1000
#define WORKERS_FROM 6u
#define WATCH_MAX (CORE_WORKERS_MAX + 6)

struct loop {
	struct core core;
	struct console *console;
	int signals;
	int64_t swept, measured;
	uint8_t room[CHANNEL_PAYLOAD_MAX + 16];
};

/* ---- net ---- */

static void
read_net(struct loop *l)
{
	for (int i = 0; i < MESSAGES_AT_ONCE; i++) {
		struct message m;
		enum fail f = message_receive(
		    l->core.net.channel, l->room, ROLE_NET, ROLE_CORE, &m);

		if (f == FAIL_MISSING)
			return;
		if (f) {
			log_error(
			    "net is gone: %s; starting another", fail_name(f));
			process_stop(&l->core.net);
			store_forget_readers(l->core.store);
			core_fetched(&l->core, NULL);
			return;
		}
		if (m.kind == MESSAGE_FETCHED)
			core_fetched(&l->core, &m);
		else
			flow_ask(&l->core, &m);
		message_close_fds(&m);
		/* It may have held a password or PIN. */
		explicit_bzero(l->room, m.payload.len + 16);
	}
}

/* A process that is gone is started again; one that cannot start (net's port is
 * taken, say) once a second, not in a storm. */
static void
restart(struct loop *l, enum role role, struct process *p)
{
	if (p->pid > 0 || when_monotonic_ms() - p->started < AGAIN_MS)
		return;
	if (process_start(&l->core, role, p))
		log_error("%s could not be started", role_name(role));
}

static void
restart_all(struct loop *l)
{
	restart(l, ROLE_NET, &l->core.net);
	restart(l, ROLE_SIGNER, &l->core.signer);
	restart(l, ROLE_WORKER, &l->core.keeper);
	for (size_t i = 0; i < CONFIG_WORKERS; i++)
		restart(l, ROLE_WORKER, &l->core.workers[i]);
}

/* ---- helpers ---- */

static void
lose(struct loop *l, struct process *p, enum role role, enum fail why)
{
	struct queue asked = p->asked;

	log_error("%s is gone: %s; starting another", role_name(role),
	    fail_name(why));
	process_stop(p);
	restart(l, role, p);
	core_lost(&l->core, asked, why);
}

static void
read_helper(struct loop *l, struct process *p, enum role role)
{
	for (int i = 0; i < MESSAGES_AT_ONCE; i++) {
		struct message m;
		enum fail f =
		    message_receive(p->channel, l->room, role, ROLE_CORE, &m);

		if (f == FAIL_MISSING)
			return;
		if (!f) {
			f = core_reply(&l->core, p, &m);
			if (f)
				message_close_fds(&m);
		}
		if (f) {
			lose(l, p, role, FAIL_PEER);
			return;
		}
	}
}

static void
check_time(struct loop *l, struct process *p, enum role role, int64_t now,
    int64_t most)
{
	if (p->count && now - p->since > most)
		lose(l, p, role, FAIL_TIMEOUT);
}

static void
check_times(struct loop *l)
{
	int64_t now = when_monotonic_ms();

	for (size_t i = 0; i < CONFIG_WORKERS; i++)
		check_time(
		    l, &l->core.workers[i], ROLE_WORKER, now, WORK_MS_MAX);
	check_time(l, &l->core.keeper, ROLE_WORKER, now, WORK_MS_MAX);
	check_time(l, &l->core.signer, ROLE_SIGNER, now,
	    CONFIG_TOKEN_PIN_SECONDS * 1000);
	core_fetch_times(&l->core, now);
}

/* Old logins go; once a minute is enough. */
static void
sweep(struct loop *l)
{
	int64_t now = when_monotonic_ms();
	struct txn *txn;

	if (now - l->swept < SWEEP_MS)
		return;
	l->swept = now;
	if (keep_begin(&l->core, &txn))
		return;
	if (keep_end(&l->core, txn,
		session_sweep(
		    txn, 0, when_now() - CONFIG_SESSION_IDLE_MINUTES * 60)))
		log_warning("old logins were not ended");
}

/* How full the archive is goes into the store when it changes. */
static void
measure_room(struct loop *l)
{
	int64_t now = when_monotonic_ms();
	enum room room, held;
	struct txn *txn;

	if (now - l->measured < MEASURE_MS || core_read(&l->core, &txn))
		return;
	l->measured = now;
	held = room_get(txn);
	txn_abort(txn);
	room = room_of(store_fill(l->core.store));
	if (room == ROOM_GOOD && room_take_ballast(l->core.store))
		log_warning("no room for the ballast");
	if (room == held || keep_begin(&l->core, &txn))
		return;
	if (keep_end(&l->core, txn, room_put(txn, room))) {
		log_warning("the archive's level was not written down");
		return;
	}
	if (room != ROOM_GOOD)
		log_warning("the archive is %s",
		    room == ROOM_FULL ? "full: it takes no new files" :
					"more than 90 % full");
}

/* ---- the loop ---- */

/* Milliseconds until there is something to do besides what comes in. */
static int
patience(const struct loop *l)
{
	int64_t left = l->core.archive.look - when_monotonic_ms();

	if (l->core.committing.first || l->core.group)
		return 1;
	if (l->core.archive.busy || left > 1000)
		return 1000;
	return left > 0 ? (int)left : 0;
}

static void
loop_once(struct loop *l)
{
	char text[1024];
	struct pollfd fds[WATCH_MAX] = { { .fd = l->signals, .events = POLLIN },
		{ .fd = l->core.net.channel, .events = POLLIN },
		{ .fd = l->core.signer.channel, .events = POLLIN },
		{ .fd = l->console ? console_fd(l->console) : -1,
		    .events = POLLIN },
		{ .fd = l->core.keeper.channel, .events = POLLIN },
		{ .fd = l->console ? console_out(l->console) : -1,
		    .events = POLLOUT } };

	for (size_t i = 0; i < CONFIG_WORKERS; i++)
		fds[WORKERS_FROM + i] =
		    (struct pollfd){ .fd = l->core.workers[i].channel,
			    .events = POLLIN };
	if (poll(fds, WORKERS_FROM + CONFIG_WORKERS, patience(l)) < 0 &&
	    errno != EINTR)
		l->core.stopping = l->core.broken = true;
	if (fds[0].revents)
		l->core.stopping = true;
	/* Helpers first: what net asks next finds them as they are now. */
	if (fds[2].revents)
		read_helper(l, &l->core.signer, ROLE_SIGNER);
	for (size_t i = 0; i < CONFIG_WORKERS; i++)
		if (fds[WORKERS_FROM + i].revents)
			read_helper(l, &l->core.workers[i], ROLE_WORKER);
	if (fds[4].revents)
		read_helper(l, &l->core.keeper, ROLE_WORKER);
	if (fds[5].revents)
		console_drain(l->console);
	if (fds[3].revents)
		console_ready(l->console);
	if (fds[1].revents)
		read_net(l);
	restart_all(l);
	core_feed_workers(&l->core);
	core_feed_keeper(&l->core);
	core_feed_signer(&l->core);
	core_feed_net(&l->core);
	check_times(l);
	sweep(l);
	flow_raise(&l->core);
	flow_renew(&l->core);
	flow_archive(&l->core);
	measure_room(l);
	if (backup_ended(&l->core, text, sizeof(text)))
		console_tell(l->console, text);
	core_flush_due(&l->core);
}

static enum fail
start(struct loop *l, const struct role_settings *settings)
{
	sigset_t stop;
	enum fail f;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGHUP);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	l->signals = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
	l->core.started = when_monotonic_ms();
	l->core.evidence.folder = settings->data;
	buf_init(&l->core.out, CHANNEL_PAYLOAD_MAX);
	f = l->signals < 0 ?
	    FAIL_IO :
	    store_open(settings->data, (uint64_t)CONFIG_STORE_MAP_GIB << 30,
		false, &l->core.store);
	if (!f)
		f = process_start(&l->core, ROLE_NET, &l->core.net);
	if (!f)
		f = process_start(&l->core, ROLE_SIGNER, &l->core.signer);
	if (!f)
		f = process_start(&l->core, ROLE_WORKER, &l->core.keeper);
	for (size_t i = 0; i < CONFIG_WORKERS && !f; i++)
		f = process_start(&l->core, ROLE_WORKER, &l->core.workers[i]);
	if (!f)
		f = sandbox_enter(ROLE_CORE);
	if (!f && settings->console)
		f = console_open(&l->core, settings->console, &l->console);
	return f;
}

int
role_core(const struct role_settings *settings)
{
	struct loop *l = calloc(1, sizeof(*l));
	enum fail f;

	if (!l)
		return 1;
	l->core.settings = settings;
	l->core.net.channel = l->core.signer.channel = -1;
	l->core.keeper.channel = -1;
	for (size_t i = 0; i < CORE_WORKERS_MAX; i++)
		l->core.workers[i].channel = -1;
	f = start(l, settings);
	if (f)
		log_error("the appliance does not start: %s", fail_text(f));
	while (!f && !l->core.stopping)
		loop_once(l);
	(void)core_flush(&l->core);
	if (l->core.backup.pid)
		kill(l->core.backup.pid, SIGKILL);
	console_close(l->console);
	process_stop(&l->core.net);
	process_stop(&l->core.signer);
	process_stop(&l->core.keeper);
	for (size_t i = 0; i < CONFIG_WORKERS; i++)
		process_stop(&l->core.workers[i]);
	evidence_free(&l->core.evidence);
	store_close(l->core.store);
	buf_free(&l->core.out);
	/* Whoever watches over core starts it again. */
	if (l->core.broken)
		f = FAIL_IO;
	free(l);
	return f ? 1 : 0;
}

/*
 * The simulator's LAN: libslirp, a network stack in the process, with ports of
 * the PC forwarded to the box.  It must not be entered again from its own
 * call-backs, so frames are queued both ways and moved by the poll loop.
 */
#include <arpa/inet.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "drivers/ether_table.h"

#define QUEUE_MAX 4096u /* frames waiting in one direction */
#define TIMERS_MAX 16u

struct frame {
	struct frame *next;
	size_t len;
	uint8_t data[];
};

struct queue {
	struct frame *first, **end;
	size_t count;
};

struct timer {
	SlirpTimerCb call;
	void *context;
	int64_t at_ms; /* INT64_MAX: not set */
	bool used;
};

struct wire {
	struct ether ether;
	Slirp *slirp;
	struct queue to_box, to_slirp;
	struct timer timers[TIMERS_MAX];
	struct pollfd *fds; /* while one poll is prepared or looked at */
	size_t count;
};

static void
queue_put(struct queue *q, const void *data, size_t len)
{
	struct frame *f;

	if (q->count == QUEUE_MAX)
		return;
	f = malloc(sizeof(*f) + len);
	if (!f)
		return;
	f->next = NULL;
	f->len = len;
	memcpy(f->data, data, len);
	*q->end = f;
	q->end = &f->next;
	q->count++;
}

static struct frame *
queue_take(struct queue *q)
{
	struct frame *f = q->first;

	if (!f)
		return NULL;
	q->first = f->next;
	if (!q->first)
		q->end = &q->first;
	q->count--;
	return f;
}

static int64_t
clock_ns(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static ssize_t
on_send(const void *data, size_t len, void *context)
{
	struct wire *w = context;

	queue_put(&w->to_box, data, len);
	return (ssize_t)len;
}

static void
on_error(const char *text, void *context)
{
	(void)context;
	log_warning("slirp: %s", text);
}

static void *
timer_new(SlirpTimerCb call, void *call_context, void *context)
{
	struct wire *w = context;

	for (size_t i = 0; i < TIMERS_MAX; i++)
		if (!w->timers[i].used) {
			w->timers[i] = (struct timer){ call, call_context,
				INT64_MAX, true };
			return &w->timers[i];
		}
	return NULL;
}

static void
timer_free(void *timer, void *context)
{
	(void)context;
	if (timer)
		((struct timer *)timer)->used = false;
}

static void
timer_mod(void *timer, int64_t at_ms, void *context)
{
	(void)context;
	if (timer)
		((struct timer *)timer)->at_ms = at_ms;
}

static void
on_fd(int fd, void *context)
{
	(void)fd;
	(void)context;
}

static void
on_notify(void *context)
{
	(void)context;
}

static const SlirpCb calls = {
	.send_packet = on_send,
	.guest_error = on_error,
	.clock_get_ns = clock_ns,
	.timer_new = timer_new,
	.timer_free = timer_free,
	.timer_mod = timer_mod,
	.register_poll_fd = on_fd,
	.unregister_poll_fd = on_fd,
	.notify = on_notify,
};

static int
add_poll(int fd, int events, void *context)
{
	struct wire *w = context;

	if (w->count == ETHER_POLL_MAX)
		return -1;
	w->fds[w->count] = (struct pollfd){ .fd = fd,
		.events = (short)((events & SLIRP_POLL_IN ? POLLIN : 0) |
		    (events & SLIRP_POLL_OUT ? POLLOUT : 0) |
		    (events & SLIRP_POLL_PRI ? POLLPRI : 0)) };
	return (int)w->count++;
}

static int
get_events(int at, void *context)
{
	struct wire *w = context;
	int seen;

	if (at < 0 || (size_t)at >= w->count)
		return 0;
	seen = w->fds[at].revents;
	return (seen & POLLIN ? SLIRP_POLL_IN : 0) |
	    (seen & POLLOUT ? SLIRP_POLL_OUT : 0) |
	    (seen & POLLPRI ? SLIRP_POLL_PRI : 0) |
	    (seen & POLLERR ? SLIRP_POLL_ERR : 0) |
	    (seen & POLLHUP ? SLIRP_POLL_HUP : 0);
}

static void
wire_send(struct ether *ether, struct bytes frame)
{
	queue_put(&((struct wire *)ether)->to_slirp, frame.data, frame.len);
}

static size_t
wire_poll_fill(struct ether *ether, struct pollfd *fds, int *timeout_ms)
{
	struct wire *w = (struct wire *)ether;
	uint32_t timeout = (uint32_t)*timeout_ms;
	int64_t now = clock_ns(NULL) / 1000000;

	w->fds = fds;
	w->count = 0;
	slirp_pollfds_fill(w->slirp, &timeout, add_poll, w);
	for (size_t i = 0; i < TIMERS_MAX; i++)
		if (w->timers[i].used && w->timers[i].at_ms - now < timeout)
			timeout = w->timers[i].at_ms > now ?
			    (uint32_t)(w->timers[i].at_ms - now) :
			    0;
	*timeout_ms = w->to_box.first || w->to_slirp.first ? 0 : (int)timeout;
	return w->count;
}

static void
run_timers(struct wire *w)
{
	int64_t now = clock_ns(NULL) / 1000000;

	for (size_t i = 0; i < TIMERS_MAX; i++) {
		struct timer *t = &w->timers[i];

		if (!t->used || t->at_ms > now)
			continue;
		t->at_ms = INT64_MAX;
		t->call(t->context);
	}
}

static void
wire_poll_done(struct ether *ether, struct pollfd *fds, size_t count)
{
	struct wire *w = (struct wire *)ether;
	struct frame *f;

	w->fds = fds;
	w->count = count;
	while ((f = queue_take(&w->to_slirp))) {
		slirp_input(w->slirp, f->data, (int)f->len);
		free(f);
	}
	slirp_pollfds_poll(w->slirp, 0, get_events, w);
	run_timers(w);
	while ((f = queue_take(&w->to_box))) {
		ether->receive(
		    ether->context, (struct bytes){ f->data, f->len });
		free(f);
	}
}

static void
wire_close(struct ether *ether)
{
	struct wire *w = (struct wire *)ether;
	struct frame *f;

	slirp_cleanup(w->slirp);
	while ((f = queue_take(&w->to_box)))
		free(f);
	while ((f = queue_take(&w->to_slirp)))
		free(f);
	free(w);
}

enum fail
ether_open_slirp(const struct ether_forward *forwards, size_t count,
    ether_frame *receive, void *context, struct ether **ether)
{
	struct wire *w = calloc(1, sizeof(*w));
	SlirpConfig config = { .version = 1, .in_enabled = true };
	struct in_addr box;

	if (!w)
		return FAIL_MEMORY;
	w->ether = (struct ether){ wire_close, wire_send, wire_poll_fill,
		wire_poll_done, receive, context };
	w->to_box.end = &w->to_box.first;
	w->to_slirp.end = &w->to_slirp.first;
	inet_pton(AF_INET, "10.0.2.0", &config.vnetwork);
	inet_pton(AF_INET, "255.255.255.0", &config.vnetmask);
	inet_pton(AF_INET, "10.0.2.2", &config.vhost);
	inet_pton(AF_INET, "10.0.2.3", &config.vnameserver);
	inet_pton(AF_INET, "10.0.2.16", &config.vdhcp_start);
	inet_pton(AF_INET, "10.0.2.15", &box);
	w->slirp = slirp_new(&config, &calls, w);
	if (!w->slirp) {
		free(w);
		return FAIL_IO;
	}
	for (size_t i = 0; i < count; i++) {
		struct in_addr host;

		if (inet_pton(AF_INET, forwards[i].address, &host) != 1 ||
		    slirp_add_hostfwd(w->slirp, 0, host, forwards[i].host_port,
			box, forwards[i].box_port)) {
			log_error("port %u of this PC is taken",
			    forwards[i].host_port);
			wire_close(&w->ether);
			return FAIL_EXISTS;
		}
	}
	*ether = &w->ether;
	return FAIL_NONE;
}

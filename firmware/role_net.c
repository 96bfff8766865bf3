/*
 * Net: the LAN side.  It has the wire, TLS, HTTP and the pages, reads the store
 * through a read-only map, and asks core for everything else.
 */
#include "firmware/role.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "autoconf.h"
#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "drivers/ether.h"
#include "firmware/egress.h"
#include "firmware/sandbox.h"
#include "firmware/web/web.h"
#include "net/client.h"
#include "net/link.h"
#include "storage/settings.h"

#define HTTPS_PORT 443
#define HTTP_PORT 80
#define SWEEP_MS 1000
#define MESSAGES_AT_ONCE 64

struct net {
	struct ether *ether;
	struct web web;
	struct http_server *plain;
	struct tls_server *tls;
	int64_t swept;
	uint8_t room[CHANNEL_PAYLOAD_MAX + 16];
};

static void
on_frame(void *context, struct bytes frame)
{
	(void)context;
	link_receive(frame);
}

static void
send_frame(void *context, struct bytes frame)
{
	struct net *n = context;

	ether_send(n->ether, frame);
}

static enum fail
open_wire(struct net *n, const struct role_settings *s)
{
	struct ether_forward forwards[ROLE_FORWARDS_MAX];
	struct link_settings link = { .address = "10.0.2.15",
		.netmask = "255.255.255.0",
		.gateway = "10.0.2.2",
		.names = "10.0.2.3",
		.mac = { 0x52, 0x54, 0x00, 0x41, 0x4E, 0x54 },
		.send = send_frame,
		.context = n };
	size_t count = 0;
	enum fail f;

	if (s->https_port)
		forwards[count++] = (struct ether_forward){ s->listen,
			s->https_port, HTTPS_PORT };
	if (s->http_port)
		forwards[count++] = (struct ether_forward){ s->listen,
			s->http_port, HTTP_PORT };
	f = s->tap ? ether_open_tap(s->tap, on_frame, n, &n->ether) :
		     ether_open_slirp(forwards, count, on_frame, n, &n->ether);
	return f ? f : link_open(&link);
}

/* The TLS certificate and key lie beside the store, as PEM. */
static enum fail
open_tls(struct net *n, const struct role_settings *s)
{
	char path[4096];
	struct buf chain, key;
	enum fail f;

	buf_init(&chain, 65536);
	buf_init(&key, 16384);
	snprintf(path, sizeof(path), "%s/tls-chain.pem", s->data);
	f = disk_read(path, &chain);
	snprintf(path, sizeof(path), "%s/tls.key", s->data);
	if (!f)
		f = disk_read(path, &key);
	/* Mbed TLS wants the terminating zero counted. */
	buf_u8(&chain, 0);
	buf_u8(&key, 0);
	if (!f)
		f = tls_server_new(buf_view(&chain), buf_view(&key), &n->tls);
	buf_wipe(&key);
	buf_free(&chain);
	return f;
}

static enum fail
open_http(struct net *n, const struct role_settings *s)
{
	struct http_settings h = { .tls = n->tls,
		.port = HTTPS_PORT,
		.public_port = s->https_port ? s->https_port : HTTPS_PORT,
		.connections = CONFIG_NET_CONNECTIONS_MAX,
		.body_limit = web_body_limit,
		.bodies_most = 2 * ((uint64_t)CONFIG_NET_REQUEST_MIB << 20),
		.login = "/dang-nhap",
		.handle = web_handle,
		.context = &n->web };
	enum fail f = http_open(&h, &n->web.server);

	if (f)
		return f;
	h.tls = NULL;
	h.body_limit = NULL;
	h.port = HTTP_PORT;
	return http_open(&h, &n->plain);
}

/* ---- going out ---- */

static void
answer_fetch(void *context, uint64_t id, enum fail f, int status, int fd)
{
	struct net *n = context;

	buf_u16(&n->web.out, (uint16_t)f);
	buf_u16(&n->web.out, (uint16_t)status);
	if (message_send(n->web.channel, MESSAGE_FETCHED, id, &n->web.out, fd))
		log_warning("what was fetched was not delivered");
	if (fd >= 0)
		close(fd);
}

/* Only to hosts that the administrator has named. */
static enum fail
find_way(struct net *n, const struct fetch_url *url, struct egress *where)
{
	struct bytes list = { NULL, 0 };
	struct txn *txn;
	enum fail f = txn_begin(n->web.store, false, NULL, &txn);

	if (f)
		return f;
	if (settings_get(txn, SETTING_EGRESS, &list))
		f = FAIL_RIGHTS;
	else
		f = egress_find(list, url, where);
	txn_abort(txn);
	return f;
}

static void
fetch(struct net *n, struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	struct client_question q = { .id = m->id,
		.most = cursor_u32(&c),
		.milliseconds = cursor_u32(&c),
		.done = answer_fetch,
		.context = n };
	struct bytes url = cursor_field(&c), type = cursor_field(&c);
	char text[FETCH_HOST_MAX + FETCH_PATH_MAX + 16], kind[64];
	struct egress where = { "", 0 };
	enum fail f;

	q.body = cursor_field(&c);
	snprintf(text, sizeof(text), "%.*s", (int)url.len,
	    url.len ? (const char *)url.data : "");
	snprintf(kind, sizeof(kind), "%.*s", (int)type.len,
	    type.len ? (const char *)type.data : "");
	q.type = type.len ? kind : NULL;
	q.file = message_take_fd(m, 0);
	f = cursor_done(&c) ? fetch_url_read(text, &q.url) : FAIL_PEER;
	if (!f)
		f = find_way(n, &q.url, &where);
	q.host = where.host;
	q.port = where.port;
	if (!f)
		f = client_ask(&q);
	else
		disk_close(&q.file);
	if (f)
		answer_fetch(n, m->id, f, 0, -1);
}

static bool
read_core(struct net *n)
{
	for (int i = 0; i < MESSAGES_AT_ONCE; i++) {
		struct message m;
		enum fail f = message_receive(
		    n->web.channel, n->room, ROLE_CORE, ROLE_NET, &m);

		if (f == FAIL_MISSING)
			return true;
		if (f)
			return false;
		if (m.kind == MESSAGE_FETCH)
			fetch(n, &m);
		else
			web_message(&n->web, &m);
		message_close_fds(&m);
	}
	return true;
}

static bool
loop_once(struct net *n)
{
	static struct pollfd fds[1 + ETHER_POLL_MAX];
	int timeout = link_tick();
	size_t count;
	int64_t now = when_monotonic_ms();

	fds[0] = (struct pollfd){ .fd = n->web.channel, .events = POLLIN };
	count = ether_poll_fill(n->ether, fds + 1, &timeout);
	if (poll(fds, 1 + count, timeout) < 0 && errno != EINTR)
		return false;
	ether_poll_done(n->ether, fds + 1, count);
	if (now - n->swept > SWEEP_MS) {
		http_sweep(n->web.server);
		http_sweep(n->plain);
		web_sweep(&n->web);
		client_sweep();
		n->swept = now;
	}
	return !fds[0].revents || read_core(n);
}

int
role_net(const struct role_settings *settings, int channel)
{
	struct net *n = calloc(1, sizeof(*n));
	enum fail f;

	if (!n)
		return 1;
	n->web.channel = channel;
	buf_init(&n->web.out, CHANNEL_PAYLOAD_MAX);
	f = store_open(settings->data, (uint64_t)CONFIG_STORE_MAP_GIB << 30,
	    true, &n->web.store);
	if (!f)
		f = open_tls(n, settings);
	if (!f)
		f = open_wire(n, settings);
	if (!f)
		f = open_http(n, settings);
	if (!f)
		f = sandbox_enter(ROLE_NET);
	if (f) {
		log_error("the LAN side does not start: %s", fail_text(f));
		return 1;
	}
	if (settings->https_port && !settings->tap)
		log_notice(
		    "https://%s:%u", settings->listen, settings->https_port);
	while (loop_once(n))
		;
	store_close(n->web.store);
	return 0;
}

#include "net/stream.h"

#include <stdlib.h>

#include <lwip/dns.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>

#define BACKLOG 64
#define WRITE_MAX 16384u /* bytes given to lwIP in one call */
#define POLL_HALF_SECONDS 4
#define CLOSE_HALF_SECONDS 20 /* for what is left to send */

/* What lwIP handed over in one call.  Not joined by pbuf_cat: a window larger
 * than 64 KB would overflow the 16 bits of a chain's total. */
struct piece {
	struct piece *next;
	struct pbuf *data;
};

struct stream {
	struct tcp_pcb *pcb;     /* NULL: broken or closed by lwIP */
	struct lookup *lookup;   /* its name is being asked for, or NULL */
	u16_t port;              /* to connect to then */
	struct piece *in, **end; /* received, not yet read */
	u16_t at;                /* read of the first piece */
	bool finished;           /* the other side sends no more */
	stream_event *event;
	void *context;
};

struct listener {
	stream_accept *accept;
	void *context;
};

/* A question to the name server cannot be taken back: its answer finds out here
 * whether the stream is still there. */
struct lookup {
	struct stream *stream;
};

static void
tell(struct stream *s)
{
	if (s->event)
		s->event(s->context);
}

static err_t
on_receive(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
	struct stream *s = arg;

	(void)pcb;
	if (error != ERR_OK) {
		if (p)
			pbuf_free(p);
		return error;
	}
	if (!p) {
		s->finished = true;
	} else {
		struct piece *piece = malloc(sizeof(*piece));

		/* lwIP keeps it and comes again. */
		if (!piece)
			return ERR_MEM;
		*piece = (struct piece){ NULL, p };
		*s->end = piece;
		s->end = &piece->next;
	}
	tell(s);
	return ERR_OK;
}

static err_t
on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	(void)pcb;
	(void)len;
	tell(arg);
	return ERR_OK;
}

static err_t
on_poll(void *arg, struct tcp_pcb *pcb)
{
	(void)pcb;
	tell(arg);
	return ERR_OK;
}

/* lwIP has already freed the connection. */
static void
on_error(void *arg, err_t error)
{
	struct stream *s = arg;

	(void)error;
	s->pcb = NULL;
	tell(s);
}

static void
watch(struct stream *s)
{
	tcp_nagle_disable(s->pcb);
	tcp_arg(s->pcb, s);
	tcp_recv(s->pcb, on_receive);
	tcp_sent(s->pcb, on_sent);
	tcp_err(s->pcb, on_error);
	tcp_poll(s->pcb, on_poll, POLL_HALF_SECONDS);
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t error)
{
	struct listener *l = arg;
	struct stream *s;

	if (error != ERR_OK || !pcb)
		return ERR_VAL;
	s = calloc(1, sizeof(*s));
	if (!s)
		return ERR_MEM;
	s->pcb = pcb;
	s->end = &s->in;
	if (!l->accept(l->context, s)) {
		free(s);
		tcp_abort(pcb);
		return ERR_ABRT;
	}
	watch(s);
	return ERR_OK;
}

/* ---- going out ---- */

static err_t
on_connected(void *arg, struct tcp_pcb *pcb, err_t error)
{
	(void)pcb;
	(void)error;
	tell(arg);
	return ERR_OK;
}

static void
give_pcb_up(struct stream *s)
{
	tcp_arg(s->pcb, NULL);
	tcp_err(s->pcb, NULL);
	tcp_abort(s->pcb);
	s->pcb = NULL;
}

static void
connect_to(struct stream *s, const ip_addr_t *address)
{
	if (tcp_connect(s->pcb, address, s->port, on_connected) != ERR_OK)
		give_pcb_up(s);
}

static void
on_found(const char *name, const ip_addr_t *address, void *arg)
{
	struct lookup *l = arg;
	struct stream *s = l->stream;

	(void)name;
	free(l);
	if (!s)
		return;
	s->lookup = NULL;
	if (s->pcb && address)
		connect_to(s, address);
	else if (s->pcb)
		give_pcb_up(s);
	tell(s);
}

static enum fail
find_host(struct stream *s, const char *host)
{
	ip_addr_t address;
	err_t rc;

	s->lookup = malloc(sizeof(*s->lookup));
	if (!s->lookup)
		return FAIL_MEMORY;
	s->lookup->stream = s;
	rc = dns_gethostbyname(host, &address, on_found, s->lookup);
	if (rc == ERR_INPROGRESS)
		return FAIL_NONE;
	free(s->lookup);
	s->lookup = NULL;
	if (rc != ERR_OK)
		return FAIL_PEER;
	connect_to(s, &address);
	return s->pcb ? FAIL_NONE : FAIL_PEER;
}

enum fail
stream_connect(const char *host, uint16_t port, stream_event *event,
    void *context, struct stream **stream)
{
	struct stream *s = calloc(1, sizeof(*s));
	enum fail f;

	if (!s)
		return FAIL_MEMORY;
	s->end = &s->in;
	s->port = port;
	s->pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
	if (!s->pcb) {
		free(s);
		return FAIL_MEMORY;
	}
	watch(s);
	stream_own(s, event, context);
	f = find_host(s, host);
	if (f) {
		if (s->pcb)
			give_pcb_up(s);
		free(s);
		return f;
	}
	*stream = s;
	return FAIL_NONE;
}

enum fail
stream_listen(uint16_t port, stream_accept *accept, void *context)
{
	struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY), *listening;
	struct listener *l = calloc(1, sizeof(*l));

	if (!pcb || !l)
		goto fail;
	*l = (struct listener){ accept, context };
	if (tcp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK)
		goto fail;
	listening = tcp_listen_with_backlog(pcb, BACKLOG);
	if (!listening)
		goto fail;
	tcp_arg(listening, l);
	tcp_accept(listening, on_accept);
	return FAIL_NONE;
fail:
	free(l);
	if (pcb)
		tcp_abort(pcb);
	return FAIL_MEMORY;
}

void
stream_own(struct stream *s, stream_event *event, void *context)
{
	s->event = event;
	s->context = context;
}

static void
drop_piece(struct stream *s)
{
	struct piece *first = s->in;

	s->in = first->next;
	if (!s->in)
		s->end = &s->in;
	s->at = 0;
	pbuf_free(first->data);
	free(first);
}

size_t
stream_read(struct stream *s, uint8_t *out, size_t room, bool *ended)
{
	size_t got = 0;

	while (s->in && got < room) {
		struct pbuf *data = s->in->data;
		size_t most = room - got;
		u16_t take = pbuf_copy_partial(data, out + got,
		    most > UINT16_MAX ? UINT16_MAX : (u16_t)most, s->at);

		got += take;
		s->at = (u16_t)(s->at + take);
		if (s->at == data->tot_len)
			drop_piece(s);
	}
	for (size_t left = got; s->pcb && left;) {
		u16_t step = left > UINT16_MAX ? UINT16_MAX : (u16_t)left;

		tcp_recved(s->pcb, step);
		left -= step;
	}
	*ended = !s->in && (s->finished || !s->pcb);
	return got;
}

size_t
stream_write(struct stream *s, struct bytes data)
{
	size_t sent = 0;

	while (s->pcb && sent < data.len) {
		size_t room = tcp_sndbuf(s->pcb), step = data.len - sent;

		if (step > room)
			step = room;
		if (step > WRITE_MAX)
			step = WRITE_MAX;
		if (!step ||
		    tcp_write(s->pcb, data.data + sent, (u16_t)step,
			TCP_WRITE_FLAG_COPY) != ERR_OK)
			break;
		sent += step;
	}
	return sent;
}

void
stream_flush(struct stream *s)
{
	if (!s->pcb)
		return;
	/* Without the acknowledgement at once, a handshake waits for the other
	 * side's delayed-acknowledgement timer: 127 ms instead of 4. */
	tcp_ack_now(s->pcb);
	(void)tcp_output(s->pcb);
}

bool
stream_sent(const struct stream *s)
{
	return !s->pcb || (!s->pcb->unsent && !s->pcb->unacked);
}

bool
stream_broken(const struct stream *s)
{
	return !s->pcb;
}

void
stream_peer(const struct stream *s, char out[STREAM_PEER_MAX])
{
	out[0] = '\0';
	if (s->pcb)
		(void)ipaddr_ntoa_r(&s->pcb->remote_ip, out, STREAM_PEER_MAX);
}

bool
stream_drain(struct stream *s)
{
	while (s->in) {
		if (s->pcb)
			tcp_recved(s->pcb, s->in->data->tot_len);
		drop_piece(s);
	}
	return s->finished || !s->pcb;
}

void
stream_finish(struct stream *s)
{
	if (s->pcb && tcp_shutdown(s->pcb, 0, 1) == ERR_OK)
		(void)tcp_output(s->pcb);
}

/* What is left to send of a closed stream is not taken: the other side keeps
 * its window shut, and would hold the memory for ever. */
static err_t
give_up(void *arg, struct tcp_pcb *pcb)
{
	(void)arg;
	tcp_abort(pcb);
	return ERR_ABRT;
}

/* No call-back of ours is called any more. */
static void
let_go(struct tcp_pcb *pcb)
{
	tcp_arg(pcb, NULL);
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
	tcp_poll(pcb, give_up, CLOSE_HALF_SECONDS);
}

void
stream_close(struct stream *s)
{
	if (!s)
		return;
	while (s->in)
		drop_piece(s);
	if (s->lookup)
		s->lookup->stream = NULL;
	if (s->pcb) {
		let_go(s->pcb);
		/* A failure is lwIP out of memory: its poll aborts it later,
		 * for here we may be inside its own call-back. */
		(void)tcp_close(s->pcb);
	}
	free(s);
}

#include "net/http.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"

#define READ_STEP 16384u
#define SEND_STEP 65536u
#define REPLY_BODY_MAX (8u << 20)
#define IDLE_MS 30000  /* between requests and within one */
#define BODY_MS 600000 /* while a large body comes in */
#define ENDING_MS 5000 /* for the other side to take the last bytes */

enum conn_state {
	CONN_HANDSHAKE,
	CONN_REQUEST, /* reading */
	CONN_WAITING, /* the handler has it */
	CONN_REPLY,   /* sending */
	CONN_ENDING,  /* last bytes on their way */
};

struct conn {
	struct http_server *server;
	struct stream *stream;
	struct tls *tls; /* NULL on a plain port */
	enum conn_state state;
	http_id id; /* of the request being handled */
	int64_t deadline;
	bool busy; /* inside its own event: do not enter again */
	bool dead; /* to be freed when the event returns */

	struct request request;
	struct http_reply reply;
	struct buf out; /* bytes ready to be sent */
	size_t out_at;
	uint64_t source_at;
	bool keep_alive, head_only;
	bool large; /* its long body was given more time */
	struct conn *next;
};

struct http_server {
	struct http_settings settings;
	struct conn *conns;
	size_t count;
	struct request_budget bodies;
	http_id last_id;
};

/* ---- replies ---- */

void
http_reply_init(struct http_reply *r, int status)
{
	*r = (struct http_reply){ .status = status };
	buf_init(&r->headers, HTTP_HEAD_MAX);
	buf_init(&r->body, REPLY_BODY_MAX);
}

void
http_reply_free(struct http_reply *r)
{
	if (r->source_free)
		r->source_free(r->context);
	buf_free(&r->headers);
	buf_free(&r->body);
	*r = (struct http_reply){ .status = 0 };
}

static const char *
reason(int status)
{
	static const struct {
		int status;
		const char *text;
	} reasons[] = { { 200, "OK" }, { 206, "Partial Content" },
		{ 303, "See Other" }, { 304, "Not Modified" },
		{ 308, "Permanent Redirect" }, { 400, "Bad Request" },
		{ 401, "Unauthorized" }, { 403, "Forbidden" },
		{ 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 409, "Conflict" }, { 413, "Content Too Large" },
		{ 414, "URI Too Long" }, { 416, "Range Not Satisfiable" },
		{ 422, "Unprocessable Content" }, { 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" }, { 503, "Unavailable" } };

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return "Status";
}

/* The same strict headers on everything: no script but our own file, no
 * frame, no outside request, nothing guessed from content. */
static const char strict_headers[] =
    "Strict-Transport-Security: max-age=31536000\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-src 'self'; "
    "frame-ancestors 'self'; base-uri 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

static void
put_head(struct conn *c)
{
	struct http_reply *r = &c->reply;
	uint64_t length = r->source ? r->length : r->body.len;

	buf_printf(&c->out, "HTTP/1.1 %d %s\r\n", r->status, reason(r->status));
	if (r->type)
		buf_printf(&c->out, "Content-Type: %s\r\n", r->type);
	if (r->status != 304)
		buf_printf(&c->out, "Content-Length: %" PRIu64 "\r\n", length);
	buf_text(&c->out, strict_headers);
	buf_bytes(&c->out, buf_view(&r->headers));
	buf_printf(&c->out, "Connection: %s\r\n\r\n",
	    c->keep_alive ? "keep-alive" : "close");
}

/* ---- connections ---- */

static void
conn_free(struct conn *c)
{
	struct conn **at = &c->server->conns;

	while (*at && *at != c)
		at = &(*at)->next;
	if (*at)
		*at = c->next;
	c->server->count--;
	request_free(&c->request);
	http_reply_free(&c->reply);
	buf_free(&c->out);
	tls_free(c->tls);
	stream_close(c->stream);
	free(c);
}

/* ---- reading a request ---- */

static enum tls_result
conn_read(struct conn *c, uint8_t *out, size_t *len)
{
	bool ended;

	if (c->tls)
		return tls_read(c->tls, out, len);
	*len = stream_read(c->stream, out, *len, &ended);
	return *len ? TLS_DONE : ended ? TLS_CLOSED : TLS_WANT;
}

/* What a person reads who meets one of these. */
static const char *
sentence(int status)
{
	switch (status) {
	case 413:
		return "Tệp lớn hơn mức cho phép. Tách tệp hoặc giảm dung "
		       "lượng rồi gửi lại.";
	case 503:
		return "Thiết bị đang bận. Chờ một phút rồi gửi lại.";
	case 500:
		return "Thiết bị gặp lỗi khi trả lời. Tải lại trang; nếu vẫn "
		       "lỗi, báo quản trị.";
	default:
		return "Thiết bị không hiểu được yêu cầu này. Tải lại trang "
		       "rồi thử lại; nếu vẫn lỗi, báo quản trị.";
	}
}

static void
answer_status(struct conn *c, int status)
{
	http_reply_free(&c->reply);
	http_reply_init(&c->reply, status);
	c->reply.type = "text/plain; charset=utf-8";
	if (status == 303)
		buf_printf(&c->reply.headers, "Location: %s\r\n",
		    c->server->settings.login);
	buf_printf(&c->reply.body, "%d %s\n%s\n", status, reason(status),
	    sentence(status));
	c->keep_alive = false;
	c->state = CONN_REPLY;
	put_head(c);
}

/* A plain port only says where the real one is. */
static void
answer_redirect(struct conn *c, const struct http_request *request)
{
	struct bytes host = request->host, path = request->path;
	struct bytes query = request->query;
	const uint8_t *colon =
	    host.len ? memrchr(host.data, ':', host.len) : NULL;

	if (colon)
		host.len = (size_t)(colon - host.data);
	for (size_t i = 0; i < host.len; i++)
		if (host.data[i] <= ' ' || host.data[i] == '/')
			host.len = 0;
	if (!host.len || !path.len || path.data[0] != '/') {
		answer_status(c, 400);
		return;
	}
	http_reply_init(&c->reply, 308);
	buf_printf(&c->reply.headers, "Location: https://%.*s:%u%.*s%s%.*s\r\n",
	    (int)host.len, (const char *)host.data,
	    c->server->settings.public_port, (int)path.len,
	    (const char *)path.data, query.len ? "?" : "", (int)query.len,
	    query.len ? (const char *)query.data : "");
	c->keep_alive = false;
	c->state = CONN_REPLY;
	put_head(c);
}

static void
dispatch(struct conn *c, bool more)
{
	struct http_request request;
	enum fail f = request_get(&c->request, &request);

	c->keep_alive = !more && request_keeps_alive(&c->request);
	c->head_only = request.method == METHOD_HEAD;
	if (f) {
		answer_status(c, 500);
		return;
	}
	if (!c->tls) {
		answer_redirect(c, &request);
		return;
	}
	stream_peer(c->stream, request.peer);
	c->state = CONN_WAITING;
	c->id = ++c->server->last_id;
	c->server->settings.handle(
	    c->server->settings.context, c->id, &request);
}

static void
read_request(struct conn *c, uint8_t data[static READ_STEP])
{

	while (c->state == CONN_REQUEST && !c->dead) {
		size_t len = READ_STEP, used;
		enum tls_result result = conn_read(c, data, &len);

		if (result == TLS_WANT)
			return;
		if (result != TLS_DONE) {
			c->dead = true;
			return;
		}
		switch (request_feed(
		    &c->request, (struct bytes){ data, len }, &used)) {
		case REQUEST_DONE:
			/* Bytes behind the request would be pipelining, which
			 * no browser does: do not guess, end after it. */
			dispatch(c, used != len);
			break;
		case REQUEST_REFUSED:
			answer_status(c, c->request.refused);
			break;
		case REQUEST_MORE:
			if (request_is_large(&c->request) && !c->large) {
				c->large = true;
				c->deadline = when_monotonic_ms() + BODY_MS;
			}
			break;
		}
	}
}

static void
step_request(struct conn *c)
{
	uint8_t data[READ_STEP];

	read_request(c, data);
	explicit_bzero(data, sizeof(data));
}

/* ---- sending ---- */

static enum tls_result
conn_write(struct conn *c, struct bytes data, size_t *taken)
{
	if (c->tls)
		return tls_write(c->tls, data, taken);
	*taken = stream_write(c->stream, data);
	if (stream_broken(c->stream))
		return TLS_CLOSED;
	return *taken < data.len ? TLS_WANT : TLS_DONE;
}

/* Get the next bytes of the reply ready; false when there are none. */
static bool
refill(struct conn *c)
{
	struct http_reply *r = &c->reply;
	size_t step = SEND_STEP;

	buf_clear(&c->out);
	c->out_at = 0;
	if (c->head_only || !r->source) {
		if (c->head_only || !r->body.len)
			return false;
		buf_bytes(&c->out, buf_view(&r->body));
		buf_clear(&r->body);
		return true;
	}
	if (c->source_at == r->length)
		return false;
	if (step > r->length - c->source_at)
		step = (size_t)(r->length - c->source_at);
	if (r->source(r->context, r->offset + c->source_at, step, &c->out) ||
	    !c->out.len || buf_fail(&c->out)) {
		/* Too late for a status: a cut body tells the client. */
		c->dead = true;
		return false;
	}
	c->source_at += c->out.len;
	return true;
}

static void
reply_done(struct conn *c)
{
	stream_flush(c->stream);
	http_reply_free(&c->reply);
	request_clear(&c->request);
	c->large = false;
	if (!c->keep_alive) {
		if (c->tls)
			tls_goodbye(c->tls);
		stream_flush(c->stream);
		/* What still comes is read and thrown away: closing in front
		 * of it would make lwIP reset the connection, and the client
		 * lose the answer. */
		stream_finish(c->stream);
		c->state = CONN_ENDING;
		c->deadline = when_monotonic_ms() + ENDING_MS;
		return;
	}
	c->source_at = 0;
	c->state = CONN_REQUEST;
	c->deadline = when_monotonic_ms() + IDLE_MS;
}

static void
step_reply(struct conn *c)
{
	while (c->state == CONN_REPLY && !c->dead) {
		struct bytes rest =
		    bytes_part(buf_view(&c->out), c->out_at, SIZE_MAX);
		size_t taken = 0;
		enum tls_result result;

		if (!rest.len) {
			if (!refill(c) && !c->dead)
				reply_done(c);
			continue;
		}
		result = conn_write(c, rest, &taken);
		c->out_at += taken;
		if (taken)
			c->deadline = when_monotonic_ms() + IDLE_MS;
		if (result == TLS_WANT) {
			stream_flush(c->stream);
			return;
		}
		if (result != TLS_DONE)
			c->dead = true;
	}
}

/* ---- events ---- */

static void
step_handshake(struct conn *c)
{
	enum tls_result result = tls_handshake(c->tls);

	if (result == TLS_DONE)
		c->state = CONN_REQUEST;
	else if (result != TLS_WANT)
		c->dead = true;
}

static void
conn_run(struct conn *c)
{
	enum conn_state before;

	c->busy = true;
	do {
		before = c->state;
		if (c->state == CONN_HANDSHAKE)
			step_handshake(c);
		if (c->state == CONN_REQUEST)
			step_request(c);
		if (c->state == CONN_REPLY)
			step_reply(c);
		if (c->state == CONN_ENDING && stream_drain(c->stream) &&
		    stream_sent(c->stream))
			c->dead = true;
		if (stream_broken(c->stream) && c->state != CONN_WAITING)
			c->dead = true;
	} while (!c->dead && c->state != before);
	c->busy = false;
	if (c->dead)
		conn_free(c);
}

static void
on_event(void *context)
{
	struct conn *c = context;

	if (!c->busy)
		conn_run(c);
}

/* All places are taken: the connection that has been silent longest makes room,
 * so that silence keeps nobody out.  One that is working is never ended. */
static bool
make_room(struct http_server *s)
{
	struct conn *silent = NULL;

	for (struct conn *c = s->conns; c; c = c->next) {
		bool idle = c->state == CONN_HANDSHAKE ||
		    c->state == CONN_ENDING ||
		    (c->state == CONN_REQUEST && request_is_empty(&c->request));

		if (idle && !c->busy &&
		    (!silent || c->deadline < silent->deadline))
			silent = c;
	}
	if (silent)
		conn_free(silent);
	return silent != NULL;
}

static bool
on_accept(void *context, struct stream *stream)
{
	struct http_server *s = context;
	struct conn *c;

	if (s->count >= s->settings.connections && !make_room(s))
		return false;
	c = calloc(1, sizeof(*c));
	if (!c)
		return false;
	if (s->settings.tls && tls_new(s->settings.tls, stream, &c->tls)) {
		free(c);
		return false;
	}
	c->server = s;
	c->stream = stream;
	c->state = c->tls ? CONN_HANDSHAKE : CONN_REQUEST;
	c->deadline = when_monotonic_ms() + IDLE_MS;
	request_init(&c->request, s->settings.body_limit, s->settings.context,
	    &s->bodies);
	buf_init(&c->out, HTTP_HEAD_MAX + REPLY_BODY_MAX);
	c->next = s->conns;
	s->conns = c;
	s->count++;
	stream_own(stream, on_event, c);
	return true;
}

enum fail
http_open(const struct http_settings *settings, struct http_server **server)
{
	struct http_server *s = calloc(1, sizeof(*s));
	enum fail f;

	if (!s)
		return FAIL_MEMORY;
	s->settings = *settings;
	s->bodies.most = settings->bodies_most;
	f = stream_listen(settings->port, on_accept, s);
	if (f)
		free(s);
	else
		*server = s;
	return f;
}

void
http_answer(struct http_server *s, http_id id, struct http_reply *reply)
{
	struct conn *c = s->conns;

	while (c && (c->state != CONN_WAITING || c->id != id))
		c = c->next;
	if (!c) {
		http_reply_free(reply);
		return;
	}
	http_reply_free(&c->reply);
	c->reply = *reply;
	*reply = (struct http_reply){ .status = 0 };
	c->source_at = 0;
	c->out_at = 0;
	buf_clear(&c->out);
	c->deadline = when_monotonic_ms() + IDLE_MS;
	/* A page that outgrew its ceiling must not pass for a whole one. */
	if (buf_fail(&c->reply.body) || buf_fail(&c->reply.headers)) {
		answer_status(c, 500);
	} else {
		c->state = CONN_REPLY;
		put_head(c);
	}
	if (!c->busy)
		conn_run(c);
}

void
http_sweep(struct http_server *s)
{
	int64_t now = when_monotonic_ms();
	struct conn *next;

	for (struct conn *c = s->conns; c; c = next) {
		next = c->next;
		if (c->busy || c->state == CONN_WAITING)
			continue;
		if (now > c->deadline || stream_broken(c->stream))
			conn_free(c);
	}
}

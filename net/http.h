/*
 * An HTTP/1.1 server (RFC 9110, RFC 9112) over TLS or, for the redirect only,
 * plain streams.
 *
 * A request is given to the handler whole: headers parsed, body in memory or,
 * when large, in an unnamed file.  The handler answers at once or later; until
 * then the connection waits.  Answers carry bytes or a source that is read in
 * steps while the client takes them.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "net/request.h"
#include "net/tls.h"

/* Gives len bytes (or fewer, at least one) from offset. */
typedef enum fail
http_source(void *context, uint64_t offset, size_t len, struct buf *out);

struct http_reply {
	int status;
	const char *type;   /* Content-Type, or NULL */
	struct buf headers; /* more header lines, each ended by CRLF */
	struct buf body;    /* unless there is a source */
	http_source *source;
	void (*source_free)(void *context); /* called once, may be NULL */
	void *context;
	uint64_t offset, length; /* part of the source to send */
};

struct http_server;

/* Names one request until it is answered; never used twice. */
typedef uint64_t http_id;

/* Called for each request; must lead to one http_answer, now or later. */
typedef void
http_handler(void *context, http_id id, const struct http_request *request);

struct http_settings {
	struct tls_server *tls; /* NULL: plain, and every request is
				   redirected to https */
	uint16_t port;
	uint16_t public_port; /* port that clients see for https */
	size_t connections;   /* at once */
	http_body_limit *body_limit;
	uint64_t bodies_most; /* bytes of large bodies at once, all together */
	const char *login;    /* where a 303 of body_limit leads */
	http_handler *handle;
	void *context;
};

CHECKED enum fail
http_open(const struct http_settings *settings, struct http_server **server);

/* Hand over the answer; reply's buffers and source are taken.  An id whose
 * client is gone is answered into nothing. */
void
http_answer(struct http_server *server, http_id id, struct http_reply *reply);

/* Once a second or so: end what waits too long. */
void http_sweep(struct http_server *server);

void http_reply_init(struct http_reply *reply, int status);
void http_reply_free(struct http_reply *reply);

#endif

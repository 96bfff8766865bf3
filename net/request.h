/*
 * One HTTP/1.1 request as its bytes come in (RFC 9112): head in memory within
 * a ceiling, body in memory or, when large, in an unnamed file.
 *
 * What is refused here: a head over its limits, a header doubled that a handler
 * looks at, no Host, a body larger than its sender may send or than there is
 * room for now (503), trailers.  Bytes behind the request are left alone.
 */
#ifndef NET_REQUEST_H
#define NET_REQUEST_H

#include <llhttp.h>

#include "base/buf.h"
#include "base/disk.h"

#define HTTP_HEAD_MAX 16384u         /* bytes of request line and headers */
#define HTTP_TARGET_MAX 2048u        /* bytes of the request target */
#define HTTP_HEADERS_MAX 64u         /* header lines */
#define HTTP_MEMORY_BODY (64u << 10) /* larger bodies go to a file */
#define HTTP_PEER_MAX 48u            /* an address as text */

enum http_method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_OTHER };

/* A whole request; its views die with request_clear. */
struct http_request {
	enum http_method method;
	struct bytes path;  /* as sent, up to '?' */
	struct bytes query; /* behind '?' */
	struct bytes host, cookie, content_type, if_none_match, range, if_range;
	struct bytes origin;
	struct bytes body;
	int body_fd; /* the body's file, or -1 when it is in memory only */
	char peer[HTTP_PEER_MAX];
};

/* Bytes of body the sender of this Cookie header may send to this path, asked
 * before the body is read; *refusal is the status for a longer one, 413 unless
 * set. */
typedef uint64_t http_body_limit(
    void *context, struct bytes path, struct bytes cookie, int *refusal);

/* Bytes of bodies in files, of all requests together. */
struct request_budget {
	uint64_t held, most;
};

/* A span of the head; positions, for the buffer may move. */
struct request_span {
	size_t at, len;
};

#define REQUEST_KNOWN 7u /* headers that handlers look at */

/* Plain memory of the caller's; must not move once it is in use. */
struct request {
	http_body_limit *limit; /* NULL: HTTP_MEMORY_BODY */
	void *context;
	struct request_budget *budget; /* NULL: none */
	uint64_t taken;                /* of it */
	int refusal;
	llhttp_t parser;
	struct buf head; /* target and headers as they came */
	struct request_span target, name, value;
	struct request_span known[REQUEST_KNOWN];
	bool seen[REQUEST_KNOWN];
	size_t header_count;
	bool value_last, head_done, complete;
	int refused; /* HTTP status, or 0 */
	struct buf body;
	int body_fd;
	uint64_t body_len, body_most;
	struct disk_map body_map;
};

void request_init(struct request *r, http_body_limit *limit, void *context,
    struct request_budget *budget);

/* Wipe what came (it may have held a PIN) and be ready for the next one. */
void request_clear(struct request *r);
void request_free(struct request *r);

enum request_result { REQUEST_MORE, REQUEST_DONE, REQUEST_REFUSED };

/* Take bytes in.  DONE: *used of them were this request's; nothing may be fed
 * before request_clear.  REFUSED: r->refused is the status that says why. */
enum request_result
request_feed(struct request *r, struct bytes in, size_t *used);

/* Nothing of it has come yet. */
bool request_is_empty(const struct request *r);

/* The head has come and its body is longer than memory holds: it will take a
 * while. */
bool request_is_large(const struct request *r);

/* Of a request that is done; peer is left to the caller. */
CHECKED enum fail request_get(struct request *r, struct http_request *out);
bool request_keeps_alive(const struct request *r);

#endif

/*
 * Asking a plain HTTP/1.1 server for something (RFC 9110, RFC 9112): what time
 * authorities, OCSP responders and revocation lists are reached by.  Bytes
 * only: who has the connection sends the request and feeds the answer.
 */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include <llhttp.h>

#include "base/buf.h"

#define FETCH_HOST_MAX 254u
#define FETCH_PATH_MAX 1024u
#define FETCH_HEAD_MAX 16384u /* bytes of status line and headers */

struct fetch_url {
	char host[FETCH_HOST_MAX];
	uint16_t port; /* 80 unless it says */
	char path[FETCH_PATH_MAX];
};

/* "http://host[:port][/path]".  FAIL_USAGE: anything else, https included: what
 * is fetched this way is signed by itself. */
CHECKED enum fail fetch_url_read(const char *text, struct fetch_url *url);

/* A whole request: POST of body with its Content-Type, or GET when type is
 * NULL.  The connection ends behind the answer. */
CHECKED enum fail fetch_request(const struct fetch_url *url, const char *type,
    struct bytes body, struct buf *out);

/* The answer as it comes.  Plain memory of the caller's; must not move. */
struct fetch_answer {
	llhttp_t parser;
	size_t head; /* bytes of it so far */
	struct buf name, type, value;
	struct buf body;
	int sink; /* a file the body goes into instead, or -1; borrowed */
	uint64_t body_len, body_most;
	bool value_last, complete, broken;
};

/* body_most: a longer body breaks the answer. */
void fetch_answer_init(struct fetch_answer *answer, size_t body_most);

/* The same with the body written to a file as it comes. */
void
fetch_answer_init_file(struct fetch_answer *answer, size_t body_most, int file);
void fetch_answer_free(struct fetch_answer *answer);

enum fetch_result { FETCH_MORE, FETCH_DONE, FETCH_BROKEN };
enum fetch_result
fetch_answer_feed(struct fetch_answer *answer, struct bytes in);

/* The other side has closed: a body without a length ends there. */
enum fetch_result fetch_answer_end(struct fetch_answer *answer);

/* Of an answer that is done: status, Content-Type (without its parameters),
 * body. */
int fetch_answer_status(const struct fetch_answer *answer);
struct bytes fetch_answer_type(const struct fetch_answer *answer);

#endif

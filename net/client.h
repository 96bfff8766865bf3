/*
 * Asking servers over the box's own wire: one HTTP/1.1 exchange each, several
 * at once, each with its time.  What is asked for is signed by itself
 * (time-stamps, responders' answers, revocation lists), so the way there need
 * not be.
 */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include "net/fetch.h"

#define CLIENT_QUESTIONS_MAX 8u /* at once */

/* How it ended: FAIL_NONE and the HTTP status, with the body in a file from its
 * start (fd, which the callee then owns); else fd is -1: FAIL_PEER: no
 * connection; FAIL_TIMEOUT; FAIL_FORMAT: no HTTP, or a body too long. */
typedef void
client_done(void *context, uint64_t id, enum fail f, int status, int fd);

struct client_question {
	uint64_t id;
	struct fetch_url url;
	const char *host; /* where to go in place of url's host, or NULL */
	uint16_t port;
	const char *type; /* of body; NULL: GET */
	struct bytes body;
	size_t most; /* bytes of the answer's body */
	int file;    /* for it, from then on ours; -1: in memory */
	int64_t milliseconds;
	client_done *done;
	void *context;
};

/* Ask.  What is borrowed is copied; the file is taken also on failure.
 * FAIL_LIMIT: too many at once. */
CHECKED enum fail client_ask(const struct client_question *question);

/* End what takes too long; call it now and then. */
void client_sweep(void);

#endif

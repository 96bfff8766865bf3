#include "host-tools/tsa.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/when.h"
#include "crypto/random.h"
#include "net/fetch.h"

#define EXCHANGE_MS 20000 /* from connecting to the end of the answer */
#define ADDRESS_MAX 1400u

/* ---- one exchange over the kernel's sockets ---- */

static bool
wait_for(int fd, short events, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left = until - when_monotonic_ms();

	return left > 0 && poll(&p, 1, (int)left) > 0;
}

static int
try_connect(const struct addrinfo *where, int64_t until)
{
	int fd = socket(where->ai_family,
	    where->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    where->ai_protocol);
	int error = 0;
	socklen_t len = sizeof(error);

	if (fd < 0)
		return -1;
	if (!connect(fd, where->ai_addr, where->ai_addrlen))
		return fd;
	if (errno == EINPROGRESS && wait_for(fd, POLLOUT, until) &&
	    !getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) && !error)
		return fd;
	close(fd);
	return -1;
}

static enum fail
connect_to(
    const struct fetch_url *url, int64_t until, int *fd, struct note *note)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *all;
	char port[8];
	int rc;

	snprintf(port, sizeof(port), "%u", url->port);
	rc = getaddrinfo(url->host, port, &hints, &all);
	if (rc)
		return note_set(
		    note, FAIL_PEER, "%s: %s", url->host, gai_strerror(rc));
	*fd = -1;
	for (struct addrinfo *a = all; a && *fd < 0; a = a->ai_next)
		*fd = try_connect(a, until);
	freeaddrinfo(all);
	return *fd < 0 ? note_set(note, FAIL_PEER, "%s port %u: no connection",
			     url->host, url->port) :
			 FAIL_NONE;
}

static enum fail
send_all(int fd, struct bytes data, int64_t until)
{
	while (data.len) {
		ssize_t n = send(fd, data.data, data.len, MSG_NOSIGNAL);

		if (n >= 0)
			data = bytes_part(data, (size_t)n, SIZE_MAX);
		else if (errno != EAGAIN && errno != EINTR)
			return FAIL_PEER;
		else if (!wait_for(fd, POLLOUT, until))
			return FAIL_TIMEOUT;
	}
	return FAIL_NONE;
}

static enum fail
receive_all(int fd, struct fetch_answer *answer, int64_t until)
{
	uint8_t step[4096];
	enum fetch_result r = FETCH_MORE;

	while (r == FETCH_MORE) {
		ssize_t n;

		if (!wait_for(fd, POLLIN, until))
			return FAIL_TIMEOUT;
		n = recv(fd, step, sizeof(step), 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n < 0)
			return FAIL_PEER;
		r = n ? fetch_answer_feed(
			    answer, (struct bytes){ step, (size_t)n }) :
			fetch_answer_end(answer);
	}
	return r == FETCH_DONE ? FAIL_NONE : FAIL_FORMAT;
}

static enum fail
exchange(const struct fetch_url *url, struct bytes query,
    struct fetch_answer *answer, struct note *note)
{
	int64_t until = when_monotonic_ms() + EXCHANGE_MS;
	struct buf request;
	int fd;
	enum fail f = connect_to(url, until, &fd, note);

	if (f)
		return f;
	buf_init(&request, 65536);
	f = fetch_request(url, "application/timestamp-query", query, &request);
	if (!f)
		f = send_all(fd, buf_view(&request), until);
	if (!f)
		f = receive_all(fd, answer, until);
	close(fd);
	buf_free(&request);
	if (f)
		return note_set(
		    note, f, "%s: the exchange broke off", url->host);
	if (fetch_answer_status(answer) != 200)
		return note_set(note, FAIL_PEER, "%s: HTTP status %d",
		    url->host, fetch_answer_status(answer));
	return FAIL_NONE;
}

/* ---- one authority ---- */

/* The token must be sound by itself: who is asked brings its certificate. */
static enum fail
check_token(struct bytes token, const struct timestamp_query *q, int64_t *time,
    struct note *note)
{
	struct timestamp *t = calloc(1, sizeof(*t));
	struct cert *certs = calloc(CMS_CERTS_MAX, sizeof(*certs));
	const struct cert *authority;
	size_t count = 0;
	enum fail f = t && certs ? timestamp_read(token, t, note) : FAIL_MEMORY;

	if (!f) {
		for (size_t i = 0; i < t->cms.cert_count; i++)
			count +=
			    !cert_read(t->cms.certs[i], &certs[count], NULL);
		f = timestamp_verify(
		    t, q->digest, certs, count, &authority, note);
		*time = t->time;
	}
	if (!f &&
	    (t->time < authority->not_before || t->time > authority->not_after))
		f = note_set(note, FAIL_EXPIRED,
		    "RFC 3161 4: the authority's certificate is not valid");
	free(certs);
	free(t);
	return f;
}

static enum fail
ask_once(const struct fetch_url *url, struct bytes value, struct arena *arena,
    struct bytes *token, struct note *note)
{
	struct timestamp_query q = { .hash = HASH_SHA256 };
	struct fetch_answer answer;
	struct bytes found = { NULL, 0 };
	struct buf query;
	int64_t time = 0;
	enum fail f;

	hash_bytes(q.hash, value, q.digest);
	random_bytes(q.nonce, sizeof(q.nonce));
	buf_init(&query, 1024);
	fetch_answer_init(&answer, TIMESTAMP_ANSWER_MAX);
	f = timestamp_query_write(&q, &query);
	if (!f)
		f = exchange(url, buf_view(&query), &answer, note);
	if (!f)
		f = timestamp_answer_read(
		    buf_view(&answer.body), &q, &found, note);
	if (!f)
		f = check_token(found, &q, &time, note);
	if (!f && llabs(time - when_now()) > TSA_CLOCK_MAX)
		f = note_set(note, FAIL_CLOCK,
		    "%s: its clock is %+lld s from ours", url->host,
		    (long long)(time - when_now()));
	if (!f) {
		*token = arena_copy(arena, found);
		f = token->data ? FAIL_NONE : FAIL_MEMORY;
	}
	fetch_answer_free(&answer);
	buf_free(&query);
	return f;
}

enum fail
tsa_ask(const char *addresses, struct bytes value, struct arena *arena,
    struct bytes *token, struct note *note)
{
	enum fail f = FAIL_USAGE;

	while (*addresses) {
		size_t len = strcspn(addresses, ",");
		char one[ADDRESS_MAX];
		struct fetch_url url;

		snprintf(one, sizeof(one), "%.*s", (int)len, addresses);
		f = fetch_url_read(one, &url);
		if (f)
			return note_set(note, f,
			    "--tsa wants http:// addresses: %.100s", one);
		f = FAIL_CLOCK;
		for (unsigned i = 0; i < TSA_TRIES && f == FAIL_CLOCK; i++)
			f = ask_once(&url, value, arena, token, note);
		if (!f)
			return FAIL_NONE;
		addresses += len + (addresses[len] == ',');
	}
	return f;
}

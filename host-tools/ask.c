#include "host-tools/ask.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/when.h"
#include "net/fetch.h"

#define ADDRESS_MAX 1400u

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
exchange(const struct fetch_url *url, const char *type, struct bytes query,
    struct fetch_answer *answer, struct note *note)
{
	int64_t until = when_monotonic_ms() + ASK_MS;
	struct buf request;
	int fd;
	enum fail f = connect_to(url, until, &fd, note);

	if (f)
		return f;
	buf_init(&request, 65536);
	f = fetch_request(url, type, query, &request);
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

enum fail
ask_file(const char *address, size_t most, int file, struct note *note)
{
	struct fetch_answer answer;
	struct fetch_url url;
	enum fail f = fetch_url_read(address, &url);

	if (f)
		return note_set(note, f, "no http:// address: %.100s", address);
	fetch_answer_init_file(&answer, most, file);
	f = exchange(&url, NULL, (struct bytes){ NULL, 0 }, &answer, note);
	fetch_answer_free(&answer);
	return f;
}

enum fail
ask(const char *address, const char *type, struct bytes query, size_t most,
    struct buf *out, struct note *note)
{
	struct fetch_answer answer;
	struct fetch_url url;
	enum fail f = fetch_url_read(address, &url);

	if (f)
		return note_set(note, f, "no http:// address: %.100s", address);
	fetch_answer_init(&answer, most);
	f = exchange(&url, type, query, &answer, note);
	if (!f) {
		buf_bytes(out, buf_view(&answer.body));
		f = buf_fail(out);
	}
	fetch_answer_free(&answer);
	return f;
}

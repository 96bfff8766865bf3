#include "base/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD 10u /* kind, id */
#define SEND_WAIT_MS 5000
#define SOCKET_ROOM (1 << 20)

union control {
	struct cmsghdr head;
	char room[CMSG_SPACE(CHANNEL_FDS_MAX * sizeof(int))];
};

enum fail
channel_pair(int ends[static 2])
{
	int room = SOCKET_ROOM;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		0, ends))
		return FAIL_IO;
	for (size_t i = 0; i < 2; i++)
		(void)setsockopt(
		    ends[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	return FAIL_NONE;
}

static void
attach_fds(struct msghdr *m, union control *control, const struct message *from)
{
	size_t len = from->fd_count * sizeof(int);

	if (!from->fd_count)
		return;
	memset(control, 0, sizeof(*control));
	control->head.cmsg_level = SOL_SOCKET;
	control->head.cmsg_type = SCM_RIGHTS;
	control->head.cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(&control->head), from->fds, len);
	m->msg_control = control;
	m->msg_controllen = CMSG_SPACE(len);
}

enum fail
channel_send(int fd, const struct message *message)
{
	struct buf head;
	struct iovec parts[2];
	union control control;
	struct msghdr m = { .msg_iov = parts, .msg_iovlen = 2 };
	enum fail f = FAIL_NONE;

	if (message->payload.len > CHANNEL_PAYLOAD_MAX ||
	    message->fd_count > CHANNEL_FDS_MAX)
		return FAIL_LIMIT;
	buf_init(&head, HEAD);
	buf_u16(&head, message->kind);
	buf_u64(&head, message->id);
	if (buf_fail(&head))
		return FAIL_MEMORY;
	parts[0] = (struct iovec){ head.data, head.len };
	parts[1] = (struct iovec){ (void *)(uintptr_t)message->payload.data,
		message->payload.len };
	attach_fds(&m, &control, message);
	while (sendmsg(fd, &m, MSG_NOSIGNAL) < 0) {
		struct pollfd wait = { .fd = fd, .events = POLLOUT };

		if (errno == EINTR)
			continue;
		if (errno == EAGAIN || errno == ENOBUFS) {
			if (poll(&wait, 1, SEND_WAIT_MS) > 0)
				continue;
			f = FAIL_TIMEOUT;
		} else {
			f = FAIL_PEER;
		}
		break;
	}
	buf_free(&head);
	return f;
}

/* False when more came than a message may bring; those are closed. */
static bool
collect_fds(struct msghdr *m, struct message *message)
{
	bool fit = true;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		size_t count;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (message->fd_count < CHANNEL_FDS_MAX)
				message->fds[message->fd_count++] = fd;
			else
				close(fd);
			fit = fit && i < CHANNEL_FDS_MAX;
		}
	}
	return fit;
}

enum fail
channel_receive(int fd, uint8_t *room, struct message *message)
{
	struct iovec part = { room, CHANNEL_PAYLOAD_MAX + HEAD };
	union control control;
	struct msghdr m = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control) };
	struct cursor c;
	ssize_t n;
	bool fit;

	*message = (struct message){ .fds = { -1, -1, -1 } };
	do
		n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return FAIL_MISSING;
	if (n <= 0)
		return FAIL_PEER;
	fit = collect_fds(&m, message);
	c = cursor_of((struct bytes){ room, (size_t)n });
	message->kind = cursor_u16(&c);
	message->id = cursor_u64(&c);
	if (!fit || c.failed || m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		message_close_fds(message);
		return FAIL_PEER;
	}
	message->payload = bytes_part(c.in, c.at, SIZE_MAX);
	return FAIL_NONE;
}

void
message_close_fds(struct message *message)
{
	for (size_t i = 0; i < message->fd_count; i++)
		if (message->fds[i] >= 0)
			close(message->fds[i]);
	message->fd_count = 0;
}

int
message_take_fd(struct message *message, size_t n)
{
	int fd;

	if (n >= message->fd_count)
		return -1;
	fd = message->fds[n];
	message->fds[n] = -1;
	return fd;
}

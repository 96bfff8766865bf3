#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "drivers/ether_table.h"

#define FRAMES_AT_ONCE 64 /* read before others get their turn */

struct tap {
	struct ether ether;
	int fd;
};

static void
tap_close(struct ether *ether)
{
	struct tap *t = (struct tap *)ether;

	close(t->fd);
	free(t);
}

static void
tap_send(struct ether *ether, struct bytes frame)
{
	struct tap *t = (struct tap *)ether;

	/* A full device drops the frame; TCP sends it again. */
	if (write(t->fd, frame.data, frame.len) < 0)
		return;
}

static size_t
tap_poll_fill(struct ether *ether, struct pollfd *fds, int *timeout_ms)
{
	struct tap *t = (struct tap *)ether;

	(void)timeout_ms;
	fds[0] = (struct pollfd){ .fd = t->fd, .events = POLLIN };
	return 1;
}

static void
tap_poll_done(struct ether *ether, struct pollfd *fds, size_t count)
{
	struct tap *t = (struct tap *)ether;
	static uint8_t frame[ETHER_FRAME_MAX];

	if (!count || !(fds[0].revents & POLLIN))
		return;
	for (int i = 0; i < FRAMES_AT_ONCE; i++) {
		ssize_t n = read(t->fd, frame, sizeof(frame));

		if (n <= 0)
			return;
		ether->receive(
		    ether->context, (struct bytes){ frame, (size_t)n });
	}
}

enum fail
ether_open_tap(
    const char *name, ether_frame *receive, void *context, struct ether **ether)
{
	struct ifreq request = { 0 };
	struct tap *t = calloc(1, sizeof(*t));

	if (!t)
		return FAIL_MEMORY;
	t->ether = (struct ether){ tap_close, tap_send, tap_poll_fill,
		tap_poll_done, receive, context };
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	request.ifr_flags = IFF_TAP | IFF_NO_PI;
	t->fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (t->fd < 0 || ioctl(t->fd, TUNSETIFF, &request)) {
		enum fail f =
		    errno == EPERM || errno == EACCES ? FAIL_RIGHTS : FAIL_IO;

		if (t->fd >= 0)
			close(t->fd);
		free(t);
		return f;
	}
	*ether = &t->ether;
	return FAIL_NONE;
}

/*
 * A channel between two roles: a SOCK_SEQPACKET pair that carries whole
 * messages, each with up to a few file descriptors.
 *
 * A message is: number of its kind, an id that its answer repeats, a payload.
 * Which kinds exist, how long they may be and who may send them to whom stands
 * in one table, firmware/message.h; the channel only frames.
 */
#ifndef BASE_CHANNEL_H
#define BASE_CHANNEL_H

#include "base/buf.h"

#define CHANNEL_PAYLOAD_MAX 65000u /* bytes */
#define CHANNEL_FDS_MAX 3u

struct message {
	uint16_t kind;
	uint64_t id;
	struct bytes payload;     /* views the receiver's buffer */
	int fds[CHANNEL_FDS_MAX]; /* received: owned by who took them */
	size_t fd_count;
};

/* Two ends, both close-on-exec and non-blocking. */
CHECKED enum fail channel_pair(int ends[static 2]);

/*
 * Send; descriptors stay the caller's.  FAIL_TIMEOUT: the other side does not
 * read and the channel is full; FAIL_PEER: it is gone.
 */
CHECKED enum fail channel_send(int fd, const struct message *message);

/*
 * Receive one message into room (CHANNEL_PAYLOAD_MAX + 16 bytes).
 * FAIL_MISSING: none waits; FAIL_PEER: the other side is gone or sent what is
 * no message.
 */
CHECKED enum fail
channel_receive(int fd, uint8_t *room, struct message *message);

/* Close what a message brought and was not taken (fds set to -1 are). */
void message_close_fds(struct message *message);

/* Take the n-th descriptor, or -1. */
int message_take_fd(struct message *message, size_t n);

#endif

/*
 * The wire to the LAN: Ethernet frames in and out, as descriptors that one
 * poll loop watches.  One file per world: ether_slirp.c (a user-mode network,
 * no privileges, for the simulator), ether_tap.c (a TAP device).
 */
#ifndef DRIVERS_ETHER_H
#define DRIVERS_ETHER_H

#include <poll.h>

#include "base/bytes.h"
#include "base/fail.h"

#define ETHER_FRAME_MAX 65550u /* bytes of one frame */
#define ETHER_POLL_MAX 512u    /* descriptors one wire may watch */

struct ether;

/* Frames received are handed to this, between ether_poll_done and its return;
 * it must not send from there. */
typedef void ether_frame(void *context, struct bytes frame);

/* A host port that leads to a port of the box (slirp only). */
struct ether_forward {
	const char *address; /* of the host, "127.0.0.1" */
	uint16_t host_port, box_port;
};

/* A user-mode network 10.0.2.0/24 with the box at 10.0.2.15. */
CHECKED enum fail ether_open_slirp(const struct ether_forward *forwards,
    size_t count, ether_frame *receive, void *context, struct ether **ether);

/* An existing or new TAP device by name. */
CHECKED enum fail ether_open_tap(const char *name, ether_frame *receive,
    void *context, struct ether **ether);

void ether_close(struct ether *ether);

/* Send one frame; what the wire cannot take now is dropped, as wires do. */
void ether_send(struct ether *ether, struct bytes frame);

/* Add what to watch to fds (room for ETHER_POLL_MAX) and shorten *timeout_ms;
 * then, after poll, let the wire look at the same fds. */
size_t
ether_poll_fill(struct ether *ether, struct pollfd *fds, int *timeout_ms);
void ether_poll_done(struct ether *ether, struct pollfd *fds, size_t count);

#endif

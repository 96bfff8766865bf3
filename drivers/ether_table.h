/* What every kind of wire fills in; for the ether_*.c files only. */
#ifndef DRIVERS_ETHER_TABLE_H
#define DRIVERS_ETHER_TABLE_H

#include "drivers/ether.h"

struct ether {
	void (*close)(struct ether *ether);
	void (*send)(struct ether *ether, struct bytes frame);
	size_t (*poll_fill)(
	    struct ether *ether, struct pollfd *fds, int *timeout_ms);
	void (*poll_done)(
	    struct ether *ether, struct pollfd *fds, size_t count);
	ether_frame *receive;
	void *context;
};

#endif

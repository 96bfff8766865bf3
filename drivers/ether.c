#include "drivers/ether.h"

#include "drivers/ether_table.h"

void
ether_close(struct ether *ether)
{
	if (ether)
		ether->close(ether);
}

void
ether_send(struct ether *ether, struct bytes frame)
{
	ether->send(ether, frame);
}

size_t
ether_poll_fill(struct ether *ether, struct pollfd *fds, int *timeout_ms)
{
	return ether->poll_fill(ether, fds, timeout_ms);
}

void
ether_poll_done(struct ether *ether, struct pollfd *fds, size_t count)
{
	ether->poll_done(ether, fds, count);
}

/*
 * The box's place on the LAN: lwIP over one wire, in one thread, driven by one
 * poll loop.  The kernel has no address here; what lwIP does not answer is not
 * answered.
 */
#ifndef NET_LINK_H
#define NET_LINK_H

#include "base/bytes.h"
#include "base/fail.h"

struct link_settings {
	const char *address, *netmask, *gateway; /* dotted IPv4 */
	const char *names;                       /* the name server, or NULL */
	uint8_t mac[6];
	/* Hand one frame to the wire; context is given back. */
	void (*send)(void *context, struct bytes frame);
	void *context;
};

/* Start lwIP; once per process.  Settings are copied. */
CHECKED enum fail link_open(const struct link_settings *settings);

/* A frame came from the wire. */
void link_receive(struct bytes frame);

/* Run what is due; milliseconds until the next call is. */
int link_tick(void);

#endif

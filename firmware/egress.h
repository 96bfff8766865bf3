/*
 * Where the box may go out to (rules.md 6.1): hosts that the administrator
 * names, and nothing else.  A setting of words separated by spaces, each
 *
 *     HOST[:PORT][=ADDRESS[:PORT]]
 *
 * a host, its port (80), and, where no name server knows it, where it is.
 */
#ifndef FIRMWARE_EGRESS_H
#define FIRMWARE_EGRESS_H

#include "base/bytes.h"
#include "net/fetch.h"

struct egress {
	char host[FETCH_HOST_MAX]; /* where to go */
	uint16_t port;
};

/* FAIL_RIGHTS: the URL's host and port are not on the list. */
CHECKED enum fail egress_find(
    struct bytes list, const struct fetch_url *url, struct egress *where);

/* FAIL_USAGE: a word is none of the above. */
CHECKED enum fail egress_check(struct bytes list);

#endif

/*
 * A time-stamp asked of authorities over plain HTTP on this
 * PC's own network.
 */
#ifndef HOST_TOOLS_TSA_H
#define HOST_TOOLS_TSA_H

#include "base/arena.h"
#include "crypto/chain.h"
#include "crypto/timestamp.h"

#define TSA_TRIES 3u /* of one authority, when its clock is off */

struct tsa_list {
	const char *addresses; /* separated by commas; NULL: none */
	struct buf policy; /* OID content under which they must stamp; empty:
			      any */
	struct cert_set roots; /* below which they must stand; none: it is not
				  asked */
	struct cert_set pool;  /* with more certificates on the way */
};

/* A policy in dotted decimals, for the list to own.  FAIL_FORMAT. */
CHECKED enum fail tsa_policy(struct tsa_list *list, const char *text);

/*
 * Ask each address of the list in turn for a token over wanted->digest (its
 * nonce and policy are set here); the first sound token wins and is left in
 * arena.  An authority's clock is not trusted: a token that is off is
 * asked for again, for another machine may answer.  The failure is that of the
 * last authority; FAIL_USAGE: not an http:// address; FAIL_CLOCK: its time
 * differs from ours.
 */
CHECKED enum fail
tsa_ask(const struct tsa_list *list, const struct timestamp_query *wanted,
    struct arena *arena, struct bytes *token, struct note *note);

#endif

/*
 * A time-stamp asked of authorities over plain HTTP on this
 * PC's own network.
 */
#ifndef HOST_TOOLS_TSA_H
#define HOST_TOOLS_TSA_H

#include "base/arena.h"
#include "crypto/timestamp.h"

#define TSA_TRIES 3u /* of one authority, when its clock is off */

/*
 * Ask each address of a list (separated by commas) in turn for a token over
 * wanted->digest (its nonce is made here); the first sound token wins and is
 * left in arena.  An authority's clock is not trusted: a token that is off is
 * asked for again, for another machine may answer.  The failure is that of the
 * last authority; FAIL_USAGE: not an http:// address; FAIL_CLOCK: its time
 * differs from ours.
 */
CHECKED enum fail
tsa_ask(const char *addresses, const struct timestamp_query *wanted,
    struct arena *arena, struct bytes *token, struct note *note);

#endif

/*
 * A time-stamp for a signature, asked of authorities over plain HTTP on this
 * PC's own network.
 */
#ifndef HOST_TOOLS_TSA_H
#define HOST_TOOLS_TSA_H

#include "base/arena.h"
#include "crypto/timestamp.h"

#define TSA_CLOCK_MAX 60 /* seconds a token may differ from our clock */
#define TSA_TRIES 3u     /* of one authority, when it differs by more */

/*
 * Ask each address of a list (separated by commas) in turn for a stamp over
 * value; the first sound token wins and is left in arena.  An authority's clock
 * is not trusted: a token off by more than TSA_CLOCK_MAX is asked for again,
 * for another machine may answer.  The failure is that of the last authority;
 * FAIL_CLOCK: its time differs from ours.
 */
CHECKED enum fail tsa_ask(const char *addresses, struct bytes value,
    struct arena *arena, struct bytes *token, struct note *note);

#endif

/*
 * A time-stamp asked for: each authority of the settings in turn (net), what it
 * answers looked at by a worker, up to three times where its clock is off.
 */
#ifndef FIRMWARE_FLOW_STAMP_H
#define FIRMWARE_FLOW_STAMP_H

#include "base/arena.h"
#include "crypto/timestamp.h"
#include "firmware/core.h"

struct stamping;

/* FAIL_NONE: token is one of an authority below a root, over the digest; a view
 * for the time of the call.  Else why the last authority gave none. */
typedef void stamping_end(
    struct core *core, struct stamping *s, enum fail f, struct bytes token);

/* Embedded in the work that wants a time-stamp, which fills the first part. */
struct stamping {
	struct job job;
	stamping_end *end;
	void *owner;                    /* of end */
	struct bytes root, authorities; /* views that outlive it */
	struct timestamp_query query;   /* but for its nonce */

	int64_t time, until;     /* of the token: its time, its path's end */
	char why[NOTE_TEXT_MAX]; /* what a worker or server said */
	size_t authority;        /* offset of the next one in authorities */
	unsigned tries;          /* of this authority */
	int answer;              /* descriptor, or -1 */
	enum fail last;          /* of the last authority */
};

/* Hash, policy, root and authorities from the settings, held in arena. */
CHECKED enum fail
stamping_load(struct txn *txn, struct arena *arena, struct stamping *s);

/* Ask, from the first authority on.  Ends in one call of end. */
void stamping_begin(struct core *core, struct stamping *s);

/* From within end, for a token that will not do: ask the next authority. */
void stamping_next(struct core *core, struct stamping *s, enum fail why);

#endif

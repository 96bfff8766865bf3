/*
 * A brake on guessing passwords.  Tries are counted by account, by place and
 * by both together; who has used up his tries waits.  A right password clears
 * the account's count and takes its own try back from the place's.
 *
 * It lives in memory only: a start of the box forgets it, which takes longer
 * than the wait.
 */
#ifndef FIRMWARE_FLOW_BRAKE_H
#define FIRMWARE_FLOW_BRAKE_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/fail.h"

#define BRAKE_ROWS 512u
#define BRAKE_WAIT_MS 30000 /* from the last try */

/* Tries before one waits.  Colleagues share a place only behind a gateway; an
 * account is tried from many places only by an attacker. */
#define BRAKE_TRIES_BOTH 5u
#define BRAKE_TRIES_NAME 20u
#define BRAKE_TRIES_PLACE 40u

struct brake_row {
	uint64_t key; /* 0: free */
	unsigned tries;
	int64_t last; /* monotonic milliseconds */
};

/* All zeros: nobody has tried. */
struct brake {
	struct brake_row rows[BRAKE_ROWS];
};

/* One more try at the account from the place.  FAIL_WAIT: not now; such a try
 * is not counted. */
CHECKED enum fail brake_try(
    struct brake *brake, struct bytes name, struct bytes place, int64_t now);

/* The password was right. */
void brake_clear(struct brake *brake, struct bytes name, struct bytes place);

#endif

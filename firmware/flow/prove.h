/*
 * Before a round's time-stamp is renewed, what tells about its authority goes
 * into its token: when it has ended nobody can be asked any more.  A worker
 * says what it takes, net fetches it, in rounds.
 */
#ifndef FIRMWARE_FLOW_PROVE_H
#define FIRMWARE_FLOW_PROVE_H

#include "firmware/core.h"
#include "storage/round.h"

/*
 * Ask about the token of round, which goes into the open one; both are read
 * from txn.  core->archive is busy until it is over and looks again then.  What
 * nobody tells is tried again a few times and then a day later; where there is
 * no time for that, the token is renewed as it is.
 */
void prove_begin(struct core *core, struct txn *txn, const struct round *round,
    uint64_t open);

#endif

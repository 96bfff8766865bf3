/*
 * Whom a fresh time-stamp leads to.
 */
#ifndef DOCUMENT_STAMP_TRUST_H
#define DOCUMENT_STAMP_TRUST_H

#include "crypto/timestamp.h"
#include "document/pades_trust.h"

/*
 * Does the authority of a token that answers a query stand below a root?
 * Whether it is revoked is asked before the next time-stamp covers this one.
 * *until: when the first certificate of its path ends.  FAIL_CHAIN: it does
 * not; others as timestamp_verify.
 */
CHECKED enum fail
stamp_judge(struct bytes token, const struct timestamp_query *query,
    const struct trust_policy *policy, int64_t *until, struct note *note);

#endif

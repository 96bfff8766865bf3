/*
 * A time-stamp that can be checked when nobody can be asked about its authority
 * any more: with the certificates and revocation data that it takes, put into
 * the token before the next time-stamp covers it (RFC 4998 5.2).
 */
#ifndef DOCUMENT_STAMP_PROOF_H
#define DOCUMENT_STAMP_PROOF_H

#include "document/pades_trust.h"

/*
 * Append the token with what tells now about its authority; policy->source may
 * ask for what lacks.  FAIL_MISSING: nobody tells about a certificate; else why
 * the authority is not, or no longer, one of ours: out is then as it was.
 */
CHECKED enum fail stamp_prove(struct bytes token,
    const struct trust_policy *policy, struct buf *out, struct note *note);

#endif

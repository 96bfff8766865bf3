/*
 * Certificate policies along a path (RFC 5280 6.1.2 to 6.1.5).
 *
 * The standard describes a tree, which hostile certificates can make grow
 * without end.  All that matters of a level is which policies the next
 * certificate may name and from which of the wanted ones each of them comes:
 * that is kept here, a list as long as one certificate's own.
 */
#ifndef CRYPTO_POLICY_H
#define CRYPTO_POLICY_H

#include "crypto/cert.h"

#define POLICY_WANTED_MAX 64u /* policies a caller may ask for */
#define POLICY_LEVEL_MAX 256u /* policies of one level */

/* What is asked of a path (6.1.1 (c), (e), (f), (g)).  All zero: nothing. */
struct path_policy {
	const struct bytes *wanted; /* contents of OIDs, borrowed … */
	size_t wanted_count;        /* … 0: any policy will do */
	bool explicit_policy;       /* one of them must be there */
	bool inhibit_mapping;
	bool inhibit_any;
};

struct policy_node {
	struct bytes oid;
	uint64_t roots; /* which of the wanted ones it comes from */
};

struct policy_state {
	const struct path_policy *policy;
	struct policy_node nodes[POLICY_LEVEL_MAX];
	size_t count;
	bool any; /* anyPolicy is among them */
	size_t explicit_policy, mapping, inhibit_any; /* certificates left */
};

/* Before the first of so many certificates below the root.  FAIL_LIMIT: too
 * many are wanted. */
CHECKED enum fail policy_begin(struct policy_state *state,
    const struct path_policy *policy, size_t certificates);

/*
 * The next certificate, from the root downwards; last: it is the leaf.
 * FAIL_CHAIN: a policy is demanded and none is left; FAIL_FORMAT, FAIL_LIMIT.
 */
CHECKED enum fail policy_next(struct policy_state *state,
    const struct cert *cert, bool last, struct note *note);

#endif

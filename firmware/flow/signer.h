/*
 * Whom a signature is made by: a pinned certificate with its path, and whether
 * it may sign now.
 */
#ifndef FIRMWARE_FLOW_SIGNER_H
#define FIRMWARE_FLOW_SIGNER_H

#include "base/arena.h"
#include "crypto/cert.h"
#include "storage/store.h"

struct core;

/* Views live in the arena it was loaded into. */
struct signer {
	struct cert cert;
	struct bytes chain[2]; /* the certificate and the CA above it */
	size_t chain_count;
	struct bytes root;
	uint8_t hash[HASH_LEN];
	bool test; /* another root than the government's is pinned */
	struct signature_algorithm algorithm;
};

/*
 * Load the certificate with this hash.  FAIL_KEY: it is not among the agency's;
 * FAIL_CHAIN, FAIL_EXPIRED: own signing with anything else than a path to the
 * pinned root, valid today, is impossible (Decree 68/2024 Art. 29); below the
 * government's root with anything else than the CA of the state's agencies.
 */
CHECKED enum fail signer_load(struct txn *txn, struct arena *arena,
    const uint8_t *hash, struct signer *signer);

/* May who has a path through this CA to this root sign for a state agency?
 * *test: it is one of another root, pinned for trials. */
bool signer_may(const struct cert *root, const struct cert *ca, bool *test);

/* Is another root than the government's pinned?  Pages and marks say so. */
bool signer_is_test(struct txn *txn);

typedef void flow_trusted(struct core *core, void *context, enum fail f);

/*
 * Find out whether the signer's certificate or one above it is revoked, if the
 * box may go out to ask; then go on with done: FAIL_REVOKED; FAIL_STATUS:
 * nobody tells, and nothing is signed then by the agency's own setting.  The
 * signer must stay until then.
 */
void flow_trust(struct core *core, const struct signer *signer,
    flow_trusted *done, void *context);

#endif

/*
 * Logins.  The browser holds a random token; the store holds its hash, so that
 * a copy of the store logs nobody in.
 */
#ifndef STORAGE_SESSION_H
#define STORAGE_SESSION_H

#include "crypto/hash.h"
#include "storage/store.h"

#define SESSION_TOKEN 32u /* bytes */

struct session {
	uint64_t person;
	int64_t started, used;       /* UTC seconds */
	uint8_t csrf[SESSION_TOKEN]; /* what this login's forms must carry */
};

#define SESSION_CLOCK_SLACK 60 /* seconds the clock may have gone back */

/* Used not too long ago.  "Used in the future" is a clock that went back: the
 * login would last longer by that much, so it is over. */
bool session_alive(const struct session *session, int64_t now);

/* Start a login; token is made here. */
CHECKED enum fail session_add(struct txn *txn, const struct session *session,
    uint8_t token[static SESSION_TOKEN]);
CHECKED enum fail session_get(struct txn *txn,
    const uint8_t token[static SESSION_TOKEN], struct session *session);
CHECKED enum fail session_touch(
    struct txn *txn, const uint8_t token[static SESSION_TOKEN], int64_t now);
CHECKED enum fail
session_end(struct txn *txn, const uint8_t token[static SESSION_TOKEN]);

/* End all logins of a person (0: of everybody) last used before an instant. */
CHECKED enum fail
session_sweep(struct txn *txn, uint64_t person, int64_t before);

#endif

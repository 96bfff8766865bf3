/*
 * Our own count of wrong PINs, by certificate.  A token's flags may lie, and a
 * token that locks costs the agency days: what we have sent is written down
 * before it is sent, so the count outlives power cuts and restarts.
 */
#ifndef FIRMWARE_FLOW_PIN_H
#define FIRMWARE_FLOW_PIN_H

#include "crypto/hash.h"
#include "storage/store.h"

#define PIN_TRIES_USUAL \
	3u /* the government's tokens lock then (rules.md 6.5) */

/* A PIN is about to be sent.  FAIL_PIN_LAST: one try would be left or none; it
 * must not be. */
CHECKED enum fail pin_spend(struct txn *txn, const uint8_t *cert_hash);

/* How it ended: a right PIN clears the count, one that was not sent gives its
 * try back; anything else has spent it. */
CHECKED enum fail pin_settle(
    struct txn *txn, const uint8_t *cert_hash, enum fail outcome, bool sent);

/* Wrong ones so far, and what locks it. */
CHECKED enum fail pin_count(
    struct txn *txn, const uint8_t *cert_hash, unsigned *wrong, unsigned *most);

/* The administrator has seen that the token takes its PIN. */
CHECKED enum fail pin_clear(struct txn *txn, const uint8_t *cert_hash);

#endif

/*
 * The list a clerk seals: what the check page showed, as one hash that is
 * bound into the batch.
 */
#ifndef FIRMWARE_FLOW_LIST_H
#define FIRMWARE_FLOW_LIST_H

#include "crypto/hash.h"
#include "storage/store.h"

/* Hash over number, date, signed file and annexes of each document, in order.
 */
CHECKED enum fail list_hash(struct txn *txn, const uint64_t *ids, size_t count,
    uint8_t hash[static HASH_LEN]);

#endif

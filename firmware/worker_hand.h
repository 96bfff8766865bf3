/*
 * The evidence that core handed to a worker, and what the worker wants besides
 * (firmware/flow/evidence.h).
 */
#ifndef FIRMWARE_WORKER_HAND_H
#define FIRMWARE_WORKER_HAND_H

#include "document/pades_trust.h"
#include "firmware/flow/evidence.h"
#include "firmware/message.h"

struct hand_row {
	uint8_t key[HASH_LEN];
	struct evidence evidence; /* der empty: asked for in vain */
	struct disk_map part;     /* of the map: what is in der */
	int64_t until;            /* 0: not used */
};

/* The evidence at hand, and what came of it; source goes into a trust_policy.
 */
struct hand {
	struct disk_map map;
	struct hand_row rows[EVIDENCE_ROWS_MAX];
	size_t count;
	struct evidence_needs needs;
	struct trust_source source;
};

/* Read what came as the message's descriptor of that number.  FAIL_PEER. */
CHECKED enum fail
hand_open(struct message *message, size_t which, struct hand **hand);
void hand_close(struct hand *hand); /* NULL: nothing */

/* Append what is missing and what was used; NULL: nothing. */
void hand_put(struct buf *out, const struct hand *hand);

#endif

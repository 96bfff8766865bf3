/*
 * What a worker is told of one file of a batch: which marks with which words it
 * gets (the payload of WORK_PREPARE and WORK_SKETCH, firmware/message.h).
 */
#ifndef FIRMWARE_FLOW_ORDER_H
#define FIRMWARE_FLOW_ORDER_H

#include "document/mark.h"
#include "firmware/flow/batch.h"

/* Which mark a document of the batch gets. */
enum mark_role
order_role(const struct batch *batch, const struct record *record);

/* The hash of a record's file that bears a mark of this role. */
const uint8_t *order_source(enum mark_role role, const struct record *record);

/* The descriptor of its picture, the batch's; -1: words only. */
int order_picture(const struct batch *batch, enum mark_role role);

/* Files of record are read with SHA-256: so is the signature's digest made, if
 * it is of that kind; of another a worker makes it. */
bool order_digests_here(const struct batch *batch);

/*
 * Append the order for a record's file; of an annex the record is that of its
 * main document.  code: the text of the code beside the number, if it gets one.
 */
CHECKED enum fail
order_put(struct txn *txn, const struct batch *batch, enum mark_role role,
    const struct record *record, struct bytes code, struct buf *out);

#endif

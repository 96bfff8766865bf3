/*
 * Where a person's signature stands when the text does not tell: put there by
 * hand once, then remembered for his documents of that kind.
 */
#ifndef FIRMWARE_FLOW_SPOT_H
#define FIRMWARE_FLOW_SPOT_H

#include "storage/store.h"

#define SPOT_PAGE_MAX 9999u
#define SPOT_MM_MAX 5000u

struct spot {
	uint16_t page; /* from 1; 0: the last */
	/* Tenths of a millimetre from the left and upper edge of the page as
	 * it is shown to those of the picture. */
	uint16_t left, top;
};

/* From what was typed: a page, then millimetres with a comma or point.
 * FAIL_MISSING: all are empty; FAIL_USAGE. */
CHECKED enum fail spot_read(
    struct bytes page, struct bytes left, struct bytes top, struct spot *spot);

/* FAIL_MISSING: none is remembered. */
CHECKED enum fail
spot_get(struct txn *txn, unsigned kind, uint64_t person, struct spot *spot);
CHECKED enum fail spot_put(
    struct txn *txn, unsigned kind, uint64_t person, const struct spot *spot);

#endif

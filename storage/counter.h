/*
 * Numbers that never repeat: documents' own numbers, and register numbers, one
 * run per book and year, from 1, without gaps.  A number belongs to the
 * transaction that took it; if that is not committed, it was never given.
 */
#ifndef STORAGE_COUNTER_H
#define STORAGE_COUNTER_H

#include "storage/store.h"

/*
 * Take the next register number of book in year and store it in *number.  On
 * failure *number is left alone.  FAIL_CORRUPT: the stored counter does not
 * decode.
 */
CHECKED enum fail
counter_take(struct txn *txn, uint16_t book, uint16_t year, uint32_t *number);

/* The number counter_take would give now. */
CHECKED enum fail
counter_peek(struct txn *txn, uint16_t book, uint16_t year, uint32_t *number);

/* The next internal number of a kind of thing (documents, people, …). */
enum counter_kind { COUNTER_RECORD = 1, COUNTER_PERSON = 2 };
CHECKED enum fail
counter_take_id(struct txn *txn, enum counter_kind kind, uint64_t *id);

#endif

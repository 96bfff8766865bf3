/*
 * Lines of the registers: which document has number n of a book and year.  A
 * line is never changed to another document and never removed; a void number
 * stays with its document in STATE_VOID.
 */
#ifndef STORAGE_REGISTRY_H
#define STORAGE_REGISTRY_H

#include "storage/store.h"

/* FAIL_EXISTS: the number is taken. */
CHECKED enum fail registry_add(struct txn *txn, uint16_t book, uint16_t year,
    uint32_t number, uint64_t record);

CHECKED enum fail registry_get(struct txn *txn, uint16_t book, uint16_t year,
    uint32_t number, uint64_t *record);

/*
 * Check one book and year: numbers from 1 without gap or double, each line's
 * document carrying that very number.  *count is how many lines are good.
 * FAIL_CORRUPT: the line after them is not.
 */
CHECKED enum fail
registry_check(struct txn *txn, uint16_t book, uint16_t year, uint32_t *count);

#endif

/*
 * The twenty-nine kinds of administrative documents and the three of copies
 * (Decree 30/2020 Annex III)
 * and how numbers, symbols and dates are written (Annex I).
 */
#ifndef FIRMWARE_FLOW_KIND_H
#define FIRMWARE_FLOW_KIND_H

#include "base/buf.h"
#include "base/when.h"

#define KIND_COUNT 32u
#define KIND_COPY 29u             /* the first copy, as in enum mark_copy */
#define KIND_NUMBER_PREFIX "Số: " /* in front of the number on the page */

/* Books of numbers. */
#define BOOK_OUTGOING 1u /* the common one of outgoing documents */
#define BOOK_COPIES 2u /* sao y, sao lục and trích sao share one (Art. 25) */

struct kind {
	const char *name;
	const char *symbol; /* "QĐ"; NULL: none */
};

/* kind below KIND_COUNT. */
const struct kind *kind_get(unsigned kind);

/* Sao y, sao lục, trích sao (Art. 25): numbered in a book of their own, and
 * sealed without anybody's signature on them. */
bool kind_is_copy(unsigned kind);

/* "QĐ-BQL"; for kinds without a symbol of their own "BQL-TCHC". */
void kind_symbol(
    unsigned kind, struct bytes agency, struct bytes unit, struct buf *out);

/* "05/QĐ-BQL": numbers below ten have a leading zero. */
void kind_number(uint32_t number, struct bytes symbol, struct buf *out);

/* "Khánh Hòa, ngày 05 tháng 01 năm 2021": days below ten and the months 1 and
 * 2 have a leading zero. */
void kind_date(struct bytes place, struct when_date date, struct buf *out);

/* Number and date as the clerk's act will write them at the longest, for a
 * trial before there are any. */
void kind_trial(struct bytes symbol, struct bytes place, struct buf *number,
    struct buf *day);

#endif

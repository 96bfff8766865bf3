/*
 * The twenty-nine kinds of administrative documents (Decree 30/2020 Annex III)
 * and how numbers, symbols and dates are written (Annex I).
 */
#ifndef FIRMWARE_FLOW_KIND_H
#define FIRMWARE_FLOW_KIND_H

#include "base/buf.h"
#include "base/when.h"

#define KIND_COUNT 29u
#define KIND_NUMBER_PREFIX "Số: " /* in front of the number on the page */

struct kind {
	const char *name;
	const char *symbol; /* "QĐ"; NULL: none */
};

/* kind below KIND_COUNT. */
const struct kind *kind_get(unsigned kind);

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

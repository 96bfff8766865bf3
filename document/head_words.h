/*
 * The blanks that a draft leaves at its head for number and date, as in "Số:
 * …/QĐ-BQL" and "Khánh Hòa, ngày … tháng … năm 2026" (Decree 30/2020 Annex I,
 * boxes 3 and 4).
 */
#ifndef DOCUMENT_HEAD_WORDS_H
#define DOCUMENT_HEAD_WORDS_H

#include "document/pdf_page.h"

/* Boxes in the first page as it is shown; the line's base is so many points
 * above their lower edge. */
#define HEAD_WORDS_BASE 5.36
struct head_words {
	bool number; /* there is a blank behind "Số:" … */
	bool slash;  /* … with a solidus and the symbol behind it */
	bool date;   /* there are blanks for a day and a month … */
	bool year;   /* … and a year */
	struct pdf_box number_box, day_box, month_box, year_box;
};

/* Find them; what is not there is false.  FAIL_MEMORY, or what reading the
 * first page fails with. */
CHECKED enum fail head_words_find(struct pdf_file *file, struct head_words *h);

/* Of "Số: 12/QĐ-BQL" what follows the colon; of that what stands before the
 * solidus. */
struct bytes head_words_number(struct bytes text, bool slash);

/* The last three numbers of a date's text: day, month, year; false: it has
 * none. */
bool head_words_day(struct bytes text, unsigned numbers[static 3]);

#endif

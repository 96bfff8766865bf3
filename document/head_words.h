/*
 * What a draft says at its head about number and date, as in "Số:      /QĐ-BQL"
 * and "Khánh Hòa, ngày     tháng 02 năm 2026" (Decree 30/2020 Annex I, boxes 3
 * and 4): what it leaves open, and what it says already.
 */
#ifndef DOCUMENT_HEAD_WORDS_H
#define DOCUMENT_HEAD_WORDS_H

#include "document/pdf_page.h"

enum head_state {
	HEAD_NONE,    /* it has no such words */
	HEAD_OPEN,    /* a blank, large enough */
	HEAD_WRITTEN, /* it says so already */
	HEAD_NARROW   /* neither said nor room for it */
};

struct head_part {
	enum head_state state;
	/* HEAD_OPEN: in the first page as it is shown; the line's base is so
	 * many points above its lower edge. */
#define HEAD_WORDS_BASE 5.36
	struct pdf_box box;
	/* Day, month or year: HEAD_WRITTEN, or the first digits of a year whose
	 * last are left open, as in "20…". */
	unsigned value, digits;
};

#define HEAD_TEXT_MAX 128u

struct head_words {
	struct head_part number, day, month, year; /* no day: no date at all */
	bool slash; /* the number is open, a solidus and a symbol follow */
	/* The number with its symbol where that is written, or what follows the
	 * solidus; folded (base/text.h), without blanks. */
	char text[HEAD_TEXT_MAX];
	/* Where they would stand else; text was in the way: as near as can be,
	 * HEAD_NARROW if nowhere. */
	struct head_part usual_number, usual_date;
};

/* Find them.  The boxes of the usual places are given, in the first page as it
 * is shown.  FAIL_MEMORY, or what reading the first page fails with. */
CHECKED enum fail head_words_find(struct pdf_file *file, struct pdf_box number,
    struct pdf_box date, struct head_words *h);

/* One date's parts that a draft says, yyyymmdd; zeros where it says none. */
uint32_t head_words_dated(const struct head_words *h);
/* Does such a date go with that one? */
bool head_words_is_date(uint32_t dated, uint32_t date);

/*
 * Can this number ("Số: 12/QĐ-BQL") and date go onto it without saying twice or
 * otherwise what it says?  Each may have room elsewhere, in a field.  In a
 * trial neither is known yet, only the symbol: the number must be open.  Empty
 * ones are not asked about.  FAIL_HEAD.
 */
CHECKED enum fail head_words_agree(const struct head_words *h, bool number_room,
    struct bytes number, bool date_room, struct bytes date, bool trial,
    struct note *note);

/* Does it say this number with its symbol, or, where it has a solidus, this
 * symbol? */
bool head_words_is_number(const struct head_words *h, struct bytes number);

/* ---- the words that go there ---- */

/* Of "Số: 12/QĐ-BQL" what follows the colon; of that what stands before the
 * solidus. */
struct bytes head_words_number(struct bytes text, bool slash);

/* The last three numbers of a date's text: day, month, year; false: it has
 * none. */
bool head_words_day(struct bytes text, unsigned numbers[static 3]);

#endif

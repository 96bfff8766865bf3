/*
 * The mark "ĐẾN" that the clerk puts on an incoming document (Decree 30/2020
 * Annex IV: 35 by 50 mm, in a blank place under the number, or under the date).
 *
 * It goes on a rendition for those who handle the document, never on the
 * document that is kept: that stays as it came, byte for byte, and its
 * signatures with it.  The rendition is that document and an incremental update
 * with an annotation behind it.
 */
#ifndef DOCUMENT_ARRIVAL_H
#define DOCUMENT_ARRIVAL_H

#include "document/pdf_append.h"

#define ARRIVAL_WIDTH_MM 50.0
#define ARRIVAL_HEIGHT_MM 35.0

/* What stands in it; UTF-8, NFC.  What is empty is left to be filled by hand.
 */
struct arrival {
	struct bytes agency, number, date;
	struct bytes forward; /* to whom it goes: "Chuyển" */
	struct bytes dossier; /* number and symbol of its dossier */
	bool placed;          /* x and y say where: millimetres from the … */
	double x, y; /* … upper left corner of page 1 as it is shown */
};

/*
 * Lay out the update behind an open file.  FAIL_PLACE: page 1 has no blank
 * place for it; FAIL_LIMIT: a text does not fit; FAIL_PROTECTED: an encrypted
 * file's owner forbids it.
 */
CHECKED enum fail
arrival_put(struct pdf_file *file, const struct arrival *arrival,
    struct pdf_append *append, struct note *note);

#endif

/*
 * A look that every reader draws alike: dark letters on a light ground, in a
 * frame.  Lists of what may not be in one were beaten again and again, so this
 * is what may: what Acrobat, iText, PDFBox, pdf.js, MuPDF and others write for
 * a field (ISO 32000-1 12.7.3.3), and no more.
 *
 *   [q] ground, frame, lines of a comb [Q] [/Tx BMC] [q] [one rectangle W n]
 *   BT colour, font, place, letters, next line, … ET [Q] [EMC]
 */
#ifndef DOCUMENT_PDF_PLAIN_H
#define DOCUMENT_PDF_PLAIN_H

#include "document/pdf_page.h"

struct pdf_plain {
	struct buf *text; /* what it shows, UTF-8; lines a blank apart */
	unsigned lines;   /* behind the first one */
	bool dingbats;    /* they are codes of ZapfDingbats, which are signs */
	double size;      /* of all letters, within a hundredth */
	double x, y;      /* of the last ones: where their base begins */
	long first;       /* place of the first one in a comb, from 0 */
};

/*
 * Is a form such a look?  comb: letters of a comb field, which stand apart; 0:
 * it is none.  left: bytes that may be decoded, less those that were.  Whatever
 * else it is, or has, or cuts off, it is not.
 */
bool pdf_plain_read(struct pdf_file *file, const struct pdf_object *form,
    unsigned comb, uint64_t *left, struct pdf_plain *plain);

/* A default appearance (12.7.3.3) sets one font and a dark colour, and no more.
 */
struct pdf_setting {
	struct bytes font; /* with its solidus */
	double size;       /* 0: as fits */
};
bool pdf_plain_is_setting(struct bytes appearance, struct pdf_setting *setting);

#endif

/*
 * What a PDF holds that is not seen, or that could come to be seen: the stuff
 * of shadow attacks, of which a person should be warned before signing and when
 * a signature is checked.  It decides nothing: what came after a signature is
 * judged by document/pdf_changes.h.
 */
#ifndef DOCUMENT_DORMANT_H
#define DOCUMENT_DORMANT_H

#include "document/pdf_file.h"

enum dormant {
	DORMANT_PAGES = 1 << 0,      /* pages that nothing leads to, or that
					some readers show: XFA, portfolios */
	DORMANT_OBJECTS = 1 << 1,    /* fonts, drawings that nothing leads to */
	DORMANT_LAYERS = 1 << 2,     /* optional content that is switched off */
	DORMANT_COVERS = 1 << 3,     /* annotations or pictures over the text */
	DORMANT_FIELDS = 1 << 4,     /* a field shows other than its value */
	DORMANT_SCRIPTS = 1 << 5,    /* JavaScript */
	DORMANT_SIGNATURES = 1 << 6, /* taken out by a later revision */
	DORMANT_UNLISTED = 1 << 7,   /* objects in no table: sleepers; or a
					table that readers take differently */
};

#define DORMANT_KINDS 8u
#define DORMANT_OBJECTS_MAX 50000u   /* files of more are not looked through */
#define DORMANT_SCAN_MAX (64u << 20) /* bytes of a file that is scanned */

/* How much is looked at: structure only, or what pages and fields show, too. */
enum dormant_depth { DORMANT_QUICK, DORMANT_THOROUGH };

/* Bits of enum dormant.  The file is left as it was, its arena may have grown.
 */
unsigned dormant_find(struct pdf_file *file, enum dormant_depth depth);

/* Of one bit by its index: "pages", "objects", "layers", "covers", "fields",
 * "scripts", "signatures", "unlisted"; a phrase, Vietnamese. */
const char *dormant_name(unsigned index);
const char *dormant_phrase(unsigned index);

/* Append the phrases of all bits, separated by semicolons. */
void dormant_text(unsigned found, struct buf *out);

#endif

/*
 * Where a person signs: between the line of his post and his full name, which
 * stands at the end of a document (Decree 30/2020 Annex I, boxes 7a to 7c).
 * Behind it the same file may have annexes, which nobody signs.
 */
#ifndef DOCUMENT_NAME_BLOCK_H
#define DOCUMENT_NAME_BLOCK_H

#include "document/pdf_page.h"

#define NAME_BLOCK_PAGES 40u /* looked through, from the front and the end */

struct name_block {
	unsigned page;   /* from 1 */
	double x;        /* middle of the name, in the page as it is shown */
	double name_top; /* top of the name's letters */
	double post;     /* base line of what stands above it; a usual distance
			    if nothing does */
};

/*
 * Find the place where the name stands most like a block: room for a hand and a
 * post above it, nothing but titles beside it, the recipients' list on the same
 * page; of two as good the first.  A mention is none.  Case and marks do not
 * count.  FAIL_MISSING: nowhere, or the pages have no text.
 */
CHECKED enum fail name_block_find(
    struct pdf_file *file, struct bytes name, struct name_block *block);

#endif

/*
 * Where a person signs: between the line of his post and his full name, which
 * stands at the end of a document (Decree 30/2020 Annex I, boxes 7a to 7c).
 */
#ifndef DOCUMENT_NAME_BLOCK_H
#define DOCUMENT_NAME_BLOCK_H

#include "document/pdf_page.h"

#define NAME_BLOCK_PAGES 8u /* looked through from the end */

struct name_block {
	unsigned page;   /* from 1 */
	double x;        /* middle of the name, in the page as it is shown */
	double name_top; /* top of the name's letters */
	double post;     /* base line of what stands above it; a usual distance
			    if nothing does */
};

/*
 * Find the last place where the name stands as a line of its own or at the end
 * of one column's line.  Case and marks do not count.  FAIL_MISSING: nowhere,
 * or the pages have no text.
 */
CHECKED enum fail name_block_find(
    struct pdf_file *file, struct bytes name, struct name_block *block);

#endif

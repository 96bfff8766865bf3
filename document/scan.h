/*
 * Is a scanned page fit to be copied (Decree 30/2020 Annex I, box 14, and Art.
 * 25 to 27): PDF 1.4 or later, in colour, 200 dpi at the least, at true size.
 */
#ifndef DOCUMENT_SCAN_H
#define DOCUMENT_SCAN_H

#include "document/pdf_page.h"

#define SCAN_DPI_LEAST 200.0
#define SCAN_COVERS 0.7 /* of the page: then pictures are the page */

/*
 * Look through all pages.  Pages that pictures do not cover pass: they were not
 * scanned.  Those that do must be sharp enough, and in colour, over as much of
 * it; of strips and tiles all count, of layers the best.  One that states its
 * resolution (JFIF) must be shown at that.  FAIL_SCAN: the note names the page
 * and the value that falls short.
 */
#define SCAN_PAGES_MAX 2000u
CHECKED enum fail scan_check(struct pdf_file *file, struct note *note);

#endif

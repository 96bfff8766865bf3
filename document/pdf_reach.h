/*
 * What an object leads to, when that is little: then two revisions that list
 * all of it at the same places hold the same there, and nobody need look.
 */
#ifndef DOCUMENT_PDF_REACH_H
#define DOCUMENT_PDF_REACH_H

#include "document/pdf_file.h"

#define PDF_REACH_MAX 32u /* objects that are little */

/*
 * Is the object of a reference with all that it leads to the same in both
 * files, whose first bytes are the same?  False: it is not, or it is not known.
 * /P and /Parent of it itself, which lead upwards, are not followed: where they
 * count (up) there must be none.
 *
 * True also says that all of it can be read, with the generations that are
 * asked for, and that no dictionary in it has a key twice.  What a file's
 * objects lead to is found once and kept as long as it is open.
 */
bool pdf_reach_same(
    struct pdf_file *old, struct pdf_file *new, struct pdf_ref ref, bool up);

/* Forget what was found: pdf_file_close. */
struct pdf_reach;
void pdf_reach_free(struct pdf_reach *reach);

#endif

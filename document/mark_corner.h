/*
 * The words at the top right of an annex in its own file or of a copy (Decree
 * 30/2020 Annex I, boxes of annexes, and Annex II).  For mark.c.
 */
#ifndef DOCUMENT_MARK_CORNER_H
#define DOCUMENT_MARK_CORNER_H

#include "document/mark.h"

/*
 * Plan them: in the corner, or where it is taken by a page's header or by an
 * earlier mark, beside or below that.
 */
CHECKED enum fail
mark_corner(struct pdf_file *file, const struct mark_request *request,
    struct mark_plan *plan, struct note *note);

#endif

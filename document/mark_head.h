/*
 * Number, date and the code beside them at the head of a first page (Decree
 * 30/2020 Annex I, boxes 3 and 4; document/head_words.h has what the page says
 * already).  For mark.c.
 */
#ifndef DOCUMENT_MARK_HEAD_H
#define DOCUMENT_MARK_HEAD_H

#include "document/mark.h"

/* Make the empty fields that number and date will go into. */
CHECKED enum fail mark_head_fields(
    struct pdf_file *file, struct mark_plan *plan, struct note *note);

/* Number and date: into their fields, or as a mark of the seal's signature when
 * the file has none (a new field is no form filling). */
CHECKED enum fail
mark_head_words(struct pdf_file *file, const struct mark_request *request,
    struct mark_plan *plan, struct note *note);

/* The code, in the margin beside the number if that is free. */
CHECKED enum fail
mark_head_code(struct pdf_file *file, const struct mark_request *request,
    struct mark_plan *plan, struct note *note);

#endif

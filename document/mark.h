/*
 * Which mark goes where (Decree 30/2020 Annex I): the person's picture in
 * blue, the agency's seal in red over a third of it, number and date in the
 * fields made for them or, on files signed elsewhere, in marks of their own.
 */
#ifndef DOCUMENT_MARK_H
#define DOCUMENT_MARK_H

#include "document/pades_seal.h"

enum mark_role { MARK_PERSON, MARK_AGENCY };

struct mark_request {
	enum mark_role role;
	const struct picture *picture; /* NULL: invisible */
	unsigned page;    /* from 1; 0: where the role's mark usually goes */
	bool placed;      /* x and y below say where */
	double x, y;      /* in the page's own space: where the corner that is
			     shown at the lower left stands */
	bool make_fields; /* person: make the empty number and date fields */
	struct bytes number, date; /* agency: texts to put in; may be empty */
};

/* A plan points into itself and into the request: keep both, do not copy. */
struct mark_plan {
	struct stamp picture, words;
	struct pades_settings settings; /* the caller adds field, time, … */
};

/*
 * Plan the marks of one signature on an open file.  FAIL_UNSUPPORTED: a picture
 * of the wrong colour or on a painted ground; a seal without its size in
 * millimetres (pHYs), which is never guessed.
 */
CHECKED enum fail
mark_plan(struct pdf_file *file, const struct mark_request *request,
    struct mark_plan *plan, struct note *note);

#endif

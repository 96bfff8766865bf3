/*
 * Which mark goes where (Decree 30/2020 Annex I): the person's picture in
 * blue, between his post and his name; the agency's seal in red over a third of
 * it, number and date in the fields made for them, where the draft's text has
 * blanks for them or else where they usually stand, or, on files signed
 * elsewhere, in marks of their own.  An annex in its own file and a copy bear
 * words only, at the top right of their first page, in 10 points.
 */
#ifndef DOCUMENT_MARK_H
#define DOCUMENT_MARK_H

#include "base/when.h"
#include "document/pades_seal.h"

#define MARK_TEST_WORDS "THỬ NGHIỆM" /* on every mark of a test */

/* Decree 30/2020 Annex I: a third, give or take what nobody sees. */
#define MARK_COVERS_MOST 38u

enum mark_role { MARK_PERSON, MARK_AGENCY, MARK_ANNEX, MARK_COPY };

/* Decree 30/2020 Art. 25: the whole text, of a copy, a part of it. */
enum mark_copy { COPY_WHOLE, COPY_OF_COPY, COPY_PART };

/* A place for a person's picture, put there by hand: the page (0: the last),
 * and millimetres from the left and upper edge of the page as it is shown to
 * those of the picture. */
struct mark_spot {
	unsigned page;
	double left, top;
};

struct mark_request {
	enum mark_role role;
	const struct picture *picture; /* NULL: invisible */
	unsigned page;     /* from 1; 0: where the role's mark usually goes */
	bool placed;       /* x and y below say where */
	double x, y;       /* in the page's own space: where the corner that is
			      shown at the lower left stands */
	bool make_fields;  /* person: make the empty number and date fields */
	struct bytes name; /* person: full name to look for in the text; empty:
			      the usual place */
	const struct mark_spot *spot; /* person: or NULL */
	bool placed_only; /* person: without name and spot FAIL_PLACE, not the
			     usual place */
	bool spot_first;  /* it goes before the name; else it is for files in
			     whose text that is not found */
	struct bytes number, date; /* agency: texts to put in; may be empty.
				      annex: number is the main document's */
	bool trial; /* they are examples as long as any: what its head says
		       already is compared with the symbol only, and the number
		       must be left open there */
	const struct qr *code; /* agency: beside the number; NULL: none */
	struct bytes agency;   /* copy: who makes it */
	enum mark_copy copy;
	bool test;     /* the signer is none in law, and every mark says so */
	bool iso_time; /* words have it as ISO 8601, not as VGCA's tools */
	int64_t time;  /* of signing: /M, and what the words of annexes and
			  copies say to the second */
};

/* A plan points into itself and into the request: keep both, do not copy. */
struct mark_plan {
	struct stamp picture, words, code;
	struct pades_settings settings; /* the caller adds field, room, … */
	struct buf words_text;          /* behind the corner's words */
	bool usual; /* a person's name was looked for in vain: his picture goes
		       where signatures usually stand */
	unsigned covers; /* percent of a signature's width under the seal, also
			    under one that will come; 0: no picture, or a seal
			    that stands elsewhere.  Above MARK_COVERS_MOST it
			    was pushed there by the page's edge */
	char day[3][16]; /* behind a date in its blanks */
};

/*
 * Would the head of a draft take the request's number and date?  *dated is what
 * it says of its date already (document/head_words.h).  FAIL_HEAD; FAIL_MEMORY.
 */
CHECKED enum fail mark_try_head(struct pdf_file *file,
    const struct mark_request *request, uint32_t *dated, struct note *note);

/* Does a sealed file say this number ("106/QĐ-BQL") and day at its head, in its
 * text, in the fields made for them or in a mark of a signature? */
bool mark_head_says(
    struct pdf_file *file, struct bytes number, struct when_date day);

/* Is a picture one that such a mark may bear?  FAIL_PICTURE. */
CHECKED enum fail mark_picture_may(
    const struct picture *picture, enum mark_role role, struct note *note);

/*
 * Plan the marks of one signature on an open file.  FAIL_PICTURE: a picture of
 * the wrong colour or on a painted ground; a seal without its size in
 * millimetres (pHYs), which is never guessed; a picture where words belong.
 * FAIL_PLACE: see placed_only.  FAIL_HEAD: the draft's head says another number
 * or date, or has no room. FAIL_SCAN: a copy of a page that is not fit for it.
 * Free the plan also after a failure.
 */
CHECKED enum fail
mark_plan(struct pdf_file *file, const struct mark_request *request,
    struct mark_plan *plan, struct note *note);
void mark_plan_free(struct mark_plan *plan);

#endif

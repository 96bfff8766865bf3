/*
 * What changed between a signed revision of a PDF and the file as it is now
 * (ISO 32000-2 12.8.2.2).
 *
 * Both revisions are walked side by side from their catalogues; an object
 * counts by the way it is reached, so a new object behind an old dangling
 * reference is a change of what pointed to it.  Only what the list below
 * allows is allowed; everything else is a change of the document.  Where two
 * readers could see different things the answer is that nobody knows.
 */
#ifndef DOCUMENT_PDF_CHANGES_H
#define DOCUMENT_PDF_CHANGES_H

#include "document/pdf_locks.h"

#define PDF_CHANGES_STEPS_MAX 2000000u /* pairs of values compared */

/* Worst kind of change found, from harmless to forbidden. */
enum pdf_changes {
	CHANGES_NONE,     /* nothing a viewer shows or a reader uses */
	CHANGES_EVIDENCE, /* time-stamps and validation data added */
	CHANGES_SIGNED,   /* signatures added */
	CHANGES_FORM,     /* empty form fields filled */
	CHANGES_OTHER,    /* anything else */
	CHANGES_UNKNOWN,  /* could not be compared, or readers may differ */
};

/* What the old revision is: of a draft that nobody signed yet the first
 * signature may also bring the empty fields for number and date; on the way to
 * a newer one an empty field for a signature may come. */
enum pdf_stage { STAGE_SIGNED, STAGE_DRAFT, STAGE_STEP };

/*
 * Compare an old revision, whose bytes are the beginning of the new file's,
 * with the new file.  A locked field (locks may be NULL) may not be filled.
 * note tells the first place of the worst change.  Both files stay open and
 * unchanged.
 */
enum pdf_changes pdf_changes_judge(struct pdf_file *old, struct pdf_file *new,
    enum pdf_stage stage, const struct pdf_locks *locks, struct note *note);

#endif

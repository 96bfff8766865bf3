/*
 * Fields by their names: a name stands for one field with one value (ISO
 * 32000-2 12.7.4.2), and what is below a field says so (12.7.4.1, /Parent).
 * Where that is not so readers differ.
 */
#ifndef DOCUMENT_PDF_TWINS_H
#define DOCUMENT_PDF_TWINS_H

#include "document/pdf_field.h"

struct pdf_twins {
	size_t count;
	struct pdf_twin {
		uint32_t num; /* of a field or widget; 0: of all without */
		bool field;
		bool shares;  /* its full name with another */
		bool crooked; /* it says that it stands elsewhere, or something
				 of the same field does */
	} list[];             /* by number */
};

/* Of the file as it is, found when first asked for and kept as long as it is
 * open.  NULL: no memory, or fields too many or too deep. */
const struct pdf_twins *pdf_twins(struct pdf_file *file);

/* Is it a field that the form lists, under a name of its own? */
bool pdf_is_single(const struct pdf_twins *twins, uint32_t num);

/* Does a field or widget stand where it says?  True also of one that is none.
 */
bool pdf_is_straight(const struct pdf_twins *twins, uint32_t num);

#endif

/*
 * The signatures of a file by the fields and widgets that bear them, and how
 * far each signs (ISO 32000-2 12.7.5.5, 12.8.1).
 */
#ifndef DOCUMENT_PDF_SIGNERS_H
#define DOCUMENT_PDF_SIGNERS_H

#include "document/pdf_field.h"

#define PDF_SIGNERS_MAX 512u /* signatures of one file */

/* A field or widget, by its object number. */
struct pdf_signer {
	uint32_t num;
	uint64_t end; /* of the bytes that its signature signs */
};

struct pdf_signers {
	bool unclear; /* a value stands in two fields, or there are too many */
	size_t count;
	struct pdf_signer list[]; /* by number, the farthest end first */
};

/* Of the file as it is, found when first asked for and kept as long as it is
 * open.  NULL: no memory. */
const struct pdf_signers *pdf_signers(struct pdf_file *file);

/* Where the bytes end that the field or widget num signs; 0: it signs none. */
uint64_t pdf_signers_end(const struct pdf_signers *signers, uint32_t num);

/* Where the bytes end that a signature dictionary signs; 0: it is none. */
uint64_t pdf_signed_end(struct pdf_file *file, const struct pdf_value *value);

#endif

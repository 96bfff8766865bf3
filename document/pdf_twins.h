/*
 * Fields with the full name of another one: a name stands for one field with
 * one value (ISO 32000-2 12.7.4.2), and readers differ about a second.
 */
#ifndef DOCUMENT_PDF_TWINS_H
#define DOCUMENT_PDF_TWINS_H

#include "document/pdf_field.h"

/* By their object numbers, 0 for all that have none. */
struct pdf_twins {
	size_t count;
	uint32_t nums[]; /* ascending */
};

/* Of the file as it is; to be freed.  NULL: no memory. */
struct pdf_twins *pdf_twins(struct pdf_file *file);

bool pdf_is_twin(const struct pdf_twins *twins, uint32_t num);

#endif

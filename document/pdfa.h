/*
 * Archival files (PDF/A, ISO 19005): what a file says of itself, and what is
 * added to it must keep to.  Whether it was true before is nobody's question
 * here.
 */
#ifndef DOCUMENT_PDFA_H
#define DOCUMENT_PDFA_H

#include "document/pdf_file.h"

/* What marks must be like. */
struct pdfa {
	unsigned part;   /* 1 to 4, as the metadata says; 0: it is none */
	bool flat;       /* nothing may be seen through: in part 1 (6.4), and
			    where the file has no colour space to mix in */
	bool calibrated; /* colours without a device (ISO 19005-1 6.2.3) */
};

/* Metadata that say nothing are those of an ordinary file. */
struct pdfa pdfa_of(struct pdf_file *file);

#endif

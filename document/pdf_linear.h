/* Linearized files (ISO 32000-2 Annex F). */
#ifndef DOCUMENT_PDF_LINEAR_H
#define DOCUMENT_PDF_LINEAR_H

#include "document/pdf_file.h"

/*
 * A file that says it is linearized and of this length some readers
 * begin to read with the section behind the dictionary that says so, and with
 * the page that it names, others with what startxref and the tree of pages
 * name: are they two?
 */
bool pdf_has_two_starts(struct pdf_file *file, size_t header);

#endif

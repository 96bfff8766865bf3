/*
 * How often the objects of a file are referred to: who is alone in using one
 * may give it up.
 */
#ifndef DOCUMENT_PDF_REFERRED_H
#define DOCUMENT_PDF_REFERRED_H

#include "document/pdf_file.h"

/*
 * By object number, from all that the file lists and from its trailer: 0, 1, or
 * 2 for more.  entry_count of them, to be freed; NULL: something does not read,
 * or no memory.
 */
uint8_t *pdf_references_count(struct pdf_file *file);

#endif

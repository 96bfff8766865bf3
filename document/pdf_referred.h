/*
 * How often an object is referred to, anywhere in a file: who is alone in
 * using one may give it up.
 */
#ifndef DOCUMENT_PDF_REFERRED_H
#define DOCUMENT_PDF_REFERRED_H

#include "document/pdf_file.h"

/* Does one place at most refer to the object, of all that the file lists and
 * of its trailer?  False, too, when something does not read. */
bool pdf_referred_once(struct pdf_file *file, uint32_t num);

#endif

/* Dates of a PDF (ISO 32000-1 7.9.4). */
#ifndef DOCUMENT_PDF_DATE_H
#define DOCUMENT_PDF_DATE_H

#include "base/bytes.h"

/* "D:20240916162931+07'00'" as an instant, UTC seconds; parts may be left out
 * from the end.  False: no such text. */
bool pdf_date_read(struct bytes text, int64_t *instant);

#endif

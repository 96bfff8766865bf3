/*
 * The rows of one section of a cross-reference, a table's (ISO 32000-2 7.5.4)
 * or a stream's (7.5.8).  Each goes into the file by pdf_xref_set; file->odd is
 * set where readers may differ about one.  For pdf_xref.c.
 */
#ifndef DOCUMENT_PDF_ROWS_H
#define DOCUMENT_PDF_ROWS_H

#include "document/pdf_file.h"

/* All subsections behind "xref", and the trailer behind them.  FAIL_FORMAT. */
CHECKED enum fail pdf_rows_table(
    struct pdf_file *file, struct pdf_lexer *lexer, struct pdf_value **trailer);

/* Those of a stream with this dictionary, decoded.  FAIL_FORMAT: also where
 * there are fewer than it says, or it says less than numbers. */
CHECKED enum fail pdf_rows_stream(
    struct pdf_file *file, const struct pdf_value *dict, struct bytes rows);

#endif

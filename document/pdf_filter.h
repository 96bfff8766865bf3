/* Stream filters the reader itself needs (ISO 32000-1 7.4). */
#ifndef DOCUMENT_PDF_FILTER_H
#define DOCUMENT_PDF_FILTER_H

#include "document/pdf_value.h"

/*
 * Undo one filter named name with its parameters (NULL or a dictionary),
 * appending to out.  FAIL_UNSUPPORTED: not one of FlateDecode,
 * ASCIIHexDecode, ASCII85Decode.  *whole: every reader gets the same, which is
 * told of FlateDecode by its full name only.
 */
CHECKED enum fail
pdf_filter_read(struct bytes name, const struct pdf_value *parameters,
    struct bytes in, struct buf *out, bool *whole);

#endif

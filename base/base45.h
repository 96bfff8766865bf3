/*
 * Base45 (RFC 9285): bytes as the letters that QR codes hold most densely.
 */
#ifndef BASE_BASE45_H
#define BASE_BASE45_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"

/* Append the text of in; buf_fail() tells about room. */
void base45_put(struct bytes in, struct buf *out);

/* Append the bytes of a text.  FAIL_FORMAT: not Base45. */
CHECKED enum fail base45_read(struct bytes text, struct buf *out);

#endif

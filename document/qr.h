/*
 * A QR code symbol (ISO/IEC 18004) of a text in its alphanumeric letters.
 */
#ifndef DOCUMENT_QR_H
#define DOCUMENT_QR_H

#include "base/bytes.h"
#include "base/fail.h"

#define QR_SIDE_MAX 97u /* modules of version 20 */
#define QR_QUIET 4u     /* modules of white around it (clause 9.1) */

struct qr {
	unsigned side; /* modules, without the quiet zone */
	bool dark[QR_SIDE_MAX][QR_SIDE_MAX]; /* by row from the top */
};

/* The smallest symbol of error correction level L.  FAIL_FORMAT: a letter
 * outside the alphanumeric set; FAIL_LIMIT: too long for version 20. */
CHECKED enum fail qr_make(struct bytes text, struct qr *qr);

#endif

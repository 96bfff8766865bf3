/*
 * A writer of DER into a buffer.  Constructed items are opened, filled and
 * closed; closing puts tag and length in front of what was written.
 */
#ifndef CRYPTO_DER_WRITE_H
#define CRYPTO_DER_WRITE_H

#include "base/buf.h"

/* Where a constructed item's content starts; from der_begin. */
typedef size_t der_mark;

der_mark der_begin(const struct buf *out);
void der_end_with(struct buf *out, der_mark mark, uint8_t tag);

/* A primitive item. */
void der_put(struct buf *out, uint8_t tag, struct bytes value);

/* A non-negative INTEGER. */
void der_put_int(struct buf *out, uint32_t value);

/* A BIT STRING without unused bits. */
void der_put_bits(struct buf *out, struct bytes octets);

/* UTCTime, or GeneralizedTime from 2050 on (RFC 5280 4.1.2.5). */
void der_put_time(struct buf *out, int64_t instant);

void der_put_null(struct buf *out);

#endif

/*
 * Distinguished names (RFC 5280 4.1.2.4): read, shown, compared.
 */
#ifndef CRYPTO_NAME_H
#define CRYPTO_NAME_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"
#include "crypto/oid.h"

/* The n-th value of an attribute in its own encoding, or an empty view. */
struct bytes name_attribute(struct bytes name, enum oid type, size_t n);

/*
 * Append a Name as "C=VN, O=…, CN=…" in its own order, UTF-8, values with
 * control characters shown as '?'.  FAIL_FORMAT: not a Name.
 */
CHECKED enum fail name_text(struct bytes name, struct buf *out);

/* The last commonName into room bytes as text_keep does it; without one the
 * whole Name as above, and nothing of what is none. */
void name_keep(struct bytes name, char *shown, size_t room);

/*
 * The same name by RFC 5280 7.1: same sets of attributes in the same order; of
 * a set up to sixteen are looked at.  Texts are compared without regard to
 * their string type, to the case of ASCII letters and to how many spaces stand
 * between words.
 */
bool name_equal(struct bytes a, struct bytes b);

/* Does name begin with all the attributes of prefix?  What a directory name of
 * a constraint means (RFC 5280 4.2.1.10). */
bool name_within(struct bytes name, struct bytes prefix);

/* Can it be held against another: is what should be texts readable? */
bool name_is_clear(struct bytes name);

#endif

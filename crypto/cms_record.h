/*
 * Evidence records inside a CMS (RFC 4998 A, ETSI TS 119 122-3): unsigned
 * attributes that prove since when the CMS without them has been there.  It may
 * be BER: what was stamped are its bytes as its writer left them.
 */
#ifndef CRYPTO_CMS_RECORD_H
#define CRYPTO_CMS_RECORD_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"

#define CMS_RECORDS_MAX 8u

struct cms_record {
	struct bytes record;    /* view into the CMS */
	struct bytes attribute; /* that holds it, and perhaps others */
	bool external; /* it is about the content beside the CMS, too */
};

/* All records of all signers of a CMS, at most CMS_RECORDS_MAX; what does not
 * read has none. */
size_t cms_records_find(
    struct bytes cms, struct cms_record records[static CMS_RECORDS_MAX]);

/* Append the CMS without one of the attributes; lengths that were definite
 * still are.  FAIL_FORMAT: it has no such one. */
CHECKED enum fail
cms_records_strip(struct bytes cms, struct bytes attribute, struct buf *out);

#endif

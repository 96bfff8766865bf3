/*
 * Checking one CMS signature or time-stamp (EN 319 102-1 5), whatever carries
 * it: who made it, does it hold over a content's digest, whom can it be traced
 * to, and since when has it been there.
 */
#ifndef DOCUMENT_CMS_CHECK_H
#define DOCUMENT_CMS_CHECK_H

#include "crypto/cms.h"
#include "crypto/timestamp.h"
#include "document/findings.h"
#include "document/pades_trust.h"

#define CMS_CHECK_MAX (8u << 20) /* bytes of one CMS in something else … */
#define CMS_FILE_MAX (64u << 20) /* … and of a file, with its content */

struct check_policy {
	struct trust_policy trust;
	bool assume_trusted; /* take the signer's own chain as trusted, in time
			      */
	bool verdicts_only;  /* nobody reads what is told beside them: the old
				and new content, whose PKI, what is unseen */
};

struct cms_check {
	struct trust *trust; /* what comes with the CMS is added to it */
	const struct check_policy *policy;
	struct findings *findings; /* the answers go here */
	struct buf *der; /* one that lives as long as trust; made only if the
			    CMS has to be brought into DER */
	int64_t proven;  /* the signature was there by then … */
	int64_t stamp_proven[CMS_STAMPS_MAX]; /* … and each of its time-stamps;
						 0: as the signature */
	struct cms cms;
	const struct cert *signer;
};

/*
 * Read a CMS, which may be BER and have something behind it that fills its
 * place, and find its n-th signer.  FAIL_MISSING: his certificate is nowhere.
 * The answer is in findings->cms, too.
 */
CHECKED enum fail
cms_check_read(struct cms_check *c, struct bytes contents, size_t n);

/* Does it hold over a content whose digest, by the signer's algorithm, is
 * this?  Sets digest and value. */
void
cms_check_value(struct cms_check *c, const uint8_t digest[static HASH_MAX]);

/* Its time-stamp, and whom it can be traced to at the best signature time; to
 * be asked when it holds. */
void cms_check_trust(struct cms_check *c);

/* Is a time-stamp's authority one of ours, at an instant, and the time-stamp of
 * its time and strong enough?  FAIL_EXPIRED, FAIL_UNSUPPORTED: not that. */
CHECKED enum fail
cms_check_authority(struct cms_check *c, const struct timestamp *stamp,
    const struct cert *authority, int64_t instant);

/* The same two steps for a time-stamp that stands by itself. */
CHECKED enum fail cms_check_read_token(
    struct cms_check *c, struct bytes contents, struct timestamp *token);
void cms_check_token(struct cms_check *c, const struct timestamp *token,
    const uint8_t digest[static HASH_MAX]);

#endif

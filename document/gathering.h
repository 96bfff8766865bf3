/*
 * What was used to judge certificates is gathered, so that it can be kept
 * beside what they signed.
 */
#ifndef DOCUMENT_GATHERING_H
#define DOCUMENT_GATHERING_H

#include "document/findings.h"
#include "document/pades_trust.h"

/* Hands what is used to the store, and on to whom it comes from. */
struct gathering {
	struct trust_source source; /* for the trust policy */
	const struct trust_source *outer;
	struct dss *dss;
	enum fail fail; /* the first one of the store */
};

/* outer: whom to ask, or NULL.  All stay the caller's; g does not move. */
void gathering_init(
    struct gathering *g, const struct trust_source *outer, struct dss *dss);

/* Its failure, with a note. */
CHECKED enum fail gathering_fail(const struct gathering *g, struct note *note);

/*
 * Can all be checked with what was gathered?  FAIL_MISSING: there is nothing,
 * or nobody tells about a certificate; other failures: of the first that cannot
 * be, as the note says.  Those below an unknown root are left out where there
 * are others; the note then is about the first of them.
 */
CHECKED enum fail
gathering_judge(const struct signature_report *report, struct note *note);

#endif

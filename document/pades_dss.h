/*
 * The document security store (EN 319 142-1 5.4.2, ISO 32000-2 12.8.4.3):
 * certificates, revocation lists and responders' answers that a file carries so
 * that its signatures can be checked when nobody can be asked any more.
 */
#ifndef DOCUMENT_PADES_DSS_H
#define DOCUMENT_PADES_DSS_H

#include "document/pdf_append.h"

#define DSS_ITEMS_MAX 512u
#define DSS_BYTES_MAX (48u << 20) /* of all items of a file together */

enum dss_kind { DSS_CERT, DSS_CRL, DSS_OCSP, DSS_KINDS };

struct dss_item {
	enum dss_kind kind;
	struct bytes der;
	struct pdf_ref ref; /* num 0: not in the file yet */
	size_t at; /* where its object ends in the file: it was there by the
		      time of whatever covers this; SIZE_MAX: new */
};

/* What a file carries, and what is to be added.  Each thing once. */
struct dss {
	struct arena arena; /* the items' bytes */
	struct dss_item *items;
	size_t count;
	size_t held; /* bytes */
	size_t
	    read; /* bytes decoded while reading a file, whatever came of it */
	size_t tried;
};

void dss_init(struct dss *dss);
void dss_free(struct dss *dss);

/* Read the file's store, if it has one.  Items that cannot be read are left
 * out; FAIL_LIMIT: there are too many or they are too large. */
CHECKED enum fail dss_read(struct dss *dss, struct pdf_file *file);

/* Add a copy of one thing unless it is there.  FAIL_LIMIT. */
CHECKED enum fail
dss_add(struct dss *dss, enum dss_kind kind, struct bytes der);

/*
 * Write the new items and a store with all of them into an update, with an
 * entry of what the store holds for each signature whose /Contents (the whole
 * string, padding and all) is given.  The file's catalogue is written anew: it
 * must not be written otherwise in the same update.
 */
CHECKED enum fail dss_write(const struct dss *dss, struct pdf_append *append,
    const struct bytes *contents, size_t contents_count, int64_t time);

#endif

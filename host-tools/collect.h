/*
 * Revocation data fetched over this PC's own network while paths are judged,
 * and all that was used for them, for a document's security store.
 */
#ifndef HOST_TOOLS_COLLECT_H
#define HOST_TOOLS_COLLECT_H

#include "document/pades_trust.h"

#define COLLECT_LIST_MAX (64u << 20) /* bytes of one revocation list */

struct collection {
	bool online;             /* may servers be asked? */
	struct dss *used;        /* what was part of a path; NULL: not wanted */
	struct arena arena;      /* what was fetched */
	struct evidence *cache;  /* owned: lists by their addresses */
	struct bytes *addresses; /* owned */
	size_t cache_count;
	struct trust_source source; /* give this to trust_policy */
	enum fail fail;             /* of keeping what was used */
};

void collect_init(struct collection *c, bool online, struct dss *used);
void collect_free(struct collection *c);

#endif

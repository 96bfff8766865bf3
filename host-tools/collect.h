/*
 * Revocation data fetched over this PC's own network while paths are judged.
 */
#ifndef HOST_TOOLS_COLLECT_H
#define HOST_TOOLS_COLLECT_H

#include "document/pades_trust.h"

#define COLLECT_LIST_MAX (64u << 20) /* bytes of one revocation list */

struct collection {
	bool online;             /* may servers be asked? */
	struct arena arena;      /* what was fetched */
	struct evidence *cache;  /* owned: lists … */
	struct bytes *addresses; /* owned: … by their addresses */
	size_t cache_count;
	struct trust_source source; /* give this to trust_policy */
};

void collect_init(struct collection *c, bool online);
void collect_free(struct collection *c);

#endif

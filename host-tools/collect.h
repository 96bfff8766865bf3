/*
 * Revocation data fetched over this PC's own network while paths are judged.
 * Lists can have tens of megabytes: they go into files without a name, where
 * $TMPDIR says, and are read beside their maps.
 */
#ifndef HOST_TOOLS_COLLECT_H
#define HOST_TOOLS_COLLECT_H

#include "document/pades_trust.h"

#define COLLECT_LIST_MAX (64u << 20) /* bytes of one revocation list */

struct collection {
	bool online;        /* may servers be asked? */
	struct arena arena; /* answers that were fetched, and addresses */
	struct collected_list *lists; /* owned */
	size_t list_count;
	struct collected_answer *answers; /* owned */
	size_t answer_count;
	struct trust_source source; /* give this to trust_policy */
};

void collect_init(struct collection *c, bool online);
void collect_free(struct collection *c);

#endif

/*
 * Signing files that are no PDF: CAdES detached (EN 319 122-1) and ASiC-E
 * containers with CAdES (EN 319 162-1).
 */
#ifndef HOST_TOOLS_CADES_H
#define HOST_TOOLS_CADES_H

#include "host-tools/key.h"
#include "host-tools/longterm.h"

struct cades_order {
	char *const *files; /* paths; one, unless it is for a container */
	size_t count;
	const char *out;
	bool container;
	enum level level;
	const struct longterm *longterm;
	const char *pin_file;
};

/*
 * Sign with a key that is open but not logged in.  Nothing is written when
 * anything fails.  FAIL_LIMIT: no file, or too many.
 */
CHECKED enum fail
cades_run(const struct cades_order *order, struct key *key, struct note *note);

#endif

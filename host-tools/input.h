/*
 * A file that is to get an update, perhaps in place.
 */
#ifndef HOST_TOOLS_INPUT_H
#define HOST_TOOLS_INPUT_H

#include "base/disk.h"
#include "base/fail.h"

/*
 * Map it.  If an update of it in place was cut short (pdf_unfinished.h), what
 * it was before is mapped when out is the same file again; FAIL_FORMAT: out is
 * another one.
 */
CHECKED enum fail input_map(
    const char *in, const char *out, struct disk_map *map, struct note *note);

/* Put an update behind it: into out, which may be the same file.  What was
 * begun there before goes. */
CHECKED enum fail
input_put(const char *out, const struct disk_map *map, struct bytes update);

#endif

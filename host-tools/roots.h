/* The trust anchors a user of the PC tool names. */
#ifndef HOST_TOOLS_ROOTS_H
#define HOST_TOOLS_ROOTS_H

#include "crypto/cert_file.h"

/* Of a trust folder the self-issued certificates are the roots, the others
 * help to reach them. */
CHECKED enum fail roots_load(const char *folder, struct cert_file_set *roots,
    struct cert_file_set *pool, struct note *note);

#endif

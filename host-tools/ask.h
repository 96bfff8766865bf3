/*
 * Asking a server over plain HTTP on this PC's own network.
 */
#ifndef HOST_TOOLS_ASK_H
#define HOST_TOOLS_ASK_H

#include "base/buf.h"

#define ASK_MS 20000 /* from connecting to the end of the answer */

/*
 * POST query with its Content-Type, or GET when type is NULL; append the body
 * of the answer, of `most` bytes at the most, to out.  FAIL_USAGE: not an
 * http:// address; FAIL_PEER: no connection, or another status than 200;
 * FAIL_TIMEOUT; FAIL_FORMAT: no HTTP.
 */
CHECKED enum fail ask(const char *address, const char *type, struct bytes query,
    size_t most, struct buf *out, struct note *note);

/* GET; the body goes into a file as it comes. */
CHECKED enum fail
ask_file(const char *address, size_t most, int file, struct note *note);

#endif

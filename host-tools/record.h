/* Checking a file's evidence record (RFC 4998). */
#ifndef HOST_TOOLS_RECORD_H
#define HOST_TOOLS_RECORD_H

#include "document/pades_check.h"

/* Print what the record says of the file; an exit code of antin.h. */
int record_verify(
    const char *file, const char *record, const struct check_policy *policy);

#endif

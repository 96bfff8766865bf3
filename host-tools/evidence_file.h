/*
 * Revocation data from files: lists (DER or PEM) and responders' answers (DER).
 */
#ifndef HOST_TOOLS_EVIDENCE_FILE_H
#define HOST_TOOLS_EVIDENCE_FILE_H

#include "crypto/revocation.h"

struct evidence_file {
	struct disk_map map;
	struct buf der; /* of a PEM */
	struct evidence evidence;
};

/* Open one; it was there at this instant.  The struct must stay where it is. */
CHECKED enum fail evidence_file_open(struct evidence_file *file,
    const char *path, enum evidence_kind kind, int64_t now, struct note *note);
void evidence_file_close(struct evidence_file *file);

#endif

/*
 * A ZIP file as ASiC containers need it (APPNOTE.TXT 6.3, EN 319 162-1 A.1):
 * entries stored as they are, names in UTF-8.
 */
#ifndef DOCUMENT_ZIP_H
#define DOCUMENT_ZIP_H

#include "base/buf.h"

#define ZIP_ENTRIES_MAX 1024u
#define ZIP_NAME_MAX 255u

struct zip {
	struct buf out;       /* the file so far */
	struct buf directory; /* its central directory */
	unsigned count;
};

void zip_init(struct zip *zip, size_t ceiling);
void zip_free(struct zip *zip);

/* Add an entry.  FAIL_USAGE: the name is empty, too long, or leads out of the
 * container. */
CHECKED enum fail
zip_add(struct zip *zip, const char *name, struct bytes content);

/* Write the directory; zip->out is then the file. */
CHECKED enum fail zip_finish(struct zip *zip);

#endif

/*
 * A ZIP file as ASiC containers need it (APPNOTE.TXT 6.3, EN 319 162-1 A.1),
 * written from its beginning to its end: it need not be held.  Names are in
 * UTF-8; what is new is stored as it is.
 */
#ifndef DOCUMENT_ZIP_H
#define DOCUMENT_ZIP_H

#include "base/buf.h"

#define ZIP_ENTRIES_MAX 1024u
#define ZIP_NAME_MAX 255u

struct zip {
	/* Where it goes to, piece by piece; what fails there is to be
	 * remembered there. */
	void (*put)(void *context, struct bytes part);
	void *context;
	uint64_t at;          /* bytes written so far */
	struct buf directory; /* its central directory */
	unsigned count;
};

struct zip_entry {
	struct bytes name;
	uint32_t crc, size; /* of the content */
	uint32_t stored;    /* bytes of data */
	bool packed;        /* the data is deflated */
	uint32_t time;      /* as DOS has it: date and time */
};

#define ZIP_TIME 0x58210000u /* 2024-01-01: the same files, the same bytes */

void zip_init(struct zip *zip, void (*put)(void *context, struct bytes part),
    void *context);
void zip_free(struct zip *zip);

/* For a file that is held: context is a struct buf. */
void zip_put_buf(void *context, struct bytes part);

/* Begin an entry, whose data follows by zip_data: entry->stored bytes of it.
 * FAIL_USAGE: the name is empty, too long, or leads out of the container;
 * FAIL_LIMIT: it would be past 4 GB. */
CHECKED enum fail zip_begin(struct zip *zip, const struct zip_entry *entry);
void zip_data(void *zip, struct bytes part);

/* Add an entry that is stored. */
CHECKED enum fail
zip_add(struct zip *zip, const char *name, struct bytes content);

/* Write the directory; the file is then whole. */
CHECKED enum fail zip_finish(struct zip *zip);

#endif

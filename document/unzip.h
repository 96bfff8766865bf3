/*
 * ZIP files read strictly (APPNOTE.TXT 6.3): what the directory says and what
 * stands in front of each entry must agree, the entries stand one behind the
 * other with nothing between them, no two have one name (ASCII letters of
 * either size are one), no file is named as a folder, folders have files in
 * them, and nothing is encrypted, split or larger than 4 GB.
 */
#ifndef DOCUMENT_UNZIP_H
#define DOCUMENT_UNZIP_H

#include "base/buf.h"
#include "document/zip.h"

struct unzip_entry {
	struct bytes name; /* as it stands: UTF-8 */
	struct bytes data; /* as it is stored */
	size_t at;         /* where its header stands in the file … */
	size_t end;        /* … and its data ends */
	bool described;    /* its sizes stand once more behind it */
	uint32_t size;     /* of the content */
	uint32_t crc;
	bool packed;   /* deflated */
	uint32_t time; /* as DOS has it */
};

struct unzip {
	struct unzip_entry *entries; /* owned; in the order of the directory */
	size_t count;
	bool commented; /* it or an entry has a comment, which is more than
			   "mimetype=…" (EN 319 162-1 A.1) */
};

/* FAIL_FORMAT; FAIL_UNSUPPORTED; FAIL_LIMIT: too many entries. */
CHECKED enum fail unzip_open(struct unzip *zip, struct bytes in);
void unzip_close(struct unzip *zip);

/* By name; NULL: there is none. */
const struct unzip_entry *
unzip_find(const struct unzip *zip, struct bytes name);

/* Append the content.  FAIL_LIMIT: the buffer's ceiling; FAIL_FORMAT: it is not
 * what the directory says. */
CHECKED enum fail unzip_read(const struct unzip_entry *entry, struct buf *out);

/* The same in steps, without holding it. */
CHECKED enum fail unzip_each(const struct unzip_entry *entry,
    void (*step)(void *context, struct bytes part), void *context);

#endif

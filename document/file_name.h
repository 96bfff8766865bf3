/*
 * Names of files as file systems take them: to many of them a name is the same
 * in small and in capital letters, composed and decomposed (macOS), with and
 * without dots or blanks at its end (Windows).
 */
#ifndef DOCUMENT_FILE_NAME_H
#define DOCUMENT_FILE_NAME_H

#include "base/buf.h"

/* Append what is the same for all names that are one to some file system; of a
 * path with slashes each part by itself.  FAIL_FORMAT: it is not UTF-8. */
CHECKED enum fail file_name_key(struct bytes name, struct buf *out);

#endif

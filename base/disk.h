/*
 * Files: read-only maps, whole reads with a ceiling, writes that are there
 * whole or not at all.
 */
#ifndef BASE_DISK_H
#define BASE_DISK_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"

/*
 * A file mapped for reading.  It must not be shortened or written meanwhile; a
 * small one is read, for mapping its pages costs more than copying them.
 */
struct disk_map {
	struct bytes bytes;
	int fd;      /* owned; -1 when closed */
	size_t from; /* where the bytes begin in the file */
};
#define DISK_SMALL (1u << 20)

/* Map a file by path, or by a descriptor that the map then owns. */
CHECKED enum fail disk_map(const char *path, struct disk_map *map);
/* The first len bytes of it; FAIL_USAGE: it holds fewer. */
CHECKED enum fail
disk_map_head(const char *path, size_t len, struct disk_map *map);
CHECKED enum fail disk_map_fd(int fd, struct disk_map *map);
void disk_unmap(struct disk_map *map);

/* A file without a name, for this process and who is given it: in a folder, or
 * in memory if there is none (NULL) or it can have no such file.  -1: neither.
 */
int disk_unnamed(const char *folder);

/* The same file for reading only; -1: it cannot be had. */
int disk_reopen(int fd);

/* Close a descriptor, -1 from then on; nothing if it is. */
void disk_close(int *fd);

/* A part of it, cut at its end; good as long as the map is, and not to be
 * unmapped. */
struct disk_map
disk_map_part(const struct disk_map *map, size_t from, size_t len);

/* Give back the memory of bytes that are mapped from a file and were never
 * written to; they are read again when they are needed.  Others would be lost.
 */
void disk_forget(struct bytes mapped);

/*
 * A private view of a mapped file with tail right behind it, without copying
 * the file; it lives apart from the map.  Given back by disk_unjoin.
 */
CHECKED enum fail
disk_join(const struct disk_map *file, struct bytes tail, struct bytes *view);
void disk_unjoin(struct bytes view);

/*
 * Visit the file's content from its start in steps, reading beside the map so
 * that memory stays small however large the file is.  What is small is taken
 * from the map, which needs no copy; so is what has no file (fd -1).
 */
typedef void disk_visit(void *context, struct bytes step);
CHECKED enum fail
disk_each(const struct disk_map *map, disk_visit *visit, void *context);

/* The same for len bytes from an offset of an open file. */
CHECKED enum fail
disk_part(int fd, size_t from, size_t len, disk_visit *visit, void *context);

/*
 * Write len bytes from an offset of `from` to `to`, by reading: `from` may be
 * another process's, and a map of it could be cut off under us.  FAIL_USAGE:
 * it holds fewer; what was written then stays.
 */
CHECKED enum fail disk_copy(int from, uint64_t offset, uint64_t len, int to);

/* Read len bytes from an offset.  FAIL_USAGE: the file holds fewer. */
CHECKED enum fail
disk_read_at(int fd, uint64_t offset, size_t len, uint8_t *out);

/* Bytes a descriptor's file holds now; FAIL_USAGE: it is no plain file. */
CHECKED enum fail disk_size(int fd, uint64_t *size);

/* Append a whole file to out; FAIL_LIMIT past out's ceiling. */
CHECKED enum fail disk_read(const char *path, struct buf *out);

/* Write all of data. */
CHECKED enum fail disk_write_all(int fd, struct bytes data);

/* Make a folder for this user alone.  FAIL_EXISTS: something has the name. */
CHECKED enum fail disk_make_folder(const char *path);

/* Does path name the mapped file itself? */
bool disk_is(const char *path, const struct disk_map *map);

/*
 * A file while it is written: without a name where the file system has such, or
 * under one beside the one that it gets when all of it is on the disk.
 */
struct disk_temp {
	int fd;         /* owned */
	enum fail fail; /* the first one of put */
	mode_t mode;    /* it will have: of the file that was there, or as umask
			   says */
	char path[4096], name[4096]; /* name empty: it has none */
};

/* FAIL_EXISTS: the name is of something that is no plain file. */
CHECKED enum fail disk_temp_open(struct disk_temp *temp, const char *path);
void disk_temp_put(void *temp, struct bytes data);

/* Keep it, or drop it when something failed, here or there: then path is as it
 * was. */
CHECKED enum fail disk_temp_close(struct disk_temp *temp, enum fail there);

/*
 * Make path hold the content of the mapped file (NULL: nothing) followed by
 * tail, by way of a temporary file.  On failure path is as it was.
 */
CHECKED enum fail
disk_replace(const char *path, const struct disk_map *head, struct bytes tail);

/*
 * The same; but if path is the mapped file itself, tail is put behind it
 * without copying it.  Its last DISK_LAST bytes are written when all before
 * them are on the disk; until then the file ends with `meanwhile` (no more than
 * these), written before all: a reader that looks at the end first sees that or
 * the new content.  On failure the file is cut back.  FAIL_STATE: it has
 * another size by now.
 */
#define DISK_LAST 64u
CHECKED enum fail disk_put(const char *path, const struct disk_map *head,
    struct bytes tail, struct bytes meanwhile);

/* Cut the mapped file, which is at path, to len bytes.  FAIL_STATE: as above.
 */
CHECKED enum fail
disk_cut(const char *path, const struct disk_map *map, size_t len);

#endif

#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_ROOM 4096u
#define STEP (256u << 10)

static enum fail
fail_of_errno(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		return FAIL_MISSING;
	case EEXIST:
		return FAIL_EXISTS;
	case ENOSPC:
	case EDQUOT:
		return FAIL_FULL;
	case ENOMEM:
		return FAIL_MEMORY;
	case ENAMETOOLONG:
		return FAIL_LIMIT;
	case EACCES:
	case EPERM:
		return FAIL_RIGHTS;
	default:
		return FAIL_IO;
	}
}

static enum fail
map_large(int fd, size_t size, struct bytes *bytes)
{
	void *at = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		return fail_of_errno();
	/* Read-ahead would count pages never looked at. */
	(void)madvise(at, size, MADV_RANDOM);
	*bytes = (struct bytes){ at, size };
	return FAIL_NONE;
}

static enum fail
read_small(int fd, size_t size, struct bytes *bytes)
{
	uint8_t *at = malloc(size);
	enum fail f = at ? disk_read_at(fd, 0, size, at) : FAIL_MEMORY;

	if (f)
		free(at);
	else
		*bytes = (struct bytes){ at, size };
	return f;
}

/* The first most bytes, or all that there are. */
static enum fail
map_some(int fd, uint64_t most, struct disk_map *map)
{
	uint64_t size = 0;
	enum fail f = disk_size(fd, &size);

	*map = (struct disk_map){ .fd = -1 };
	size = size < most ? size : most;
	if (!f && size)
		f = (size > DISK_SMALL ? map_large : read_small)(
		    fd, (size_t)size, &map->bytes);
	if (f)
		close(fd);
	else
		map->fd = fd;
	return f;
}

enum fail
disk_map_fd(int fd, struct disk_map *map)
{
	return map_some(fd, UINT64_MAX, map);
}

enum fail
disk_map_head(const char *path, size_t len, struct disk_map *map)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum fail f;

	*map = (struct disk_map){ .fd = -1 };
	if (fd < 0)
		return fail_of_errno();
	f = map_some(fd, len, map);
	if (!f && map->bytes.len < len) {
		disk_unmap(map);
		f = FAIL_USAGE;
	}
	return f;
}

enum fail
disk_map(const char *path, struct disk_map *map)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*map = (struct disk_map){ .fd = -1 };
	return fd < 0 ? fail_of_errno() : disk_map_fd(fd, map);
}

void
disk_unmap(struct disk_map *map)
{
	void *at = (void *)(uintptr_t)map->bytes.data;

	if (map->bytes.len > DISK_SMALL)
		munmap(at, map->bytes.len);
	else
		free(at);
	if (map->fd >= 0)
		close(map->fd);
	*map = (struct disk_map){ .fd = -1 };
}

int
disk_unnamed(const char *folder)
{
	int fd =
	    folder ? open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;

	return fd < 0 ? memfd_create("unnamed", MFD_CLOEXEC) : fd;
}

int
disk_reopen(int fd)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDONLY | O_CLOEXEC);
}

void
disk_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

enum fail
disk_join(const struct disk_map *file, struct bytes tail, struct bytes *view)
{
	size_t len = file->bytes.len, all = len + tail.len;
	uint8_t *at;

	if (all < len)
		return FAIL_LIMIT;
	at = mmap(NULL, all, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return FAIL_MEMORY;
	/* The file's last page is ours from here on: the tail begins in it. */
	if (len &&
	    mmap(at, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
		file->fd, 0) == MAP_FAILED) {
		munmap(at, all);
		return FAIL_MEMORY;
	}
	if (tail.len)
		memcpy(at + len, tail.data, tail.len);
	*view = (struct bytes){ at, all };
	return FAIL_NONE;
}

void
disk_unjoin(struct bytes view)
{
	if (view.len)
		munmap((void *)(uintptr_t)view.data, view.len);
}

void
disk_forget(struct bytes mapped)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = ((uintptr_t)mapped.data + page - 1) & ~(page - 1);
	uintptr_t end = ((uintptr_t)mapped.data + mapped.len) & ~(page - 1);

	if (from < end)
		(void)madvise((void *)from, end - from, MADV_DONTNEED);
}

/* What is done with one step of a file. */
typedef enum fail disk_step(void *context, struct bytes step);

/* Read len bytes from an offset, step by step; a shorter file gives `early`. */
static enum fail
read_steps(int fd, uint64_t from, uint64_t len, enum fail early,
    disk_step *each, void *context)
{
	uint8_t *step = malloc(STEP);
	enum fail f = step ? FAIL_NONE : FAIL_MEMORY;

	while (!f && len) {
		ssize_t n =
		    pread(fd, step, len < STEP ? len : STEP, (off_t)from);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			f = n ? fail_of_errno() : early;
			break;
		}
		f = each(context, (struct bytes){ step, (size_t)n });
		from += (uint64_t)n;
		len -= (uint64_t)n;
	}
	free(step);
	return f;
}

struct visiting {
	disk_visit *visit;
	void *context;
};

static enum fail
visit_step(void *context, struct bytes step)
{
	const struct visiting *v = context;

	v->visit(v->context, step);
	return FAIL_NONE;
}

enum fail
disk_part(int fd, size_t from, size_t len, disk_visit *visit, void *context)
{
	struct visiting v = { visit, context };

	return read_steps(fd, from, len, FAIL_IO, visit_step, &v);
}

struct disk_map
disk_map_part(const struct disk_map *map, size_t from, size_t len)
{
	return (struct disk_map){ .bytes = bytes_part(map->bytes, from, len),
		.fd = map->fd,
		.from = map->from + from };
}

enum fail
disk_each(const struct disk_map *map, disk_visit *visit, void *context)
{
	if (map->bytes.len <= DISK_SMALL || map->fd < 0) {
		visit(context, map->bytes);
		return FAIL_NONE;
	}
	return disk_part(map->fd, map->from, map->bytes.len, visit, context);
}

static enum fail
write_step(void *context, struct bytes step)
{
	return disk_write_all(*(const int *)context, step);
}

enum fail
disk_copy(int from, uint64_t offset, uint64_t len, int to)
{
	return read_steps(from, offset, len, FAIL_USAGE, write_step, &to);
}

enum fail
disk_read_at(int fd, uint64_t offset, size_t len, uint8_t *out)
{
	while (len) {
		ssize_t n = pread(fd, out, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? fail_of_errno() : FAIL_USAGE;
		out += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return FAIL_NONE;
}

enum fail
disk_size(int fd, uint64_t *size)
{
	struct stat about;

	if (fstat(fd, &about))
		return fail_of_errno();
	if (!S_ISREG(about.st_mode))
		return FAIL_USAGE;
	*size = (uint64_t)about.st_size;
	return FAIL_NONE;
}

enum fail
disk_read(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t step[4096];
	ssize_t n;
	enum fail f = FAIL_NONE;

	if (fd < 0)
		return fail_of_errno();
	while (!f && (n = read(fd, step, sizeof(step))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			f = fail_of_errno();
		else
			buf_add(out, step, (size_t)n);
		if (!f)
			f = buf_fail(out);
	}
	explicit_bzero(step, sizeof(step));
	close(fd);
	return f;
}

enum fail
disk_write_all(int fd, struct bytes data)
{
	while (data.len) {
		ssize_t n = write(fd, data.data, data.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_of_errno();
		data = bytes_part(data, (size_t)n, SIZE_MAX);
	}
	return FAIL_NONE;
}

enum fail
disk_make_folder(const char *path)
{
	return mkdir(path, 0700) ? fail_of_errno() : FAIL_NONE;
}

/* Copy inside the kernel where it can; else step by step. */
static enum fail
copy_head(int fd, const struct disk_map *head)
{
	loff_t at = 0;

	while ((size_t)at < head->bytes.len) {
		ssize_t n = copy_file_range(
		    head->fd, &at, fd, NULL, head->bytes.len - (size_t)at, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0)
			continue;
		if (n < 0 && at == 0 &&
		    (errno == EXDEV || errno == EINVAL || errno == ENOSYS ||
			errno == EOPNOTSUPP))
			return disk_write_all(fd, head->bytes);
		return n ? fail_of_errno() : FAIL_IO;
	}
	return FAIL_NONE;
}

static enum fail
folder_of(const char *path, char folder[static PATH_ROOM])
{
	const char *slash = strrchr(path, '/');
	int n = snprintf(folder, PATH_ROOM, "%.*s",
	    slash ? (int)(slash - path + 1) : 1, slash ? path : ".");

	return n < 0 || n >= (int)PATH_ROOM ? FAIL_LIMIT : FAIL_NONE;
}

/* The folder's entry must be on disk too before the new name counts. */
static enum fail
sync_folder(const char *path)
{
	char folder[PATH_ROOM];
	enum fail f = folder_of(path, folder);
	int fd;

	if (f)
		return f;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* A folder that may be written and not read cannot be synced. */
	if (fd < 0)
		return errno == EACCES ? FAIL_NONE : fail_of_errno();
	if (fsync(fd))
		f = fail_of_errno();
	close(fd);
	return f;
}

/* The mode that a file of this name has, or a new one would get.  FAIL_EXISTS:
 * the name is of something that is no file. */
static enum fail
temp_mode(const char *path, mode_t *mode)
{
	struct stat about;

	if (!stat(path, &about)) {
		*mode = about.st_mode & 07777;
		return S_ISREG(about.st_mode) ? FAIL_NONE : FAIL_EXISTS;
	}
	*mode = umask(0);
	umask(*mode);
	*mode = 0666 & ~*mode;
	return errno == ENOENT ? FAIL_NONE : fail_of_errno();
}

/* A file that has no name yet is gone with who writes it.  Not every file
 * system has them, and without /proc none could be named later. */
static int
open_nameless(const char *path)
{
	char folder[PATH_ROOM];

	if (folder_of(path, folder) || access("/proc/self/fd", X_OK))
		return -1;
	return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

#define NAMES_TRIED 100u
#define NAME_MORE 32u /* letters behind the path, at the most */

/* Give it the name itself if that is free, or one to rename from. */
static enum fail
name_it(struct disk_temp *d)
{
	char own[40];

	snprintf(own, sizeof(own), "/proc/self/fd/%d", d->fd);
	if (!linkat(AT_FDCWD, own, AT_FDCWD, d->path, AT_SYMLINK_FOLLOW))
		return FAIL_NONE;
	for (unsigned i = 0; errno == EEXIST && i < NAMES_TRIED; i++) {
		int n = snprintf(d->name, sizeof(d->name), "%s.%ld-%u", d->path,
		    (long)getpid(), i);

		if (n < 0 || n >= (int)sizeof(d->name)) {
			d->name[0] = '\0';
			return FAIL_LIMIT;
		}
		if (!linkat(
			AT_FDCWD, own, AT_FDCWD, d->name, AT_SYMLINK_FOLLOW))
			return FAIL_NONE;
		d->name[0] = '\0';
	}
	return fail_of_errno();
}

/* Under a name from the beginning. */
static enum fail
open_named(struct disk_temp *d)
{
	int n = snprintf(d->name, sizeof(d->name), "%s.XXXXXX", d->path);

	if (n < 0 || n >= (int)sizeof(d->name))
		return FAIL_LIMIT;
	d->fd = mkostemp(d->name, O_CLOEXEC);
	if (d->fd >= 0)
		return FAIL_NONE;
	d->name[0] = '\0';
	return fail_of_errno();
}

/* Some file systems have files without a name and give them none: then it is
 * copied. */
static enum fail
name_or_copy(struct disk_temp *d)
{
	uint64_t size = 0;
	int from = d->fd;
	enum fail f = name_it(d);

	if (!f || f == FAIL_FULL || f == FAIL_LIMIT)
		return f;
	f = disk_size(from, &size);
	if (!f)
		f = open_named(d);
	if (f) {
		d->fd = from;
		return f;
	}
	f = disk_copy(from, 0, size, d->fd);
	close(from);
	if (!f && (fchmod(d->fd, d->mode) || fdatasync(d->fd)))
		f = fail_of_errno();
	return f;
}

enum fail
disk_temp_open(struct disk_temp *d, const char *path)
{
	enum fail f = temp_mode(path, &d->mode);
	char *target = f ? NULL : realpath(path, NULL);
	int n;

	if (f)
		return f;
	/* A link stays: what it leads to is written. */
	n = snprintf(d->path, sizeof(d->path), "%s", target ? target : path);
	free(target);
	d->fail = FAIL_NONE;
	d->name[0] = '\0';
	if (n < 0 || n >= (int)(sizeof(d->path) - NAME_MORE))
		return FAIL_LIMIT;
	d->fd = open_nameless(d->path);
	return d->fd >= 0 ? FAIL_NONE : open_named(d);
}

void
disk_temp_put(void *context, struct bytes data)
{
	struct disk_temp *d = context;

	if (!d->fail)
		d->fail = disk_write_all(d->fd, data);
}

enum fail
disk_temp_close(struct disk_temp *d, enum fail there)
{
	enum fail f = there ? there : d->fail;

	if (!f && (fchmod(d->fd, d->mode) || fdatasync(d->fd)))
		f = fail_of_errno();
	if (!f && !d->name[0])
		f = name_or_copy(d);
	close(d->fd);
	if (!f && d->name[0] && rename(d->name, d->path))
		f = fail_of_errno();
	if (f && d->name[0])
		unlink(d->name);
	return f ? f : sync_folder(d->path);
}

enum fail
disk_replace(const char *path, const struct disk_map *head, struct bytes tail)
{
	struct disk_temp temp;
	enum fail f = disk_temp_open(&temp, path);

	if (f)
		return f;
	if (head)
		f = copy_head(temp.fd, head);
	if (!f)
		disk_temp_put(&temp, tail);
	return disk_temp_close(&temp, f);
}

bool
disk_is(const char *path, const struct disk_map *map)
{
	struct stat named, mapped;

	return !stat(path, &named) && !fstat(map->fd, &mapped) &&
	    named.st_dev == mapped.st_dev && named.st_ino == mapped.st_ino;
}

static enum fail
write_at(int fd, struct bytes data, size_t at)
{
	while (data.len) {
		ssize_t n = pwrite(fd, data.data, data.len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_of_errno();
		data = bytes_part(data, (size_t)n, SIZE_MAX);
		at += (size_t)n;
	}
	return fdatasync(fd) ? fail_of_errno() : FAIL_NONE;
}

/* The mapped file for writing, if it is as it was mapped; *fd -1: it is not. */
static enum fail
open_mapped(const char *path, const struct disk_map *map, int *fd)
{
	uint64_t size = 0;
	enum fail f;

	*fd = open(path, O_RDWR | O_CLOEXEC);
	f = *fd < 0 ? fail_of_errno() : disk_size(*fd, &size);
	if (!f && (size != map->bytes.len || !disk_is(path, map)))
		f = FAIL_STATE;
	if (f)
		disk_close(fd);
	return f;
}

static enum fail
append_tail(const char *path, const struct disk_map *map, struct bytes tail,
    struct bytes meanwhile)
{
	size_t end = map->bytes.len;
	size_t first = tail.len > DISK_LAST ? tail.len - DISK_LAST : 0;
	int fd;
	enum fail f = open_mapped(path, map, &fd);

	if (f)
		return f;
	if (first && meanwhile.len && meanwhile.len <= DISK_LAST)
		f = write_at(fd, meanwhile, end + tail.len - meanwhile.len);
	if (!f)
		f = write_at(fd, bytes_part(tail, 0, first), end);
	if (!f)
		f = write_at(
		    fd, bytes_part(tail, first, SIZE_MAX), end + first);
	if (f && ftruncate(fd, (off_t)end))
		f = fail_of_errno();
	close(fd);
	return f;
}

enum fail
disk_put(const char *path, const struct disk_map *head, struct bytes tail,
    struct bytes meanwhile)
{
	return disk_is(path, head) ? append_tail(path, head, tail, meanwhile) :
				     disk_replace(path, head, tail);
}

enum fail
disk_cut(const char *path, const struct disk_map *map, size_t len)
{
	int fd;
	enum fail f = open_mapped(path, map, &fd);

	if (f)
		return f;
	if (ftruncate(fd, (off_t)len) || fsync(fd))
		f = fail_of_errno();
	close(fd);
	return f;
}

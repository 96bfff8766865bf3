/*
 * Power cuts for the tests: loaded before libc into the appliance, it counts
 * what core does to the store's file and ends core in the middle of it.  The
 * other roles live only as long as core.
 *
 * Environment:
 *   CUT_FILE   path of data.mdb; nothing is done without it
 *   CUT_ARM    counting begins once this file exists (unset: at once)
 *   CUT_AT     the operation, from 1, at which the power goes; 0 or unset: none
 *   CUT_MODE   whole  what was written is all there, this operation is not
 *              torn   also the first half of this operation's bytes
 *              lost   nothing since the last sync is there
 *              some   of what was not synced, pages by chance
 *   CUT_TRACE  a file that gets every operation, for cuts made afterwards
 *
 * Killing a process leaves the kernel's page cache alone, so for "lost" and
 * "some" the dying process itself puts back what was there before.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096u
#define UNDO_MAX 65536u

enum op { OP_WRITE = 1, OP_SYNC };

/* One page as it was before a write that is not synced yet. */
struct undo {
	off_t at;
	size_t len;
	uint8_t was[PAGE];
};

static struct {
	const char *file, *arm, *mode;
	unsigned long cut_at, count;
	int trace;
	bool armed;
	off_t size; /* of the file at the last sync */
	struct undo *undo;
	size_t undo_count;
} cut = { .trace = -1 };

static bool
is_core(void)
{
	char line[4096];
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof(line));

	if (fd >= 0)
		close(fd);
	return n > 0 && !memmem(line, (size_t)n, "--role", 7);
}

__attribute__((constructor)) static void
start(void)
{
	const char *file = getenv("CUT_FILE"), *at = getenv("CUT_AT");
	const char *trace = getenv("CUT_TRACE");

	if (!file || !is_core())
		return;
	cut.arm = getenv("CUT_ARM");
	cut.mode = getenv("CUT_MODE") ? getenv("CUT_MODE") : "whole";
	cut.cut_at = at ? strtoul(at, NULL, 10) : 0;
	cut.undo =
	    mmap(NULL, UNDO_MAX * sizeof(struct undo), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (cut.undo == MAP_FAILED)
		abort();
	if (trace)
		cut.trace = open(
		    trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	cut.file = file;
}

/* Is it the store's file, and has the counting begun? */
static bool
counts(int fd)
{
	struct stat wanted, is;

	if (!cut.file || stat(cut.file, &wanted) || fstat(fd, &is) ||
	    wanted.st_ino != is.st_ino || wanted.st_dev != is.st_dev)
		return false;
	if (!cut.armed) {
		cut.armed = !cut.arm || !access(cut.arm, F_OK);
		cut.size = is.st_size;
	}
	return cut.armed;
}

/* The pages a write will change go into the list, oldest first. */
static void
remember(int fd, off_t at, size_t len)
{
	while (len) {
		size_t in = PAGE - (size_t)at % PAGE;
		struct undo *u = &cut.undo[cut.undo_count++];
		ssize_t n;

		if (cut.undo_count == UNDO_MAX)
			abort();
		u->at = at;
		u->len = len < in ? len : in;
		n = pread(fd, u->was, u->len, at);
		if (n < 0)
			n = 0;
		memset(u->was + n, 0, u->len - (size_t)n);
		at += (off_t)u->len;
		len -= u->len;
	}
}

static void
put_back(int fd, bool by_chance)
{
	uint64_t chance = cut.cut_at * UINT64_C(0x9E3779B97F4A7C15) + 1;

	for (size_t i = cut.undo_count; i-- > 0;) {
		const struct undo *u = &cut.undo[i];

		chance ^= chance << 13;
		chance ^= chance >> 7;
		chance ^= chance << 17;
		if (by_chance && chance & 1)
			continue;
		if (syscall(SYS_pwrite64, fd, u->was, u->len, u->at) < 0)
			abort();
	}
	if (!by_chance && syscall(SYS_ftruncate, fd, cut.size) < 0)
		abort();
}

/* One descriptor may be open for writing and the other for synced writing:
 * LMDB's two. */
static void
power_off(int fd)
{
	if (!strcmp(cut.mode, "lost"))
		put_back(fd, false);
	else if (!strcmp(cut.mode, "some"))
		put_back(fd, true);
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

static bool
is_cut(void)
{
	return ++cut.count == cut.cut_at;
}

static void
trace(enum op op, bool synced, off_t at, const struct iovec *parts, int count)
{
	struct {
		uint64_t ns, at;
		uint32_t len;
		uint8_t op, synced, none[2];
	} head = { .at = (uint64_t)at, .op = (uint8_t)op, .synced = synced };
	struct timespec now;

	if (cut.trace < 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	head.ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	for (int i = 0; i < count; i++)
		head.len += (uint32_t)parts[i].iov_len;
	if (syscall(SYS_write, cut.trace, &head, sizeof(head)) < 0 ||
	    (count && syscall(SYS_writev, cut.trace, parts, count) < 0))
		abort();
}

/* Before a write of the store: the cut may come here. */
static void
before_write(int fd, const struct iovec *parts, int count, off_t at)
{
	bool synced = fcntl(fd, F_GETFL) & O_DSYNC;
	size_t len = 0;

	for (int i = 0; i < count; i++)
		len += parts[i].iov_len;
	trace(OP_WRITE, synced, at, parts, count);
	if (is_cut()) {
		size_t half = len / 2;

		for (int i = 0; i < count && half && !strcmp(cut.mode, "torn");
		     i++) {
			size_t n =
			    parts[i].iov_len < half ? parts[i].iov_len : half;

			if (syscall(
				SYS_pwrite64, fd, parts[i].iov_base, n, at) < 0)
				abort();
			at += (off_t)n;
			half -= n;
		}
		power_off(fd);
	}
	if (!synced)
		remember(fd, at, len);
}

static void
before_sync(int fd)
{
	trace(OP_SYNC, false, 0, NULL, 0);
	if (is_cut())
		power_off(fd);
}

static void
after_sync(int fd)
{
	struct stat now;

	cut.undo_count = 0;
	if (!fstat(fd, &now))
		cut.size = now.st_size;
}

#define NEXT(name)                     \
	static __typeof__(name) *next; \
	if (!next)                     \
	next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t
write(int fd, const void *data, size_t len)
{
	struct iovec part = { (void *)(uintptr_t)data, len };

	NEXT(write);
	if (counts(fd))
		before_write(fd, &part, 1, lseek(fd, 0, SEEK_CUR));
	return next(fd, data, len);
}

ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	NEXT(writev);
	if (counts(fd))
		before_write(fd, parts, count, lseek(fd, 0, SEEK_CUR));
	return next(fd, parts, count);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	struct iovec part = { (void *)(uintptr_t)data, len };

	NEXT(pwrite);
	if (counts(fd))
		before_write(fd, &part, 1, at);
	return next(fd, data, len, at);
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	return pwrite(fd, data, len, at);
}

ssize_t
pwritev(int fd, const struct iovec *parts, int count, off_t at)
{
	NEXT(pwritev);
	if (counts(fd))
		before_write(fd, parts, count, at);
	return next(fd, parts, count, at);
}

ssize_t
pwritev64(int fd, const struct iovec *parts, int count, off64_t at)
{
	return pwritev(fd, parts, count, at);
}

int
fdatasync(int fd)
{
	bool ours = counts(fd);
	int rc;

	NEXT(fdatasync);
	if (ours)
		before_sync(fd);
	rc = next(fd);
	if (ours && !rc)
		after_sync(fd);
	return rc;
}

int
fsync(int fd)
{
	bool ours = counts(fd);
	int rc;

	NEXT(fsync);
	if (ours)
		before_sync(fd);
	rc = next(fd);
	if (ours && !rc)
		after_sync(fd);
	return rc;
}

/* The store must not be shortened nor written through a map: refused, so that
 * the test fails should it ever be tried. */
int
ftruncate(int fd, off_t len)
{
	struct stat is;

	NEXT(ftruncate);
	if (counts(fd) && !fstat(fd, &is) && len < is.st_size) {
		errno = EPERM;
		return -1;
	}
	return next(fd, len);
}

int
ftruncate64(int fd, off64_t len)
{
	return ftruncate(fd, len);
}

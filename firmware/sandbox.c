#include "firmware/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FILTER_MAX 256

/* The sanitizers map terabytes of shadow and ask for more calls. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

#if defined(__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCH AUDIT_ARCH_AARCH64
#else
#error "sandbox: name the architecture for seccomp"
#endif

/* Memory, time, descriptors that are open already. */
static const int calls_common[] = {
	SYS_read,
	SYS_write,
	SYS_readv,
	SYS_writev,
	SYS_pread64,
	SYS_pwrite64,
	SYS_lseek,
	SYS_close,
	SYS_fstat,
	SYS_mmap,
	SYS_munmap,
	SYS_mremap,
	SYS_mprotect,
	SYS_madvise,
	SYS_brk,
	SYS_futex,
	SYS_clock_gettime,
	SYS_gettimeofday,
	SYS_getrandom,
	SYS_exit,
	SYS_exit_group,
	SYS_rt_sigreturn,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_sendmsg,
	SYS_recvmsg,
	SYS_ppoll,
	SYS_memfd_create,
	SYS_ftruncate,
	SYS_copy_file_range,
	SYS_fcntl,
	SYS_dup,
	SYS_getpid,
	SYS_gettid,
	SYS_tgkill,
	SYS_sched_yield,
	SYS_restart_syscall,
	SYS_clock_nanosleep,
	SYS_newfstatat,
	SYS_sysinfo, /* glibc's qsort, of 1,024 bytes and more */
	SYS_mlock,
	SYS_munlock,
#if defined(__x86_64__)
	SYS_poll,
	SYS_time,
#endif
};

/* libslirp's sockets of the simulator and the TAP device; LMDB's reader lock.
 */
static const int calls_net[] = { SYS_socket, SYS_connect, SYS_accept,
	SYS_accept4, SYS_bind, SYS_listen, SYS_getsockopt, SYS_setsockopt,
	SYS_getsockname, SYS_getpeername, SYS_sendto, SYS_recvfrom,
	SYS_shutdown, SYS_ioctl };

static void
allow(struct sock_filter *filter, size_t *n, const int *calls, size_t count)
{
	for (size_t i = 0; i < count && *n + 2 < FILTER_MAX; i++) {
		filter[(*n)++] = (struct sock_filter)BPF_JUMP(
		    BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i], 0, 1);
		filter[(*n)++] = (struct sock_filter)BPF_STMT(
		    BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
}

static enum fail
filter_calls(enum role role)
{
	struct sock_filter filter[FILTER_MAX];
	struct sock_fprog program = { .filter = filter };
	size_t n = 0;

	filter[n++] = (struct sock_filter)BPF_STMT(
	    BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	filter[n++] = (struct sock_filter)BPF_JUMP(
	    BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 1, 0);
	filter[n++] = (struct sock_filter)BPF_STMT(
	    BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	filter[n++] = (struct sock_filter)BPF_STMT(
	    BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	allow(filter, &n, calls_common, COUNT(calls_common));
	if (role == ROLE_NET)
		allow(filter, &n, calls_net, COUNT(calls_net));
	filter[n++] = (struct sock_filter)BPF_STMT(
	    BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	program.len = (unsigned short)n;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return FAIL_UNSUPPORTED;
	return FAIL_NONE;
}

/* No path can be opened any more.  Kernels without Landlock still have the
 * call filter, which allows no open at all. */
static void
forbid_files(void)
{
	struct landlock_ruleset_attr rules = {
		.handled_access_fs = (LANDLOCK_ACCESS_FS_REFER << 1) - 1
	};
	int fd =
	    (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);

	if (fd < 0) {
		log_notice("this kernel has no Landlock");
		return;
	}
	if (syscall(SYS_landlock_restrict_self, fd, 0))
		log_warning("Landlock refused: %d", errno);
	close(fd);
}

enum fail
sandbox_enter(enum role role)
{
	struct rlimit memory = { 1u << 30, 1u << 30 }, none = { 0, 0 };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || setrlimit(RLIMIT_CORE, &none))
		return FAIL_IO;
	/* Vendor modules thread, fork and open readers: the signer is kept to
	 * its own process and gets no more than no new privileges. */
	if (role == ROLE_SIGNER || role == ROLE_CORE || SANITIZED)
		return FAIL_NONE;
	/* The store's map counts as address space in net. */
	if (role == ROLE_WORKER && setrlimit(RLIMIT_AS, &memory))
		return FAIL_IO;
	forbid_files();
	return filter_calls(role);
}

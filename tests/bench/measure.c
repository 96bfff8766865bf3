/*
 * Run a command and say what it took: "MILLISECONDS USER SYSTEM KILOBYTES
 * STATUS".  A program of its own because a child's peak memory counts that of
 * whoever forked it, and Python is not small.
 *
 *   measure COMMAND [ARGUMENT…]
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int
main(int argc, char **argv)
{
	struct rusage used;
	double began = milliseconds();
	int status;
	pid_t pid = argc > 1 ? fork() : -1;

	if (pid < 0)
		return 2;
	if (pid == 0) {
		int fd = open("/dev/null", O_WRONLY);

		if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
			_exit(126);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &used) != pid)
		return 2;
	printf("%.3f %.3f %.3f %ld %d\n", milliseconds() - began,
	    (double)used.ru_utime.tv_sec * 1e3 +
		(double)used.ru_utime.tv_usec / 1e3,
	    (double)used.ru_stime.tv_sec * 1e3 +
		(double)used.ru_stime.tv_usec / 1e3,
	    used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	return 0;
}

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/when.h"
#include "firmware/core.h"

#define WORKER_AHEAD 8u /* questions a worker may have at once */

/* Put this process's child on its own: gone with its parent, and a terminal's
 * Ctrl-C is core's to handle. */
static void
run_again(const char **args)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	execv("/proc/self/exe", (char *const *)(uintptr_t)args);
	_exit(127);
}

/* In the child: become the role by running the same binary again, so that no
 * secret or pointer of core is in its memory. */
static void
become(const struct role_settings *s, enum role role, int channel)
{
	char fd[16], https[16], http[16];
	const char *args[24];
	size_t n = 0;

	snprintf(fd, sizeof(fd), "%d", channel);
	snprintf(https, sizeof(https), "%u", s->https_port);
	snprintf(http, sizeof(http), "%u", s->http_port);
	args[n++] = "antin";
	args[n++] = "--role";
	args[n++] = role_name(role);
	args[n++] = "--channel";
	args[n++] = fd;
	args[n++] = "--data";
	args[n++] = s->data;
	if (s->module) {
		args[n++] = "--module";
		args[n++] = s->module;
	}
	if (s->tap) {
		args[n++] = "--tap";
		args[n++] = s->tap;
	}
	args[n++] = "--listen";
	args[n++] = s->listen;
	args[n++] = "--https";
	args[n++] = https;
	args[n++] = "--http";
	args[n++] = http;
	if (s->verbose)
		args[n++] = "--verbose";
	args[n] = NULL;
	if (fcntl(channel, F_SETFD, 0) == 0)
		run_again(args);
	_exit(127);
}

enum fail
process_start(struct core *core, enum role role, struct process *process)
{
	int ends[2];
	enum fail f = channel_pair(ends);

	*process = (struct process){ .pid = -1,
		.channel = -1,
		.ahead = role == ROLE_WORKER && process != &core->keeper ?
		    WORKER_AHEAD :
		    1,
		.started = when_monotonic_ms() };
	if (f)
		return f;
	core->signer_lives += role == ROLE_SIGNER;
	process->pid = fork();
	if (process->pid == 0)
		become(core->settings, role, ends[1]);
	close(ends[1]);
	if (process->pid < 0) {
		close(ends[0]);
		return FAIL_MEMORY;
	}
	process->channel = ends[0];
	log_trace("%s started as %d", role_name(role), (int)process->pid);
	return FAIL_NONE;
}

void
process_stop(struct process *process)
{
	int status = 0;

	if (process->channel >= 0)
		close(process->channel);
	if (process->pid > 0) {
		/* A vendor module may have children of its own. */
		kill(-process->pid, SIGKILL);
		kill(process->pid, SIGKILL);
		while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
			;
		if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
			log_error("process %d was ended by signal %d",
			    (int)process->pid, WTERMSIG(status));
		else if (WIFEXITED(status) && WEXITSTATUS(status))
			log_error("process %d ended with code %d",
			    (int)process->pid, WEXITSTATUS(status));
	}
	process->pid = -1;
	process->channel = -1;
	process->asked = (struct queue){ NULL, NULL };
	process->count = 0;
}

enum fail
process_start_backup(struct core *core, const char *folder, pid_t *pid)
{
	const char *args[] = { "antin", "--backup", folder, "--data",
		core->settings->data, "--module", core->settings->module,
		NULL };

	*pid = fork();
	if (*pid == 0)
		run_again(args);
	return *pid < 0 ? FAIL_MEMORY : FAIL_NONE;
}

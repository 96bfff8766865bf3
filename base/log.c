#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/when.h"

#define LINE_MAX_BYTES 512

static const char *log_role = "antin";
static enum log_level log_least = LOG_NOTICE;

void
log_open(const char *role, enum log_level least)
{
	int again = open("/proc/self/fd/2",
	    O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	log_role = role;
	log_least = least;
	/* A terminal that has stopped must not stop us: a line it does not take
	 * is lost.  Opened anew, for the mark belongs to the open file. */
	if (again >= 0) {
		(void)dup2(again, STDERR_FILENO);
		close(again);
	}
}

void
log_line(enum log_level level, const char *format, ...)
{
	static const char *const marks[] = { "lỗi", "chú ý", "tin", "vết" };
	char line[LINE_MAX_BYTES], stamp[WHEN_TEXT_MAX];
	va_list args;
	int n;

	if (level > log_least)
		return;
	when_iso_text(when_now(), stamp);
	n = snprintf(
	    line, sizeof(line), "%s %s %s: ", stamp, log_role, marks[level]);
	va_start(args, format);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n - 1, format, args);
	va_end(args);
	if (n > (int)sizeof(line) - 2)
		n = (int)sizeof(line) - 2;
	line[n++] = '\n';
	/* One write, so that lines of several processes do not mix. */
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		return; /* nowhere left to complain */
}

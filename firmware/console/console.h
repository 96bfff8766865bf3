/*
 * The administrator's serial console: a line at a time, commands in one table.
 * It runs inside core's loop and never waits.
 */
#ifndef FIRMWARE_CONSOLE_CONSOLE_H
#define FIRMWARE_CONSOLE_CONSOLE_H

#include "firmware/core.h"

#define CONSOLE_ARGS_MAX 8u

struct console;

/* where: "-" this terminal, "pty" a new one (its name goes to the log). */
CHECKED enum fail
console_open(struct core *core, const char *where, struct console **console);
void console_close(struct console *console);

/* Descriptor to watch for reading; -1 when the console has ended. */
int console_fd(const struct console *console);

/* Descriptor to watch for writing; -1 when nothing waits to be shown. */
int console_out(const struct console *console);

/* Show what waits, as far as the terminal takes it. */
void console_drain(struct console *console);

/* Something can be read. */
void console_ready(struct console *console);

/* Say something between two commands, to whoever is logged in; a line half
 * typed is begun anew.  console may be NULL. */
void console_tell(struct console *console, const char *text);

/* One command: its words, its output, its core.  Output is UTF-8 text. */
struct console_call {
	struct core *core;
	struct console *console; /* to tell what comes later */
	struct buf *out;
	size_t count; /* words, the command itself first */
	const char *words[CONSOLE_ARGS_MAX];
	const char *actor; /* user name of who is logged in */
};

typedef enum fail console_run(struct console_call *call);

struct console_command {
	const char *name;
	console_run *run;
	const char *args;
	const char *help;
};

/* The table; ends with a row without a name. */
extern const struct console_command console_commands[];

/* Split a line into words at blanks; too many give FAIL_USAGE. */
CHECKED enum fail console_split(
    char *line, const char *words[static CONSOLE_ARGS_MAX], size_t *count);

#endif

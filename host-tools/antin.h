/* The commands of the PC tool: one file each, one row each in antin.c. */
#ifndef HOST_TOOLS_ANTIN_H
#define HOST_TOOLS_ANTIN_H

#include "base/fail.h"

/* Exit codes, the same for every command; antin-seal(1), antin-verify(1). */
enum {
	EXIT_VALID = 0,
	EXIT_INVALID = 1,
	EXIT_INDETERMINATE = 2,
	EXIT_UNSIGNED = 3,
	EXIT_REFUSED = 4, /* a typed refusal: the file or token is not fit */
	EXIT_USAGE = 64,
};

typedef int antin_command(int argc, char **argv);

antin_command antin_seal, antin_extend, antin_receive, antin_archive,
    antin_verify, antin_path, antin_cms, antin_tokens;

/* What a check that ended so means for what was checked. */
int antin_exit(enum fail f);

/* Tell a failure on standard error, English and Vietnamese, and give the exit
 * code for it. */
int antin_refuse(const char *file, enum fail f, const struct note *note);

/* Tell how a command is used, after a mistake. */
int antin_usage(const char *command, const char *mistake);

#endif

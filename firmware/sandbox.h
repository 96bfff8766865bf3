/*
 * What a role may still do once it has opened what it needs: Landlock takes
 * the file system away, seccomp all system calls it does not use, RLIMIT_AS
 * bounds its memory.  A process that tries more is killed.
 */
#ifndef FIRMWARE_SANDBOX_H
#define FIRMWARE_SANDBOX_H

#include "firmware/message.h"

/* Shut the calling process in; there is no way out.  FAIL_UNSUPPORTED: the
 * kernel lacks seccomp. */
CHECKED enum fail sandbox_enter(enum role role);

#endif

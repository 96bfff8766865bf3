/*
 * A backup of the store, made by a process of its own while the box works on:
 * it copies the state of one commit, then reads the copy's journal from end to
 * end.  One at a time.
 */
#ifndef FIRMWARE_BACKUP_H
#define FIRMWARE_BACKUP_H

#include "firmware/core.h"

/* Begin, into a folder that must not exist yet.  FAIL_STATE: one is being made;
 * FAIL_EXISTS: the folder is there; it may also be impossible to make. */
CHECKED enum fail
backup_start(struct core *core, const char *folder, uint64_t actor);

/* Has one ended since the last call?  Then *text says how, in Vietnamese, and
 * it stands in the journal. */
bool backup_ended(struct core *core, char *text, size_t room);

/* What the process does; gives its exit code. */
int backup_run(const struct role_settings *settings);

#endif

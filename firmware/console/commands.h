/* What the sources of the console's commands share. */
#ifndef FIRMWARE_CONSOLE_COMMANDS_H
#define FIRMWARE_CONSOLE_COMMANDS_H

#include "firmware/console/console.h"

/* Begin an act of whoever is logged in; end it with its commit on the disk, so
 * that what is said then is true. */
CHECKED enum fail
console_begin_act(struct console_call *call, uint64_t *actor, struct txn **txn);
CHECKED enum fail
console_end_act(struct console_call *call, struct txn *txn, enum fail f);

/* commands_archive.c, commands_verify.c */
console_run console_renew, console_archive, console_verify;

#endif

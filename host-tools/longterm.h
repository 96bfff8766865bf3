/*
 * Raising a signed file to the long-term levels (EN 319 142-1 6): what is
 * needed to check its signatures is put into it (B-LT), and an authority stamps
 * all of it (B-LTA).  Also how a certificate is looked at before it signs.
 */
#ifndef HOST_TOOLS_LONGTERM_H
#define HOST_TOOLS_LONGTERM_H

#include "crypto/cert_file.h"
#include "document/pades_check.h"

/* Room kept for a time-stamp.  The government's authorities give 3,043 and
 * 3,737 bytes (rules.md 6.3); with longer chains 6 to 7 KB are seen. */
#define LONGTERM_STAMP_ROOM 6144u

enum level { LEVEL_B, LEVEL_T, LEVEL_LT, LEVEL_LTA };

/* Read "B-B", "B-T", "B-LT" or "B-LTA". */
bool longterm_level(const char *text, enum level *level);

struct longterm {
	struct cert_set roots, pool;
	const char *tsa;        /* addresses; needed for LEVEL_LTA */
	enum hash_kind imprint; /* what the authorities stamp */
	struct bytes password;  /* of an encrypted file */
};

/*
 * Append to tail, which stands behind the file, what the level asks for.
 * FAIL_CHAIN, FAIL_EXPIRED, FAIL_REVOKED, FAIL_MISSING: a signature in it
 * cannot be checked for ever because one of its certificates cannot.
 */
CHECKED enum fail longterm_raise(const struct longterm *lt, enum level level,
    const struct disk_map *file, struct buf *tail, struct note *note);

/* (pdf may be NULL.)  May this certificate sign now: a path to a root, and not
 * revoked (Decree 68/2024 Art. 29)? */
CHECKED enum fail longterm_may_sign(const struct longterm *lt,
    struct pdf_file *pdf, const struct cert *cert, struct note *note);

#endif

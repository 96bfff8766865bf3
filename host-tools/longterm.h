/*
 * Raising a signed file to the long-term levels (EN 319 142-1 6): what is
 * needed to check its signatures is put into it (B-LT), and an authority stamps
 * all of it (B-LTA).  Also how a certificate is looked at before it signs.
 */
#ifndef HOST_TOOLS_LONGTERM_H
#define HOST_TOOLS_LONGTERM_H

#include "crypto/cert_file.h"
#include "document/pades_check.h"
#include "document/zip.h"
#include "host-tools/tsa.h"

/* Room kept for a time-stamp.  The government's authorities give 3,043 and
 * 3,737 bytes (rules.md 6.3); with longer chains 6 to 7 KB are seen. */
#define LONGTERM_STAMP_ROOM 6144u

enum level { LEVEL_B, LEVEL_T, LEVEL_LT, LEVEL_LTA };

/* Read "B-B", "B-T", "B-LT" or "B-LTA". */
bool longterm_level(const char *text, enum level *level);

struct collection;

struct longterm {
	struct cert_set roots, pool;
	struct tsa_list tsa;    /* needed for LEVEL_LTA, and for signatures
				   without a time-stamp */
	enum hash_kind imprint; /* what the authorities stamp */
	struct bytes password;  /* of an encrypted file */
	struct collection *collection; /* of a run with many files: what was
					  fetched is kept in it; or NULL */
};

/*
 * Append to tail, which stands behind the file, what the level asks for.
 * FAIL_CHAIN, FAIL_EXPIRED, FAIL_REVOKED, FAIL_MISSING: a signature in it
 * cannot be checked for ever because one of its certificates cannot.
 */
CHECKED enum fail longterm_raise(const struct longterm *lt, enum level level,
    const struct disk_map *file, struct buf *tail, struct note *note);

/*
 * Append to out a CMS signature (CAdES, EN 319 122-1 6) raised to a level; one
 * that was stamped stays as it is for LEVEL_T.  content: what a detached one
 * signs, or NULL.  A failure as above; FAIL_UNSUPPORTED: it has several
 * signers.
 */
CHECKED enum fail longterm_raise_cms(const struct longterm *lt,
    enum level level, struct bytes cms, const struct disk_map *content,
    struct buf *out, struct note *note);

/*
 * Write a container (ASiC with CAdES, EN 319 162-1) anew with all of its
 * signatures raised.  FAIL_MISSING: it has none; FAIL_UNSUPPORTED: something
 * covers them as they are.
 */
CHECKED enum fail
longterm_raise_container(const struct longterm *lt, enum level level,
    const struct disk_map *container, struct zip *zip, struct note *note);

/* (pdf may be NULL.)  May this certificate sign now: a path to a root, and not
 * revoked (Decree 68/2024 Art. 29)? */
CHECKED enum fail longterm_may_sign(const struct longterm *lt,
    struct pdf_file *pdf, const struct cert *cert, struct note *note);

#endif

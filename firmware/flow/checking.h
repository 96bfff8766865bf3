/*
 * Checking a file's signatures as well as can be done now.  A worker reads the
 * file; what it misses of revocation data is fetched, in rounds.  What nobody
 * tells in a few rounds stays open: that, too, is an answer.
 */
#ifndef FIRMWARE_FLOW_CHECKING_H
#define FIRMWARE_FLOW_CHECKING_H

#include "firmware/flow/flow.h"

#define CHECKING_PASSWORD_MAX 512u

struct checking;

/*
 * It is over.  FAIL_NONE: report is of document/report.h; else note says why
 * (English, for the engineer).  Both go when this returns; the struct may go in
 * it.
 */
typedef void checking_done(struct core *core, struct checking *checking,
    enum fail f, struct bytes note, struct bytes report);

/* The caller's, zeroed; in its own struct, say. */
struct checking {
	struct job job;
	int file;         /* the caller's, open until it is over */
	uint64_t content; /* its first bytes are what a detached signature,
			     which follows them, signs; 0: there are none */
	uint64_t record;  /* its last bytes are an evidence record of the
			     rest; likewise */
	void *context;    /* the caller's */
	checking_done *done;
	struct arena arena; /* root, chain and password */
	struct bytes root, chain, password;
	struct evidence_needs needs;
	size_t need; /* being fetched */
	unsigned rounds;
	int64_t until; /* monotonic: then nothing is fetched any more */
	int evidence;
};

/* Begin; done is called once, maybe before this returns.  password: empty, or
 * the one that opens the file; copied. */
void checking_start(struct core *core, struct checking *checking,
    struct bytes password, checking_done *done);

#endif

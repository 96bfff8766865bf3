/*
 * Revocation data between core and its workers.  A worker knows what is needed
 * but can fetch nothing; core can have it fetched but reads nothing foreign.
 * So they go in rounds: core hands over all that it has, as one file; the
 * worker says what it still misses, and until when what it used is good.
 *
 * The file is a row after another: 32 key, u8 kind, u64 fetched at, u64 size,
 * the bytes.  A row of no bytes was asked for in vain.  What is missing is sent
 * as: u8 count, each u8 kind, field URL, field body; what was used as: u16
 * count, each 32 key, u64 good until.
 */
#ifndef FIRMWARE_FLOW_EVIDENCE_H
#define FIRMWARE_FLOW_EVIDENCE_H

#include "base/buf.h"
#include "crypto/hash.h"

#define EVIDENCE_ROWS_MAX 64u
#define EVIDENCE_NEEDS_MAX 8u   /* told in one round */
#define EVIDENCE_ROUNDS_MAX 12u /* then it is given up */
#define EVIDENCE_BODY_MAX 1024u /* of a question */
#define EVIDENCE_URL_MAX 1024u
#define EVIDENCE_BYTES_MAX (64u << 20) /* of all rows together */
#define EVIDENCE_DAY 86400             /* nothing is kept longer */
#define EVIDENCE_VAIN                                             \
	300 /* seconds until it is asked for again: all rounds of \
	      a document see the same */

/* Something to be fetched. */
struct evidence_need {
	uint8_t kind; /* enum evidence_kind of crypto/revocation.h */
	char url[EVIDENCE_URL_MAX];
	uint8_t body[EVIDENCE_BODY_MAX]; /* of the question; a list has none */
	size_t body_len;
};

struct evidence_needs {
	struct evidence_need items[EVIDENCE_NEEDS_MAX];
	size_t count;
};

/* What has been fetched. */
struct evidence_row {
	uint8_t key[HASH_LEN];
	uint8_t kind;
	struct buf bytes; /* of a small one … */
	int file;         /* … and of a large one, or -1 */
	uint64_t size;    /* 0: in vain */
	int64_t fetched, until;
};

/* Lists can have tens of megabytes: they stand on the disk. */
struct evidence_cache {
	const char *folder; /* for files without a name; NULL: in memory */
	int bundle;         /* of all rows, while it holds; only if made */
	bool made;
	struct evidence_row rows[EVIDENCE_ROWS_MAX];
	size_t count;
	size_t held; /* bytes */
};

/* The name of an answer: by what was asked. */
void
evidence_key(const struct evidence_need *need, uint8_t key[static HASH_LEN]);

/* All rows that are good now as a file, which is only read; the caller's. */
CHECKED enum fail
evidence_bundle(struct evidence_cache *cache, int64_t now, int *fd);

/* Keep an answer read from fd (-1: it came in vain).  The oldest rows give way
 * to it; an answer at hand does not give way to none. */
void evidence_keep(struct evidence_cache *cache,
    const struct evidence_need *need, int fd, int64_t now);

/* Read what a worker tells.  FAIL_PEER. */
CHECKED enum fail evidence_read(struct cursor *c, struct evidence_cache *cache,
    struct evidence_needs *needs, int64_t now);

void evidence_free(struct evidence_cache *cache);

#endif

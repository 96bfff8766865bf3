/* Documents signed with one PIN and one certificate: what that needs, before
 * anything is begun. */
#ifndef FIRMWARE_FLOW_BATCH_H
#define FIRMWARE_FLOW_BATCH_H

#include "autoconf.h"
#include "base/secret.h"
#include "firmware/flow/flow.h"
#include "firmware/flow/signer.h"
#include "firmware/flow/spot.h"

struct batch {
	struct job job;
	enum act act; /* ACT_SIGN or ACT_SEAL */
	uint64_t actor;
	uint64_t ids[CONFIG_BATCH_DOCUMENTS_MAX];
	enum fail results[CONFIG_BATCH_DOCUMENTS_MAX];
	size_t count, next, on_the_way;
	size_t held;             /* bytes of the files of those on the way */
	enum fail stop;          /* why no more are started */
	unsigned lives;          /* of the signer that took the PIN */
	char why[NOTE_TEXT_MAX]; /* what a worker said of the last failure */
	uint8_t pin_state;
	uint8_t lanes;      /* of the token, that are wanted; 0: all */
	uint8_t lanes_used; /* signatures it makes at the same time */
	struct secret pin;
	struct arena arena; /* holds certificates and texts */
	struct signer signer;
	struct bytes place;
	struct bytes code; /* the agency's identifier, for the code beside the
			      number; empty: none is wanted */
	bool placed;       /* the leader put his picture by hand … */
	struct spot spot;  /* … there */
	bool iso_time, plain_cms; /* the agency's way */
	size_t room;              /* bytes of the CMS */
	int picture;              /* descriptor, or -1 */
	int64_t began;
};

/*
 * Check that the person of the session may do the act on each document, and
 * load what signing needs.  FAIL_CUSTODY: the agency's token is with somebody
 * else.
 */
CHECKED enum fail batch_new(struct core *core, enum act act, struct bytes token,
    const uint64_t *ids, size_t count, struct batch **made);
void batch_free(struct batch *batch); /* NULL: nothing */

/*
 * He agrees: his PIN, and the hash of the list he was shown (ACT_SEAL).
 * FAIL_STATE: it is another list now; FAIL_PIN: what was typed is no PIN and is
 * not sent.  None at all is asked for on the token's own keys.
 */
CHECKED enum fail batch_agree(struct core *core, struct batch *batch,
    struct bytes pin, struct bytes list);

/* The leader puts his picture there by hand.  FAIL_USAGE: he has none, or it is
 * the agency that signs. */
CHECKED enum fail batch_place(struct batch *batch, const struct spot *spot);

/* Start more of its documents, as many as may be on their way; end the batch
 * when all are back. */
void batch_more(struct core *core, struct batch *batch);

/* How many digests the signer may have at once: one more than it works on, and
 * of a token that took so many microseconds as many as it signs while core
 * waits for the disk.  A slow one has no more: what is with it when it is
 * pulled out fails one after another. */
void batch_pace(struct core *core, const struct batch *batch, uint32_t us);

/* Start one: signing.c.  It ends with its result in the batch, and batch_more
 * called if that is later. */
void signing_begin(struct core *core, struct batch *batch, size_t which);

/* How a signature failed: a refused PIN is counted; FAIL_PEER and FAIL_STATE
 * (the signer died, and who came after it is not logged in) become
 * FAIL_TOKEN_GONE. */
enum fail
batch_token_failure(struct core *core, struct batch *batch, enum fail f);

/*
 * Make the code beside the number of a document of the batch whose signed file
 * has this hash and size.  done is called later, never from inside; its text is
 * borrowed.  FAIL_MEMORY: it will not be called.
 */
typedef void
code_made(struct core *core, void *context, enum fail f, struct bytes text);
CHECKED enum fail
flow_code(struct core *core, struct batch *batch, uint64_t record,
    const uint8_t *hash, uint64_t size, code_made *done, void *context);

#endif

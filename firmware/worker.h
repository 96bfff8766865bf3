/* What the sources of the worker role share. */
#ifndef FIRMWARE_WORKER_H
#define FIRMWARE_WORKER_H

#include "base/disk.h"
#include "crypto/cert_file.h"
#include "document/pdf_file.h"
#include "firmware/message.h"

struct worker {
	int channel;
	struct buf out;
};

/* Send what was built in w->out; ends the process when core is gone. */
void
worker_answer(struct worker *w, enum message_kind kind, uint64_t id, int fd);

/* A file that came as a descriptor, mapped and opened as PDF. */
struct opened {
	struct disk_map map;
	struct pdf_file pdf;
	struct note note;
};

/* The first descriptor's file, or a part of it (len 0: all). */
CHECKED enum fail
worker_open(struct message *m, uint64_t offset, uint64_t len, struct opened *o);
void worker_close(struct opened *o);

/* What time-stamps may lead to: the agency's root and the government PKI's,
 * below both of which its authorities stand. */
CHECKED enum fail worker_stamp_roots(
    struct bytes root, struct cert_file_set *set, struct note *note);

/* What is to be said about a file's signatures: worker_verify.c. */
void worker_verify(struct worker *w, struct message *m);

/* Questions about revocation and long-term levels: worker_trust.c. */
void worker_trust(struct worker *w, struct message *m);
void worker_raise(struct worker *w, struct message *m);
void worker_stamp(struct worker *w, struct message *m);
void worker_prove(struct worker *w, struct message *m);

#endif

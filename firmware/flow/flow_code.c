/*
 * The code beside a document's number (document/seal_code.h): signed by the
 * agency's token before the document itself is laid out, with the same care –
 * what the token is about to sign is on the disk first.
 */
#include <stdlib.h>

#include "base/when.h"
#include "document/seal_code.h"
#include "firmware/flow/batch.h"
#include "firmware/flow/flow.h"
#include "firmware/flow/kind.h"

struct making {
	struct job job;
	struct batch *batch;
	uint64_t record;
	struct buf body;
	uint8_t digest[HASH_MAX];
	code_made *done;
	void *context;
};

static void
making_end(struct core *core, struct making *m, enum fail f, struct bytes text)
{
	m->done(core, m->context, f, text);
	buf_free(&m->body);
	free(m);
}

static void
value_came(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct making *m = (struct making *)job;
	struct bytes value = { NULL, 0 };
	struct buf text;

	buf_init(&text, SEAL_CODE_TEXT_MAX);
	if (!f) {
		struct cursor c = cursor_of(reply->payload);

		f = message_fail(&c);
		value = cursor_field(&c);
	}
	f = batch_token_failure(core, m->batch, f);
	if (!f)
		f = seal_code_text(buf_view(&m->body),
		    &m->batch->signer.cert.key, value, &text);
	making_end(core, m, f, buf_view(&text));
	buf_free(&text);
}

static void
evidence_durable(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct making *m = (struct making *)job;
	struct batch *b = m->batch;

	(void)reply;
	if (!f && b->stop)
		f = b->stop;
	if (!f && b->lives != core->signer_lives)
		f = FAIL_TOKEN_GONE;
	if (f) {
		making_end(core, m, f, (struct bytes){ NULL, 0 });
		return;
	}
	buf_u8(&core->out, (uint8_t)b->signer.algorithm.kind);
	buf_u8(&core->out, (uint8_t)HASH_SHA256);
	buf_add(&core->out, m->digest, HASH_MAX);
	job_ask_signer(core, job, MESSAGE_SIGN_DIGEST, &core->out, value_came);
}

/* What the code says, of a document that has its number. */
static enum fail
write_body(struct making *m, const struct record *r, const uint8_t *hash,
    uint64_t size, struct note *note)
{
	struct seal_code code = { .agency = m->batch->code,
		.day = { .year = (int)(r->date / 10000),
		    .month = (int)(r->date / 100 % 100),
		    .day = (int)(r->date % 100) },
		.length = (uint32_t)size };
	struct buf number;
	enum fail f;

	if (size > UINT32_MAX)
		return FAIL_LIMIT;
	buf_init(&number, 256);
	kind_number(r->number, r->symbol, &number);
	code.number = buf_view(&number);
	memcpy(code.hash, hash, SEAL_CODE_HASH);
	f = seal_code_body(&code, &m->body, note);
	buf_free(&number);
	if (!f)
		seal_code_digest(buf_view(&m->body), m->digest);
	return f;
}

static enum fail
keep_evidence(
    struct txn *txn, struct making *m, const uint8_t *hash, uint64_t size)
{
	struct arena arena;
	struct record r;
	struct note note = { FAIL_NONE, "" };
	enum fail f;

	arena_init(&arena, FLOW_ARENA);
	f = flow_record(txn, m->record, &arena, &r);
	if (!f &&
	    ((r.state != STATE_WAIT_SEAL && r.state != STATE_SIGNING) ||
		memcmp(r.signed_file, hash, HASH_LEN) != 0))
		f = FAIL_STATE;
	if (!f)
		f = write_body(m, &r, hash, size, &note);
	if (!f)
		f = flow_keep(txn, &r, ACT_CODE, (enum record_state)r.state,
		    m->batch->actor, (struct bytes){ NULL, 0 }, m->digest);
	arena_free(&arena);
	return f;
}

enum fail
flow_code(struct core *core, struct batch *b, uint64_t record,
    const uint8_t *hash, uint64_t size, code_made *done, void *context)
{
	struct making *m = calloc(1, sizeof(*m));
	struct txn *txn;
	enum fail f;

	if (!m)
		return FAIL_MEMORY;
	m->batch = b;
	m->record = record;
	m->done = done;
	m->context = context;
	buf_init(&m->body, SEAL_CODE_BODY_MAX);
	f = keep_begin(core, &txn);
	if (!f)
		f = keep_end(core, txn, keep_evidence(txn, m, hash, size));
	job_after_commit(core, &m->job, f, evidence_durable);
	return FAIL_NONE;
}

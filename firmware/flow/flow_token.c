/* How the agency's token is, a leader's own for a leader, and who waits for the
 * signer: for those who are about to sign. */
#include <stdlib.h>

#include "base/log.h"
#include "firmware/flow/flow.h"
#include "storage/settings.h"

static void
status_came(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	uint64_t us = (uint64_t)core->signing_left * core->signing_us;

	if (f) {
		buf_u16(&core->out, (uint16_t)f);
		buf_u8(&core->out, 0);
		buf_u8(&core->out, 0);
		buf_u16(&core->out, 0);
		buf_u64(&core->out, 0);
	} else {
		buf_bytes(&core->out, reply->payload);
	}
	buf_u16(&core->out, (uint16_t)job_signer_queue(core));
	buf_u32(&core->out, (uint32_t)core->signing_left);
	buf_u32(&core->out, (uint32_t)(us / 1000000));
	if (message_send(core->net.channel, MESSAGE_ANSWER_TOKEN, job->ask,
		&core->out, -1))
		log_warning("the token's state was not delivered");
	free(job);
}

void
flow_token(struct core *core, struct message *m)
{
	struct job *job = calloc(1, sizeof(*job));
	struct bytes agency = { NULL, 0 };
	struct person person;
	struct txn *txn;
	enum fail f = job ? core_read(core, &txn) : FAIL_MEMORY;

	if (f) {
		free(job);
		core_answer(core, m->id, f, 0, "");
		return;
	}
	job->ask = m->id;
	f = flow_person(core, txn, m->payload, &person);
	if (!f && person.role == ROLE_LEADER)
		agency = BYTES_ARRAY(person.cert);
	else if (!f)
		f = settings_get(txn, SETTING_CERT, &agency);
	if (!f && agency.len != HASH_LEN)
		f = FAIL_CORRUPT;
	if (!f)
		buf_add(&core->out, agency.data, HASH_LEN);
	txn_abort(txn);
	/* While a batch runs the token is busy: do not disturb it. */
	if (!f && core->signer_holder)
		f = FAIL_STATE;
	if (f) {
		buf_clear(&core->out);
		status_came(core, job, f, NULL);
		return;
	}
	job_ask_signer(core, job, MESSAGE_SIGN_STATUS, &core->out, status_came);
}

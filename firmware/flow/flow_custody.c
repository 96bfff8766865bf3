/*
 * Handing over the agency's token: one clerk gives it, another confirms with
 * his own password at the same screen, and the journal names both and the
 * written permission.  From then on only the receiver seals.
 */
#include <stdlib.h>

#include "base/text.h"
#include "base/when.h"
#include "firmware/flow/flow.h"
#include "storage/custody.h"

static const struct bytes brake_place = { (const uint8_t *)"/ban-giao", 9 };

struct handover {
	struct job job;
	uint64_t giver, receiver;
	struct buf permission;
	struct buf name; /* the receiver's account, for the brake */
};

static void
handover_end(struct core *core, struct handover *h, enum fail f)
{
	core_answer(core, h->job.ask, f, 0, "");
	buf_free(&h->permission);
	buf_free(&h->name);
	free(h);
}

static void
durable(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	(void)reply;
	handover_end(core, (struct handover *)job, f);
}

static bool
can_keep(const struct person *p)
{
	return p->role == ROLE_CLERK && !p->locked && !p->must_change;
}

/* A clerk gives what he keeps to another clerk. */
static enum fail
look_at(struct txn *txn, const struct person *giver, uint64_t receiver,
    struct person *to)
{
	enum fail f = giver->role == ROLE_CLERK ?
	    custody_check(txn, giver->id) :
	    FAIL_RIGHTS;

	if (!f)
		f = people_get(txn, receiver, to);
	if (!f && (to->id == giver->id || !can_keep(to)))
		f = FAIL_USAGE;
	return f;
}

static enum fail
keep(struct txn *txn, const struct handover *h)
{
	struct custody c = { .holder = h->receiver,
		.giver = h->giver,
		.time = when_now(),
		.permission = buf_view(&h->permission) };
	struct journal_entry e = { .time = c.time,
		.actor = h->giver,
		.act = ACT_HAND_OVER,
		.record = h->receiver,
		.reason = c.permission };
	struct person giver, receiver;
	enum fail f = people_get(txn, h->giver, &giver);

	if (!f)
		f = look_at(txn, &giver, h->receiver, &receiver);
	if (!f)
		f = custody_put(txn, &c);
	return f ? f : journal_add(txn, &e);
}

static void
confirmed(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct handover *h = (struct handover *)job;
	struct txn *txn;

	if (!f) {
		struct cursor in = cursor_of(reply->payload);

		f = message_fail(&in);
	}
	if (!f) {
		brake_clear(&core->brake, buf_view(&h->name), brake_place);
		f = keep_begin(core, &txn);
	}
	if (f) {
		handover_end(core, h, f);
		return;
	}
	f = keep_end(core, txn, keep(txn, h));
	job_after_commit(core, job, f, durable);
}

static bool
good_permission(struct bytes text)
{
	return text.len && text.len <= CUSTODY_PERMISSION_MAX &&
	    text_valid(text);
}

void
flow_hand_over(struct core *core, struct message *m)
{
	struct cursor in = cursor_of(m->payload);
	struct bytes token = cursor_bytes(&in, SESSION_TOKEN);
	uint64_t receiver = cursor_u64(&in);
	struct bytes permission = cursor_field(&in);
	struct bytes password = cursor_field(&in);
	struct handover *h = calloc(1, sizeof(*h));
	struct person giver, to;
	struct txn *txn;
	enum fail f = !h      ? FAIL_MEMORY :
	    !cursor_done(&in) ? FAIL_PEER :
				core_read(core, &txn);

	if (f) {
		free(h);
		core_answer(core, m->id, f, 0, "");
		return;
	}
	h->job.ask = m->id;
	buf_init(&h->permission, CUSTODY_PERMISSION_MAX + 1);
	buf_init(&h->name, PERSON_TEXT_MAX + 1);
	f = flow_person(core, txn, token, &giver);
	if (!f && !good_permission(permission))
		f = FAIL_USAGE;
	if (!f)
		f = look_at(txn, &giver, receiver, &to);
	if (!f)
		f = brake_try(
		    &core->brake, to.name, brake_place, when_monotonic_ms());
	if (!f) {
		h->giver = giver.id;
		h->receiver = receiver;
		buf_bytes(&h->permission, permission);
		buf_bytes(&h->name, to.name);
		buf_field(&core->out, to.password);
		buf_field(&core->out, password);
	}
	txn_abort(txn);
	if (f)
		handover_end(core, h, f);
	else
		job_ask_keeper(core, &h->job, &core->out, confirmed);
}

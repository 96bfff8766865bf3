/* A person changes his own password: the old one is checked and the new one
 * hashed in a worker; then all his logins end and this one begins anew. */
#include <stdlib.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/when.h"
#include "crypto/random.h"
#include "firmware/flow/flow.h"

#define PASSWORD_LEAST 10u /* characters */

/* All changes count as one place: the session says who it is. */
static const struct bytes brake_place = { (const uint8_t *)"/mat-khau", 9 };

struct change {
	struct job job;
	uint64_t person;
	struct secret fresh; /* the new password, until it is hashed */
	struct buf stored;   /* the hash the old one was held against */
	struct buf name;     /* the account's, for the brake */
	uint8_t token[SESSION_TOKEN];
};

static void
change_end(struct core *core, struct change *c, enum fail f, const char *note)
{
	if (f) {
		core_answer(core, c->job.ask, f, 0, note);
	} else {
		buf_add(&core->out, c->token, SESSION_TOKEN);
		buf_u64(&core->out, c->person);
		buf_u8(&core->out, 0);
		if (message_send(core->net.channel, MESSAGE_ANSWER_LOGIN,
			c->job.ask, &core->out, -1))
			log_warning("a change of password was not delivered");
	}
	secret_free(&c->fresh);
	buf_free(&c->stored);
	buf_free(&c->name);
	explicit_bzero(c, sizeof(*c));
	free(c);
}

static void
change_durable(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	(void)reply;
	change_end(core, (struct change *)job, f, "");
}

static enum fail
keep_change(struct txn *txn, struct change *c, struct bytes hash)
{
	struct session s = { .person = c->person, .started = when_now() };
	struct journal_entry e = { .time = s.started,
		.actor = c->person,
		.act = ACT_PASSWORD,
		.record = c->person };
	struct person p;
	enum fail f = people_get(txn, c->person, &p);

	/* Changed by another login of his meanwhile. */
	if (!f && (p.locked || !bytes_equal(p.password, buf_view(&c->stored))))
		f = FAIL_LOGIN;
	if (f)
		return f;
	p.password = hash;
	p.must_change = false;
	f = people_put(txn, &p);
	s.used = s.started;
	random_bytes(s.csrf, sizeof(s.csrf));
	if (!f)
		f = session_sweep(txn, c->person, INT64_MAX);
	if (!f)
		f = session_add(txn, &s, c->token);
	return f ? f : journal_add(txn, &e);
}

static void
hashed(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct change *c = (struct change *)job;
	struct bytes hash = { NULL, 0 };
	struct txn *txn;

	if (!f) {
		struct cursor in = cursor_of(reply->payload);

		f = message_fail(&in);
		hash = cursor_field(&in);
		if (!f && (!hash.len || hash.len > PERSON_PASSWORD_MAX))
			f = FAIL_PEER;
	}
	if (!f)
		f = keep_begin(core, &txn);
	if (f) {
		change_end(core, c, f, "");
		return;
	}
	f = keep_end(core, txn, keep_change(txn, c, hash));
	job_after_commit(core, job, f, change_durable);
}

static void
old_checked(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct change *c = (struct change *)job;

	if (!f) {
		struct cursor in = cursor_of(reply->payload);

		f = message_fail(&in);
	}
	if (f) {
		change_end(core, c, f, "");
		return;
	}
	brake_clear(&core->brake, buf_view(&c->name), brake_place);
	buf_field(&core->out, (struct bytes){ NULL, 0 });
	buf_field(&core->out, secret_get(&c->fresh));
	job_ask_keeper(core, job, &core->out, hashed);
}

/* A new password is long enough, another one, and not the user's name. */
static enum fail
look_at(struct bytes old, struct bytes fresh, struct bytes name)
{
	if (!text_valid(fresh) || text_length(fresh) < PASSWORD_LEAST ||
	    bytes_equal(old, fresh) ||
	    (name.len && memmem(fresh.data, fresh.len, name.data, name.len)))
		return FAIL_USAGE;
	return FAIL_NONE;
}

void
flow_password(struct core *core, struct message *m)
{
	struct cursor in = cursor_of(m->payload);
	struct bytes token = cursor_bytes(&in, SESSION_TOKEN);
	struct bytes old = cursor_field(&in), fresh = cursor_field(&in);
	struct change *c = calloc(1, sizeof(*c));
	struct person person;
	struct txn *txn;
	enum fail f = !c      ? FAIL_MEMORY :
	    !cursor_done(&in) ? FAIL_PEER :
				core_read(core, &txn);

	if (f) {
		free(c);
		core_answer(core, m->id, f, 0, "");
		return;
	}
	c->job.ask = m->id;
	f = flow_person(core, txn, token, &person);
	if (f == FAIL_PASSWORD)
		f = FAIL_NONE;
	if (!f)
		f = look_at(old, fresh, person.name);
	if (!f)
		f = brake_try(&core->brake, person.name, brake_place,
		    when_monotonic_ms());
	if (!f)
		f = secret_init(&c->fresh);
	if (!f)
		f = secret_set(&c->fresh, fresh);
	if (!f) {
		c->person = person.id;
		buf_init(&c->stored, PERSON_PASSWORD_MAX + 1);
		buf_bytes(&c->stored, person.password);
		buf_init(&c->name, person.name.len + 1);
		buf_bytes(&c->name, person.name);
		buf_field(&core->out, person.password);
		buf_field(&core->out, old);
	}
	txn_abort(txn);
	if (f)
		change_end(core, c, f, "");
	else
		job_ask_keeper(core, &c->job, &core->out, old_checked);
}

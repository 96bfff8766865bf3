/* Logging in and out.  The slow check of the password runs in a worker. */
#include <stdlib.h>

#include "base/log.h"
#include "base/when.h"
#include "crypto/random.h"
#include "firmware/flow/flow.h"

struct login {
	struct job job;
	uint64_t person; /* 0: no such account */
	bool must_change;
	struct buf name, place; /* for the brake */
	struct buf stored;      /* the hash the password was held against */
};

static void
login_free(struct login *l)
{
	buf_free(&l->name);
	buf_free(&l->place);
	buf_free(&l->stored);
	free(l);
}

/* Checked when there is no such account, so that the time taken does not tell
 * whether there is: an Argon2id hash of a random word nobody has. */
static const char no_account[] =
    "$argon2id$v=19$m=65536,t=2,p=1$YW50aW4ubm9ib2R5LnNhbA$"
    "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo";

static enum fail
start_session(
    struct txn *txn, const struct login *l, uint8_t token[static SESSION_TOKEN])
{
	struct session s = { .person = l->person, .started = when_now() };
	struct journal_entry e = {
		.time = s.started, .actor = l->person, .act = ACT_LOGIN
	};
	struct person p;
	enum fail f = people_get(txn, l->person, &p);

	/* Locked, or the password changed, while this one was being checked. */
	if (!f && (p.locked || !bytes_equal(p.password, buf_view(&l->stored))))
		f = FAIL_LOGIN;
	if (f)
		return f;
	s.used = s.started;
	random_bytes(s.csrf, sizeof(s.csrf));
	f = session_add(txn, &s, token);
	return f ? f : journal_add(txn, &e);
}

struct logged_in {
	struct job job;
	uint8_t token[SESSION_TOKEN];
	uint64_t person;
	bool must_change;
};

static void
login_durable(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct logged_in *l = (struct logged_in *)job;

	(void)reply;
	if (f) {
		core_answer(core, job->ask, f, 0, "");
	} else {
		buf_add(&core->out, l->token, SESSION_TOKEN);
		buf_u64(&core->out, l->person);
		buf_u8(&core->out, l->must_change);
		if (message_send(core->net.channel, MESSAGE_ANSWER_LOGIN,
			job->ask, &core->out, -1))
			log_warning("a login was not delivered");
	}
	explicit_bzero(l, sizeof(*l));
	free(l);
}

static void
note_failure(struct core *core, uint64_t person)
{
	struct journal_entry e = {
		.time = when_now(), .actor = person, .act = ACT_LOGIN_FAILED
	};
	struct txn *txn;

	if (keep_begin(core, &txn))
		return;
	if (keep_end(core, txn, journal_add(txn, &e)))
		log_warning("a failed login was not written down");
}

static void
password_checked(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct login *l = (struct login *)job;
	struct logged_in *in = calloc(1, sizeof(*in));
	struct cursor c =
	    cursor_of(reply ? reply->payload : (struct bytes){ NULL, 0 });
	struct txn *txn;

	if (!in) {
		core_answer(core, job->ask, f ? f : FAIL_MEMORY, 0, "");
		login_free(l);
		return;
	}
	if (!f)
		f = message_fail(&c);
	if (!f && !l->person)
		f = FAIL_LOGIN;
	if (f == FAIL_LOGIN)
		note_failure(core, l->person);
	if (!f)
		brake_clear(
		    &core->brake, buf_view(&l->name), buf_view(&l->place));
	if (!f)
		f = keep_begin(core, &txn);
	if (f) {
		core_answer(core, job->ask, f, 0, "");
		free(in);
		login_free(l);
		return;
	}
	in->job.ask = job->ask;
	in->person = l->person;
	in->must_change = l->must_change;
	f = keep_end(core, txn, start_session(txn, l, in->token));
	login_free(l);
	job_after_commit(core, &in->job, f, login_durable);
}

void
flow_login(struct core *core, struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	struct bytes name = cursor_field(&c), password = cursor_field(&c);
	struct bytes place = cursor_field(&c), stored = BYTES_TEXT(no_account);
	struct login *l = calloc(1, sizeof(*l));
	struct person person;
	struct txn *txn;
	enum fail f;

	f = !l ? FAIL_MEMORY :
	    !cursor_done(&c) ?
		 FAIL_PEER :
		 brake_try(&core->brake, name, place, when_monotonic_ms());
	if (!f)
		f = core_read(core, &txn);
	if (f) {
		free(l);
		core_answer(core, m->id, f, 0, "");
		return;
	}
	l->job.ask = m->id;
	buf_init(&l->name, CHANNEL_PAYLOAD_MAX);
	buf_init(&l->place, CHANNEL_PAYLOAD_MAX);
	buf_bytes(&l->name, name);
	buf_bytes(&l->place, place);
	if (!people_find(txn, name, &person) && !person.locked) {
		l->person = person.id;
		l->must_change = person.must_change;
		stored = person.password;
	}
	buf_init(&l->stored, PERSON_PASSWORD_MAX + 1);
	buf_bytes(&l->stored, stored);
	buf_field(&core->out, stored);
	buf_field(&core->out, password);
	txn_abort(txn);
	job_ask_keeper(core, &l->job, &core->out, password_checked);
}

static enum fail
end_session(struct core *core, struct txn *txn, struct bytes token)
{
	struct journal_entry e = { .time = when_now(), .act = ACT_LOGOUT };
	struct person person;
	enum fail f = flow_person(core, txn, token, &person);

	if (f && f != FAIL_PASSWORD)
		return f;
	e.actor = person.id;
	f = session_end(txn, token.data);
	return f ? f : journal_add(txn, &e);
}

static void
logout_durable(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	(void)reply;
	core_answer(core, job->ask, f, 0, "");
	free(job);
}

void
flow_logout(struct core *core, struct message *m)
{
	struct job *job = calloc(1, sizeof(*job));
	struct txn *txn;
	enum fail f = job ? keep_begin(core, &txn) : FAIL_MEMORY;

	if (f) {
		free(job);
		core_answer(core, m->id, f, 0, "");
		return;
	}
	job->ask = m->id;
	f = keep_end(core, txn, end_session(core, txn, m->payload));
	job_after_commit(core, job, f, logout_durable);
}

void
flow_touch(struct core *core, struct message *m)
{
	struct person person;
	struct txn *txn;
	enum fail f = keep_begin(core, &txn);

	if (f)
		return;
	f = flow_person(core, txn, m->payload, &person);
	if (!f || f == FAIL_PASSWORD)
		f = session_touch(txn, m->payload.data, when_now());
	if (keep_end(core, txn, f))
		log_trace("a login that is no more was used");
}

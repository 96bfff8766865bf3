#include <stdio.h>
#include <unistd.h>

#include "base/when.h"
#include "crypto/random.h"
#include "firmware/flow/flow.h"
#include "firmware/flow/stamp.h"
#include "storage/settings.h"

#define TRIES 3u /* of one authority whose clock is off */
#define POLICY_TEXT_MAX 128u

static void ask(struct core *core, struct stamping *s);

/* In dotted decimals; none: any will do. */
static enum fail
load_policy(struct txn *txn, struct arena *arena, struct bytes *policy)
{
	struct bytes text = { NULL, 0 };
	char dotted[POLICY_TEXT_MAX];
	struct buf oid;
	enum fail f = settings_get(txn, SETTING_TSA_POLICY, &text);

	*policy = (struct bytes){ NULL, 0 };
	if (f || !text.len)
		return f == FAIL_MISSING ? FAIL_NONE : f;
	snprintf(dotted, sizeof(dotted), "%.*s", (int)text.len,
	    (const char *)text.data);
	buf_init(&oid, sizeof(dotted));
	f = oid_parse(dotted, &oid);
	if (!f) {
		*policy = arena_copy(arena, buf_view(&oid));
		f = policy->data ? FAIL_NONE : FAIL_MEMORY;
	}
	buf_free(&oid);
	return f;
}

enum fail
stamping_load(struct txn *txn, struct arena *arena, struct stamping *s)
{
	struct bytes sha1 = { NULL, 0 };
	enum fail f = settings_hold(txn, arena, SETTING_ROOT, &s->root);

	if (!f)
		f = settings_hold(txn, arena, SETTING_TSA, &s->authorities);
	s->query.hash = !settings_get(txn, SETTING_TSA_SHA1, &sha1) &&
		bytes_equal_text(sha1, "1") ?
	    HASH_SHA1 :
	    HASH_SHA256;
	return f ? f : load_policy(txn, arena, &s->query.policy);
}

void
stamping_next(struct core *core, struct stamping *s, enum fail why)
{
	s->last = why;
	/* Another machine of the authority may have a better clock. */
	if (why != FAIL_CLOCK)
		s->tries = TRIES;
	ask(core, s);
}

static void
answer_read(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct stamping *s = (struct stamping *)job;
	struct bytes token = { NULL, 0 };

	close(s->answer);
	s->answer = -1;
	if (!f) {
		struct cursor c = cursor_of(reply->payload);

		f = message_fail(&c);
		message_why(&c, s->why);
		s->time = (int64_t)cursor_u64(&c);
		s->until = (int64_t)cursor_u64(&c);
		token = cursor_field(&c);
		if (!f && !cursor_done(&c))
			f = FAIL_PEER;
	}
	if (f)
		stamping_next(core, s, f);
	else
		s->end(core, s, FAIL_NONE, token);
}

static void
answer_came(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct stamping *s = (struct stamping *)job;
	uint16_t status = 0;

	if (!f) {
		struct cursor c = cursor_of(reply->payload);

		f = message_fail(&c);
		status = cursor_u16(&c);
	}
	if (!f && status != 200) {
		snprintf(s->why, sizeof(s->why), "HTTP status %u", status);
		f = FAIL_PEER;
	}
	if (!f) {
		s->answer = message_take_fd(reply, 0);
		f = s->answer < 0 ? FAIL_PEER : FAIL_NONE;
	}
	if (f) {
		stamping_next(core, s, f);
		return;
	}
	buf_u64(&core->out, (uint64_t)when_now());
	buf_u8(&core->out, (uint8_t)s->query.hash);
	buf_add(&core->out, s->query.digest, HASH_MAX);
	buf_add(&core->out, s->query.nonce, TIMESTAMP_NONCE);
	buf_field(&core->out, s->root);
	buf_field(&core->out, s->query.policy);
	job_ask_worker(core, job, MESSAGE_WORK_STAMP, &core->out, s->answer, -1,
	    answer_read);
}

/* The authority to be asked now; empty: there is no other. */
static struct bytes
this_authority(struct stamping *s)
{
	struct bytes rest = bytes_part(s->authorities, s->authority, SIZE_MAX);
	size_t len = bytes_find(rest, ",");

	if (s->tries >= TRIES) {
		s->tries = 0;
		if (len == SIZE_MAX)
			return (struct bytes){ NULL, 0 };
		s->authority += len + 1;
		rest = bytes_part(s->authorities, s->authority, SIZE_MAX);
		len = bytes_find(rest, ",");
	}
	return bytes_part(rest, 0, len == SIZE_MAX ? rest.len : len);
}

static void
ask(struct core *core, struct stamping *s)
{
	struct fetch_order order = { .url = this_authority(s),
		.file = -1,
		.type = BYTES_TEXT("application/timestamp-query"),
		.most = TIMESTAMP_ANSWER_MAX,
		.milliseconds = FLOW_FETCH_MS };
	struct buf query;
	enum fail f;

	if (!order.url.len) {
		s->end(core, s, s->last ? s->last : FAIL_USAGE,
		    (struct bytes){ NULL, 0 });
		return;
	}
	s->tries++;
	random_bytes(s->query.nonce, sizeof(s->query.nonce));
	buf_init(&query, 1024);
	f = timestamp_query_write(&s->query, &query);
	order.body = buf_view(&query);
	if (f)
		s->end(core, s, f, (struct bytes){ NULL, 0 });
	else
		job_ask_net(core, &s->job, &order, answer_came);
	buf_free(&query);
}

void
stamping_begin(struct core *core, struct stamping *s)
{
	s->authority = 0;
	s->tries = 0;
	s->answer = -1;
	s->last = FAIL_NONE;
	ask(core, s);
}

#include "storage/session.h"

#include "autoconf.h"
#include "base/buf.h"
#include "crypto/random.h"

#define VERSION 1u
#define SWEEP_MAX 256u /* logins ended in one pass */

static struct bytes
key_of(const uint8_t *token, uint8_t room[static HASH_LEN])
{
	hash_sha256((struct bytes){ token, SESSION_TOKEN }, room);
	return (struct bytes){ room, HASH_LEN };
}

static enum fail
put(struct txn *txn, struct bytes key, const struct session *s)
{
	struct buf out;
	enum fail f;

	buf_init(&out, 128);
	buf_u8(&out, VERSION);
	buf_u64(&out, s->person);
	buf_u64(&out, (uint64_t)s->started);
	buf_u64(&out, (uint64_t)s->used);
	buf_add(&out, s->csrf, SESSION_TOKEN);
	f = buf_fail(&out);
	if (!f)
		f = table_put(txn, TABLE_SESSIONS, key, buf_view(&out));
	buf_free(&out);
	return f;
}

static enum fail
decode(struct bytes stored, struct session *s)
{
	struct cursor c = cursor_of(stored);
	struct bytes csrf;

	if (cursor_u8(&c) != VERSION)
		return FAIL_CORRUPT;
	s->person = cursor_u64(&c);
	s->started = (int64_t)cursor_u64(&c);
	s->used = (int64_t)cursor_u64(&c);
	csrf = cursor_bytes(&c, SESSION_TOKEN);
	if (!cursor_done(&c))
		return FAIL_CORRUPT;
	memcpy(s->csrf, csrf.data, SESSION_TOKEN);
	return FAIL_NONE;
}

bool
session_alive(const struct session *s, int64_t now)
{
	return s->used + CONFIG_SESSION_IDLE_MINUTES * 60 >= now &&
	    s->used <= now + SESSION_CLOCK_SLACK;
}

enum fail
session_add(struct txn *txn, const struct session *session,
    uint8_t token[static SESSION_TOKEN])
{
	uint8_t room[HASH_LEN];

	random_bytes(token, SESSION_TOKEN);
	return put(txn, key_of(token, room), session);
}

enum fail
session_get(struct txn *txn, const uint8_t token[static SESSION_TOKEN],
    struct session *session)
{
	uint8_t room[HASH_LEN];
	struct bytes stored = { NULL, 0 };
	enum fail f =
	    table_get(txn, TABLE_SESSIONS, key_of(token, room), &stored);

	return f ? f : decode(stored, session);
}

enum fail
session_touch(
    struct txn *txn, const uint8_t token[static SESSION_TOKEN], int64_t now)
{
	uint8_t room[HASH_LEN];
	struct session s;
	enum fail f = session_get(txn, token, &s);

	if (f)
		return f;
	s.used = now;
	return put(txn, key_of(token, room), &s);
}

enum fail
session_end(struct txn *txn, const uint8_t token[static SESSION_TOKEN])
{
	uint8_t room[HASH_LEN];

	return table_delete(txn, TABLE_SESSIONS, key_of(token, room));
}

/* Keys of what is to end; deleting under a walk would disturb it. */
static enum fail
collect(struct txn *txn, uint64_t person, int64_t before,
    uint8_t keys[SWEEP_MAX][HASH_LEN], size_t *count)
{
	struct table_walk *walk;
	struct bytes key, stored;
	enum fail f = table_walk_open(
	    txn, TABLE_SESSIONS, (struct bytes){ NULL, 0 }, false, &walk);

	*count = 0;
	if (f)
		return f;
	while (
	    *count < SWEEP_MAX && !(f = table_walk_next(walk, &key, &stored))) {
		struct session s = { 0 };

		if (key.len != HASH_LEN)
			f = FAIL_CORRUPT;
		else if (!decode(stored, &s) &&
		    ((person && s.person != person) || s.used >= before))
			continue;
		if (f)
			break;
		memcpy(keys[(*count)++], key.data, HASH_LEN);
	}
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

enum fail
session_sweep(struct txn *txn, uint64_t person, int64_t before)
{
	uint8_t keys[SWEEP_MAX][HASH_LEN];
	size_t count;
	enum fail f;

	do {
		f = collect(txn, person, before, keys, &count);
		for (size_t i = 0; i < count && !f; i++)
			f = table_delete(
			    txn, TABLE_SESSIONS, BYTES_ARRAY(keys[i]));
	} while (!f && count == SWEEP_MAX);
	return f;
}

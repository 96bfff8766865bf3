#include "storage/journal.h"

#include "base/buf.h"

#define VERSION 1u
#define STORY_KEY 16u
#define ENTRY_MAX (128 + HASH_LEN * 2 + JOURNAL_REASON_MAX)

static enum fail
last_stored(struct txn *txn, uint64_t *number, struct bytes *stored)
{
	struct table_walk *walk;
	struct bytes key;
	enum fail f = table_walk_open(
	    txn, TABLE_JOURNAL, (struct bytes){ NULL, 0 }, true, &walk);

	if (f)
		return f;
	f = table_walk_next(walk, &key, stored);
	table_walk_close(walk);
	if (f == FAIL_MISSING) {
		*number = 0;
		*stored = (struct bytes){ NULL, 0 };
		return FAIL_NONE;
	}
	if (!f)
		*number = key_number(key);
	return f;
}

/* Key of the index: the record, then the entry about it. */
static void
story_key(uint8_t key[static STORY_KEY], uint64_t record, uint64_t number)
{
	key_u64(key, record);
	key_u64(key + 8, number);
}

/* What the chain links to: the hash of an entry's bytes; zeros before the
 * first. */
static void
link_of(struct bytes stored, uint8_t out[static HASH_LEN])
{
	if (stored.len)
		hash_sha256(stored, out);
	else
		memset(out, 0, HASH_LEN);
}

enum fail
journal_add(struct txn *txn, struct journal_entry *e)
{
	uint8_t before[HASH_LEN], key[8];
	struct bytes stored = { NULL, 0 };
	struct buf out;
	enum fail f = last_stored(txn, &e->number, &stored);

	if (f)
		return f;
	if (e->reason.len > JOURNAL_REASON_MAX)
		return FAIL_LIMIT;
	link_of(stored, before);
	e->number++;
	buf_init(&out, ENTRY_MAX);
	buf_u8(&out, VERSION);
	buf_add(&out, before, HASH_LEN);
	buf_u64(&out, e->number);
	buf_u64(&out, (uint64_t)e->time);
	buf_u64(&out, e->actor);
	buf_u16(&out, e->act);
	buf_u64(&out, e->record);
	buf_u8(&out, e->from);
	buf_u8(&out, e->to);
	buf_add(&out, e->thing, HASH_LEN);
	buf_field(&out, e->reason);
	f = buf_fail(&out);
	key_u64(key, e->number);
	if (!f)
		f = table_add(
		    txn, TABLE_JOURNAL, BYTES_ARRAY(key), buf_view(&out));
	buf_free(&out);
	if (!f && e->record) {
		uint8_t story[STORY_KEY];

		story_key(story, e->record, e->number);
		f = table_add(txn, TABLE_STORIES, BYTES_ARRAY(story),
		    (struct bytes){ NULL, 0 });
	}
	return f;
}

static enum fail
decode(struct bytes stored, struct journal_entry *e,
    uint8_t before[static HASH_LEN])
{
	struct cursor c = cursor_of(stored);
	struct bytes link, thing;

	if (cursor_u8(&c) != VERSION)
		return FAIL_CORRUPT;
	link = cursor_bytes(&c, HASH_LEN);
	e->number = cursor_u64(&c);
	e->time = (int64_t)cursor_u64(&c);
	e->actor = cursor_u64(&c);
	e->act = cursor_u16(&c);
	e->record = cursor_u64(&c);
	e->from = cursor_u8(&c);
	e->to = cursor_u8(&c);
	thing = cursor_bytes(&c, HASH_LEN);
	e->reason = cursor_field(&c);
	if (!cursor_done(&c))
		return FAIL_CORRUPT;
	memcpy(before, link.data, HASH_LEN);
	memcpy(e->thing, thing.data, HASH_LEN);
	return FAIL_NONE;
}

enum fail
journal_get(struct txn *txn, uint64_t number, struct journal_entry *e)
{
	uint8_t key[8], before[HASH_LEN];
	struct bytes stored = { NULL, 0 };
	enum fail f;

	key_u64(key, number);
	f = table_get(txn, TABLE_JOURNAL, BYTES_ARRAY(key), &stored);
	return f ? f : decode(stored, e, before);
}

enum fail
journal_last(struct txn *txn, uint64_t *number)
{
	struct bytes stored;

	return last_stored(txn, number, &stored);
}

enum fail
journal_each(
    struct txn *txn, uint64_t record, journal_visit *visit, void *context)
{
	uint8_t from[STORY_KEY];
	struct table_walk *walk;
	struct bytes key, none;
	enum fail f;

	story_key(from, record, 0);
	f = table_walk_open(
	    txn, TABLE_STORIES, BYTES_ARRAY(from), false, &walk);
	if (f)
		return f;
	while (!(f = table_walk_next(walk, &key, &none))) {
		struct journal_entry e;

		if (key.len != STORY_KEY ||
		    key_number(bytes_part(key, 0, 8)) != record)
			break;
		f = journal_get(txn, key_number(bytes_part(key, 8, 8)), &e);
		if (f == FAIL_MISSING || (!f && e.record != record))
			f = FAIL_CORRUPT;
		if (!f)
			f = visit(context, &e);
		if (f)
			break;
	}
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

enum fail
journal_verify(struct txn *txn, uint64_t *number, uint8_t head[static HASH_LEN])
{
	struct table_walk *walk;
	struct bytes key, stored;
	enum fail f = table_walk_open(
	    txn, TABLE_JOURNAL, (struct bytes){ NULL, 0 }, false, &walk);

	if (f)
		return f;
	*number = 0;
	memset(head, 0, HASH_LEN);
	while (!(f = table_walk_next(walk, &key, &stored))) {
		struct journal_entry e;
		uint8_t before[HASH_LEN];

		if (decode(stored, &e, before) || e.number != *number + 1 ||
		    key_number(key) != e.number ||
		    memcmp(before, head, HASH_LEN)) {
			f = FAIL_CORRUPT;
			break;
		}
		*number = e.number;
		link_of(stored, head);
	}
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

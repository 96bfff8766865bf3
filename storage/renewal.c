#include "storage/renewal.h"

#include "base/buf.h"

#define VERSION 1u
#define KEY 16u

static void
make_key(uint8_t key[static KEY], const struct renewal *line)
{
	key_u64(key, line->due > 0 ? (uint64_t)line->due : 0);
	key_u64(key + 8, line->record);
}

int64_t
renewal_due(int64_t now, int64_t until, int64_t horizon)
{
	int64_t half = until > now ? now + (until - now) / 2 : now;

	return until - horizon > half ? until - horizon : half;
}

enum fail
renewal_put(struct txn *txn, const struct renewal *line)
{
	uint8_t key[KEY];
	struct buf out;
	enum fail f;

	make_key(key, line);
	buf_init(&out, 16);
	buf_u8(&out, VERSION);
	buf_u64(&out, (uint64_t)line->until);
	f = buf_fail(&out);
	if (!f)
		f = table_put(
		    txn, TABLE_RENEWALS, BYTES_ARRAY(key), buf_view(&out));
	buf_free(&out);
	return f;
}

enum fail
renewal_delete(struct txn *txn, const struct renewal *line)
{
	uint8_t key[KEY];

	make_key(key, line);
	return table_delete(txn, TABLE_RENEWALS, BYTES_ARRAY(key));
}

static enum fail
decode(struct bytes key, struct bytes stored, struct renewal *line)
{
	struct cursor c = cursor_of(stored);

	if (key.len != KEY || cursor_u8(&c) != VERSION)
		return FAIL_CORRUPT;
	line->due = (int64_t)key_number(bytes_part(key, 0, 8));
	line->record = key_number(bytes_part(key, 8, 8));
	line->until = (int64_t)cursor_u64(&c);
	return cursor_done(&c) ? FAIL_NONE : FAIL_CORRUPT;
}

enum fail
renewal_next(struct txn *txn, const struct renewal *from, struct renewal *line)
{
	struct table_walk *walk;
	struct bytes at, stored;
	uint8_t key[KEY];
	enum fail f, broken = FAIL_MISSING;

	make_key(key, from);
	f = table_walk_open(
	    txn, TABLE_RENEWALS, BYTES_ARRAY(key), false, &walk);
	if (f)
		return f;
	/* One that does not read holds up no other. */
	while (!(f = table_walk_next(walk, &at, &stored)))
		if (!decode(at, stored, line))
			break;
		else
			broken = FAIL_CORRUPT;
	table_walk_close(walk);
	return f == FAIL_MISSING ? broken : f;
}

enum fail
renewal_count(struct txn *txn, uint64_t *count)
{
	return table_count(txn, TABLE_RENEWALS, count);
}

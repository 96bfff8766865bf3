#include "storage/raising.h"

#include "base/buf.h"

#define VERSION 2u
#define VERSION_UNSTAMPED 1u /* did not say whether it is stamped */
#define LINE_MAX 64u

enum fail
raising_put(struct txn *txn, const struct raising *line)
{
	uint8_t key[8];
	struct buf out;
	enum fail f;

	key_u64(key, line->record);
	buf_init(&out, LINE_MAX);
	buf_u8(&out, VERSION);
	buf_u64(&out, (uint64_t)line->next);
	buf_u16(&out, line->tries);
	buf_u16(&out, line->fail);
	buf_u8(&out, line->stamped);
	f = buf_fail(&out);
	if (!f)
		f = table_put(
		    txn, TABLE_RAISING, BYTES_ARRAY(key), buf_view(&out));
	buf_free(&out);
	return f;
}

static enum fail
decode(struct bytes key, struct bytes stored, struct raising *line)
{
	struct cursor c = cursor_of(stored);
	uint8_t version = cursor_u8(&c);

	if (key.len != 8 ||
	    (version != VERSION && version != VERSION_UNSTAMPED))
		return FAIL_CORRUPT;
	line->record = key_number(key);
	line->next = (int64_t)cursor_u64(&c);
	line->tries = cursor_u16(&c);
	line->fail = cursor_u16(&c);
	line->stamped = version == VERSION && cursor_u8(&c);
	return cursor_done(&c) && line->fail < FAIL_COUNT ? FAIL_NONE :
							    FAIL_CORRUPT;
}

enum fail
raising_get(struct txn *txn, uint64_t record, struct raising *line)
{
	struct bytes stored = { NULL, 0 };
	uint8_t key[8];
	enum fail f;

	key_u64(key, record);
	f = table_get(txn, TABLE_RAISING, BYTES_ARRAY(key), &stored);
	return f ? f : decode(BYTES_ARRAY(key), stored, line);
}

enum fail
raising_delete(struct txn *txn, uint64_t record)
{
	uint8_t key[8];

	key_u64(key, record);
	return table_delete(txn, TABLE_RAISING, BYTES_ARRAY(key));
}

static enum fail
walk_all(struct txn *txn, struct table_walk **walk)
{
	static const uint8_t first[8];

	return table_walk_open(
	    txn, TABLE_RAISING, BYTES_ARRAY(first), false, walk);
}

enum fail
raising_due(struct txn *txn, int64_t now, struct raising *line)
{
	struct table_walk *walk;
	struct bytes key, stored;
	struct raising one;
	bool found = false;
	enum fail broken = FAIL_MISSING, f = walk_all(txn, &walk);

	if (f)
		return f;
	while (!(f = table_walk_next(walk, &key, &stored))) {
		if (decode(key, stored, &one)) {
			broken = FAIL_CORRUPT;
			continue;
		}
		if (one.next > now && one.next - now <= RAISING_AHEAD)
			continue;
		if (!found || one.next < line->next)
			*line = one;
		found = true;
	}
	table_walk_close(walk);
	if (f != FAIL_MISSING)
		return f;
	return found ? FAIL_NONE : broken;
}

static enum fail
count_lines(struct txn *txn, bool fresh, uint64_t *count)
{
	struct table_walk *walk;
	struct bytes key, stored;
	struct raising line;
	enum fail f = walk_all(txn, &walk);

	*count = 0;
	if (f)
		return f;
	while (!(f = table_walk_next(walk, &key, &stored)))
		*count +=
		    !fresh || (!decode(key, stored, &line) && !line.tries);
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

enum fail
raising_count(struct txn *txn, uint64_t *count)
{
	return count_lines(txn, false, count);
}

enum fail
raising_count_fresh(struct txn *txn, uint64_t *count)
{
	return count_lines(txn, true, count);
}

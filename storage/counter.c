#include "storage/counter.h"

#include "base/buf.h"

/* Keys: 'r' book year for registers, 'i' kind for internal numbers. */
struct counter_key {
	uint8_t data[5];
	size_t len;
};

static struct counter_key
register_key(uint16_t book, uint16_t year)
{
	struct counter_key key = { { 'r' }, 5 };

	key_u16(key.data + 1, book);
	key_u16(key.data + 3, year);
	return key;
}

/* The last value given; 0 when the counter was never used. */
static enum fail
last_value(struct txn *txn, const struct counter_key *key, uint64_t *last)
{
	struct bytes stored = { NULL, 0 };
	struct cursor c;
	enum fail f = table_get(txn, TABLE_COUNTERS,
	    (struct bytes){ key->data, key->len }, &stored);

	if (f == FAIL_MISSING) {
		*last = 0;
		return FAIL_NONE;
	}
	if (f)
		return f;
	c = cursor_of(stored);
	if (cursor_u8(&c) != 1)
		return FAIL_CORRUPT;
	*last = cursor_u64(&c);
	return cursor_done(&c) ? FAIL_NONE : FAIL_CORRUPT;
}

static enum fail
take(struct txn *txn, const struct counter_key *key, uint64_t *value)
{
	struct buf stored;
	uint64_t last;
	enum fail f = last_value(txn, key, &last);

	if (f)
		return f;
	buf_init(&stored, 16);
	buf_u8(&stored, 1);
	buf_u64(&stored, last + 1);
	f = buf_fail(&stored);
	if (!f)
		f = table_put(txn, TABLE_COUNTERS,
		    (struct bytes){ key->data, key->len }, buf_view(&stored));
	buf_free(&stored);
	if (!f)
		*value = last + 1;
	return f;
}

enum fail
counter_take(struct txn *txn, uint16_t book, uint16_t year, uint32_t *number)
{
	struct counter_key key = register_key(book, year);
	uint64_t value;
	enum fail f = last_value(txn, &key, &value);

	if (!f && value >= UINT32_MAX)
		f = FAIL_LIMIT;
	if (!f)
		f = take(txn, &key, &value);
	if (!f)
		*number = (uint32_t)value;
	return f;
}

enum fail
counter_peek(struct txn *txn, uint16_t book, uint16_t year, uint32_t *number)
{
	struct counter_key key = register_key(book, year);
	uint64_t last;
	enum fail f = last_value(txn, &key, &last);

	if (!f && last >= UINT32_MAX)
		f = FAIL_LIMIT;
	if (!f)
		*number = (uint32_t)last + 1;
	return f;
}

enum fail
counter_take_id(struct txn *txn, enum counter_kind kind, uint64_t *id)
{
	struct counter_key key = { { 'i', (uint8_t)kind }, 2 };

	return take(txn, &key, id);
}

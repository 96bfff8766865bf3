#include "storage/registry.h"

#include "storage/record.h"

#define KEY 8u
#define VERSION 1u

static void
line_key(uint8_t key[static KEY], uint16_t book, uint16_t year, uint32_t number)
{
	key_u16(key, book);
	key_u16(key + 2, year);
	key_u32(key + 4, number);
}

enum fail
registry_add(struct txn *txn, uint16_t book, uint16_t year, uint32_t number,
    uint64_t record)
{
	uint8_t key[KEY], value[9] = { VERSION };

	line_key(key, book, year, number);
	key_u64(value + 1, record);
	return table_add(
	    txn, TABLE_REGISTER, BYTES_ARRAY(key), BYTES_ARRAY(value));
}

static enum fail
decode(struct bytes stored, uint64_t *record)
{
	if (stored.len != 9 || stored.data[0] != VERSION)
		return FAIL_CORRUPT;
	*record = key_number(bytes_part(stored, 1, 8));
	return FAIL_NONE;
}

enum fail
registry_get(struct txn *txn, uint16_t book, uint16_t year, uint32_t number,
    uint64_t *record)
{
	uint8_t key[KEY];
	struct bytes stored = { NULL, 0 };
	enum fail f;

	line_key(key, book, year, number);
	f = table_get(txn, TABLE_REGISTER, BYTES_ARRAY(key), &stored);
	return f ? f : decode(stored, record);
}

enum fail
registry_check(struct txn *txn, uint16_t book, uint16_t year, uint32_t *count)
{
	uint8_t from[KEY];
	struct table_walk *walk;
	struct bytes key, stored;
	enum fail f;

	*count = 0;
	line_key(from, book, year, 0);
	f = table_walk_open(
	    txn, TABLE_REGISTER, BYTES_ARRAY(from), false, &walk);
	if (f)
		return f;
	while (!(f = table_walk_next(walk, &key, &stored))) {
		struct record r;
		uint64_t id;

		if (key.len != KEY || memcmp(key.data, from, 4))
			break;
		f = FAIL_CORRUPT;
		if (key_number(bytes_part(key, 4, 4)) != *count + UINT64_C(1) ||
		    decode(stored, &id) || record_get(txn, id, &r) ||
		    r.book != book || r.year != year || r.number != *count + 1)
			break;
		++*count;
	}
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

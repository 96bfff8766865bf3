#include "storage/people.h"

#include "base/buf.h"
#include "storage/counter.h"

#define VERSION 1u
#define PERSON_MAX (256 + 4 * PERSON_TEXT_MAX)

enum { FLAG_LOCKED = 1, FLAG_MUST_CHANGE = 2 };

const char *
person_role_name(enum person_role role)
{
	static const char *const names[ROLE_COUNT_PEOPLE] = { "", "Văn thư",
		"Lãnh đạo", "Trưởng phòng", "Chuyên viên", "Quản trị" };

	return role < ROLE_COUNT_PEOPLE ? names[role] : "";
}

static enum fail
decode(struct bytes stored, struct person *p)
{
	struct cursor c = cursor_of(stored);
	struct bytes cert;
	uint8_t flags;

	if (cursor_u8(&c) != VERSION)
		return FAIL_CORRUPT;
	p->role = cursor_u8(&c);
	flags = cursor_u8(&c);
	p->locked = flags & FLAG_LOCKED;
	p->must_change = flags & FLAG_MUST_CHANGE;
	p->unit = cursor_u16(&c);
	p->name = cursor_field(&c);
	p->full_name = cursor_field(&c);
	p->title = cursor_field(&c);
	p->password = cursor_field(&c);
	cert = cursor_bytes(&c, HASH_LEN);
	if (!cursor_done(&c) || p->role >= ROLE_COUNT_PEOPLE)
		return FAIL_CORRUPT;
	memcpy(p->cert, cert.data, HASH_LEN);
	return FAIL_NONE;
}

enum fail
people_get(struct txn *txn, uint64_t id, struct person *person)
{
	uint8_t key[8];
	struct bytes stored = { NULL, 0 };
	struct person p = { .id = id };
	enum fail f;

	key_u64(key, id);
	f = table_get(txn, TABLE_PEOPLE, BYTES_ARRAY(key), &stored);
	if (!f)
		f = decode(stored, &p);
	if (!f)
		*person = p;
	return f;
}

/* Keys are short: long names are looked up by their hash. */
static struct bytes
name_key(struct bytes name, uint8_t room[static HASH_LEN])
{
	hash_sha256(name, room);
	return (struct bytes){ room, HASH_LEN };
}

enum fail
people_find(struct txn *txn, struct bytes name, struct person *person)
{
	uint8_t room[HASH_LEN];
	struct bytes stored = { NULL, 0 };
	enum fail f =
	    table_get(txn, TABLE_NAMES, name_key(name, room), &stored);

	if (f)
		return f;
	if (stored.len != 8)
		return FAIL_CORRUPT;
	return people_get(txn, key_number(stored), person);
}

enum fail
people_put(struct txn *txn, const struct person *p)
{
	struct buf out;
	uint8_t key[8];
	enum fail f;

	buf_init(&out, PERSON_MAX);
	buf_u8(&out, VERSION);
	buf_u8(&out, p->role);
	buf_u8(&out,
	    (uint8_t)((p->locked ? FLAG_LOCKED : 0) |
		(p->must_change ? FLAG_MUST_CHANGE : 0)));
	buf_u16(&out, p->unit);
	buf_field(&out, p->name);
	buf_field(&out, p->full_name);
	buf_field(&out, p->title);
	buf_field(&out, p->password);
	buf_add(&out, p->cert, HASH_LEN);
	f = buf_fail(&out);
	key_u64(key, p->id);
	if (!f)
		f = table_put(
		    txn, TABLE_PEOPLE, BYTES_ARRAY(key), buf_view(&out));
	buf_free(&out);
	return f;
}

enum fail
people_add(struct txn *txn, struct person *p)
{
	uint8_t room[HASH_LEN], key[8];
	enum fail f = counter_take_id(txn, COUNTER_PERSON, &p->id);

	if (f)
		return f;
	key_u64(key, p->id);
	f = table_add(
	    txn, TABLE_NAMES, name_key(p->name, room), BYTES_ARRAY(key));
	return f ? f : people_put(txn, p);
}

enum fail
people_each(struct txn *txn, people_visit *visit, void *context)
{
	struct table_walk *walk;
	struct bytes key, stored;
	enum fail f = table_walk_open(
	    txn, TABLE_PEOPLE, (struct bytes){ NULL, 0 }, false, &walk);

	if (f)
		return f;
	while (!(f = table_walk_next(walk, &key, &stored))) {
		struct person p = { .id = key_number(key) };

		f = decode(stored, &p);
		if (!f)
			f = visit(context, &p);
		if (f)
			break;
	}
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

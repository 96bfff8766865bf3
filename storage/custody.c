#include "storage/custody.h"

#include "base/buf.h"
#include "storage/settings.h"

#define VERSION 1u

enum fail
custody_get(struct txn *txn, struct custody *c)
{
	struct bytes stored = { NULL, 0 };
	struct cursor in;
	enum fail f = settings_get(txn, SETTING_CUSTODY, &stored);

	if (f)
		return f;
	in = cursor_of(stored);
	if (cursor_u8(&in) != VERSION)
		return FAIL_CORRUPT;
	c->holder = cursor_u64(&in);
	c->giver = cursor_u64(&in);
	c->time = (int64_t)cursor_u64(&in);
	c->permission = cursor_field(&in);
	return cursor_done(&in) ? FAIL_NONE : FAIL_CORRUPT;
}

enum fail
custody_put(struct txn *txn, const struct custody *c)
{
	struct buf out;
	enum fail f;

	if (c->permission.len > CUSTODY_PERMISSION_MAX)
		return FAIL_LIMIT;
	buf_init(&out, CUSTODY_PERMISSION_MAX + 64);
	buf_u8(&out, VERSION);
	buf_u64(&out, c->holder);
	buf_u64(&out, c->giver);
	buf_u64(&out, (uint64_t)c->time);
	buf_field(&out, c->permission);
	f = buf_fail(&out);
	if (!f)
		f = settings_put(txn, SETTING_CUSTODY, buf_view(&out));
	buf_free(&out);
	return f;
}

enum fail
custody_check(struct txn *txn, uint64_t person)
{
	struct custody c;
	enum fail f = custody_get(txn, &c);

	if (f)
		return f == FAIL_MISSING ? FAIL_NONE : f;
	return !c.holder || c.holder == person ? FAIL_NONE : FAIL_CUSTODY;
}

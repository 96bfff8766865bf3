/*
 * Archive renewal (EN 319 142-1 5.5): before the certificates of a document's
 * newest time-stamp end, it gets another one over all that it has by then.  The
 * work is that of raising it once more; here it is only decided whose turn it
 * is, so a renewal of the whole archive is resumed after a power cut where it
 * was, and never holds up a document that was just sealed.
 */
#include <inttypes.h>

#include "base/log.h"
#include "base/when.h"
#include "firmware/flow/flow.h"
#include "storage/raising.h"
#include "storage/renewal.h"
#include "storage/settings.h"

#define AT_ONCE 16u  /* documents in the queue because of a renewal */
#define LOOK_AT 256u /* lines looked at in one turn */
#define LOOK_MS 60000
#define AGAIN_MS 500 /* while there is more to do */

#define FROM_SIZE 16u

/* To be raised as soon as nothing new waits. */
static enum fail
enqueue(struct txn *txn, const struct renewal *line, int64_t now)
{
	struct raising waits = { .record = line->record, .next = now };
	enum fail f = renewal_delete(txn, line);

	return f ? f : raising_put(txn, &waits);
}

static enum fail
put_from(struct txn *txn, const struct renewal *from)
{
	uint8_t value[FROM_SIZE];

	key_u64(value, (uint64_t)from->due);
	key_u64(value + 8, from->record);
	return settings_put(txn, SETTING_RENEW_FROM, BYTES_ARRAY(value));
}

/* What the administrator wants renewed; false: nothing. */
static bool
get_order(struct txn *txn, int64_t *before, struct renewal *from)
{
	struct bytes value = { NULL, 0 };

	if (settings_get(txn, SETTING_RENEW_ALL, &value) || value.len != 8)
		return false;
	*before = (int64_t)key_number(value);
	if (!*before || settings_get(txn, SETTING_RENEW_FROM, &value) ||
	    value.len != FROM_SIZE)
		return false;
	from->due = (int64_t)key_number(bytes_part(value, 0, 8));
	from->record = key_number(bytes_part(value, 8, 8));
	return true;
}

enum fail
flow_renew_all(struct txn *txn, int64_t before)
{
	const struct renewal first = { .due = 0 };
	uint8_t value[8];
	enum fail f;

	key_u64(value, (uint64_t)before);
	f = settings_put(txn, SETTING_RENEW_ALL, BYTES_ARRAY(value));
	return f ? f : put_from(txn, &first);
}

/* Go on through all lines; *moved counts those put into the queue. */
static enum fail
follow_order(struct txn *txn, int64_t now, int64_t before, struct renewal *from,
    size_t room, size_t *moved)
{
	struct renewal line;
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < LOOK_AT && *moved < room && !f; i++) {
		f = renewal_next(txn, from, &line);
		if (f == FAIL_MISSING) {
			log_notice("renewal: all that was wanted is in the "
				   "queue");
			return flow_renew_all(txn, 0);
		}
		if (!f && line.until < before) {
			f = enqueue(txn, &line, now);
			++*moved;
		}
		*from = line;
		from->record++; /* behind it; the last number is no record's */
	}
	return f ? f : put_from(txn, from);
}

static enum fail
take_due(struct txn *txn, int64_t now, size_t room, size_t *moved)
{
	const struct renewal first = { .due = 0 };
	struct renewal line;
	enum fail f = FAIL_NONE;

	while (*moved < room && !f) {
		f = renewal_next(txn, &first, &line);
		if (f || line.due > now)
			break;
		f = enqueue(txn, &line, now);
		++*moved;
	}
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

/* Is there anything to do?  Looked for without writing. */
static bool
has_work(struct txn *txn, int64_t now, size_t *room)
{
	const struct renewal first = { .due = 0 };
	struct renewal line, from;
	int64_t before;
	uint64_t waiting = 0;

	if (raising_count(txn, &waiting))
		return false;
	*room = waiting < AT_ONCE ? AT_ONCE - (size_t)waiting : 0;
	if (get_order(txn, &before, &from))
		return true;
	return !renewal_next(txn, &first, &line) && line.due <= now;
}

static enum fail
turn(struct core *core, int64_t now, size_t room, size_t *moved)
{
	struct renewal from;
	int64_t before;
	struct txn *txn;
	enum fail f = keep_begin(core, &txn);

	if (f)
		return f;
	f = take_due(txn, now, room, moved);
	if (!f && get_order(txn, &before, &from))
		f = follow_order(txn, now, before, &from, room, moved);
	return keep_end(core, txn, f);
}

void
flow_renew(struct core *core)
{
	int64_t now = when_now();
	struct txn *txn;
	size_t room = 0, moved = 0;
	bool work;
	enum fail f;

	if (core->stopping || when_monotonic_ms() < core->raise.renew_look ||
	    core_read(core, &txn))
		return;
	core->raise.renew_look = when_monotonic_ms() + LOOK_MS;
	work = has_work(txn, now, &room);
	txn_abort(txn);
	if (!work)
		return;
	core->raise.renew_look = when_monotonic_ms() + AGAIN_MS;
	if (!room)
		return;
	f = turn(core, now, room, &moved);
	if (f) {
		log_warning("renewal: %s", fail_name(f));
		core->raise.renew_look = when_monotonic_ms() + LOOK_MS;
	} else if (moved) {
		log_notice("renewal: %zu documents go into the queue", moved);
	}
}

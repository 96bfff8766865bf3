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
#define ORDER_SIZE 16u

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

/* What the administrator wants renewed: all that ends before an instant, but
 * for what was stamped since he said so. */
struct order {
	int64_t before, given;
	struct renewal from; /* where to go on */
};

/* False: nothing. */
static bool
get_order(struct txn *txn, struct order *o)
{
	struct bytes value = { NULL, 0 };

	if (settings_get(txn, SETTING_RENEW_ALL, &value) ||
	    value.len != ORDER_SIZE)
		return false;
	o->before = (int64_t)key_number(bytes_part(value, 0, 8));
	o->given = (int64_t)key_number(bytes_part(value, 8, 8));
	if (!o->before || settings_get(txn, SETTING_RENEW_FROM, &value) ||
	    value.len != FROM_SIZE)
		return false;
	o->from.due = (int64_t)key_number(bytes_part(value, 0, 8));
	o->from.record = key_number(bytes_part(value, 8, 8));
	return true;
}

enum fail
flow_renew_all(struct txn *txn, int64_t before)
{
	const struct renewal first = { .due = 0 };
	uint8_t value[ORDER_SIZE];
	enum fail f;

	key_u64(value, (uint64_t)before);
	key_u64(value + 8, (uint64_t)when_now());
	f = settings_put(txn, SETTING_RENEW_ALL, BYTES_ARRAY(value));
	return f ? f : put_from(txn, &first);
}

static bool
is_ordered(struct txn *txn, const struct order *o, const struct renewal *line)
{
	struct record r;

	return line->until < o->before && !record_get(txn, line->record, &r) &&
	    r.stamped < o->given;
}

/* Go on through all lines; *moved counts those put into the queue. */
static enum fail
follow_order(
    struct txn *txn, int64_t now, struct order *o, size_t room, size_t *moved)
{
	struct renewal line;
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < LOOK_AT && *moved < room && !f; i++) {
		f = renewal_next(txn, &o->from, &line);
		if (f == FAIL_MISSING) {
			log_notice("renewal: all that was wanted is in the "
				   "queue");
			return flow_renew_all(txn, 0);
		}
		if (f)
			return f;
		if (is_ordered(txn, o, &line)) {
			f = enqueue(txn, &line, now);
			++*moved;
		}
		o->from = line;
		o->from.record++; /* the last number is no record's */
	}
	return f ? f : put_from(txn, &o->from);
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

/* Is there anything to do?  Looked for without writing.  *room: how many may
 * join the queue, where those that were tried in vain do not count: they wait
 * for themselves. */
static bool
has_work(struct core *core, struct txn *txn, int64_t now, size_t *room)
{
	const struct renewal first = { .due = 0 };
	struct renewal line;
	struct order order;
	uint64_t fresh = 0;
	enum fail f = raising_count_fresh(txn, &fresh);

	*room = fresh < AT_ONCE ? AT_ONCE - (size_t)fresh : 0;
	/* Nobody can be reached: the archive need not wait there too. */
	if (core->raise.misses)
		*room = 0;
	if (f || get_order(txn, &order))
		return !f;
	f = renewal_next(txn, &first, &line);
	if (f && f != FAIL_MISSING)
		log_warning("renewal: %s", fail_name(f));
	return !f && line.due <= now;
}

static enum fail
turn(struct core *core, int64_t now, size_t room, size_t *moved)
{
	struct order order;
	struct txn *txn;
	enum fail f = keep_begin(core, &txn);

	if (f)
		return f;
	f = take_due(txn, now, room, moved);
	if (!f && get_order(txn, &order))
		f = follow_order(txn, now, &order, room, moved);
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
	work = has_work(core, txn, now, &room);
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

/*
 * Rounds of archiving (RFC 4998): from time to time all files of record that
 * are new, and the rounds before whose time-stamp ends soon, get one time-stamp
 * together.  The blobs' names are the leaves, so no file is read for it.
 *
 * A round of a large archive is done in small turns of the loop, and goes on
 * after a power cut where it was.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "autoconf.h"
#include "base/log.h"
#include "base/when.h"
#include "firmware/flow/flow.h"
#include "firmware/flow/stamp.h"
#include "storage/room.h"
#include "storage/round.h"
#include "storage/settings.h"

#define LOOK_AT 1024u /* documents looked at in one turn */
#define CHUNKS 8u     /* of the tree built in one turn */
#define LOOK_MS 60000
#define AGAIN_MS 20 /* while there is more to do */
#define PAUSE_MIN_MS 15000
#define PAUSE_MAX_MS 3600000

/* ---- when ---- */

static enum fail
put_instant(struct txn *txn, const char *name, int64_t instant)
{
	uint8_t value[8];

	key_u64(value, (uint64_t)instant);
	return settings_put(txn, name, BYTES_ARRAY(value));
}

static int64_t
get_instant(struct txn *txn, const char *name)
{
	struct bytes value = { NULL, 0 };

	return settings_get(txn, name, &value) || value.len != 8 ?
	    -1 :
	    (int64_t)key_number(value);
}

enum fail
flow_archive_now(struct txn *txn, int64_t before)
{
	return put_instant(txn, SETTING_ARCHIVE_NOW, before);
}

static int64_t
seconds_of(struct txn *txn, const char *name, unsigned least, unsigned usual)
{
	return 86400 * (int64_t)settings_number(txn, name, least, 36500, usual);
}

static struct round_wish
wish_of(struct txn *txn, int64_t now)
{
	return (struct round_wish){ .now = now,
		.before = get_instant(txn, SETTING_ARCHIVE_NOW),
		.horizon =
		    seconds_of(txn, SETTING_RENEW_DAYS, 1, CONFIG_RENEW_DAYS) };
}

/* Somebody must be there to stamp it, with the tree's own algorithm (RFC 4998
 * 4.1), and there must be room for what it writes. */
static bool
can_begin(struct txn *txn)
{
	struct bytes value = { NULL, 0 };

	return !settings_get(txn, SETTING_TSA, &value) && value.len &&
	    (settings_get(txn, SETTING_TSA_SHA1, &value) ||
		!bytes_equal_text(value, "1")) &&
	    room_get(txn) != ROOM_FULL;
}

/* A clock that stood wrong holds nothing up for longer than a month. */
static bool
is_time(struct txn *txn, int64_t now)
{
	int64_t days =
	    seconds_of(txn, SETTING_ARCHIVE_DAYS, 0, CONFIG_ARCHIVE_DAYS);
	int64_t last = get_instant(txn, SETTING_ARCHIVE_LAST);
	struct round_wish wish = wish_of(txn, now);

	if (!can_begin(txn))
		return false;
	if (wish.before >= 0 || !round_due(txn, &wish))
		return true;
	return days && (last < 0 || last > now || now - last >= days);
}

/* ---- collecting ---- */

static enum fail
begin(struct txn *txn, int64_t now, uint64_t number)
{
	struct round r = {
		.number = number, .state = ROUND_COLLECTING, .begun = now
	};
	enum fail f = put_instant(txn, SETTING_ARCHIVE_LAST, now);

	return f ? f : round_put(txn, &r);
}

static enum fail
add_document(struct txn *txn, struct round *r, const struct record *record)
{
	static const uint8_t none[HASH_LEN];
	enum fail f = FAIL_NONE;

	if (memcmp(record->sealed, none, HASH_LEN) != 0)
		f = round_add(txn, r, record->sealed);
	if (!f && memcmp(record->raised, none, HASH_LEN) != 0)
		f = round_add(txn, r, record->raised);
	return f;
}

/* The files are there; now the rounds that end soon, and the tree. */
static enum fail
close_leaves(struct txn *txn, struct round *r, int64_t now)
{
	struct round_wish wish = wish_of(txn, now);
	enum fail f = round_renew(txn, r, &wish);

	if (!f && wish.before >= 0)
		f = put_instant(txn, SETTING_ARCHIVE_NOW, -1);
	if (f)
		return f;
	if (!r->leaves)
		return round_drop(txn, r);
	r->state = ROUND_BUILDING;
	r->next = 0;
	return round_put(txn, r);
}

static enum fail
collect(struct txn *txn, struct round *r, int64_t now)
{
	struct record record;
	uint64_t last = 0;
	enum fail f = table_last(txn, TABLE_RECORDS, &last);

	for (size_t i = 0; i < LOOK_AT && r->next < last && !f &&
	     r->leaves < HASH_LEAVES_MAX - 2 * LOOK_AT;
	     i++) {
		f = record_get(txn, ++r->next, &record);
		if (!f)
			f = add_document(txn, r, &record);
		/* One that does not read holds up no other. */
		if (f == FAIL_MISSING || f == FAIL_CORRUPT)
			f = FAIL_NONE;
	}
	if (f)
		return f;
	return r->next < last && r->leaves < HASH_LEAVES_MAX - 2 * LOOK_AT ?
	    round_put(txn, r) :
	    close_leaves(txn, r, now);
}

/* ---- the time-stamp ---- */

struct archiving {
	struct stamping stamp;
	struct arena arena;
	uint64_t round;
};

static void
end_stamping(struct core *core, struct archiving *a, enum fail f)
{
	int64_t pause = PAUSE_MIN_MS;

	if (f) {
		for (unsigned i = 0;
		     i < core->archive.misses && pause < PAUSE_MAX_MS; i++)
			pause *= 2;
		core->archive.misses++;
		core->archive.look = when_monotonic_ms() +
		    (pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS);
		log_notice("archiving: round %" PRIu64
			   " waits for its time-stamp: %s%s%s",
		    a->round, fail_name(f), a->stamp.why[0] ? ": " : "",
		    a->stamp.why);
	} else {
		core->archive.misses = 0;
		core->archive.look = 0;
		log_notice("archiving: round %" PRIu64 " is stamped", a->round);
	}
	core->archive.busy = false;
	arena_free(&a->arena);
	free(a);
}

static void
stamp_durable(
    struct core *core, struct job *job, enum fail f, struct message *reply)
{
	(void)reply;
	end_stamping(core, ((struct stamping *)job)->owner, f);
}

static enum fail
keep_token(struct txn *txn, const struct archiving *a, struct bytes token)
{
	struct journal_entry e = { .time = when_now(), .act = ACT_ROUND };
	struct round r;
	char number[24];
	int len;
	enum fail f = round_get(txn, a->round, &r);

	if (f)
		return f;
	if (r.state != ROUND_WAITING ||
	    memcmp(r.root, a->stamp.query.digest, HASH_LEN) != 0)
		return FAIL_STATE;
	r.state = ROUND_STAMPED;
	r.stamped = a->stamp.time;
	r.until = a->stamp.until;
	r.token = token;
	len = snprintf(number, sizeof(number), "%" PRIu64, r.number);
	e.reason = (struct bytes){ (const uint8_t *)number, (size_t)len };
	memcpy(e.thing, r.root, HASH_LEN);
	f = round_put(txn, &r);
	return f ? f : journal_add(txn, &e);
}

static void
stamped(
    struct core *core, struct stamping *stamp, enum fail f, struct bytes token)
{
	struct archiving *a = stamp->owner;
	struct txn *txn;

	if (!f)
		f = keep_begin(core, &txn);
	if (f) {
		end_stamping(core, a, f);
		return;
	}
	f = keep_end(core, txn, keep_token(txn, a, token));
	job_after_commit(core, &stamp->job, f, stamp_durable);
}

static void
ask_stamp(struct core *core, struct txn *txn, const struct round *r)
{
	struct archiving *a = calloc(1, sizeof(*a));
	enum fail f;

	if (!a)
		return;
	a->round = r->number;
	a->stamp.end = stamped;
	a->stamp.owner = a;
	arena_init(&a->arena, 64u << 10);
	core->archive.busy = true;
	f = stamping_load(txn, &a->arena, &a->stamp);
	if (!f && a->stamp.query.hash != HASH_SHA256)
		f = FAIL_UNSUPPORTED;
	memcpy(a->stamp.query.digest, r->root, HASH_LEN);
	if (f)
		end_stamping(core, a, f);
	else
		stamping_begin(core, &a->stamp);
}

/* ---- one turn ---- */

static enum fail
step(struct txn *txn, struct round *r, int64_t now)
{
	if (r->state == ROUND_COLLECTING)
		return collect(txn, r, now);
	/* It may have been built since it was looked for. */
	return r->state == ROUND_BUILDING ? round_build(txn, r, CHUNKS) :
					    FAIL_NONE;
}

static enum fail
turn(struct core *core, int64_t now)
{
	struct round r = { .number = 0, .state = ROUND_STAMPED };
	struct txn *txn;
	enum fail f = keep_begin(core, &txn);

	if (f)
		return f;
	f = round_last(txn, &r);
	if (f == FAIL_MISSING)
		f = FAIL_NONE;
	if (!f)
		f = r.state == ROUND_STAMPED ? begin(txn, now, r.number + 1) :
					       step(txn, &r, now);
	return keep_end(core, txn, f);
}

/* What is to be done, looked for without writing. */
static bool
has_turn(struct core *core, struct txn *txn, int64_t now)
{
	struct round r = { .state = ROUND_STAMPED };
	enum fail f = round_last(txn, &r);

	if (f && f != FAIL_MISSING) {
		log_warning("archiving: %s", fail_name(f));
		return false;
	}
	if (r.state == ROUND_WAITING) {
		ask_stamp(core, txn, &r);
		return false;
	}
	return r.state == ROUND_STAMPED ? is_time(txn, now) : true;
}

void
flow_archive(struct core *core)
{
	int64_t now = when_now();
	struct txn *txn;
	bool work;
	enum fail f;

	if (core->stopping || core->archive.busy ||
	    when_monotonic_ms() < core->archive.look)
		return;
	core->archive.look = when_monotonic_ms() + LOOK_MS;
	if (core_read(core, &txn))
		return;
	work = has_turn(core, txn, now);
	txn_abort(txn);
	if (!work)
		return;
	f = turn(core, now);
	if (f)
		log_warning("archiving: %s", fail_name(f));
	else
		core->archive.look = when_monotonic_ms() + AGAIN_MS;
}

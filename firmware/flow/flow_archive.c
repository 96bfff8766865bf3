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
#include "crypto/evidence_record.h"
#include "firmware/flow/flow.h"
#include "firmware/flow/prove.h"
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

/* What the administrator wants: rounds that end before an instant renewed too;
 * given when he said so.  before -1: nothing. */
struct order {
	int64_t before, given;
};

static struct order
get_order(struct txn *txn)
{
	struct bytes value = { NULL, 0 };

	if (settings_get(txn, SETTING_ARCHIVE_NOW, &value) || value.len != 16)
		return (struct order){ -1, 0 };
	return (struct order){ (int64_t)key_number(bytes_part(value, 0, 8)),
		(int64_t)key_number(bytes_part(value, 8, 8)) };
}

static enum fail
put_order(struct txn *txn, struct order o)
{
	uint8_t value[16];

	key_u64(value, (uint64_t)o.before);
	key_u64(value + 8, (uint64_t)o.given);
	return settings_put(txn, SETTING_ARCHIVE_NOW, BYTES_ARRAY(value));
}

enum fail
flow_archive_now(struct txn *txn, int64_t before)
{
	int64_t old = get_order(txn).before;

	return put_order(
	    txn, (struct order){ before > old ? before : old, when_now() });
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
		.before = get_order(txn).before,
		.horizon =
		    seconds_of(txn, SETTING_RENEW_DAYS, 1, CONFIG_RENEW_DAYS) };
}

const char *
flow_archive_obstacle(struct txn *txn)
{
	struct bytes value = { NULL, 0 };

	if (settings_get(txn, SETTING_TSA, &value) || !value.len)
		return "chưa thiết lập máy chủ cấp dấu thời gian";
	/* RFC 4998 4.1: with the tree's own algorithm. */
	if (!settings_get(txn, SETTING_TSA_SHA1, &value) &&
	    bytes_equal_text(value, "1"))
		return "máy chủ cấp dấu thời gian chỉ nhận SHA-1";
	if (room_get(txn) == ROOM_FULL)
		return "kho đầy";
	return NULL;
}

/* A clock that stood wrong holds nothing up for longer than a month. */
static bool
is_time(struct txn *txn, int64_t now)
{
	int64_t days =
	    seconds_of(txn, SETTING_ARCHIVE_DAYS, 0, CONFIG_ARCHIVE_DAYS);
	int64_t last = get_instant(txn, SETTING_ARCHIVE_LAST);
	struct round_wish wish = wish_of(txn, now);
	struct round due;

	if (flow_archive_obstacle(txn))
		return false;
	if (wish.before >= 0 || !round_due(txn, 0, &wish, &due))
		return true;
	return days && (last < 0 || last > now || now - last >= days);
}

/* ---- collecting ---- */

static enum fail
begin(struct txn *txn, int64_t now, uint64_t number)
{
	int64_t given = get_order(txn).given;
	/* A clock that went back does not leave an order standing. */
	struct round r = { .number = number,
		.state = ROUND_COLLECTING,
		.begun = now > given ? now : given };
	enum fail f = put_instant(txn, SETTING_ARCHIVE_LAST, now);

	return f ? f : round_put(txn, &r);
}

static enum fail
add_document(struct txn *txn, struct round *r, const struct record *record)
{
	enum fail f = FAIL_NONE;

	if (hash_is_set(record->sealed))
		f = round_add(txn, r, record->sealed);
	if (!f && hash_is_set(record->raised))
		f = round_add(txn, r, record->raised);
	return f;
}

/* A round that the open one renews, and whose authority was not asked about for
 * it.  FAIL_MISSING: there is none. */
static enum fail
find_unproven(
    struct txn *txn, const struct round *open, int64_t now, struct round *due)
{
	struct round_wish wish = wish_of(txn, now);
	enum fail f = FAIL_NONE;

	*due = (struct round){ .number = 0 };
	do
		f = round_due(txn, due->number + 1, &wish, due);
	while (!f && round_is_asked(due, open));
	return f;
}

/* The files are there; now the rounds that end soon, and the tree. */
static enum fail
close_leaves(struct txn *txn, struct round *r, int64_t now)
{
	struct round_wish wish = wish_of(txn, now);
	struct order order = get_order(txn);
	enum fail f = round_renew(txn, r, &wish);

	/* One that came after the round had begun is for the next one too:
	 * documents may have been passed before he said so. */
	if (!f && order.before >= 0 && order.given <= r->begun)
		f = put_order(txn, (struct order){ -1, 0 });
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
	int64_t not_before; /* the newest time-stamp that it renews */
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

	/* RFC 4998 5.3: time does not run backwards from one authority's clock
	 * to another's. */
	if (!f && stamp->time < a->not_before) {
		stamping_next(core, stamp, FAIL_CLOCK);
		return;
	}
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
	f = round_renewed(txn, r->number, &a->not_before);
	if (!f)
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

/* Is it further than when it was last worked on?  Then not at once again. */
static bool
has_moved(struct archive_state *a, const struct round *r)
{
	bool same = a->number == r->number && a->next == r->next &&
	    a->leaves == r->leaves && a->state == r->state &&
	    a->level == r->level;

	a->number = same ? 0 : r->number; /* another try in a minute */
	a->next = r->next;
	a->leaves = r->leaves;
	a->state = r->state;
	a->level = r->level;
	return !same;
}

/* What is to be done, looked for without writing. */
static bool
has_turn(struct core *core, struct txn *txn, int64_t now)
{
	struct round r = { .state = ROUND_STAMPED }, due;
	enum fail f = round_last(txn, &r);

	if (f && f != FAIL_MISSING) {
		log_warning("archiving: %s", fail_name(f));
		return false;
	}
	if (r.state == ROUND_WAITING) {
		ask_stamp(core, txn, &r);
		return false;
	}
	if (r.state == ROUND_STAMPED) {
		core->archive.number = 0;
		return is_time(txn, now);
	}
	/* The last turn may not be on the disk yet. */
	if (core->group) {
		core->archive.look = when_monotonic_ms() + AGAIN_MS;
		return false;
	}
	/* Logins and returns need what room is left. */
	if (room_get(txn) == ROOM_FULL)
		return false;
	if (r.state == ROUND_COLLECTING && !find_unproven(txn, &r, now, &due)) {
		prove_begin(core, txn, &due, r.number);
		return false;
	}
	return has_moved(&core->archive, &r);
}

enum fail
flow_evidence_record(
    struct txn *txn, const uint8_t hash[HASH_LEN], struct buf *out)
{
	struct hash_link *links = calloc(ROUND_LINKS_MAX, sizeof(*links));
	size_t count = 0;
	enum fail f =
	    links ? round_links(txn, hash, links, &count) : FAIL_MEMORY;

	if (!f)
		f = ers_write(links, count, out);
	free(links);
	return f;
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

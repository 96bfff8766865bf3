/* The console's commands about the archive: time-stamps renewed, evidence. */
#include <inttypes.h>

#include "base/when.h"
#include "firmware/console/commands.h"
#include "firmware/flow/act.h"
#include "storage/journal.h"
#include "storage/raising.h"
#include "storage/renewal.h"
#include "storage/round.h"

/* ---- renewal ---- */

static enum fail
show_renewals(struct console_call *call)
{
	const struct renewal first = { .due = 0 };
	struct renewal line;
	char day[WHEN_TEXT_MAX];
	uint64_t count = 0, waiting = 0;
	struct txn *txn;
	enum fail f = core_read(call->core, &txn);

	if (f)
		return f;
	f = renewal_count(txn, &count);
	if (!f)
		f = raising_count(txn, &waiting);
	buf_printf(call->out,
	    "Đã xếp lịch gia hạn %" PRIu64 " văn bản, đang chờ dấu thời gian "
	    "%" PRIu64 "\n",
	    count, waiting);
	if (!f && !renewal_next(txn, &first, &line)) {
		when_stamp_text(line.due, day);
		buf_printf(call->out, "Sớm nhất   %s\n", day);
	}
	txn_abort(txn);
	return f;
}

static enum fail
keep_order(struct txn *txn, uint64_t actor, int64_t before)
{
	struct journal_entry e = {
		.time = when_now(), .actor = actor, .act = ACT_RENEW_ALL
	};
	enum fail f = flow_renew_all(txn, before);

	if (!f)
		f = flow_archive_now(txn, before);
	return f ? f : journal_add(txn, &e);
}

/* "renew": how it stands; "renew YYYY-MM-DD": all whose time-stamp's path ends
 * before that day get another one now. */
enum fail
console_renew(struct console_call *call)
{
	struct when_date day;
	uint64_t actor;
	struct txn *txn;
	enum fail f;

	if (call->count < 2)
		return show_renewals(call);
	if (!when_parse_day(call->words[1], &day))
		return FAIL_USAGE;
	f = console_begin_act(call, &actor, &txn);
	if (f)
		return f;
	f = console_end_act(call, txn,
	    keep_order(txn, actor, when_join(day, WHEN_VIETNAM_OFFSET)));
	if (!f) {
		call->core->raise.renew_look = 0;
		call->core->archive.look = 0;
		buf_text(call->out, "Bắt đầu gia hạn.\n");
	}
	return f;
}

/* ---- rounds of archiving ---- */

/* How the open round stands. */
static const char *
round_state(const struct round *r)
{
	switch ((enum round_state)r->state) {
	case ROUND_COLLECTING:
		return "đang gom tệp";
	case ROUND_BUILDING:
		return "đang tính cây băm";
	case ROUND_WAITING:
		return "chờ dấu thời gian";
	default:
		return "đã có dấu thời gian";
	}
}

static void
put_progress(struct buf *out, struct txn *txn, const struct round *r)
{
	uint64_t last;

	if (r->state == ROUND_COLLECTING &&
	    !table_last(txn, TABLE_RECORDS, &last))
		buf_printf(out, "Đã xem %" PRIu64 " trên %" PRIu64 " văn bản\n",
		    r->next, last);
	if (r->state == ROUND_BUILDING)
		buf_printf(out, "Đã tính %" PRIu64 " nút ở tầng %u của cây\n",
		    r->next * ROUND_CHUNK, r->level);
}

static enum fail
show_rounds(struct console_call *call)
{
	char stamped[WHEN_TEXT_MAX], until[WHEN_TEXT_MAX];
	const char *obstacle;
	uint64_t covered = 0;
	struct round r;
	struct txn *txn;
	enum fail f = core_read(call->core, &txn);

	if (f)
		return f;
	f = round_files(txn, &covered);
	obstacle = flow_archive_obstacle(txn);
	buf_printf(
	    call->out, "Bằng chứng lưu trữ cho %" PRIu64 " tệp\n", covered);
	if (obstacle)
		buf_printf(call->out, "Chưa lập thêm được: %s\n", obstacle);
	if (!f && !round_last(txn, &r)) {
		buf_printf(call->out, "Đợt %" PRIu64 "   %" PRIu64 " lá, %s\n",
		    r.number, r.leaves, round_state(&r));
		put_progress(call->out, txn, &r);
		when_stamp_text(r.stamped, stamped);
		when_stamp_text(r.until, until);
		if (r.state == ROUND_STAMPED)
			buf_printf(call->out,
			    "Dấu thời gian %s, hết hiệu lực %s\n", stamped,
			    until);
	}
	txn_abort(txn);
	return f;
}

static enum fail
keep_archive_order(struct txn *txn, uint64_t actor)
{
	struct journal_entry e = {
		.time = when_now(), .actor = actor, .act = ACT_ARCHIVE_NOW
	};
	enum fail f = flow_archive_now(txn, 0);

	return f ? f : journal_add(txn, &e);
}

/* "archive": how it stands; "archive now": a round now. */
enum fail
console_archive(struct console_call *call)
{
	const char *obstacle;
	uint64_t actor;
	struct txn *txn;
	enum fail f;

	if (call->count < 2)
		return show_rounds(call);
	if (strcmp(call->words[1], "now") != 0)
		return FAIL_USAGE;
	f = console_begin_act(call, &actor, &txn);
	if (f)
		return f;
	obstacle = flow_archive_obstacle(txn);
	f = console_end_act(call, txn, keep_archive_order(txn, actor));
	if (f)
		return f;
	call->core->archive.look = 0;
	if (obstacle)
		buf_printf(call->out, "Đã ghi yêu cầu; chưa lập được vì %s.\n",
		    obstacle);
	else
		buf_text(call->out, "Bắt đầu lập bằng chứng lưu trữ.\n");
	return FAIL_NONE;
}

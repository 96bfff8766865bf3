/* The console's commands, one row each.  None shows a document's words. */
#include "firmware/console/commands.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/when.h"
#include "firmware/backup.h"
#include "firmware/flow/act.h"
#include "firmware/flow/kind.h"
#include "firmware/flow/pin.h"
#include "storage/counter.h"
#include "storage/custody.h"
#include "storage/journal.h"
#include "storage/people.h"
#include "storage/raising.h"
#include "storage/record.h"
#include "storage/registry.h"
#include "storage/settings.h"

static enum fail
show_status(struct console_call *call)
{
	struct core *core = call->core;
	struct bytes agency = { NULL, 0 };
	struct txn *txn;
	uint64_t last = 0, waiting = 0;
	char now[WHEN_TEXT_MAX];
	enum fail f = core_read(core, &txn);

	if (f)
		return f;
	when_stamp_text(when_now(), now);
	if (settings_get(txn, SETTING_AGENCY, &agency))
		agency = BYTES_TEXT("chưa thiết lập");
	f = journal_last(txn, &last);
	if (!f)
		f = raising_count(txn, &waiting);
	buf_printf(call->out, "Cơ quan    %.*s\n", (int)agency.len,
	    (const char *)agency.data);
	txn_abort(txn);
	buf_printf(call->out,
	    "Giờ        %s\nChạy được  %lld giây\n"
	    "Kho        %u/1000 đã dùng\nNhật ký    %" PRIu64 " dòng\n"
	    "Chờ dấu thời gian %" PRIu64 " văn bản, gián đoạn %u lần\n"
	    "Tiến trình net %d, signer %d\n",
	    now, (long long)((when_monotonic_ms() - core->started) / 1000),
	    store_fill(core->store), last, waiting, core->raise.misses,
	    (int)core->net.pid, (int)core->signer.pid);
	return f;
}

static enum fail
print_person(void *context, const struct person *p)
{
	buf_printf(context, "  %-16.*s %-12s %s%s %.*s\n", (int)p->name.len,
	    (const char *)p->name.data, person_role_name(p->role),
	    p->locked ? "khóa " : "",
	    p->must_change ? "phải đổi mật khẩu " : "", (int)p->full_name.len,
	    (const char *)p->full_name.data);
	return FAIL_NONE;
}

static enum fail
show_people(struct console_call *call)
{
	struct txn *txn;
	enum fail f = core_read(call->core, &txn);

	if (f)
		return f;
	f = people_each(txn, print_person, call->out);
	txn_abort(txn);
	return f;
}

static enum fail
show_documents(struct console_call *call)
{
	struct when_date today;
	struct txn *txn;
	uint32_t good = 0;
	enum fail f = core_read(call->core, &txn);

	if (f)
		return f;
	for (enum record_state s = STATE_DRAFT; s < STATE_COUNT && !f; s++) {
		uint64_t count = 0;

		f = record_count(txn, s, &count);
		if (count)
			buf_printf(call->out, "  %-20s %" PRIu64 "\n",
			    record_state_name(s), count);
	}
	if (!f)
		f = when_today(&today);
	for (uint16_t book = BOOK_OUTGOING; book <= BOOK_COPIES && !f; book++) {
		f = registry_check(txn, book, (uint16_t)today.year, &good);
		buf_printf(call->out, "  %s năm nay: %u số liên tục%s\n",
		    book == BOOK_OUTGOING ? "sổ đi" : "sổ bản sao", good,
		    f == FAIL_CORRUPT ? ", SAU ĐÓ SAI" : "");
	}
	txn_abort(txn);
	return f;
}

#define TAIL_USUAL 20u
#define TAIL_MOST 500u

/* Acts and numbers; reasons are words about documents and stay where those
 * are. */
static enum fail
print_entry(struct txn *txn, uint64_t number, struct buf *out)
{
	struct journal_entry e;
	struct person p;
	char when[WHEN_TEXT_MAX];
	enum fail f = journal_get(txn, number, &e);

	if (f)
		return f;
	when_stamp_text(e.time, when);
	buf_printf(out, "%" PRIu64 "  %s  ", number, when);
	if (e.actor && !people_get(txn, e.actor, &p))
		buf_bytes(out, p.name);
	else
		buf_text(out, "(máy)");
	buf_printf(out, "  %s", act_name((enum act)e.act));
	if (e.record)
		buf_printf(out, "  %s #%" PRIu64,
		    act_on_document((enum act)e.act) ? "văn bản" : "người",
		    e.record);
	buf_char(out, '\n');
	return FAIL_NONE;
}

static enum fail
show_journal(struct console_call *call)
{
	uint64_t last = 0, wanted = TAIL_USUAL;
	struct txn *txn;
	char *end;
	enum fail f;

	if (call->count > 2) {
		wanted = strtoull(call->words[2], &end, 10);
		if (*end || !wanted || wanted > TAIL_MOST)
			return FAIL_USAGE;
	}
	f = core_read(call->core, &txn);
	if (f)
		return f;
	f = journal_last(txn, &last);
	for (uint64_t n = last > wanted ? last - wanted + 1 : 1;
	     n <= last && !f; n++)
		f = print_entry(txn, n, call->out);
	txn_abort(txn);
	return f;
}

static enum fail
verify_journal(struct console_call *call)
{
	uint8_t head[HASH_LEN];
	char hex[2 * HASH_LEN + 1];
	uint64_t number = 0;
	struct txn *txn;
	enum fail f = core_read(call->core, &txn);

	if (f)
		return f;
	f = journal_verify(txn, &number, head);
	txn_abort(txn);
	bytes_to_hex(BYTES_ARRAY(head), hex);
	buf_printf(call->out, "%" PRIu64 " dòng nguyên vẹn, đầu chuỗi %s\n",
	    number, hex);
	return f;
}

/* The copying runs beside; its end is told between two commands. */
static enum fail
make_backup(struct console_call *call)
{
	struct person p = { .id = 0 };
	struct txn *txn;
	enum fail f =
	    call->count == 2 ? core_read(call->core, &txn) : FAIL_USAGE;

	if (f)
		return f;
	f = people_find(txn, BYTES_TEXT(call->actor), &p);
	txn_abort(txn);
	if (!f)
		f = backup_start(call->core, call->words[1], p.id);
	if (!f)
		buf_printf(call->out, "Đang sao lưu vào %s\n", call->words[1]);
	return f;
}

/* What the signer said last is shown; the console does not wait for it. */
static enum fail
show_token(struct console_call *call)
{
	struct bytes cert = { NULL, 0 };
	char hex[2 * HASH_LEN + 1] = "chưa đăng ký";
	unsigned wrong = 0, most = 0;
	struct txn *txn;
	enum fail f = core_read(call->core, &txn);

	if (f)
		return f;
	if (!settings_get(txn, SETTING_CERT, &cert) && cert.len == HASH_LEN) {
		bytes_to_hex(cert, hex);
		f = pin_count(txn, cert.data, &wrong, &most);
	}
	txn_abort(txn);
	buf_printf(call->out,
	    "Mô-đun     %s\nChứng thư  %s\nTiến trình %d, %s\n"
	    "Sai PIN    %u lần liên tiếp, khóa ở lần %u\n",
	    call->core->settings->module ? call->core->settings->module :
					   "không có",
	    hex, (int)call->core->signer.pid,
	    call->core->signer_holder ? "đang ký" : "rỗi", wrong, most);
	return f;
}

enum fail
console_begin_act(struct console_call *call, uint64_t *actor, struct txn **txn)
{
	struct person p;
	enum fail f = keep_begin(call->core, txn);

	*actor = 0;
	if (f)
		return f;
	f = people_find(*txn, BYTES_TEXT(call->actor), &p);
	if (f)
		return keep_end(call->core, *txn, f);
	*actor = p.id;
	return FAIL_NONE;
}

enum fail
console_end_act(struct console_call *call, struct txn *txn, enum fail f)
{
	enum fail kept = keep_end(call->core, txn, f);
	enum fail durable = core_flush(call->core);

	return kept ? kept : durable;
}

/* The agency's certificate, or that of the account that was named. */
static enum fail
cert_of(struct txn *txn, const char *account, uint8_t hash[static HASH_LEN])
{
	struct bytes cert = { NULL, 0 };
	struct person p;
	enum fail f;

	if (!account) {
		f = settings_get(txn, SETTING_CERT, &cert);
		if (!f && cert.len != HASH_LEN)
			f = FAIL_CORRUPT;
		if (!f)
			memcpy(hash, cert.data, HASH_LEN);
		return f;
	}
	f = people_find(txn, BYTES_TEXT(account), &p);
	if (!f)
		memcpy(hash, p.cert, HASH_LEN);
	return f;
}

static enum fail
keep_cleared(struct txn *txn, uint64_t actor, const char *account)
{
	struct journal_entry e = {
		.time = when_now(), .actor = actor, .act = ACT_PIN_CLEAR
	};
	uint8_t hash[HASH_LEN];
	enum fail f = cert_of(txn, account, hash);

	if (f)
		return f;
	memcpy(e.thing, hash, HASH_LEN);
	f = pin_clear(txn, hash);
	return f ? f : journal_add(txn, &e);
}

/* When the token took its PIN on another computer, its own counter began anew
 * and ours did not. */
static enum fail
clear_pin(struct console_call *call)
{
	uint64_t actor;
	struct txn *txn;
	enum fail f = console_begin_act(call, &actor, &txn);

	if (f)
		return f;
	f = console_end_act(call, txn,
	    keep_cleared(txn, actor, call->count > 2 ? call->words[2] : NULL));
	if (!f)
		buf_text(call->out, "Đã xóa số lần sai PIN.\n");
	return f;
}

/* ---- custody ---- */

static enum fail
keep_freed(struct txn *txn, uint64_t actor)
{
	struct custody c = { .giver = actor, .time = when_now() };
	struct journal_entry e = {
		.time = c.time, .actor = actor, .act = ACT_HAND_OVER
	};
	enum fail f = custody_put(txn, &c);

	return f ? f : journal_add(txn, &e);
}

/* The clerk who keeps the token has left, say: any clerk may seal again. */
static enum fail
free_custody(struct console_call *call)
{
	uint64_t actor;
	struct txn *txn;
	enum fail f = console_begin_act(call, &actor, &txn);

	if (f)
		return f;
	f = console_end_act(call, txn, keep_freed(txn, actor));
	if (!f)
		buf_text(call->out, "Văn thư nào cũng đóng dấu được.\n");
	return f;
}

const struct console_command console_commands[] = {
	{ "status", show_status, "", "tình trạng chung" },
	{ "token", show_token, "", "thiết bị ký và chứng thư cơ quan" },
	{ "pin clear", clear_pin, "[TÀI-KHOẢN]",
	    "xóa số lần sai PIN của cơ quan (hoặc của tài khoản) khi thiết bị "
	    "đã nhận PIN ở máy khác" },
	{ "custody clear", free_custody, "",
	    "người giữ thiết bị ký đã nghỉ: văn thư nào cũng đóng dấu được" },
	{ "renew", console_renew, "[NGÀY]",
	    "lịch gia hạn dấu thời gian; có ngày: gia hạn ngay mọi văn bản có "
	    "dấu thời gian hết hiệu lực trước ngày đó" },
	{ "archive", console_archive, "[now]",
	    "bằng chứng lưu trữ của cả kho (RFC 4998); now: lập ngay một đợt" },
	{ "people", show_people, "", "danh sách tài khoản" },
	{ "documents", show_documents, "",
	    "số văn bản theo trạng thái, kiểm tra sổ" },
	{ "verify", console_verify, "SỐ-VĂN-BẢN",
	    "kiểm tra chữ ký trên tệp mới nhất của văn bản" },
	{ "journal verify", verify_journal, "",
	    "kiểm tra chuỗi nhật ký từ đầu đến cuối" },
	{ "journal tail", show_journal, "[SỐ-DÒNG]",
	    "những việc mới nhất: ai làm gì, lúc nào, với văn bản số mấy" },
	{ "backup", make_backup, "THƯ-MỤC-MỚI", "sao lưu kho vào thư mục mới" },
	{ NULL, NULL, NULL, NULL },
};

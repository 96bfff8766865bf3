/* The desk, lists of documents, the register. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/when.h"
#include "firmware/flow/kind.h"
#include "firmware/web/web.h"
#include "storage/registry.h"
#include "storage/settings.h"

#define FEW 20u   /* rows of one state among others */
#define MANY 100u /* rows of one page: workflow.md 5.3 asks for 60 kB */

static void
put_number(struct buf *out, const struct record *r)
{
	struct buf number;

	buf_init(&number, 256);
	if (r->number)
		kind_number(r->number, r->symbol, &number);
	html_text(out, buf_view(&number));
	buf_free(&number);
}

static void
put_row(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;

	buf_printf(out, "<td><a href=\"/van-ban/%" PRIu64 "\">", r->id);
	if (r->number)
		put_number(out, r);
	else
		buf_printf(out, "#%" PRIu64, r->id);
	buf_printf(out, "</a></td><td>%s</td><td>", kind_get(r->kind)->name);
	html_text(out, r->subject);
	buf_printf(out, "</td><td>%s</td><td>",
	    record_state_name((enum record_state)r->state));
	html_time(out, r->changed);
	buf_text(out, "</td>");
}

static void
put_state(struct visit *v, enum record_state state, uint64_t from, size_t most)
{
	char more[64];
	const struct html_list list = { .state = state,
		.columns = { "Số", "Loại", "Trích yếu", "Trạng thái",
		    "Cập nhật" },
		.more = more,
		.row = put_row };

	snprintf(
	    more, sizeof(more), "/van-ban?trang-thai=%d&amp;tu=", (int)state);
	html_list(v, &list, from, most);
}

void
page_home(struct visit *v)
{
	/* What waits for each role, in the legal order of work. */
	static const enum record_state waits[ROLE_COUNT_PEOPLE][6] = {
		[ROLE_CLERK] = { STATE_WAIT_NUMBER, STATE_SIGNING,
		    STATE_WAIT_SEAL, STATE_WAIT_ISSUE, STATE_ISSUED },
		[ROLE_LEADER] = { STATE_WAIT_LEADER, STATE_WAIT_SIGNATURE,
		    STATE_WAIT_UNIT },
		[ROLE_HEAD] = { STATE_WAIT_UNIT, STATE_RETURNED, STATE_DRAFT },
		[ROLE_STAFF] = { STATE_RETURNED, STATE_DRAFT, STATE_WAIT_UNIT,
		    STATE_WAIT_LEADER, STATE_ISSUED },
	};
	struct buf *out = &v->reply.body;
	size_t before;

	bool signs =
	    v->person.role == ROLE_CLERK || v->person.role == ROLE_LEADER;

	page_begin(v, 200, "Bàn làm việc");
	if (signs)
		html_cert_end(v);
	before = out->len;
	if (signs)
		html_arrivals(v, 0, FEW);
	for (size_t i = 0; i < 6 && waits[v->person.role][i]; i++)
		put_state(v, waits[v->person.role][i], 0, FEW);
	if (out->len == before)
		buf_text(out, "<p>Không có văn bản nào đang chờ anh/chị.</p>");
	page_end(v);
}

void
page_list(struct visit *v)
{
	uint64_t state = web_query(v, "trang-thai", 0);
	size_t before;

	page_begin(v, 200, "Văn bản đi");
	before = v->reply.body.len;
	if (state > STATE_NONE && state <= STATE_VOID)
		put_state(
		    v, (enum record_state)state, web_query(v, "tu", 0), MANY);
	else
		for (enum record_state s = STATE_DRAFT; s <= STATE_VOID; s++)
			put_state(v, s, 0, FEW);
	if (v->reply.body.len == before)
		buf_text(&v->reply.body,
		    "<p>Chưa có văn bản nào anh/chị được xem.</p>");
	page_end(v);
}

/* One line of the outgoing register, its ten columns (NĐ 30 Annex IV). */
static void
put_line(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;
	struct person leader;

	buf_text(out, r->state == STATE_VOID ? "<tr><td><s>" : "<tr><td>");
	put_number(out, r);
	buf_printf(out, "%s</td><td>%02u/%02u/%04u</td><td>%s: ",
	    r->state == STATE_VOID ? "</s> HỦY" : "", r->date % 100,
	    r->date / 100 % 100, r->date / 10000, kind_get(r->kind)->name);
	html_text(out, r->subject);
	buf_text(out, "</td><td>");
	if (!people_get(v->txn, r->leader, &leader))
		html_text(out, leader.full_name);
	buf_text(out, "</td><td>");
	html_text(out, r->recipients);
	buf_printf(out,
	    "</td><td>VT</td><td>%u</td><td></td><td></td><td>%s"
	    "</td></tr>",
	    r->copies, record_state_name((enum record_state)r->state));
}

/* Lines of a year from a number on, as many as one page holds; gives the number
 * behind the last. */
static uint32_t
put_lines(struct visit *v, uint16_t book, uint16_t year, uint32_t from)
{
	uint32_t number = from;
	uint64_t id;

	while (number < from + MANY &&
	    !registry_get(v->txn, book, year, number, &id)) {
		struct record r;

		if (record_get(v->txn, id, &r))
			buf_printf(&v->reply.body,
			    "<tr><td>%02u</td><td colspan=\"9\">Không đọc "
			    "được dòng này. Báo quản trị.</td></tr>",
			    number);
		else
			put_line(v, &r);
		number++;
	}
	return number;
}

void
page_register(struct visit *v)
{
	static const char *const names[] = { "Sổ văn bản đi",
		"Sổ đăng ký bản sao" };
	struct buf *out = &v->reply.body;
	struct when_date today;
	uint64_t year, id, from = web_query(v, "tu", 1);
	uint64_t book = web_query(v, "quyen", BOOK_OUTGOING);
	uint32_t next;

	if (v->person.role != ROLE_CLERK && v->person.role != ROLE_LEADER) {
		page_fail(v, FAIL_RIGHTS, "");
		return;
	}
	if (when_today(&today)) {
		page_fail(v, FAIL_CLOCK, "");
		return;
	}
	year = web_query(v, "nam", (uint64_t)today.year);
	if (year < 2000 || year > 9999 || !from || from > UINT32_MAX - MANY ||
	    (book != BOOK_OUTGOING && book != BOOK_COPIES)) {
		page_fail(v, FAIL_USAGE, "");
		return;
	}
	page_begin(v, 200, names[book - 1]);
	buf_printf(out,
	    "<p>Năm %" PRIu64 ", từ số %02" PRIu64 " · "
	    "<a href=\"/so-di?quyen=%" PRIu64 "&amp;nam=%" PRIu64
	    "\">năm trước</a> · <a href=\"/so-di?quyen=%" PRIu64
	    "\">%s</a></p><table><thead><tr>",
	    year, from, book, year - 1, 3 - book, names[2 - book]);
	static const char *const columns[] = { "Số, ký hiệu", "Ngày tháng",
		"Tên loại và trích yếu", "Người ký", "Nơi nhận",
		"Đơn vị, người nhận bản lưu", "Số lượng bản", "Ngày chuyển",
		"Ký nhận", "Ghi chú" };
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		buf_printf(out, "<th scope=\"col\">%s</th>", columns[i]);
	buf_text(out, "</tr></thead><tbody>");
	next = put_lines(v, (uint16_t)book, (uint16_t)year, (uint32_t)from);
	buf_text(out, "</tbody></table><p>");
	if (next == from)
		buf_text(out, "Chưa có số nào.");
	else
		buf_printf(
		    out, "Từ số %02" PRIu64 " đến số %02u.", from, next - 1);
	if (!registry_get(v->txn, (uint16_t)book, (uint16_t)year, next, &id))
		buf_printf(out,
		    " <a href=\"/so-di?quyen=%" PRIu64 "&amp;nam=%" PRIu64
		    "&amp;tu=%u\">Xem tiếp</a>",
		    book, year, next);
	buf_text(out, "</p>");
	page_end(v);
}

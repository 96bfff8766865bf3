/*
 * Sealing: the queue, the check page with the list that will be sealed, one
 * PIN, one line of result for each document.
 */
#include <inttypes.h>
#include <stdio.h>

#include "autoconf.h"
#include "base/when.h"
#include "firmware/flow/kind.h"
#include "firmware/flow/list.h"
#include "firmware/web/web.h"
#include "storage/custody.h"
#include "storage/settings.h"

struct queue_page {
	struct visit *visit;
	size_t count;
};

static size_t
count_annexes(struct visit *v, const struct record *r)
{
	uint64_t ids[RECORD_ANNEXES_MAX];
	size_t count = 0;

	return record_annexes(v->txn, r->id, ids, &count) ? 0 : count;
}

static void
put_cells(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;
	struct buf number;
	struct person leader;
	size_t annexes;

	buf_init(&number, 256);
	kind_number(r->number, r->symbol, &number);
	buf_printf(out, "<td><a href=\"/van-ban/%" PRIu64 "\">", r->id);
	html_text(out, buf_view(&number));
	buf_free(&number);
	buf_printf(out, "</a></td><td>%02u/%02u/%04u</td><td>", r->date % 100,
	    r->date / 100 % 100, r->date / 10000);
	html_text(out, r->subject);
	annexes = count_annexes(v, r);
	if (annexes)
		buf_printf(out, " (%zu phụ lục)", annexes);
	html_dormant(v, r);
	buf_printf(out, "</td><td>%s của ",
	    act_leader_signs(r) ? "Chữ ký số" : "Duyệt sao");
	if (!people_get(v->txn, r->leader, &leader))
		html_text(out, leader.full_name);
	buf_text(out, "</td>");
}

static enum fail
put_choice(void *context, const struct record *r)
{
	struct queue_page *q = context;
	struct buf *out = &q->visit->reply.body;

	if (q->count++ >= CONFIG_BATCH_DOCUMENTS_MAX)
		return FAIL_MISSING;
	buf_printf(out,
	    "<tr><td><input type=\"checkbox\" name=\"vb\" "
	    "value=\"%" PRIu64 "\" checked aria-label=\"Chọn\">"
	    "</td>",
	    r->id);
	put_cells(q->visit, r);
	buf_text(out, "</tr>");
	return FAIL_NONE;
}

static void
put_heads(struct buf *out, const char *first, const char *last)
{
	buf_printf(out,
	    "<table><thead><tr><th scope=\"col\">%s</th>"
	    "<th scope=\"col\">Số, ký hiệu</th>"
	    "<th scope=\"col\">Ngày</th>"
	    "<th scope=\"col\">Trích yếu</th>"
	    "<th scope=\"col\">Cơ sở</th>",
	    first);
	if (*last)
		buf_printf(out, "<th scope=\"col\">%s</th>", last);
	buf_text(out, "</tr></thead><tbody>");
}

void
page_seal(struct visit *v)
{
	struct queue_page q = { v, 0 };
	struct buf *out = &v->reply.body;

	if (v->person.role != ROLE_CLERK) {
		page_fail(v, FAIL_RIGHTS, "");
		return;
	}
	page_begin(v, 200, "Chờ đóng dấu");
	if (custody_check(v->txn, v->person.id))
		html_alert(out, fail_vietnamese(FAIL_CUSTODY));
	buf_text(out, "<form method=\"post\" action=\"/dong-dau/kiem-tra\">");
	html_csrf(v);
	put_heads(out, "Chọn", "");
	if (record_each(v->txn, STATE_SIGNING, false, 0, put_choice, &q) ||
	    record_each(v->txn, STATE_WAIT_SEAL, false, 0, put_choice, &q))
		buf_text(out,
		    "<tr><td colspan=\"5\">Không đọc được danh "
		    "sách. Báo quản trị.</td></tr>");
	buf_text(out, "</tbody></table>");
	if (q.count)
		buf_text(out,
		    "<p><button class=\"main\" autofocus>Kiểm tra và đóng "
		    "dấu</button></p>");
	else
		buf_text(out, "<p>Không còn văn bản chờ đóng dấu.</p>");
	buf_text(out, "</form>");
	page_end(v);
}

/* The documents ticked in a form. */
static enum fail
read_ids(struct visit *v, uint64_t ids[static CONFIG_BATCH_DOCUMENTS_MAX],
    size_t *count)
{
	struct buf value;
	enum fail f = FAIL_NONE;

	*count = 0;
	for (;;) {
		uint64_t id = 0;

		buf_init(&value, 20);
		f = form_get(v->request->body, "vb", *count, &value);
		for (size_t i = 0; i < value.len && !f; i++) {
			if (value.data[i] < '0' || value.data[i] > '9')
				f = FAIL_USAGE;
			id = id * 10 + (uint64_t)(value.data[i] - '0');
		}
		buf_free(&value);
		if (f)
			break;
		if (*count == CONFIG_BATCH_DOCUMENTS_MAX)
			return FAIL_LIMIT;
		ids[(*count)++] = id;
	}
	if (f != FAIL_MISSING)
		return f;
	return *count ? FAIL_NONE : FAIL_USAGE;
}

static bool
csrf_good(struct visit *v)
{
	struct buf csrf;
	bool good;

	buf_init(&csrf, 128);
	if (form_get(v->request->body, "csrf", 0, &csrf))
		buf_clear(&csrf);
	good = web_same_form(v, buf_view(&csrf));
	buf_free(&csrf);
	return good;
}

/* Why a document cannot be sealed now; FAIL_NONE when it can. */
static enum fail
look_at(struct visit *v, uint64_t id, struct record *r)
{
	bool rights;
	enum fail f = record_get(v->txn, id, r);

	if (f)
		return f;
	return act_find(ACT_SEAL, r, &v->person, &rights) && rights ?
	    FAIL_NONE :
	    FAIL_STATE;
}

/* Take the documents that cannot be sealed off the list, and say so. */
static enum fail
sort_out(struct visit *v, uint64_t *ids, size_t *count, struct buf *left_out)
{
	size_t good = 0;

	for (size_t i = 0; i < *count; i++) {
		struct record r;
		enum fail f = look_at(v, ids[i], &r);

		if (!f) {
			ids[good++] = ids[i];
			continue;
		}
		if (f != FAIL_STATE && f != FAIL_MISSING)
			return f;
		buf_printf(left_out, "<li>#%" PRIu64 ": %s</li>", ids[i],
		    f == FAIL_MISSING ?
			"không có văn bản này." :
			record_state_name((enum record_state)r.state));
	}
	*count = good;
	return FAIL_NONE;
}

static void
put_left_out(struct buf *out, struct bytes left_out)
{
	if (!left_out.len)
		return;
	html_alert(out,
	    "Các văn bản sau không còn chờ đóng dấu nên đã được bỏ khỏi danh "
	    "sách:");
	buf_text(out, "<ul>");
	buf_bytes(out, left_out);
	buf_text(out, "</ul>");
}

/* ---- the token, while she looks at the list ---- */

/* The rest of the check page: how the token is, and its PIN. */
static void
token_answered(struct web *web, struct visit *v, const struct message *m)
{
	struct buf *out = &v->reply.body;

	(void)web;
	html_pin_field(out, "Mã PIN thiết bị của cơ quan", html_token(out, m));
	buf_printf(out,
	    "<p><button class=\"main\">Đóng dấu %u văn bản</button></p></form>",
	    (unsigned)v->number);
	page_end(v);
}

/* ---- the list she looks at ---- */

/* Only an agency that has an identifier can sign codes. */
static void
put_code_choice(struct visit *v)
{
	struct bytes code = { NULL, 0 };

	if (settings_get(v->txn, SETTING_CODE, &code) || !code.len)
		return;
	buf_text(&v->reply.body,
	    "<p><label><input type=\"checkbox\" name=\"ma-qr\" value=\"1\"> "
	    "In mã QR kiểm tra bên cạnh số văn bản</label></p>");
}

/* Documents that would not be sealed: why not, and what to do. */
static void
put_failed(struct visit *v, struct cursor rows)
{
	struct buf *out = &v->reply.body;
	struct web_sketch row;
	bool any = false;

	while (web_sketch_next(&rows, &row)) {
		struct record r;
		struct buf number;

		if (!row.fail)
			continue;
		if (!any)
			html_alert(out,
			    "Các văn bản sau chưa đóng dấu được nên đã được "
			    "bỏ khỏi danh sách:");
		buf_printf(out, "%s<li><a href=\"/van-ban/%" PRIu64 "\">",
		    any ? "" : "<ul>", row.record);
		any = true;
		buf_init(&number, 256);
		if (!record_get(v->txn, row.record, &r))
			kind_number(r.number, r.symbol, &number);
		html_text(out, buf_view(&number));
		buf_free(&number);
		buf_printf(out, "</a>: %s <span class=\"small\">Mã %s",
		    fail_vietnamese(row.fail), fail_name(row.fail));
		if (row.note.len)
			buf_text(out, " – ");
		html_text(out, row.note);
		buf_text(out, "</span></li>");
	}
	if (any)
		buf_text(out, "</ul>");
}

/* The others, with what they will look like. */
static size_t
put_rows(struct visit *v, struct cursor rows,
    uint64_t ids[static CONFIG_BATCH_DOCUMENTS_MAX], size_t *annexes)
{
	struct buf *out = &v->reply.body;
	struct web_sketch row;
	size_t count = 0;

	while (count < CONFIG_BATCH_DOCUMENTS_MAX &&
	    web_sketch_next(&rows, &row)) {
		struct record r;

		if (row.fail || record_get(v->txn, row.record, &r))
			continue;
		ids[count++] = r.id;
		buf_printf(out,
		    "<tr><td>%zu<input type=\"hidden\" name=\"vb\""
		    " value=\"%" PRIu64 "\"></td>",
		    count, r.id);
		put_cells(v, &r);
		buf_text(out, "<td>");
		html_sketch(out, &row.sketch);
		buf_text(out, "</td></tr>");
		*annexes += count_annexes(v, &r);
	}
	return count;
}

/* The list as it will be sealed; its hash is of these documents. */
static enum fail
put_list(struct visit *v, struct cursor rows, size_t *count)
{
	struct buf *out = &v->reply.body;
	uint64_t ids[CONFIG_BATCH_DOCUMENTS_MAX];
	uint8_t hash[HASH_LEN];
	char hex[2 * HASH_LEN + 1];
	size_t annexes = 0;
	enum fail f;

	put_failed(v, rows);
	put_heads(out, "TT", "Xem trước");
	*count = put_rows(v, rows, ids, &annexes);
	buf_text(out, "</tbody></table>");
	if (!*count) {
		buf_text(out,
		    "</form><p>Không còn văn bản nào trong danh sách. "
		    "<a href=\"/dong-dau\">Về trang đóng dấu</a></p>");
		page_end(v);
		return FAIL_NONE;
	}
	f = list_hash(v->txn, ids, *count, hash);
	bytes_to_hex(BYTES_ARRAY(hash), hex);
	buf_printf(out,
	    "<p>%zu văn bản, %zu tệp (%zu phụ lục)</p>"
	    "<p class=\"small\">Mã danh sách %s</p>"
	    "<input type=\"hidden\" name=\"danh-sach\" value=\"%s\">",
	    *count, *count + annexes, annexes, hex, hex);
	return f;
}

static void
sketched(struct web *web, struct visit *v, const struct message *m)
{
	struct disk_map rows;
	size_t count = 0;
	enum fail f = web_sketches(m, &rows);

	if (f) {
		page_fail(v, f, "");
		return;
	}
	f = txn_begin(web->store, false, NULL, &v->txn);
	if (f) {
		v->txn = NULL;
	} else {
		f = put_list(v, cursor_of(rows.bytes), &count);
		if (!f && count)
			put_code_choice(v);
		txn_abort(v->txn);
		v->txn = NULL;
	}
	disk_unmap(&rows);
	if (f) {
		page_fail(v, f, "");
	} else if (count) {
		buf_add(&web->out, v->token, SESSION_TOKEN);
		web_ask(
		    v, MESSAGE_ASK_TOKEN, -1, token_answered, count, ACT_SEAL);
	}
}

static void
put_check(
    struct visit *v, const uint64_t *ids, size_t count, struct bytes left_out)
{
	struct buf *out = &v->reply.body;
	struct buf *ask = &v->web->out;

	page_begin(v, 200, "Kiểm tra trước khi đóng dấu");
	put_left_out(out, left_out);
	if (!count) {
		buf_text(out,
		    "<p>Không còn văn bản nào trong danh sách. "
		    "<a href=\"/dong-dau\">Về trang đóng dấu</a></p>");
		page_end(v);
		return;
	}
	buf_text(out, "<form method=\"post\" action=\"/dong-dau\">");
	html_csrf(v);
	buf_add(ask, v->token, SESSION_TOKEN);
	buf_u16(ask, ACT_SEAL);
	buf_zeros(ask, 3 * sizeof(uint16_t)); /* nothing is put by hand */
	buf_u16(ask, (uint16_t)count);
	for (size_t i = 0; i < count; i++)
		buf_u64(ask, ids[i]);
	web_ask(v, MESSAGE_ASK_SKETCH, -1, sketched, count, ACT_SEAL);
}

void
page_seal_check(struct visit *v)
{
	uint64_t ids[CONFIG_BATCH_DOCUMENTS_MAX];
	struct buf left_out;
	size_t count;
	enum fail f;

	if (!csrf_good(v))
		return;
	buf_init(&left_out, 65536);
	/* Who does not keep the token need not type its PIN to learn that. */
	f = v->person.role == ROLE_CLERK ? custody_check(v->txn, v->person.id) :
					   FAIL_RIGHTS;
	if (!f)
		f = read_ids(v, ids, &count);
	if (!f)
		f = sort_out(v, ids, &count, &left_out);
	if (f)
		page_fail(
		    v, f, f == FAIL_USAGE ? "Chưa đánh dấu văn bản nào." : "");
	else
		put_check(v, ids, count, buf_view(&left_out));
	buf_free(&left_out);
}

/* ---- the results ---- */

/* The documents of an answer that ended well or not, as fields of a form;
 * returns how many. */
static size_t
put_ids(struct buf *out, struct cursor each, size_t count, bool good)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t id = cursor_u64(&each);
		bool well = message_fail(&each) == FAIL_NONE;

		if (well != good)
			continue;
		n++;
		buf_printf(out,
		    "<input type=\"hidden\" name=\"vb\" value=\"%" PRIu64 "\">",
		    id);
	}
	return n;
}

/* What comes next: sending out those that are sealed, trying again what is
 * not. */
static void
put_next(struct visit *v, struct cursor each, size_t count, size_t good)
{
	struct buf *out = &v->reply.body;

	if (!v->known)
		return;
	if (good) {
		buf_text(out, "<form method=\"post\" action=\"/phat-hanh\">");
		html_csrf(v);
		(void)put_ids(out, each, count, true);
		buf_printf(out,
		    "<p><button class=\"main\" autofocus>Phát hành %zu văn "
		    "bản</button></p></form>",
		    good);
	}
	if (good == count)
		return;
	buf_text(out, "<form method=\"post\" action=\"/dong-dau/kiem-tra\">");
	html_csrf(v);
	(void)put_ids(out, each, count, false);
	buf_printf(out, "<p><button>Thử lại %zu văn bản</button></p></form>",
	    count - good);
}

/* One line for each document; returns how many ended well. */
static size_t
put_results(struct visit *v, struct cursor each, size_t count, const char *done)
{
	struct buf *out = &v->reply.body;
	size_t good = 0;

	put_heads(out, "Kết quả", "");
	for (size_t i = 0; i < count; i++) {
		uint64_t id = cursor_u64(&each);
		enum fail one = message_fail(&each);
		struct record r;

		good += one == FAIL_NONE;
		buf_printf(
		    out, "<tr><td>%s</td>", one ? fail_vietnamese(one) : done);
		/* What he may not see is not told with its refusal. */
		if (v->known && !record_get(v->txn, id, &r) &&
		    act_may_see(&r, &v->person))
			put_cells(v, &r);
		buf_text(out, "</tr>");
	}
	buf_text(out, "</tbody></table>");
	return good;
}

/* The page of results; act says what was done. */
static void
put_answer(
    struct web *web, struct visit *v, const struct message *m, enum act act)
{
	bool seal = act == ACT_SEAL;
	struct cursor c = cursor_of(m->payload);
	enum fail f = message_fail(&c);
	struct buf *out = &v->reply.body;
	uint8_t pin;
	size_t count, good;

	if (m->kind != MESSAGE_ANSWER_SEAL) {
		page_fail(v, f, "");
		return;
	}
	if (txn_begin(web->store, false, NULL, &v->txn)) {
		v->txn = NULL;
		page_fail(v, FAIL_IO, "");
		return;
	}
	pin = cursor_u8(&c);
	count = cursor_u16(&c);
	v->known = !session_get(v->txn, v->token, &v->session) &&
	    !people_get(v->txn, v->session.person, &v->person);
	page_begin(v, status_of(f),
	    !seal ? "Kết quả phát hành" :
		f ? "Lỗi: đã dừng đóng dấu" :
		    "Kết quả đóng dấu");
	if (f)
		html_alert(out, fail_vietnamese(f));
	html_pin_state(out, pin);
	good = put_results(v, c, count, seal ? "đã đóng dấu" : "đã phát hành");
	buf_printf(out, "<p class=\"good\">Đã %s %zu trên %zu văn bản.</p>",
	    seal ? "đóng dấu" : "phát hành", good, count);
	if (seal)
		put_next(v, c, count, good);
	buf_text(
	    out, "<p><a class=\"button\" href=\"/\">Về bàn làm việc</a></p>");
	page_end(v);
	txn_abort(v->txn);
	v->txn = NULL;
}

static void
seal_answered(struct web *web, struct visit *v, const struct message *m)
{
	put_answer(web, v, m, ACT_SEAL);
}

static void
issue_answered(struct web *web, struct visit *v, const struct message *m)
{
	put_answer(web, v, m, ACT_ISSUE);
}

void
page_issue_post(struct visit *v)
{
	uint64_t ids[CONFIG_BATCH_DOCUMENTS_MAX];
	struct buf *out = &v->web->out;
	size_t count;
	enum fail f;

	if (!csrf_good(v))
		return;
	f = v->person.role == ROLE_CLERK ? read_ids(v, ids, &count) :
					   FAIL_RIGHTS;
	if (f) {
		page_fail(
		    v, f, f == FAIL_USAGE ? "Chưa đánh dấu văn bản nào." : "");
		return;
	}
	buf_add(out, v->token, SESSION_TOKEN);
	buf_u16(out, (uint16_t)count);
	for (size_t i = 0; i < count; i++)
		buf_u64(out, ids[i]);
	web_ask(v, MESSAGE_ASK_ISSUE, -1, issue_answered, 0, ACT_ISSUE);
}

void
page_seal_post(struct visit *v)
{
	uint64_t ids[CONFIG_BATCH_DOCUMENTS_MAX];
	struct buf pin, list, code;
	uint8_t hash[HASH_LEN];
	size_t count = 0;
	enum fail f;

	if (!csrf_good(v))
		return;
	buf_init(&pin, 256);
	buf_init(&list, 128);
	buf_init(&code, 8);
	f = read_ids(v, ids, &count);
	/* A box that is not ticked is not sent. */
	if (form_get(v->request->body, "ma-qr", 0, &code))
		buf_clear(&code);
	if (!f)
		f = form_get(v->request->body, "pin", 0, &pin);
	if (!f)
		f = form_get(v->request->body, "danh-sach", 0, &list);
	if (!f &&
	    !bytes_from_hex((const char *)list.data, list.len, hash, HASH_LEN))
		f = FAIL_USAGE;
	if (f) {
		page_fail(v, f == FAIL_MISSING ? FAIL_USAGE : f, "");
	} else {
		struct buf *out = &v->web->out;

		buf_add(out, v->token, SESSION_TOKEN);
		buf_field(out, buf_view(&pin));
		buf_add(out, hash, HASH_LEN);
		buf_u8(out, bytes_equal_text(buf_view(&code), "1"));
		buf_u16(out, (uint16_t)count);
		for (size_t i = 0; i < count; i++)
			buf_u64(out, ids[i]);
		web_ask(v, MESSAGE_ASK_SEAL, -1, seal_answered, 0, ACT_SEAL);
	}
	buf_free(&code);
	buf_free(&list);
	buf_wipe(&pin);
}

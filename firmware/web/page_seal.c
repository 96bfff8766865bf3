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
put_heads(struct buf *out, const char *first)
{
	buf_printf(out,
	    "<table><thead><tr><th scope=\"col\">%s</th>"
	    "<th scope=\"col\">Số, ký hiệu</th>"
	    "<th scope=\"col\">Ngày</th>"
	    "<th scope=\"col\">Trích yếu</th>"
	    "<th scope=\"col\">Cơ sở</th></tr></thead><tbody>",
	    first);
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
	put_heads(out, "Chọn");
	if (record_each(v->txn, STATE_SIGNING, false, 0, put_choice, &q) ||
	    record_each(v->txn, STATE_WAIT_SEAL, false, 0, put_choice, &q))
		buf_text(out,
		    "<tr><td colspan=\"5\">Không đọc được danh "
		    "sách. Báo quản trị.</td></tr>");
	buf_text(out, "</tbody></table>");
	if (q.count)
		buf_text(out,
		    "<p><button class=\"main\">Kiểm tra và đóng "
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

static void
put_check(struct visit *v, const uint64_t *ids, size_t count,
    const uint8_t hash[static HASH_LEN], struct bytes left_out)
{
	struct buf *out = &v->reply.body;
	char hex[2 * HASH_LEN + 1];
	size_t annexes = 0;

	bytes_to_hex((struct bytes){ hash, HASH_LEN }, hex);
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
	buf_printf(out,
	    "<input type=\"hidden\" name=\"danh-sach\" "
	    "value=\"%s\">",
	    hex);
	put_heads(out, "TT");
	for (size_t i = 0; i < count; i++) {
		struct record r;

		if (record_get(v->txn, ids[i], &r))
			continue;
		buf_printf(out,
		    "<tr><td>%zu<input type=\"hidden\" name=\"vb\""
		    " value=\"%" PRIu64 "\"></td>",
		    i + 1, r.id);
		put_cells(v, &r);
		buf_text(out, "</tr>");
		annexes += count_annexes(v, &r);
	}
	buf_printf(out,
	    "</tbody></table><p>%zu văn bản, %zu tệp (%zu phụ lục)</p>"
	    "<p class=\"small\">Mã danh sách %s</p>",
	    count, count + annexes, annexes, hex);
	put_code_choice(v);
	buf_add(&v->web->out, v->token, SESSION_TOKEN);
	web_ask(v, MESSAGE_ASK_TOKEN, -1, token_answered, count, ACT_SEAL);
}

void
page_seal_check(struct visit *v)
{
	uint64_t ids[CONFIG_BATCH_DOCUMENTS_MAX];
	uint8_t hash[HASH_LEN];
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
	if (!f)
		f = list_hash(v->txn, ids, count, hash);
	if (f)
		page_fail(
		    v, f, f == FAIL_USAGE ? "Chưa đánh dấu văn bản nào." : "");
	else
		put_check(v, ids, count, hash, buf_view(&left_out));
	buf_free(&left_out);
}

static void
seal_answered(struct web *web, struct visit *v, const struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	enum fail f = message_fail(&c);
	struct buf *out = &v->reply.body;
	uint8_t pin;
	size_t count, good = 0;

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
	page_begin(
	    v, status_of(f), f ? "Lỗi: đã dừng đóng dấu" : "Kết quả đóng dấu");
	if (f)
		html_alert(out, fail_vietnamese(f));
	html_pin_state(out, pin);
	put_heads(out, "Kết quả");
	for (size_t i = 0; i < count; i++) {
		uint64_t id = cursor_u64(&c);
		enum fail one = message_fail(&c);
		struct record r;

		good += one == FAIL_NONE;
		buf_printf(out, "<tr><td>%s</td>",
		    one ? fail_vietnamese(one) : "đã đóng dấu");
		if (!record_get(v->txn, id, &r))
			put_cells(v, &r);
		buf_text(out, "</tr>");
	}
	buf_printf(out,
	    "</tbody></table><p class=\"good\">Đã đóng dấu %zu "
	    "trên %zu văn bản.</p><p><a class=\"button\" "
	    "href=\"/\">Về bàn làm việc</a></p>",
	    good, count);
	page_end(v);
	txn_abort(v->txn);
	v->txn = NULL;
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

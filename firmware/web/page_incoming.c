/* What came from elsewhere: taking it in, and the list of what waits to be
 * registered (workflow.md S02, F02). */
#include <inttypes.h>

#include "document/findings.h"
#include "firmware/web/web.h"

#define MANY 100u /* rows of one page */

/* Article 4 of the regulation: what does not come in, and where it goes. */
static const struct {
	const char *name, *question, *book;
} gates[] = {
	{ "mat", "Văn bản mật, tối mật hoặc tuyệt mật?",
	    "sổ đăng ký văn bản mật riêng" },
	{ "to-cao", "Đơn tố cáo?", "sổ đơn tố cáo riêng" },
	{ "khieu-nai", "Hồ sơ khiếu nại chưa được giải quyết xong?",
	    "sổ theo dõi khiếu nại riêng" },
	{ "dich-danh", "Thư gửi đích danh một người?",
	    "sổ chuyển giao thư, giao còn nguyên phong bì" },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- the list ---- */

static const char *
verdict_of(const struct record *r)
{
	if (!r->check.time)
		return "chưa kiểm tra";
	if (r->check.fail)
		return "chưa kiểm tra được";
	return verdict_vietnamese((enum verdict)r->check.verdict);
}

static void
put_row(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;

	buf_printf(out,
	    "<td><a href=\"/van-ban/%" PRIu64 "\">#%" PRIu64 "</a></td><td>",
	    r->id, r->id);
	html_time(out, r->created);
	buf_printf(out, "</td><td>%s</td><td>",
	    record_source_name((enum record_source)r->source));
	html_text(out, r->sender);
	buf_text(out, "</td><td>");
	html_text(out, r->subject);
	buf_printf(out, "</td><td>%s</td>", verdict_of(r));
}

void
html_arrivals(struct visit *v, uint64_t from, size_t most)
{
	static const struct html_list list = { .state = STATE_ARRIVED,
		.columns = { "Mã", "Tiếp nhận lúc", "Nguồn", "Nơi gửi",
		    "Trích yếu", "Chữ ký số" },
		.more = "/van-ban-den?tu=",
		.row = put_row };

	html_list(v, &list, from, most);
}

/* Clerks take documents in, leaders read them; nobody else is told yet. */
static bool
refused(struct visit *v, bool clerk_only)
{
	if (v->person.role == ROLE_CLERK ||
	    (v->person.role == ROLE_LEADER && !clerk_only))
		return false;
	page_fail(v, FAIL_RIGHTS, "");
	return true;
}

void
page_incoming(struct visit *v)
{
	struct buf *out = &v->reply.body;
	size_t before;

	if (refused(v, false))
		return;
	page_begin(v, 200, "Văn bản đến");
	if (v->person.role == ROLE_CLERK)
		buf_text(out,
		    "<p><a class=\"button\" href=\"/van-ban-den/moi\">Tiếp "
		    "nhận văn bản</a></p>");
	before = out->len;
	html_arrivals(v, web_query(v, "tu", 0), MANY);
	if (out->len == before)
		buf_text(out, "<p>Không có văn bản nào chờ vào sổ.</p>");
	page_end(v);
}

/* ---- taking one in ---- */

static void
put_gates(struct buf *out)
{
	for (size_t i = 0; i < COUNT(gates); i++)
		buf_printf(out,
		    "<fieldset><legend>%s</legend>"
		    "<label><input type=\"radio\" name=\"%s\" value=\"co\" "
		    "required> Có</label>"
		    "<label><input type=\"radio\" name=\"%s\" "
		    "value=\"khong\"> Không</label></fieldset>",
		    gates[i].question, gates[i].name, gates[i].name);
}

void
page_receive(struct visit *v)
{
	struct buf *out = &v->reply.body;

	if (refused(v, true))
		return;
	page_begin(v, 200, "Tiếp nhận văn bản đến");
	buf_text(out,
	    "<p>Trả lời bốn câu hỏi của Điều 4 trước khi gửi tệp. Có một câu "
	    "trả lời “Có” thì văn bản không được đưa lên hệ thống.</p>"
	    "<form method=\"post\" enctype=\"multipart/form-data\" "
	    "action=\"/van-ban-den/moi\">");
	html_csrf(v);
	put_gates(out);
	buf_text(out,
	    "<label for=\"nguon\">Nguồn</label>"
	    "<select id=\"nguon\" name=\"nguon\">");
	for (unsigned i = SOURCE_NONE + 1; i < SOURCE_COUNT; i++)
		buf_printf(out, "<option value=\"%u\">%s</option>", i,
		    record_source_name((enum record_source)i));
	buf_text(out,
	    "</select><label for=\"noi-gui\">Nơi gửi</label>"
	    "<input id=\"noi-gui\" name=\"noi-gui\" size=\"60\" "
	    "maxlength=\"500\" required>"
	    "<label for=\"trich-yeu\">Trích yếu</label>"
	    "<textarea id=\"trich-yeu\" name=\"trich-yeu\" rows=\"3\" "
	    "cols=\"70\" maxlength=\"500\" required></textarea>"
	    "<label for=\"tep\">Tệp nhận được, giữ nguyên như đã nhận</label>"
	    "<input id=\"tep\" type=\"file\" name=\"tep\" required>"
	    "<label for=\"mat-khau\">Mật khẩu mở tệp, nếu có (để kiểm tra chữ "
	    "ký, không lưu lại)</label><input id=\"mat-khau\" "
	    "name=\"mat-khau\" type=\"password\" maxlength=\"127\" "
	    "autocomplete=\"off\">"
	    "<p class=\"small\">Chữ ký số trên tệp được kiểm tra khi tiếp "
	    "nhận; kết quả lưu cùng văn bản.</p>"
	    "<p><button class=\"main\">Tiếp nhận</button></p></form>");
	page_end(v);
}

/* Is one of the questions not answered with no?  Then the page is written. */
static bool
shut_out(struct visit *v, const struct form_part *parts, size_t count)
{
	struct buf *out = &v->reply.body;

	for (size_t i = 0; i < COUNT(gates); i++) {
		const struct form_part *p =
		    form_part(parts, count, gates[i].name);

		if (p && bytes_equal_text(p->content, "khong"))
			continue;
		page_begin(v, 422, "Không tiếp nhận vào hệ thống");
		if (p && bytes_equal_text(p->content, "co")) {
			buf_printf(out,
			    "<p class=\"error\" role=\"alert\">Loại văn bản "
			    "này không đưa lên hệ thống (Điều 4). Không có gì "
			    "được lưu lại. Ghi vào %s.</p>",
			    gates[i].book);
		} else {
			html_alert(out, "Chưa trả lời đủ bốn câu hỏi.");
		}
		buf_text(out,
		    "<p><a href=\"/van-ban-den/moi\">Tiếp nhận văn bản "
		    "khác</a></p>");
		page_end(v);
		return true;
	}
	return false;
}

void
page_receive_post(struct visit *v)
{
	static const char *const fields[] = { "mat", "to-cao", "khieu-nai",
		"dich-danh", "nguon", "noi-gui", "trich-yeu", "mat-khau" };
	struct form_part parts[FORM_PARTS_MAX];
	const struct form_part *csrf;
	size_t count;

	if (refused(v, true))
		return;
	if (form_parts(
		v->request->content_type, v->request->body, parts, &count)) {
		page_fail(v, FAIL_USAGE, "");
		return;
	}
	csrf = form_part(parts, count, "csrf");
	if (web_same_form(
		v, csrf ? csrf->content : (struct bytes){ NULL, 0 }) &&
	    !shut_out(v, parts, count))
		web_file_act(
		    v, ACT_RECEIVE, 0, parts, count, fields, COUNT(fields));
}

/* ---- one of them ---- */

void
html_arrival(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;
	char hex[2 * HASH_LEN + 1];
	struct person p;

	buf_printf(out,
	    "<dl><dt>Trạng thái</dt><dd><strong>%s</strong></dd>"
	    "<dt>Nguồn</dt><dd>%s</dd><dt>Nơi gửi</dt><dd>",
	    record_state_name((enum record_state)r->state),
	    record_source_name((enum record_source)r->source));
	html_text(out, r->sender);
	buf_text(out, "</dd><dt>Trích yếu</dt><dd>");
	html_text(out, r->subject);
	buf_text(out, "</dd><dt>Tiếp nhận lúc</dt><dd>");
	html_time(out, r->created);
	if (!people_get(v->txn, r->drafter, &p)) {
		buf_text(out, "</dd><dt>Người tiếp nhận</dt><dd>");
		html_text(out, p.full_name);
	}
	bytes_to_hex((struct bytes){ r->draft, HASH_LEN }, hex);
	buf_printf(out,
	    "</dd><dt>SHA-256 tệp nhận</dt><dd class=\"small\">%s</dd></dl>"
	    "<p><a href=\"/van-ban/%" PRIu64 "/tep/nhan\">Tệp nhận được</a>"
	    "</p>",
	    hex, r->id);
}

/*
 * Who keeps the agency's token, and handing it over: a form for two people at
 * one screen, and the record of the last hand-over to be printed and signed.
 */
#include <inttypes.h>

#include "firmware/web/web.h"
#include "storage/custody.h"

/* The other clerks, one of whom may get it. */
static enum fail
put_receiver(void *context, const struct person *p)
{
	struct visit *v = context;
	struct buf *out = &v->reply.body;

	if (p->role != ROLE_CLERK || p->locked || p->id == v->person.id)
		return FAIL_NONE;
	buf_printf(out, "<option value=\"%" PRIu64 "\">", p->id);
	html_text(out, p->full_name);
	buf_text(out, " (");
	html_text(out, p->name);
	buf_text(out, ")</option>");
	return FAIL_NONE;
}

static void
put_name(struct visit *v, uint64_t id)
{
	struct person p;

	if (people_get(v->txn, id, &p))
		buf_text(&v->reply.body, "không rõ");
	else
		html_text(&v->reply.body, p.full_name);
}

static void
put_record(struct visit *v, const struct custody *c)
{
	struct buf *out = &v->reply.body;

	buf_text(out,
	    "<h2>Biên bản bàn giao thiết bị ký</h2><dl><dt>Bên giao</dt><dd>");
	put_name(v, c->giver);
	buf_text(out, "</dd><dt>Bên nhận, đang giữ</dt><dd>");
	put_name(v, c->holder);
	buf_text(out, "</dd><dt>Lúc</dt><dd>");
	html_time(out, c->time);
	buf_text(out, "</dd><dt>Văn bản cho phép</dt><dd>");
	html_text(out, c->permission);
	buf_text(out,
	    "</dd><dt>Ký tên bên giao</dt><dd>…………………</dd>"
	    "<dt>Ký tên bên nhận</dt><dd>…………………</dd></dl>"
	    "<p class=\"small\">In trang này để hai bên ký và lưu.</p>");
}

static void
put_form(struct visit *v)
{
	struct buf *out = &v->reply.body;

	buf_text(out,
	    "<h2>Bàn giao cho người khác</h2>"
	    "<form method=\"post\" action=\"/ban-giao\">");
	html_csrf(v);
	buf_text(out,
	    "<label for=\"nhan\">Người nhận (văn thư)</label>"
	    "<select id=\"nhan\" name=\"nhan\" required>");
	if (people_each(v->txn, put_receiver, v))
		buf_text(out,
		    "<option value=\"\">Không đọc được danh sách, báo quản "
		    "trị</option>");
	buf_text(out,
	    "</select><label for=\"phep\">Văn bản cho phép (số, ngày)</label>"
	    "<input id=\"phep\" name=\"phep\" required maxlength=\"100\">"
	    "<label for=\"mk\">Người nhận nhập mật khẩu của mình để xác "
	    "nhận</label><input id=\"mk\" name=\"mk\" type=\"password\" "
	    "autocomplete=\"off\" required>"
	    "<p><button class=\"main\">Bàn giao</button></p></form>");
}

void
page_custody(struct visit *v)
{
	struct custody c = { .holder = 0 };
	enum fail f = custody_get(v->txn, &c);

	if (v->person.role != ROLE_CLERK && v->person.role != ROLE_LEADER) {
		page_fail(v, FAIL_RIGHTS, "");
		return;
	}
	if (f && f != FAIL_MISSING) {
		page_fail(v, f, "");
		return;
	}
	page_begin(v, 200, "Thiết bị ký của cơ quan");
	if (f || !c.holder)
		buf_text(&v->reply.body,
		    "<p>Chưa bàn giao lần nào, hoặc quản trị đã mở lại: văn "
		    "thư nào cũng đóng dấu "
		    "được.</p>");
	else
		put_record(v, &c);
	if (v->person.role == ROLE_CLERK &&
	    (f || !c.holder || c.holder == v->person.id))
		put_form(v);
	else if (v->person.role == ROLE_CLERK)
		buf_text(&v->reply.body,
		    "<p>Chỉ người đang giữ bàn giao được. Nếu người đó đã "
		    "nghỉ, "
		    "báo quản trị mở lại.</p>");
	page_end(v);
}

static void
handed_over(struct web *web, struct visit *v, const struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	enum fail f = message_fail(&c);

	(void)web;
	if (!f)
		page_go(v, "/ban-giao");
	else
		page_message(v, status_of(f), "Lỗi: chưa bàn giao",
		    f == FAIL_LOGIN ?
			"Mật khẩu của người nhận không đúng, hoặc phiên làm "
			"việc đã hết. Quay lại trang trước và nhập lại." :
			fail_vietnamese(f));
}

static bool
read_number(struct bytes text, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' || i == 18)
			return false;
		*number = *number * 10 + (uint64_t)(text.data[i] - '0');
	}
	return text.len > 0;
}

void
page_custody_post(struct visit *v)
{
	static const char *const names[] = { "csrf", "nhan", "phep", "mk" };
	struct buf fields[4];
	uint64_t receiver;

	for (size_t i = 0; i < 4; i++) {
		buf_init(&fields[i], 512);
		if (form_get(v->request->body, names[i], 0, &fields[i]))
			buf_wipe(&fields[i]);
	}
	if (!web_same_form(v, buf_view(&fields[0]))) {
		/* The page says so already. */
	} else if (!read_number(buf_view(&fields[1]), &receiver)) {
		page_fail(v, FAIL_USAGE, "");
	} else {
		buf_add(&v->web->out, v->token, SESSION_TOKEN);
		buf_u64(&v->web->out, receiver);
		buf_field(&v->web->out, buf_view(&fields[2]));
		buf_field(&v->web->out, buf_view(&fields[3]));
		web_ask(v, MESSAGE_ASK_HAND_OVER, -1, handed_over, 0,
		    ACT_HAND_OVER);
	}
	for (size_t i = 0; i < 4; i++)
		buf_wipe(&fields[i]);
}

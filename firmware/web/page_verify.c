/*
 * Checking the signatures of a file, open to everybody on the LAN: nothing is
 * kept, and who is not logged in may not ask too often.
 */
#include <unistd.h>

#include "autoconf.h"
#include "base/when.h"
#include "document/report.h"
#include "firmware/web/web.h"

static void
put_form(struct visit *v)
{
	buf_text(&v->reply.body,
	    "<form method=\"post\" action=\"" WEB_VERIFY
	    "\" enctype=\"multipart/form-data\">"
	    "<label for=\"tep\">Tệp cần kiểm tra (PDF đã ký, hoặc .p7m)</label>"
	    "<input id=\"tep\" name=\"tep\" type=\"file\" required>"
	    "<label for=\"goc\">Tệp gốc, khi chữ ký ở tệp riêng "
	    "(.p7s)</label><input id=\"goc\" name=\"goc\" type=\"file\">"
	    "<label for=\"bang-chung\">Bằng chứng lưu trữ của tệp, nếu có "
	    "(.ers)</label><input id=\"bang-chung\" name=\"bang-chung\" "
	    "type=\"file\">"
	    "<label for=\"mat-khau\">Mật khẩu mở tệp, nếu có</label>"
	    "<input id=\"mat-khau\" name=\"mat-khau\" type=\"password\" "
	    "maxlength=\"127\" autocomplete=\"off\">"
	    "<p><button class=\"main\">Kiểm tra</button></p></form>");
}

static void
put_refusal(struct visit *v, int status, const char *why)
{
	page_begin(v, status, "Lỗi: chưa kiểm tra được");
	html_alert(&v->reply.body, why);
	put_form(v);
	page_end(v);
}

void
page_verify(struct visit *v)
{
	page_begin(v, 200, "Kiểm tra văn bản");
	buf_text(&v->reply.body,
	    "<p>Chọn tệp đã ký số để biết: ai ký, nội dung có bị sửa không, "
	    "chứng thư có đáng tin và còn hiệu lực lúc ký không. Tệp không "
	    "được lưu lại.</p>");
	if (!v->known)
		buf_printf(&v->reply.body,
		    "<p class=\"small\">Khi chưa đăng nhập, tệp lớn nhất là "
		    "%u MB.</p>",
		    (unsigned)CONFIG_NET_CHECK_MIB);
	put_form(v);
	page_end(v);
}

/* ---- the answer ---- */

static const char *
why_not(enum fail f)
{
	switch (f) {
	case FAIL_WAIT:
		return "Hệ thống đang bận kiểm tra các tệp khác. Đợi ít phút "
		       "rồi thử lại.";
	case FAIL_USAGE:
		return "Tệp gốc chỉ dùng khi chữ ký ở tệp riêng: chọn tệp "
		       ".p7s ở ô thứ nhất, tệp đã được ký ở ô thứ hai.";
	case FAIL_ENCRYPTED:
		return "Tệp có mật khẩu. Nhập mật khẩu mở tệp rồi kiểm tra "
		       "lại.";
	default:
		return html_unchecked(f);
	}
}

static void
verified(struct web *web, struct visit *v, const struct message *m)
{
	struct signature_report report;
	struct cursor c = cursor_of(m->payload);
	enum fail f = message_fail(&c);
	struct bytes bytes;
	size_t all = 0;

	(void)web;
	(void)cursor_field(&c); /* the reason, in English, for the log */
	bytes = cursor_field(&c);
	if (!f)
		f = report_get(bytes, &report, &all);
	if (f) {
		put_refusal(v, status_of(f), why_not(f));
		return;
	}
	page_begin(v, 200, "Kết quả kiểm tra");
	report_html(&report, all, &v->reply.body);
	signature_report_free(&report);
	buf_text(&v->reply.body, "<p class=\"small\">Kiểm tra lúc ");
	html_time(&v->reply.body, when_now());
	buf_text(&v->reply.body,
	    ". Tệp và kết quả không được lưu lại.</p><h2>Kiểm tra tệp "
	    "khác</h2>");
	put_form(v);
	page_end(v);
}

/* ---- the file ---- */

/* Where a part's file stands in the body; NULL: nowhere. */
static void
put_part(struct visit *v, const struct form_part *p)
{
	struct buf *out = &v->web->out;
	bool there = p && p->content.len;

	buf_u64(out,
	    there ? (uint64_t)(p->content.data - v->request->body.data) : 0);
	buf_u64(out, there ? p->content.len : 0);
}

void
page_verify_post(struct visit *v)
{
	struct form_part parts[FORM_PARTS_MAX];
	const struct form_part *file, *content, *record, *password;
	struct bytes peer = BYTES_TEXT(v->request->peer);
	size_t count;
	int fd;

	if (form_parts(
		v->request->content_type, v->request->body, parts, &count)) {
		put_refusal(v, 400, "Biểu mẫu gửi lên bị hỏng. Gửi lại.");
		return;
	}
	file = form_part(parts, count, "tep");
	content = form_part(parts, count, "goc");
	record = form_part(parts, count, "bang-chung");
	password = form_part(parts, count, "mat-khau");
	if (!file || !file->is_file || !file->content.len) {
		put_refusal(v, 400, "Chưa chọn tệp.");
		return;
	}
	if (!v->known &&
	    brake_try(&v->web->verifies, peer, peer, when_monotonic_ms())) {
		put_refusal(v, 429,
		    "Đã kiểm tra nhiều tệp liên tiếp. Đợi nửa phút rồi thử "
		    "lại, hoặc đăng nhập.");
		return;
	}
	fd = web_body_file(v);
	if (fd < 0) {
		page_fail(v, FAIL_MEMORY, "");
		return;
	}
	put_part(v, file);
	put_part(v, content && content->is_file ? content : NULL);
	put_part(v, record && record->is_file ? record : NULL);
	buf_field(&v->web->out,
	    password ? bytes_part(password->content, 0, 512) :
		       (struct bytes){ NULL, 0 });
	web_ask(v, MESSAGE_ASK_VERIFY, fd, verified, 0, ACT_CREATE);
	close(fd);
}

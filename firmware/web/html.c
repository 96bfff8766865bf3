/* What all pages share: frame, escaping, failures. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "base/when.h"
#include "firmware/flow/signer.h"
#include "firmware/web/web.h"
#include "storage/room.h"
#include "storage/settings.h"

void
html_text(struct buf *out, struct bytes text)
{
	text_escape(out, text);
}

void
html_plain(struct buf *out, const char *text)
{
	html_text(out, BYTES_TEXT(text));
}

void
html_alert(struct buf *out, const char *text)
{
	buf_text(out, "<p class=\"error\" role=\"alert\">");
	html_plain(out, text);
	buf_text(out, "</p>");
}

void
html_csrf(struct visit *v)
{
	char hex[2 * SESSION_TOKEN + 1];

	bytes_to_hex((struct bytes){ v->session.csrf, SESSION_TOKEN }, hex);
	buf_printf(&v->reply.body,
	    "<input type=\"hidden\" name=\"csrf\" value=\"%s\">", hex);
}

void
html_time(struct buf *out, int64_t instant)
{
	struct when_date d = when_split(instant, WHEN_VIETNAM_OFFSET);

	buf_printf(out, "%02d/%02d/%04d %02d:%02d", d.day, d.month, d.year,
	    d.hour, d.minute);
}

static void
put_menu(struct visit *v)
{
	struct buf *out = &v->reply.body;

	buf_text(out,
	    "<nav aria-label=\"Chính\"><a href=\"/\">Bàn làm việc</a>"
	    "<a href=\"/van-ban\">Văn bản đi</a>");
	if (v->person.role == ROLE_CLERK || v->person.role == ROLE_LEADER)
		buf_text(out, "<a href=\"/van-ban-den\">Văn bản đến</a>");
	if (v->person.role != ROLE_ADMINISTRATOR)
		buf_text(out, "<a href=\"/van-ban/moi\">Soạn văn bản</a>");
	if (v->person.role == ROLE_CLERK)
		buf_text(out,
		    "<a href=\"/dong-dau\">Đóng dấu</a>"
		    "<a href=\"/ban-giao\">Thiết bị ký</a>");
	if (v->person.role == ROLE_CLERK || v->person.role == ROLE_LEADER)
		buf_text(out, "<a href=\"/so-di\">Sổ đi</a>");
	buf_text(out, "<a href=\"" WEB_VERIFY "\">Kiểm tra văn bản</a>");
	buf_text(out, "<form method=\"post\" action=\"/dang-xuat\">");
	html_csrf(v);
	buf_text(out, "<span>");
	html_text(out, v->person.full_name);
	buf_printf(out,
	    " · %s</span> <a href=\"/mat-khau\">Đổi mật khẩu</a> "
	    "<button>Đăng xuất</button></form></nav>",
	    person_role_name(v->person.role));
}

/* Whoever works here learns early that the archive fills up. */
static void
put_room(struct visit *v)
{
	enum room room = v->txn ? room_get(v->txn) : ROOM_GOOD;

	if (room == ROOM_GOOD)
		return;
	html_alert(&v->reply.body,
	    room == ROOM_LOW ?
		"Kho lưu trữ đã dùng hơn 90 %. Báo quản trị mở rộng kho." :
		"KHO LƯU TRỮ ĐÃ ĐẦY: không nhận tệp mới, không đóng dấu "
		"được. Báo quản trị ngay.");
}

void
page_begin(struct visit *v, int status, const char *title)
{
	struct buf *out = &v->reply.body;
	struct bytes agency = { NULL, 0 };

	http_reply_free(&v->reply);
	http_reply_init(&v->reply, status);
	v->reply.type = "text/html; charset=utf-8";
	buf_text(&v->reply.headers, "Cache-Control: no-store\r\n");
	buf_text(out,
	    "<!doctype html><html lang=\"vi\"><head>"
	    "<meta charset=\"utf-8\"><meta name=\"viewport\" "
	    "content=\"width=device-width,initial-scale=1\"><title>");
	html_plain(out, title);
	buf_text(out,
	    " – Ấn Tín</title>"
	    "<link rel=\"stylesheet\" href=\"/kieu.css\">"
	    "<link rel=\"icon\" href=\"data:,\"></head>"
	    "<body><a class=\"skip\" href=\"#noi-dung\">Đến nội "
	    "dung</a><header><strong>");
	if (v->txn && !settings_get(v->txn, SETTING_AGENCY, &agency))
		html_text(out, agency);
	else
		buf_text(out, "Ấn Tín");
	buf_text(out, "</strong>");
	if (v->txn && signer_is_test(v->txn))
		buf_text(out,
		    "<span class=\"test\">THỬ NGHIỆM – không có giá "
		    "trị pháp lý</span>");
	if (v->known) {
		put_menu(v);
		put_room(v);
	}
	buf_text(out, "</header><main id=\"noi-dung\"><h1>");
	html_plain(out, title);
	buf_text(out, "</h1>");
}

void
page_end(struct visit *v)
{
	buf_text(&v->reply.body, "</main></body></html>\n");
}

void
page_message(struct visit *v, int status, const char *title, const char *text)
{
	page_begin(v, status, title);
	buf_text(&v->reply.body, "<p>");
	html_plain(&v->reply.body, text);
	buf_text(
	    &v->reply.body, "</p><p><a href=\"/\">Về bàn làm việc</a></p>");
	page_end(v);
}

int
status_of(enum fail f)
{
	switch (f) {
	case FAIL_NONE:
		return 200;
	case FAIL_RIGHTS:
	case FAIL_PASSWORD:
	case FAIL_CUSTODY:
		return 403;
	case FAIL_LOGIN:
		return 401;
	case FAIL_WAIT:
		return 429;
	case FAIL_MISSING:
		return 404;
	case FAIL_STATE:
	case FAIL_EXISTS:
	case FAIL_PIN:
	case FAIL_PIN_LAST:
	case FAIL_PIN_LOCKED:
	case FAIL_PIN_CHANGE:
	case FAIL_PIN_EMPTY:
	case FAIL_CANCELED:
	case FAIL_EXPIRED:
	case FAIL_REVOKED:
		return 409;
	case FAIL_LIMIT:
		return 413;
	case FAIL_USAGE:
	case FAIL_FORMAT:
	case FAIL_NOT_PDF:
	case FAIL_ENCRYPTED:
	case FAIL_PROTECTED:
	case FAIL_CERTIFIED:
	case FAIL_UNSEALABLE:
	case FAIL_HEAD:
	case FAIL_PLACE:
	case FAIL_SCAN:
	case FAIL_PICTURE:
	case FAIL_UNSUPPORTED:
	case FAIL_DIGEST:
	case FAIL_SIGNATURE:
	case FAIL_CHAIN:
		return 422;
	case FAIL_TIMEOUT:
	case FAIL_PEER:
	case FAIL_TOKEN:
	case FAIL_TOKEN_GONE:
	case FAIL_KEY:
	case FAIL_CLOCK:
	case FAIL_STATUS:
	case FAIL_FULL:
		return 503;
	default:
		return 500;
	}
}

void
html_trouble(struct buf *out, enum fail f, struct bytes note)
{
	html_alert(out, fail_vietnamese(f));
	buf_printf(out, "<p class=\"small\">Mã %s", fail_name(f));
	if (note.len)
		buf_text(out, " – ");
	html_text(out, note);
	buf_text(out, "</p>");
}

void
page_fail(struct visit *v, enum fail f, const char *note)
{
	struct buf *out = &v->reply.body;

	page_begin(v, status_of(f), "Lỗi: chưa làm được");
	html_trouble(out, f, BYTES_TEXT(note));
	if (f == FAIL_PLACE)
		buf_printf(out,
		    "<p><a href=\"/van-ban/%" PRIu64 "/ky\">Đặt chỗ chữ ký rồi "
		    "ký</a></p>",
		    v->number);
	buf_text(out, "<p><a href=\"/\">Về bàn làm việc</a></p>");
	page_end(v);
}

void
page_go(struct visit *v, const char *path)
{
	http_reply_free(&v->reply);
	http_reply_init(&v->reply, 303);
	buf_printf(&v->reply.headers,
	    "Location: %s\r\nCache-Control: "
	    "no-store\r\n",
	    path);
}

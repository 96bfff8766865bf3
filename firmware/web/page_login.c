/* Login, logout, health, style. */
#include <stdio.h>

#include "firmware/web/web.h"

void
page_health(struct visit *v)
{
	v->reply.type = "text/plain; charset=utf-8";
	buf_text(&v->reply.body, "tốt\n");
}

static const char style[] =
    "*{box-sizing:border-box}body{margin:0;font:16px/1.5 'Segoe UI',Arial,"
    "sans-serif;color:#1a1a1a;background:#f6f6f4}"
    "a{color:#0b4a8f}.skip{position:absolute;left:-99em}.skip:focus{left:0}"
    "header{background:#fff;border-bottom:3px solid #a3161f;padding:.6em 1em}"
    "nav{display:flex;flex-wrap:wrap;gap:.2em 1.2em;align-items:center;"
    "margin-top:.4em}nav form{margin-left:auto}nav a{padding:.2em 0}"
    "main{max-width:72em;margin:1em auto;padding:0 1em}"
    "h1{font-size:1.5em;margin:.4em 0}h2{font-size:1.15em;margin:1em 0 .3em}"
    "table{border-collapse:collapse;width:100%;background:#fff}"
    "th,td{border:1px solid #c8c8c4;padding:.35em .5em;text-align:left;"
    "vertical-align:top}th{background:#ececea}"
    "button,.button{font:inherit;min-height:32px;padding:.3em .9em;"
    "border:1px solid #6b1016;border-radius:4px;background:#fff;"
    "cursor:pointer;color:#6b1016}button.main{background:#a3161f;color:#fff}"
    "input,select,textarea{font:inherit;padding:.3em;max-width:100%;"
    "border:1px solid #767676;border-radius:3px}"
    "input[type=checkbox]{width:24px;height:24px}"
    "label{display:block;margin:.6em 0 .1em}"
    ".sketch summary{list-style:none;cursor:zoom-in}"
    ".sketch svg{width:5em;height:auto;background:#fff;margin-right:.3em;"
    "border:1px solid #767676;vertical-align:top}"
    ".sketch[open] summary{cursor:zoom-out}"
    ".sketch[open] svg{width:34em;max-width:100%}"
    "fieldset{border:1px solid #c8c8c4;margin:.4em 0;background:#fff}"
    ":focus-visible{outline:3px solid #f0a500;outline-offset:2px}"
    ".test{display:inline-block;background:#a3161f;color:#fff;padding:0 .6em;"
    "margin-left:1em}.error{background:#fff;border-left:6px solid #a3161f;"
    "padding:.6em}.good{border-left:6px solid #1c7c3a;background:#fff;"
    "padding:.6em}.small{font-size:.9em;color:#444;font-weight:normal}"
    "fieldset label{display:inline-block;margin:.2em 1.5em .2em 0}"
    ".verdict{font-weight:bold;padding-left:.5em}.total{font-size:1.5em;"
    "padding:.6em;"
    "background:#fff}.bad{border-left:6px solid #a3161f;color:#8a0f17}"
    ".unknown{border-left:6px solid #b36b00;color:#6b4000}"
    ".notice{border-left:6px solid #0b4a8f}.hash{font-family:monospace}"
    ".split{display:grid;grid-template-columns:3fr 2fr;gap:1em}"
    "iframe{width:100%;height:75vh;border:1px solid #c8c8c4;background:#fff}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.2em 1em;margin:0}"
    "dt{color:#444}dd{margin:0;overflow-wrap:anywhere}.split>*{min-width:0}"
    "@media(max-width:60em){.split{grid-template-columns:1fr}}"
    "@media print{nav,.button,button{display:none}body{background:#fff}}";

void
page_style(struct visit *v)
{
	v->reply.type = "text/css; charset=utf-8";
	buf_text(&v->reply.headers, "Cache-Control: max-age=3600\r\n");
	buf_text(&v->reply.body, style);
}

static void
put_login(struct visit *v, int status, const char *trouble)
{
	struct buf *out = &v->reply.body;

	page_begin(v, status, *trouble ? "Lỗi: đăng nhập" : "Đăng nhập");
	if (*trouble)
		html_alert(out, trouble);
	buf_text(out,
	    "<form method=\"post\" action=\"/dang-nhap\">"
	    "<label for=\"ten\">Tên đăng nhập</label>"
	    "<input id=\"ten\" name=\"ten\" autocomplete=\"username\" "
	    "autofocus required>"
	    "<label for=\"mk\">Mật khẩu</label>"
	    "<input id=\"mk\" name=\"mk\" type=\"password\" "
	    "autocomplete=\"current-password\" required>"
	    "<p><button class=\"main\">Đăng nhập</button></p></form>"
	    "<p><a href=\"" WEB_VERIFY "\">Kiểm tra văn bản đã ký số</a> · "
	    "<a href=\"/kiem-tra-ma\">Kiểm tra mã QR</a></p>");
	page_end(v);
}

void
page_login(struct visit *v)
{
	put_login(v, 200, "");
}

static void
login_answered(struct web *web, struct visit *v, const struct message *m)
{
	char hex[2 * SESSION_TOKEN + 1];
	struct cursor c = cursor_of(m->payload);

	(void)web;
	if (m->kind != MESSAGE_ANSWER_LOGIN) {
		enum fail f = message_fail(&c);

		put_login(v, status_of(f), fail_vietnamese(f));
		return;
	}
	bytes_to_hex(cursor_bytes(&c, SESSION_TOKEN), hex);
	page_go(v, "/");
	buf_printf(&v->reply.headers,
	    "Set-Cookie: phien=%s; Path=/; Secure; "
	    "HttpOnly; SameSite=Strict\r\n",
	    hex);
}

void
page_login_post(struct visit *v)
{
	struct bytes origin = v->request->origin;
	struct buf name, password;

	/* Somebody else's page must not log a browser in. */
	if (origin.len &&
	    (!bytes_starts(origin, "https://") ||
		!bytes_equal(
		    bytes_part(origin, 8, SIZE_MAX), v->request->host))) {
		page_fail(v, FAIL_RIGHTS, "");
		return;
	}
	buf_init(&name, 64);
	buf_init(&password, 128);
	if (form_get(v->request->body, "ten", 0, &name) ||
	    form_get(v->request->body, "mk", 0, &password)) {
		put_login(v, 422, fail_vietnamese(FAIL_USAGE));
	} else {
		for (size_t i = 0; i < name.len; i++)
			if (name.data[i] >= 'A' && name.data[i] <= 'Z')
				name.data[i] = (uint8_t)(name.data[i] + 32);
		buf_field(&v->web->out, buf_view(&name));
		buf_field(&v->web->out, buf_view(&password));
		buf_field(&v->web->out, BYTES_TEXT(v->request->peer));
		web_ask(v, MESSAGE_ASK_LOGIN, -1, login_answered, 0, ACT_LOGIN);
	}
	buf_wipe(&password);
	buf_free(&name);
}

static void
logout_answered(struct web *web, struct visit *v, const struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	enum fail f = message_fail(&c);

	(void)web;
	/* Said to be over only when it is. */
	if (f && f != FAIL_LOGIN) {
		page_fail(v, f, "");
		return;
	}
	page_go(v, "/dang-nhap");
	buf_text(&v->reply.headers,
	    "Set-Cookie: phien=; Path=/; Secure; "
	    "HttpOnly; SameSite=Strict; Max-Age=0\r\n");
}

void
page_logout_post(struct visit *v)
{
	struct buf csrf;

	buf_init(&csrf, 128);
	if (form_get(v->request->body, "csrf", 0, &csrf))
		buf_clear(&csrf);
	if (web_same_form(v, buf_view(&csrf))) {
		buf_add(&v->web->out, v->token, SESSION_TOKEN);
		web_ask(
		    v, MESSAGE_ASK_LOGOUT, -1, logout_answered, 0, ACT_LOGOUT);
	}
	buf_free(&csrf);
}

/* ---- changing one's password ---- */

static void
put_change(struct visit *v, int status, const char *trouble)
{
	struct buf *out = &v->reply.body;

	page_begin(v, status, *trouble ? "Lỗi: đổi mật khẩu" : "Đổi mật khẩu");
	if (*trouble)
		html_alert(out, trouble);
	else if (v->known && v->person.must_change)
		html_alert(out, fail_vietnamese(FAIL_PASSWORD));
	buf_text(out, "<form method=\"post\" action=\"/mat-khau\">");
	html_csrf(v);
	buf_text(out,
	    "<label for=\"cu\">Mật khẩu đang dùng</label>"
	    "<input id=\"cu\" name=\"cu\" type=\"password\" "
	    "autocomplete=\"current-password\" required>"
	    "<label for=\"moi\">Mật khẩu mới (ít nhất 10 ký tự, không chứa "
	    "tên đăng nhập)</label>"
	    "<input id=\"moi\" name=\"moi\" type=\"password\" "
	    "autocomplete=\"new-password\" minlength=\"10\" required>"
	    "<label for=\"lai\">Nhập lại mật khẩu mới</label>"
	    "<input id=\"lai\" name=\"lai\" type=\"password\" "
	    "autocomplete=\"new-password\" minlength=\"10\" required>"
	    "<p><button class=\"main\">Đổi mật khẩu</button></p></form>");
	page_end(v);
}

void
page_password(struct visit *v)
{
	put_change(v, 200, "");
}

static void
password_answered(struct web *web, struct visit *v, const struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	enum fail f;

	if (m->kind == MESSAGE_ANSWER_LOGIN) {
		login_answered(web, v, m);
		return;
	}
	f = message_fail(&c);
	page_message(v, status_of(f), "Lỗi: chưa đổi mật khẩu",
	    f == FAIL_LOGIN ?
		"Mật khẩu đang dùng không đúng. Quay lại trang "
		"trước và nhập lại." :
		f == FAIL_USAGE ?
		"Mật khẩu mới cần ít nhất 10 ký tự, khác mật khẩu "
		"cũ và không chứa tên đăng nhập." :
		fail_vietnamese(f));
}

void
page_password_post(struct visit *v)
{
	static const char *const names[] = { "csrf", "cu", "moi", "lai" };
	struct buf fields[4];

	for (size_t i = 0; i < 4; i++) {
		buf_init(&fields[i], 128);
		if (form_get(v->request->body, names[i], 0, &fields[i]))
			buf_wipe(&fields[i]);
	}
	if (!web_same_form(v, buf_view(&fields[0]))) {
		/* The page says so already. */
	} else if (!bytes_equal(buf_view(&fields[2]), buf_view(&fields[3]))) {
		put_change(
		    v, 422, "Hai lần nhập mật khẩu mới không giống nhau.");
	} else {
		buf_add(&v->web->out, v->token, SESSION_TOKEN);
		buf_field(&v->web->out, buf_view(&fields[1]));
		buf_field(&v->web->out, buf_view(&fields[2]));
		web_ask(v, MESSAGE_ASK_PASSWORD, -1, password_answered, 0,
		    ACT_PASSWORD);
	}
	for (size_t i = 0; i < 4; i++) {
		buf_wipe(&fields[i]);
		buf_free(&fields[i]);
	}
}

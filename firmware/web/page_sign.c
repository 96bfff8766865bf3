/* A leader about to sign: how his token is, where his signature goes. */
#include <inttypes.h>
#include <stdio.h>

#include "firmware/flow/kind.h"
#include "firmware/flow/spot.h"
#include "firmware/web/web.h"
#include "storage/settings.h"

static void
put_field(struct buf *out, const char *name, const char *label)
{
	buf_printf(out,
	    "<label for=\"%s\">%s</label><input id=\"%s\" name=\"%s\" "
	    "inputmode=\"decimal\" size=\"6\" maxlength=\"6\">",
	    name, label, name, name);
}

/* Only a picture has a place. */
static bool
has_picture(struct visit *v)
{
	struct bytes png = { NULL, 0 };
	char name[STORE_KEY_MAX];

	snprintf(name, sizeof(name), SETTING_SIGNATURE "%.*s",
	    (int)v->person.name.len, (const char *)v->person.name.data);
	return !settings_get(v->txn, name, &png) && png.len;
}

static void
put_spot(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;
	struct spot spot;

	if (!has_picture(v))
		return;
	buf_text(out,
	    "<details><summary>Đặt chữ ký bằng tay</summary><p>Bình thường "
	    "chữ ký nằm trên họ tên của anh/chị trong văn bản. Nếu văn bản "
	    "không có họ tên hoặc là bản quét, nhập chỗ của góc trên bên trái "
	    "hình chữ ký; hệ thống nhớ cho các văn bản cùng loại sau này.</p>");
	put_field(out, "trang", "Trang (để trống: trang cuối)");
	put_field(out, "trai", "Cách mép trái (mm)");
	put_field(out, "tren", "Cách mép trên (mm)");
	if (!spot_get(v->txn, r->kind, v->person.id, &spot)) {
		buf_printf(
		    out, "<p>Đã nhớ cho loại %s: ", kind_get(r->kind)->name);
		if (spot.page)
			buf_printf(out, "trang %u", spot.page);
		else
			buf_text(out, "trang cuối");
		buf_printf(out,
		    ", cách mép trái %u,%u mm, cách mép trên %u,%u mm (dùng "
		    "khi không tìm thấy họ tên).</p>",
		    spot.left / 10, spot.left % 10, spot.top / 10,
		    spot.top % 10);
	}
	buf_text(out, "</details>");
}

/* The rest of the page. */
static void
token_answered(struct web *web, struct visit *v, const struct message *m)
{
	struct buf *out = &v->reply.body;

	(void)web;
	html_pin_field(out, "Mã PIN thiết bị ký của tôi", html_token(out, m));
	buf_printf(out,
	    "<p><button class=\"main\" name=\"viec\" value=\"ky\">Ký số"
	    "</button> <a href=\"/van-ban/%" PRIu64 "\">Về văn bản</a></p>"
	    "</form>",
	    v->number);
	page_end(v);
}

void
page_sign(struct visit *v)
{
	struct buf *out = &v->reply.body;
	struct record r;
	bool rights;
	enum fail f = record_get(v->txn, v->number, &r);

	if (!f && !act_may_see(&r, &v->person))
		f = FAIL_MISSING;
	if (!f && !act_find(ACT_SIGN, &r, &v->person, &rights))
		f = rights ? FAIL_STATE : FAIL_RIGHTS;
	if (!f && !rights)
		f = FAIL_RIGHTS;
	if (f) {
		page_fail(v, f, "");
		return;
	}
	page_begin(v, 200, "Ký số");
	buf_printf(out, "<p>%s: ", kind_get(r.kind)->name);
	html_text(out, r.subject);
	buf_printf(out,
	    "</p><form method=\"post\" action=\"/van-ban/%" PRIu64 "\">", r.id);
	html_csrf(v);
	put_spot(v, &r);
	buf_add(&v->web->out, v->token, SESSION_TOKEN);
	web_ask(v, MESSAGE_ASK_TOKEN, -1, token_answered, r.id, ACT_SIGN);
}

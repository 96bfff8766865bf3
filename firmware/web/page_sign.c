/* A leader about to sign: how his token is, where his signature goes. */
#include <inttypes.h>
#include <stdio.h>

#include "firmware/flow/kind.h"
#include "firmware/flow/spot.h"
#include "firmware/web/web.h"
#include "storage/settings.h"

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

/* What he typed, as the page's address has it. */
static void
typed(const struct visit *v, const char *name, struct buf *out)
{
	buf_init(out, 16);
	if (form_get(v->request->query, name, 0, out))
		buf_clear(out);
}

static const struct {
	const char *name, *label;
} fields[] = {
	{ "trang", "Trang (để trống: trang cuối)" },
	{ "trai", "Cách mép trái (mm)" },
	{ "tren", "Cách mép trên (mm)" },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/* Where he wants it, to be looked at before he signs: a form of its own, which
 * no PIN goes with. */
static void
put_spot(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;
	struct spot spot;

	if (!has_picture(v))
		return;
	buf_printf(out,
	    "<form action=\"/van-ban/%" PRIu64 "/ky\"><fieldset><legend>Đặt "
	    "chữ ký bằng tay</legend><p>Bình thường chữ ký nằm trên họ tên của "
	    "anh/chị trong văn bản. Nếu văn bản không có họ tên hoặc là bản "
	    "quét, nhập chỗ của góc trên bên trái hình chữ ký; hệ thống nhớ "
	    "cho các văn bản cùng loại sau này.</p>",
	    r->id);
	for (size_t i = 0; i < FIELDS; i++) {
		struct buf value;

		typed(v, fields[i].name, &value);
		buf_printf(out,
		    "<label for=\"%s\">%s</label><input id=\"%s\" "
		    "name=\"%s\" inputmode=\"decimal\" size=\"6\" "
		    "maxlength=\"6\" value=\"",
		    fields[i].name, fields[i].label, fields[i].name,
		    fields[i].name);
		html_text(out, buf_view(&value));
		buf_text(out, "\">");
		buf_free(&value);
	}
	buf_text(out, "<p><button>Xem chỗ này</button></p>");
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
	buf_text(out, "</fieldset></form>");
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

/* How it will look; if it cannot be signed so, no PIN is asked for. */
static void
sketched(struct web *web, struct visit *v, const struct message *m)
{
	struct buf *out = &v->reply.body;
	struct web_sketch row = { .record = 0 };
	struct disk_map rows;
	enum fail f = web_sketches(m, &rows);

	if (!f) {
		struct cursor c = cursor_of(rows.bytes);

		f = web_sketch_next(&c, &row) ? row.fail : FAIL_PEER;
		if (!f) {
			buf_text(out, "<p>Văn bản khi đã ký:</p>");
			html_sketch(out, &row.sketch);
		}
		if (f)
			html_trouble(out, f, row.note);
		disk_unmap(&rows);
	} else {
		html_trouble(out, f, (struct bytes){ NULL, 0 });
	}
	if (!f) {
		buf_add(&web->out, v->token, SESSION_TOKEN);
		web_ask(v, MESSAGE_ASK_TOKEN, -1, token_answered, v->number,
		    ACT_SIGN);
		return;
	}
	v->reply.status = status_of(f);
	buf_printf(out,
	    "</form><p><a href=\"/van-ban/%" PRIu64 "\">Về văn bản</a></p>",
	    v->number);
	page_end(v);
}

/* Ask how it will look with what he typed, which the form to sign repeats. */
static void
ask_sketch(struct visit *v, uint64_t id)
{
	struct buf *out = &v->reply.body, *ask = &v->web->out;

	buf_add(ask, v->token, SESSION_TOKEN);
	buf_u16(ask, ACT_SIGN);
	for (size_t i = 0; i < FIELDS; i++) {
		struct buf value;

		typed(v, fields[i].name, &value);
		buf_field(ask, buf_view(&value));
		if (value.len) {
			buf_printf(out,
			    "<input type=\"hidden\" name=\"%s\" value=\"",
			    fields[i].name);
			html_text(out, buf_view(&value));
			buf_text(out, "\">");
		}
		buf_free(&value);
	}
	buf_u16(ask, 1);
	buf_u64(ask, id);
	web_ask(v, MESSAGE_ASK_SKETCH, -1, sketched, id, ACT_SIGN);
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
	buf_text(out, "</p>");
	put_spot(v, &r);
	buf_printf(out,
	    "<form method=\"post\" action=\"/van-ban/%" PRIu64 "\">", r.id);
	html_csrf(v);
	ask_sketch(v, r.id);
}

/* How a token is and who waits for it, for those who are about to sign. */
#include <stdio.h>

#include "base/when.h"
#include "firmware/web/web.h"
#include "storage/settings.h"

#define DAY 86400
#define FIRST_WARNING 60 /* days before a certificate ends; then … */
#define SECOND_WARNING 30
#define LAST_WARNING 7

/* What is to be done takes weeks: a new certificate, and its token. */
static void
put_end(struct buf *out, int64_t not_after)
{
	int64_t left = not_after - when_now(), days = left / DAY;
	char day[WHEN_TEXT_MAX], text[512];

	if (days > FIRST_WARNING)
		return;
	when_day_text(when_split(not_after, WHEN_VIETNAM_OFFSET), day);
	if (left < 0)
		snprintf(text, sizeof(text),
		    "Chứng thư ký số đã hết hạn từ %s: không ký được nữa. "
		    "Báo quản trị ngay.",
		    day);
	else
		snprintf(text, sizeof(text),
		    "%s ký số còn %lld ngày, đến %s. %s.",
		    days <= LAST_WARNING ? "GẤP: chứng thư" : "Chứng thư",
		    (long long)days, day,
		    days <= SECOND_WARNING ?
			"Báo quản trị làm thủ tục cấp lại ngay" :
			"Đề nghị quản trị làm thủ tục cấp lại");
	html_alert(out, text);
}

enum fail
web_cert(
    struct txn *txn, const uint8_t hash[static HASH_LEN], struct cert *cert)
{
	struct bytes der = { NULL, 0 };
	char name[64] = "cert.";
	enum fail f;

	bytes_to_hex((struct bytes){ hash, 16 }, name + strlen(name));
	f = settings_get(txn, name, &der);
	return f ? f : cert_read(der, cert, NULL);
}

void
html_cert_end(struct visit *v)
{
	struct bytes hash = BYTES_ARRAY(v->person.cert);
	struct cert cert;
	enum fail f = FAIL_NONE;

	if (v->person.role == ROLE_CLERK)
		f = settings_get(v->txn, SETTING_CERT, &hash);
	if (!f && hash.len == HASH_LEN && !web_cert(v->txn, hash.data, &cert))
		put_end(&v->reply.body, cert.not_after);
}

void
html_pin_state(struct buf *out, uint8_t state)
{
	static const char *const texts[] = { "",
		"Thiết bị đã bị nhập sai PIN ít nhất một lần. "
		"Xem kỹ mã PIN trước khi nhập.",
		"CHỈ CÒN MỘT LẦN nhập PIN trước khi thiết bị bị khóa. Dừng "
		"nhập PIN và báo quản trị.",
		"Thiết bị đã bị khóa PIN. Làm thủ tục mở khóa (Mẫu 06)." };

	if (state && state < 4)
		html_alert(out, texts[state]);
}

/* Who has the token now and how long that may take. */
static void
put_queue(
    struct buf *out, unsigned batches, unsigned documents, unsigned seconds)
{
	if (!batches)
		return;
	buf_printf(out,
	    "<p role=\"status\">Thiết bị đang ký: trước lượt của anh/chị còn "
	    "%u lô (%u văn bản)",
	    batches, documents);
	if (seconds)
		buf_printf(out, ", khoảng %u giây", seconds);
	buf_text(out, ". Cứ nhập PIN, hệ thống ký theo thứ tự.</p>");
}

static void
put_label(struct buf *out, struct bytes label, int64_t not_after)
{
	if (!label.len)
		return;
	buf_text(out, "<p class=\"small\">Thiết bị ký ");
	html_text(out, label);
	buf_text(out, ", chứng thư có giá trị đến ");
	html_time(out, not_after);
	buf_text(out, "</p>");
	put_end(out, not_after);
}

enum token_pin
html_token(struct buf *out, const struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	enum fail f = message_fail(&c);
	unsigned batches = 0, documents;
	struct bytes label;
	int64_t not_after;
	uint8_t pin = 0;
	bool pad = false;

	if (m->kind == MESSAGE_ANSWER_TOKEN) {
		pin = cursor_u8(&c);
		pad = cursor_u8(&c) != 0;
		label = cursor_field(&c);
		not_after = (int64_t)cursor_u64(&c);
		batches = cursor_u16(&c);
		documents = cursor_u32(&c);
		put_queue(out, batches, documents, cursor_u32(&c));
		put_label(out, label, not_after);
	}
	/* Busy is told by the queue. */
	if (f && !(f == FAIL_STATE && batches))
		html_alert(out, fail_vietnamese(f));
	html_pin_state(out, pin);
	return f ? PIN_UNKNOWN : pad ? PIN_ON_TOKEN : PIN_HERE;
}

void
html_pin_field(struct buf *out, const char *label, enum token_pin pin)
{
	static const char *const hints[] = { "",
		" (để trống: nhập trên bàn phím của thiết bị)",
		" (thiết bị có bàn phím riêng: để trống)" };

	buf_printf(out,
	    "<label for=\"pin\">%s%s</label>"
	    "<input id=\"pin\" name=\"pin\" type=\"password\" "
	    "autocomplete=\"off\" autofocus%s>",
	    label, hints[pin], pin == PIN_HERE ? " required" : "");
}

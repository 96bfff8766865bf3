/*
 * Checking a printed code, open to everybody on the LAN: is it the agency's,
 * what does it say, and is that document in the register?  Nothing is kept, and
 * of the document no more is told than the code says.
 */
#include <stdio.h>

#include "crypto/cert.h"
#include "document/seal_code.h"
#include "firmware/flow/kind.h"
#include "firmware/web/web.h"
#include "storage/registry.h"
#include "storage/settings.h"

#define BOOK_OUT 1u

static void
put_form(struct visit *v)
{
	buf_text(&v->reply.body,
	    "<form method=\"post\" action=\"/kiem-tra-ma\">"
	    "<label for=\"ma\">Nội dung mã QR (quét hoặc dán)</label>"
	    "<textarea id=\"ma\" name=\"ma\" rows=\"4\" cols=\"60\" required "
	    "maxlength=\"1024\" autofocus></textarea>"
	    "<p><button class=\"main\">Kiểm tra</button></p></form>");
}

void
page_code(struct visit *v)
{
	page_begin(v, 200, "Kiểm tra mã QR");
	buf_text(&v->reply.body,
	    "<p>Mã QR bên cạnh số văn bản do cơ quan ký số. Trang này cho biết "
	    "mã "
	    "có đúng của cơ quan không và văn bản có trong sổ văn bản đi "
	    "không.</p>");
	put_form(v);
	page_end(v);
}

/* The agency's certificate. */
static enum fail
agency_cert(struct txn *txn, struct cert *cert)
{
	struct bytes hash = { NULL, 0 };
	enum fail f = settings_get(txn, SETTING_CERT, &hash);

	if (!f && hash.len != HASH_LEN)
		f = FAIL_CORRUPT;
	return f ? f : web_cert(txn, hash.data, cert);
}

/* The document that the register has under the code's number, if it is the one
 * the code was made for. */
static enum fail
find_document(struct txn *txn, const struct seal_code *code, struct record *r)
{
	struct buf number;
	uint32_t value = 0;
	uint64_t id = 0;
	enum fail f;

	for (size_t i = 0; i < code->number.len && i < 9 &&
	     code->number.data[i] >= '0' && code->number.data[i] <= '9';
	     i++)
		value = value * 10 + (uint32_t)(code->number.data[i] - '0');
	f = registry_get(txn, BOOK_OUT, (uint16_t)code->day.year, value, &id);
	if (!f)
		f = record_get(txn, id, r);
	if (f)
		return f;
	buf_init(&number, 256);
	kind_number(r->number, r->symbol, &number);
	if (!bytes_equal(buf_view(&number), code->number) ||
	    memcmp(r->signed_file, code->hash, SEAL_CODE_HASH) != 0 ||
	    r->state < STATE_WAIT_ISSUE)
		f = FAIL_MISSING;
	buf_free(&number);
	return f;
}

static void
put_result(struct visit *v, const struct seal_code *code)
{
	struct buf *out = &v->reply.body;
	char day[WHEN_TEXT_MAX];
	struct record r = { .state = STATE_NONE };
	enum fail f = find_document(v->txn, code, &r);

	when_day_text(code->day, day);
	page_begin(v, 200, "Mã QR đúng của cơ quan");
	buf_text(out,
	    "<p class=\"good\">Chữ ký trong mã đúng là của cơ quan.</p>"
	    "<dl><dt>Mã định danh cơ quan</dt><dd>");
	html_text(out, code->agency);
	buf_text(out, "</dd><dt>Số, ký hiệu</dt><dd>");
	html_text(out, code->number);
	buf_text(out, "</dd><dt>Ngày ban hành</dt><dd>");
	html_plain(out, day);
	buf_text(out, "</dd><dt>Sổ văn bản đi</dt><dd>");
	if (f && f != FAIL_MISSING)
		html_plain(out, fail_vietnamese(f));
	else if (f)
		buf_text(out,
		    "<strong>không có văn bản này</strong>; liên hệ cơ quan "
		    "để kiểm tra");
	else if (r.state == STATE_VOID)
		buf_text(out,
		    "<strong>số này đã bị hủy</strong>; liên hệ cơ quan để "
		    "kiểm tra");
	else
		buf_text(out, "có văn bản này");
	buf_text(out,
	    "</dd></dl><p class=\"small\">Mã chứng tỏ cơ quan đã ban hành văn "
	    "bản "
	    "có số và ngày như trên; hãy so nội dung trang giấy với bản điện "
	    "tử.</p>");
	put_form(v);
	page_end(v);
}

static void
put_refusal(struct visit *v, enum fail f, const char *why)
{
	page_begin(v, status_of(f), "Lỗi: mã QR không dùng được");
	html_alert(&v->reply.body, why);
	put_form(v);
	page_end(v);
}

void
page_code_post(struct visit *v)
{
	struct buf text, bytes;
	struct seal_code code;
	struct cert cert;
	struct note note = { FAIL_NONE, "" };
	enum fail f;

	buf_init(&text, SEAL_CODE_TEXT_MAX);
	buf_init(&bytes, SEAL_CODE_MAX);
	f = form_get(v->request->body, "ma", 0, &text);
	if (!f)
		f = seal_code_read(buf_view(&text), &bytes, &code, &note);
	if (f) {
		put_refusal(v, FAIL_FORMAT,
		    "Nội dung này không phải mã QR của văn bản. Quét lại cả "
		    "mã.");
	} else if ((f = agency_cert(v->txn, &cert)) != FAIL_NONE) {
		page_fail(v, f, "");
	} else if (seal_code_verify(&code, &cert.key)) {
		put_refusal(v, FAIL_SIGNATURE,
		    "MÃ KHÔNG PHẢI CỦA CƠ QUAN NÀY: chữ ký trong mã không "
		    "đúng.");
	} else {
		put_result(v, &code);
	}
	buf_free(&bytes);
	buf_free(&text);
}

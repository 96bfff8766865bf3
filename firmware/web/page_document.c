/* One document: its data, its file, its story, and what can be done to it. */
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/disk.h"
#include "firmware/flow/kind.h"
#include "firmware/web/web.h"
#include "storage/raising.h"
#include "storage/round.h"

/* Buttons in the order people work; those without a right are not shown, and
 * refused by core all the same. */
static const struct {
	enum act act;
	const char *word; /* value of the button */
	const char *label;
	bool reason, pin, main;
} buttons[] = {
	{ ACT_SUBMIT, "trinh", "Trình", false, false, true },
	{ ACT_AGREE, "dong-y", "Đồng ý", false, false, true },
	{ ACT_APPROVE, "duyet", "Duyệt", false, false, true },
	{ ACT_SIGN, "ky", "Ký số", false, true, true },
	{ ACT_NUMBER, "vao-so", "Vào sổ, cấp số", false, false, true },
	{ ACT_ISSUE, "phat-hanh", "Phát hành", false, false, true },
	{ ACT_ARCHIVE, "luu", "Lưu", false, false, false },
	{ ACT_CHECK, "kiem-tra", "Kiểm tra lại chữ ký", false, false, false },
	{ ACT_RETURN, "tra-lai", "Trả lại", true, false, false },
	{ ACT_WITHDRAW, "rut-duyet", "Rút duyệt", true, false, false },
	{ ACT_RETURN_FORM, "tra-the-thuc", "Trả thể thức", true, false, false },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define AGAIN "; hệ thống tự thử lại, nếu kéo dài báo quản trị"

/* Why the last try did not raise it, for the clerk. */
static const char *
raising_trouble(enum fail f)
{
	switch (f) {
	case FAIL_PEER:
	case FAIL_TIMEOUT:
		return "không liên lạc được" AGAIN;
	case FAIL_RIGHTS:
		return "máy chủ chưa có trong danh sách cho phép; báo quản trị";
	case FAIL_MISSING:
		return "chưa hỏi được tình trạng thu hồi của chứng thư" AGAIN;
	case FAIL_LIMIT:
		return "danh sách thu hồi quá lớn để gắn vào văn bản" AGAIN;
	case FAIL_CLOCK:
		return "đồng hồ máy chủ cấp dấu lệch quá một phút" AGAIN;
	case FAIL_USAGE:
		return "thiết lập máy chủ cấp dấu chưa đủ; báo quản trị";
	case FAIL_REVOKED:
	case FAIL_CORRUPT:
	case FAIL_FULL:
		return fail_vietnamese(f);
	default:
		return "máy chủ cấp dấu trả lời không dùng được, hoặc văn bản "
		       "này chưa gắn dấu được" AGAIN;
	}
}

static void
put_person(struct visit *v, const char *term, uint64_t id)
{
	struct buf *out = &v->reply.body;
	struct person p;

	if (!id || people_get(v->txn, id, &p))
		return;
	buf_printf(out, "<dt>%s</dt><dd>", term);
	html_text(out, p.full_name);
	buf_text(out, "</dd>");
}

static void
put_hash(struct buf *out, const char *term, const uint8_t *hash)
{
	char hex[2 * HASH_LEN + 1];

	if (!hash_is_set(hash))
		return;
	bytes_to_hex((struct bytes){ hash, HASH_LEN }, hex);
	buf_printf(out, "<dt>%s</dt><dd class=\"small\">%s</dd>", term, hex);
}

/* Which level the signature has (EN 319 142-1 6), and what it waits for. */
static void
put_level(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;
	struct raising line;
	bool waits = !raising_get(v->txn, r->id, &line);
	bool alone = waits && line.stamped;

	if (hash_is_set(r->raised)) {
		buf_printf(out, "%s, dấu thời gian ", alone ? "B-T" : "B-LTA");
		html_time(out, r->stamped);
	} else {
		buf_text(out, "B-B, chưa có dấu thời gian");
	}
	if (waits && (alone || !hash_is_set(r->raised))) {
		buf_text(out,
		    alone ? "; đang chờ dữ liệu kiểm tra lâu dài" :
			    "; đang chờ máy chủ cấp dấu thời gian");
		if (line.fail) {
			buf_printf(out, " (đã thử %u lần: ", line.tries);
			html_plain(out, raising_trouble(line.fail));
			buf_char(out, ')');
		}
	}
}

static void
put_data(struct visit *v, const struct record *r)
{
	static const char *const urgencies[] = { "Thường", "Khẩn",
		"Thượng khẩn", "Hỏa tốc" };
	struct buf *out = &v->reply.body;
	struct buf number;

	buf_init(&number, 256);
	if (r->number)
		kind_number(r->number, r->symbol, &number);
	buf_printf(out,
	    "<dl><dt>Trạng thái</dt><dd><strong>%s</strong></dd>"
	    "<dt>Loại</dt><dd>%s</dd><dt>Số, ký hiệu</dt><dd>",
	    record_state_name((enum record_state)r->state),
	    kind_get(r->kind)->name);
	html_text(out, buf_view(&number));
	buf_free(&number);
	buf_text(out, "</dd><dt>Trích yếu</dt><dd>");
	html_text(out, r->subject);
	buf_printf(out,
	    "</dd><dt>Độ khẩn</dt><dd>%s</dd><dt>Số trang</dt>"
	    "<dd>%u</dd><dt>Số bản</dt><dd>%u</dd>",
	    urgencies[r->urgency & 3], r->pages, r->copies);
	if (r->date)
		buf_printf(out,
		    "<dt>Ngày ban hành ghi trên văn bản</dt><dd>"
		    "%02u/%02u/%04u</dd>",
		    r->date % 100, r->date / 100 % 100, r->date / 10000);
	put_person(v, "Người soạn", r->drafter);
	put_person(
	    v, act_leader_signs(r) ? "Người ký" : "Người duyệt sao", r->leader);
	buf_text(out, "<dt>Nơi nhận</dt><dd>");
	html_text(out, r->recipients);
	buf_text(out, "</dd>");
	if (r->reason.len) {
		buf_text(out, "<dt>Lý do trả lại</dt><dd>");
		html_text(out, r->reason);
		buf_text(out, "</dd>");
	}
	if (hash_is_set(r->sealed) && r->state >= STATE_WAIT_ISSUE) {
		buf_text(out, "<dt>Mức chữ ký</dt><dd>");
		put_level(v, r);
		buf_text(out, "</dd>");
	}
	put_hash(out, "SHA-256 bản duyệt", r->approved);
	put_hash(out, "SHA-256 bản đóng dấu", r->sealed);
	put_hash(out, "SHA-256 bản lưu trữ", r->raised);
	buf_text(out, "</dl>");
}

static void
put_file(struct buf *out, const struct record *r, const char *name,
    const char *label)
{
	buf_printf(out, "<a href=\"/van-ban/%" PRIu64 "/tep/%s\">%s</a>", r->id,
	    name, label);
}

/* A file of record, and the evidence record when it has one. */
static void
put_kept(struct visit *v, const struct record *r, const uint8_t *hash,
    const char *name, const char *label)
{
	struct buf *out = &v->reply.body;
	int64_t stamped, until;
	char record[32];

	buf_text(out, " · ");
	put_file(out, r, name, label);
	if (round_about(v->txn, hash, &stamped, &until))
		return;
	snprintf(record, sizeof(record), "%s.ers", name);
	buf_text(out, " (");
	put_file(out, r, record, "bằng chứng lưu trữ");
	buf_char(out, ')');
}

/* The files of a document or an annex; state is the document's. */
static void
put_files(struct visit *v, const struct record *r, enum record_state state)
{
	struct buf *out = &v->reply.body;

	put_file(out, r, "du-thao", "Bản dự thảo");
	if (hash_is_set(r->signed_file) && act_leader_signs(r)) {
		buf_text(out, " · ");
		put_file(out, r, "da-ky", "Bản đã ký");
	}
	if (hash_is_set(r->sealed) && state >= STATE_WAIT_ISSUE)
		put_kept(v, r, r->sealed, "da-dong-dau", "Bản đã đóng dấu");
	if (hash_is_set(r->raised) && state >= STATE_WAIT_ISSUE)
		put_kept(v, r, r->raised, "luu-tru", "Bản lưu trữ dài hạn");
}

static bool
may(const struct visit *v, enum act act, const struct record *r)
{
	bool rights;

	return act_find(act, r, &v->person, &rights) && rights;
}

/* ---- annexes ---- */

static void
put_annex(
    struct visit *v, const struct record *main, uint64_t id, bool removable)
{
	struct buf *out = &v->reply.body;
	struct record r;

	buf_text(out, "<li>");
	if (record_get(v->txn, id, &r)) {
		buf_text(out, "Không đọc được. Báo quản trị.</li>");
		return;
	}
	html_text(out, r.subject);
	buf_printf(out, " (%u trang): ", r.pages);
	if (main->state < STATE_WAIT_ISSUE)
		html_dormant(v, &r);
	put_files(v, &r, (enum record_state)main->state);
	if (hash_is_set(r.sealed) && main->state >= STATE_WAIT_ISSUE) {
		buf_text(out, " – ");
		put_level(v, &r);
	}
	if (removable) {
		buf_printf(out,
		    "<form method=\"post\" action=\"/van-ban/%" PRIu64 "\">",
		    id);
		html_csrf(v);
		buf_text(out,
		    "<button name=\"viec\" value=\"bo-phu-luc\">Bỏ phụ lục"
		    "</button></form>");
	}
	buf_text(out, "</li>");
}

static void
put_annexes(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;
	uint64_t ids[RECORD_ANNEXES_MAX];
	bool removable = may(v, ACT_ANNEX_REMOVE, r);
	size_t count = 0;
	enum fail f = record_annexes(v->txn, r->id, ids, &count);

	if (count)
		buf_printf(out, "<h2>%zu phụ lục</h2><ul>", count);
	for (size_t i = 0; i < count; i++)
		put_annex(v, r, ids[i], removable);
	if (count)
		buf_text(out, "</ul>");
	if (f)
		html_alert(out, fail_vietnamese(f));
	if (!may(v, ACT_ANNEX_ADD, r) || count == RECORD_ANNEXES_MAX)
		return;
	buf_printf(out,
	    "<form method=\"post\" action=\"/van-ban/%" PRIu64
	    "\" enctype=\"multipart/form-data\">",
	    r->id);
	html_csrf(v);
	buf_text(out,
	    "<label for=\"ten-phu-luc\">Tên phụ lục (tệp riêng)</label>"
	    "<input id=\"ten-phu-luc\" name=\"ten\" required "
	    "maxlength=\"250\">"
	    "<label for=\"tep-phu-luc\">Tệp PDF của phụ lục</label>"
	    "<input id=\"tep-phu-luc\" type=\"file\" name=\"tep\" "
	    "accept=\"application/pdf\" required> "
	    "<button name=\"viec\" value=\"them-phu-luc\">Thêm phụ lục"
	    "</button></form>");
}

static void
put_upload(struct visit *v, const struct record *r, const char *word,
    const char *label)
{
	struct buf *out = &v->reply.body;

	buf_printf(out,
	    "<form method=\"post\" action=\"/van-ban/%" PRIu64
	    "\" enctype=\"multipart/form-data\">",
	    r->id);
	html_csrf(v);
	buf_printf(out,
	    "<label for=\"tep-%s\">%s</label>"
	    "<input id=\"tep-%s\" type=\"file\" name=\"tep\" "
	    "accept=\"application/pdf\" required> "
	    "<button name=\"viec\" value=\"%s\">Gửi</button>"
	    "</form>",
	    word, label, word, word);
}

static void
put_acts(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;

	for (size_t i = 0; i < COUNT(buttons); i++) {
		if (!may(v, buttons[i].act, r))
			continue;
		buf_printf(out,
		    "<form method=\"post\" action=\"/van-ban/%" PRIu64 "\">",
		    r->id);
		html_csrf(v);
		if (buttons[i].reason)
			buf_printf(out,
			    "<label for=\"ly-do-%s\">Lý do</label>"
			    "<input id=\"ly-do-%s\" name=\"ly-do\" "
			    "required maxlength=\"300\"> ",
			    buttons[i].word, buttons[i].word);
		if (buttons[i].pin)
			buf_text(out,
			    "<label for=\"pin\">Mã PIN thiết bị ký "
			    "của tôi (thiết bị có bàn phím riêng: để "
			    "trống)</label><input id=\"pin\" "
			    "name=\"pin\" type=\"password\" "
			    "autocomplete=\"off\"> ");
		buf_printf(out,
		    "<button%s name=\"viec\" value=\"%s\">%s"
		    "</button></form>",
		    buttons[i].main ? " class=\"main\"" : "", buttons[i].word,
		    buttons[i].label);
		if (buttons[i].pin)
			buf_printf(out,
			    "<p><a href=\"/van-ban/%" PRIu64 "/ky\">Xem thiết "
			    "bị ký, đặt chỗ chữ ký</a></p>",
			    r->id);
	}
	if (may(v, ACT_SIGN_UPLOAD, r))
		put_upload(v, r, "tai-ban-ky", "Hoặc tải bản đã ký ở nơi khác");
	if (may(v, ACT_REVISE, r))
		put_upload(v, r, "sua", "Bản sửa");
	if (may(v, ACT_SEAL, r))
		buf_text(out,
		    "<p><a class=\"button\" href=\"/dong-dau\">Đến "
		    "trang đóng dấu</a></p>");
}

static enum fail
put_event(void *context, const struct journal_entry *e)
{
	struct visit *v = context;
	struct buf *out = &v->reply.body;
	struct person p;

	if (!act_on_document((enum act)e->act))
		return FAIL_NONE;
	buf_text(out, "<li>");
	html_time(out, e->time);
	buf_printf(out, " – %s – ", act_name((enum act)e->act));
	if (!people_get(v->txn, e->actor, &p))
		html_text(out, p.full_name);
	if (e->reason.len) {
		buf_text(out, ": ");
		html_text(out, e->reason);
	}
	buf_text(out, "</li>");
	return FAIL_NONE;
}

/* What happened, newest last. */
static void
put_story(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;

	buf_text(out, "<h2>Nhật ký</h2><ol>");
	if (journal_each(v->txn, r->id, put_event, v))
		buf_text(out,
		    "<li>Không đọc được hết nhật ký. Báo quản trị."
		    "</li>");
	buf_text(out, "</ol>");
}

/* The newest file of the document. */
static const char *
newest(const struct record *r)
{
	if (r->source)
		return "nhan";
	if (hash_is_set(r->sealed) && r->state >= STATE_WAIT_ISSUE)
		return "da-dong-dau";
	return hash_is_set(r->signed_file) && act_leader_signs(r) ? "da-ky" :
								    "du-thao";
}

/* What came from elsewhere may be anything; a browser shows PDF. */
static void
put_view(struct visit *v, const struct record *r)
{
	if (r->source && !web_file_is_pdf(v->txn, r->draft)) {
		buf_text(&v->reply.body,
		    "<p>Tệp này không phải PDF: tải về để xem.</p>");
		return;
	}
	buf_printf(&v->reply.body,
	    "<iframe title=\"Nội dung văn bản\" src=\"/van-ban/%" PRIu64
	    "/tep/%s\"></iframe>",
	    r->id, newest(r));
}

static void
put_outgoing(struct visit *v, const struct record *r)
{
	if (r->state < STATE_WAIT_ISSUE)
		html_dormant(v, r);
	put_data(v, r);
	buf_text(&v->reply.body, "<p>");
	put_files(v, r, (enum record_state)r->state);
	buf_text(&v->reply.body, "</p>");
	put_annexes(v, r);
}

void
page_document(struct visit *v)
{
	struct buf *out = &v->reply.body;
	struct record r;
	char title[64];
	enum fail f = record_get(v->txn, v->number, &r);

	/* What one may not see is not told from what is not there. */
	if (!f && !act_may_see(&r, &v->person))
		f = FAIL_MISSING;
	if (f) {
		page_fail(v, f, "");
		return;
	}
	/* An annex is shown with its document. */
	if (r.main) {
		snprintf(title, sizeof(title), "/van-ban/%" PRIu64, r.main);
		page_go(v, title);
		return;
	}
	snprintf(title, sizeof(title), "%s #%" PRIu64,
	    r.source ? "Văn bản đến" : kind_get(r.kind)->name, r.id);
	page_begin(v, 200, title);
	buf_text(out, "<div class=\"split\">");
	put_view(v, &r);
	buf_text(out, "<div>");
	if (r.source)
		html_arrival(v, &r);
	else
		put_outgoing(v, &r);
	html_check(v, &r);
	put_acts(v, &r);
	put_story(v, &r);
	buf_text(out, "</div></div>");
	page_end(v);
}

/* ---- a new draft ---- */

static enum fail
put_leader(void *context, const struct person *p)
{
	struct buf *out = context;

	if (p->role != ROLE_LEADER || p->locked)
		return FAIL_NONE;
	buf_printf(out, "<option value=\"%" PRIu64 "\">", p->id);
	html_text(out, p->full_name);
	buf_text(out, "</option>");
	return FAIL_NONE;
}

void
page_new(struct visit *v)
{
	struct buf *out = &v->reply.body;

	if (v->person.role == ROLE_ADMINISTRATOR) {
		page_fail(v, FAIL_RIGHTS, "");
		return;
	}
	page_begin(v, 200, "Soạn văn bản đi");
	buf_text(out,
	    "<p class=\"small\">Không đưa lên hệ thống văn bản mật, "
	    "đơn tố cáo, hồ sơ khiếu nại chưa được công khai và thư "
	    "gửi đích danh (Điều 4 Quy định).</p>"
	    "<form method=\"post\" enctype=\"multipart/form-data\" "
	    "action=\"/van-ban/moi\">");
	html_csrf(v);
	buf_text(out,
	    "<label for=\"loai\">Loại văn bản</label>"
	    "<select id=\"loai\" name=\"loai\">");
	for (unsigned i = 0; i < KIND_COUNT; i++)
		buf_printf(out, "<option value=\"%u\"%s>%s%s</option>", i,
		    i == 1 ? " selected" : "",
		    kind_is_copy(i) ? "Bản sao: " : "", kind_get(i)->name);
	buf_text(out,
	    "</select><label for=\"trich-yeu\">Trích yếu</label>"
	    "<textarea id=\"trich-yeu\" name=\"trich-yeu\" "
	    "rows=\"3\" cols=\"70\" maxlength=\"500\" required>"
	    "</textarea><label for=\"noi-nhan\">Nơi nhận (mỗi dòng "
	    "một nơi)</label><textarea id=\"noi-nhan\" "
	    "name=\"noi-nhan\" rows=\"3\" cols=\"70\"></textarea>"
	    "<label for=\"nguoi-ky\">Người ký</label>"
	    "<select id=\"nguoi-ky\" name=\"nguoi-ky\">");
	if (people_each(v->txn, put_leader, out))
		buf_text(out, "<option>không đọc được</option>");
	buf_text(out,
	    "</select><label for=\"khan\">Độ khẩn</label>"
	    "<select id=\"khan\" name=\"khan\">"
	    "<option value=\"0\">Thường</option>"
	    "<option value=\"1\">Khẩn</option>"
	    "<option value=\"2\">Thượng khẩn</option>"
	    "<option value=\"3\">Hỏa tốc</option></select>"
	    "<label for=\"so-ban\">Số lượng bản</label>"
	    "<input id=\"so-ban\" name=\"so-ban\" value=\"1\" "
	    "inputmode=\"numeric\" size=\"4\">"
	    "<label for=\"tep\">Tệp PDF</label>"
	    "<input id=\"tep\" type=\"file\" name=\"tep\" "
	    "accept=\"application/pdf\" required>"
	    "<p><button class=\"main\">Lưu nháp</button></p></form>");
	page_end(v);
}

void
page_new_post(struct visit *v)
{
	static const char *const fields[] = { "loai", "khan", "so-ban",
		"nguoi-ky", "trich-yeu", "noi-nhan" };
	struct form_part parts[FORM_PARTS_MAX];
	const struct form_part *csrf;
	size_t count;

	if (form_parts(
		v->request->content_type, v->request->body, parts, &count)) {
		page_fail(v, FAIL_USAGE, "");
		return;
	}
	csrf = form_part(parts, count, "csrf");
	if (!web_same_form(v, csrf ? csrf->content : (struct bytes){ NULL, 0 }))
		return;
	web_file_act(v, ACT_CREATE, 0, parts, count, fields, COUNT(fields));
}

static void
post_multipart(struct visit *v)
{
	struct form_part parts[FORM_PARTS_MAX];
	static const char *const annex[] = { "ten" };
	const struct form_part *csrf, *word;
	size_t count;

	if (form_parts(
		v->request->content_type, v->request->body, parts, &count)) {
		page_fail(v, FAIL_USAGE, "");
		return;
	}
	csrf = form_part(parts, count, "csrf");
	word = form_part(parts, count, "viec");
	if (!web_same_form(v, csrf ? csrf->content : (struct bytes){ NULL, 0 }))
		return;
	if (word && bytes_equal_text(word->content, "tai-ban-ky"))
		web_file_act(
		    v, ACT_SIGN_UPLOAD, v->number, parts, count, NULL, 0);
	else if (word && bytes_equal_text(word->content, "sua"))
		web_file_act(v, ACT_REVISE, v->number, parts, count, NULL, 0);
	else if (word && bytes_equal_text(word->content, "them-phu-luc"))
		web_file_act(
		    v, ACT_ANNEX_ADD, v->number, parts, count, annex, 1);
	else
		page_fail(v, FAIL_USAGE, "");
}

/* What a file is like has its own words here: nobody wants to sign it. */
static void
check_answered(struct web *web, struct visit *v, const struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	enum fail f = message_fail(&c);

	if (f == FAIL_NOT_PDF || f == FAIL_ENCRYPTED || f == FAIL_FORMAT ||
	    f == FAIL_UNSUPPORTED || f == FAIL_LIMIT)
		page_message(v, status_of(f), "Lỗi: chưa kiểm tra được",
		    html_unchecked(f));
	else
		web_act_answered(web, v, m);
}

static void
send_act(struct visit *v, size_t button)
{
	/* A signature's: the PIN, and a place put by hand (spot_read). */
	static const char *const fields[] = { "pin", "trang", "trai", "tren" };
	static const char *const reason[] = { "ly-do" };
	bool pin = buttons[button].pin;
	enum fail f = FAIL_NONE;
	size_t count = pin ? COUNT(fields) : COUNT(reason);

	web_put_act(v, buttons[button].act, v->number, 0, 0);
	buf_u8(&v->web->out, (uint8_t)count);
	for (size_t i = 0; i < count; i++) {
		struct buf field;
		enum fail one;

		buf_init(&field, JOURNAL_REASON_MAX);
		one = form_get(
		    v->request->body, pin ? fields[i] : reason[i], 0, &field);
		buf_field(&v->web->out, buf_view(&field));
		buf_wipe(&field);
		if (one && one != FAIL_MISSING)
			f = one;
	}
	if (f) {
		buf_wipe(&v->web->out);
		page_fail(v, FAIL_USAGE, "");
		return;
	}
	web_ask(v, MESSAGE_ASK_ACT, -1,
	    buttons[button].act == ACT_CHECK ? check_answered :
					       web_act_answered,
	    v->number, buttons[button].act);
}

/* The annex's own page leads back to its document's. */
static void
send_removal(struct visit *v)
{
	web_put_act(v, ACT_ANNEX_REMOVE, v->number, 0, 0);
	buf_u8(&v->web->out, 0);
	web_ask(v, MESSAGE_ASK_ACT, -1, web_act_answered, v->number,
	    ACT_ANNEX_REMOVE);
}

void
page_act_post(struct visit *v)
{
	struct buf csrf, word;
	size_t which = COUNT(buttons);

	if (bytes_starts(v->request->content_type, "multipart/")) {
		post_multipart(v);
		return;
	}
	buf_init(&csrf, 128);
	buf_init(&word, 64);
	if (form_get(v->request->body, "csrf", 0, &csrf))
		buf_clear(&csrf);
	if (form_get(v->request->body, "viec", 0, &word))
		buf_clear(&word);
	for (size_t i = 0; i < COUNT(buttons); i++)
		if (bytes_equal_text(buf_view(&word), buttons[i].word))
			which = i;
	if (web_same_form(v, buf_view(&csrf))) {
		if (bytes_equal_text(buf_view(&word), "bo-phu-luc"))
			send_removal(v);
		else if (which == COUNT(buttons))
			page_fail(v, FAIL_USAGE, "");
		else
			send_act(v, which);
	}
	buf_free(&word);
	buf_free(&csrf);
}

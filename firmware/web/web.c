#include "firmware/web/web.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "autoconf.h"
#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "crypto/random.h"

#define TOUCH_SECONDS 60 /* how often a used login is written down */

/* Longer than any batch takes, queue included: then the answer was lost. */
#define ASK_MS_MAX 900000

/* "%" in a path stands for one number. */
static const struct {
	enum http_method method;
	const char *path;
	web_page *page;
	bool open; /* without login */
} routes[] = {
	{ METHOD_GET, "/", page_home, false },
	{ METHOD_GET, "/dang-nhap", page_login, true },
	{ METHOD_POST, "/dang-nhap", page_login_post, true },
	{ METHOD_POST, "/dang-xuat", page_logout_post, false },
	{ METHOD_GET, "/mat-khau", page_password, false },
	{ METHOD_POST, "/mat-khau", page_password_post, false },
	{ METHOD_GET, "/van-ban", page_list, false },
	{ METHOD_GET, "/van-ban/moi", page_new, false },
	{ METHOD_POST, "/van-ban/moi", page_new_post, false },
	{ METHOD_GET, "/van-ban/%", page_document, false },
	{ METHOD_POST, "/van-ban/%", page_act_post, false },
	{ METHOD_GET, "/van-ban/%/ky", page_sign, false },
	{ METHOD_GET, "/van-ban/%/ket-qua", page_report, false },
	{ METHOD_GET, "/van-ban/%/ket-qua.pdf", page_report_pdf, false },
	{ METHOD_GET, "/van-ban/%/ket-qua.xml", page_report_xml, false },
	{ METHOD_GET, "/van-ban/%/tep/nhan", page_file, false },
	{ METHOD_GET, "/van-ban/%/tep/du-thao", page_file, false },
	{ METHOD_GET, "/van-ban/%/tep/da-ky", page_file, false },
	{ METHOD_GET, "/van-ban/%/tep/da-dong-dau", page_file, false },
	{ METHOD_GET, "/van-ban/%/tep/luu-tru", page_file, false },
	{ METHOD_GET, "/van-ban/%/tep/da-dong-dau.ers", page_record, false },
	{ METHOD_GET, "/van-ban/%/tep/luu-tru.ers", page_record, false },
	{ METHOD_GET, "/van-ban-den", page_incoming, false },
	{ METHOD_GET, "/van-ban-den/moi", page_receive, false },
	{ METHOD_POST, "/van-ban-den/moi", page_receive_post, false },
	{ METHOD_GET, "/dong-dau", page_seal, false },
	{ METHOD_POST, "/phat-hanh", page_issue_post, false },
	{ METHOD_POST, "/dong-dau/kiem-tra", page_seal_check, false },
	{ METHOD_POST, "/dong-dau", page_seal_post, false },
	{ METHOD_GET, "/ban-giao", page_custody, false },
	{ METHOD_POST, "/ban-giao", page_custody_post, false },
	{ METHOD_GET, "/so-di", page_register, false },
	{ METHOD_GET, "/kiem-tra-ma", page_code, true },
	{ METHOD_POST, "/kiem-tra-ma", page_code_post, true },
	{ METHOD_GET, WEB_VERIFY, page_verify, true },
	{ METHOD_POST, WEB_VERIFY, page_verify_post, true },
	{ METHOD_GET, "/kieu.css", page_style, true },
	{ METHOD_GET, "/suc-khoe", page_health, true },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
path_matches(struct bytes path, const char *pattern, uint64_t *number)
{
	size_t i = 0;

	for (; *pattern; pattern++) {
		size_t digits = 0;

		if (*pattern != '%') {
			if (i == path.len ||
			    path.data[i++] != (uint8_t)*pattern)
				return false;
			continue;
		}
		*number = 0;
		for (; i < path.len && path.data[i] >= '0' &&
		     path.data[i] <= '9' && digits < 18;
		     i++, digits++)
			*number = *number * 10 + (path.data[i] - '0');
		if (!digits)
			return false;
	}
	return i == path.len;
}

/* Who is this?  The cookie's token against the store. */
static bool
find_person(struct txn *txn, struct bytes header,
    uint8_t token[static SESSION_TOKEN], struct session *session,
    struct person *person)
{
	struct bytes cookie = form_cookie(header, "phien");

	return bytes_from_hex((const char *)cookie.data, cookie.len, token,
		   SESSION_TOKEN) &&
	    !session_get(txn, token, session) &&
	    session_alive(session, when_now()) &&
	    !people_get(txn, session->person, person) && !person->locked;
}

uint64_t
web_body_limit(
    void *context, struct bytes path, struct bytes cookie, int *refusal)
{
	struct web *web = context;
	uint8_t token[SESSION_TOKEN];
	struct session session;
	struct person person;
	struct txn *txn;
	bool known;

	if (txn_begin(web->store, false, NULL, &txn)) {
		*refusal = 503;
		return 0;
	}
	known = find_person(txn, cookie, token, &session, &person);
	txn_abort(txn);
	if (known && !person.must_change)
		return (uint64_t)CONFIG_NET_REQUEST_MIB << 20;
	if (bytes_equal_text(path, WEB_VERIFY))
		return (uint64_t)CONFIG_NET_CHECK_MIB << 20;
	*refusal = 303;
	return HTTP_MEMORY_BODY;
}

static void
recognise(struct visit *v)
{
	v->known = find_person(
	    v->txn, v->request->cookie, v->token, &v->session, &v->person);
	if (v->known && v->session.used + TOUCH_SECONDS < when_now()) {
		buf_add(&v->web->out, v->token, SESSION_TOKEN);
		if (message_send(v->web->channel, MESSAGE_ASK_TOUCH, 0,
			&v->web->out, -1))
			log_warning("core does not listen");
	}
}

static void
route(struct visit *v)
{
	const struct http_request *r = v->request;
	enum http_method method =
	    r->method == METHOD_HEAD ? METHOD_GET : r->method;
	bool path_known = false;

	for (size_t i = 0; i < COUNT(routes); i++) {
		if (!path_matches(r->path, routes[i].path, &v->number))
			continue;
		path_known = true;
		if (routes[i].method != method)
			continue;
		if (!v->known && !routes[i].open) {
			if (method == METHOD_GET)
				page_go(v, "/dang-nhap");
			else
				page_fail(v, FAIL_LOGIN, "");
			return;
		}
		/* A password given by somebody else opens nothing but the
		 * change of it; core refuses every act all the same. */
		if (v->known && v->person.must_change && !routes[i].open &&
		    routes[i].page != page_password &&
		    routes[i].page != page_password_post &&
		    routes[i].page != page_logout_post) {
			if (method == METHOD_GET)
				page_go(v, "/mat-khau");
			else
				page_fail(v, FAIL_PASSWORD, "");
			return;
		}
		routes[i].page(v);
		return;
	}
	if (path_known)
		page_message(v, 405, "Không được phép",
		    "Trang này không nhận cách gửi đó.");
	else
		page_message(v, 404, "Không tìm thấy",
		    "Không có trang này. Kiểm tra lại địa chỉ.");
}

void
web_handle(void *context, http_id id, const struct http_request *request)
{
	struct visit v = { .web = context, .id = id, .request = request };

	http_reply_init(&v.reply, 200);
	if (txn_begin(v.web->store, false, NULL, &v.txn)) {
		page_fail(&v, FAIL_IO, "");
	} else {
		recognise(&v);
		route(&v);
		txn_abort(v.txn);
	}
	if (!v.answered)
		http_answer(v.web->server, id, &v.reply);
	http_reply_free(&v.reply);
}

bool
web_same_form(struct visit *v, struct bytes token)
{
	uint8_t given[SESSION_TOKEN];
	struct bytes origin = v->request->origin, host = v->request->host;
	bool same = bytes_from_hex((const char *)token.data, token.len, given,
			SESSION_TOKEN) &&
	    bytes_equal_secret(BYTES_ARRAY(given),
		(struct bytes){ v->session.csrf, SESSION_TOKEN });

	/* Browsers say where a form came from; it must be from here. */
	if (origin.len)
		same = same && bytes_starts(origin, "https://") &&
		    bytes_equal(bytes_part(origin, 8, SIZE_MAX), host);
	if (!same)
		page_message(v, 403, "Biểu mẫu không hợp lệ",
		    "Biểu mẫu này không do phiên làm việc của anh/chị mở ra. "
		    "Tải lại trang rồi làm lại.");
	return same;
}

uint64_t
web_query(const struct visit *v, const char *name, uint64_t other)
{
	struct buf text;
	uint64_t value = 0;
	bool good;

	buf_init(&text, 18);
	good = !form_get(v->request->query, name, 0, &text) && text.len;
	for (size_t i = 0; i < text.len && good; i++) {
		good = text.data[i] >= '0' && text.data[i] <= '9';
		value = value * 10 + (uint64_t)(text.data[i] - '0');
	}
	buf_free(&text);
	return good ? value : other;
}

int
web_body_file(struct visit *v)
{
	int fd = v->request->body_fd;

	if (fd >= 0)
		return dup(fd);
	fd = memfd_create("body", MFD_CLOEXEC);
	if (fd >= 0 && disk_write_all(fd, v->request->body)) {
		close(fd);
		return -1;
	}
	return fd;
}

void
web_put_act(struct visit *v, enum act act, uint64_t record, uint64_t offset,
    uint64_t length)
{
	struct buf *out = &v->web->out;

	buf_add(out, v->token, SESSION_TOKEN);
	buf_u16(out, (uint16_t)act);
	buf_u64(out, record);
	buf_u64(out, offset);
	buf_u64(out, length);
}

void
web_ask(struct visit *v, enum message_kind kind, int fd, web_answer *done,
    uint64_t record, enum act act)
{
	struct web *web = v->web;
	struct web_ask *ask = NULL;
	enum fail f;

	for (size_t i = 0; i < WEB_ASKS_MAX && !ask; i++)
		if (!web->asks[i].id)
			ask = &web->asks[i];
	if (!ask) {
		buf_clear(&web->out);
		page_fail(v, FAIL_TIMEOUT, "");
		return;
	}
	/* Numbers start anywhere: an answer meant for a net that died must not
	 * find a question of this one. */
	if (!web->last_ask)
		random_bytes(&web->last_ask, sizeof(web->last_ask));
	*ask = (struct web_ask){ .id = ++web->last_ask,
		.since = when_monotonic_ms(),
		.http = v->id,
		.done = done,
		.record = record,
		.act = act };
	f = message_send(web->channel, kind, ask->id, &web->out, fd);
	if (f) {
		ask->id = 0;
		page_fail(v, f, "");
		return;
	}
	memcpy(ask->token, v->token, SESSION_TOKEN);
	ask->begun = v->reply;
	http_reply_init(&v->reply, 200);
	v->answered = true;
}

/* Back to the document after an act, or why not. */
void
web_act_answered(struct web *web, struct visit *v, const struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	enum fail f = message_fail(&c);
	uint64_t record = cursor_u64(&c);
	char path[64];

	(void)web;
	/* The note with it is for the engineer: core has it in its log. */
	if (f) {
		page_fail(v, f, "");
		return;
	}
	snprintf(path, sizeof(path), "/van-ban/%" PRIu64, record);
	page_go(v, path);
}

void
web_file_act(struct visit *v, enum act act, uint64_t record,
    const struct form_part *parts, size_t count, const char *const *fields,
    size_t field_count)
{
	const struct form_part *file = form_part(parts, count, "tep");
	int fd;

	if (!file || !file->is_file || !file->content.len) {
		page_fail(v, FAIL_USAGE, "Chưa chọn tệp.");
		return;
	}
	fd = web_body_file(v);
	if (fd < 0) {
		page_fail(v, FAIL_MEMORY, "");
		return;
	}
	web_put_act(v, act, record,
	    (uint64_t)(file->content.data - v->request->body.data),
	    file->content.len);
	buf_u8(&v->web->out, (uint8_t)field_count);
	for (size_t i = 0; i < field_count; i++) {
		const struct form_part *p = form_part(parts, count, fields[i]);

		buf_field(
		    &v->web->out, p ? p->content : (struct bytes){ NULL, 0 });
	}
	web_ask(v, MESSAGE_ASK_ACT, fd, web_act_answered, record, act);
	close(fd);
}

void
web_message(struct web *web, const struct message *message)
{
	for (size_t i = 0; i < WEB_ASKS_MAX; i++) {
		struct web_ask *ask = &web->asks[i];
		struct visit v = { .web = web, .id = ask->http };

		if (!ask->id || ask->id != message->id)
			continue;
		v.number = ask->record;
		memcpy(v.token, ask->token, SESSION_TOKEN);
		v.reply = ask->begun;
		ask->id = 0;
		ask->done(web, &v, message);
		if (!v.answered)
			http_answer(web->server, v.id, &v.reply);
		http_reply_free(&v.reply);
		return;
	}
}

void
web_sweep(struct web *web)
{
	int64_t now = when_monotonic_ms();

	for (size_t i = 0; i < WEB_ASKS_MAX; i++) {
		struct web_ask *ask = &web->asks[i];
		struct visit v = { .web = web, .id = ask->http };

		if (!ask->id || now - ask->since < ASK_MS_MAX)
			continue;
		ask->id = 0;
		http_reply_free(&ask->begun);
		http_reply_init(&v.reply, 503);
		page_message(&v, 503, "Chưa rõ kết quả",
		    "Hệ thống chưa trả lời. Mở lại văn bản để xem đã ghi hay "
		    "chưa trước khi làm lại.");
		http_answer(web->server, v.id, &v.reply);
		http_reply_free(&v.reply);
	}
}

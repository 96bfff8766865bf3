/* The report on a document's signatures that was kept with it. */
#include <inttypes.h>
#include <stdio.h>

#include "document/dormant.h"
#include "document/report.h"
#include "firmware/web/web.h"
#include "storage/blob.h"

#define REPORT_BYTES_MAX 65536u

/* Which of its files was looked at. */
static const char *
file_name(const struct record *r)
{
	const struct {
		const uint8_t *hash;
		const char *name;
	} files[] = { { r->raised, "bản lưu trữ dài hạn" },
		{ r->sealed, "bản đã đóng dấu" },
		/* Of a copy both are the same, and nobody signed it. */
		{ r->draft, r->source ? "tệp nhận được" : "bản dự thảo" },
		{ r->signed_file, "bản đã ký" } };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!memcmp(files[i].hash, r->check.file, HASH_LEN))
			return files[i].name;
	return "một bản trước đây";
}

const char *
html_unchecked(enum fail f)
{
	switch (f) {
	case FAIL_NOT_PDF:
		return "Đây không phải tệp PDF, cũng không phải chữ ký CMS "
		       "(.p7m) hay gói ASiC (.asice): không có chữ ký số để "
		       "kiểm tra. Nếu văn bản phải có chữ ký, xin lại tệp từ "
		       "nơi gửi.";
	case FAIL_ENCRYPTED:
		return "Tệp có mật khẩu nên chưa kiểm tra được chữ ký. Xin "
		       "mật khẩu từ nơi gửi, rồi dùng trang Kiểm tra văn bản.";
	case FAIL_FORMAT:
		return "Tệp hỏng, không đọc được. Xin lại tệp từ nơi gửi.";
	case FAIL_UNSUPPORTED:
		return "Tệp dùng tính năng chưa được hỗ trợ nên chưa kiểm tra "
		       "được chữ ký. Xin một tệp PDF thường từ nơi gửi.";
	case FAIL_LIMIT:
	case FAIL_PEER:
	case FAIL_TIMEOUT:
		return "Tệp quá lớn hoặc quá phức tạp nên chưa kiểm tra được "
		       "chữ ký. Xin lại tệp từ nơi gửi; nếu vẫn vậy, báo "
		       "quản trị.";
	default:
		return "Chưa kiểm tra được chữ ký. Thử kiểm tra lại; nếu vẫn "
		       "lỗi, báo quản trị.";
	}
}

void
html_check(struct visit *v, const struct record *r)
{
	static const char *const styles[] = { "good", "bad", "unknown",
		"unknown" };
	struct buf *out = &v->reply.body;
	enum verdict verdict = (enum verdict)r->check.verdict;

	if (!r->check.time)
		return;
	buf_printf(out, "<h2>Kiểm tra chữ ký số</h2><p>Đã kiểm tra %s lúc ",
	    file_name(r));
	html_time(out, r->check.time);
	buf_text(out, "</p>");
	if (r->check.fail) {
		html_alert(out, html_unchecked((enum fail)r->check.fail));
		return;
	}
	buf_printf(out,
	    "<p class=\"verdict %s\">%s</p><p><a href=\"/van-ban/%" PRIu64
	    "/ket-qua\">Xem từng nội dung đã kiểm tra</a></p>",
	    styles[verdict], verdict_vietnamese(verdict), r->id);
}

void
html_dormant(struct visit *v, const struct record *r)
{
	struct buf *out = &v->reply.body;

	if (!r->dormant)
		return;
	buf_text(out,
	    "<p class=\"error\">Xem kỹ trước khi ký, đóng dấu – tệp dự "
	    "thảo ");
	dormant_text(r->dormant, out);
	buf_text(out, ".</p>");
}

/* The report of a document that this person may see. */
static enum fail
load(struct visit *v, struct record *r, struct signature_report *report,
    size_t *all)
{
	struct buf bytes;
	enum fail f = record_get(v->txn, v->number, r);

	if (!f &&
	    (!act_may_see(r, &v->person) || !hash_is_set(r->check.report)))
		f = FAIL_MISSING;
	buf_init(&bytes, REPORT_BYTES_MAX);
	if (!f)
		f = blob_read(
		    v->txn, r->check.report, 0, REPORT_BYTES_MAX, &bytes);
	if (!f && report_get(buf_view(&bytes), report, all))
		f = FAIL_CORRUPT;
	buf_free(&bytes);
	return f;
}

void
page_report(struct visit *v)
{
	struct signature_report report;
	struct buf *out = &v->reply.body;
	struct record r;
	char title[96];
	size_t all = 0;
	enum fail f = load(v, &r, &report, &all);

	if (f) {
		page_fail(v, f, "");
		return;
	}
	snprintf(title, sizeof(title),
	    "Kết quả kiểm tra chữ ký, văn bản #%" PRIu64, r.id);
	page_begin(v, 200, title);
	buf_printf(out,
	    "<p><a href=\"/van-ban/%" PRIu64 "\">Về văn bản</a> · "
	    "<a href=\"/van-ban/%" PRIu64
	    "/ket-qua.pdf\">Bản PDF để in</a> · <a href=\"/van-ban/%" PRIu64
	    "/ket-qua.xml\">Tải bản XML (ETSI TS 119 102-2)</a></p>"
	    "<p>Đã kiểm tra %s lúc ",
	    r.id, r.id, r.id, file_name(&r));
	html_time(out, r.check.time);
	buf_text(out, "</p>");
	report_html(&report, all, out);
	signature_report_free(&report);
	page_end(v);
}

/* The body is a file of its own. */
static void
send_as(struct visit *v, const struct record *r, const char *type,
    const char *how, const char *ending)
{
	v->reply.status = 200;
	v->reply.type = type;
	buf_printf(&v->reply.headers,
	    "Cache-Control: private, no-cache\r\n"
	    "Content-Disposition: %s; "
	    "filename=\"van-ban-%" PRIu64 "-ket-qua.%s\"\r\n",
	    how, r->id, ending);
}

void
page_report_pdf(struct visit *v)
{
	struct signature_report report;
	struct record r;
	char title[96];
	size_t all = 0;
	enum fail f = load(v, &r, &report, &all);

	if (!f) {
		snprintf(title, sizeof(title), "%s của văn bản #%" PRIu64,
		    file_name(&r), r.id);
		f = report_pdf(&report, title, r.check.time, &v->reply.body);
		signature_report_free(&report);
	}
	if (f) {
		buf_clear(&v->reply.body);
		page_fail(v, f, "");
		return;
	}
	send_as(v, &r, "application/pdf", "inline", "pdf");
}

void
page_report_xml(struct visit *v)
{
	struct signature_report report;
	struct record r;
	size_t all = 0;
	enum fail f = load(v, &r, &report, &all);

	if (f) {
		page_fail(v, f, "");
		return;
	}
	report_xml(&report, r.check.time, &v->reply.body);
	signature_report_free(&report);
	send_as(v, &r, "application/xml", "attachment", "xml");
}

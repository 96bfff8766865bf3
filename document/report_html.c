#include "base/text.h"
#include "base/when.h"
#include "document/dormant.h"
#include "document/finding_text.h"
#include "document/indication.h"
#include "document/report.h"

static void
put(struct buf *out, const char *text)
{
	text_escape(out, BYTES_TEXT(text));
}

static const char *
verdict_style(enum verdict verdict)
{
	static const char *const styles[] = { "good", "bad", "unknown",
		"unknown" };

	return styles[verdict];
}

static void
put_findings(const struct findings *r, struct buf *out)
{
	struct buf text;

	buf_init(&text, 4096);
	buf_text(out,
	    "<table class=\"findings\"><thead><tr><th>Nội dung kiểm tra</th>"
	    "<th>Kết quả</th><th>Chi tiết</th></tr></thead><tbody>");
	for (enum finding_kind k = 0; k < FINDING_COUNT; k++) {
		enum finding_state state;

		buf_clear(&text);
		state = finding_text(r, k, &text);
		buf_text(out, "<tr><th scope=\"row\">");
		put(out, finding_title(k));
		buf_printf(out, "</th><td class=\"%s\">%s</td><td>",
		    finding_state_name(state), finding_state_vietnamese(state));
		text_escape(out, buf_view(&text));
		buf_text(out, "</td></tr>");
	}
	buf_text(out, "</tbody></table>");
	buf_free(&text);
}

static void
put_item(const struct diff_item *item, struct buf *out)
{
	buf_printf(
	    out, "<tr><th scope=\"row\">%s", diff_kind_vietnamese(item->kind));
	if (item->name[0])
		buf_char(out, ' ');
	put(out, item->name);
	if (item->page)
		buf_printf(out, ", trang %u", item->page);
	buf_text(out, "</th><td>");
	put(out, item->before[0] ? item->before : "(không có)");
	buf_text(out, "</td><td>");
	put(out, item->after[0] ? item->after : "(không có)");
	buf_text(out, "</td></tr>");
}

/* Side by side: as it was signed, and as it is now. */
static void
put_diff(const struct pdf_diff *d, struct buf *out)
{
	if (d->count)
		buf_text(out,
		    "<h3>Đã khác so với lúc ký</h3><table "
		    "class=\"diff\"><thead>"
		    "<tr><th>Chỗ thay đổi</th><th>Lúc ký</th><th>Bây giờ</th>"
		    "</tr></thead><tbody>");
	for (size_t i = 0; i < d->count; i++)
		put_item(&d->items[i], out);
	if (d->count)
		buf_text(out, "</tbody></table>");
	if (d->more)
		buf_text(out,
		    "<p class=\"small\">Còn thay đổi khác không nêu ở "
		    "đây.</p>");
}

static void
put_signature(const struct findings *r, size_t number, struct buf *out)
{
	enum indication indication;
	enum sub_indication sub = indication_of(r, &indication);
	char when[WHEN_TEXT_MAX], hex[2 * HASH_LEN + 1];

	buf_printf(out, "<section><h2>%s %zu: ", findings_title(r), number);
	put(out, r->has_signer ? r->signer : "không rõ người ký");
	buf_printf(out, "</h2><p class=\"verdict %s\">%s",
	    verdict_style(r->verdict), verdict_vietnamese(r->verdict));
	buf_printf(out, " <span class=\"small\">%s%s%s</span></p><dl>",
	    indication_name(indication), sub ? " · " : "",
	    sub_indication_name(sub));
	if (r->has_time && !r->is_timestamp) {
		when_stamp_text(r->time, when);
		buf_printf(
		    out, "<dt>Giờ ký (người ký khai)</dt><dd>%s</dd>", when);
	}
	buf_text(out, "<dt>Trường ký</dt><dd>");
	put(out, r->field);
	buf_text(out, "</dd>");
	if (r->has_signer) {
		bytes_to_hex(BYTES_ARRAY(r->signer_hash), hex);
		buf_printf(out,
		    "<dt>Chứng thư (SHA-256)</dt><dd "
		    "class=\"hash\">%s</dd>",
		    hex);
	}
	buf_text(out, "</dl>");
	put_findings(r, out);
	if (r->diff)
		put_diff(r->diff, out);
	buf_text(out, "</section>");
}

void
report_html(const struct signature_report *report, size_t all, struct buf *out)
{
	buf_printf(out, "<p class=\"verdict total %s\" role=\"status\">%s</p>",
	    verdict_style(report->verdict),
	    verdict_vietnamese(report->verdict));
	if (report->dormant) {
		buf_text(out,
		    "<p class=\"notice\">Lưu ý, không ảnh hưởng đến kết "
		    "luận: ");
		dormant_text(report->dormant, out);
		buf_text(out, ".</p>");
	}
	for (size_t i = 0; i < report->count; i++)
		put_signature(&report->results[i], i + 1, out);
	if (report->count < all)
		buf_printf(out,
		    "<p>Còn %zu chữ ký không nêu ở đây; kết luận trên tính cả "
		    "các chữ ký đó.</p>",
		    all - report->count);
}

void
report_html_page(const struct signature_report *report, const char *file,
    int64_t instant, struct buf *out)
{
	char when[WHEN_TEXT_MAX];

	when_stamp_text(instant, when);
	buf_text(out,
	    "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\">"
	    "<title>" REPORT_TITLE "</title><style>"
	    "body{font:1rem/1.5 serif;max-width:60rem;margin:2rem auto;"
	    "padding:0 1rem}table{border-collapse:collapse;width:100%}"
	    "th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;"
	    "vertical-align:top}.verdict{font-weight:bold}"
	    ".total{font-size:1.5rem}.good{color:#0a5c1d}.bad{color:#a00}"
	    ".unknown{color:#7a4b00}.notice{color:#1f4f8f}"
	    ".small{font-size:.85rem;font-weight:normal;color:#444}"
	    ".hash{font-family:monospace;overflow-wrap:anywhere}"
	    "</style></head><body><h1>" REPORT_TITLE "</h1><p>Tệp: ");
	put(out, file);
	buf_printf(out, "<br>Kiểm tra lúc %s</p>", when);
	report_html(report, report->count, out);
	buf_text(out, "</body></html>\n");
}

/* The signatures of a document, checked for the administrator: findings only,
 * none of its words. */
#include <inttypes.h>
#include <stdlib.h>

#include "document/dormant.h"
#include "document/finding_text.h"
#include "document/report.h"
#include "firmware/console/commands.h"
#include "firmware/flow/flow.h"

#define TOLD_MAX (256u << 10)

static void
put_findings(const struct findings *r, size_t number, struct buf *out)
{
	buf_printf(out, "  %s %zu: %s, %s\n", findings_title(r), number,
	    verdict_vietnamese(r->verdict),
	    r->has_signer ? r->signer : "không rõ người ký");
	for (enum finding_kind k = 0; k < FINDING_COUNT; k++) {
		enum finding_state state;
		struct buf text;

		buf_init(&text, TOLD_MAX);
		state = finding_text(r, k, &text);
		buf_printf(out, "    %s: %s. ", finding_title(k),
		    finding_state_vietnamese(state));
		buf_bytes(out, buf_view(&text));
		buf_char(out, '\n');
		buf_free(&text);
	}
}

static void
put_report(struct bytes bytes, struct buf *out)
{
	struct signature_report report;
	size_t all;
	enum fail f = report_get(bytes, &report, &all);

	if (f) {
		buf_printf(out, "%s: %s\n", fail_name(f), fail_vietnamese(f));
		return;
	}
	buf_printf(out, "%s\n", verdict_vietnamese(report.verdict));
	if (report.dormant) {
		buf_text(out, "  Lưu ý: ");
		dormant_text(report.dormant, out);
		buf_char(out, '\n');
	}
	for (size_t i = 0; i < report.count; i++)
		put_findings(&report.results[i], i + 1, out);
	if (report.count < all)
		buf_printf(out, "  … và %zu chữ ký nữa\n", all - report.count);
	signature_report_free(&report);
}

static void
told(void *listener, uint64_t record, enum fail f, struct bytes report)
{
	struct buf out;

	buf_init(&out, TOLD_MAX);
	buf_printf(&out, "Văn bản #%" PRIu64 ": ", record);
	if (f)
		buf_printf(&out, "%s: %s\n", fail_name(f), fail_vietnamese(f));
	else
		put_report(report, &out);
	buf_u8(&out, 0);
	if (!buf_fail(&out))
		console_tell(listener, (const char *)out.data);
	buf_free(&out);
}

enum fail
console_verify(struct console_call *call)
{
	uint64_t record;
	char *end;
	enum fail f;

	if (call->count != 2)
		return FAIL_USAGE;
	record = strtoull(call->words[1], &end, 10);
	if (*end || !record)
		return FAIL_USAGE;
	f = flow_check_tell(call->core, record, told, call->console);
	if (!f)
		buf_text(call->out, "Đang kiểm tra, kết quả hiện sau.\n");
	return f;
}

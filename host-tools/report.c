#include "host-tools/report.h"

#include <stdio.h>
#include <stdlib.h>

#include <yyjson.h>

#include "base/text.h"
#include "base/when.h"
#include "document/dormant.h"
#include "document/finding_text.h"
#include "document/indication.h"
#include "document/report.h"
#include "host-tools/antin.h"

#define SCHEMA 1u
#define TEXT_MAX 1024u
#define PAGE_MAX (16u << 20)

int
report_exit(enum verdict verdict)
{
	static const int codes[] = { EXIT_VALID, EXIT_INVALID,
		EXIT_INDETERMINATE, EXIT_UNSIGNED };

	return codes[verdict];
}

int
report_worse(int a, int b)
{
	static const int order[] = { EXIT_VALID, EXIT_UNSIGNED,
		EXIT_INDETERMINATE, EXIT_REFUSED, EXIT_INVALID };
	int worst = a;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] == a || order[i] == b)
			worst = order[i];
	return worst;
}

const char *
report_changes(const struct findings *r)
{
	static const char *const texts[] = { "none", "validation data only",
		"signatures added", "form fields filled",
		"the document was changed", "could not be compared" };

	return r->ranges || r->cms || r->digest || r->value ? "not looked at" :
	    r->signed_later                                 ? "signed later" :
							      texts[r->changes];
}

const char *
report_answer(enum fail f)
{
	return f ? fail_name(f) : "good";
}

/* Of a question that is asked only where those before it were answered well. */
static const char *
later_answer(enum fail f, bool asked)
{
	return asked ? report_answer(f) : "not looked at";
}

static bool
was_read(const struct findings *r)
{
	return !r->ranges && !r->cms;
}

static const char *
cms_answer(const struct findings *r)
{
	return later_answer(r->cms, !r->ranges);
}

static const char *
digest_answer(const struct findings *r)
{
	return later_answer(r->digest, was_read(r));
}

static const char *
value_answer(const struct findings *r)
{
	return later_answer(r->value, was_read(r) && (!r->digest || r->value));
}

static const char *
chain_answer(const struct findings *r)
{
	return later_answer(r->chain, was_read(r));
}

const char *
report_revocation(const struct findings *r)
{
	if (r->assumed || r->unasked)
		return "not asked";
	return later_answer(r->revocation, was_read(r));
}

static void
print_timestamp(const struct findings *r)
{
	char when[WHEN_TEXT_MAX] = "an unknown time";

	if (!r->timestamp.present)
		return;
	if (r->timestamp.time)
		when_stamp_text(r->timestamp.time, when);
	printf("    time-stamp  %s, %s, %s", report_answer(r->timestamp.state),
	    when, r->timestamp.authority);
	if (r->has_time && r->timestamp.time && !r->is_timestamp)
		printf(", %+lld s after the claim",
		    (long long)(r->timestamp.time - r->time));
	putchar('\n');
}

static void
print_revocation(const struct findings *r)
{
	char when[WHEN_TEXT_MAX];

	printf("    revocation  %s", report_revocation(r));
	if (r->revocation == FAIL_REVOKED) {
		when_stamp_text(r->revoked, when);
		printf(", since %s", when);
	}
	if (r->data_time) {
		when_stamp_text(r->data_time, when);
		printf(", by a %s, data of %s",
		    r->by_answer ? "responder" : "list", when);
	}
	putchar('\n');
}

static void
print_warnings(const struct findings *r)
{
	const char *between = "    warnings    ";

	for (unsigned i = 0; warning_name(i); i++) {
		if (!(r->warnings >> i & 1))
			continue;
		printf("%s%s", between, warning_name(i));
		between = ", ";
	}
	if (r->warnings)
		putchar('\n');
}

static void
report_text(const char *file, const struct signature_report *report)
{
	char name[4096];

	/* A name may hold anything, lines like ours among it. */
	text_keep(name, sizeof(name), BYTES_TEXT(file));
	printf("%s: %s (%s)\n", name, verdict_name(report->verdict),
	    verdict_vietnamese(report->verdict));
	for (unsigned i = 0; i < DORMANT_KINDS; i++)
		if (report->dormant >> i & 1)
			printf("  unseen in it: %s\n", dormant_name(i));
	for (size_t i = 0; i < report->count; i++) {
		const struct findings *r = &report->results[i];
		char when[WHEN_TEXT_MAX] = "not stated";

		if (r->has_time)
			when_stamp_text(r->time, when);
		printf("  %s: %s\n", r->field, verdict_name(r->verdict));
		printf("    %-10s  %s\n",
		    r->is_timestamp ? "authority" : "signer",
		    r->has_signer ? r->signer : "unknown");
		if (!r->is_timestamp)
			printf("    claimed at  %s\n", when);
		printf("    ranges      %s%s\n", report_answer(r->ranges),
		    r->covers_file ? ", whole file" : "");
		printf("    digest      %s\n", digest_answer(r));
		printf("    value       %s (%s, %u-bit key)\n", value_answer(r),
		    hash_name(r->hash), r->key_bits);
		printf("    chain       %s\n", chain_answer(r));
		print_revocation(r);
		printf("    changes     %s%s\n", report_changes(r),
		    r->warnings & WARN_UNSIGNED_FILLING ?
			", which nobody signed" :
			"");
		print_timestamp(r);
		print_warnings(r);
		if (r->note.text[0])
			printf("    because     %s\n", r->note.text);
		for (size_t k = 0; r->diff && k < r->diff->count; k++)
			printf("    %-10s  %s \"%s\" -> \"%s\"\n",
			    diff_kind_name(r->diff->items[k].kind),
			    r->diff->items[k].name, r->diff->items[k].before,
			    r->diff->items[k].after);
	}
}

static void
json_timestamp(yyjson_mut_doc *doc, yyjson_mut_val *o, const struct findings *r)
{
	yyjson_mut_val *s = yyjson_mut_obj_add_obj(doc, o, "timeStamp");
	char when[WHEN_TEXT_MAX];

	yyjson_mut_obj_add_str(
	    doc, s, "state", report_answer(r->timestamp.state));
	if (!r->timestamp.time)
		return;
	when_iso_text(r->timestamp.time, when);
	yyjson_mut_obj_add_strcpy(doc, s, "genTime", when);
	yyjson_mut_obj_add_strcpy(doc, s, "authority", r->timestamp.authority);
	if (r->has_time && !r->is_timestamp)
		yyjson_mut_obj_add_int(
		    doc, s, "secondsAfterClaim", r->timestamp.time - r->time);
}

/* The nine findings in words. */
static void
json_findings(yyjson_mut_doc *doc, yyjson_mut_val *o, const struct findings *r)
{
	yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, o, "findings");
	struct buf text;

	buf_init(&text, TEXT_MAX);
	for (enum finding_kind k = 0; k < FINDING_COUNT; k++) {
		yyjson_mut_val *one = yyjson_mut_arr_add_obj(doc, list);
		enum finding_state state;

		buf_clear(&text);
		state = finding_text(r, k, &text);
		yyjson_mut_obj_add_str(doc, one, "id", finding_name(k));
		yyjson_mut_obj_add_str(
		    doc, one, "state", finding_state_name(state));
		yyjson_mut_obj_add_strncpy(
		    doc, one, "text", (const char *)text.data, text.len);
	}
	buf_free(&text);
}

/* What changed, for people. */
static void
json_diff(yyjson_mut_doc *doc, yyjson_mut_val *o, const struct pdf_diff *d)
{
	yyjson_mut_val *list;

	if (!d || !d->count)
		return;
	list = yyjson_mut_obj_add_arr(doc, o, "changes");
	for (size_t i = 0; i < d->count; i++) {
		const struct diff_item *item = &d->items[i];
		yyjson_mut_val *one = yyjson_mut_arr_add_obj(doc, list);

		yyjson_mut_obj_add_str(
		    doc, one, "kind", diff_kind_name(item->kind));
		if (item->page)
			yyjson_mut_obj_add_uint(doc, one, "page", item->page);
		if (item->name[0])
			yyjson_mut_obj_add_strcpy(doc, one, "name", item->name);
		yyjson_mut_obj_add_strcpy(doc, one, "before", item->before);
		yyjson_mut_obj_add_strcpy(doc, one, "after", item->after);
	}
}

static void
json_more(yyjson_mut_doc *doc, yyjson_mut_val *o, const struct findings *r)
{
	enum indication indication;
	enum sub_indication sub = indication_of(r, &indication);
	yyjson_mut_val *list;
	char when[WHEN_TEXT_MAX];

	yyjson_mut_obj_add_str(
	    doc, o, "indication", indication_name(indication));
	yyjson_mut_obj_add_str(
	    doc, o, "subIndication", sub_indication_name(sub));
	if (r->has_signer)
		yyjson_mut_obj_add_str(
		    doc, o, "pkiClass", pki_class_name(r->pki));
	if (r->best_time) {
		when_iso_text(r->best_time, when);
		yyjson_mut_obj_add_strcpy(doc, o, "bestTime", when);
	}
	if (r->proven) {
		when_iso_text(r->proven, when);
		yyjson_mut_obj_add_strcpy(doc, o, "provenBefore", when);
	}
	list = yyjson_mut_obj_add_arr(doc, o, "warnings");
	for (unsigned i = 0; warning_name(i); i++)
		if (r->warnings >> i & 1)
			yyjson_mut_arr_add_str(doc, list, warning_name(i));
	json_findings(doc, o, r);
}

static void
json_result(yyjson_mut_doc *doc, yyjson_mut_val *list, const struct findings *r)
{
	yyjson_mut_val *o = yyjson_mut_arr_add_obj(doc, list);
	char hex[2 * HASH_LEN + 1] = "", when[WHEN_TEXT_MAX];

	yyjson_mut_obj_add_strcpy(doc, o, "field", r->field);
	yyjson_mut_obj_add_str(doc, o, "verdict", verdict_name(r->verdict));
	yyjson_mut_obj_add_strcpy(doc, o, "subFilter", r->sub_filter);
	if (r->has_signer) {
		bytes_to_hex(BYTES_ARRAY(r->signer_hash), hex);
		yyjson_mut_obj_add_strcpy(doc, o, "signer", r->signer);
		yyjson_mut_obj_add_strcpy(doc, o, "certificateSha256", hex);
		yyjson_mut_obj_add_uint(doc, o, "keyBits", r->key_bits);
		yyjson_mut_obj_add_str(
		    doc, o, "digestAlgorithm", hash_name(r->hash));
	}
	if (r->has_time) {
		when_iso_text(r->time, when);
		yyjson_mut_obj_add_strcpy(doc, o, "claimedTime", when);
	}
	yyjson_mut_obj_add_str(doc, o, "ranges", report_answer(r->ranges));
	yyjson_mut_obj_add_bool(doc, o, "coversWholeFile", r->covers_file);
	yyjson_mut_obj_add_str(doc, o, "cms", cms_answer(r));
	yyjson_mut_obj_add_str(doc, o, "digest", digest_answer(r));
	yyjson_mut_obj_add_str(doc, o, "value", value_answer(r));
	yyjson_mut_obj_add_str(doc, o, "chain", chain_answer(r));
	yyjson_mut_obj_add_str(doc, o, "revocation", report_revocation(r));
	if (r->revocation == FAIL_REVOKED) {
		when_iso_text(r->revoked, when);
		yyjson_mut_obj_add_strcpy(doc, o, "revokedSince", when);
	}
	if (r->data_time) {
		when_iso_text(r->data_time, when);
		yyjson_mut_obj_add_strcpy(doc, o, "revocationData", when);
		yyjson_mut_obj_add_str(
		    doc, o, "revocationSource", r->by_answer ? "OCSP" : "CRL");
	}
	yyjson_mut_obj_add_str(doc, o, "laterChanges", report_changes(r));
	yyjson_mut_obj_add_int(doc, o, "docMdp", r->docmdp);
	yyjson_mut_obj_add_bool(doc, o, "documentTimeStamp", r->is_timestamp);
	if (r->timestamp.present)
		json_timestamp(doc, o, r);
	json_more(doc, o, r);
	json_diff(doc, o, r->diff);
	yyjson_mut_obj_add_strcpy(doc, o, "because", r->note.text);
}

/* One JSON object per line; FORMATS.md has its fields. */
static void
report_json(const char *file, const struct signature_report *report)
{
	yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(doc), *list;
	char *text;

	yyjson_mut_doc_set_root(doc, root);
	yyjson_mut_obj_add_uint(doc, root, "schema", SCHEMA);
	yyjson_mut_obj_add_str(doc, root, "file", file);
	yyjson_mut_obj_add_str(
	    doc, root, "verdict", verdict_name(report->verdict));
	list = yyjson_mut_obj_add_arr(doc, root, "dormant");
	for (unsigned i = 0; i < DORMANT_KINDS; i++)
		if (report->dormant >> i & 1)
			yyjson_mut_arr_add_str(doc, list, dormant_name(i));
	list = yyjson_mut_obj_add_arr(doc, root, "signatures");
	for (size_t i = 0; i < report->count; i++)
		json_result(doc, list, &report->results[i]);
	text = yyjson_mut_write(doc, YYJSON_WRITE_ALLOW_INVALID_UNICODE, NULL);
	puts(text ? text : "{}");
	free(text);
	yyjson_mut_doc_free(doc);
}

static void
print_page(enum report_form form, const char *file,
    const struct signature_report *report, int64_t instant)
{
	struct buf page;

	enum fail f = FAIL_NONE;

	buf_init(&page, PAGE_MAX);
	if (form == REPORT_HTML)
		report_html_page(report, file, instant, &page);
	else if (form == REPORT_PDF)
		f = report_pdf(report, file, instant, &page);
	else
		report_xml(report, instant, &page);
	if (!f && !buf_fail(&page))
		fwrite(page.data, 1, page.len, stdout);
	else
		fprintf(stderr, "antin: %s: the report has no room\n", file);
	buf_free(&page);
}

void
report_print(enum report_form form, const char *file,
    const struct signature_report *report, int64_t instant)
{
	if (form == REPORT_TEXT)
		report_text(file, report);
	else if (form == REPORT_JSON)
		report_json(file, report);
	else
		print_page(form, file, report, instant);
}

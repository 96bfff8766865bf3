#include "document/report.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "document/pdf_look.h"
#include "document/pdf_page.h"

/* Every field different from every other. */
static struct findings
sample(unsigned n)
{
	struct findings r = { .signed_end = 1000 + n,
		.covers_file = true,
		.ranges = FAIL_NONE,
		.cms = FAIL_FORMAT,
		.digest = FAIL_DIGEST,
		.value = FAIL_SIGNATURE,
		.chain = FAIL_CHAIN,
		.revocation = FAIL_REVOKED,
		.strength = FAIL_UNSUPPORTED,
		.best_time = 101,
		.proven = 102,
		.revoked = 103,
		.data_time = -104,
		.by_answer = true,
		.unasked = true,
		.changes = CHANGES_FORM,
		.docmdp = 2,
		.locks_fields = true,
		.has_signer = true,
		.key_bits = 3072,
		.hash = HASH_SHA384,
		.pki = PKI_PARTY,
		.warnings = 0x1A5,
		.has_time = true,
		.time = 105,
		.timestamp = { .present = true,
		    .state = FAIL_EXPIRED,
		    .time = 106 },
		.verdict = VERDICT_INVALID };

	snprintf(r.field, sizeof(r.field), "field %u", n);
	snprintf(r.sub_filter, sizeof(r.sub_filter), "sub");
	snprintf(r.signer, sizeof(r.signer), "<b>\"Ký & đóng\"</b>");
	snprintf(r.timestamp.authority, sizeof(r.timestamp.authority), "'TSA'");
	snprintf(r.note.text, sizeof(r.note.text), "why");
	memset(r.signer_hash, 7, HASH_LEN);
	return r;
}

static struct signature_report
samples(size_t count)
{
	struct signature_report report = { .count = count,
		.results = calloc(count, sizeof(*report.results)),
		.verdict = VERDICT_INDETERMINATE };

	for (size_t i = 0; i < count; i++)
		report.results[i] = sample((unsigned)i);
	return report;
}

static void
a_report_is_read_as_it_was_written(void **state)
{
	struct signature_report report = samples(3), again;
	struct buf bytes;
	size_t all;

	(void)state;
	buf_init(&bytes, 1 << 20);
	report_put(&report, 1 << 20, &bytes);
	assert_int_equal(report_get(buf_view(&bytes), &again, &all), FAIL_NONE);
	assert_int_equal(all, 3);
	assert_int_equal(again.count, 3);
	assert_int_equal(again.verdict, VERDICT_INDETERMINATE);
	for (size_t i = 0; i < 3; i++)
		assert_memory_equal(&again.results[i], &report.results[i],
		    sizeof(report.results[i]));
	signature_report_free(&again);
	signature_report_free(&report);
	buf_free(&bytes);
}

/* Of count signatures, each with three changes of 933 bytes in all, in so
 * many bytes: how many are told, how many with their changes. */
static void
assert_told(size_t count, size_t most, size_t told, size_t with_changes)
{
	struct signature_report report = samples(count), again;
	struct buf bytes;
	size_t all, changes = 0;

	for (size_t i = 0; i < count; i++) {
		struct pdf_diff *diff = calloc(1, sizeof(*diff));

		assert_non_null(diff);
		report.results[i].diff = diff;
		for (diff->count = 0; diff->count < 3; diff->count++) {
			struct diff_item *item = &diff->items[diff->count];

			memset(item->before, 'b', 150);
			memset(item->after, 'a', 150);
		}
	}
	buf_init(&bytes, 1 << 20);
	report_put(&report, most, &bytes);
	assert_int_equal(buf_fail(&bytes), FAIL_NONE);
	assert_true(bytes.len <= most);
	assert_int_equal(report_get(buf_view(&bytes), &again, &all), FAIL_NONE);
	assert_int_equal(all, count);
	assert_int_equal(again.count, told);
	for (size_t i = 0; i < again.count; i++)
		changes += again.results[i].diff->count != 0;
	assert_int_equal(changes, with_changes);
	signature_report_free(&again);
	signature_report_free(&report);
	buf_free(&bytes);
}

static void
what_does_not_fit_is_counted(void **state)
{
	(void)state;
	assert_told(5, 40960, 5, 5);
	assert_told(100, 40960, 100, 25);
	assert_told(1000, 40960, 238, 0);
	assert_told(1, 100, 0, 0);
}

static void
cut_and_wrong_bytes_are_refused(void **state)
{
	struct signature_report report = samples(2), again;
	struct buf bytes;
	size_t all;

	(void)state;
	buf_init(&bytes, 1 << 20);
	report_put(&report, 1 << 20, &bytes);
	for (size_t len = 0; len < bytes.len; len++)
		assert_int_equal(
		    report_get(
			bytes_part(buf_view(&bytes), 0, len), &again, &all),
		    FAIL_PEER);
	buf_u8(&bytes, 0);
	assert_int_equal(report_get(buf_view(&bytes), &again, &all), FAIL_PEER);
	/* Any byte may be wrong: it is refused, or read as something. */
	for (size_t i = 0; i + 1 < bytes.len; i++) {
		bytes.data[i] ^= 0xFF;
		if (!report_get(bytes_part(buf_view(&bytes), 0, bytes.len - 1),
			&again, &all)) {
			struct buf page;

			buf_init(&page, 1 << 20);
			report_html(&again, all, &page);
			buf_free(&page);
			signature_report_free(&again);
		}
		bytes.data[i] ^= 0xFF;
	}
	signature_report_free(&report);
	buf_free(&bytes);
}

static void
a_page_escapes_what_came_from_the_file(void **state)
{
	struct signature_report report = samples(1);
	struct buf page;

	(void)state;
	buf_init(&page, 1 << 20);
	report_html_page(&report, "<script>", 0, &page);
	report_xml(&report, 0, &page);
	buf_u8(&page, 0);
	assert_null(strstr((char *)page.data, "<script>"));
	assert_null(strstr((char *)page.data, "<b>"));
	assert_non_null(strstr(
	    (char *)page.data, "&lt;b&gt;&quot;Ký &amp; đóng&quot;&lt;/b&gt;"));
	assert_non_null(strstr((char *)page.data, "KHÔNG HỢP LỆ"));
	signature_report_free(&report);
	buf_free(&page);
}

static void
a_pdf_opens_and_holds_all(void **state)
{
	uint64_t left = PDF_TELLS_MAX;
	(void)state;
	for (size_t count = 0; count < 40; count += 13) {
		struct signature_report report = samples(count);
		struct pdf_file file;
		struct pdf_page first;
		struct buf out, text;
		unsigned pages = 0;

		buf_init(&out, 1 << 22);
		buf_init(&text, 1 << 16);
		/* Letters that the font lacks, and a word without an end. */
		if (count)
			text_keep(report.results[0].signer,
			    sizeof(report.results[0].signer),
			    BYTES_TEXT("\u6f22\u5b57 Nguy\u1ec5n"));
		assert_int_equal(
		    report_pdf(&report,
			"w/wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"
			"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"
			"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww.pdf",
			0, &out),
		    FAIL_NONE);
		assert_int_equal(
		    pdf_file_open(&file, buf_view(&out)), FAIL_NONE);
		assert_false(file.repaired);
		assert_int_equal(pdf_page_count(&file, &pages), FAIL_NONE);
		assert_true(pages >= 1 + count / 4 && pages <= 1 + count);
		assert_int_equal(pdf_page_find(&file, 1, &first), FAIL_NONE);
		assert_int_equal(
		    pdf_look_page(&file, &first, &left, &text), FAIL_NONE);
		buf_u8(&text, 0);
		assert_non_null(
		    strstr((char *)text.data, "kiểm tra chữ ký số"));
		if (count)
			assert_non_null(strstr((char *)text.data, "?? Nguyễn"));
		pdf_file_close(&file);
		signature_report_free(&report);
		buf_free(&text);
		buf_free(&out);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_is_read_as_it_was_written),
		cmocka_unit_test(what_does_not_fit_is_counted),
		cmocka_unit_test(cut_and_wrong_bytes_are_refused),
		cmocka_unit_test(a_page_escapes_what_came_from_the_file),
		cmocka_unit_test(a_pdf_opens_and_holds_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * What every target that makes a report asks of its writers: the bytes come
 * back as they were, the texts are UTF-8 and the XML is well formed, whatever
 * stood in the file.
 */
#ifndef TESTS_FUZZ_FUZZ_REPORT_H
#define TESTS_FUZZ_FUZZ_REPORT_H

#include "base/text.h"
#include "document/pdf_page.h"
#include "document/report.h"
#include "document/xml_read.h"
#include "tests/fuzz/fuzz.h"

/* Inputs of such sizes are reported: writing takes longer than reading. */
#define FUZZ_REPORT_EACH 16u
#define FUZZ_REPORT_PDF_EACH 3u /* likewise, by the count of signatures */
#define FUZZ_REPORT_MAX (1u << 24)
#define FUZZ_REPORT_AT INT64_C(1795392000) /* 2026-11-23 */

static inline void
fuzz_report_bytes(const struct signature_report *report)
{
	struct signature_report back;
	struct buf out, again;
	size_t all = 0;

	buf_init(&out, FUZZ_REPORT_MAX);
	buf_init(&again, FUZZ_REPORT_MAX);
	report_put(report, FUZZ_REPORT_MAX, &out);
	fuzz_must(!report_get(buf_view(&out), &back, &all));
	fuzz_must(all == report->count && back.count == all);
	fuzz_must(back.verdict == report->verdict);
	report_put(&back, FUZZ_REPORT_MAX, &again);
	fuzz_must(bytes_equal(buf_view(&out), buf_view(&again)));
	signature_report_free(&back);
	buf_free(&again);
	buf_free(&out);
}

/* The PDF opens, whole, and has no more pages than signatures ask for. */
static inline void
fuzz_report_pdf(const struct signature_report *report)
{
	struct pdf_file file;
	struct buf out;
	unsigned pages = 0;

	buf_init(&out, FUZZ_REPORT_MAX);
	fuzz_must(!report_pdf(report, "x.pdf", FUZZ_REPORT_AT, &out));
	fuzz_must(!pdf_file_open(&file, buf_view(&out)) && !file.repaired);
	fuzz_must(!pdf_page_count(&file, &pages) && pages &&
	    pages <= 1 + 3 * report->count);
	pdf_file_close(&file);
	buf_free(&out);
}

static inline void
fuzz_report(const struct signature_report *report)
{
	struct xml_item item = { .kind = XML_START };
	struct buf out;
	struct xml x;

	fuzz_report_bytes(report);
	buf_init(&out, FUZZ_REPORT_MAX);
	report_html(report, report->count, &out);
	fuzz_must(!buf_fail(&out) && text_valid(buf_view(&out)));
	buf_clear(&out);
	report_xml(report, FUZZ_REPORT_AT, &out);
	fuzz_must(!buf_fail(&out) && text_valid(buf_view(&out)));
	x = xml_open(buf_view(&out));
	while (item.kind != XML_DONE)
		fuzz_must(!xml_next(&x, &item));
	buf_free(&out);
	if (report->count % FUZZ_REPORT_PDF_EACH == 1)
		fuzz_report_pdf(report);
}

#endif

/*
 * What was found out about a file's signatures, written down: as bytes for
 * another process and the store, as HTML and PDF for people, as XML for other
 * validators (ETSI TS 119 102-2).
 */
#ifndef DOCUMENT_REPORT_H
#define DOCUMENT_REPORT_H

#include "base/buf.h"
#include "document/findings.h"

#define REPORT_TITLE "Kết quả kiểm tra chữ ký số"

/*
 * Append the report in the bytes of FORMATS.md, most of them: as many
 * signatures as fit, the oldest first, then of their changes as many; the
 * verdict and the count are of all.
 */
void
report_put(const struct signature_report *report, size_t most, struct buf *out);

/* Read one that report_put wrote; *all is how many signatures there were.
 * FAIL_PEER; FAIL_MEMORY.  To be freed by signature_report_free. */
CHECKED enum fail
report_get(struct bytes in, struct signature_report *report, size_t *all);

/*
 * A fragment of HTML 5, Vietnamese: the verdict, then of every signature who
 * made it and the nine findings in a table.  all: see report_get.  Everything
 * from the file is escaped.
 */
void
report_html(const struct signature_report *report, size_t all, struct buf *out);

/* A whole page around it: of a file, checked at an instant. */
void report_html_page(const struct signature_report *report, const char *file,
    int64_t instant, struct buf *out);

/* The same pages as a PDF, Vietnamese, A4.  Letters that the built-in font
 * lacks are question marks.  FAIL_LIMIT. */
CHECKED enum fail report_pdf(const struct signature_report *report,
    const char *file, int64_t instant, struct buf *out);

/* A ValidationReport (TS 119 102-2 4), UTF-8. */
void report_xml(
    const struct signature_report *report, int64_t instant, struct buf *out);

#endif

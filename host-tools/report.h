/* What a check of a file's signatures found, for people and programs. */
#ifndef HOST_TOOLS_REPORT_H
#define HOST_TOOLS_REPORT_H

#include "document/findings.h"

/* How a report is written: for people, a JSON object on one line (FORMATS.md),
 * a page of HTML, a PDF, or the XML of ETSI TS 119 102-2. */
enum report_form {
	REPORT_TEXT,
	REPORT_JSON,
	REPORT_HTML,
	REPORT_PDF,
	REPORT_XML
};

/* Print one on standard output; instant: when it was checked. */
void report_print(enum report_form form, const char *file,
    const struct signature_report *report, int64_t instant);

/* Exit codes: of a verdict, and the worse of two. */
int report_exit(enum verdict verdict);
int report_worse(int a, int b);

/* Words of both: "good" or a failure's name; what came after a signature; what
 * is known of a revocation. */
const char *report_answer(enum fail f);
const char *report_changes(const struct findings *findings);
const char *report_revocation(const struct findings *findings);

#endif

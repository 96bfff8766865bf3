/* What a check of a file's signatures found, for people and programs. */
#ifndef HOST_TOOLS_REPORT_H
#define HOST_TOOLS_REPORT_H

#include "document/findings.h"

/* Lines for people. */
void report_text(const char *file, const struct signature_report *report);

/* One JSON object on one line of standard output; FORMATS.md has its fields. */
void report_json(const char *file, const struct signature_report *report);

/* Exit codes: of a verdict, and the worse of two. */
int report_exit(enum verdict verdict);
int report_worse(int a, int b);

/* Words of both: "good" or a failure's name; what came after a signature; what
 * is known of a revocation. */
const char *report_answer(enum fail f);
const char *report_changes(const struct findings *findings);
const char *report_revocation(const struct findings *findings);

#endif

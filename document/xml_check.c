#include "document/xml_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "document/xml_read.h"

#define NAMESPACE "http://www.w3.org/2000/09/xmldsig#"

bool
xml_is_signed(struct bytes in)
{
	size_t at = bytes_starts(in, "\xEF\xBB\xBF") ? 3 : 0;

	while (at < in.len &&
	    (in.data[at] == ' ' || in.data[at] == '\t' || in.data[at] == '\r' ||
		in.data[at] == '\n'))
		at++;
	return at < in.len && in.data[at] == '<' &&
	    bytes_find(in, NAMESPACE) != SIZE_MAX;
}

static size_t
count_signatures(struct bytes in)
{
	struct xml x = xml_open(in);
	struct xml_item item;
	size_t count = 0;

	while (count < XML_SIGNATURES_MAX && !xml_next(&x, &item) &&
	    item.kind != XML_DONE)
		count += item.kind == XML_START &&
		    bytes_equal_text(item.name, "Signature");
	return count ? count : 1;
}

enum fail
xml_check(struct bytes in, struct signature_report *report)
{
	size_t count = count_signatures(in);
	struct findings *results = calloc(count, sizeof(*results));

	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	if (!results)
		return FAIL_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct findings *r = &results[i];

		*r = (struct findings){ .chain = FAIL_CHAIN,
			.revocation = FAIL_MISSING,
			.cms = FAIL_UNSUPPORTED };
		snprintf(r->field, sizeof(r->field), "%zu", i + 1);
		snprintf(r->sub_filter, sizeof(r->sub_filter), "XML-DSig");
		note_write(&r->note, FAIL_UNSUPPORTED,
		    "XML signatures are not checked");
		r->verdict = findings_judge(r);
	}
	*report =
	    (struct signature_report){ .results = results, .count = count };
	signature_report_judge(report);
	return FAIL_NONE;
}

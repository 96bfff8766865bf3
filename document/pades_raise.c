#include "document/pades_raise.h"

#include <stdlib.h>

#include "document/gathering.h"
#include "document/pades_ranges.h"

enum fail
pades_gather(struct pdf_file *file, const struct trust_policy *policy,
    struct dss *dss, struct note *note)
{
	struct gathering g;
	struct check_policy whole = { .trust = *policy, .verdicts_only = true };
	struct signature_report report;
	enum fail f;

	gathering_init(&g, policy->source, dss);
	whole.trust.source = &g.source;
	f = pades_check(file, &whole, &report);
	if (f)
		return f;
	f = gathering_judge(&report, note);
	signature_report_free(&report);
	return f ? f : gathering_fail(&g, note);
}

enum fail
pades_is_stamped(
    struct pdf_file *file, const struct trust_policy *policy, bool *stamped)
{
	struct check_policy quick = { .trust = *policy, .verdicts_only = true };
	struct signature_report report;
	bool behind = false;
	enum fail f;

	quick.trust.no_revocation = true;
	f = pades_check(file, &quick, &report);
	*stamped = true;
	if (f)
		return f;
	for (size_t i = report.count; i-- > 0;) {
		const struct findings *r = &report.results[i];

		behind = behind || r->is_timestamp;
		if (!behind && !r->timestamp.present)
			*stamped = false;
	}
	signature_report_free(&report);
	return FAIL_NONE;
}

/* /Contents of every signature. */
static size_t
find_contents(struct pdf_file *file, struct bytes *contents, size_t most)
{
	struct pdf_field_walk walk;
	struct pdf_field field;
	size_t count = 0;

	pdf_field_walk_init(&walk, file);
	while (count < most && pdf_field_next(&walk, &field)) {
		struct pades_ranges ranges;

		if (pdf_field_is_signature(&field) &&
		    pdf_resolve(file, field.value)->type == PDF_DICT &&
		    !pades_ranges_read(file, field.value, &ranges, NULL))
			contents[count++] = ranges.contents;
	}
	return count;
}

enum fail
pades_store(struct pdf_file *file, const struct dss *dss, int64_t time,
    struct buf *tail)
{
	struct bytes *contents =
	    calloc(PADES_SIGNATURES_MAX, sizeof(*contents));
	struct pdf_append append;
	enum fail f;

	if (!contents)
		return FAIL_MEMORY;
	pdf_append_open(&append, file);
	f = dss_write(dss, &append, contents,
	    find_contents(file, contents, PADES_SIGNATURES_MAX), time);
	if (!f)
		f = pdf_append_finish(&append);
	if (!f)
		buf_bytes(tail, buf_view(&append.out));
	pdf_append_close(&append);
	free(contents);
	return f ? f : buf_fail(tail);
}

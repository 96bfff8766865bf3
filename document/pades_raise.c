#include "document/pades_raise.h"

#include <stdlib.h>

#include "document/pades_ranges.h"

/* Hands what is used to the store, and on to the caller. */
struct gathering {
	const struct trust_source *outer;
	struct dss *dss;
	enum fail fail;
};

static bool
ask(void *context, struct trust *trust, const struct cert *cert,
    const struct cert *issuer, unsigned n)
{
	const struct gathering *g = context;

	return g->outer && g->outer->ask &&
	    g->outer->ask(g->outer->context, trust, cert, issuer, n);
}

static void
used_cert(void *context, const struct cert *cert)
{
	struct gathering *g = context;

	if (!g->fail)
		g->fail = dss_add(g->dss, DSS_CERT, cert->der);
	if (g->outer && g->outer->used_cert)
		g->outer->used_cert(g->outer->context, cert);
}

static void
used_evidence(void *context, const struct revocation *by)
{
	struct gathering *g = context;

	if (!g->fail)
		g->fail = dss_add(g->dss,
		    by->evidence->kind == EVIDENCE_CRL ? DSS_CRL : DSS_OCSP,
		    by->evidence->der);
	if (g->outer && g->outer->used_evidence)
		g->outer->used_evidence(g->outer->context, by);
}

/* Is everything known that will be asked about this signature? */
static enum fail
is_complete(const struct findings *r, struct note *note)
{
	enum fail f = r->ranges ? r->ranges :
	    r->cms              ? r->cms :
	    r->digest           ? r->digest :
	    r->value            ? r->value :
	    r->chain            ? r->chain :
				  r->revocation;

	if (!f && r->timestamp.present)
		f = r->timestamp.state;
	return f ? note_set(note, f, "%.100s: %.90s", r->field,
		       r->note.text[0] ? r->note.text : "its time-stamp") :
		   FAIL_NONE;
}

enum fail
pades_gather(struct pdf_file *file, const struct trust_policy *policy,
    struct dss *dss, struct note *note)
{
	struct gathering g = { policy->source, dss, FAIL_NONE };
	struct trust_source source = { &g, ask, used_cert, used_evidence };
	struct check_policy whole = { .trust = *policy };
	struct signature_report report;
	enum fail f;

	whole.trust.source = &source;
	f = pades_check(file, &whole, &report);
	if (f)
		return f;
	if (!report.count)
		f = note_set(note, FAIL_MISSING, "no signature");
	for (size_t i = 0; i < report.count && !f; i++)
		f = is_complete(&report.results[i], note);
	signature_report_free(&report);
	return f ? f : g.fail;
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

#include "document/gathering.h"

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

void
gathering_init(
    struct gathering *g, const struct trust_source *outer, struct dss *dss)
{
	*g = (struct gathering){ .source = { g, ask, used_cert, used_evidence },
		.outer = outer,
		.dss = dss };
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
		       r->note.fail == f && r->note.text[0] ? r->note.text :
							      fail_text(f)) :
		   FAIL_NONE;
}

/* Is it of somebody below a root that is not known here?  Then nothing can be
 * kept for it, which is no harm to the others. */
static bool
is_strange(const struct findings *r, enum fail f)
{
	return f == FAIL_CHAIN && (r->chain == FAIL_CHAIN || r->is_timestamp);
}

enum fail
gathering_judge(const struct signature_report *report, struct note *note)
{
	struct note strange = { FAIL_NONE, "" };
	size_t known = 0;

	if (!report->count)
		return note_set(note, FAIL_MISSING, "no signature");
	for (size_t i = 0; i < report->count; i++) {
		const struct findings *r = &report->results[i];
		enum fail f = is_complete(r, note);

		if (f && !is_strange(r, f))
			return f;
		if (f && !strange.fail)
			strange = *note;
		known += !f && !r->is_timestamp;
	}
	*note = strange;
	return known ? FAIL_NONE : strange.fail;
}

enum fail
gathering_fail(const struct gathering *g, struct note *note)
{
	if (g->fail == FAIL_LIMIT)
		return note_set(note, FAIL_LIMIT,
		    "what tells about its certificates is too large to be "
		    "kept in it");
	return g->fail;
}

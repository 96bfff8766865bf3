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

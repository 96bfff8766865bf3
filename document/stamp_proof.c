#include "document/stamp_proof.h"

#include <stdlib.h>

#include "crypto/cms_evidence.h"
#include "crypto/cms_grow.h"
#include "crypto/timestamp.h"
#include "document/gathering.h"

/* What is put beside the token's own. */
struct more {
	struct bytes certs[DSS_ITEMS_MAX];
	size_t cert_count;
	struct cms_evidence evidence[DSS_ITEMS_MAX];
	size_t evidence_count;
};

static bool
has_cert(const struct timestamp *t, const struct trust_policy *policy,
    struct bytes der)
{
	for (size_t i = 0; i < t->cms.cert_count; i++)
		if (bytes_equal(t->cms.certs[i], der))
			return true;
	/* A root is trusted for being pinned, not for being here. */
	for (size_t i = 0; i < policy->roots.count; i++)
		if (bytes_equal(policy->roots.certs[i].der, der))
			return true;
	return false;
}

static bool
has_evidence(const struct timestamp *t, struct bytes der)
{
	struct cms_evidence_walk walk;
	struct cms_evidence e;

	cms_evidence_open(&t->cms, &walk);
	while (cms_evidence_next(&walk, &e))
		if (bytes_equal(e.der, der))
			return true;
	return false;
}

static void
choose(const struct timestamp *t, const struct trust_policy *policy,
    const struct dss *dss, struct more *m)
{
	for (size_t i = 0; i < dss->count; i++) {
		const struct dss_item *item = &dss->items[i];

		if (item->kind == DSS_CERT && !has_cert(t, policy, item->der))
			m->certs[m->cert_count++] = item->der;
		else if (item->kind != DSS_CERT && !has_evidence(t, item->der))
			m->evidence[m->evidence_count++] =
			    (struct cms_evidence){ .is_answer =
						       item->kind == DSS_OCSP,
				    .der = item->der };
	}
}

/* In the attribute; if the token has one already, beside the certificates. */
static enum fail
grow(struct bytes token, const struct timestamp *t, const struct more *m,
    struct buf *out)
{
	struct cms_growth g = { .certs = m->certs,
		.cert_count = m->cert_count,
		.attribute = OID_ATTR_REVOCATION_VALUES };
	struct buf values;
	enum fail f = FAIL_NONE;

	buf_init(&values, DSS_BYTES_MAX);
	if (t->cms.signer.revocations[1].len) {
		g.evidence = m->evidence;
		g.evidence_count = m->evidence_count;
	} else if (m->evidence_count) {
		f = cms_revocation_values(
		    m->evidence, m->evidence_count, &values);
		g.value = buf_view(&values);
	}
	if (!f)
		f = cms_grow(token, &g, out);
	buf_free(&values);
	return f;
}

/* Who made it, and is he one of ours now? */
static enum fail
judge(const struct timestamp *t, const struct trust_policy *policy,
    struct note *note)
{
	const struct cert *authority = NULL;
	struct trust_answer answer;
	struct trust trust;
	enum fail f = trust_open(&trust, policy, NULL);

	if (f)
		return f;
	trust_add_cms(&trust, &t->cms, policy->now);
	f = timestamp_verify(t, t->imprint.data, trust.certs, trust.cert_count,
	    &authority, note);
	if (!f) {
		trust_judge(&trust, authority, policy->now, &answer);
		f = answer.chain ? answer.chain : answer.revocation;
		if (f)
			*note = answer.note;
	}
	trust_close(&trust);
	return f;
}

static enum fail
prove(struct bytes token, const struct timestamp *t, struct more *m,
    const struct trust_policy *policy, struct buf *out, struct note *note)
{
	struct trust_policy asking = *policy;
	struct gathering gathering;
	struct dss dss;
	enum fail f;

	dss_init(&dss);
	gathering_init(&gathering, policy->source, &dss);
	asking.source = &gathering.source;
	f = judge(t, &asking, note);
	if (!f)
		f = gathering.fail;
	if (!f) {
		choose(t, policy, &dss, m);
		f = grow(token, t, m, out);
	}
	dss_free(&dss);
	return f;
}

enum fail
stamp_prove(struct bytes token, const struct trust_policy *policy,
    struct buf *out, struct note *note)
{
	struct timestamp *t = calloc(1, sizeof(*t));
	struct more *m = calloc(1, sizeof(*m));
	enum fail f = t && m ? timestamp_read(token, t, note) : FAIL_MEMORY;

	if (!f)
		f = prove(token, t, m, policy, out, note);
	free(m);
	free(t);
	return f;
}

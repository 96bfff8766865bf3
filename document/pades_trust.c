#include "document/pades_trust.h"

#include <stdlib.h>

#include "crypto/cert_file.h"
#include "crypto/cms_evidence.h"

#define REASON_HOLD 6 /* certificateHold (RFC 5280 5.3.1) */
#define PATHS_MAX 4u  /* others tried, where a CA is superseded */
#define PLACES_MAX 8u /* asked about a responder */

static void
add(struct trust *t, const struct evidence *evidence, size_t at)
{
	if (t->evidence_count == TRUST_EVIDENCE_MAX)
		return;
	t->evidence[t->evidence_count] = *evidence;
	t->evidence_at[t->evidence_count++] = at;
}

int64_t
trust_known(const struct trust_policy *policy)
{
	return policy->proven ? policy->proven : policy->now;
}

/* What the policy and the file's store bring. */
static void
take_known(struct trust *t)
{
	const struct trust_policy *policy = t->policy;

	for (size_t i = 0; i < policy->pool.count; i++)
		trust_add_cert(t, &policy->pool.certs[i]);
	for (size_t i = 0; i < t->dss.count; i++) {
		const struct dss_item *item = &t->dss.items[i];
		struct evidence e = { .der = item->der,
			.kind = item->kind == DSS_CRL ? EVIDENCE_CRL :
							EVIDENCE_OCSP,
			.proven = trust_known(policy) };
		struct cert cert;

		if (item->kind != DSS_CERT) {
			add(t, &e, item->at);
		} else if (!cert_read(item->der, &cert, NULL)) {
			trust_add_cert(t, &cert);
		}
	}
}

enum fail
trust_open(
    struct trust *t, const struct trust_policy *policy, struct pdf_file *file)
{
	enum fail f;

	*t = (struct trust){ .policy = policy,
		.budget = { TRUST_LISTS_MAX, TRUST_SIGNERS_MAX } };
	dss_init(&t->dss);
	/* Not set to zero: it would be most of the work on a small file. */
	t->certs = malloc(TRUST_CERTS_MAX * sizeof(*t->certs));
	t->evidence = malloc(TRUST_EVIDENCE_MAX * sizeof(*t->evidence));
	t->evidence_at = malloc(TRUST_EVIDENCE_MAX * sizeof(*t->evidence_at));
	f = t->certs && t->evidence && t->evidence_at ? FAIL_NONE : FAIL_MEMORY;
	if (!f && file)
		f = dss_read(&t->dss, file);
	if (f)
		trust_close(t);
	else
		take_known(t);
	return f;
}

void
trust_close(struct trust *t)
{
	dss_free(&t->dss);
	free(t->certs);
	free(t->evidence);
	free(t->evidence_at);
	*t = (struct trust){ .policy = NULL };
}

static bool
has_cert(const struct trust *t, struct bytes der)
{
	for (size_t i = 0; i < t->cert_count; i++)
		if (bytes_equal(t->certs[i].der, der))
			return true;
	return false;
}

void
trust_add_cert(struct trust *t, const struct cert *cert)
{
	if (t->cert_count < TRUST_CERTS_MAX && !has_cert(t, cert->der))
		t->certs[t->cert_count++] = *cert;
}

/* One that reads. */
static void
add_der(struct trust *t, struct bytes der)
{
	struct cert cert;

	if (!has_cert(t, der) && !cert_read(der, &cert, NULL))
		trust_add_cert(t, &cert);
}

void
trust_add(struct trust *t, const struct evidence *evidence)
{
	add(t, evidence, SIZE_MAX);
}

struct evidence *
trust_find(const struct trust *t, struct bytes der)
{
	for (size_t i = 0; i < t->evidence_count; i++)
		if (bytes_equal(t->evidence[i].der, der))
			return &t->evidence[i];
	return NULL;
}

/* One that is there already was there by this, too. */
static bool
has_evidence(struct trust *t, struct bytes der, int64_t proven)
{
	struct evidence *known = trust_find(t, der);

	t->compared += t->evidence_count;
	if (known && known->proven > proven)
		known->proven = proven;
	return known;
}

static void
add_values(struct trust *t, struct bytes certs)
{
	struct der in = der_open(certs);
	struct der_item item;

	while (!der_end(&in) && !der_take(&in, DER_SEQUENCE, &item))
		add_der(t, item.whole);
}

void
trust_add_cms(struct trust *t, const struct cms *cms, int64_t proven)
{
	struct cms_evidence_walk walk;
	struct cms_evidence one;

	for (size_t i = 0; i < cms->cert_count; i++)
		add_der(t, cms->certs[i]);
	add_values(t, cms->signer.cert_values);
	if (cms->lists.len && cms->lists.data == t->taken.data &&
	    cms->lists.len == t->taken.len && proven >= t->taken_proven) {
		cms_evidence_open_signer(cms, &walk);
	} else {
		cms_evidence_open(cms, &walk);
		t->taken = cms->lists;
		t->taken_proven = proven;
	}
	while (t->compared < TRUST_COMPARED_MAX &&
	    cms_evidence_next(&walk, &one)) {
		struct evidence e = { .der = one.der,
			.kind = one.is_answer ? EVIDENCE_OCSP : EVIDENCE_CRL,
			.proven = proven };

		if (!has_evidence(t, one.der, proven))
			trust_add(t, &e);
	}
}

void
trust_prove(struct trust *t, size_t end, int64_t instant)
{
	for (size_t i = 0; i < t->evidence_count; i++)
		if (t->evidence_at[i] <= end && t->evidence[i].proven > instant)
			t->evidence[i].proven = instant;
}

static struct cert_set
pool_of(const struct trust *t)
{
	return (struct cert_set){ t->certs, t->cert_count };
}

static struct evidence_set
evidence_of(const struct trust *t)
{
	return (struct evidence_set){ t->evidence, t->evidence_count };
}

/* A responder who does not ask to be spared may be revoked (RFC 6960
 * 4.2.2.2.1): what nobody tells about him says nothing against him.  False:
 * nothing came. */
static bool
ask_about_responder(
    struct trust *t, const struct cert *responder, const struct cert *issuer)
{
	const struct trust_source *source = t->policy->source;
	struct cert who = *responder;
	size_t before = t->evidence_count;

	for (unsigned n = 0;
	     n < PLACES_MAX && source->ask(source->context, t, &who, issuer, n);
	     n++)
		;
	return t->evidence_count > before;
}

/* The n-th certificate of the path; asks if nothing is at hand. */
static void
judge_one(struct trust *t, const struct chain *path, size_t at, int64_t instant,
    int64_t control, struct revocation *result)
{
	const struct cert *cert = path->certs[at];
	const struct cert *issuer = path->certs[at + 1];
	const struct trust_source *source = t->policy->source;
	struct revocation_question q = { .cert = cert,
		.issuer = issuer,
		.pool = pool_of(t),
		.roots = t->policy->roots,
		.root = path->certs[path->count - 1],
		.instant = instant,
		.control = control,
		.budget = &t->budget };

	revocation_check(&q, evidence_of(t), result);
	for (unsigned n = 0; result->state == FAIL_MISSING && source &&
	     source->ask && source->ask(source->context, t, cert, issuer, n);
	     n++)
		revocation_check(&q, evidence_of(t), result);
	if (!result->state && result->has_responder &&
	    !result->responder.no_check && source && source->ask &&
	    ask_about_responder(t, &result->responder, issuer))
		revocation_check(&q, evidence_of(t), result);
	if (!source)
		return;
	if (result->evidence && source->used_evidence)
		source->used_evidence(source->context, result);
	if (result->has_responder && source->used_cert)
		source->used_cert(source->context, &result->responder);
}

/* REVOKED is worse than MISSING, that worse than NONE. */
static void
take_worse(struct trust_answer *a, const struct revocation *r)
{
	if (!r->state && r->this_update < a->this_update)
		a->this_update = r->this_update;
	if (!r->state || a->revocation == FAIL_REVOKED ||
	    (a->revocation == FAIL_MISSING && r->state == FAIL_MISSING))
		return;
	a->revocation = r->state;
	a->revoked = r->revoked;
	if (r->state == FAIL_REVOKED)
		note_write(&a->note, FAIL_REVOKED,
		    "RFC 5280 6.3: a certificate on the path is revoked");
	else
		a->note = r->note;
}

static void
look_along(
    struct trust *t, const struct chain *path, struct trust_answer *answer)
{
	const struct trust_source *source = t->policy->source;

	for (size_t i = 0; i < path->count; i++) {
		int64_t end = path->certs[i]->not_after;

		if (!answer->until || end < answer->until)
			answer->until = end;
		if (source && source->used_cert)
			source->used_cert(source->context, path->certs[i]);
	}
}

static void
take_control(struct trust_answer *a, size_t at, int64_t revoked)
{
	if (!a->control || revoked < a->control)
		a->control = revoked;
	a->control_far = a->control_far || at > 1;
}

/* Reasons that say nothing against a CA's key (RFC 5280 5.3.1): it has changed
 * hands, has another certificate, or is no longer used. */
static bool
is_harmless(int reason)
{
	return reason >= 3 && reason <= 5;
}

/* From the root down: when one was revoked after the instant, what is below it
 * must have been known until then.  *bad: a CA between that stands in the way,
 * and that another path may go without; or NULL. */
static void
judge_path(struct trust *t, const struct chain *path, int64_t instant,
    struct trust_answer *answer, const struct cert **bad)
{
	bool for_good = false;

	*bad = NULL;
	look_along(t, path, answer);
	for (size_t i = path->count - 1;
	     i-- > 0 && !t->policy->no_revocation;) {
		struct revocation *r = calloc(1, sizeof(*r));

		if (!r) {
			answer->revocation = FAIL_MISSING;
			*bad = NULL;
			return;
		}
		judge_one(t, path, i, instant, answer->control, r);
		if (!i && !r->state)
			answer->by_answer = r->evidence->kind == EVIDENCE_OCSP;
		if (i && !r->state && r->revoked && r->reason != REASON_HOLD)
			take_control(answer, i, r->revoked);
		if (r->state && i && (!r->revoked || is_harmless(r->reason)))
			*bad = path->certs[i];
		else if (r->state)
			for_good = true;
		take_worse(answer, r);
		free(r);
	}
	if (for_good)
		*bad = NULL;
}

/* One path, over none of the CAs to be avoided. */
static const struct cert *
judge_one_path(struct trust *t, const struct chain *avoid,
    const struct cert *cert, int64_t instant, struct trust_answer *answer)
{
	const struct cert *bad = NULL;

	*answer = (struct trust_answer){ .this_update = INT64_MAX };
	answer->chain =
	    chain_build_under(t->policy->path, avoid, cert, pool_of(t),
		t->policy->roots, instant, &answer->path, &answer->note);
	if (answer->chain)
		answer->revocation = FAIL_MISSING;
	else
		judge_path(t, &answer->path, instant, answer, &bad);
	return bad;
}

/* Where a CA's certificate is superseded another of it may lead on. */
void
trust_judge(struct trust *t, const struct cert *cert, int64_t instant,
    struct trust_answer *answer)
{
	struct chain avoid = { .count = 0 };
	struct trust_answer other;
	const struct cert *bad = judge_one_path(t, NULL, cert, instant, answer);

	while (bad && avoid.count < PATHS_MAX) {
		avoid.certs[avoid.count++] = bad;
		bad = judge_one_path(t, &avoid, cert, instant, &other);
		if (!other.chain && !other.revocation) {
			*answer = other;
			return;
		}
	}
}

void
trust_judge_signer(struct trust *t, const struct cert *cert, int64_t instant,
    struct trust_answer *answer)
{
	const struct chain *path = &answer->path;

	trust_judge(t, cert, instant, answer);
	if (answer->chain || instant < CERT_LEGACY_UNTIL ||
	    !cert_file_is_legacy_root(path->certs[path->count - 1]))
		return;
	answer->chain = note_set(&answer->note, FAIL_CHAIN,
	    "the root is for time-stamps and old signatures only");
	answer->revocation = FAIL_MISSING;
}

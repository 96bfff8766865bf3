#include "crypto/chain.h"

#include "base/effort.h"
#include "crypto/name.h"
#include "crypto/path.h"

/* Where the search stands on one level: pool first, then roots. */
struct level {
	const struct cert *cert;
	size_t next; /* next candidate issuer to try */
};

/* Could issuer have issued cert, by everything but the signature?  What this
 * spares the search is judged once more when a path is whole. */
static bool
may_issue(const struct cert *issuer, const struct cert *cert, size_t below)
{
	if (issuer->subject_key.len && cert->authority_key.len &&
	    !bytes_equal(issuer->subject_key, cert->authority_key))
		return false;
	if (!issuer->is_ca || issuer->unknown_critical)
		return false;
	if (issuer->has_usage && !(issuer->usage & USAGE_CERT_SIGN))
		return false;
	/* RFC 5280 4.2.1.9: intermediates between issuer and leaf. */
	if (issuer->path_len >= 0 && below > (size_t)issuer->path_len)
		return false;
	/* What takes longest comes last. */
	return name_equal(issuer->subject, cert->issuer);
}

static bool
in_time(const struct cert *cert, int64_t instant)
{
	return cert->not_before <= instant && instant <= cert->not_after;
}

static const struct cert *
set_find(struct cert_set set, const struct cert *cert)
{
	for (size_t i = 0; i < set.count; i++)
		if (bytes_equal(set.certs[i].der, cert->der))
			return &set.certs[i];
	return NULL;
}

static bool
on_path(const struct level *levels, size_t depth, const struct cert *cert)
{
	for (size_t i = 0; i < depth; i++)
		if (bytes_equal(levels[i].cert->der, cert->der))
			return true;
	return false;
}

/* Intermediates between a new issuer and the leaf; self-issued ones, which
 * carry a CA over a change of key, do not count. */
static size_t
counted_below(const struct level *levels, size_t depth)
{
	size_t n = 0;

	for (size_t i = 1; i < depth; i++)
		n += !cert_self_issued(levels[i].cert);
	return n;
}

static void
chain_copy(struct chain *chain, const struct level *levels, size_t depth)
{
	chain->count = depth;
	for (size_t i = 0; i < depth; i++)
		chain->certs[i] = levels[i].cert;
}

static bool
all_in_time(const struct chain *chain, int64_t instant)
{
	for (size_t i = 0; i < chain->count; i++)
		if (!in_time(chain->certs[i], instant))
			return false;
	return true;
}

/* A key without the parameters it inherits is tried when they are known. */
static bool
signs(const struct cert *issuer, const struct cert *cert)
{
	return (issuer->key.kind == KEY_DSA && !issuer->key.parameters.len) ||
	    !cert_verify(cert, &issuer->key);
}

static bool
is_avoided(const struct chain *avoid, const struct cert *issuer)
{
	for (size_t i = 0; avoid && i < avoid->count; i++)
		if (bytes_equal(avoid->certs[i]->der, issuer->der))
			return true;
	return false;
}

enum fail
chain_build(const struct cert *leaf, struct cert_set pool,
    struct cert_set roots, int64_t instant, struct chain *chain,
    struct note *note)
{
	return chain_build_under(
	    NULL, NULL, leaf, pool, roots, instant, chain, note);
}

enum fail
chain_build_under(const struct path_policy *policy, const struct chain *avoid,
    const struct cert *leaf, struct cert_set pool, struct cert_set roots,
    int64_t instant, struct chain *chain, struct note *note)
{
	struct level levels[CHAIN_DEPTH_MAX];
	struct note why = { FAIL_NONE, "" };
	size_t depth = 1, tries = 0;
	bool late = false;

	if (leaf->unknown_critical)
		return note_set(note, FAIL_CHAIN,
		    "RFC 5280 4.2: unknown critical extension");
	*chain = (struct chain){ { 0 }, 0 };
	levels[0] = (struct level){ leaf, 0 };
	while (depth) {
		struct level *top = &levels[depth - 1];
		const struct cert *issuer;

		if (set_find(roots, top->cert)) {
			struct chain found;

			chain_copy(&found, levels, depth--);
			if (path_validate(
				&found, policy, why.fail ? NULL : &why))
				continue;
			if (all_in_time(&found, instant)) {
				*chain = found;
				return FAIL_NONE;
			}
			if (!late)
				*chain = found;
			late = true;
			continue;
		}
		if (top->next == pool.count + roots.count ||
		    depth == CHAIN_DEPTH_MAX) {
			depth--;
			continue;
		}
		/* Roots first: the short way is the usual one. */
		issuer = top->next < roots.count ?
		    &roots.certs[top->next] :
		    &pool.certs[top->next - roots.count];
		top->next++;
		if (effort_is_spent())
			return note_set(note, FAIL_LIMIT, EFFORT_SPENT);
		if (!may_issue(
			issuer, top->cert, counted_below(levels, depth)) ||
		    on_path(levels, depth, issuer) || is_avoided(avoid, issuer))
			continue;
		if (++tries > CHAIN_TRIES_MAX)
			return note_set(note, FAIL_LIMIT,
			    "more than %u signatures in one path search",
			    CHAIN_TRIES_MAX);
		if (!signs(issuer, top->cert))
			continue;
		levels[depth++] = (struct level){ issuer, 0 };
	}
	if (late)
		return note_set(note, FAIL_EXPIRED,
		    "RFC 5280 6.1.3: outside a certificate's validity");
	if (why.fail && note)
		*note = why;
	if (why.fail)
		return FAIL_CHAIN;
	return note_set(note, FAIL_CHAIN, "RFC 5280 6.1: no path to a root");
}

#include "crypto/path.h"

#include <stdlib.h>

#include "crypto/name.h"
#include "crypto/name_constraints.h"

/* Where the way down from the root stands. */
struct walk {
	const struct chain *chain;
	struct public_key key; /* of the last CA, with what it inherits */
	int length;            /* CAs that may still follow; -1: any */
	struct policy_state policy;
};

static enum fail
bad(struct note *note, const char *why)
{
	return note_set(note, FAIL_CHAIN, "RFC 5280 6.1: %s", why);
}

/* A DSA key may leave its parameters to the one above (RFC 3279 2.3.2). */
static void
take_key(struct walk *w, const struct cert *cert)
{
	struct bytes inherited =
	    w->key.kind == KEY_DSA ? w->key.parameters : (struct bytes){ 0 };

	w->key = cert->key;
	if (w->key.kind == KEY_DSA && !w->key.parameters.len)
		w->key.parameters = inherited;
}

/* What holds for every certificate (6.1.3). */
static enum fail
check_basic(const struct walk *w, size_t at, struct note *note)
{
	const struct cert *cert = w->chain->certs[at];
	const struct cert *issuer = w->chain->certs[at + 1];

	if (!name_equal(cert->issuer, issuer->subject))
		return bad(note, "names do not chain");
	if (cert_verify(cert, &w->key))
		return bad(note, "a certificate's signature does not verify");
	if (cert->unknown_critical)
		return note_set(note, FAIL_CHAIN,
		    "RFC 5280 4.2: unknown critical extension");
	return FAIL_NONE;
}

/* Every CA above with constraints must be one that may have the names; what a
 * CA issues to itself is spared, but not a leaf. */
static enum fail
check_constraints(const struct walk *w, size_t at, struct note *note)
{
	const struct chain *chain = w->chain;
	const struct cert *cert = chain->certs[at];
	enum fail f = FAIL_NONE;

	if (at && cert_self_issued(cert))
		return FAIL_NONE;
	for (size_t above = at + 1; above < chain->count && !f; above++)
		if (chain->certs[above]->name_constraints.len)
			f = names_within(chain->certs[above], cert, note);
	return f;
}

/* What holds for a CA on the way (6.1.4 (k) to (n)). */
static enum fail
check_ca(struct walk *w, const struct cert *cert, struct note *note)
{
	if (!cert->is_ca)
		return bad(note, "an issuer is no CA");
	if (cert->has_usage && !(cert->usage & USAGE_CERT_SIGN))
		return bad(note, "an issuer may not sign certificates");
	if (!cert_self_issued(cert)) {
		if (!w->length)
			return bad(note, "the path is longer than a CA allows");
		w->length -= w->length > 0;
	}
	if (cert->path_len >= 0 &&
	    (w->length < 0 || cert->path_len < w->length))
		w->length = cert->path_len;
	return FAIL_NONE;
}

static enum fail
walk_down(struct walk *w, const struct path_policy *policy, struct note *note)
{
	const struct chain *chain = w->chain;
	const struct cert *root = chain->certs[chain->count - 1];
	enum fail f = policy_begin(&w->policy, policy, chain->count - 1);

	if (f)
		return note_set(note, f, "too many policies are wanted");
	w->key = root->key;
	w->length = root->path_len;
	for (size_t at = chain->count - 1; at-- > 0 && !f;) {
		const struct cert *cert = chain->certs[at];

		f = check_basic(w, at, note);
		if (!f)
			f = check_constraints(w, at, note);
		if (!f)
			f = policy_next(&w->policy, cert, !at, note);
		if (!f && at)
			f = check_ca(w, cert, note);
		take_key(w, cert);
	}
	return f;
}

enum fail
path_validate(const struct chain *chain, const struct path_policy *policy,
    struct note *note)
{
	struct walk *w = calloc(1, sizeof(*w));
	enum fail f;

	if (!w)
		return FAIL_MEMORY;
	w->chain = chain;
	f = walk_down(w, policy, note);
	free(w);
	return f;
}

#include "crypto/policy.h"

#include "crypto/der_read.h"

#define ANY_WANTED UINT64_C(1)

static bool
is_any(struct bytes oid)
{
	return bytes_equal(oid, oid_content(OID_ANY_POLICY));
}

enum fail
policy_begin(
    struct policy_state *s, const struct path_policy *policy, size_t certs)
{
	static const struct path_policy nothing = { .wanted = NULL };

	*s = (struct policy_state){ .policy = policy ? policy : &nothing,
		.any = true };
	policy = s->policy;
	s->explicit_policy = policy->explicit_policy ? 0 : certs + 1;
	s->mapping = policy->inhibit_mapping ? 0 : certs + 1;
	s->inhibit_any = policy->inhibit_any ? 0 : certs + 1;
	return policy->wanted_count > POLICY_WANTED_MAX ? FAIL_LIMIT :
							  FAIL_NONE;
}

/* Which of the wanted policies a policy directly below anyPolicy is. */
static uint64_t
roots_of(const struct policy_state *s, struct bytes oid)
{
	const struct path_policy *p = s->policy;
	uint64_t roots = p->wanted_count ? 0 : ANY_WANTED;

	for (size_t i = 0; i < p->wanted_count; i++)
		if (is_any(p->wanted[i]) || bytes_equal(p->wanted[i], oid))
			roots |= UINT64_C(1) << i;
	return roots;
}

/* A level that is being made. */
struct level {
	struct policy_node nodes[POLICY_LEVEL_MAX];
	size_t count;
	bool any;
};

static struct policy_node *
find(struct policy_node *nodes, size_t count, struct bytes oid)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal(nodes[i].oid, oid))
			return &nodes[i];
	return NULL;
}

static enum fail
level_add(struct level *l, struct bytes oid, uint64_t roots)
{
	struct policy_node *node = find(l->nodes, l->count, oid);

	if (node) {
		node->roots |= roots;
		return FAIL_NONE;
	}
	if (l->count == POLICY_LEVEL_MAX)
		return FAIL_LIMIT;
	l->nodes[l->count++] = (struct policy_node){ oid, roots };
	return FAIL_NONE;
}

static void
level_take(struct policy_state *s, const struct level *l)
{
	memcpy(s->nodes, l->nodes, l->count * sizeof(l->nodes[0]));
	s->count = l->count;
	s->any = l->any;
}

/* ---- certificatePolicies (6.1.3 (d)) ---- */

/* Qualifiers are for people; only the identifiers are read. */
static enum fail
next_policy(struct der *list, struct bytes *oid)
{
	struct der one;
	struct der_item item;
	enum fail f = der_into(list, DER_SEQUENCE, &one);

	if (!f)
		f = der_take(&one, DER_OID, &item);
	if (!f)
		*oid = item.value;
	return f;
}

static enum fail
read_policies(struct policy_state *s, struct bytes content, struct level *l,
    bool *names_any)
{
	struct der_item whole;
	struct der list;
	enum fail f = der_whole(content, DER_SEQUENCE, &whole);

	list = der_open(f ? content : whole.value);
	while (!f && !der_end(&list)) {
		const struct policy_node *parent;
		struct bytes oid;

		f = next_policy(&list, &oid);
		if (f)
			break;
		if (find(l->nodes, l->count, oid) ||
		    (is_any(oid) && *names_any))
			return FAIL_FORMAT; /* 4.2.1.4: once each */
		if (is_any(oid)) {
			*names_any = true;
			continue;
		}
		parent = find(s->nodes, s->count, oid);
		if (parent)
			f = level_add(l, oid, parent->roots);
		else if (s->any)
			f = level_add(l, oid, roots_of(s, oid));
	}
	return f;
}

/* With anyPolicy go on those which the certificate does not name itself. */
static enum fail
continue_all(const struct policy_state *s, struct level *l)
{
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < s->count && !f; i++)
		if (!find(l->nodes, l->count, s->nodes[i].oid))
			f = level_add(l, s->nodes[i].oid, s->nodes[i].roots);
	l->any = s->any;
	return f;
}

static enum fail
take_policies(struct policy_state *s, const struct cert *cert, bool last)
{
	struct level l = { .count = 0 };
	bool names_any = false;
	enum fail f = FAIL_NONE;

	if (cert->policies.len)
		f = read_policies(s, cert->policies, &l, &names_any);
	if (!f && names_any &&
	    (s->inhibit_any || (!last && cert_self_issued(cert))))
		f = continue_all(s, &l);
	if (!f)
		level_take(s, &l);
	return f;
}

/* ---- policyMappings (6.1.4 (a), (b)) ---- */

static enum fail
next_mapping(struct der *list, struct bytes *from, struct bytes *to)
{
	struct der one;
	struct der_item issuer, subject;
	enum fail f = der_into(list, DER_SEQUENCE, &one);

	if (!f)
		f = der_take(&one, DER_OID, &issuer);
	if (!f)
		f = der_take(&one, DER_OID, &subject);
	if (!f && !der_end(&one))
		f = FAIL_FORMAT;
	if (f)
		return f;
	*from = issuer.value;
	*to = subject.value;
	return is_any(*from) || is_any(*to) ? FAIL_CHAIN : FAIL_NONE;
}

/* Is a policy among those that are mapped? */
static bool
is_mapped(struct bytes mappings, struct bytes oid)
{
	struct der list = der_open(mappings);
	struct bytes from, to;

	while (!der_end(&list) && !next_mapping(&list, &from, &to))
		if (bytes_equal(from, oid))
			return true;
	return false;
}

static enum fail
map_policies(struct policy_state *s, struct bytes content)
{
	struct level l = { .any = s->any };
	struct der_item whole;
	struct der list;
	struct bytes from, to;
	enum fail f = der_whole(content, DER_SEQUENCE, &whole);

	if (f)
		return f;
	/* What is not mapped stays as it is. */
	for (size_t i = 0; i < s->count && !f; i++)
		if (!is_mapped(whole.value, s->nodes[i].oid))
			f = level_add(&l, s->nodes[i].oid, s->nodes[i].roots);
	list = der_open(whole.value);
	while (!f && !der_end(&list)) {
		const struct policy_node *node;

		f = next_mapping(&list, &from, &to);
		if (f || !s->mapping)
			continue;
		node = find(s->nodes, s->count, from);
		if (node)
			f = level_add(&l, to, node->roots);
		else if (s->any)
			f = level_add(&l, to, roots_of(s, from));
	}
	if (!f)
		level_take(s, &l);
	return f;
}

/* ---- policyConstraints, inhibitAnyPolicy (6.1.4 (h) to (j)) ---- */

static void
lower(size_t *left, int skip)
{
	if (skip >= 0 && (size_t)skip < *left)
		*left = (size_t)skip;
}

static void
count_down(struct policy_state *s)
{
	s->explicit_policy -= s->explicit_policy > 0;
	s->mapping -= s->mapping > 0;
	s->inhibit_any -= s->inhibit_any > 0;
}

static enum fail
prepare_next(struct policy_state *s, const struct cert *cert, struct note *note)
{
	enum fail f = FAIL_NONE;

	if (cert->policy_mappings.len)
		f = map_policies(s, cert->policy_mappings);
	if (f)
		return note_set(
		    note, f, "RFC 5280 6.1.4: policy mappings of a CA");
	if (!cert_self_issued(cert))
		count_down(s);
	lower(&s->explicit_policy, cert->require_policy);
	lower(&s->mapping, cert->inhibit_mapping);
	lower(&s->inhibit_any, cert->inhibit_any);
	return FAIL_NONE;
}

/* ---- the end (6.1.5) ---- */

static bool
wanted_left(const struct policy_state *s)
{
	if (s->any)
		return true;
	for (size_t i = 0; i < s->count; i++)
		if (s->nodes[i].roots)
			return true;
	return false;
}

enum fail
policy_next(struct policy_state *s, const struct cert *cert, bool last,
    struct note *note)
{
	enum fail f = take_policies(s, cert, last);

	if (f)
		return note_set(note, f, "RFC 5280 4.2.1.4: policies");
	if (!s->explicit_policy && !s->any && !s->count)
		return note_set(note, FAIL_CHAIN,
		    "RFC 5280 6.1.3: no policy holds along the path");
	if (!last)
		return prepare_next(s, cert, note);
	s->explicit_policy -= s->explicit_policy > 0;
	if (!cert->require_policy)
		s->explicit_policy = 0;
	if (!s->explicit_policy && !wanted_left(s))
		return note_set(note, FAIL_CHAIN,
		    "RFC 5280 6.1.5: none of the wanted policies holds");
	return FAIL_NONE;
}

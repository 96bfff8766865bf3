#include "document/stamp_trust.h"

#include <stdlib.h>

static enum fail
judge(const struct timestamp *t, const struct timestamp_query *q,
    const struct trust_policy *policy, int64_t *until, struct note *note)
{
	const struct cert *authority = NULL;
	struct trust_answer answer = { .chain = FAIL_CHAIN };
	struct trust trust;
	enum fail f = trust_open(&trust, policy, NULL);

	if (f)
		return f;
	trust_add_cms(&trust, &t->cms, policy->now);
	f = timestamp_verify(
	    t, q->digest, trust.certs, trust.cert_count, &authority, note);
	if (!f) {
		trust_judge(&trust, authority, policy->now, &answer);
		*until = answer.until;
		if (answer.chain)
			f = note_set(note, answer.chain,
			    "the time-stamp is of no authority below a root");
	}
	trust_close(&trust);
	return f;
}

enum fail
stamp_judge(struct bytes token, const struct timestamp_query *q,
    const struct trust_policy *policy, int64_t *until, struct note *note)
{
	struct trust_policy own = *policy;
	struct timestamp *t = calloc(1, sizeof(*t));
	enum fail f = t ? timestamp_read(token, t, note) : FAIL_MEMORY;

	own.no_revocation = true;
	if (!f)
		f = judge(t, q, &own, until, note);
	free(t);
	return f;
}

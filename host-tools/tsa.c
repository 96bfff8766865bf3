#include "host-tools/tsa.h"

#include <stdio.h>

#include "base/when.h"
#include "crypto/random.h"
#include "document/stamp_trust.h"
#include "host-tools/ask.h"

#define ADDRESS_MAX 1400u

#define POLICY_MAX 128u

enum fail
tsa_policy(struct tsa_list *list, const char *text)
{
	buf_free(&list->policy);
	buf_init(&list->policy, POLICY_MAX);
	return oid_parse(text, &list->policy);
}

static enum fail
judge(const struct tsa_list *list, struct bytes token,
    const struct timestamp_query *q, struct note *note)
{
	const struct trust_policy policy = {
		.roots = list->roots, .pool = list->pool, .now = when_now()
	};
	int64_t until;

	return list->roots.count ?
	    stamp_judge(token, q, &policy, &until, note) :
	    FAIL_NONE;
}

static enum fail
ask_once(const struct tsa_list *list, const char *address,
    const struct timestamp_query *wanted, struct arena *arena,
    struct bytes *token, struct note *note)
{
	struct timestamp_query q = *wanted;
	struct bytes found = { NULL, 0 };
	struct buf query, answer;
	enum fail f;

	random_bytes(q.nonce, sizeof(q.nonce));
	q.policy = buf_view(&list->policy);
	buf_init(&query, 1024);
	buf_init(&answer, TIMESTAMP_ANSWER_MAX);
	f = timestamp_query_write(&q, &query);
	if (!f)
		f = ask(address, "application/timestamp-query",
		    buf_view(&query), TIMESTAMP_ANSWER_MAX, &answer, note);
	if (!f)
		f = timestamp_answer_check(
		    buf_view(&answer), &q, when_now(), &found, note);
	if (!f)
		f = judge(list, found, &q, note);
	if (!f) {
		*token = arena_copy(arena, found);
		f = token->data ? FAIL_NONE : FAIL_MEMORY;
	}
	buf_free(&answer);
	buf_free(&query);
	return f;
}

enum fail
tsa_ask(const struct tsa_list *list, const struct timestamp_query *wanted,
    struct arena *arena, struct bytes *token, struct note *note)
{
	const char *addresses = list->addresses ? list->addresses : "";
	enum fail f = FAIL_USAGE;

	while (*addresses) {
		size_t len = strcspn(addresses, ",");
		char one[ADDRESS_MAX];

		snprintf(one, sizeof(one), "%.*s", (int)len, addresses);
		f = FAIL_CLOCK;
		for (unsigned i = 0; i < TSA_TRIES && f == FAIL_CLOCK; i++)
			f = ask_once(list, one, wanted, arena, token, note);
		if (!f || f == FAIL_USAGE)
			return f;
		addresses += len + (addresses[len] == ',');
	}
	return f;
}

#include "firmware/flow/signer.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/when.h"
#include "autoconf.h"
#include "crypto/cert_file.h"
#include "crypto/chain.h"
#include "crypto/signing_cert.h"
#include "firmware/flow/flow.h"
#include "storage/settings.h"

#define FETCH_MS 5000u /* somebody waits with his PIN typed */

bool
signer_may(const struct cert *root, const struct cert *ca, bool *test)
{
	*test = !cert_file_is_state_root(root);
	if (!*test)
		return cert_file_is_state_ca(ca);
#ifdef CONFIG_TEST_ROOT
	return true;
#else
	return false;
#endif
}

bool
signer_is_test(struct txn *txn)
{
	struct bytes der;
	struct cert root;

	return !settings_get(txn, SETTING_ROOT, &der) &&
	    (cert_read(der, &root, NULL) || !cert_file_is_state_root(&root));
}

enum fail
signer_load(
    struct txn *txn, struct arena *arena, const uint8_t *hash, struct signer *s)
{
	struct cert pool, root;
	struct chain path;
	struct bytes der, digest = { NULL, 0 };
	struct signing_wish wish = { .pss = settings_number(
					 txn, SETTING_PSS, 0, 1, 0) };
	char name[64] = "cert.";
	enum fail f;

	if (!settings_get(txn, SETTING_DIGEST, &digest))
		wish.digest = signing_digest(digest);
	bytes_to_hex((struct bytes){ hash, 16 }, name + strlen(name));
	memcpy(s->hash, hash, HASH_LEN);
	f = settings_hold(txn, arena, name, &der);
	if (f)
		return f == FAIL_MISSING ? FAIL_KEY : f;
	f = cert_read(der, &s->cert, NULL);
	if (!f)
		f = settings_hold(txn, arena, SETTING_ROOT, &s->root);
	if (!f)
		f = settings_hold(txn, arena, SETTING_CHAIN, &s->chain[1]);
	if (!f)
		f = cert_read(s->chain[1], &pool, NULL);
	if (!f)
		f = cert_read(s->root, &root, NULL);
	if (!f)
		f = chain_build(&s->cert, (struct cert_set){ &pool, 1 },
		    (struct cert_set){ &root, 1 }, when_now(), &path, NULL);
	if (!f)
		f = signing_cert_may(&s->cert, when_now(), NULL);
	if (!f && !signer_may(&root, &pool, &s->test))
		f = FAIL_CHAIN;
	s->chain[0] = der;
	s->chain_count = 2;
	s->algorithm = signing_algorithm(&s->cert.key, &wish);
	return f;
}

/* ---- is it revoked? ---- */

struct look {
	struct job job;
	const struct signer *signer;
	flow_trusted *done;
	void *context;
	bool strict;
	int evidence; /* descriptor, or -1 */
	unsigned rounds;
	struct evidence_needs needs;
	size_t need;
};

static void ask(struct core *core, struct look *l);

static void
end(struct core *core, struct look *l, enum fail f)
{
	flow_trusted *done = l->done;
	void *context = l->context;

	/* Nobody told, or the worker could not be asked: that is no reason to
	 * stop the office, unless the agency has said so. */
	if (f && f != FAIL_REVOKED) {
		log_warning("the signer's state is not known: %s%s",
		    fail_name(f), l->strict ? "; nothing is signed" : "");
		f = l->strict ? FAIL_STATUS : FAIL_NONE;
	}
	free(l);
	done(core, context, f);
}

static void
came(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct look *l = (struct look *)job;

	flow_fetched(core, &l->needs.items[l->need++], f, reply);
	if (l->need == l->needs.count)
		ask(core, l);
	else
		flow_fetch(core, job, &l->needs.items[l->need], FETCH_MS, came);
}

static void
judged(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct look *l = (struct look *)job;

	close(l->evidence);
	if (!f) {
		struct cursor c = cursor_of(reply->payload);
		struct bytes why;

		f = message_fail(&c);
		why = cursor_field(&c);
		if (f)
			log_notice("signer: %.*s", (int)why.len,
			    why.len ? (const char *)why.data : "");
		else
			f = evidence_read(
			    &c, &core->evidence, &l->needs, when_now());
	}
	if (f || !l->needs.count || ++l->rounds == EVIDENCE_ROUNDS_MAX) {
		end(core, l, !f && l->needs.count ? FAIL_MISSING : f);
		return;
	}
	l->need = 0;
	flow_fetch(core, job, &l->needs.items[0], FETCH_MS, came);
}

static void
ask(struct core *core, struct look *l)
{
	enum fail f =
	    evidence_bundle(&core->evidence, when_now(), &l->evidence);

	if (f) {
		end(core, l, f);
		return;
	}
	buf_u64(&core->out, (uint64_t)when_now());
	buf_field(&core->out, l->signer->chain[0]);
	buf_field(&core->out, l->signer->root);
	buf_field(&core->out, l->signer->chain[1]);
	job_ask_worker(core, &l->job, MESSAGE_WORK_TRUST, &core->out,
	    l->evidence, -1, judged);
}

/* May the box go out, and must somebody have told? */
static enum fail
read_settings(struct core *core, bool *online, bool *strict)
{
	struct bytes egress = { NULL, 0 }, word = { NULL, 0 };
	struct txn *txn;
	enum fail f = core_read(core, &txn);

	if (f)
		return f;
	f = settings_get(txn, SETTING_STRICT, &word);
	if (!f || f == FAIL_MISSING)
		f = settings_get(txn, SETTING_EGRESS, &egress);
	*strict = bytes_equal_text(word, "1");
	*online = egress.len > 0;
	txn_abort(txn);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

void
flow_trust(struct core *core, const struct signer *signer, flow_trusted *done,
    void *context)
{
	bool strict, online;
	enum fail f = read_settings(core, &online, &strict);
	struct look *l;

	/* What the agency has said is not guessed. */
	if (f || (!online && !strict)) {
		done(core, context, f);
		return;
	}
	l = calloc(1, sizeof(*l));
	if (!l) {
		done(core, context, FAIL_MEMORY);
		return;
	}
	*l = (struct look){ .signer = signer,
		.done = done,
		.context = context,
		.strict = strict,
		.evidence = -1 };
	ask(core, l);
}

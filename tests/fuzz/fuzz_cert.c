#include "crypto/cert.h"
#include "crypto/name.h"

#include <psa/crypto.h>

#include "crypto/chain.h"
#include "crypto/name_constraints.h"
#include "crypto/policy.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 8192u

/* As a CA that issued itself three times, and as the leaf below. */
static void
walk_policies(const struct cert *cert)
{
	static const struct path_policy wanted = { .explicit_policy = true };
	struct policy_state s;
	enum fail f = policy_begin(&s, &wanted, 4);

	for (unsigned i = 0; i < 4 && !f; i++)
		f = policy_next(&s, cert, i == 3, NULL);
	fuzz_must(s.count <= POLICY_LEVEL_MAX);
	if (cert->name_constraints.len)
		(void)!names_within(cert, cert, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	struct bytes in = { data, size };
	struct cert cert;
	struct cert_set set = { &cert, 1 };
	struct chain chain;
	struct note note = { 0 };
	struct buf text;
	uint8_t hash[HASH_LEN];
	char shown[64];

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (!started)
		started = psa_crypto_init() == PSA_SUCCESS;
	if (cert_read(in, &cert, &note))
		return 0;
	fuzz_must(cert.der.len == size);
	fuzz_must(fuzz_within(cert.tbs, in) && fuzz_within(cert.serial, in));
	fuzz_must(fuzz_within(cert.subject, in) &&
	    fuzz_within(cert.issuer, in) && fuzz_within(cert.signature, in));
	name_keep(cert.subject, shown, sizeof(shown));
	fuzz_must(strlen(shown) < sizeof(shown));
	(void)name_is_clear(cert.subject);
	cert_hash(&cert, hash);
	buf_init(&text, 65536);
	(void)!name_text(cert.subject, &text);
	(void)!name_text(cert.issuer, &text);
	buf_free(&text);
	(void)cert_has_purpose(&cert, 0);
	(void)cert_self_issued(&cert);
	(void)!cert_verify(&cert, &cert.key);
	walk_policies(&cert);
	(void)!chain_build(
	    &cert, set, (struct cert_set){ NULL, 0 }, 0, &chain, &note);
	return 0;
}

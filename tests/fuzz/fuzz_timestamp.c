#include "crypto/timestamp.h"

#include <psa/crypto.h>

#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 16384u

static void
judge(struct bytes token)
{
	static struct timestamp t;
	static struct cert certs[CMS_CERTS_MAX];
	static const uint8_t digest[HASH_MAX];
	const struct cert *authority;
	size_t count = 0;

	if (timestamp_read(token, &t, NULL))
		return;
	fuzz_must(fuzz_within(t.imprint, token));
	fuzz_must(fuzz_within(t.serial, token) && fuzz_within(t.nonce, token));
	fuzz_must(t.imprint.len == hash_len(t.hash));
	for (size_t i = 0; i < t.cms.cert_count; i++)
		count += !cert_read(t.cms.certs[i], &certs[count], NULL);
	/* Nobody stamped the digest of zeros. */
	fuzz_must(timestamp_verify(&t, digest, certs, count, &authority, NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct timestamp_query q = { .hash = HASH_SHA256 };
	static bool started;
	struct bytes in = { data, size }, token;
	struct note note = { 0 };

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (!started)
		started = psa_crypto_init() == PSA_SUCCESS;
	judge(in);
	if (!timestamp_answer_read(in, &q, &token, &note))
		fuzz_must(fuzz_within(token, in));
	return 0;
}

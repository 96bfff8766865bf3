#include "crypto/crl.h"

#include <psa/crypto.h>

#include "crypto/distribution.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 8192u

static const uint8_t serial[] = { 0x10, 0x01 };

static void
read_whole(struct bytes in, const struct crl_wanted *wanted, struct crl *crl)
{
	crl_begin(crl, wanted, 1);
	(void)!crl_feed(crl, in);
	(void)!crl_end(crl);
}

/* The first byte is the size of the pieces; whatever it is, the same comes out
 * as of the whole. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	static const uint8_t key_bytes[4];
	struct public_key nobody = { .spki = BYTES_ARRAY(key_bytes) };
	struct crl_wanted wanted = { { NULL, 0 }, BYTES_ARRAY(serial) };
	struct bytes in = { data + 1, size - 1 };
	struct crl whole, pieces;
	size_t step;

	if (!size || size > FUZZ_SIZE_MAX)
		return 0;
	if (!started)
		started = psa_crypto_init() == PSA_SUCCESS;
	read_whole(in, &wanted, &whole);
	step = data[0] ? data[0] : 1;
	crl_begin(&pieces, &wanted, 1);
	for (size_t at = 0; at < in.len; at += step)
		if (crl_feed(&pieces, bytes_part(in, at, step)))
			break;
	(void)!crl_end(&pieces);
	fuzz_must(!whole.fail == !pieces.fail);
	if (!whole.fail) {
		fuzz_must(whole.count == pieces.count);
		fuzz_must(bytes_equal(whole.issuer, pieces.issuer));
		fuzz_must(bytes_equal(whole.signature, pieces.signature));
		fuzz_must(!memcmp(whole.digest, pieces.digest, HASH_MAX));
		fuzz_must(whole.entries[0].found == pieces.entries[0].found);
		fuzz_must(crl_verify(&whole, &nobody) != FAIL_NONE);
		(void)distribution_match(whole.scope.point, in, whole.issuer);
	}
	crl_free(&pieces);
	crl_free(&whole);
	return 0;
}

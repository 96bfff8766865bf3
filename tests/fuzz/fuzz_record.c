#include "crypto/evidence_record.h"

#include <psa/crypto.h>

#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 16384u

static void
digest(
    void *context, size_t n, enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	(void)context;
	hash_bytes(kind,
	    n ? BYTES_TEXT("another one") : BYTES_TEXT("a document"), out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ers record;
	static bool started;
	struct ers_group group = { .digest = digest };
	struct note note = { 0 };
	struct bytes in = { data, size };

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (!started)
		started = psa_crypto_init() == PSA_SUCCESS;
	group.count = 2;
	(void)!ers_read(in, &group, &record, &note);
	group.count = 1;
	if (ers_read(in, &group, &record, &note))
		return 0;
	fuzz_must(record.count > 0 && record.count <= ERS_STAMPS_MAX);
	for (size_t i = 0; i < record.count; i++)
		fuzz_must(fuzz_within(record.stamps[i].token, in));
	return 0;
}

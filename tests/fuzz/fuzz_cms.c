#include "crypto/cms.h"

#include <psa/crypto.h>

#include "crypto/cms_archive.h"
#include "crypto/der_read.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 16384u

/* What can be taken apart can be put together again, with one attribute more.
 */
static void
archive(struct bytes in)
{
	static const uint8_t content[HASH_MAX];
	uint8_t digest[HASH_MAX];
	struct buf index, out;

	buf_init(&index, CMS_ARCHIVE_INDEX_MAX);
	buf_init(&out, 8 * FUZZ_SIZE_MAX);
	if (!cms_archive_digest(in, HASH_SHA256, content, &index, digest) &&
	    !cms_archive_add(in, in, buf_view(&index), &out)) {
		struct bytes made = buf_view(&out);

		buf_clear(&index);
		fuzz_must(!cms_archive_digest(
		    made, HASH_SHA256, content, &index, digest));
	}
	buf_free(&out);
	buf_free(&index);
}

static void
judge(struct bytes in)
{
	static struct cert certs[CMS_CERTS_MAX];
	static const uint8_t digest[HASH_MAX];
	const struct cert *signer;
	struct note note = { 0 };
	size_t count = 0;
	struct cms cms;

	if (cms_read(in, &cms, &note))
		return;
	fuzz_must(cms.cert_count <= CMS_CERTS_MAX);
	fuzz_must(fuzz_within(cms.signer.signature, in));
	fuzz_must(fuzz_within(cms.signer.attributes, in));
	for (size_t i = 0; i < cms.signer.stamp_count; i++)
		fuzz_must(fuzz_within(cms.signer.time_stamps[i], in));
	for (size_t i = 0; i < cms.cert_count; i++) {
		fuzz_must(fuzz_within(cms.certs[i], in));
		if (!cert_read(cms.certs[i], &certs[count], NULL))
			count++;
	}
	signer = cms_find_signer(&cms.signer, certs, count);
	/* Nobody signed the digest of zeros. */
	if (signer)
		fuzz_must(cms_verify(&cms, signer, digest, &note));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	struct bytes in = { data, size };
	struct buf der;
	size_t used;

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (!started)
		started = psa_crypto_init() == PSA_SUCCESS;
	judge(in);
	archive(in);
	buf_init(&der, 2 * FUZZ_SIZE_MAX);
	if (!der_from_ber(in, &der, &used))
		judge(buf_view(&der));
	buf_free(&der);
	return 0;
}

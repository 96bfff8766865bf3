#include "crypto/ocsp.h"

#include <psa/crypto.h>

#include "crypto/distribution.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 8192u

static void
judge(const struct ocsp *o, struct bytes in)
{
	static const uint8_t nothing[4];
	struct cert nobody = { .key.spki = BYTES_ARRAY(nothing) }, room;
	const struct cert *responder;

	fuzz_must(o->single_count <= OCSP_SINGLES_MAX);
	fuzz_must(o->cert_count <= OCSP_CERTS_MAX);
	fuzz_must(fuzz_within(o->tbs, in) && fuzz_within(o->nonce, in));
	fuzz_must(fuzz_within(o->by_name, in) && fuzz_within(o->by_key, in));
	for (size_t i = 0; i < o->single_count; i++)
		fuzz_must(fuzz_within(o->singles[i].serial, in));
	fuzz_must(!ocsp_find(o, &nobody, &nobody));
	fuzz_must(ocsp_verify(o, &nobody, &room, &responder, NULL));
}

/* Also the places of a certificate, which have no target of their own. */
static void
walk_places(struct bytes in)
{
	struct distribution_point point;
	struct der list;

	for (size_t n = 0; n < 4; n++) {
		fuzz_must(fuzz_within(distribution_url(in, n), in));
		fuzz_must(fuzz_within(access_url(in, OID_ACCESS_OCSP, n), in));
	}
	if (distribution_open(in, &list))
		return;
	while (!distribution_next(&list, &point)) {
		fuzz_must(fuzz_within(point.name, in));
		fuzz_must(fuzz_within(point.crl_issuer, in));
		(void)distribution_match(point.name, point.name, in);
		(void)distribution_lists(point.crl_issuer, in);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	static struct ocsp o;
	struct bytes in = { data, size };
	struct note note = { 0 };

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (!started)
		started = psa_crypto_init() == PSA_SUCCESS;
	if (!ocsp_read(in, &o, &note))
		judge(&o, in);
	if (!ocsp_read_basic(in, &o, &note))
		judge(&o, in);
	walk_places(in);
	return 0;
}

#include "document/cades_check.h"

#include <psa/crypto.h>

#include "tests/fuzz/fuzz_report.h"

#define FUZZ_SIZE_MAX 65536u
#define NOW INT64_C(1795392000) /* 2026-11-23 */

static void
check(struct bytes in, const struct disk_map *content, bool assume)
{
	struct check_policy policy = { .trust = { .now = NOW },
		.assume_trusted = assume };
	struct signature_report report;

	if (cades_check(in, content, &policy, &report))
		return;
	fuzz_must(report.count > 0);
	for (size_t i = 0; i < report.count; i++) {
		const struct findings *r = &report.results[i];

		/* Nothing is valid that was not looked at, or that nobody
		 * trusts. */
		fuzz_must(r->verdict != VERDICT_VALID ||
		    (assume && !r->cms && !r->digest && !r->value &&
			r->has_signer));
	}
	if (in.len % FUZZ_REPORT_EACH == 0)
		fuzz_report(&report);
	signature_report_free(&report);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	struct disk_map content = { .bytes = BYTES_TEXT("content"), .fd = -1 };
	struct bytes in = { data, size };

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (!started)
		started = psa_crypto_init() == PSA_SUCCESS;
	check(in, &content, true);
	check(in, NULL, true);
	check(in, &content, false);
	return 0;
}

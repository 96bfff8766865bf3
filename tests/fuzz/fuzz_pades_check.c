#include "document/pades_check.h"

#include <psa/crypto.h>

#include "tests/fuzz/fuzz_report.h"

#define FUZZ_SIZE_MAX 65536u

/* One that may be trusted is no better than what the two files say, for it may
 * have been put together from steps; any other is what they say.  A comparison
 * may have taken more steps than it is allowed. */
static void
must_agree(enum pdf_changes told, enum pdf_changes plain)
{
	if (told == CHANGES_UNKNOWN || plain == CHANGES_UNKNOWN)
		return;
	fuzz_must(told <= CHANGES_FORM ? plain <= told : plain == told);
}

/* Two files that share nothing, neither with each other nor with what was
 * compared before, give the same answer about what came after.  What a lock
 * holds is asked of the findings only. */
static void
compare_plainly(struct bytes in, const struct findings *r)
{
	struct pdf_file old, new;
	struct note note;
	enum pdf_changes changes;

	if (r->cms || r->digest || r->value || r->locks_fields ||
	    r->changes == CHANGES_NONE ||
	    pdf_file_open(&old, bytes_part(in, 0, r->signed_end)))
		return;
	if (!pdf_file_open(&new, in)) {
		changes =
		    pdf_changes_judge(&old, &new, STAGE_SIGNED, NULL, &note);
		must_agree(r->changes, changes);
		pdf_file_close(&new);
	}
	pdf_file_close(&old);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	static const struct check_policy policy = { .trust.now = 1750000000,
		.assume_trusted = true };
	struct signature_report report;
	struct pdf_file file;

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (!started)
		started = psa_crypto_init() == PSA_SUCCESS;
	if (pdf_file_open(&file, (struct bytes){ data, size }))
		return 0;
	if (!pades_check(&file, &policy, &report)) {
		fuzz_must(
		    (report.count == 0) == (report.verdict == VERDICT_NONE));
		for (size_t i = 0; i < report.count; i++) {
			const struct findings *r = &report.results[i];

			fuzz_must(r->signed_end <= size);
			compare_plainly((struct bytes){ data, size }, r);
			if (r->verdict == VERDICT_VALID)
				fuzz_must(!r->ranges && !r->cms && !r->digest &&
				    !r->value && r->has_signer &&
				    r->changes <= CHANGES_FORM);
			else
				fuzz_must(report.verdict != VERDICT_VALID);
		}
		if (size % FUZZ_REPORT_EACH == 0)
			fuzz_report(&report);
		signature_report_free(&report);
	}
	pdf_file_close(&file);
	return 0;
}

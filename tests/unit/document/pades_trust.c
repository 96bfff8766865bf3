#include "document/pades_trust.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "crypto/cert_file.h"

#define BEFORE (CERT_LEGACY_UNTIL - 1)

/* Certificates of the program itself: whether they are of the first root. */
static bool
is_of_g1(const struct cert *cert, struct cert_set roots)
{
	for (size_t i = 0; i < roots.count; i++)
		if (cert_file_is_legacy_root(&roots.certs[i]) &&
		    bytes_equal(roots.certs[i].subject, cert->issuer))
			return true;
	return false;
}

static void
assert_judged(struct trust *trust, const struct cert *cert, bool legacy)
{
	const struct {
		int64_t instant;
		enum fail signer;
	} rows[] = { { BEFORE, FAIL_NONE },
		{ CERT_LEGACY_UNTIL, legacy ? FAIL_CHAIN : FAIL_NONE },
		{ CERT_LEGACY_UNTIL + 31536000,
		    legacy ? FAIL_CHAIN : FAIL_NONE } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct trust_answer a;

		trust_judge_signer(trust, cert, rows[i].instant, &a);
		assert_int_equal(a.chain, rows[i].signer);
		assert_int_equal(
		    a.revocation, rows[i].signer ? FAIL_MISSING : FAIL_NONE);
		/* A time-stamp authority may stand there all the time. */
		trust_judge(trust, cert, rows[i].instant, &a);
		assert_int_equal(a.chain, FAIL_NONE);
	}
}

static void
a_legacy_root_vouches_for_old_signatures_only(void **state)
{
	struct cert_file_set roots, cas;
	struct trust_policy policy;
	struct trust trust;
	unsigned legacy = 0, others = 0;

	(void)state;
	cert_file_set_init(&roots);
	cert_file_set_init(&cas);
	assert_int_equal(cert_file_add_builtin_roots(&roots, NULL), FAIL_NONE);
	assert_int_equal(cert_file_add_builtin_cas(&cas, NULL), FAIL_NONE);
	policy = (struct trust_policy){ .roots = cert_file_view(&roots),
		.pool = cert_file_view(&cas),
		.now = CERT_LEGACY_UNTIL,
		.no_revocation = true };
	assert_int_equal(trust_open(&trust, &policy, NULL), FAIL_NONE);
	for (size_t i = 0; i < policy.pool.count; i++) {
		const struct cert *ca = &policy.pool.certs[i];
		bool is_legacy = is_of_g1(ca, policy.roots);

		assert_judged(&trust, ca, is_legacy);
		legacy += is_legacy;
		others += !is_legacy;
	}
	assert_true(legacy == 5 && others == 2);
	trust_close(&trust);
	cert_file_set_free(&cas);
	cert_file_set_free(&roots);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_legacy_root_vouches_for_old_signatures_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

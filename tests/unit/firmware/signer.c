#include "firmware/flow/signer.h"

#include "crypto/cert_file.h"
#include "storage/settings.h"
#include "tests/unit/storage/store_test.h"

static struct cert_file_set known;

/* The certificate of the trees that this program knows with this name. */
static const struct cert *
named(const char *name)
{
	for (size_t i = 0; i < known.count; i++)
		if (bytes_find(known.certs[i].subject, name) != SIZE_MAX)
			return &known.certs[i];
	fail_msg("no %s", name);
	return NULL;
}

static void
only_the_state_s_ca_signs_below_its_root(void **state)
{
	const struct cert *g2 = named("RootCA chuy\xC3\xAAn d\xC3\xB9ng "
				      "Ch\xC3\xADnh ph\xE1\xBB\xA7 G2");
	const struct cert *of_state =
	    named("c\xC6\xA1 quan Nh\xC3\xA0 n\xC6\xB0\xE1\xBB\x9B"
		  "c G2");
	bool test = true;

	(void)state;
	assert_true(signer_may(g2, of_state, &test));
	assert_false(test);
	for (size_t i = 0; i < known.count; i++) {
		const struct cert *c = &known.certs[i];

		if (c != of_state)
			assert_false(signer_may(g2, c, &test));
		/* Below another root it is a test, whatever its name. */
		if (c != g2) {
			assert_true(signer_may(c, of_state, &test));
			assert_true(test);
		}
	}
}

static void
another_root_makes_it_a_test(void **state)
{
	struct place *p = *state;

	assert_false(signer_is_test(p->txn));
	for (size_t i = 0; i < known.count; i++) {
		const struct cert *c = &known.certs[i];

		assert_int_equal(
		    settings_put(p->txn, SETTING_ROOT, c->der), FAIL_NONE);
		assert_int_equal(
		    signer_is_test(p->txn), !cert_file_is_state_root(c));
	}
	assert_int_equal(
	    settings_put(p->txn, SETTING_ROOT, BYTES_TEXT("x")), FAIL_NONE);
	assert_true(signer_is_test(p->txn));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_state_s_ca_signs_below_its_root),
		cmocka_unit_test_setup_teardown(
		    another_root_makes_it_a_test, place_open, place_close),
	};
	struct note note;
	int failed;

	cert_file_set_init(&known);
	if (cert_file_add_tree(&known, TREE_STATE, &note) ||
	    cert_file_add_tree(&known, TREE_PARTY, &note))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	cert_file_set_free(&known);
	return failed;
}

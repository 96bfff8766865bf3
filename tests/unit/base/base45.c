#include "base/base45.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* RFC 9285 4.3 and 4.4. */
static const struct {
	const char *plain, *coded;
} examples[] = {
	{ "AB", "BB8" },
	{ "Hello!!", "%69 VD92EX0" },
	{ "base-45", "UJCLQE7W581" },
	{ "ietf!", "QED8WEX0" },
	{ "", "" },
};

static void
the_rfcs_examples(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 64);
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		buf_clear(&out);
		base45_put(BYTES_TEXT(examples[i].plain), &out);
		assert_true(
		    bytes_equal_text(buf_view(&out), examples[i].coded));
		buf_clear(&out);
		assert_int_equal(
		    base45_read(BYTES_TEXT(examples[i].coded), &out),
		    FAIL_NONE);
		assert_true(
		    bytes_equal_text(buf_view(&out), examples[i].plain));
	}
	buf_free(&out);
}

static void
what_is_no_base45(void **state)
{
	/* The RFC's own "GGW" is 65536; a lone letter; small letters. */
	static const char *const wrong[] = { "GGW", ":::", "A", "BB8A", "bb8",
		"BB_", "::" };
	struct buf out;

	(void)state;
	buf_init(&out, 64);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    base45_read(BYTES_TEXT(wrong[i]), &out), FAIL_FORMAT);
	buf_clear(&out);
	assert_int_equal(base45_read(BYTES_TEXT("FGW"), &out), FAIL_NONE);
	assert_int_equal(out.len, 2);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rfcs_examples),
		cmocka_unit_test(what_is_no_base45),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

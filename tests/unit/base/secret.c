#include "base/secret.h"

#include <stdio.h>
#include <stdlib.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static int
open_secret(void **state)
{
	static struct secret s;

	*state = &s;
	return secret_init(&s) ? -1 : 0;
}

static int
close_secret(void **state)
{
	secret_free(*state);
	return 0;
}

static void
new_secret_is_empty(void **state)
{
	assert_int_equal(secret_get(*state).len, 0);
}

static void
content_is_replaced_not_added(void **state)
{
	assert_int_equal(secret_set(*state, BYTES_TEXT("12345678")), FAIL_NONE);
	assert_true(bytes_equal_text(secret_get(*state), "12345678"));
	assert_int_equal(secret_set(*state, BYTES_TEXT("42")), FAIL_NONE);
	assert_true(bytes_equal_text(secret_get(*state), "42"));
}

/* What a shorter PIN leaves of a longer one would be found in a core file. */
static void
shorter_content_leaves_nothing_of_the_longer(void **state)
{
	struct secret *s = *state;

	assert_int_equal(secret_set(s, BYTES_TEXT("12345678")), FAIL_NONE);
	assert_int_equal(secret_set(s, BYTES_TEXT("42")), FAIL_NONE);
	for (size_t i = 2; i < SECRET_MAX; i++)
		assert_int_equal(s->data[i], 0);
}

static void
longest_content_fits_and_one_more_is_refused(void **state)
{
	struct secret *s = *state;
	uint8_t big[SECRET_MAX + 1];

	memset(big, 'k', sizeof(big));
	assert_int_equal(
	    secret_set(s, (struct bytes){ big, SECRET_MAX }), FAIL_NONE);
	assert_int_equal(secret_get(s).len, SECRET_MAX);
	assert_int_equal(secret_set(s, BYTES_ARRAY(big)), FAIL_LIMIT);
	assert_int_equal(secret_get(s).len, 0);
	for (size_t i = 0; i < SECRET_MAX; i++)
		assert_int_equal(s->data[i], 0);
}

static void
wiping_zeroes_and_keeps_the_page(void **state)
{
	struct secret *s = *state;
	uint8_t *page = s->data;

	assert_int_equal(secret_set(s, BYTES_TEXT("12345678")), FAIL_NONE);
	secret_wipe(s);
	assert_ptr_equal(s->data, page);
	assert_int_equal(secret_get(s).len, 0);
	for (size_t i = 0; i < SECRET_MAX; i++)
		assert_int_equal(page[i], 0);
}

static void
zeroed_secret_may_be_wiped_and_freed(void **state)
{
	struct secret s = { NULL, 0 };

	(void)state;
	secret_wipe(&s);
	secret_free(&s);
	assert_null(s.data);
}

static void
freeing_twice_is_harmless(void **state)
{
	struct secret s;

	(void)state;
	assert_int_equal(secret_init(&s), FAIL_NONE);
	assert_int_equal(secret_set(&s, BYTES_TEXT("1")), FAIL_NONE);
	secret_free(&s);
	assert_null(s.data);
	assert_int_equal(s.len, 0);
	secret_free(&s);
}

/* AddressSanitizer makes mlock do nothing. */
#ifdef __SANITIZE_ADDRESS__
#define LOCKS_WORK false
#else
#define LOCKS_WORK true
#endif

/* The kernel's own word for it: "lo" locked, "dd" not in core files. */
static bool
emulated(void)
{
	const char *set = getenv("ANTIN_EMULATED");

	return set && *set;
}

static void
page_is_locked_and_left_out_of_core_files(void **state)
{
	struct secret *s = *state;
	FILE *maps = fopen("/proc/self/smaps", "re");
	char line[512];
	bool ours = false, told = false;

	/* qemu-user shows maps of its own. */
	if (!maps || emulated()) {
		print_message("no /proc/self/smaps here\n");
		skip();
		return;
	}
	while (fgets(line, sizeof(line), maps)) {
		uintptr_t from, to;

		char *end;

		from = strtoul(line, &end, 16);
		to = *end == '-' ? strtoul(end + 1, &end, 16) : 0;
		if (to && *end == ' ')
			ours = from <= (uintptr_t)s->data &&
			    (uintptr_t)s->data < to;
		if (!ours || strncmp(line, "VmFlags:", 8))
			continue;
		told = true;
		assert_true(!LOCKS_WORK || strstr(line, " lo"));
		assert_non_null(strstr(line, " dd"));
	}
	fclose(maps);
	if (!told) {
		print_message("smaps tells no flags here\n");
		skip();
	}
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_secret, close_secret)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(new_secret_is_empty),
		ROW(content_is_replaced_not_added),
		ROW(shorter_content_leaves_nothing_of_the_longer),
		ROW(longest_content_fits_and_one_more_is_refused),
		ROW(wiping_zeroes_and_keeps_the_page),
		ROW(zeroed_secret_may_be_wiped_and_freed),
		ROW(freeing_twice_is_harmless),
		ROW(page_is_locked_and_left_out_of_core_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

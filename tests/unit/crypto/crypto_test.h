/* What the tests of crypto/ share: memory for a row, bytes from hex and the
 * real files of ../shared/pki-real. */
#ifndef TESTS_UNIT_CRYPTO_CRYPTO_TEST_H
#define TESTS_UNIT_CRYPTO_CRYPTO_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"

static struct arena memory;

static inline int
open_memory(void **state)
{
	(void)state;
	arena_init(&memory, 16 << 20);
	return 0;
}

static inline int
close_memory(void **state)
{
	(void)state;
	arena_free(&memory);
	return 0;
}

/* A file of the shared folder beside the checkout; skips without the folder. */
static inline struct bytes
shared_file(const char *name)
{
	const char *folder = getenv("ANTIN_SHARED");
	char path[4096];
	uint8_t *data = arena_take(&memory, 1 << 20, 1);
	size_t len;
	FILE *file;

	if (!folder)
		folder = "../shared";
	if (access(folder, R_OK)) {
		print_message("no folder %s: skipped\n", folder);
		skip();
	}
	snprintf(path, sizeof(path), "%s/pki-real/%s", folder, name);
	file = fopen(path, "rb");
	if (!file || !data)
		fail_msg("cannot read %s", path);
	len = fread(data, 1, 1 << 20, file);
	fclose(file);
	return (struct bytes){ data, len };
}

static inline struct bytes
unhex(const char *hex)
{
	size_t len = strlen(hex) / 2;
	uint8_t *data = arena_take(&memory, len + 1, 1);

	assert_non_null(data);
	assert_true(bytes_from_hex(hex, 2 * len, data, len));
	return (struct bytes){ data, len };
}

#endif

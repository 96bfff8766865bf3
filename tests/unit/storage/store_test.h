/* A store of its own for every row, in a folder that is gone afterwards. */
#ifndef TESTS_UNIT_STORAGE_STORE_TEST_H
#define TESTS_UNIT_STORAGE_STORE_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "storage/store.h"

#define TEST_MAP (UINT64_C(64) << 20)

struct place {
	char folder[64];
	struct store *store;
	struct txn *txn; /* a write transaction, aborted at the end */
};

static inline void
place_txn(struct place *p)
{
	assert_int_equal(txn_begin(p->store, true, NULL, &p->txn), FAIL_NONE);
}

static inline void
place_commit(struct place *p)
{
	struct txn *txn = p->txn;

	p->txn = NULL;
	assert_int_equal(txn_commit(txn), FAIL_NONE);
}

static inline int
place_open_sized(void **state, uint64_t map_size)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	snprintf(p->folder, sizeof(p->folder), "/tmp/antin-store.XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	assert_int_equal(
	    store_open(p->folder, map_size, false, &p->store), FAIL_NONE);
	place_txn(p);
	*state = p;
	return 0;
}

static inline int
place_open(void **state)
{
	return place_open_sized(state, TEST_MAP);
}

static inline int
place_close(void **state)
{
	static const char *const files[] = { "data.mdb", "lock.mdb" };
	struct place *p = *state;
	char path[96];

	txn_abort(p->txn);
	store_close(p->store);
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", p->folder, files[i]);
		unlink(path);
	}
	rmdir(p->folder);
	free(p);
	return 0;
}

/* Close the store and open it again, as after a restart. */
static inline void
place_restart(struct place *p)
{
	txn_abort(p->txn);
	store_close(p->store);
	assert_int_equal(
	    store_open(p->folder, TEST_MAP, false, &p->store), FAIL_NONE);
	place_txn(p);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, place_open, place_close)

#endif

/*
 * A round of archiving over many files, in turns as core does them, each
 * committed: seconds to collect and build, milliseconds of the longest turn,
 * microseconds to find one file's way.
 *
 *   rounds FOLDER FILES
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "storage/round.h"

#define TURN_FILES 2048u /* of 1,024 documents */
#define TURN_CHUNKS 8u
#define RECORDS 1000u

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
hash_of(uint64_t n, uint8_t hash[static HASH_LEN])
{
	uint8_t key[8];

	key_u64(key, n);
	hash_sha256(BYTES_ARRAY(key), hash);
}

static void
must(enum fail f)
{
	if (!f)
		return;
	fprintf(stderr, "rounds: %s\n", fail_name(f));
	exit(1);
}

/* One turn; false: there is no more to do. */
static bool
turn(struct store *store, struct round *r, uint64_t files)
{
	uint8_t hash[HASH_LEN];
	struct txn *txn;

	must(txn_begin(store, true, NULL, &txn));
	if (r->state == ROUND_COLLECTING) {
		for (size_t i = 0; i < TURN_FILES && r->next < files; i++) {
			hash_of(r->next++, hash);
			must(round_add(txn, r, hash));
		}
		if (r->next == files) {
			r->state = ROUND_BUILDING;
			r->next = 0;
		}
		must(round_put(txn, r));
	} else {
		must(round_build(txn, r, TURN_CHUNKS));
	}
	must(txn_commit(txn));
	return r->state != ROUND_WAITING;
}

static double
records(struct store *store, struct round *r, uint64_t files)
{
	static struct hash_link links[ROUND_LINKS_MAX];
	uint8_t hash[HASH_LEN];
	struct txn *txn;
	size_t count;
	double began;

	must(txn_begin(store, true, NULL, &txn));
	r->state = ROUND_STAMPED;
	r->token = BYTES_TEXT("no token");
	must(round_put(txn, r));
	must(txn_commit(txn));
	must(txn_begin(store, false, NULL, &txn));
	began = now();
	for (uint64_t i = 0; i < RECORDS; i++) {
		hash_of(i * (files / RECORDS), hash);
		must(round_links(txn, hash, links, &count));
	}
	began = now() - began;
	txn_abort(txn);
	return began;
}

int
main(int argc, char **argv)
{
	uint64_t files = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	struct round r = { .number = 1, .state = ROUND_COLLECTING };
	double began, longest = 0;
	struct store *store;
	bool more = true;

	if (files < RECORDS)
		return 2;
	must(store_open(argv[1], UINT64_C(8) << 30, false, &store));
	began = now();
	while (more) {
		double turned = now();

		more = turn(store, &r, files);
		turned = now() - turned;
		if (turned > longest)
			longest = turned;
	}
	printf("%.2f %.1f ", now() - began, longest * 1e3);
	printf("%.1f\n", records(store, &r, files) * 1e6 / RECORDS);
	store_close(store);
	return 0;
}

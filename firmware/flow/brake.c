#include "firmware/flow/brake.h"

#include "crypto/hash.h"

#define KINDS 3u

static const unsigned tries_max[KINDS] = { BRAKE_TRIES_BOTH, BRAKE_TRIES_NAME,
	BRAKE_TRIES_PLACE };

/* What is counted, as a number that cannot be chosen to meet another's. */
static uint64_t
key_of(size_t kind, struct bytes name, struct bytes place)
{
	uint8_t hash[HASH_MAX], sort = (uint8_t)kind;
	struct hash h;
	uint64_t key;

	hash_init(&h, HASH_SHA256);
	hash_add(&h, (struct bytes){ &sort, 1 });
	if (kind != 2)
		hash_add(&h, name);
	hash_add(&h, (struct bytes){ (const uint8_t *)"", 1 });
	if (kind != 1)
		hash_add(&h, place);
	hash_done(&h, hash);
	memcpy(&key, hash, sizeof(key));
	return key ? key : 1;
}

/* The row of a key; else a free one or the one longest untouched. */
static struct brake_row *
row_of(struct brake *b, uint64_t key)
{
	struct brake_row *oldest = &b->rows[0];

	for (size_t i = 0; i < BRAKE_ROWS; i++) {
		struct brake_row *row = &b->rows[i];

		if (row->key == key)
			return row;
		if (oldest->key && (!row->key || row->last < oldest->last))
			oldest = row;
	}
	*oldest = (struct brake_row){ .key = key };
	return oldest;
}

enum fail
brake_try(struct brake *b, struct bytes name, struct bytes place, int64_t now)
{
	uint64_t keys[KINDS];

	for (size_t i = 0; i < KINDS; i++) {
		struct brake_row *row;

		keys[i] = key_of(i, name, place);
		row = row_of(b, keys[i]);
		if (row->tries && now - row->last >= BRAKE_WAIT_MS)
			row->tries = 0;
		if (row->tries >= tries_max[i])
			return FAIL_WAIT;
	}
	for (size_t i = 0; i < KINDS; i++) {
		struct brake_row *row = row_of(b, keys[i]);

		row->tries++;
		row->last = now;
	}
	return FAIL_NONE;
}

void
brake_clear(struct brake *b, struct bytes name, struct bytes place)
{
	struct brake_row *row = row_of(b, key_of(2, name, place));

	for (size_t i = 0; i < 2; i++)
		row_of(b, key_of(i, name, place))->key = 0;
	/* For the place only this try never was: a right password must not buy
	 * an attacker more tries at the others. */
	if (row->tries)
		row->tries--;
}

/*
 * How full the archive is, and what follows from it.
 *
 * From ROOM_LOW on people are warned; at ROOM_FULL no new content is taken
 * (blob_put gives FAIL_FULL), while logins, returns and the journal still go
 * on in the rest.  The level stands in the store, so that every reader of it
 * sees what its writer goes by.
 *
 * The ballast is a file beside the store that only takes up room, for the day
 * when the disk gives no more though the store's ceiling is far: giving it up
 * lets the box go on writing down what happens.
 */
#ifndef STORAGE_ROOM_H
#define STORAGE_ROOM_H

#include "storage/store.h"

#define ROOM_LOW_PER_MILLE 900u
#define ROOM_FULL_PER_MILLE 950u
#define ROOM_BALLAST (4u << 20) /* bytes */

enum room { ROOM_GOOD, ROOM_LOW, ROOM_FULL };

/* The level that belongs to a part in use. */
enum room room_of(unsigned per_mille);

/* The level written down last; ROOM_GOOD in a store where none was. */
enum room room_get(struct txn *txn);
CHECKED enum fail room_put(struct txn *txn, enum room room);

/* Would so many bytes of content still leave the last part of the room free? */
bool room_takes(struct txn *txn, uint64_t bytes);

/* Put the ballast where it is not; FAIL_FULL: there is no room for it. */
CHECKED enum fail room_take_ballast(const struct store *store);

/* Give it up; well also when there is none. */
CHECKED enum fail room_drop_ballast(const struct store *store);

#endif

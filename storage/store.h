/*
 * The archive: one LMDB environment, one writer, any number of readers.  This
 * is the only file that knows LMDB.
 *
 * A transaction is all or nothing and durable when txn_commit returns: no
 * NOSYNC, NOMETASYNC or WRITEMAP ever.  A write transaction may have children;
 * a child's changes join its parent's when it commits and vanish when it
 * aborts, so that many acts share one commit to the disk and none spoils
 * another.  Views got from a transaction die with it (or with the next write in
 * it).
 */
#ifndef STORAGE_STORE_H
#define STORAGE_STORE_H

#include "base/bytes.h"
#include "base/fail.h"

struct store;
struct txn;

/* Tables; FORMATS.md says what each key and value means.  Numbers are in the
 * file: add at the end, never change. */
enum store_table {
	TABLE_META,
	TABLE_RECORDS,  /* documents */
	TABLE_STATES,   /* index of documents by state */
	TABLE_REGISTER, /* lines of the registers: book, year, number */
	TABLE_COUNTERS,
	TABLE_BLOBS,
	TABLE_CHUNKS,
	TABLE_JOURNAL,
	TABLE_PEOPLE,
	TABLE_NAMES, /* user names, never reused */
	TABLE_SESSIONS,
	TABLE_SETTINGS,
	TABLE_STORIES,  /* index of the journal by record */
	TABLE_RAISING,  /* documents that wait for a long-term level */
	TABLE_RENEWALS, /* documents by when they need another time-stamp */
	TABLE_ROUNDS,   /* of archiving, and their time-stamps */
	TABLE_COVERED, /* hashes of files and tokens: the round that has them */
	TABLE_LEAVES,  /* of the round that is open, not in its tree yet */
	TABLE_TREES,   /* a round's nodes, in chunks */
	TABLE_ANNEXES, /* index of annexes by main document */
	TABLE_COUNT
};

#define STORE_KEY_MAX 64u /* bytes */

/*
 * Open the store in folder (which must exist); map_size is the ceiling in
 * bytes, used when it is made.  A read-only opener sees the state of the last
 * commit at each txn_begin.  FAIL_CORRUPT: not a store, or of another format.
 */
CHECKED enum fail store_open(const char *folder, uint64_t map_size,
    bool read_only, struct store **store);
void store_close(struct store *store);

/* Forget readers whose process died: they would keep old pages from use. */
void store_forget_readers(struct store *store);

/* Bytes in use, and bytes the store can ever hold: by its own ceiling or, for
 * its writer, by the room left on its disk.  Pages given back are not in use.
 */
struct store_use {
	uint64_t held, ceiling;
};
void store_measure(struct store *store, struct store_use *use);

/* The part in use in per mille. */
unsigned store_fill(struct store *store);

/* The writer's folder, as a descriptor that stays the store's. */
int store_folder(const struct store *store);

/* Copy the whole store, as of now, to an empty folder, without free pages; the
 * copy is on the disk when this returns. */
CHECKED enum fail store_copy(struct store *store, const char *folder);

/* parent NULL: a transaction of its own. */
CHECKED enum fail txn_begin(
    struct store *store, bool write, struct txn *parent, struct txn **txn);
CHECKED enum fail txn_commit(struct txn *txn); /* ends it, also on failure */
void txn_abort(struct txn *txn);               /* NULL does nothing */
struct store *txn_store(const struct txn *txn);

/* FAIL_MISSING when the key is not there; *value is then left alone. */
CHECKED enum fail table_get(struct txn *txn, enum store_table table,
    struct bytes key, struct bytes *value);
CHECKED enum fail table_put(struct txn *txn, enum store_table table,
    struct bytes key, struct bytes value);

/* FAIL_EXISTS when the key is there. */
CHECKED enum fail table_add(struct txn *txn, enum store_table table,
    struct bytes key, struct bytes value);
CHECKED enum fail
table_delete(struct txn *txn, enum store_table table, struct bytes key);

/* How many keys a table has. */
CHECKED enum fail
table_count(struct txn *txn, enum store_table table, uint64_t *count);

/* The last key of a table whose keys are numbers of 8 bytes; 0: it is empty. */
CHECKED enum fail
table_last(struct txn *txn, enum store_table table, uint64_t *number);

/* A walk over keys in order, from the first one >= from. */
struct table_walk;
CHECKED enum fail table_walk_open(struct txn *txn, enum store_table table,
    struct bytes from, bool backward, struct table_walk **walk);
/* FAIL_MISSING at the end. */
CHECKED enum fail table_walk_next(
    struct table_walk *walk, struct bytes *key, struct bytes *value);
void table_walk_close(struct table_walk *walk);

/* Numbers as keys sort when written big-endian. */
void key_u16(uint8_t out[static 2], uint16_t v);
void key_u32(uint8_t out[static 4], uint32_t v);
void key_u64(uint8_t out[static 8], uint64_t v);
uint64_t key_number(struct bytes key); /* of up to 8 bytes */

#endif

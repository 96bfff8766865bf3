#include "storage/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <lmdb.h>

#define FORMAT_VERSION 1u

struct store {
	MDB_env *env;
	MDB_dbi tables[TABLE_COUNT];
	bool read_only;
	int folder; /* to ask its disk; -1: not asked */
};

struct txn {
	struct store *store;
	MDB_txn *txn;
};

struct table_walk {
	MDB_cursor *cursor;
	uint8_t from[STORE_KEY_MAX];
	size_t from_len;
	bool started, backward;
};

static const char *const names[TABLE_COUNT] = { "meta", "records", "states",
	"register", "counters", "blobs", "chunks", "journal", "people", "names",
	"sessions", "settings", "stories", "raising", "renewals", "rounds",
	"covered", "leaves", "trees", "annexes" };

/* LMDB's codes become ours here and go no further. */
static enum fail
fail_of(int rc)
{
	switch (rc) {
	case MDB_SUCCESS:
		return FAIL_NONE;
	case MDB_NOTFOUND:
		return FAIL_MISSING;
	case MDB_KEYEXIST:
		return FAIL_EXISTS;
	case MDB_MAP_FULL:
	case ENOSPC:
	case EDQUOT:
		return FAIL_FULL;
	/* More under way at once than LMDB's lists hold: passes by itself. */
	case MDB_TXN_FULL:
	case MDB_READERS_FULL:
	case ENOMEM:
		return FAIL_MEMORY;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INVALID:
	case MDB_VERSION_MISMATCH:
		return FAIL_CORRUPT;
	case ENOENT:
		return FAIL_MISSING;
	case EACCES:
		return FAIL_RIGHTS;
	default:
		return FAIL_IO;
	}
}

static MDB_val
val_of(struct bytes b)
{
	return (MDB_val){ b.len, (void *)(uintptr_t)b.data };
}

static struct bytes
bytes_of(MDB_val v)
{
	return (struct bytes){ v.mv_data, v.mv_size };
}

/* Open every table and check, or write, the format's version. */
static enum fail
open_tables(struct store *s)
{
	uint8_t version = FORMAT_VERSION;
	struct txn *txn;
	struct bytes held;
	enum fail f = txn_begin(s, !s->read_only, NULL, &txn);

	if (f)
		return f;
	for (size_t i = 0; i < TABLE_COUNT && !f; i++)
		f = fail_of(mdb_dbi_open(txn->txn, names[i],
		    s->read_only ? 0 : MDB_CREATE, &s->tables[i]));
	if (!f) {
		f = table_get(txn, TABLE_META, BYTES_TEXT("format"), &held);
		if (f == FAIL_MISSING && !s->read_only)
			f = table_put(txn, TABLE_META, BYTES_TEXT("format"),
			    (struct bytes){ &version, 1 });
		else if (!f && (held.len != 1 || held.data[0] != version))
			f = FAIL_CORRUPT;
	}
	if (f) {
		txn_abort(txn);
		return f;
	}
	return txn_commit(txn);
}

enum fail
store_open(
    const char *folder, uint64_t map_size, bool read_only, struct store **store)
{
	struct store *s = calloc(1, sizeof(*s));
	enum fail f;

	if (!s)
		return FAIL_MEMORY;
	s->read_only = read_only;
	s->folder = -1;
	f = fail_of(mdb_env_create(&s->env));
	if (f) {
		free(s);
		return f;
	}
	f = fail_of(mdb_env_set_maxdbs(s->env, TABLE_COUNT));
	if (!f)
		f = fail_of(mdb_env_set_mapsize(s->env, (size_t)map_size));
	/* Random access: read-ahead would only push other pages out. */
	if (!f)
		f = fail_of(mdb_env_open(s->env, folder,
		    MDB_NORDAHEAD | MDB_NOTLS | (read_only ? MDB_RDONLY : 0),
		    0600));
	if (!f)
		f = open_tables(s);
	if (!f && !read_only) {
		s->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		f = s->folder < 0 ? FAIL_IO : FAIL_NONE;
	}
	if (f)
		store_close(s);
	else
		*store = s;
	return f;
}

void
store_close(struct store *s)
{
	if (!s)
		return;
	mdb_env_close(s->env);
	if (s->folder >= 0)
		close(s->folder);
	free(s);
}

void
store_forget_readers(struct store *s)
{
	int dead;

	(void)mdb_reader_check(s->env, &dead);
}

/* Pages that were given back and wait for new use, as mdb_stat counts them:
 * LMDB's table 0 lists them, each row beginning with its count. */
static size_t
free_pages(struct store *s)
{
	MDB_txn *txn;
	MDB_cursor *cursor;
	MDB_val k, v;
	size_t count = 0;

	if (mdb_txn_begin(s->env, NULL, MDB_RDONLY, &txn))
		return 0;
	if (!mdb_cursor_open(txn, 0, &cursor)) {
		while (!mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) {
			size_t row;

			memcpy(&row, v.mv_data, sizeof(row));
			count += row;
		}
		mdb_cursor_close(cursor);
	}
	mdb_txn_abort(txn);
	return count;
}

void
store_measure(struct store *s, struct store_use *use)
{
	MDB_envinfo info;
	MDB_stat stat;
	struct statvfs disk;
	uint64_t unused;

	*use = (struct store_use){ 0, UINT64_MAX };
	if (mdb_env_info(s->env, &info) || mdb_env_stat(s->env, &stat))
		return;
	use->held = (info.me_last_pgno + 1) * stat.ms_psize;
	use->ceiling = info.me_mapsize;
	if (s->folder >= 0 && !fstatvfs(s->folder, &disk)) {
		uint64_t room = use->held + disk.f_bavail * disk.f_frsize;

		use->ceiling = room < use->ceiling ? room : use->ceiling;
	}
	unused = free_pages(s) * stat.ms_psize;
	use->held -= unused < use->held ? unused : use->held;
}

unsigned
store_fill(struct store *s)
{
	struct store_use use;

	store_measure(s, &use);
	return (unsigned)(use.held / (use.ceiling / 1000 + 1));
}

int
store_folder(const struct store *s)
{
	return s->folder;
}

struct store *
txn_store(const struct txn *t)
{
	return t->store;
}

/* LMDB writes the copy but leaves it to the system when it reaches the disk. */
static enum fail
sync_file(const char *folder, const char *name)
{
	char path[4096];
	int fd, n = snprintf(path, sizeof(path), "%s/%s", folder, name);
	enum fail f;

	if (n < 0 || n >= (int)sizeof(path))
		return FAIL_LIMIT;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return FAIL_IO;
	f = fsync(fd) ? FAIL_IO : FAIL_NONE;
	close(fd);
	return f;
}

enum fail
store_copy(struct store *s, const char *folder)
{
	enum fail f = fail_of(mdb_env_copy2(s->env, folder, MDB_CP_COMPACT));

	if (!f)
		f = sync_file(folder, "data.mdb");
	return f ? f : sync_file(folder, "");
}

enum fail
txn_begin(struct store *s, bool write, struct txn *parent, struct txn **txn)
{
	struct txn *t = calloc(1, sizeof(*t));
	enum fail f;

	if (!t)
		return FAIL_MEMORY;
	t->store = s;
	f = fail_of(mdb_txn_begin(s->env, parent ? parent->txn : NULL,
	    write ? 0 : MDB_RDONLY, &t->txn));
	if (f)
		free(t);
	else
		*txn = t;
	return f;
}

enum fail
txn_commit(struct txn *t)
{
	enum fail f = fail_of(mdb_txn_commit(t->txn));

	free(t);
	return f;
}

void
txn_abort(struct txn *t)
{
	if (!t)
		return;
	mdb_txn_abort(t->txn);
	free(t);
}

enum fail
table_get(struct txn *t, enum store_table table, struct bytes key,
    struct bytes *value)
{
	MDB_val k = val_of(key), v;
	enum fail f = fail_of(mdb_get(t->txn, t->store->tables[table], &k, &v));

	if (!f)
		*value = bytes_of(v);
	return f;
}

static enum fail
put(struct txn *t, enum store_table table, struct bytes key, struct bytes value,
    unsigned flags)
{
	MDB_val k = val_of(key), v = val_of(value);

	assert(key.len <= STORE_KEY_MAX);
	return fail_of(mdb_put(t->txn, t->store->tables[table], &k, &v, flags));
}

enum fail
table_put(
    struct txn *t, enum store_table table, struct bytes key, struct bytes value)
{
	return put(t, table, key, value, 0);
}

enum fail
table_add(
    struct txn *t, enum store_table table, struct bytes key, struct bytes value)
{
	return put(t, table, key, value, MDB_NOOVERWRITE);
}

enum fail
table_delete(struct txn *t, enum store_table table, struct bytes key)
{
	MDB_val k = val_of(key);

	return fail_of(mdb_del(t->txn, t->store->tables[table], &k, NULL));
}

enum fail
table_count(struct txn *t, enum store_table table, uint64_t *count)
{
	MDB_stat stat;
	enum fail f = fail_of(mdb_stat(t->txn, t->store->tables[table], &stat));

	*count = f ? 0 : stat.ms_entries;
	return f;
}

enum fail
table_walk_open(struct txn *t, enum store_table table, struct bytes from,
    bool backward, struct table_walk **walk)
{
	struct table_walk *w = calloc(1, sizeof(*w));
	enum fail f;

	if (!w)
		return FAIL_MEMORY;
	assert(from.len <= STORE_KEY_MAX);
	f = fail_of(
	    mdb_cursor_open(t->txn, t->store->tables[table], &w->cursor));
	if (f) {
		free(w);
		return f;
	}
	if (from.len)
		memcpy(w->from, from.data, from.len);
	w->from_len = from.len;
	w->backward = backward;
	*walk = w;
	return FAIL_NONE;
}

/* The first step: at or after the start; backward, at or before it. */
static int
first_step(struct table_walk *w, MDB_val *k, MDB_val *v)
{
	int rc;

	*k = (MDB_val){ w->from_len, w->from };
	if (!w->from_len)
		return mdb_cursor_get(
		    w->cursor, k, v, w->backward ? MDB_LAST : MDB_FIRST);
	rc = mdb_cursor_get(w->cursor, k, v, MDB_SET_RANGE);
	if (!w->backward)
		return rc;
	if (rc == MDB_NOTFOUND)
		return mdb_cursor_get(w->cursor, k, v, MDB_LAST);
	if (rc == MDB_SUCCESS &&
	    (k->mv_size != w->from_len ||
		memcmp(k->mv_data, w->from, w->from_len)))
		return mdb_cursor_get(w->cursor, k, v, MDB_PREV);
	return rc;
}

enum fail
table_walk_next(struct table_walk *w, struct bytes *key, struct bytes *value)
{
	MDB_val k, v;
	int rc;

	if (w->started)
		rc = mdb_cursor_get(
		    w->cursor, &k, &v, w->backward ? MDB_PREV : MDB_NEXT);
	else
		rc = first_step(w, &k, &v);
	w->started = true;
	if (rc == MDB_SUCCESS) {
		*key = bytes_of(k);
		*value = bytes_of(v);
	}
	return fail_of(rc);
}

void
table_walk_close(struct table_walk *w)
{
	if (!w)
		return;
	mdb_cursor_close(w->cursor);
	free(w);
}

enum fail
table_last(struct txn *txn, enum store_table table, uint64_t *number)
{
	struct table_walk *walk;
	struct bytes key = { NULL, 0 }, value;
	uint8_t from[8];
	enum fail f;

	key_u64(from, UINT64_MAX);
	*number = 0;
	f = table_walk_open(txn, table, BYTES_ARRAY(from), true, &walk);
	if (f)
		return f;
	f = table_walk_next(walk, &key, &value);
	if (!f && key.len != 8)
		f = FAIL_CORRUPT;
	if (!f)
		*number = key_number(key);
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

static void
big_endian(uint8_t *out, size_t len, uint64_t v)
{
	for (size_t i = len; i-- > 0; v >>= 8)
		out[i] = (uint8_t)v;
}

void
key_u16(uint8_t out[static 2], uint16_t v)
{
	big_endian(out, 2, v);
}

void
key_u32(uint8_t out[static 4], uint32_t v)
{
	big_endian(out, 4, v);
}

void
key_u64(uint8_t out[static 8], uint64_t v)
{
	big_endian(out, 8, v);
}

uint64_t
key_number(struct bytes key)
{
	uint64_t v = 0;

	for (size_t i = 0; i < key.len && i < 8; i++)
		v = v << 8 | key.data[i];
	return v;
}

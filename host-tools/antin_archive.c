/* One time-stamp for many files: an evidence record (RFC 4998) for each. */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/disk.h"
#include "crypto/evidence_record.h"
#include "host-tools/antin.h"
#include "host-tools/tsa.h"

struct wish {
	const char *out;
	struct tsa_list tsa;
	char *const *files;
	size_t count;
};

/* A file and its hash. */
struct leaf {
	uint8_t hash[HASH_LEN];
	const char *path;
};

enum { OPT_TSA = 256, OPT_TSA_POLICY };

static const struct option options[] = {
	{ "tsa", required_argument, NULL, OPT_TSA },
	{ "tsa-policy", required_argument, NULL, OPT_TSA_POLICY },
	{ 0 },
};

static const char *
read_options(int argc, char **argv, struct wish *w)
{
	struct stat out;
	int c;

	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == '?')
			return "unknown option";
		if (c == OPT_TSA_POLICY && tsa_policy(&w->tsa, optarg))
			return "--tsa-policy wants 1.2.3";
		if (c != OPT_TSA_POLICY)
			*(c == 'o' ? &w->out : &w->tsa.addresses) = optarg;
	}
	w->files = argv + optind;
	w->count = (size_t)(argc - optind);
	if (!w->count || !w->out || !w->tsa.addresses)
		return "files, -o and --tsa are needed";
	if (stat(w->out, &out) || !S_ISDIR(out.st_mode))
		return "-o names a folder";
	return NULL;
}

static enum fail
read_leaf(const char *path, struct leaf *leaf)
{
	uint8_t digest[HASH_MAX];
	struct disk_map map;
	struct hash h;
	enum fail f = disk_map(path, &map);

	if (f)
		return f;
	hash_init(&h, HASH_SHA256);
	f = disk_each(&map, hash_step, &h);
	hash_done(&h, digest);
	memcpy(leaf->hash, digest, HASH_LEN);
	leaf->path = path;
	disk_unmap(&map);
	return f;
}

static int
by_hash(const void *a, const void *b)
{
	return memcmp(((const struct leaf *)a)->hash,
	    ((const struct leaf *)b)->hash, HASH_LEN);
}

/* DIR/NAME.ers; never over anything. */
static enum fail
put_record(const char *folder, const char *path, struct bytes record)
{
	const char *name = strrchr(path, '/');
	char out[PATH_MAX];
	struct stat there;
	int n = snprintf(
	    out, sizeof(out), "%s/%s.ers", folder, name ? name + 1 : path);

	if (n < 0 || (size_t)n >= sizeof(out))
		return FAIL_LIMIT;
	return stat(out, &there) ? disk_replace(out, NULL, record) :
				   FAIL_EXISTS;
}

/* One record per file; at is its leaf's place. */
static enum fail
write_records(const struct wish *w, const struct leaf *files,
    const struct hash_tree *tree, struct bytes token, struct note *note)
{
	struct hash_link link = { .token = token };
	struct buf record;
	size_t at = 0;
	enum fail f = FAIL_NONE;

	buf_init(&record, ERS_MAX);
	for (size_t i = 0; i < w->count && !f; i++) {
		at += i && by_hash(&files[i - 1], &files[i]);
		hash_tree_way(tree, at, &link.way);
		buf_clear(&record);
		f = ers_write(&link, 1, &record);
		if (!f)
			f = put_record(
			    w->out, files[i].path, buf_view(&record));
		if (f)
			note_write(note, f, "%.150s", files[i].path);
	}
	buf_free(&record);
	return f;
}

/* Files of one content share a leaf. */
static enum fail
write_all(const struct wish *w, const struct leaf *files,
    uint8_t (*hashes)[HASH_LEN], struct note *note)
{
	struct timestamp_query q = { .hash = HASH_SHA256 };
	struct bytes token = { NULL, 0 };
	struct hash_tree tree;
	struct arena arena;
	size_t count = 0;
	enum fail f;

	for (size_t i = 0; i < w->count; i++)
		if (!i || by_hash(&files[i - 1], &files[i]))
			memcpy(hashes[count++], files[i].hash, HASH_LEN);
	arena_init(&arena, 1u << 20);
	f = hash_tree_make((const uint8_t(*)[HASH_LEN])hashes, count, &tree);
	if (!f) {
		memcpy(q.digest, hash_tree_root(&tree), HASH_LEN);
		f = tsa_ask(&w->tsa, &q, &arena, &token, note);
	}
	if (!f)
		f = write_records(w, files, &tree, token, note);
	hash_tree_free(&tree);
	arena_free(&arena);
	return f;
}

static enum fail
archive(const struct wish *w, struct note *note)
{
	struct leaf *files = calloc(w->count, sizeof(*files));
	uint8_t(*hashes)[HASH_LEN] = calloc(w->count, sizeof(*hashes));
	enum fail f = files && hashes ? FAIL_NONE : FAIL_MEMORY;

	for (size_t i = 0; i < w->count && !f; i++) {
		f = read_leaf(w->files[i], &files[i]);
		if (f)
			note_write(note, f, "cannot read %.150s", w->files[i]);
	}
	if (!f) {
		qsort(files, w->count, sizeof(*files), by_hash);
		f = write_all(w, files, hashes, note);
	}
	free(hashes);
	free(files);
	return f;
}

int
antin_archive(int argc, char **argv)
{
	struct wish w = { .out = NULL };
	struct note note = { 0 };
	const char *mistake = read_options(argc, argv, &w);
	enum fail f;

	if (mistake)
		return antin_usage("archive", mistake);
	f = archive(&w, &note);
	buf_free(&w.tsa.policy);
	return f ? antin_refuse(w.out, f, &note) : 0;
}

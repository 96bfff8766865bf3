/*
 * Look at a store that nobody has open and check everything that must hold at
 * any instant, however the power went.
 *
 *   check_store DATA-FOLDER [FOLDER-FOR-SEALED-FILES]
 *
 * Prints one line per document: id, state, number, SHA-256 of the draft, of
 * the approved, signed and sealed files ("-": none); then the number of
 * journal entries.  Ends with 1 and says why at the first thing that is wrong.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/disk.h"
#include "storage/blob.h"
#include "storage/counter.h"
#include "storage/journal.h"
#include "storage/record.h"
#include "storage/registry.h"
#include "storage/round.h"

#define MAP_SIZE (UINT64_C(1) << 32)
#define FILE_MAX (UINT64_C(1) << 28)
#define RECORDS_MAX 4096u

/* Numbers of firmware/flow/act.h and kind.h, as FORMATS.md has them. */
#define ACT_NUMBER_STORED 11u
#define KIND_COPY_STORED 29u

static const uint8_t none[HASH_LEN];

struct seen {
	bool there;
	uint8_t state;     /* of the record */
	uint8_t last;      /* where its last journal entry led */
	unsigned numbered; /* journal entries that gave a number */
};

static struct seen seen[RECORDS_MAX];

__attribute__((noreturn)) static void
    PRINTF_LIKE(1, 2) wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	exit(1);
}

static bool
is_none(const uint8_t *hash)
{
	return !memcmp(hash, none, HASH_LEN);
}

/* A whole file of record, its hash checked. */
static void
read_file(struct txn *txn, uint64_t id, const char *what, const uint8_t *hash,
    struct buf *out)
{
	struct blob_info info;
	uint8_t is[HASH_LEN];

	buf_init(out, FILE_MAX);
	if (is_none(hash))
		return;
	if (blob_about(txn, hash, &info))
		wrong("%" PRIu64 ": its %s file is not there", id, what);
	while (out->len < info.size)
		if (blob_read(txn, hash, out->len, 1u << 20, out))
			wrong("%" PRIu64 ": its %s file breaks off at %zu", id,
			    what, out->len);
	hash_sha256(buf_view(out), is);
	if (memcmp(is, hash, HASH_LEN))
		wrong("%" PRIu64 ": its %s file has another hash", id, what);
}

static void
starts_with(
    uint64_t id, const char *what, const struct buf *whole, struct buf *head)
{
	if (whole->len <= head->len || !head->len ||
	    memcmp(whole->data, head->data, head->len))
		wrong("%" PRIu64 ": its %s file does not go on from the one "
		      "before",
		    id, what);
}

/* A sealed file that begins with the one it was made from. */
static void
check_annex(struct txn *txn, const struct record *r)
{
	struct buf draft, sealed;
	struct record main;

	read_file(txn, r->id, "draft", r->draft, &draft);
	read_file(txn, r->id, "sealed", r->sealed, &sealed);
	if (record_get(txn, r->main, &main) || main.main)
		wrong("%" PRIu64 ": its main document is not there", r->id);
	if (sealed.len)
		starts_with(r->id, "sealed", &sealed, &draft);
	else if (main.state >= STATE_WAIT_ISSUE && r->state == STATE_ANNEX)
		wrong("%" PRIu64 ": left out", r->id);
	if (sealed.len && main.state < STATE_SIGNING)
		wrong("%" PRIu64 ": sealed too early", r->id);
	buf_free(&draft);
	buf_free(&sealed);
}

static void
check_files(struct txn *txn, const struct record *r, const char *out_folder)
{
	struct buf draft, approved, signed_file, sealed;
	/* A copy is approved, not signed. */
	bool copy = r->kind >= KIND_COPY_STORED;

	if (r->main) {
		check_annex(txn, r);
		return;
	}
	read_file(txn, r->id, "draft", r->draft, &draft);
	read_file(txn, r->id, "approved", r->approved, &approved);
	read_file(txn, r->id, "signed", r->signed_file, &signed_file);
	read_file(txn, r->id, "sealed", r->sealed, &sealed);
	if (!draft.len)
		wrong("%" PRIu64 ": no draft", r->id);
	if (r->state >= STATE_WAIT_SIGNATURE &&
	    memcmp(r->draft, r->approved, HASH_LEN))
		wrong("%" PRIu64 ": approved is not the draft", r->id);
	if (r->state >= STATE_WAIT_NUMBER && copy &&
	    memcmp(r->approved, r->signed_file, HASH_LEN))
		wrong("%" PRIu64 ": a copy of something else", r->id);
	if (r->state >= STATE_WAIT_NUMBER && !copy)
		starts_with(r->id, "signed", &signed_file, &approved);
	else if (signed_file.len && r->state < STATE_WAIT_NUMBER)
		wrong("%" PRIu64 ": signed too early", r->id);
	if (r->state == STATE_WAIT_ISSUE || r->state == STATE_ISSUED ||
	    r->state == STATE_ARCHIVED)
		starts_with(r->id, "sealed", &sealed, &signed_file);
	else if (sealed.len)
		wrong("%" PRIu64 ": sealed too early", r->id);
	if (r->state == STATE_SIGNING && is_none(r->evidence))
		wrong("%" PRIu64 ": signing without evidence", r->id);
	if (out_folder && sealed.len) {
		char path[4096], hex[2 * HASH_LEN + 1];

		bytes_to_hex(BYTES_ARRAY(r->sealed), hex);
		snprintf(path, sizeof(path), "%s/%s.pdf", out_folder, hex);
		if (disk_replace(path, NULL, buf_view(&sealed)))
			wrong("%s is not written", path);
	}
	buf_free(&draft);
	buf_free(&approved);
	buf_free(&signed_file);
	buf_free(&sealed);
}

static void
print_hash(const uint8_t *hash)
{
	char hex[2 * HASH_LEN + 1] = "-";

	if (!is_none(hash))
		bytes_to_hex((struct bytes){ hash, HASH_LEN }, hex);
	printf(" %s", hex);
}

static void
check_number(struct txn *txn, const struct record *r)
{
	uint64_t owner = 0;

	if (r->state < STATE_WAIT_SEAL || r->main) {
		if (r->number)
			wrong("%" PRIu64 ": has a number too early", r->id);
		return;
	}
	if (!r->number || !r->date ||
	    registry_get(txn, r->book, r->year, r->number, &owner) ||
	    owner != r->id)
		wrong(
		    "%" PRIu64 ": number %u is not its own", r->id, r->number);
}

static size_t
count_lines(struct txn *txn, enum store_table table)
{
	struct table_walk *walk;
	struct bytes key, value;
	size_t count = 0;

	if (table_walk_open(
		txn, table, (struct bytes){ NULL, 0 }, false, &walk))
		wrong("table %d cannot be read", table);
	while (!table_walk_next(walk, &key, &value))
		count++;
	table_walk_close(walk);
	return count;
}

static void
check_records(struct txn *txn, const char *out_folder)
{
	struct table_walk *walk;
	struct bytes key, value;
	size_t count = 0;

	if (table_walk_open(
		txn, TABLE_RECORDS, (struct bytes){ NULL, 0 }, false, &walk))
		wrong("no records");
	while (!table_walk_next(walk, &key, &value)) {
		struct record r;
		uint8_t line[9];
		uint64_t id = key_number(key);

		if (key.len != 8 || !id || id >= RECORDS_MAX ||
		    record_get(txn, id, &r))
			wrong("a record does not decode");
		line[0] = r.state;
		key_u64(line + 1, id);
		if (table_get(txn, TABLE_STATES, BYTES_ARRAY(line), &value))
			wrong("%" PRIu64 ": not in the index of states", id);
		seen[id].there = true;
		seen[id].state = r.state;
		check_files(txn, &r, out_folder);
		check_number(txn, &r);
		printf("%" PRIu64 " %u %u", id, r.state, r.number);
		print_hash(r.draft);
		print_hash(r.approved);
		print_hash(r.signed_file);
		print_hash(r.sealed);
		printf("\n");
		count++;
	}
	table_walk_close(walk);
	if (count_lines(txn, TABLE_STATES) != count)
		wrong("the index of states has other documents");
}

static void
check_registers(struct txn *txn)
{
	struct table_walk *walk;
	struct bytes key, value;
	size_t lines = 0;
	uint16_t book = 0, year = 0;

	if (table_walk_open(
		txn, TABLE_REGISTER, (struct bytes){ NULL, 0 }, false, &walk))
		wrong("no register");
	while (!table_walk_next(walk, &key, &value)) {
		uint16_t b = (uint16_t)key_number(bytes_part(key, 0, 2));
		uint16_t y = (uint16_t)key_number(bytes_part(key, 2, 2));
		uint32_t good = 0, next = 0;

		if (b == book && y == year)
			continue;
		book = b;
		year = y;
		if (registry_check(txn, b, y, &good))
			wrong(
			    "register %u of %u is wrong after %u", b, y, good);
		if (counter_peek(txn, b, y, &next) || next != good + 1)
			wrong("the next number would be %u, not %u", next,
			    good + 1);
		lines += good;
	}
	table_walk_close(walk);
	if (lines != count_lines(txn, TABLE_REGISTER))
		wrong("lines in no register");
}

/* Every document's way is told in the journal without a break. */
static void
check_journal(struct txn *txn)
{
	uint8_t head[HASH_LEN];
	uint64_t last = 0;

	if (journal_verify(txn, &last, head))
		wrong("the journal is broken after %" PRIu64, last);
	for (uint64_t n = 1; n <= last; n++) {
		struct journal_entry e = { 0 };

		if (journal_get(txn, n, &e))
			wrong("journal entry %" PRIu64 " is not there", n);
		if (!e.record)
			continue;
		if (e.record >= RECORDS_MAX || !seen[e.record].there ||
		    e.from != seen[e.record].last)
			wrong("journal entry %" PRIu64 " does not go on", n);
		seen[e.record].last = e.to;
		seen[e.record].numbered += e.act == ACT_NUMBER_STORED;
	}
	for (size_t id = 1; id < RECORDS_MAX; id++) {
		if (seen[id].there && seen[id].last != seen[id].state)
			wrong("%zu: the journal ends in another state", id);
		if (seen[id].numbered > 1)
			wrong("%zu: numbered twice", id);
	}
	printf("journal %" PRIu64 "\n", last);
}

/* Only the last round is open, and every file of the others has its record. */
static void
check_rounds(struct txn *txn)
{
	struct table_walk *walk;
	struct bytes key, value;
	struct round r = { .state = ROUND_STAMPED };
	uint64_t last = 0, leaves = 0;
	static struct hash_link links[ROUND_LINKS_MAX];
	size_t count;

	if (table_last(txn, TABLE_ROUNDS, &last))
		wrong("no rounds");
	for (uint64_t n = 1; n <= last; n++) {
		if (round_get(txn, n, &r))
			wrong("round %" PRIu64 " is not there", n);
		if (r.state != ROUND_STAMPED && n < last)
			wrong("round %" PRIu64 " was left open", n);
		leaves += r.leaves;
	}
	if (leaves != count_lines(txn, TABLE_COVERED))
		wrong("hashes that are in no round");
	if (r.state >= ROUND_WAITING && count_lines(txn, TABLE_LEAVES))
		wrong("leaves that are in no tree");
	if (table_walk_open(
		txn, TABLE_COVERED, (struct bytes){ NULL, 0 }, false, &walk))
		wrong("no table of hashes");
	while (!table_walk_next(walk, &key, &value)) {
		enum fail f = key.len == HASH_LEN ?
		    round_links(txn, key.data, links, &count) :
		    FAIL_CORRUPT;

		if (f && (f != FAIL_MISSING || r.state == ROUND_STAMPED))
			wrong("a file's record: %s", fail_name(f));
	}
	table_walk_close(walk);
}

int
main(int argc, char **argv)
{
	struct store *store;
	struct txn *txn;

	if (argc < 2 || argc > 3)
		wrong("usage: check_store DATA-FOLDER [FOLDER]");
	if (store_open(argv[1], MAP_SIZE, true, &store))
		wrong("the store does not open");
	if (txn_begin(store, false, NULL, &txn))
		wrong("the store is not readable");
	check_records(txn, argc == 3 ? argv[2] : NULL);
	check_registers(txn);
	check_journal(txn);
	check_rounds(txn);
	txn_abort(txn);
	store_close(store);
	return 0;
}

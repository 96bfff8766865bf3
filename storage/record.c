#include "storage/record.h"

#include "base/buf.h"

#define VERSION 5u
#define VERSION_UNDATED 4u  /* did not tell what drafts say of their date */
#define VERSION_OUTGOING 3u /* had no incoming documents, no checks */
#define VERSION_ALONE 2u    /* had no annexes */
#define VERSION_FIRST 1u    /* nor raised files */
#define RECORD_MAX (1024 + 5 * RECORD_TEXT_BYTES)
#define INDEX_KEY 9u  /* state, number */
#define ANNEX_KEY 16u /* main document, annex */

const char *
record_state_name(enum record_state state)
{
	static const char *const names[STATE_COUNT] = { "", "Nháp",
		"Chờ trưởng phòng", "Bị trả lại", "Chờ lãnh đạo", "Chờ chữ ký",
		"Chờ vào sổ đi", "Chờ đóng dấu", "Đang đóng dấu",
		"Chờ phát hành", "Đã phát hành", "Lưu", "Hủy số", "Phụ lục",
		"Phụ lục đã bỏ", "Chờ vào sổ đến" };

	return state < STATE_COUNT ? names[state] : "";
}

const char *
record_source_name(enum record_source source)
{
	static const char *const names[SOURCE_COUNT] = { "", "Hộp thư E-Office",
		"Thư công vụ", "Giấy, đã quét" };

	return source < SOURCE_COUNT ? names[source] : "";
}

static void
encode(const struct record *r, struct buf *out)
{
	buf_u8(out, VERSION);
	buf_u8(out, r->state);
	buf_u8(out, r->kind);
	buf_u8(out, r->urgency);
	buf_u64(out, r->drafter);
	buf_u64(out, r->leader);
	buf_u16(out, r->unit);
	buf_u16(out, r->pages);
	buf_u16(out, r->copies);
	buf_u64(out, (uint64_t)r->created);
	buf_u64(out, (uint64_t)r->changed);
	buf_u16(out, r->book);
	buf_u16(out, r->year);
	buf_u32(out, r->number);
	buf_u32(out, r->date);
	buf_add(out, r->draft, HASH_LEN);
	buf_add(out, r->approved, HASH_LEN);
	buf_add(out, r->signed_file, HASH_LEN);
	buf_add(out, r->sealed, HASH_LEN);
	buf_add(out, r->evidence, HASH_LEN);
	buf_add(out, r->raised, HASH_LEN);
	buf_u64(out, (uint64_t)r->stamped);
	buf_u64(out, r->main);
	buf_u8(out, r->source);
	buf_u8(out, r->dormant);
	buf_u64(out, (uint64_t)r->check.time);
	buf_add(out, r->check.file, HASH_LEN);
	buf_add(out, r->check.report, HASH_LEN);
	buf_u16(out, r->check.fail);
	buf_u8(out, r->check.verdict);
	buf_field(out, r->sender);
	buf_u32(out, r->dated);
	buf_field(out, r->subject);
	buf_field(out, r->recipients);
	buf_field(out, r->symbol);
	buf_field(out, r->reason);
}

static void
take_hash(struct cursor *c, uint8_t out[static HASH_LEN])
{
	struct bytes b = cursor_bytes(c, HASH_LEN);

	if (b.len)
		memcpy(out, b.data, HASH_LEN);
}

static void
take_incoming(struct cursor *c, struct record *r)
{
	r->source = cursor_u8(c);
	r->dormant = cursor_u8(c);
	r->check.time = (int64_t)cursor_u64(c);
	take_hash(c, r->check.file);
	take_hash(c, r->check.report);
	r->check.fail = cursor_u16(c);
	r->check.verdict = cursor_u8(c);
	r->sender = cursor_field(c);
}

static enum fail
decode(struct bytes stored, struct record *r)
{
	struct cursor c = cursor_of(stored);
	uint8_t version = cursor_u8(&c);

	if (version < VERSION_FIRST || version > VERSION)
		return FAIL_CORRUPT;
	r->state = cursor_u8(&c);
	r->kind = cursor_u8(&c);
	r->urgency = cursor_u8(&c);
	r->drafter = cursor_u64(&c);
	r->leader = cursor_u64(&c);
	r->unit = cursor_u16(&c);
	r->pages = cursor_u16(&c);
	r->copies = cursor_u16(&c);
	r->created = (int64_t)cursor_u64(&c);
	r->changed = (int64_t)cursor_u64(&c);
	r->book = cursor_u16(&c);
	r->year = cursor_u16(&c);
	r->number = cursor_u32(&c);
	r->date = cursor_u32(&c);
	take_hash(&c, r->draft);
	take_hash(&c, r->approved);
	take_hash(&c, r->signed_file);
	take_hash(&c, r->sealed);
	take_hash(&c, r->evidence);
	if (version > VERSION_FIRST) {
		take_hash(&c, r->raised);
		r->stamped = (int64_t)cursor_u64(&c);
	}
	if (version > VERSION_ALONE)
		r->main = cursor_u64(&c);
	if (version > VERSION_OUTGOING)
		take_incoming(&c, r);
	if (version > VERSION_UNDATED)
		r->dated = cursor_u32(&c);
	r->subject = cursor_field(&c);
	r->recipients = cursor_field(&c);
	r->symbol = cursor_field(&c);
	r->reason = cursor_field(&c);
	return cursor_done(&c) && r->state < STATE_COUNT &&
		r->source < SOURCE_COUNT && r->check.fail < FAIL_COUNT &&
		r->check.verdict < RECORD_VERDICTS ?
	    FAIL_NONE :
	    FAIL_CORRUPT;
}

enum fail
record_get(struct txn *txn, uint64_t id, struct record *record)
{
	uint8_t key[8];
	struct bytes stored = { NULL, 0 };
	struct record r = { .id = id };
	enum fail f;

	key_u64(key, id);
	f = table_get(txn, TABLE_RECORDS, BYTES_ARRAY(key), &stored);
	if (!f)
		f = decode(stored, &r);
	if (!f)
		*record = r;
	return f;
}

enum fail
record_hold(struct record *r, struct arena *arena)
{
	struct bytes *texts[] = { &r->subject, &r->recipients, &r->symbol,
		&r->reason, &r->sender };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		*texts[i] = arena_copy(arena, *texts[i]);
		if (!texts[i]->data)
			return FAIL_MEMORY;
	}
	return FAIL_NONE;
}

static void
index_key(uint8_t key[static INDEX_KEY], uint8_t state, uint64_t id)
{
	key[0] = state;
	key_u64(key + 1, id);
}

/* Move the record's line in the index when its state changed. */
static enum fail
index_move(struct txn *txn, const struct record *r)
{
	uint8_t key[INDEX_KEY];
	struct record old;
	enum fail f = record_get(txn, r->id, &old);

	if (f && f != FAIL_MISSING)
		return f;
	if (!f && old.state == r->state)
		return FAIL_NONE;
	if (!f) {
		index_key(key, old.state, r->id);
		f = table_delete(txn, TABLE_STATES, BYTES_ARRAY(key));
		if (f)
			return f == FAIL_MISSING ? FAIL_CORRUPT : f;
	}
	index_key(key, r->state, r->id);
	return table_put(
	    txn, TABLE_STATES, BYTES_ARRAY(key), (struct bytes){ NULL, 0 });
}

/* The same for an annex and its main document. */
static enum fail
annex_move(struct txn *txn, const struct record *r)
{
	uint8_t key[ANNEX_KEY];
	enum fail f;

	if (!r->main)
		return FAIL_NONE;
	key_u64(key, r->main);
	key_u64(key + 8, r->id);
	if (r->state == STATE_ANNEX)
		return table_put(txn, TABLE_ANNEXES, BYTES_ARRAY(key),
		    (struct bytes){ NULL, 0 });
	f = table_delete(txn, TABLE_ANNEXES, BYTES_ARRAY(key));
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

enum fail
record_annexes(struct txn *txn, uint64_t main, uint64_t ids[RECORD_ANNEXES_MAX],
    size_t *count)
{
	struct table_walk *walk;
	struct bytes at, value;
	uint8_t key[ANNEX_KEY] = { 0 };
	enum fail f;

	*count = 0;
	key_u64(key, main);
	f = table_walk_open(txn, TABLE_ANNEXES, BYTES_ARRAY(key), false, &walk);
	if (f)
		return f;
	while (!(f = table_walk_next(walk, &at, &value)) &&
	    at.len == ANNEX_KEY && key_number(bytes_part(at, 0, 8)) == main) {
		if (*count == RECORD_ANNEXES_MAX) {
			f = FAIL_LIMIT;
			break;
		}
		ids[(*count)++] = key_number(bytes_part(at, 8, 8));
	}
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

enum fail
record_put(struct txn *txn, const struct record *r)
{
	struct buf out;
	uint8_t key[8];
	enum fail f;

	buf_init(&out, RECORD_MAX);
	encode(r, &out);
	f = buf_fail(&out);
	/* The index first: writing may move what the texts point to. */
	if (!f)
		f = index_move(txn, r);
	if (!f)
		f = annex_move(txn, r);
	key_u64(key, r->id);
	if (!f)
		f = table_put(
		    txn, TABLE_RECORDS, BYTES_ARRAY(key), buf_view(&out));
	buf_free(&out);
	return f;
}

/* Open a walk over one state's lines of the index. */
static enum fail
open_state(struct txn *txn, enum record_state state, bool backward,
    uint64_t from, struct table_walk **walk)
{
	uint8_t key[INDEX_KEY];

	if (backward && !from)
		from = UINT64_MAX;
	index_key(key, (uint8_t)state, from);
	return table_walk_open(
	    txn, TABLE_STATES, BYTES_ARRAY(key), backward, walk);
}

enum fail
record_each(struct txn *txn, enum record_state state, bool newest_first,
    uint64_t from, record_visit *visit, void *context)
{
	struct table_walk *walk;
	struct bytes key, none;
	enum fail f = open_state(txn, state, newest_first, from, &walk);

	if (f)
		return f;
	while (!(f = table_walk_next(walk, &key, &none))) {
		struct record r;

		if (key.len != INDEX_KEY || key.data[0] != state)
			break;
		f = record_get(txn, key_number(bytes_part(key, 1, 8)), &r);
		if (f == FAIL_MISSING)
			f = FAIL_CORRUPT;
		if (!f)
			f = visit(context, &r);
		if (f)
			break;
	}
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

enum fail
record_count(struct txn *txn, enum record_state state, uint64_t *count)
{
	struct table_walk *walk;
	struct bytes key, none;
	enum fail f = open_state(txn, state, false, 0, &walk);

	if (f)
		return f;
	*count = 0;
	while (
	    !(f = table_walk_next(walk, &key, &none)) && key.data[0] == state)
		++*count;
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

#include "storage/blob.h"

#include "storage/room.h"

#define VERSION 1u
#define ABOUT_FIXED (1 + 8 + HASH_LEN + 8 + 4)

/* A blob's record: see FORMATS.md. */
struct about {
	struct blob_info info;
	struct bytes hashes; /* of the chunks, side by side */
};

static enum fail
about_get(struct txn *txn, const uint8_t *hash, struct about *a)
{
	struct bytes stored = { NULL, 0 }, base;
	struct cursor c;
	uint32_t count;
	enum fail f = table_get(
	    txn, TABLE_BLOBS, (struct bytes){ hash, HASH_LEN }, &stored);

	if (f)
		return f;
	c = cursor_of(stored);
	if (cursor_u8(&c) != VERSION)
		return FAIL_CORRUPT;
	a->info.size = cursor_u64(&c);
	base = cursor_bytes(&c, HASH_LEN);
	a->info.base_size = cursor_u64(&c);
	count = cursor_u32(&c);
	a->hashes = cursor_bytes(&c, (size_t)count * HASH_LEN);
	if (!cursor_done(&c) || a->info.base_size > a->info.size)
		return FAIL_CORRUPT;
	memcpy(a->info.base, base.data, HASH_LEN);
	return FAIL_NONE;
}

static void
chunk_key(uint8_t key[static HASH_LEN + 4], const uint8_t *hash, uint32_t i)
{
	memcpy(key, hash, HASH_LEN);
	key_u32(key + HASH_LEN, i);
}

static enum fail
put_chunks(
    struct txn *txn, const uint8_t *hash, struct bytes data, struct buf *about)
{
	enum fail f = FAIL_NONE;

	for (uint32_t i = 0; data.len && !f; i++) {
		struct bytes chunk = bytes_part(data, 0, BLOB_CHUNK);
		uint8_t key[HASH_LEN + 4], chunk_hash[HASH_LEN];

		hash_sha256(chunk, chunk_hash);
		buf_add(about, chunk_hash, HASH_LEN);
		chunk_key(key, hash, i);
		f = table_put(txn, TABLE_CHUNKS, BYTES_ARRAY(key), chunk);
		data = bytes_part(data, chunk.len, SIZE_MAX);
	}
	return f;
}

/* The head must be there, be what its bytes say, and not stand on too many
 * others: a blob that cannot be read back may not be kept. */
static enum fail
head_check(struct txn *txn, const uint8_t *head, uint64_t size,
    const struct hash *after)
{
	struct hash h = *after;
	uint8_t is[HASH_MAX], at[HASH_LEN];
	struct about a;
	enum fail f;

	hash_done(&h, is);
	if (memcmp(is, head, HASH_LEN) != 0)
		return FAIL_DIGEST;
	memcpy(at, head, HASH_LEN);
	for (unsigned down = 1;; down++) {
		f = about_get(txn, at, &a);
		if (f)
			return f;
		if (down == 1 && a.info.size != size)
			return FAIL_DIGEST;
		if (!a.info.base_size)
			return FAIL_NONE;
		if (down == BLOB_BASES_MAX)
			return FAIL_LIMIT;
		memcpy(at, a.info.base, HASH_LEN);
	}
}

enum fail
blob_put(struct txn *txn, const uint8_t *head, struct bytes head_bytes,
    struct bytes tail, uint8_t hash[static HASH_LEN])
{
	struct hash after;

	hash_init(&after, HASH_SHA256);
	hash_add(&after, head_bytes);
	return blob_put_after(txn, head, head_bytes.len, &after, tail, hash);
}

enum fail
blob_put_after(struct txn *txn, const uint8_t *head, uint64_t size,
    const struct hash *after, struct bytes tail, uint8_t hash[static HASH_LEN])
{
	static const uint8_t none[HASH_LEN];
	uint8_t whole[HASH_MAX];
	uint32_t count = (uint32_t)((tail.len + BLOB_CHUNK - 1) / BLOB_CHUNK);
	struct about held;
	struct hash h = *after;
	struct buf about;
	enum fail f = head ? head_check(txn, head, size, after) : FAIL_NONE;

	if (f)
		return f;
	hash_add(&h, tail);
	hash_done(&h, whole);
	memcpy(hash, whole, HASH_LEN);
	f = about_get(txn, hash, &held);
	if (f != FAIL_MISSING)
		return f;
	if (!room_takes(txn, tail.len))
		return FAIL_FULL;
	buf_init(&about, ABOUT_FIXED + (size_t)count * HASH_LEN);
	buf_u8(&about, VERSION);
	buf_u64(&about, size + tail.len);
	buf_add(&about, head ? head : none, HASH_LEN);
	buf_u64(&about, size);
	buf_u32(&about, count);
	f = put_chunks(txn, hash, tail, &about);
	if (!f)
		f = buf_fail(&about);
	if (!f)
		f = table_add(txn, TABLE_BLOBS,
		    (struct bytes){ hash, HASH_LEN }, buf_view(&about));
	buf_free(&about);
	return f;
}

enum fail
blob_about(struct txn *txn, const uint8_t hash[static HASH_LEN],
    struct blob_info *info)
{
	struct about a;
	enum fail f = about_get(txn, hash, &a);

	if (!f)
		*info = a.info;
	return f;
}

/* One chunk of a blob's own part, looked at unless the whole will be. */
static enum fail
chunk_get(struct txn *txn, const uint8_t *hash, const struct about *a,
    uint32_t i, bool look, struct bytes *chunk)
{
	uint8_t key[HASH_LEN + 4], is[HASH_LEN];
	struct bytes should =
	    bytes_part(a->hashes, (size_t)i * HASH_LEN, HASH_LEN);
	enum fail f;

	chunk_key(key, hash, i);
	f = table_get(txn, TABLE_CHUNKS, BYTES_ARRAY(key), chunk);
	if (f)
		return f == FAIL_MISSING ? FAIL_CORRUPT : f;
	if (!look)
		return FAIL_NONE;
	hash_sha256(*chunk, is);
	return bytes_equal(should, BYTES_ARRAY(is)) ? FAIL_NONE : FAIL_CORRUPT;
}

/* What one chunk has of a blob's bytes, its own or of one below it, from an
 * offset on: a view.  At the end there is nothing. */
static enum fail
view_at(struct txn *txn, const uint8_t hash[static HASH_LEN], uint64_t offset,
    size_t len, bool look, struct bytes *view)
{
	uint8_t at[HASH_LEN];
	struct about a;
	enum fail f;

	*view = (struct bytes){ NULL, 0 };
	memcpy(at, hash, HASH_LEN);
	for (unsigned down = 0;; down++) {
		f = about_get(txn, at, &a);
		if (f)
			return down && f == FAIL_MISSING ? FAIL_CORRUPT : f;
		if (offset >= a.info.base_size)
			break;
		if (down == BLOB_BASES_MAX)
			return FAIL_CORRUPT;
		if (len > a.info.base_size - offset)
			len = (size_t)(a.info.base_size - offset);
		memcpy(at, a.info.base, HASH_LEN);
	}
	if (offset > a.info.size)
		return FAIL_USAGE;
	if (len > a.info.size - offset)
		len = (size_t)(a.info.size - offset);
	if (!len)
		return FAIL_NONE;
	offset -= a.info.base_size;
	f = chunk_get(txn, at, &a, (uint32_t)(offset / BLOB_CHUNK), look, view);
	*view = bytes_part(*view, (size_t)(offset % BLOB_CHUNK), len);
	return f || view->len ? f : FAIL_CORRUPT;
}

enum fail
blob_read(struct txn *txn, const uint8_t hash[static HASH_LEN], uint64_t offset,
    size_t len, struct buf *out)
{
	struct bytes view;
	enum fail f;

	do {
		f = view_at(txn, hash, offset, len, true, &view);
		if (!f)
			buf_bytes(out, view);
		offset += view.len;
		len -= view.len;
	} while (!f && view.len && len && !(f = buf_fail(out)));
	return f ? f : buf_fail(out);
}

enum fail
blob_each(struct txn *txn, const uint8_t hash[static HASH_LEN], blob_part *each,
    void *context, struct hash *after)
{
	struct blob_info info = { .size = 0 };
	uint8_t is[HASH_MAX];
	struct bytes view;
	struct hash h;
	enum fail f = blob_about(txn, hash, &info);

	hash_init(after, HASH_SHA256);
	for (uint64_t at = 0; !f && at < info.size; at += view.len) {
		f = view_at(txn, hash, at, SIZE_MAX, false, &view);
		if (f)
			break;
		hash_add(after, view);
		f = each(context, view);
	}
	h = *after;
	hash_done(&h, is);
	if (!f && memcmp(is, hash, HASH_LEN) != 0)
		f = FAIL_CORRUPT;
	return f;
}

#include "firmware/flow/list.h"

#include "base/buf.h"
#include "storage/record.h"

static enum fail
add_annexes(struct txn *txn, uint64_t main, struct buf *line)
{
	uint64_t ids[RECORD_ANNEXES_MAX];
	size_t count;
	enum fail f = record_annexes(txn, main, ids, &count);

	for (size_t i = 0; i < count && !f; i++) {
		struct record annex;

		f = record_get(txn, ids[i], &annex);
		buf_u64(line, ids[i]);
		if (!f)
			buf_add(line, annex.draft, HASH_LEN);
	}
	return f;
}

enum fail
list_hash(struct txn *txn, const uint64_t *ids, size_t count,
    uint8_t hash[static HASH_LEN])
{
	uint8_t out[HASH_MAX];
	struct hash h;

	hash_init(&h, HASH_SHA256);
	for (size_t i = 0; i < count; i++) {
		struct record r;
		struct buf line;
		enum fail f = record_get(txn, ids[i], &r);

		if (f)
			return f;
		buf_init(&line, 4096);
		buf_u64(&line, r.id);
		buf_u16(&line, r.book);
		buf_u16(&line, r.year);
		buf_u32(&line, r.number);
		buf_u32(&line, r.date);
		buf_add(&line, r.signed_file, HASH_LEN);
		f = add_annexes(txn, r.id, &line);
		hash_add(&h, buf_view(&line));
		if (!f)
			f = buf_fail(&line);
		buf_free(&line);
		if (f)
			return f;
	}
	hash_done(&h, out);
	memcpy(hash, out, HASH_LEN);
	return FAIL_NONE;
}

/*
 * Files of record, by the SHA-256 of their content.
 *
 * A blob is kept in chunks that fill whole pages of the store, each with its
 * own hash, the only guard against bit rot.  A blob that begins with another
 * one, as a sealed document begins with the signed one, keeps only what
 * follows.  Blobs are never changed; putting one that is there does nothing.
 */
#ifndef STORAGE_BLOB_H
#define STORAGE_BLOB_H

#include "base/buf.h"
#include "crypto/hash.h"
#include "storage/store.h"

#define BLOB_CHUNK 65520u  /* sixteen pages of 4096, less LMDB's header */
#define BLOB_BASES_MAX 64u /* blobs that begin with blobs that begin with … */

struct blob_info {
	uint64_t size;
	uint8_t base[HASH_LEN]; /* zeros: none */
	uint64_t base_size;
};

/*
 * Keep head (a blob that is there; NULL: none) followed by tail.  *hash is of
 * the whole.  head_bytes is the head's content, to hash it without reading it
 * back.  FAIL_MISSING: there is no such head; FAIL_DIGEST: head_bytes is not
 * its content; FAIL_LIMIT: it stands on too many others; FAIL_FULL: the archive
 * takes no new content (storage/room.h).
 */
CHECKED enum fail blob_put(struct txn *txn, const uint8_t *head,
    struct bytes head_bytes, struct bytes tail, uint8_t hash[static HASH_LEN]);

/*
 * The same behind a head whose content was just read with blob_each: after is
 * the hash's state behind it, size its length.
 */
CHECKED enum fail
blob_put_after(struct txn *txn, const uint8_t *head, uint64_t size,
    const struct hash *after, struct bytes tail, uint8_t hash[static HASH_LEN]);

CHECKED enum fail blob_about(struct txn *txn,
    const uint8_t hash[static HASH_LEN], struct blob_info *info);

/*
 * Append up to len bytes from offset to out, at least one unless offset is at
 * the end.  FAIL_CORRUPT: a chunk does not match its hash.
 */
CHECKED enum fail
blob_read(struct txn *txn, const uint8_t hash[static HASH_LEN], uint64_t offset,
    size_t len, struct buf *out);

/*
 * All of it, part after part; *after is then the hash's state behind it.
 * FAIL_CORRUPT, told at the end: it is not what it was.
 */
typedef enum fail blob_part(void *context, struct bytes part);
CHECKED enum fail
blob_each(struct txn *txn, const uint8_t hash[static HASH_LEN], blob_part *each,
    void *context, struct hash *after);

#endif

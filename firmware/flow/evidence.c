#include "firmware/flow/evidence.h"

#include <stdlib.h>

#include "base/disk.h"
#include "crypto/revocation.h"

void
evidence_key(const struct evidence_need *n, uint8_t key[static HASH_LEN])
{
	uint8_t full[HASH_MAX];
	struct hash h;

	hash_init(&h, HASH_SHA256);
	hash_add(&h, (struct bytes){ &n->kind, 1 });
	hash_add(
	    &h, (struct bytes){ (const uint8_t *)n->url, strlen(n->url) + 1 });
	hash_add(&h, (struct bytes){ n->body, n->body_len });
	hash_done(&h, full);
	memcpy(key, full, HASH_LEN);
}

static struct evidence_row *
find(struct evidence_cache *c, const uint8_t key[static HASH_LEN])
{
	for (size_t i = 0; i < c->count; i++)
		if (!memcmp(c->rows[i].key, key, HASH_LEN))
			return &c->rows[i];
	return NULL;
}

/* What is handed over is no longer all there is. */
static void
unbundle(struct evidence_cache *c)
{
	if (c->made)
		disk_close(&c->bundle);
	c->made = false;
}

static void
drop(struct evidence_cache *c, struct evidence_row *row)
{
	c->held -= row->size;
	buf_free(&row->bytes);
	disk_close(&row->file);
	*row = c->rows[--c->count];
	unbundle(c);
}

static void
drop_old(struct evidence_cache *c, int64_t now)
{
	for (size_t i = c->count; i-- > 0;)
		if (c->rows[i].until < now)
			drop(c, &c->rows[i]);
}

static enum fail
write_row(int fd, const struct evidence_row *row)
{
	struct buf head;
	enum fail f;

	buf_init(&head, 64);
	buf_add(&head, row->key, HASH_LEN);
	buf_u8(&head, row->kind);
	buf_u64(&head, (uint64_t)row->fetched);
	buf_u64(&head, row->size);
	f = buf_fail(&head);
	if (!f)
		f = disk_write_all(fd, buf_view(&head));
	if (!f && row->file >= 0)
		f = disk_copy(row->file, 0, row->size, fd);
	else if (!f)
		f = disk_write_all(fd, buf_view(&row->bytes));
	buf_free(&head);
	return f;
}

static bool
has_large(const struct evidence_cache *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->rows[i].file >= 0)
			return true;
	return false;
}

static enum fail
bundle(struct evidence_cache *c)
{
	enum fail f = FAIL_NONE;

	c->bundle = disk_unnamed(has_large(c) ? c->folder : NULL);
	if (c->bundle < 0)
		return FAIL_IO;
	for (size_t i = 0; i < c->count && !f; i++)
		f = write_row(c->bundle, &c->rows[i]);
	if (f)
		disk_close(&c->bundle);
	c->made = !f;
	return f;
}

enum fail
evidence_bundle(struct evidence_cache *c, int64_t now, int *fd)
{
	enum fail f = FAIL_NONE;

	*fd = -1;
	drop_old(c, now);
	if (!c->made)
		f = bundle(c);
	if (!f)
		*fd = disk_reopen(c->bundle);
	return !f && *fd < 0 ? FAIL_IO : f;
}

static void
add_step(void *context, struct bytes step)
{
	buf_bytes(context, step);
}

static void
drop_oldest(struct evidence_cache *c)
{
	struct evidence_row *oldest = &c->rows[0];

	for (size_t i = 1; i < c->count; i++)
		if (c->rows[i].fetched < oldest->fetched)
			oldest = &c->rows[i];
	drop(c, oldest);
}

/* net may give a file of any size: the size is looked at first. */
static void
read_answer(struct evidence_cache *c, const struct evidence_need *need, int fd,
    struct evidence_row *row)
{
	uint64_t most =
	    need->kind == EVIDENCE_OCSP ? OCSP_ANSWER_MAX : EVIDENCE_BYTES_MAX;
	uint64_t size = 0;
	enum fail f;

	row->file = -1;
	buf_init(&row->bytes, DISK_SMALL);
	if (fd < 0 || disk_size(fd, &size) || !size || size > most)
		return;
	while (c->count && c->held + size > EVIDENCE_BYTES_MAX)
		drop_oldest(c);
	if (size <= DISK_SMALL) {
		f = disk_part(fd, 0, (size_t)size, add_step, &row->bytes);
		f = f ? f : buf_fail(&row->bytes);
	} else {
		row->file = disk_unnamed(c->folder);
		f = row->file < 0 ? FAIL_IO : disk_copy(fd, 0, size, row->file);
	}
	if (f) {
		buf_free(&row->bytes);
		disk_close(&row->file);
	} else {
		row->size = size;
	}
}

void
evidence_keep(struct evidence_cache *c, const struct evidence_need *need,
    int fd, int64_t now)
{
	struct evidence_row row = {
		.kind = need->kind, .fetched = now, .until = now + EVIDENCE_VAIN
	};
	struct evidence_row *old;

	evidence_key(need, row.key);
	read_answer(c, need, fd, &row);
	old = find(c, row.key);
	if (old && old->size && !row.size)
		return;
	if (old)
		drop(c, old);
	if (c->count == EVIDENCE_ROWS_MAX)
		drop_oldest(c);
	c->held += row.size;
	c->rows[c->count++] = row;
	unbundle(c);
}

static enum fail
read_need(struct cursor *c, struct evidence_need *need)
{
	struct bytes url, body;

	need->kind = cursor_u8(c);
	url = cursor_field(c);
	body = cursor_field(c);
	if (c->failed || !url.len || url.len >= sizeof(need->url) ||
	    body.len > sizeof(need->body) || memchr(url.data, 0, url.len))
		return FAIL_PEER;
	memcpy(need->url, url.data, url.len);
	need->url[url.len] = '\0';
	if (body.len)
		memcpy(need->body, body.data, body.len);
	need->body_len = body.len;
	return FAIL_NONE;
}

/* A worker says how long a row is good, but not for ever. */
static void
prolong(
    struct evidence_cache *cache, struct bytes key, int64_t until, int64_t now)
{
	struct evidence_row *row = key.len ? find(cache, key.data) : NULL;

	if (!row || !row->size || until <= row->until)
		return;
	row->until = until > now + EVIDENCE_DAY ? now + EVIDENCE_DAY : until;
}

enum fail
evidence_read(struct cursor *c, struct evidence_cache *cache,
    struct evidence_needs *needs, int64_t now)
{
	size_t count = cursor_u8(c), used;

	needs->count = 0;
	if (count > EVIDENCE_NEEDS_MAX)
		return FAIL_PEER;
	for (size_t i = 0; i < count; i++) {
		enum fail f = read_need(c, &needs->items[i]);

		if (f)
			return f;
	}
	needs->count = count;
	used = cursor_u16(c);
	for (size_t i = 0; i < used && !c->failed; i++) {
		struct bytes key = cursor_bytes(c, HASH_LEN);
		int64_t until = (int64_t)cursor_u64(c);

		prolong(cache, key, until, now);
	}
	return c->failed ? FAIL_PEER : FAIL_NONE;
}

void
evidence_free(struct evidence_cache *c)
{
	while (c->count)
		drop(c, &c->rows[0]);
	unbundle(c);
}

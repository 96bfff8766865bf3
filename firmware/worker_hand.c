#include "firmware/worker_hand.h"

#include <stdlib.h>

#define ROW_HEAD (HASH_LEN + 1 + 8 + 8)

/* ---- what core has ---- */

static enum fail
read_rows(struct hand *h)
{
	struct bytes rest = h->map.bytes;

	while (rest.len) {
		struct cursor c = cursor_of(rest);
		struct hand_row *row = &h->rows[h->count];
		struct bytes key = cursor_bytes(&c, HASH_LEN);
		uint8_t kind = cursor_u8(&c);
		int64_t fetched = (int64_t)cursor_u64(&c);
		uint64_t size = cursor_u64(&c);

		if (c.failed || h->count == EVIDENCE_ROWS_MAX ||
		    kind > EVIDENCE_OCSP || size > rest.len - ROW_HEAD)
			return FAIL_PEER;
		memcpy(row->key, key.data, HASH_LEN);
		row->part = disk_map_part(&h->map,
		    h->map.bytes.len - rest.len + ROW_HEAD, (size_t)size);
		row->evidence = (struct evidence){ .kind = kind,
			.der = row->part.bytes,
			.file = kind == EVIDENCE_CRL ? &row->part : NULL,
			.proven = fetched };
		rest = bytes_part(rest, ROW_HEAD + (size_t)size, SIZE_MAX);
		h->count++;
	}
	return FAIL_NONE;
}

/* ---- what is asked while paths are judged ---- */

static enum fail
make_need(const struct cert *cert, const struct cert *issuer, unsigned n,
    struct evidence_need *need)
{
	enum evidence_kind kind;
	struct bytes url;
	struct buf body;
	enum fail f = revocation_place(cert, n, &kind, &url);

	*need = (struct evidence_need){ .kind = (uint8_t)kind };
	if (f || url.len >= sizeof(need->url))
		return f ? f : FAIL_LIMIT;
	memcpy(need->url, url.data, url.len);
	if (kind == EVIDENCE_CRL)
		return FAIL_NONE;
	/* Without a nonce: the answer is kept for the next document, and says
	 * itself how long it is good. */
	buf_init(&body, sizeof(need->body));
	f = ocsp_request_write(cert, issuer, (struct bytes){ NULL, 0 }, &body);
	if (!f) {
		memcpy(need->body, body.data, body.len);
		need->body_len = body.len;
	}
	buf_free(&body);
	return f;
}

static bool
ask(void *context, struct trust *trust, const struct cert *cert,
    const struct cert *issuer, unsigned n)
{
	struct hand *h = context;
	struct evidence_need *need;
	uint8_t key[HASH_LEN];
	enum fail f;

	if (h->needs.count == EVIDENCE_NEEDS_MAX)
		return false;
	need = &h->needs.items[h->needs.count];
	f = make_need(cert, issuer, n, need);
	if (f)
		return f != FAIL_MISSING;
	evidence_key(need, key);
	for (size_t i = 0; i < h->count; i++) {
		if (memcmp(h->rows[i].key, key, HASH_LEN) != 0)
			continue;
		if (h->rows[i].evidence.der.len)
			trust_add(trust, &h->rows[i].evidence);
		return true;
	}
	h->needs.count++;
	return false;
}

static void
used(void *context, const struct revocation *by)
{
	struct hand *h = context;

	for (size_t i = 0; i < h->count; i++)
		if (h->rows[i].evidence.der.data == by->evidence->der.data)
			h->rows[i].until = by->next_update;
}

enum fail
hand_open(struct message *m, size_t which, struct hand **made)
{
	struct hand *h = calloc(1, sizeof(*h));
	enum fail f =
	    h ? disk_map_fd(message_take_fd(m, which), &h->map) : FAIL_MEMORY;

	if (!f)
		f = read_rows(h);
	if (f) {
		if (h && h->map.fd >= 0)
			disk_unmap(&h->map);
		free(h);
		return f;
	}
	h->source = (struct trust_source){ h, ask, NULL, used };
	*made = h;
	return FAIL_NONE;
}

void
hand_close(struct hand *h)
{
	if (!h)
		return;
	disk_unmap(&h->map);
	free(h);
}

void
hand_put(struct buf *out, const struct hand *h)
{
	size_t used_count = 0;

	buf_u8(out, (uint8_t)(h ? h->needs.count : 0));
	for (size_t i = 0; h && i < h->needs.count; i++) {
		const struct evidence_need *n = &h->needs.items[i];

		buf_u8(out, n->kind);
		buf_field(out, BYTES_TEXT(n->url));
		buf_field(out, (struct bytes){ n->body, n->body_len });
	}
	for (size_t i = 0; h && i < h->count; i++)
		used_count += h->rows[i].until != 0;
	buf_u16(out, (uint16_t)used_count);
	for (size_t i = 0; h && i < h->count; i++) {
		if (!h->rows[i].until)
			continue;
		buf_add(out, h->rows[i].key, HASH_LEN);
		buf_u64(out, (uint64_t)h->rows[i].until);
	}
}

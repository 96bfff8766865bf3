/*
 * A document's files: ETag is the SHA-256 of the content, so a client that has
 * it asks once and is told so; parts are given by Range (RFC 9110 8.8, 13, 14).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "firmware/flow/flow.h"
#include "firmware/web/web.h"
#include "storage/blob.h"

#define RECEIVED "nhan" /* name of what came from elsewhere */

struct source {
	struct store *store;
	uint8_t hash[HASH_LEN];
};

/* A transaction per step: none is held while a client is slow. */
static enum fail
read_source(void *context, uint64_t offset, size_t len, struct buf *out)
{
	struct source *s = context;
	struct txn *txn;
	enum fail f = txn_begin(s->store, false, NULL, &txn);

	if (f)
		return f;
	f = blob_read(txn, s->hash, offset, len, out);
	txn_abort(txn);
	return f;
}

enum range { RANGE_NONE, RANGE_PART, RANGE_OUTSIDE };

/* A number in digits at *at. */
static bool
digits(struct bytes in, size_t *at, uint64_t *value)
{
	size_t start = *at;

	*value = 0;
	for (; *at < in.len && in.data[*at] >= '0' && in.data[*at] <= '9' &&
	     *at - start < 18;
	     (*at)++)
		*value = *value * 10 + (in.data[*at] - '0');
	return *at > start;
}

/* One range of "bytes=a-b", "a-" or "-n"; anything else is ignored, as
 * RFC 9110 14.2 allows. */
static enum range
read_range(struct bytes header, uint64_t size, uint64_t *from, uint64_t *len)
{
	uint64_t first, last;
	size_t at = 6;
	bool has_first, has_last;

	if (!bytes_starts(header, "bytes="))
		return RANGE_NONE;
	has_first = digits(header, &at, &first);
	if (at == header.len || header.data[at++] != '-')
		return RANGE_NONE;
	has_last = digits(header, &at, &last);
	if (at != header.len || (!has_first && !has_last))
		return RANGE_NONE;
	if (!has_first) {
		first = last < size ? size - last : 0;
		if (!last)
			return RANGE_OUTSIDE;
		last = size - 1;
	} else if (!has_last || last >= size) {
		last = size - 1;
	}
	if (first >= size || first > last)
		return RANGE_OUTSIDE;
	*from = first;
	*len = last - first + 1;
	return RANGE_PART;
}

/* Which file the path names; false when the document has none such. */
static bool
choose(const struct visit *v, const struct record *r,
    uint8_t hash[static HASH_LEN], const char **name)
{
	struct bytes path = v->request->path;

	if (r->source || bytes_find(path, "/tep/nhan") != SIZE_MAX) {
		memcpy(hash, r->draft, HASH_LEN);
		*name = RECEIVED;
		return r->source && bytes_find(path, "/tep/nhan") != SIZE_MAX;
	}
	if (bytes_find(path, "/tep/luu-tru") != SIZE_MAX) {
		memcpy(hash, r->raised, HASH_LEN);
		*name = "luu-tru";
		if (r->state < STATE_WAIT_ISSUE)
			return false;
	} else if (bytes_find(path, "/tep/da-dong-dau") != SIZE_MAX) {
		memcpy(hash, r->sealed, HASH_LEN);
		*name = "da-dong-dau";
		if (r->state < STATE_WAIT_ISSUE)
			return false;
	} else if (bytes_find(path, "/tep/da-ky") != SIZE_MAX) {
		memcpy(hash, r->signed_file, HASH_LEN);
		*name = "da-ky";
	} else {
		memcpy(hash, r->draft, HASH_LEN);
		*name = "du-thao";
	}
	return hash_is_set(hash);
}

/* That file, of a document that this person may see. */
static enum fail
find_file(struct visit *v, uint8_t hash[static HASH_LEN], const char **name)
{
	struct record r, main;
	enum fail f = record_get(v->txn, v->number, &r);

	if (!f && !act_may_see(&r, &v->person))
		f = FAIL_MISSING;
	/* An annex is sealed when its main document is. */
	if (!f && r.main)
		f = record_get(v->txn, r.main, &main);
	if (!f && r.main)
		r.state = main.state;
	return !f && !choose(v, &r, hash, name) ? FAIL_MISSING : f;
}

#define PDF_START "%PDF-"

bool
web_file_is_pdf(struct txn *txn, const uint8_t *hash)
{
	struct buf head;
	bool is;

	buf_init(&head, BLOB_CHUNK);
	is = !blob_read(txn, hash, 0, strlen(PDF_START), &head) &&
	    bytes_starts(buf_view(&head), PDF_START);
	buf_free(&head);
	return is;
}

static void
send_file(struct visit *v, const uint8_t *hash, const char *name, uint64_t size)
{
	/* Our own files are; what came from elsewhere is shown as what its
	 * signatures were checked as. */
	bool pdf = strcmp(name, RECEIVED) != 0 || web_file_is_pdf(v->txn, hash);
	struct source *s = calloc(1, sizeof(*s));
	char hex[2 * HASH_LEN + 1];
	uint64_t from = 0, len = size;
	enum range range = RANGE_NONE;
	struct http_reply *r = &v->reply;

	if (!s) {
		page_fail(v, FAIL_MEMORY, "");
		return;
	}
	bytes_to_hex((struct bytes){ hash, HASH_LEN }, hex);
	/* RFC 9110 13.1.5: a part only of the file the client has begun. */
	if (!v->request->if_range.len ||
	    bytes_find(v->request->if_range, hex) != SIZE_MAX)
		range = read_range(v->request->range, size, &from, &len);
	r->status = range == RANGE_PART ? 206 : 200;
	r->type = pdf ? "application/pdf" : "application/octet-stream";
	buf_printf(&r->headers,
	    "ETag: \"%s\"\r\nAccept-Ranges: bytes\r\n"
	    "Cache-Control: private, no-cache\r\n"
	    "Content-Disposition: %s; "
	    "filename=\"van-ban-%" PRIu64 "-%s%s\"\r\n",
	    hex, pdf ? "inline" : "attachment", v->number, name,
	    pdf ? ".pdf" : "");
	if (bytes_find(v->request->if_none_match, hex) != SIZE_MAX) {
		r->status = 304;
		free(s);
		return;
	}
	if (range == RANGE_OUTSIDE) {
		r->status = 416;
		buf_printf(&r->headers,
		    "Content-Range: bytes */%" PRIu64 "\r\n", size);
		free(s);
		return;
	}
	if (range == RANGE_PART)
		buf_printf(&r->headers,
		    "Content-Range: bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64
		    "\r\n",
		    from, from + len - 1, size);
	s->store = v->web->store;
	memcpy(s->hash, hash, HASH_LEN);
	r->source = read_source;
	r->source_free = free;
	r->context = s;
	r->offset = from;
	r->length = len;
}

void
page_file(struct visit *v)
{
	struct blob_info info;
	uint8_t hash[HASH_LEN];
	const char *name;
	enum fail f = find_file(v, hash, &name);

	if (!f)
		f = blob_about(v->txn, hash, &info);
	if (f)
		page_fail(v, f, "");
	else
		send_file(v, hash, name, info.size);
}

/* The evidence record that goes with a file (RFC 4998). */
void
page_record(struct visit *v)
{
	uint8_t hash[HASH_LEN];
	const char *name;
	enum fail f = find_file(v, hash, &name);

	if (!f)
		f = flow_evidence_record(v->txn, hash, &v->reply.body);
	if (f) {
		buf_clear(&v->reply.body);
		page_fail(v, f, "");
		return;
	}
	v->reply.status = 200;
	v->reply.type = "application/octet-stream";
	buf_printf(&v->reply.headers,
	    "Cache-Control: private, no-cache\r\n"
	    "Content-Disposition: attachment; "
	    "filename=\"van-ban-%" PRIu64 "-%s.pdf.ers\"\r\n",
	    v->number, name);
}

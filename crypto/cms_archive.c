#include "crypto/cms_archive.h"

#include <stdlib.h>

#include "crypto/cms_grow.h"
#include "crypto/cms_pieces.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/oid.h"
#include "crypto/signature.h"

/* ---- the index ---- */

static void
put_hash(struct buf *out, enum hash_kind kind, struct bytes a, struct bytes b)
{
	uint8_t digest[HASH_MAX];
	struct hash h;

	hash_init(&h, kind);
	hash_add(&h, a);
	hash_add(&h, b);
	hash_done(&h, digest);
	der_put(
	    out, DER_OCTET_STRING, (struct bytes){ digest, hash_len(kind) });
}

/* SEQUENCE OF hashes of what an implicitly tagged SET OF holds. */
static enum fail
put_hashes(struct buf *out, enum hash_kind kind, struct bytes set)
{
	der_mark mark = der_begin(out);
	struct der top = der_open(set), d = { { NULL, 0 } };
	struct der_item item;
	enum fail f = FAIL_NONE;

	if (set.len)
		f = der_into(&top, der_peek(&top), &d);
	while (!f && !der_end(&d) && !(f = buf_fail(out))) {
		f = der_any(&d, &item);
		if (!f)
			put_hash(
			    out, kind, item.whole, (struct bytes){ NULL, 0 });
	}
	der_end_with(out, mark, DER_SEQUENCE);
	return f;
}

/* Of every value of an unsigned attribute: its type and itself. */
static enum fail
put_attribute_hashes(struct buf *out, enum hash_kind kind, struct bytes others)
{
	der_mark mark = der_begin(out);
	struct der top = der_open(others), d = { { NULL, 0 } };
	enum fail f = FAIL_NONE;

	if (others.len)
		f = der_into(&top, DER_CONTEXT_MADE(1), &d);
	while (!f && !der_end(&d)) {
		struct der attribute, values;
		struct der_item type, value;

		f = der_into(&d, DER_SEQUENCE, &attribute);
		if (!f)
			f = der_take(&attribute, DER_OID, &type);
		if (!f)
			f = der_into(&attribute, DER_SET, &values);
		while (!f && !der_end(&values) && !(f = buf_fail(out))) {
			f = der_any(&values, &value);
			if (!f)
				put_hash(out, kind, type.whole, value.whole);
		}
	}
	der_end_with(out, mark, DER_SEQUENCE);
	return f;
}

/* ATSHashIndexV3 (5.5.2). */
static enum fail
put_index(const struct cms_pieces *p, enum hash_kind kind, struct buf *out)
{
	der_mark whole = der_begin(out), algorithm = whole;
	enum fail f;

	oid_put(out, hash_oid(kind));
	der_end_with(out, algorithm, DER_SEQUENCE);
	f = put_hashes(out, kind, p->certs);
	if (!f)
		f = put_hashes(out, kind, p->lists);
	if (!f)
		f = put_attribute_hashes(out, kind, p->signer.others);
	der_end_with(out, whole, DER_SEQUENCE);
	return f ? f : buf_fail(out);
}

/* EN 319 122-1 5.5.3: what an archive time-stamp stamps. */
static void
digest_pieces(const struct cms_pieces *p, enum hash_kind kind,
    const uint8_t *content, struct bytes index, uint8_t out[static HASH_MAX])
{
	struct hash h;

	hash_init(&h, kind);
	hash_add(&h, p->content_type);
	hash_add(&h, (struct bytes){ content, hash_len(kind) });
	hash_add(&h, p->signer.version);
	hash_add(&h, p->signer.id);
	hash_add(&h, p->signer.digest);
	hash_add(&h, p->signer.attributes);
	hash_add(&h, p->signer.algorithm);
	hash_add(&h, p->signer.signature);
	hash_add(&h, index);
	hash_done(&h, out);
}

enum fail
cms_archive_digest(struct bytes cms, enum hash_kind kind,
    const uint8_t *content, struct buf *index, uint8_t out[static HASH_MAX])
{
	struct cms_pieces p;
	enum fail f = cms_pieces_read(cms, 0, &p, NULL);

	if (!f)
		f = put_index(&p, kind, index);
	if (f)
		return f;
	digest_pieces(&p, kind, content, buf_view(index), out);
	return FAIL_NONE;
}

/* ---- checking an index ---- */

/* ATSHashIndexV3 in parts: hashes of certificates, of lists, of attributes. */
static enum fail
open_index(struct bytes index, enum hash_kind kind, struct der lists[3])
{
	struct der_item whole;
	struct der in;
	enum hash_kind of = HASH_SHA256; /* by default */
	enum fail f = index.len > CMS_ARCHIVE_INDEX_MAX ?
	    FAIL_LIMIT :
	    der_whole(index, DER_SEQUENCE, &whole);

	if (f)
		return f;
	in = der_open(whole.value);
	/* AlgorithmIdentifier DEFAULT SHA-256; it is told from a list of
	 * hashes by what is in it. */
	if (in.rest.len > 2 && in.rest.data[0] == DER_SEQUENCE &&
	    in.rest.data[1] && in.rest.data[2] == DER_OID) {
		f = der_any(&in, &whole);
		if (!f)
			f = hash_algorithm_read(whole.whole, &of);
	}
	for (int i = 0; i < 3 && !f; i++)
		f = der_into(&in, DER_SEQUENCE, &lists[i]);
	return f || (der_end(&in) && of == kind) ? f : FAIL_FORMAT;
}

static bool
has_hash(struct der list, struct bytes hash)
{
	struct der_item item;

	while (!der_end(&list) && !der_take(&list, DER_OCTET_STRING, &item))
		if (bytes_equal(item.value, hash))
			return true;
	return false;
}

/* Every hash of one list among another's. */
static bool
all_there(struct der list, struct bytes there)
{
	struct der_item whole, item;

	if (der_whole(there, DER_SEQUENCE, &whole))
		return false;
	while (!der_end(&list))
		if (der_take(&list, DER_OCTET_STRING, &item) ||
		    !has_hash(der_open(whole.value), item.value))
			return false;
	return true;
}

/* What an index of everything would hold. */
static enum fail
put_lists(const struct cms_pieces *p, enum hash_kind kind, struct buf out[3])
{
	enum fail f = put_hashes(&out[0], kind, p->certs);

	if (!f)
		f = put_hashes(&out[1], kind, p->lists);
	if (!f)
		f = put_attribute_hashes(&out[2], kind, p->signer.others);
	for (int i = 0; i < 3 && !f; i++)
		f = buf_fail(&out[i]);
	return f;
}

enum fail
cms_archive_imprint(struct bytes cms, size_t n, enum hash_kind kind,
    const uint8_t *content, struct bytes index, uint8_t out[static HASH_MAX])
{
	struct buf there[3];
	struct der lists[3];
	struct cms_pieces p;
	bool last;
	enum fail f = cms_pieces_read(cms, n, &p, &last);

	if (!f)
		f = open_index(index, kind, lists);
	if (f)
		return f;
	for (int i = 0; i < 3; i++)
		buf_init(&there[i], CMS_ARCHIVE_INDEX_MAX);
	f = put_lists(&p, kind, there);
	for (int i = 0; i < 3 && !f; i++)
		if (!all_there(lists[i], buf_view(&there[i])))
			f = FAIL_DIGEST;
	for (int i = 0; i < 3; i++)
		buf_free(&there[i]);
	if (!f)
		digest_pieces(&p, kind, content, index, out);
	return f;
}

bool
cms_archive_covers(struct bytes index, enum hash_kind kind, struct bytes item)
{
	uint8_t digest[HASH_MAX];
	struct bytes hash = { digest, hash_len(kind) };
	struct der lists[3];

	hash_bytes(kind, item, digest);
	return !open_index(index, kind, lists) &&
	    (has_hash(lists[0], hash) || has_hash(lists[1], hash));
}

bool
cms_archive_covers_value(
    struct bytes index, enum hash_kind kind, enum oid type, struct bytes value)
{
	uint8_t digest[HASH_MAX];
	struct bytes hash = { digest, hash_len(kind) };
	struct der lists[3];
	struct hash h;
	struct buf name;
	bool covers;

	buf_init(&name, 64);
	oid_put(&name, type);
	hash_init(&h, kind);
	hash_add(&h, buf_view(&name));
	hash_add(&h, value);
	hash_done(&h, digest);
	covers = !buf_fail(&name) && !open_index(index, kind, lists) &&
	    has_hash(lists[2], hash);
	buf_free(&name);
	return covers;
}

/* A SignedData again, with an attribute of this type and value more. */
static enum fail
add_attribute(
    struct bytes cms, enum oid type, struct bytes value, struct buf *out)
{
	const struct cms_growth more = { .attribute = type, .value = value };

	return cms_grow(cms, &more, out);
}

enum fail
cms_archive_add(
    struct bytes cms, struct bytes token, struct bytes index, struct buf *out)
{
	struct buf stamped;
	enum fail f;

	buf_init(&stamped, token.len + index.len + 1024);
	f = add_attribute(token, OID_ATTR_ATS_INDEX_V3, index, &stamped);
	if (!f)
		f = add_attribute(
		    cms, OID_ATTR_ARCHIVE_STAMP_V3, buf_view(&stamped), out);
	buf_free(&stamped);
	return f;
}

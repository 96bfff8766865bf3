#include "crypto/cms_archive.h"

#include <stdlib.h>

#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/oid.h"
#include "crypto/signature.h"

#define ATTRIBUTES_MAX 32u

/* A ContentInfo with the SignedData of one signer, in pieces that are whole
 * items each; what is optional may be empty. */
struct pieces {
	struct bytes type; /* of the ContentInfo */
	struct bytes version, digests, content, certs, lists;
	struct bytes content_type; /* whole OID within content */
	struct signer {
		struct bytes version, id, digest, attributes, algorithm;
		struct bytes signature, others; /* unsigned attributes */
	} signer;
};

static enum fail
take(struct der *d, int tag, struct bytes *whole)
{
	struct der_item item;
	enum fail f = der_take(d, tag, &item);

	*whole = item.whole;
	return f;
}

static enum fail
take_optional(struct der *d, int tag, struct bytes *whole)
{
	struct der_item item;
	enum fail f = der_optional(d, tag, &item);

	*whole = item.whole;
	return f;
}

static enum fail
read_signer(struct der *set, struct signer *s)
{
	struct der d;
	struct der_item id;
	enum fail f = der_into(set, DER_SEQUENCE, &d);

	if (!f)
		f = take(&d, DER_INTEGER, &s->version);
	if (!f)
		f = der_any(&d, &id);
	if (!f) {
		s->id = id.whole;
		f = take(&d, DER_SEQUENCE, &s->digest);
	}
	if (!f)
		f = take_optional(&d, DER_CONTEXT_MADE(0), &s->attributes);
	if (!f)
		f = take(&d, DER_SEQUENCE, &s->algorithm);
	if (!f)
		f = take(&d, DER_OCTET_STRING, &s->signature);
	if (!f)
		f = take_optional(&d, DER_CONTEXT_MADE(1), &s->others);
	return f || (der_end(&d) && der_end(set)) ? f : FAIL_FORMAT;
}

static enum fail
take_apart(struct bytes cms, struct pieces *p)
{
	struct der top = der_open(cms), info, wrapped, data, signers, content;
	struct der_item item;
	enum fail f = der_into(&top, DER_SEQUENCE, &info);

	if (!f)
		f = take(&info, DER_OID, &p->type);
	if (!f)
		f = der_into(&info, DER_CONTEXT_MADE(0), &wrapped);
	if (!f)
		f = der_into(&wrapped, DER_SEQUENCE, &data);
	if (!f)
		f = take(&data, DER_INTEGER, &p->version);
	if (!f)
		f = take(&data, DER_SET, &p->digests);
	if (!f)
		f = take(&data, DER_SEQUENCE, &p->content);
	if (!f)
		f = take_optional(&data, DER_CONTEXT_MADE(0), &p->certs);
	if (!f)
		f = take_optional(&data, DER_CONTEXT_MADE(1), &p->lists);
	if (!f)
		f = der_into(&data, DER_SET, &signers);
	if (!f)
		f = read_signer(&signers, &p->signer);
	if (!f)
		f = der_whole(p->content, DER_SEQUENCE, &item);
	if (f)
		return f;
	content = der_open(item.value);
	return take(&content, DER_OID, &p->content_type);
}

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
	while (!f && !der_end(&d)) {
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
		while (!f && !der_end(&values)) {
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
put_index(const struct pieces *p, enum hash_kind kind, struct buf *out)
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

enum fail
cms_archive_digest(struct bytes cms, enum hash_kind kind,
    const uint8_t *content, struct buf *index, uint8_t out[static HASH_MAX])
{
	struct pieces p;
	struct hash h;
	enum fail f = take_apart(cms, &p);

	if (!f)
		f = put_index(&p, kind, index);
	if (f)
		return f;
	hash_init(&h, kind);
	hash_add(&h, p.content_type);
	hash_add(&h, (struct bytes){ content, hash_len(kind) });
	hash_add(&h, p.signer.version);
	hash_add(&h, p.signer.id);
	hash_add(&h, p.signer.digest);
	hash_add(&h, p.signer.attributes);
	hash_add(&h, p.signer.algorithm);
	hash_add(&h, p.signer.signature);
	hash_add(&h, buf_view(index));
	hash_done(&h, out);
	return FAIL_NONE;
}

/* ---- one unsigned attribute more ---- */

static int
by_encoding(const void *a, const void *b)
{
	return bytes_compare(
	    *(const struct bytes *)a, *(const struct bytes *)b);
}

/* The unsigned attributes with one more, in their order (X.690 11.6). */
static enum fail
put_others(struct bytes others, struct bytes attribute, struct buf *out)
{
	struct bytes all[ATTRIBUTES_MAX] = { attribute };
	struct der top = der_open(others), d = { { NULL, 0 } };
	der_mark mark = der_begin(out);
	size_t count = 1;
	enum fail f = FAIL_NONE;

	if (others.len)
		f = der_into(&top, DER_CONTEXT_MADE(1), &d);
	while (!f && !der_end(&d)) {
		if (count == ATTRIBUTES_MAX)
			return FAIL_LIMIT;
		f = take(&d, DER_SEQUENCE, &all[count++]);
	}
	qsort(all, count, sizeof(all[0]), by_encoding);
	for (size_t i = 0; i < count && !f; i++)
		buf_bytes(out, all[i]);
	der_end_with(out, mark, DER_CONTEXT_MADE(1));
	return f;
}

static enum fail
put_signer(const struct signer *s, struct bytes attribute, struct buf *out)
{
	der_mark mark = der_begin(out);
	enum fail f;

	buf_bytes(out, s->version);
	buf_bytes(out, s->id);
	buf_bytes(out, s->digest);
	buf_bytes(out, s->attributes);
	buf_bytes(out, s->algorithm);
	buf_bytes(out, s->signature);
	f = put_others(s->others, attribute, out);
	der_end_with(out, mark, DER_SEQUENCE);
	return f;
}

/* A SignedData again, with an attribute of this type and value more. */
static enum fail
add_attribute(
    struct bytes cms, enum oid type, struct bytes value, struct buf *out)
{
	der_mark info = der_begin(out), wrapped, data, mark;
	struct pieces p;
	struct buf attribute;
	enum fail f = take_apart(cms, &p);

	if (f)
		return f;
	buf_init(&attribute, value.len + 64);
	mark = der_begin(&attribute);
	oid_put(&attribute, type);
	data = der_begin(&attribute);
	buf_bytes(&attribute, value);
	der_end_with(&attribute, data, DER_SET);
	der_end_with(&attribute, mark, DER_SEQUENCE);
	buf_bytes(out, p.type);
	wrapped = data = der_begin(out);
	buf_bytes(out, p.version);
	buf_bytes(out, p.digests);
	buf_bytes(out, p.content);
	buf_bytes(out, p.certs);
	buf_bytes(out, p.lists);
	mark = der_begin(out);
	f = put_signer(&p.signer, buf_view(&attribute), out);
	der_end_with(out, mark, DER_SET);
	der_end_with(out, data, DER_SEQUENCE);
	der_end_with(out, wrapped, DER_CONTEXT_MADE(0));
	der_end_with(out, info, DER_SEQUENCE);
	if (!f)
		f = buf_fail(&attribute);
	buf_free(&attribute);
	return f ? f : buf_fail(out);
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

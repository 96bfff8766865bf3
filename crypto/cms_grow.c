#include "crypto/cms_grow.h"

#include <stdlib.h>

#include "crypto/cms_pieces.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/ocsp.h"

#define OTHER_FORMATS 5 /* 5.1: the version that they make it */

/* ---- sets beside the signatures ---- */

/* RevocationInfoChoices (10.2.1), without the item around: lists as they are,
 * answers in the other format of RFC 5940. */
static void
put_evidence(struct buf *out, const struct cms_evidence *evidence, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		der_mark other = der_begin(out);

		if (evidence[i].is_answer)
			oid_put(out, OID_OCSP_IN_CMS);
		buf_bytes(out, evidence[i].der);
		if (evidence[i].is_answer)
			der_end_with(out, other, DER_CONTEXT_MADE(1));
	}
}

/* What a set holds that is there already. */
static void
put_inside(struct buf *out, struct bytes set)
{
	struct der d = der_open(set);
	struct der_item item;

	if (set.len && !der_any(&d, &item))
		buf_bytes(out, item.value);
}

static void
put_certs(struct buf *out, struct bytes certs, const struct cms_growth *g)
{
	der_mark mark = der_begin(out);

	put_inside(out, certs);
	for (size_t i = 0; i < g->cert_count; i++)
		buf_bytes(out, g->certs[i]);
	if (certs.len || g->cert_count)
		der_end_with(out, mark, DER_CONTEXT_MADE(0));
}

static void
put_lists(struct buf *out, struct bytes lists, const struct cms_growth *g)
{
	der_mark mark = der_begin(out);

	put_inside(out, lists);
	put_evidence(out, g->evidence, g->evidence_count);
	if (lists.len || g->evidence_count)
		der_end_with(out, mark, DER_CONTEXT_MADE(1));
}

static void
put_version(struct buf *out, struct bytes version, const struct cms_growth *g)
{
	struct der d = der_open(version);
	bool other = false;
	int number = 0;

	for (size_t i = 0; i < g->evidence_count; i++)
		other = other || g->evidence[i].is_answer;
	if (other && !der_int(&d, &number) && number < OTHER_FORMATS)
		der_put_int(out, OTHER_FORMATS);
	else
		buf_bytes(out, version);
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
	struct bytes all[CMS_ATTRIBUTES_MAX] = { attribute };
	struct der top = der_open(others), d = { { NULL, 0 } };
	der_mark mark = der_begin(out);
	struct der_item item;
	size_t count = 1;
	enum fail f = FAIL_NONE;

	if (others.len)
		f = der_into(&top, DER_CONTEXT_MADE(1), &d);
	while (!f && !der_end(&d)) {
		if (count == CMS_ATTRIBUTES_MAX)
			return FAIL_LIMIT;
		f = der_take(&d, DER_SEQUENCE, &item);
		all[count++] = item.whole;
	}
	qsort(all, count, sizeof(all[0]), by_encoding);
	for (size_t i = 0; i < count && !f; i++)
		buf_bytes(out, all[i]);
	der_end_with(out, mark, DER_CONTEXT_MADE(1));
	return f;
}

static enum fail
put_signer(
    const struct cms_pieces_signer *s, struct bytes attribute, struct buf *out)
{
	der_mark mark = der_begin(out);
	enum fail f = FAIL_NONE;

	buf_bytes(out, s->version);
	buf_bytes(out, s->id);
	buf_bytes(out, s->digest);
	buf_bytes(out, s->attributes);
	buf_bytes(out, s->algorithm);
	buf_bytes(out, s->signature);
	if (attribute.len)
		f = put_others(s->others, attribute, out);
	else
		buf_bytes(out, s->others);
	der_end_with(out, mark, DER_SEQUENCE);
	return f;
}

static void
put_attribute(const struct cms_growth *g, struct buf *out)
{
	der_mark mark = der_begin(out), values;

	oid_put(out, g->attribute);
	values = der_begin(out);
	buf_bytes(out, g->value);
	der_end_with(out, values, DER_SET);
	der_end_with(out, mark, DER_SEQUENCE);
}

enum fail
cms_revocation_values(
    const struct cms_evidence *evidence, size_t count, struct buf *out)
{
	der_mark all = der_begin(out), list;

	for (int answers = 0; answers < 2; answers++) {
		size_t before = out->len;

		list = der_begin(out);
		for (size_t i = 0; i < count; i++) {
			struct ocsp o = { .basic = evidence[i].der };
			enum fail f = FAIL_NONE;

			if (evidence[i].is_answer != (answers == 1))
				continue;
			if (answers && ocsp_read(evidence[i].der, &o, NULL))
				f = ocsp_read_basic(evidence[i].der, &o, NULL);
			if (f)
				return f;
			buf_bytes(out, o.basic);
		}
		if (out->len == before)
			continue;
		der_end_with(out, list, DER_SEQUENCE);
		der_end_with(out, list,
		    answers ? DER_CONTEXT_MADE(1) : DER_CONTEXT_MADE(0));
	}
	der_end_with(out, all, DER_SEQUENCE);
	return buf_fail(out);
}

/* ---- all of it ---- */

static enum fail
put_together(const struct cms_pieces *p, const struct cms_growth *g,
    struct bytes attribute, struct buf *out)
{
	der_mark info = der_begin(out), data, mark;
	enum fail f;

	buf_bytes(out, p->type);
	data = der_begin(out);
	put_version(out, p->version, g);
	buf_bytes(out, p->digests);
	buf_bytes(out, p->content);
	put_certs(out, p->certs, g);
	put_lists(out, p->lists, g);
	mark = der_begin(out);
	f = put_signer(&p->signer, attribute, out);
	der_end_with(out, mark, DER_SET);
	der_end_with(out, data, DER_SEQUENCE);
	der_end_with(out, data, DER_CONTEXT_MADE(0));
	der_end_with(out, info, DER_SEQUENCE);
	return f;
}

enum fail
cms_grow(struct bytes cms, const struct cms_growth *g, struct buf *out)
{
	struct cms_pieces pieces;
	struct buf attribute;
	enum fail f = cms_pieces_read(cms, 0, &pieces, NULL);

	if (f)
		return f;
	buf_init(&attribute, g->value.len + 64);
	if (g->value.len)
		put_attribute(g, &attribute);
	f = put_together(&pieces, g, buf_view(&attribute), out);
	if (!f)
		f = buf_fail(&attribute);
	buf_free(&attribute);
	return f ? f : buf_fail(out);
}

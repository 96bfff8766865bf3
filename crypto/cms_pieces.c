#include "crypto/cms_pieces.h"

#include "crypto/der_read.h"

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
read_signer(struct der *set, struct cms_pieces_signer *s)
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
	return f || der_end(&d) ? f : FAIL_FORMAT;
}

enum fail
cms_pieces_read(struct bytes cms, size_t n, struct cms_pieces *p, bool *last)
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
	for (size_t i = 0; i <= n && !f; i++)
		f = read_signer(&signers, &p->signer);
	if (last)
		*last = der_end(&signers);
	else if (!f && !der_end(&signers))
		f = FAIL_FORMAT;
	if (!f)
		f = der_whole(p->content, DER_SEQUENCE, &item);
	if (f)
		return f;
	content = der_open(item.value);
	return take(&content, DER_OID, &p->content_type);
}

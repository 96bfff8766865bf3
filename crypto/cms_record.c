#include "crypto/cms_record.h"

#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/oid.h"

/* ---- finding them ---- */

/* The signers of a ContentInfo with a SignedData; data: what stands in front
 * of them there. */
static enum fail
open_signers(struct bytes cms, struct bytes *type, struct bytes *data,
    struct der *signers)
{
	struct der top = der_open(cms), info, wrapped, in;
	struct der_item item;
	enum fail f = der_into(&top, DER_SEQUENCE, &info);

	if (!f)
		f = der_take(&info, DER_OID, &item);
	if (f)
		return f;
	*type = item.whole;
	f = der_into(&info, DER_CONTEXT_MADE(0), &wrapped);
	if (!f)
		f = der_into(&wrapped, DER_SEQUENCE, &in);
	if (f)
		return f;
	*data = in.rest;
	/* They come last. */
	do {
		data->len = (size_t)(in.rest.data - data->data);
		f = der_any(&in, &item);
	} while (!f && !der_end(&in));
	*signers = der_open(item.value);
	return f || item.tag == DER_SET ? f : FAIL_FORMAT;
}

/* A signer's unsigned attributes, which come last; before: the rest of him.
 * There may be none. */
static enum fail
open_attributes(struct der *signers, struct bytes *before, struct der *in)
{
	struct der signer;
	struct der_item item = { .tag = 0 };
	enum fail f = der_into(signers, DER_SEQUENCE, &signer);

	*before = signer.rest;
	*in = (struct der){ { NULL, 0 } };
	while (!f && !der_end(&signer)) {
		size_t at = (size_t)(signer.rest.data - before->data);

		f = der_any(&signer, &item);
		if (f || !der_end(&signer) || item.tag != DER_CONTEXT_MADE(1))
			continue;
		before->len = at;
		*in = der_open(item.value);
	}
	return f;
}

/* Does an attribute hold records?  Then its values. */
static bool
holds_records(struct bytes whole, struct der *values, bool *external)
{
	struct der top = der_open(whole), attribute;
	struct der_item type;
	enum oid oid;

	if (der_into(&top, DER_SEQUENCE, &attribute) ||
	    der_take(&attribute, DER_OID, &type) ||
	    der_into(&attribute, DER_SET, values))
		return false;
	oid = oid_find(type.value);
	*external = oid == OID_ATTR_ER_EXTERNAL;
	return *external || oid == OID_ATTR_ER_INTERNAL;
}

size_t
cms_records_find(
    struct bytes cms, struct cms_record records[static CMS_RECORDS_MAX])
{
	struct bytes type, data, before;
	struct der signers, in, values;
	struct der_item attribute, value;
	size_t count = 0;
	bool external;

	if (open_signers(cms, &type, &data, &signers))
		return 0;
	while (!der_end(&signers) && !open_attributes(&signers, &before, &in))
		while (!der_end(&in) && !der_any(&in, &attribute)) {
			if (!holds_records(attribute.whole, &values, &external))
				continue;
			while (count < CMS_RECORDS_MAX && !der_end(&values) &&
			    !der_any(&values, &value))
				records[count++] =
				    (struct cms_record){ value.whole,
					    attribute.whole, external };
		}
	return count;
}

/* ---- the CMS without them ---- */

static bool
is_dropped(struct bytes attribute, struct bytes only)
{
	struct der values;
	bool external;

	return only.len ? attribute.data == only.data :
			  holds_records(attribute, &values, &external);
}

/* An attribute list that would be empty is left out. */
static enum fail
put_signer(struct der *signers, struct bytes only, struct buf *out)
{
	der_mark signer = der_begin(out), list;
	struct bytes before;
	struct der in;
	struct der_item attribute;
	enum fail f = open_attributes(signers, &before, &in);

	buf_bytes(out, before);
	list = der_begin(out);
	while (!f && !der_end(&in)) {
		f = der_any(&in, &attribute);
		if (!f && !is_dropped(attribute.whole, only))
			buf_bytes(out, attribute.whole);
	}
	if (out->len > list)
		der_end_with(out, list, DER_CONTEXT_MADE(1));
	der_end_with(out, signer, DER_SEQUENCE);
	return f;
}

enum fail
cms_records_strip(struct bytes cms, struct bytes attribute, struct buf *out)
{
	struct bytes type, data;
	struct der signers;
	der_mark info = der_begin(out), wrapped, list;
	enum fail f = open_signers(cms, &type, &data, &signers);

	if (f)
		return f;
	buf_bytes(out, type);
	wrapped = der_begin(out);
	buf_bytes(out, data);
	list = der_begin(out);
	while (!f && !der_end(&signers))
		f = put_signer(&signers, attribute, out);
	der_end_with(out, list, DER_SET);
	der_end_with(out, wrapped, DER_SEQUENCE);
	der_end_with(out, wrapped, DER_CONTEXT_MADE(0));
	der_end_with(out, info, DER_SEQUENCE);
	return f ? f : buf_fail(out);
}

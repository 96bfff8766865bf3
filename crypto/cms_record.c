#include "crypto/cms_record.h"

#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/oid.h"

/* What encloses an attribute, from the outside. */
enum level { INFO, WRAPPED, DATA, SIGNERS, SIGNER, ATTRIBUTES, LEVELS };

struct path {
	struct ber_item levels[LEVELS];
};

static enum fail
take(struct bytes *rest, uint8_t tag, struct ber_item *item)
{
	enum fail f = ber_any(rest, item);

	return f || item->tag == tag ? f : FAIL_FORMAT;
}

/* The last of the items in in. */
static enum fail
take_last(struct bytes in, struct ber_item *item)
{
	enum fail f;

	do
		f = ber_any(&in, item);
	while (!f && in.len);
	return f;
}

/* As far as the signers, who come last in a SignedData. */
static enum fail
open_signers(struct bytes cms, struct path *p)
{
	struct ber_item type;
	struct bytes in;
	enum fail f = take(&cms, DER_SEQUENCE, &p->levels[INFO]);

	if (f)
		return f;
	in = p->levels[INFO].value;
	f = take(&in, DER_OID, &type);
	if (!f)
		f = take(&in, DER_CONTEXT_MADE(0), &p->levels[WRAPPED]);
	if (f)
		return f;
	in = p->levels[WRAPPED].value;
	f = take(&in, DER_SEQUENCE, &p->levels[DATA]);
	if (!f)
		f = take_last(p->levels[DATA].value, &p->levels[SIGNERS]);
	return f || p->levels[SIGNERS].tag == DER_SET ? f : FAIL_FORMAT;
}

/* A signer's unsigned attributes come last; false: he has none. */
static bool
open_attributes(struct bytes *signers, struct path *p)
{
	return !take(signers, DER_SEQUENCE, &p->levels[SIGNER]) &&
	    !take_last(p->levels[SIGNER].value, &p->levels[ATTRIBUTES]) &&
	    p->levels[ATTRIBUTES].tag == DER_CONTEXT_MADE(1);
}

/* Does an attribute hold records?  Then its values. */
static bool
holds_records(
    const struct ber_item *attribute, struct bytes *values, bool *external)
{
	struct bytes in = attribute->value;
	struct ber_item type, set;
	enum oid oid;

	if (attribute->tag != DER_SEQUENCE || take(&in, DER_OID, &type) ||
	    take(&in, DER_SET, &set))
		return false;
	*values = set.value;
	oid = oid_find(type.value);
	*external = oid == OID_ATTR_ER_EXTERNAL;
	return *external || oid == OID_ATTR_ER_INTERNAL;
}

size_t
cms_records_find(
    struct bytes cms, struct cms_record records[static CMS_RECORDS_MAX])
{
	struct path p;
	struct bytes signers, in, values;
	struct ber_item attribute, value;
	size_t count = 0;
	bool external;

	if (open_signers(cms, &p))
		return 0;
	signers = p.levels[SIGNERS].value;
	while (signers.len) {
		/* Whoever has no attributes ends nothing; what does not read
		 * leaves signers as they are. */
		size_t before = signers.len;

		if (!open_attributes(&signers, &p)) {
			if (signers.len == before)
				break;
			continue;
		}
		in = p.levels[ATTRIBUTES].value;
		while (in.len && !ber_any(&in, &attribute)) {
			if (!holds_records(&attribute, &values, &external))
				continue;
			while (count < CMS_RECORDS_MAX && values.len &&
			    !ber_any(&values, &value))
				records[count++] =
				    (struct cms_record){ value.whole,
					    attribute.whole, external };
		}
	}
	return count;
}

/* ---- the CMS without one ---- */

static bool
within(struct bytes part, struct bytes whole)
{
	return part.data >= whole.data &&
	    part.data + part.len <= whole.data + whole.len;
}

static void
put_front(const struct ber_item *level, struct bytes child, struct buf *out)
{
	if (level->open) {
		buf_u8(out, level->tag);
		buf_u8(out, 0x80);
	}
	buf_add(
	    out, level->value.data, (size_t)(child.data - level->value.data));
}

static void
put_back(const struct ber_item *level, struct bytes child, der_mark mark,
    struct buf *out)
{
	const uint8_t *at = child.data + child.len;

	buf_add(out, at, level->value.len - (size_t)(at - level->value.data));
	if (level->open)
		buf_zeros(out, 2);
	else
		der_end_with(out, mark, level->tag);
}

enum fail
cms_records_strip(struct bytes cms, struct bytes attribute, struct buf *out)
{
	struct path p;
	struct bytes signers, child;
	der_mark marks[LEVELS];
	size_t depth = LEVELS;
	bool found = false;
	enum fail f = open_signers(cms, &p);

	if (f)
		return f;
	signers = p.levels[SIGNERS].value;
	while (!found && signers.len) {
		size_t before = signers.len;

		found = open_attributes(&signers, &p) &&
		    within(attribute, p.levels[ATTRIBUTES].value);
		if (signers.len == before)
			break;
	}
	if (!found)
		return FAIL_FORMAT;
	/* A list that would be empty goes, too. */
	if (attribute.len == p.levels[ATTRIBUTES].value.len) {
		attribute = p.levels[ATTRIBUTES].whole;
		depth--;
	}
	for (size_t i = 0; i < depth; i++) {
		child = i + 1 < depth ? p.levels[i + 1].whole : attribute;
		marks[i] = der_begin(out);
		put_front(&p.levels[i], child, out);
	}
	for (size_t i = depth; i-- > 0;) {
		child = i + 1 < depth ? p.levels[i + 1].whole : attribute;
		put_back(&p.levels[i], child, marks[i], out);
	}
	return buf_fail(out);
}

#include "crypto/name.h"

#include "base/text.h"
#include "crypto/der_read.h"
#include "crypto/oid.h"

/* Step through a Name: one AttributeTypeAndValue at a time. */
struct name_walk {
	struct der sets, set;
	bool first; /* the attribute is the first of its set */
};

static enum fail
name_open(struct bytes name, struct name_walk *walk)
{
	struct der_item whole;
	enum fail f = der_whole(name, DER_SEQUENCE, &whole);

	if (!f)
		*walk = (struct name_walk){ .sets = der_open(whole.value) };
	return f;
}

/* FAIL_MISSING at the end. */
static enum fail
name_next(struct name_walk *walk, struct bytes *type, struct der_item *value)
{
	struct der pair;
	struct der_item name;
	enum fail f = FAIL_NONE;

	walk->first = der_end(&walk->set);
	if (walk->first) {
		if (der_end(&walk->sets))
			return FAIL_MISSING;
		f = der_into(&walk->sets, DER_SET, &walk->set);
	}
	if (!f)
		f = der_into(&walk->set, DER_SEQUENCE, &pair);
	if (!f)
		f = der_take(&pair, DER_OID, &name);
	if (!f)
		f = der_any(&pair, value);
	if (!f && !der_end(&pair))
		f = FAIL_FORMAT;
	if (!f)
		*type = name.value;
	return f;
}

struct bytes
name_common(struct bytes name)
{
	struct bytes found = { NULL, 0 };
	struct name_walk walk;
	struct der_item value;
	struct bytes type;

	if (name_open(name, &walk))
		return found;
	while (!name_next(&walk, &type, &value))
		if (oid_find(type) == OID_COMMON_NAME && value.tag != DER_BMP)
			found = value.value;
	return found;
}

struct bytes
name_attribute(struct bytes name, enum oid wanted, size_t n)
{
	struct name_walk walk;
	struct der_item value;
	struct bytes type;

	if (name_open(name, &walk))
		return (struct bytes){ NULL, 0 };
	while (!name_next(&walk, &type, &value))
		if (oid_find(type) == wanted && n-- == 0)
			return value.value;
	return (struct bytes){ NULL, 0 };
}

/* A DirectoryString as UTF-8; BMPString is UTF-16BE. */
static void
put_string(struct buf *out, const struct der_item *value)
{
	size_t at = 0;

	while (at < value->value.len) {
		uint32_t p;

		if (value->tag == DER_BMP) {
			if (value->value.len - at < 2)
				break;
			p = (uint32_t)value->value.data[at] << 8 |
			    value->value.data[at + 1];
			at += 2;
		} else {
			p = text_next(value->value, &at);
		}
		if (p < 0x20 || (p >= 0x7F && p < 0xA0) ||
		    (p >= 0xD800 && p < 0xE000) || p > 0x10FFFF)
			p = '?';
		text_put(out, p);
	}
}

enum fail
name_text(struct bytes name, struct buf *out)
{
	struct name_walk walk;
	struct der_item value;
	struct bytes type;
	bool first = true;
	enum fail f = name_open(name, &walk);

	while (!f) {
		f = name_next(&walk, &type, &value);
		if (f)
			break;
		if (!first)
			buf_text(out, ", ");
		first = false;
		buf_printf(out, "%s=", oid_name(oid_find(type)));
		put_string(out, &value);
	}
	return f == FAIL_MISSING ? buf_fail(out) : f;
}

/* ---- comparing ---- */

/* A text read letter by letter, with its spaces folded: none at either end, one
 * between words, and ASCII letters small. */
struct folded {
	struct bytes in;
	size_t at;
	bool wide;     /* BMPString */
	bool started;  /* a letter came */
	uint32_t held; /* a letter behind a space that was given first */
};

/* Whole units, none of them zero: that is how a text's end is told here. */
static bool
bmp_valid(struct bytes text)
{
	for (size_t i = 0; i + 1 < text.len; i += 2)
		if (!text.data[i] && !text.data[i + 1])
			return false;
	return text.len % 2 == 0;
}

/* May the value be compared letter by letter?  Bytes that are no UTF-8 (in a
 * T61String) stay what they are. */
static bool
is_text(const struct der_item *value)
{
	switch (value->tag) {
	case DER_UTF8:
	case DER_PRINTABLE:
	case DER_T61:
	case DER_IA5:
		return text_valid(value->value);
	case DER_BMP:
		return bmp_valid(value->value);
	default:
		return false;
	}
}

static uint32_t
folded_raw(struct folded *f)
{
	uint32_t p;

	if (f->at >= f->in.len)
		return 0;
	if (!f->wide)
		return text_next(f->in, &f->at);
	p = (uint32_t)f->in.data[f->at] << 8 | f->in.data[f->at + 1];
	f->at += 2;
	return p;
}

/* The next letter, 0 at the end. */
static uint32_t
folded_next(struct folded *f)
{
	uint32_t p = f->held;
	bool space = false;

	f->held = 0;
	if (p)
		return p;
	while ((p = folded_raw(f)) == ' ')
		space = true;
	if (p >= 'A' && p <= 'Z')
		p += 'a' - 'A';
	if (p && space && f->started) {
		f->held = p;
		return ' ';
	}
	f->started = true;
	return p;
}

static bool
values_equal(const struct der_item *a, const struct der_item *b)
{
	struct folded x = { .in = a->value, .wide = a->tag == DER_BMP };
	struct folded y = { .in = b->value, .wide = b->tag == DER_BMP };
	uint32_t p;

	if (bytes_equal(a->whole, b->whole))
		return true;
	if (!is_text(a) || !is_text(b))
		return false;
	do {
		p = folded_next(&x);
		if (p != folded_next(&y))
			return false;
	} while (p);
	return x.at == x.in.len && y.at == y.in.len;
}

/* Sets of several attributes keep their order under DER when their strings
 * have one type; then they compare one by one. */
static bool
compare(struct bytes a, struct bytes b, bool prefix)
{
	struct name_walk x, y;
	struct der_item v, w;
	struct bytes left, right;

	if (bytes_equal(a, b))
		return true;
	if (name_open(a, &x) || name_open(b, &y))
		return false;
	for (;;) {
		enum fail f = name_next(&x, &left, &v);
		enum fail g = name_next(&y, &right, &w);

		/* A set of a prefix is a whole set of the name. */
		if (g == FAIL_MISSING)
			return f == FAIL_MISSING || (prefix && !f && x.first);
		if (f || g || !bytes_equal(left, right) || x.first != y.first ||
		    !values_equal(&v, &w))
			return false;
	}
}

bool
name_equal(struct bytes a, struct bytes b)
{
	return compare(a, b, false);
}

bool
name_within(struct bytes name, struct bytes prefix)
{
	return compare(name, prefix, true);
}

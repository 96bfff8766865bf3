#include "crypto/name.h"

#include "base/effort.h"
#include "base/text.h"
#include "crypto/der_read.h"
#include "crypto/oid.h"

#define SET_MAX 16u /* attributes of one relative name that are compared */
#define NAME_SHOWN_MAX 65536u
/* To read and fold a letter; to look at two values, and at their bytes
 * (base/effort.h). */
#define LETTER_NS 4u
#define COMPARE_NS 40u
#define COMPARE_BYTES 16u

/* Step through a Name: one AttributeTypeAndValue at a time. */
struct name_walk {
	struct der sets, set;
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

static enum fail
attribute_next(struct der *set, struct bytes *type, struct der_item *value)
{
	struct der pair;
	struct der_item name;
	enum fail f = der_into(set, DER_SEQUENCE, &pair);

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

/* FAIL_MISSING at the end. */
static enum fail
name_next(struct name_walk *walk, struct bytes *type, struct der_item *value)
{
	enum fail f = FAIL_NONE;

	if (der_end(&walk->set)) {
		if (der_end(&walk->sets))
			return FAIL_MISSING;
		f = der_into(&walk->sets, DER_SET, &walk->set);
	}
	return f ? f : attribute_next(&walk->set, type, value);
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

/* ---- the letters of a value ---- */

/* A string of any of ASN.1's types, letter by letter. */
struct letters {
	struct bytes in;
	size_t at;
	size_t unit; /* bytes of one letter; 0: UTF-8 */
};

/* false: it is no string. */
static bool
letters_open(const struct der_item *value, struct letters *l)
{
	*l = (struct letters){ .in = value->value };
	switch (value->tag) {
	case DER_UTF8:
	case DER_NUMERIC:
	case DER_PRINTABLE:
	case DER_IA5:
	case DER_VISIBLE:
	case DER_GENERAL:
		return true;
	case DER_T61:
		/* Nobody writes T.61 in it: UTF-8, or Latin-1. */
		l->unit = text_valid(l->in) ? 0 : 1;
		return true;
	case DER_BMP:
		l->unit = 2;
		return true;
	case DER_UNIVERSAL:
		l->unit = 4;
		return true;
	default:
		return false;
	}
}

/* 0 at the end, UINT32_MAX: what stands there is no letter. */
static uint32_t
letters_next(struct letters *l)
{
	uint32_t p = 0;

	if (l->at >= l->in.len)
		return 0;
	if (l->unit) {
		if (l->in.len - l->at < l->unit) {
			l->at = l->in.len;
			return UINT32_MAX;
		}
		for (size_t i = 0; i < l->unit; i++)
			p = p << 8 | l->in.data[l->at++];
	} else {
		p = text_next(l->in, &l->at);
	}
	return p && p <= 0x10FFFF ? p : UINT32_MAX;
}

/* ---- shown ---- */

static void
put_string(struct buf *out, const struct der_item *value)
{
	struct letters l;
	uint32_t p;

	(void)letters_open(value, &l);
	while ((p = letters_next(&l))) {
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

void
name_keep(struct bytes name, char *shown, size_t room)
{
	struct name_walk walk;
	struct der_item value;
	struct bytes type;
	struct buf text;
	enum fail f = name_open(name, &walk);

	buf_init(&text, NAME_SHOWN_MAX);
	while (!f && !(f = name_next(&walk, &type, &value)))
		if (oid_find(type) == OID_COMMON_NAME) {
			buf_clear(&text);
			put_string(&text, &value);
		}
	/* Agencies without one are told by all they have. */
	if (!text.len)
		(void)!name_text(name, &text);
	text_keep(shown, room, buf_view(&text));
	buf_free(&text);
}

/* ---- comparing ---- */

/* A text read letter by letter, with its spaces folded: none at either end, one
 * between words, and ASCII letters small. */
struct folded {
	struct letters letters;
	bool started;  /* a letter came */
	uint32_t held; /* a letter behind a space that was given first */
};

/* May the value be compared letter by letter? */
static bool
is_text(const struct der_item *value)
{
	struct letters l;
	uint32_t p;

	if (!letters_open(value, &l))
		return false;
	while ((p = letters_next(&l)))
		if (p == UINT32_MAX)
			return false;
	return true;
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
	while ((p = letters_next(&f->letters)) == ' ')
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
	struct folded x = { .started = false }, y = x;
	uint32_t p;

	effort_add(COMPARE_NS + a->whole.len / COMPARE_BYTES);
	if (bytes_equal(a->whole, b->whole))
		return true;
	effort_add(LETTER_NS * (a->value.len + b->value.len));
	if (!is_text(a) || !is_text(b))
		return false;
	(void)letters_open(a, &x.letters);
	(void)letters_open(b, &y.letters);
	do {
		p = folded_next(&x);
		if (p != folded_next(&y))
			return false;
	} while (p);
	return true;
}

/* Is each attribute of one set in the other, too?  *count: how many it has. */
static bool
is_subset(struct der one, struct der other, size_t *count)
{
	for (*count = 0; !der_end(&one); ++*count) {
		struct der rest = other;
		struct der_item v, w;
		struct bytes left, right;
		bool found = false;
		size_t n = 0;

		if (*count == SET_MAX || attribute_next(&one, &left, &v))
			return false;
		while (!found && !der_end(&rest)) {
			if (n++ == SET_MAX || attribute_next(&rest, &right, &w))
				return false;
			effort_add(COMPARE_NS);
			found =
			    bytes_equal(left, right) && values_equal(&v, &w);
		}
		if (!found)
			return false;
	}
	return true;
}

/* In any order: DER sorts them by their encodings, which differ with the types
 * of their strings. */
static bool
sets_equal(struct der a, struct der b)
{
	size_t x, y;

	return bytes_equal(a.rest, b.rest) ||
	    (is_subset(a, b, &x) && is_subset(b, a, &y) && x == y);
}

static bool
compare(struct bytes a, struct bytes b, bool prefix)
{
	struct name_walk x, y;

	if (bytes_equal(a, b))
		return true;
	if (name_open(a, &x) || name_open(b, &y))
		return false;
	while (!der_end(&y.sets))
		if (der_end(&x.sets) || der_into(&x.sets, DER_SET, &x.set) ||
		    der_into(&y.sets, DER_SET, &y.set) ||
		    !sets_equal(x.set, y.set))
			return false;
	return prefix || der_end(&x.sets);
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

/* ObjectDescriptor, VideotexString, GraphicString: nobody reads them. */
static bool
is_odd_string(uint8_t tag)
{
	return tag == 0x07 || tag == 0x15 || tag == 0x19;
}

bool
name_is_clear(struct bytes name)
{
	struct name_walk walk;
	struct der_item value;
	struct letters unused;
	struct bytes type;
	enum fail f = name_open(name, &walk);

	while (!f && !(f = name_next(&walk, &type, &value)))
		if (letters_open(&value, &unused) ? !is_text(&value) :
						    is_odd_string(value.tag))
			return false;
	return f == FAIL_MISSING;
}

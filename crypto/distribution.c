#include "crypto/distribution.h"

#include "crypto/crl.h"
#include "crypto/name.h"

/* GeneralName's tags (RFC 5280 4.2.1.6). */
#define NAME_DIRECTORY DER_CONTEXT_MADE(4)
#define NAME_URI DER_CONTEXT(6)

enum fail
reasons_read(struct bytes bits, unsigned *reasons)
{
	if (!bits.len || bits.data[0] > 7)
		return FAIL_FORMAT;
	*reasons = 0;
	for (unsigned bit = 0; bit < 9; bit++)
		if (1 + bit / 8 < bits.len &&
		    bits.data[1 + bit / 8] & (0x80 >> bit % 8))
			*reasons |= 1u << bit;
	*reasons &= CRL_ALL_REASONS;
	return FAIL_NONE;
}

enum fail
distribution_open(struct bytes content, struct der *list)
{
	struct der_item whole;
	enum fail f = der_whole(content, DER_SEQUENCE, &whole);

	*list = der_open(f ? (struct bytes){ NULL, 0 } : whole.value);
	return f;
}

enum fail
distribution_next(struct der *list, struct distribution_point *point)
{
	struct der in;
	struct der_item item;
	enum fail f;

	*point = (struct distribution_point){ .reasons = CRL_ALL_REASONS };
	if (der_end(list))
		return FAIL_MISSING;
	f = der_into(list, DER_SEQUENCE, &in);
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(0), &item);
	if (!f && item.whole.len)
		point->name = item.value;
	if (!f)
		f = der_optional(&in, DER_CONTEXT(1), &item);
	if (!f && item.whole.len)
		f = reasons_read(item.value, &point->reasons);
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(2), &item);
	if (!f && item.whole.len)
		point->crl_issuer = item.value;
	return !f && !der_end(&in) ? FAIL_FORMAT : f;
}

/* The next GeneralName of a DistributionPointName: of its list, or, when it is
 * relative, the issuer's name with the one more part, which *full holds. */
struct point_names {
	struct der list;
	struct bytes relative; /* a set of attributes, content of [1] */
};

static bool
names_open(struct bytes point, struct point_names *names)
{
	struct der d = der_open(point);
	struct der_item item;

	*names = (struct point_names){ .relative = { NULL, 0 } };
	if (der_any(&d, &item) || !der_end(&d))
		return false;
	if (item.tag == DER_CONTEXT_MADE(0))
		names->list = der_open(item.value);
	else if (item.tag == DER_CONTEXT_MADE(1))
		names->relative = item.value;
	else
		return false;
	return true;
}

/* Is a directory name the issuer's name with this relative part behind it? */
static bool
is_below(struct bytes directory, struct bytes issuer, struct bytes relative)
{
	struct der_item whole, set;
	struct der in;
	size_t sets = 0, above = 0;

	if (!name_within(directory, issuer) ||
	    der_whole(directory, DER_SEQUENCE, &whole))
		return false;
	in = der_open(whole.value);
	while (!der_take(&in, DER_SET, &set))
		sets++;
	if (!der_whole(issuer, DER_SEQUENCE, &whole)) {
		struct der_item each;

		in = der_open(whole.value);
		while (!der_take(&in, DER_SET, &each))
			above++;
	}
	return sets == above + 1 && bytes_equal(set.value, relative);
}

static bool
name_among(struct der list, struct der_item wanted)
{
	struct der_item one;

	while (!der_end(&list) && !der_any(&list, &one)) {
		if (bytes_equal(one.whole, wanted.whole))
			return true;
		if (one.tag == NAME_DIRECTORY && wanted.tag == NAME_DIRECTORY &&
		    name_equal(one.value, wanted.value))
			return true;
	}
	return false;
}

/* One list against another name form. */
static bool
match(struct point_names *a, struct point_names *b, struct bytes issuer)
{
	struct der list = a->list;
	struct der_item one;

	if (a->relative.len && b->relative.len)
		return bytes_equal(a->relative, b->relative);
	while (!der_end(&list) && !der_any(&list, &one)) {
		if (!b->relative.len && name_among(b->list, one))
			return true;
		if (b->relative.len && one.tag == NAME_DIRECTORY &&
		    is_below(one.value, issuer, b->relative))
			return true;
	}
	return false;
}

bool
distribution_match(struct bytes a, struct bytes b, struct bytes issuer)
{
	struct point_names x, y;

	if (!names_open(a, &x) || !names_open(b, &y))
		return false;
	return x.relative.len ? match(&y, &x, issuer) : match(&x, &y, issuer);
}

bool
distribution_lists(struct bytes names, struct bytes name)
{
	struct der list = der_open(names);
	struct der_item one;

	while (!der_end(&list) && !der_any(&list, &one))
		if (one.tag == NAME_DIRECTORY && name_equal(one.value, name))
			return true;
	return false;
}

bool
distribution_names(struct bytes point, struct bytes name)
{
	struct point_names names;

	return names_open(point, &names) &&
	    distribution_lists(names.list.rest, name);
}

/* ---- URLs ---- */

static bool
is_http(const struct der_item *name)
{
	return name->tag == NAME_URI && bytes_starts(name->value, "http://");
}

struct bytes
distribution_url(struct bytes content, size_t n)
{
	struct distribution_point point;
	struct der list;

	if (distribution_open(content, &list))
		return (struct bytes){ NULL, 0 };
	while (!distribution_next(&list, &point)) {
		struct point_names names;
		struct der_item one;

		if (!names_open(point.name, &names))
			continue;
		while (!der_end(&names.list) && !der_any(&names.list, &one))
			if (is_http(&one) && !n--)
				return one.value;
	}
	return (struct bytes){ NULL, 0 };
}

struct bytes
access_url(struct bytes content, enum oid method, size_t n)
{
	struct der_item whole, type, place;
	struct der list, one;

	if (der_whole(content, DER_SEQUENCE, &whole))
		return (struct bytes){ NULL, 0 };
	list = der_open(whole.value);
	while (!der_end(&list)) {
		if (der_into(&list, DER_SEQUENCE, &one) ||
		    der_take(&one, DER_OID, &type) || der_any(&one, &place))
			break;
		if (oid_find(type.value) == method && is_http(&place) && !n--)
			return place.value;
	}
	return (struct bytes){ NULL, 0 };
}

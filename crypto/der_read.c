#include "crypto/der_read.h"

#include "base/buf.h"
#include "base/when.h"
#include "crypto/der_write.h"

struct der
der_open(struct bytes in)
{
	return (struct der){ in };
}

bool
der_end(const struct der *d)
{
	return d->rest.len == 0;
}

int
der_peek(const struct der *d)
{
	return d->rest.len ? d->rest.data[0] : -1;
}

enum fail
der_any(struct der *d, struct der_item *item)
{
	struct bytes in = d->rest;
	size_t head = 2, len;

	if (in.len < 2 || (in.data[0] & 0x1F) == 0x1F)
		return FAIL_FORMAT;
	len = in.data[1];
	if (len >= 0x80) {
		size_t n = len & 0x7F;

		/* X.690 10.1: definite, fewest octets. */
		if (n == 0 || n > sizeof(size_t) || n > in.len - 2)
			return FAIL_FORMAT;
		len = 0;
		for (size_t i = 0; i < n; i++)
			len = len << 8 | in.data[2 + i];
		if (in.data[2] == 0 || len < 0x80)
			return FAIL_FORMAT;
		head += n;
	}
	if (len > in.len - head)
		return FAIL_FORMAT;
	/* X.690 8.3.2: integers in the fewest octets. */
	if ((in.data[0] == DER_INTEGER || in.data[0] == DER_ENUMERATED) &&
	    (len == 0 ||
		(len > 1 &&
		    (in.data[head + 1] & 0x80) == (in.data[head] ? 0x80 : 0) &&
		    (in.data[head] == 0 || in.data[head] == 0xFF))))
		return FAIL_FORMAT;
	item->tag = in.data[0];
	item->value = bytes_part(in, head, len);
	item->whole = bytes_part(in, 0, head + len);
	d->rest = bytes_part(in, head + len, in.len);
	return FAIL_NONE;
}

enum fail
der_take(struct der *d, int tag, struct der_item *item)
{
	if (der_peek(d) != tag)
		return FAIL_FORMAT;
	return der_any(d, item);
}

enum fail
der_optional(struct der *d, int tag, struct der_item *item)
{
	*item = (struct der_item){ 0 };
	if (der_peek(d) != tag)
		return FAIL_NONE;
	return der_any(d, item);
}

enum fail
der_into(struct der *d, int tag, struct der *inside)
{
	struct der_item item;
	enum fail f = der_take(d, tag, &item);

	if (!f)
		*inside = der_open(item.value);
	return f;
}

enum fail
der_whole(struct bytes in, int tag, struct der_item *item)
{
	struct der d = der_open(in);
	enum fail f = der_take(&d, tag, item);

	if (!f && !der_end(&d))
		f = FAIL_FORMAT;
	return f;
}

enum fail
der_bool(struct der *d, bool *value)
{
	struct der_item item;
	enum fail f = der_take(d, DER_BOOLEAN, &item);

	if (f)
		return f;
	if (item.value.len != 1 ||
	    (item.value.data[0] != 0 && item.value.data[0] != 0xFF))
		return FAIL_FORMAT;
	*value = item.value.data[0] != 0;
	return FAIL_NONE;
}

enum fail
der_int_content(struct bytes content, int *value)
{
	uint32_t v = 0;

	if (!content.len || content.len > 4 || content.data[0] & 0x80)
		return FAIL_FORMAT;
	if (content.len > 1 && !content.data[0] && !(content.data[1] & 0x80))
		return FAIL_FORMAT;
	for (size_t i = 0; i < content.len; i++)
		v = v << 8 | content.data[i];
	*value = (int)v;
	return FAIL_NONE;
}

enum fail
der_int(struct der *d, int *value)
{
	struct der_item item;
	enum fail f = der_take(d, DER_INTEGER, &item);

	return f ? f : der_int_content(item.value, value);
}

/* n decimal digits at *at, stepping over them; -1 when they are not there. */
static int
digits(struct bytes in, size_t *at, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++, (*at)++) {
		if (*at >= in.len || in.data[*at] < '0' || in.data[*at] > '9')
			return -1;
		value = value * 10 + (in.data[*at] - '0');
	}
	return value;
}

enum fail
der_time(struct der *d, int64_t *instant)
{
	struct der_item item;
	struct when_date date;
	size_t at = 0;
	enum fail f = der_any(d, &item);

	if (f)
		return f;
	if (item.tag == DER_UTC_TIME) {
		date.year = digits(item.value, &at, 2);
		if (date.year < 0)
			return FAIL_FORMAT;
		date.year += date.year < 50 ? 2000 : 1900;
	} else if (item.tag == DER_GENERAL_TIME) {
		date.year = digits(item.value, &at, 4);
	} else {
		return FAIL_FORMAT;
	}
	date.month = digits(item.value, &at, 2);
	date.day = digits(item.value, &at, 2);
	date.hour = digits(item.value, &at, 2);
	date.minute = digits(item.value, &at, 2);
	date.second = digits(item.value, &at, 2);
	if (item.tag == DER_GENERAL_TIME && at < item.value.len &&
	    item.value.data[at] == '.') {
		size_t point = at++;

		while (at < item.value.len && item.value.data[at] != 'Z')
			if (digits(item.value, &at, 1) < 0)
				return FAIL_FORMAT;
		/* X.690 11.7.3: at least a digit, no zero at the end. */
		if (at == point + 1 || item.value.data[at - 1] == '0')
			return FAIL_FORMAT;
	}
	if (at + 1 != item.value.len || item.value.data[at] != 'Z' ||
	    !when_valid(date))
		return FAIL_FORMAT;
	*instant = when_join(date, 0);
	return FAIL_NONE;
}

enum fail
der_bits(struct der *d, struct bytes *octets)
{
	struct der_item item;
	enum fail f = der_take(d, DER_BIT_STRING, &item);

	if (f)
		return f;
	if (!item.value.len || item.value.data[0])
		return FAIL_FORMAT;
	*octets = bytes_part(item.value, 1, item.value.len);
	return FAIL_NONE;
}

#define BER_DEPTH_MAX 32

/* One open constructed item while BER is being rewritten. */
struct ber_level {
	size_t start; /* in the output */
	size_t end;   /* in the input; SIZE_MAX: indefinite */
	size_t limit; /* in the input, of what is definite around it */
	uint8_t tag;
	bool string; /* its parts are one string */
	bool done;   /* its mark was there */
};

/* Tag and length at the front of in; *len is SIZE_MAX when indefinite. */
static enum fail
ber_head(struct bytes in, size_t *head, size_t *len)
{
	if (in.len < 2 || (in.data[0] & 0x1F) == 0x1F)
		return FAIL_FORMAT;
	*head = 2;
	*len = in.data[1];
	if (*len == 0x80) {
		*len = SIZE_MAX;
		return in.data[0] & 0x20 ? FAIL_NONE : FAIL_FORMAT;
	}
	if (*len > 0x80) {
		size_t n = *len & 0x7F;

		if (n > 8 || n > in.len - 2)
			return FAIL_FORMAT;
		*len = 0;
		for (size_t i = 0; i < n; i++)
			*len = *len << 8 | in.data[2 + i];
		*head += n;
	}
	return *len > in.len - *head ? FAIL_FORMAT : FAIL_NONE;
}

enum fail
ber_any(struct bytes *rest, struct ber_item *item)
{
	size_t head, len, at, open = 0;
	enum fail f = ber_head(*rest, &head, &len);

	if (f)
		return f;
	*item =
	    (struct ber_item){ .tag = rest->data[0], .open = len == SIZE_MAX };
	at = head + (item->open ? 0 : len);
	/* What is definite is passed as a whole. */
	for (open = item->open; open && !f;) {
		struct bytes in = bytes_part(*rest, at, SIZE_MAX);
		size_t inner;

		f = ber_head(in, &inner, &len);
		if (f)
			return f;
		if (len == SIZE_MAX)
			open++;
		else if (!in.data[0] && !len && inner == 2)
			open--;
		at += inner + (len == SIZE_MAX ? 0 : len);
	}
	item->value = bytes_part(*rest, head, at - head - (item->open ? 2 : 0));
	item->whole = bytes_part(*rest, 0, at);
	*rest = bytes_part(*rest, at, SIZE_MAX);
	return FAIL_NONE;
}

/* The mark that ends an indefinite length. */
static enum fail
end_level(struct ber_level *top)
{
	if (!top || top->end != SIZE_MAX)
		return FAIL_FORMAT;
	top->done = true;
	return FAIL_NONE;
}

/* Whether an item may stand in what is around it. */
static enum fail
item_check(const struct ber_level *top, uint8_t tag, size_t end, size_t limit)
{
	/* Written shortest it would become that mark. */
	if (tag == 0 || end > limit)
		return FAIL_FORMAT;
	return top && top->string && tag != DER_OCTET_STRING &&
		tag != (DER_OCTET_STRING | 0x20) ?
	    FAIL_FORMAT :
	    FAIL_NONE;
}

enum fail
der_from_ber(struct bytes in, struct buf *out, size_t *used)
{
	struct ber_level levels[BER_DEPTH_MAX];
	size_t depth = 0, at = 0;

	do {
		struct ber_level *top = depth ? &levels[depth - 1] : NULL;
		size_t limit = top ? top->limit : in.len, head, len, end;
		bool string;
		uint8_t tag;
		enum fail f;

		if (top && (top->done || at == top->end)) {
			if (depth < 2 || !levels[depth - 2].string)
				der_end_with(out, top->start, top->tag);
			depth--;
			continue;
		}
		f = ber_head(bytes_part(in, at, SIZE_MAX), &head, &len);
		if (f)
			return f;
		tag = in.data[at];
		at += head;
		end = len == SIZE_MAX ? at : at + len;
		if (tag == 0 && len == 0 && head == 2)
			f = at > limit ? FAIL_FORMAT : end_level(top);
		else
			f = item_check(top, tag, end, limit);
		if (f)
			return f;
		if (tag == 0)
			continue;
		if (tag & 0x20) {
			if (depth == BER_DEPTH_MAX)
				return FAIL_LIMIT;
			string = tag == (DER_OCTET_STRING | 0x20);
			levels[depth++] = (struct ber_level){ .start = out->len,
				.end = len == SIZE_MAX ? SIZE_MAX : end,
				.limit = len == SIZE_MAX ? limit : end,
				.tag = string ? (uint8_t)(tag & 0xDF) : tag,
				.string = string };
			continue;
		}
		if (top && top->string)
			buf_bytes(out, bytes_part(in, at, len));
		else
			der_put(out, tag, bytes_part(in, at, len));
		at = end;
	} while (depth && !buf_fail(out));
	*used = at;
	return buf_fail(out);
}

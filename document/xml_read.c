#include "document/xml_read.h"

#include "base/text.h"

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_name(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
	    c == ':' || c >= 0x80;
}

static struct bytes
skip_space(struct bytes in)
{
	size_t n = 0;

	while (n < in.len && is_space(in.data[n]))
		n++;
	return bytes_part(in, n, SIZE_MAX);
}

static struct bytes
take_name(struct bytes *in)
{
	struct bytes name;
	size_t n = 0;

	while (n < in->len && is_name(in->data[n]))
		n++;
	name = bytes_part(*in, 0, n);
	*in = bytes_part(*in, n, SIZE_MAX);
	return name;
}

/* Behind the colon, if there is one. */
static struct bytes
local_part(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] == ':')
			return bytes_part(name, i + 1, SIZE_MAX);
	return name;
}

struct xml
xml_open(struct bytes in)
{
	struct xml x = { .rest = in };

	if (bytes_starts(in, "\xEF\xBB\xBF"))
		x.rest = bytes_part(in, 3, SIZE_MAX);
	return x;
}

/* ---- text and attributes ---- */

static enum fail
put_entity(struct bytes name, struct buf *out)
{
	static const struct {
		const char *name;
		char letter;
	} named[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' },
		{ "quot", '"' }, { "apos", '\'' } };
	bool hex = bytes_starts(name, "#x");
	uint32_t point = 0;

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (bytes_equal_text(name, named[i].name)) {
			buf_char(out, named[i].letter);
			return FAIL_NONE;
		}
	if (!bytes_starts(name, "#") || name.len > 9 ||
	    name.len == (hex ? 2 : 1))
		return FAIL_FORMAT;
	for (size_t i = hex ? 2 : 1; i < name.len; i++) {
		int digit = hex_digit(name.data[i]);

		if (digit < 0 || (!hex && digit > 9))
			return FAIL_FORMAT;
		point = point * (hex ? 16 : 10) + (uint32_t)digit;
	}
	if (!point || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
		return FAIL_FORMAT;
	text_put(out, point);
	return FAIL_NONE;
}

enum fail
xml_put_text(struct bytes text, struct buf *out)
{
	for (size_t i = 0; i < text.len;) {
		struct bytes rest = bytes_part(text, i, SIZE_MAX);
		size_t end;
		enum fail f;

		if (rest.data[0] != '&') {
			buf_u8(out, rest.data[0]);
			i++;
			continue;
		}
		end = bytes_find(rest, ";");
		if (end == SIZE_MAX)
			return FAIL_FORMAT;
		f = put_entity(bytes_part(rest, 1, end - 1), out);
		if (f)
			return f;
		i += end + 1;
	}
	return buf_fail(out);
}

/* name = "value", stepped over; FAIL_MISSING at the end. */
enum fail
xml_next_attribute(struct bytes *in, struct bytes *name, struct bytes *value)
{
	uint8_t quote;
	size_t end = 1;

	*in = skip_space(*in);
	if (!in->len)
		return FAIL_MISSING;
	*name = take_name(in);
	*in = skip_space(*in);
	if (!name->len || !in->len || in->data[0] != '=')
		return FAIL_FORMAT;
	*in = skip_space(bytes_part(*in, 1, SIZE_MAX));
	if (!in->len || (in->data[0] != '"' && in->data[0] != '\''))
		return FAIL_FORMAT;
	quote = in->data[0];
	while (end < in->len && in->data[end] != quote)
		end++;
	if (end == in->len)
		return FAIL_FORMAT;
	*value = bytes_part(*in, 1, end - 1);
	*in = bytes_part(*in, end + 1, SIZE_MAX);
	return in->len && !is_space(in->data[0]) ? FAIL_FORMAT : FAIL_NONE;
}

enum fail
xml_attribute(const struct xml_item *item, const char *wanted, struct buf *out)
{
	struct bytes rest = item->attributes, name, value;
	enum fail f;

	while (!(f = xml_next_attribute(&rest, &name, &value)))
		if (bytes_equal_text(local_part(name), wanted))
			return xml_put_text(value, out);
	return f;
}

/* Well formed, and none twice. */
static enum fail
check_attributes(struct bytes in)
{
	struct bytes rest = in, name, value;
	unsigned count = 0;
	enum fail f;

	while (!(f = xml_next_attribute(&rest, &name, &value))) {
		struct bytes again = rest, other, text;
		enum fail g;

		if (++count > XML_ATTRIBUTES_MAX)
			return FAIL_LIMIT;
		for (size_t i = 0; i < value.len; i++)
			if (value.data[i] == '<')
				return FAIL_FORMAT;
		while (!(g = xml_next_attribute(&again, &other, &text)))
			if (bytes_equal(name, other))
				return FAIL_FORMAT;
		if (g != FAIL_MISSING)
			return g;
	}
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

/* ---- tags ---- */

static enum fail
close_tag(struct xml *x, struct xml_item *item)
{
	item->kind = XML_END;
	item->name = local_part(x->open[--x->depth]);
	return FAIL_NONE;
}

static enum fail
take_end(struct xml *x, struct xml_item *item)
{
	struct bytes name;

	x->rest = bytes_part(x->rest, 2, SIZE_MAX);
	name = take_name(&x->rest);
	x->rest = skip_space(x->rest);
	if (!x->rest.len || x->rest.data[0] != '>' || !x->depth ||
	    !bytes_equal(name, x->open[x->depth - 1]))
		return FAIL_FORMAT;
	x->rest = bytes_part(x->rest, 1, SIZE_MAX);
	return close_tag(x, item);
}

/* The end of a start tag, quotes minded. */
static size_t
tag_end(struct bytes in)
{
	uint8_t quote = 0;

	for (size_t i = 0; i < in.len; i++) {
		uint8_t c = in.data[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return i;
	}
	return SIZE_MAX;
}

static enum fail
take_start(struct xml *x, struct xml_item *item)
{
	struct bytes name;
	size_t end;

	x->rest = bytes_part(x->rest, 1, SIZE_MAX);
	name = take_name(&x->rest);
	end = tag_end(x->rest);
	if (!name.len || end == SIZE_MAX || (!x->depth && x->had_root))
		return FAIL_FORMAT;
	if (x->depth == XML_DEPTH_MAX)
		return FAIL_LIMIT;
	item->kind = XML_START;
	item->name = local_part(name);
	item->attributes = bytes_part(x->rest, 0, end);
	x->rest = bytes_part(x->rest, end + 1, SIZE_MAX);
	x->closing = end && item->attributes.data[end - 1] == '/';
	if (x->closing)
		item->attributes.len--;
	if (item->attributes.len && !is_space(item->attributes.data[0]))
		return FAIL_FORMAT;
	x->had_root = true;
	x->open[x->depth++] = name;
	return check_attributes(item->attributes);
}

/* A comment, or an instruction, from its start to its end. */
static enum fail
skip_past(struct xml *x, const char *end)
{
	size_t at = bytes_find(x->rest, end);

	if (at == SIZE_MAX)
		return FAIL_FORMAT;
	x->rest = bytes_part(x->rest, at + strlen(end), SIZE_MAX);
	return FAIL_NONE;
}

static enum fail
take_text(struct xml *x, struct xml_item *item)
{
	size_t n = 0;

	while (n < x->rest.len && x->rest.data[n] != '<')
		n++;
	item->kind = XML_TEXT;
	item->text = bytes_part(x->rest, 0, n);
	x->rest = bytes_part(x->rest, n, SIZE_MAX);
	/* Outside of the one element stands nothing but space. */
	return x->depth || !skip_space(item->text).len ? FAIL_NONE :
							 FAIL_FORMAT;
}

enum fail
xml_next(struct xml *x, struct xml_item *item)
{
	enum fail f = FAIL_NONE;

	*item = (struct xml_item){ .kind = XML_DONE };
	if (x->closing) {
		x->closing = false;
		return close_tag(x, item);
	}
	while (!f && x->rest.len) {
		if (bytes_starts(x->rest, "<!--"))
			f = skip_past(x, "-->");
		else if (bytes_starts(x->rest, "<?"))
			f = skip_past(x, "?>");
		else if (bytes_starts(x->rest, "<!"))
			return FAIL_FORMAT;
		else if (bytes_starts(x->rest, "</"))
			return take_end(x, item);
		else if (x->rest.data[0] == '<')
			return take_start(x, item);
		else
			return take_text(x, item);
	}
	return f || (!x->depth && x->had_root) ? f : FAIL_FORMAT;
}

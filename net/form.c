#include "net/form.h"

#define BOUNDARY_MAX 72u

/* Split at the first c; the rest starts behind it. */
static struct bytes
take_until(struct bytes *rest, uint8_t c)
{
	const uint8_t *at = rest->len ? memchr(rest->data, c, rest->len) : NULL;
	size_t n = at ? (size_t)(at - rest->data) : rest->len;
	struct bytes got = bytes_part(*rest, 0, n);

	*rest = bytes_part(*rest, at ? n + 1 : n, SIZE_MAX);
	return got;
}

static enum fail
decode(struct bytes in, struct buf *out)
{
	for (size_t i = 0; i < in.len; i++) {
		uint8_t c = in.data[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			int high = -1, low = -1;

			if (i + 2 < in.len) {
				high = hex_digit(in.data[i + 1]);
				low = hex_digit(in.data[i + 2]);
			}
			if (high < 0 || low < 0)
				return FAIL_FORMAT;
			c = (uint8_t)(high << 4 | low);
			i += 2;
		}
		if (!c)
			return FAIL_FORMAT;
		buf_u8(out, c);
	}
	return buf_fail(out);
}

enum fail
form_get(struct bytes body, const char *name, size_t n, struct buf *out)
{
	while (body.len) {
		struct bytes pair = take_until(&body, '&');
		struct bytes key = take_until(&pair, '=');

		if (!bytes_equal_text(key, name))
			continue;
		if (n--)
			continue;
		return decode(pair, out);
	}
	return FAIL_MISSING;
}

/* The boundary of a multipart Content-Type, with its leading dashes. */
static enum fail
read_boundary(struct bytes type, char out[static BOUNDARY_MAX + 8])
{
	size_t at, n = 0;

	if (!bytes_starts(type, "multipart/form-data"))
		return FAIL_FORMAT;
	at = bytes_find(type, "boundary=");
	if (at == SIZE_MAX)
		return FAIL_FORMAT;
	type = bytes_part(type, at + 9, SIZE_MAX);
	memcpy(out, "\r\n--", 5);
	if (type.len && type.data[0] == '"') {
		type = bytes_part(type, 1, SIZE_MAX);
		type = take_until(&type, '"');
	} else {
		type = take_until(&type, ';');
	}
	for (; n < type.len && n < BOUNDARY_MAX; n++) {
		if (type.data[n] <= ' ' || type.data[n] >= 0x7F)
			return FAIL_FORMAT;
		out[4 + n] = (char)type.data[n];
	}
	out[4 + n] = '\0';
	return n && n == type.len ? FAIL_NONE : FAIL_FORMAT;
}

/* name="…" of a Content-Disposition line. */
static struct bytes
parameter(struct bytes head, const char *name)
{
	size_t at = bytes_find(head, name);

	if (at == SIZE_MAX)
		return (struct bytes){ NULL, 0 };
	head = bytes_part(head, at + strlen(name), SIZE_MAX);
	return take_until(&head, '"');
}

enum fail
form_parts(struct bytes content_type, struct bytes body,
    struct form_part parts[static FORM_PARTS_MAX], size_t *count)
{
	char boundary[BOUNDARY_MAX + 8];
	enum fail f = read_boundary(content_type, boundary);
	size_t at;

	*count = 0;
	if (f)
		return f;
	/* The first boundary has no line end in front of it. */
	if (!bytes_starts(body, boundary + 2))
		return FAIL_FORMAT;
	body = bytes_part(body, strlen(boundary) - 2, SIZE_MAX);
	while (bytes_starts(body, "\r\n")) {
		struct form_part *part = &parts[*count];
		struct bytes head;

		if (*count == FORM_PARTS_MAX)
			return FAIL_LIMIT;
		at = bytes_find(body, "\r\n\r\n");
		if (at == SIZE_MAX)
			return FAIL_FORMAT;
		head = bytes_part(body, 0, at);
		body = bytes_part(body, at + 4, SIZE_MAX);
		at = bytes_find(body, boundary);
		if (at == SIZE_MAX)
			return FAIL_FORMAT;
		part->name = parameter(head, " name=\"");
		part->is_file = bytes_find(head, "filename=\"") != SIZE_MAX;
		part->content = bytes_part(body, 0, at);
		body = bytes_part(body, at + strlen(boundary), SIZE_MAX);
		++*count;
	}
	return bytes_starts(body, "--") ? FAIL_NONE : FAIL_FORMAT;
}

const struct form_part *
form_part(const struct form_part *parts, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal_text(parts[i].name, name))
			return &parts[i];
	return NULL;
}

struct bytes
form_cookie(struct bytes header, const char *name)
{
	while (header.len) {
		struct bytes pair = take_until(&header, ';'), key;

		while (pair.len && pair.data[0] == ' ')
			pair = bytes_part(pair, 1, SIZE_MAX);
		key = take_until(&pair, '=');
		if (bytes_equal_text(key, name))
			return pair;
	}
	return (struct bytes){ NULL, 0 };
}

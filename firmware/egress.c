#include "firmware/egress.h"

#include <stdio.h>
#include <strings.h>

#define WORD_MAX (2 * FETCH_HOST_MAX)

struct place {
	char host[FETCH_HOST_MAX];
	uint16_t port;
};

/* "HOST[:PORT]" by the reader of URLs, so that both agree what a host is. */
static enum fail
read_place(struct bytes text, struct place *place)
{
	char url[WORD_MAX + 8];
	struct fetch_url u;
	enum fail f;

	if (memchr(text.data, '/', text.len))
		return FAIL_USAGE;
	snprintf(url, sizeof(url), "http://%.*s", (int)text.len,
	    (const char *)text.data);
	f = fetch_url_read(url, &u);
	if (f)
		return f;
	memcpy(place->host, u.host, sizeof(place->host));
	place->port = u.port;
	return FAIL_NONE;
}

static enum fail
read_word(struct bytes word, struct place *name, struct place *where)
{
	size_t at = bytes_find(word, "=");
	enum fail f;

	if (word.len > WORD_MAX)
		return FAIL_USAGE;
	f = at ? read_place(bytes_part(word, 0, at), name) : FAIL_USAGE;
	*where = *name;
	if (f || at == SIZE_MAX)
		return f;
	word = bytes_part(word, at + 1, SIZE_MAX);
	return word.len ? read_place(word, where) : FAIL_USAGE;
}

/* The next word; empty at the end. */
static struct bytes
next_word(struct bytes *rest)
{
	struct bytes word;
	size_t n = 0;

	while (rest->len && rest->data[0] == ' ')
		*rest = bytes_part(*rest, 1, SIZE_MAX);
	while (n < rest->len && rest->data[n] != ' ')
		n++;
	word = bytes_part(*rest, 0, n);
	*rest = bytes_part(*rest, n, SIZE_MAX);
	return word;
}

enum fail
egress_find(
    struct bytes list, const struct fetch_url *url, struct egress *where)
{
	struct bytes word;

	while ((word = next_word(&list)).len) {
		struct place name, at;

		if (read_word(word, &name, &at) || name.port != url->port ||
		    strcasecmp(name.host, url->host) != 0)
			continue;
		memcpy(where->host, at.host, sizeof(where->host));
		where->port = at.port;
		return FAIL_NONE;
	}
	return FAIL_RIGHTS;
}

enum fail
egress_check(struct bytes list)
{
	struct place name, at;
	struct bytes word;

	while ((word = next_word(&list)).len) {
		enum fail f = read_word(word, &name, &at);

		if (f)
			return f;
	}
	return FAIL_NONE;
}

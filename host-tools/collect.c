#include "host-tools/collect.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/when.h"
#include "crypto/random.h"
#include "host-tools/ask.h"

#define PLACES_MAX 16u /* of one certificate that are tried */
#define LISTS_MAX 64u
#define ANSWERS_MAX 256u
#define ARENA_MAX (16u << 20)

struct collected_list {
	struct bytes address;
	struct disk_map map; /* no bytes: it was asked for in vain */
	struct evidence evidence;
};

/* What a responder said of a certificate. */
struct collected_answer {
	uint8_t cert[HASH_LEN];
	struct bytes der;
};

static bool
as_text(struct bytes url, char *out, size_t room)
{
	int n = snprintf(out, room, "%.*s", (int)url.len,
	    url.len ? (const char *)url.data : "");

	return url.len && n > 0 && (size_t)n < room;
}

static bool
has_answer(
    const struct collection *c, const struct cert *cert, struct bytes *der)
{
	uint8_t hash[HASH_LEN];

	cert_hash(cert, hash);
	for (size_t i = 0; i < c->answer_count; i++)
		if (!memcmp(c->answers[i].cert, hash, HASH_LEN)) {
			*der = c->answers[i].der;
			return true;
		}
	return false;
}

/* One responder, asked once for a certificate.  Its answer must be to this
 * question: the nonce, where it gives one back, and whatever else
 * revocation_check looks at. */
static void
ask_responder(struct collection *c, struct trust *trust, const char *address,
    const struct cert *cert, const struct cert *issuer)
{
	struct evidence e = { .kind = EVIDENCE_OCSP, .proven = when_now() };
	uint8_t nonce[OCSP_NONCE];
	struct ocsp *o;
	struct buf query, answer;
	bool good;

	if (has_answer(c, cert, &e.der)) {
		trust_add(trust, &e);
		return;
	}
	o = malloc(sizeof(*o));
	random_bytes(nonce, sizeof(nonce));
	buf_init(&query, 4096);
	buf_init(&answer, OCSP_ANSWER_MAX);
	good = o &&
	    !ocsp_request_write(cert, issuer, BYTES_ARRAY(nonce), &query) &&
	    !ask(address, "application/ocsp-request", buf_view(&query),
		OCSP_ANSWER_MAX, &answer, NULL) &&
	    !ocsp_read(buf_view(&answer), o, NULL) &&
	    (!o->nonce.len || bytes_equal(o->nonce, BYTES_ARRAY(nonce)));
	if (good) {
		e.der = arena_copy(&c->arena, buf_view(&answer));
		good = e.der.data != NULL;
	}
	buf_free(&answer);
	buf_free(&query);
	free(o);
	if (!good)
		return;
	if (c->answers && c->answer_count < ANSWERS_MAX) {
		struct collected_answer *kept = &c->answers[c->answer_count++];

		cert_hash(cert, kept->cert);
		kept->der = e.der;
	}
	trust_add(trust, &e);
}

static enum fail
fetch_list(const char *address, struct disk_map *map)
{
	const char *folder = getenv("TMPDIR");
	int file = disk_unnamed(folder && *folder ? folder : "/tmp");
	enum fail f = file < 0 ?
	    FAIL_IO :
	    ask_file(address, COLLECT_LIST_MAX, file, NULL);

	if (!f)
		return disk_map_fd(file, map);
	disk_close(&file);
	return f;
}

/* One list, asked for once. */
static void
ask_list(struct collection *c, struct trust *trust, const char *address)
{
	struct bytes name = BYTES_TEXT(address);
	struct collected_list *list = c->lists;

	while (list < c->lists + c->list_count &&
	    !bytes_equal(list->address, name))
		list++;
	if (list == c->lists + c->list_count) {
		name = arena_copy(&c->arena, name);
		if (!c->lists || c->list_count == LISTS_MAX || !name.data)
			return;
		c->list_count++;
		list->address = name;
		list->map.fd = -1;
		list->evidence.kind = EVIDENCE_CRL;
		list->evidence.proven = when_now();
		if (!fetch_list(address, &list->map)) {
			list->evidence.der = list->map.bytes;
			list->evidence.file = &list->map;
		}
	}
	if (list->evidence.der.len)
		trust_add(trust, &list->evidence);
}

static bool
ask_next(void *context, struct trust *trust, const struct cert *cert,
    const struct cert *issuer, unsigned n)
{
	enum evidence_kind kind;
	struct bytes url;
	char address[1400];

	if (n >= PLACES_MAX || revocation_place(cert, n, &kind, &url))
		return false;
	if (!as_text(url, address, sizeof(address)))
		return true;
	if (kind == EVIDENCE_OCSP)
		ask_responder(context, trust, address, cert, issuer);
	else
		ask_list(context, trust, address);
	return true;
}

void
collect_init(struct collection *c, bool online)
{
	*c = (struct collection){ .online = online };
	arena_init(&c->arena, ARENA_MAX);
	c->lists = calloc(LISTS_MAX, sizeof(*c->lists));
	c->answers = calloc(ANSWERS_MAX, sizeof(*c->answers));
	c->source = (struct trust_source){ .context = c,
		.ask = online ? ask_next : NULL };
}

void
collect_free(struct collection *c)
{
	for (size_t i = 0; i < c->list_count; i++)
		disk_unmap(&c->lists[i].map);
	free(c->lists);
	free(c->answers);
	arena_free(&c->arena);
}

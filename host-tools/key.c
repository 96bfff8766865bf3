#include "host-tools/key.h"

#include <stdio.h>

#include "base/disk.h"

/* By its hash, wherever it is: two tokens may have one label and serial. */
static enum fail
choose_by_hash(struct key *k, const char *text, struct note *note)
{
	uint8_t hash[HASH_LEN];
	struct bytes der;
	enum fail f;

	if (!bytes_from_hex(text, strlen(text), hash, HASH_LEN))
		return note_set(
		    note, FAIL_USAGE, "--cert wants 64 hexadecimal digits");
	f = token_select(k->token, hash, note);
	if (f)
		return f;
	der = arena_copy(&k->arena, token_cert(k->token)->der);
	return der.data ? cert_read(der, &k->signer, note) : FAIL_MEMORY;
}

/* By its token's label: the one end-entity certificate on it. */
static enum fail
choose_by_label(struct key *k, const char *label,
    const struct token_cert *certs, size_t count, struct note *note)
{
	const struct token_cert *chosen = NULL;
	uint8_t hash[HASH_LEN];
	struct cert cert;
	enum fail f;

	for (size_t i = 0; i < count; i++) {
		if (cert_read(certs[i].der, &cert, NULL) || cert.is_ca ||
		    strcmp(certs[i].label, label) != 0)
			continue;
		if (chosen && !bytes_equal(chosen->der, certs[i].der))
			return note_set(note, FAIL_KEY,
			    "several certificates: choose with --cert");
		chosen = &certs[i];
	}
	if (!chosen)
		return note_set(note, count ? FAIL_KEY : FAIL_TOKEN_GONE,
		    "no such token or certificate");
	f = cert_read(chosen->der, &k->signer, note);
	cert_hash(&k->signer, hash);
	return f ? f : token_select(k->token, hash, note);
}

/* What else the tokens have goes into the pool: CAs, perhaps. */
static enum fail
choose_key(struct key *k, const struct key_choice *choice, struct note *note)
{
	struct token_cert certs[TOKEN_CERTS_MAX];
	size_t count;
	enum fail f = token_list(k->token, &k->arena, certs, &count, note);

	for (size_t i = 0; i < count && !f; i++)
		if (cert_file_add_der(&k->pool, certs[i].der, NULL))
			continue;
	if (f)
		return f;
	return choice->cert ?
	    choose_by_hash(k, choice->cert, note) :
	    choose_by_label(k, choice->token, certs, count, note);
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

enum fail
key_login(struct key *k, const char *pin_file, struct note *note)
{
	struct buf file;
	struct secret pin;
	size_t len = 0, from;
	struct token_state state;
	bool sent;
	enum fail f = secret_init(&pin);

	if (f)
		return f;
	buf_init(&file, SECRET_MAX);
	f = disk_read(pin_file, &file);
	/* Some editors put a mark in front; it would spend a try. */
	from = bytes_starts(buf_view(&file), "\xEF\xBB\xBF") ? 3 : 0;
	len = from;
	while (
	    len < file.len && file.data[len] != '\n' && file.data[len] != '\r')
		len++;
	if (!f && len > from &&
	    (is_blank(file.data[from]) || is_blank(file.data[len - 1])))
		f = note_set(note, FAIL_USAGE,
		    "the PIN file's first line begins or ends with a blank: "
		    "no try was spent");
	else if (!f)
		f = secret_set(
		    &pin, bytes_part(buf_view(&file), from, len - from));
	buf_wipe(&file);
	if (f && f != FAIL_USAGE)
		note_write(note, f, "cannot read the PIN file");
	if (!f)
		f = token_state(k->token, &state, note);
	if (!f && state.pin == TOKEN_PIN_LOW)
		fprintf(stderr,
		    "antin: a wrong PIN was entered before: few tries are "
		    "left\nMã PIN đã bị nhập sai ít nhất một lần.\n");
	if (!f)
		f = token_login(k->token, &pin, &sent, note);
	secret_free(&pin);
	return f;
}

/* The signer's certificate and those above it that are at hand, without the
 * root: whoever verifies has his own. */
void
key_collect_chain(struct key *k)
{
	const struct cert *last = &k->signer;
	size_t count = 0;

	k->chain[count++] = k->signer.der;
	while (count < CHAIN_DEPTH_MAX) {
		const struct cert *next = NULL;

		for (size_t i = 0; i < k->pool.count && !next; i++) {
			const struct cert *c = &k->pool.certs[i];

			if (c->is_ca && bytes_equal(c->subject, last->issuer) &&
			    !cert_self_issued(c) && !cert_verify(last, &c->key))
				next = c;
		}
		if (!next)
			break;
		k->chain[count++] = next->der;
		last = next;
	}
	k->chain_count = count;
	k->algorithm = signing_algorithm(&k->signer.key, &k->way);
}

enum fail
key_open(struct key *k, const struct key_choice *choice, struct note *note)
{
	enum fail f = FAIL_NONE;

	*k = (struct key){ .token = NULL, .way = choice->way };
	arena_init(&k->arena, 16u << 20);
	cert_file_set_init(&k->pool);
	if (choice->chain)
		f = cert_file_add_folder(&k->pool, choice->chain, note);
	if (!f)
		f = token_open(choice->module, &k->token, note);
	if (!f)
		f = choose_key(k, choice, note);
	return f;
}

void
key_close(struct key *k)
{
	token_close(k->token);
	cert_file_set_free(&k->pool);
	arena_free(&k->arena);
}

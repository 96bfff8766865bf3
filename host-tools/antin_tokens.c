/* What is plugged in: the certificates to sign with, and how their tokens are.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include <yyjson.h>

#include "base/text.h"
#include "base/when.h"
#include "crypto/name.h"
#include "crypto/token.h"
#include "host-tools/antin.h"

enum { OPT_MODULE = 256, OPT_JSON };

static const struct option options[] = {
	{ "module", required_argument, NULL, OPT_MODULE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ 0 },
};

/* One certificate of a signer. */
struct row {
	const struct token_cert *found;
	struct cert cert;
	char hash[2 * HASH_LEN + 1], until[WHEN_TEXT_MAX];
	struct buf subject;
	const char *pin;
	bool pad;
};

/* Nothing is typed for it. */
static const char *
pin_of(struct token *token, const uint8_t hash[static HASH_LEN], bool *pad)
{
	static const char *const names[] = { "fine", "wrong before", "last try",
		"locked" };
	struct token_state state;
	struct note unused;

	*pad = false;
	if (token_select(token, hash, &unused) ||
	    token_state(token, &state, &unused))
		return "unknown";
	*pad = state.pad;
	return names[state.pin];
}

/* Labels are whatever their makers wrote. */
static void
clean(char text[static TOKEN_TEXT_MAX])
{
	bool good = text_valid(BYTES_TEXT(text));

	for (; *text; text++)
		if ((uint8_t)*text < ' ' || *text == 0x7F ||
		    (!good && (uint8_t)*text > '~'))
			*text = '?';
}

static bool
read_row(struct token *token, struct token_cert *found, struct row *row)
{
	uint8_t hash[HASH_LEN];

	clean(found->label);
	clean(found->serial);
	*row = (struct row){ .found = found };
	if (cert_read(found->der, &row->cert, NULL) || row->cert.is_ca)
		return false;
	cert_hash(&row->cert, hash);
	bytes_to_hex(BYTES_ARRAY(hash), row->hash);
	when_iso_text(row->cert.not_after, row->until);
	buf_init(&row->subject, 4096);
	if (name_text(row->cert.subject, &row->subject))
		buf_clear(&row->subject);
	row->pin = pin_of(token, hash, &row->pad);
	return true;
}

static void
print_row(const struct row *row)
{
	printf(
	    "token   %s (serial %s)\n", row->found->label, row->found->serial);
	printf("pin     %s%s\n", row->pin, row->pad ? ", on its own keys" : "");
	printf("subject %.*s\n", (int)row->subject.len,
	    row->subject.len ? (const char *)row->subject.data : "");
	printf("until   %s%s\n", row->until,
	    row->cert.not_after < when_now() ? " (expired)" : "");
	printf("sha256  %s\n\n", row->hash);
}

static void
add_row(yyjson_mut_doc *doc, yyjson_mut_val *list, const struct row *row)
{
	yyjson_mut_val *one = yyjson_mut_arr_add_obj(doc, list);

	yyjson_mut_obj_add_strcpy(doc, one, "token", row->found->label);
	yyjson_mut_obj_add_strcpy(doc, one, "serial", row->found->serial);
	yyjson_mut_obj_add_str(doc, one, "pin", row->pin);
	yyjson_mut_obj_add_bool(doc, one, "pinPad", row->pad);
	yyjson_mut_obj_add_strncpy(doc, one, "subject",
	    row->subject.len ? (const char *)row->subject.data : "",
	    row->subject.len);
	yyjson_mut_obj_add_strcpy(doc, one, "notAfter", row->until);
	yyjson_mut_obj_add_strcpy(doc, one, "certificateSha256", row->hash);
}

static enum fail
tell(struct token *token, struct arena *arena, bool json, struct note *note)
{
	struct token_cert certs[TOKEN_CERTS_MAX];
	yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *list = yyjson_mut_arr(doc);
	size_t count = 0, shown = 0;
	char *text;
	enum fail f = token_list(token, arena, certs, &count, note);

	yyjson_mut_doc_set_root(doc, list);
	for (size_t i = 0; i < count && !f; i++) {
		struct row row;

		if (!read_row(token, &certs[i], &row))
			continue;
		shown++;
		if (json)
			add_row(doc, list, &row);
		else
			print_row(&row);
		buf_free(&row.subject);
	}
	text = f || !json ? NULL : yyjson_mut_write(doc, 0, NULL);
	if (text)
		puts(text);
	else if (!f && json)
		f = FAIL_MEMORY;
	free(text);
	yyjson_mut_doc_free(doc);
	if (f || shown)
		return f;
	return note_set(
	    note, FAIL_TOKEN_GONE, "no certificate of a signer on any token");
}

int
antin_tokens(int argc, char **argv)
{
	const char *module = NULL;
	struct token *token = NULL;
	struct note note = { 0 };
	struct arena arena;
	bool json = false;
	enum fail f;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?')
			return antin_usage("tokens", "unknown option");
		if (c == OPT_MODULE)
			module = optarg;
		else
			json = true;
	}
	if (!module || optind != argc)
		return antin_usage("tokens", "--module is needed");
	arena_init(&arena, 4u << 20);
	f = token_open(module, &token, &note);
	if (!f)
		f = tell(token, &arena, json, &note);
	token_close(token);
	arena_free(&arena);
	return f ? antin_refuse(module, f, &note) : EXIT_VALID;
}

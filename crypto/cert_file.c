#include "crypto/cert_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/disk.h"
#include "crypto/pem.h"

#define FILE_MAX (4u << 20)
#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"

void
cert_file_set_init(struct cert_file_set *set)
{
	*set = (struct cert_file_set){ .count = 0 };
	arena_init(&set->arena, 64u << 20);
}

void
cert_file_set_free(struct cert_file_set *set)
{
	free(set->certs);
	arena_free(&set->arena);
	set->certs = NULL;
	set->count = 0;
}

struct cert_set
cert_file_view(const struct cert_file_set *set)
{
	return (struct cert_set){ set->certs, set->count };
}

enum fail
cert_file_add_der(
    struct cert_file_set *set, struct bytes der, struct note *note)
{
	struct cert *more, cert;
	struct bytes held;
	enum fail f;

	for (size_t i = 0; i < set->count; i++)
		if (bytes_equal(set->certs[i].der, der))
			return FAIL_NONE;
	if (set->count == CERT_FILES_MAX)
		return note_set(note, FAIL_LIMIT, "more than %u certificates",
		    CERT_FILES_MAX);
	held = arena_copy(&set->arena, der);
	if (!held.data)
		return FAIL_MEMORY;
	f = cert_read(held, &cert, note);
	if (f)
		return f;
	more = realloc(set->certs, (set->count + 1) * sizeof(*more));
	if (!more)
		return FAIL_MEMORY;
	set->certs = more;
	set->certs[set->count++] = cert;
	return FAIL_NONE;
}

static enum fail
add_pem(struct cert_file_set *set, struct bytes text, struct note *note)
{
	struct buf der;
	enum fail f = FAIL_NONE;

	buf_init(&der, CERT_SIZE_MAX);
	while (!f) {
		buf_clear(&der);
		f = pem_next(&text, "CERTIFICATE", &der);
		if (f == FAIL_FORMAT || f == FAIL_LIMIT)
			note_write(note, FAIL_FORMAT,
			    "RFC 7468 5: damaged certificate");
		if (!f)
			f = cert_file_add_der(set, buf_view(&der), note);
	}
	buf_free(&der);
	return f == FAIL_MISSING ? FAIL_NONE :
	    f == FAIL_LIMIT      ? FAIL_FORMAT :
				   f;
}

/* From gen/trust_*.s. */
extern const uint8_t trust_state_start[], trust_state_end[];
extern const uint8_t trust_party_start[], trust_party_end[];
extern const uint8_t trust_public_start[], trust_public_end[];

enum fail
cert_file_add_tree(
    struct cert_file_set *set, enum cert_tree tree, struct note *note)
{
	const struct {
		const uint8_t *start, *end;
	} trees[] = {
		[TREE_STATE] = { trust_state_start, trust_state_end },
		[TREE_PARTY] = { trust_party_start, trust_party_end },
		[TREE_PUBLIC] = { trust_public_start, trust_public_end },
	};
	size_t len = (size_t)(trees[tree].end - trees[tree].start);

	return add_pem(set, (struct bytes){ trees[tree].start, len }, note);
}

/* Of the government's own. */
static enum fail
add_builtin(struct cert_file_set *set, bool roots, struct note *note)
{
	struct cert_file_set all;
	enum fail f;

	cert_file_set_init(&all);
	f = cert_file_add_tree(&all, TREE_STATE, note);
	if (!f)
		f = cert_file_add_tree(&all, TREE_PARTY, note);
	for (size_t i = 0; i < all.count && !f; i++)
		if (cert_self_issued(&all.certs[i]) == roots)
			f = cert_file_add_der(set, all.certs[i].der, note);
	cert_file_set_free(&all);
	return f;
}

enum fail
cert_file_add_builtin_cas(struct cert_file_set *set, struct note *note)
{
	return add_builtin(set, false, note);
}

enum fail
cert_file_add_builtin_roots(struct cert_file_set *set, struct note *note)
{
	return add_builtin(set, true, note);
}

static bool
is_one(const struct cert *cert, const char *sha256)
{
	uint8_t hash[HASH_LEN];
	char hex[2 * HASH_LEN + 1];

	hash_sha256(cert->der, hash);
	bytes_to_hex(BYTES_ARRAY(hash), hex);
	return !strcmp(hex, sha256);
}

bool
cert_file_is_legacy_root(const struct cert *cert)
{
	return is_one(cert,
	    "f7bc89054cec7f12730d7b8cd3eb7955"
	    "b163835087e5eb873edfb584763b3f90");
}

bool
cert_file_is_state_root(const struct cert *cert)
{
	return is_one(cert,
	    "f04ba4b459a7c9a1b971ad9b1cb833e6"
	    "95a80c79aea63b174b66a70edfe2fdb8");
}

bool
cert_file_is_state_ca(const struct cert *cert)
{
	return is_one(cert,
	    "d8cab7a4aef92e6bb2509d7c61cee7b4"
	    "4f3731b2d21074963530277b366fae4b");
}

enum fail
cert_file_add(struct cert_file_set *set, const char *path, struct note *note)
{
	struct buf file;
	enum fail f;

	buf_init(&file, FILE_MAX);
	f = disk_read(path, &file);
	if (f)
		note_write(note, f, "cannot read %.150s", path);
	else if (bytes_find(buf_view(&file), PEM_BEGIN) != SIZE_MAX)
		f = add_pem(set, buf_view(&file), note);
	else
		f = cert_file_add_der(set, buf_view(&file), note);
	buf_free(&file);
	return f;
}

static int
is_certificate(const struct dirent *entry)
{
	static const char *const endings[] = { ".pem", ".der", ".crt", ".cer" };
	size_t n = strlen(entry->d_name);

	for (size_t i = 0; i < 4; i++)
		if (n > 4 && !strcmp(entry->d_name + n - 4, endings[i]))
			return 1;
	return 0;
}

enum fail
cert_file_add_folder(
    struct cert_file_set *set, const char *folder, struct note *note)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_certificate, alphasort);
	enum fail f = FAIL_NONE;

	if (count < 0)
		return note_set(note, FAIL_MISSING, "no folder %.150s", folder);
	for (int i = 0; i < count; i++) {
		char path[4096];
		int n = snprintf(
		    path, sizeof(path), "%s/%s", folder, entries[i]->d_name);

		if (!f)
			f = n < (int)sizeof(path) ?
			    cert_file_add(set, path, note) :
			    FAIL_LIMIT;
		free(entries[i]);
	}
	free(entries);
	return f;
}

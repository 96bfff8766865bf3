#include "host-tools/cades.h"

#include <libgen.h>
#include <stdlib.h>

#include "base/when.h"
#include "document/asic.h"
#include "document/cades_raise.h"

#define FILES_MAX 1000u

/* ---- the signature ---- */

static enum fail
sign_value(struct key *key, const uint8_t *content, struct cms_recipe *recipe,
    struct buf *attributes, uint8_t value[static SIGNATURE_MAX], size_t *len,
    struct note *note)
{
	uint8_t digest[HASH_MAX];
	enum fail f;

	*recipe = (struct cms_recipe){ .signer = &key->signer,
		.chain = key->chain,
		.chain_count = key->chain_count,
		.algorithm = key->algorithm,
		.message_digest = content,
		.has_time = true,
		.time = when_now() };
	f = cms_attributes(recipe, attributes);
	if (f)
		return f;
	hash_bytes(key->algorithm.hash, buf_view(attributes), digest);
	return token_sign(
	    key->token, 0, &key->algorithm, digest, value, len, note);
}

/* A CAdES signature over a content of which the digest is known; it is in
 * content, too, for what raises it. */
static enum fail
sign(const struct cades_order *o, struct key *key, const uint8_t *digest,
    const struct disk_map *content, struct buf *out, struct note *note)
{
	uint8_t value[SIGNATURE_MAX];
	struct cms_recipe recipe;
	struct buf attributes, cms;
	size_t len = 0;
	enum fail f;

	buf_init(&attributes, CERT_SIZE_MAX);
	buf_init(&cms, CADES_RAISED_MAX);
	f = sign_value(key, digest, &recipe, &attributes, value, &len, note);
	if (!f)
		f = cms_write(&recipe, buf_view(&attributes),
		    (struct bytes){ value, len }, &cms);
	if (!f)
		f = longterm_raise_cms(
		    o->longterm, o->level, buf_view(&cms), content, out, note);
	buf_free(&cms);
	buf_free(&attributes);
	return f;
}

/* ---- one file, or a container ---- */

static enum fail
sign_file(const struct cades_order *o, struct key *key, struct note *note)
{
	uint8_t digest[HASH_MAX];
	struct disk_map map;
	struct hash h;
	struct buf cms;
	enum fail f = disk_map(o->files[0], &map);

	if (f)
		return note_set(note, f, "cannot open %s", o->files[0]);
	/* What is signed would be gone. */
	if (disk_is(o->out, &map)) {
		disk_unmap(&map);
		return note_set(
		    note, FAIL_USAGE, "-o names the file that is signed");
	}
	buf_init(&cms, CADES_RAISED_MAX);
	hash_init(&h, key->algorithm.hash);
	f = disk_each(&map, hash_step, &h);
	hash_done(&h, digest);
	if (!f)
		f = key_login(key, o->pin_file, note);
	if (!f)
		f = sign(o, key, digest, &map, &cms, note);
	if (!f)
		f = disk_replace(o->out, NULL, buf_view(&cms));
	buf_free(&cms);
	disk_unmap(&map);
	return f;
}

static enum fail
write_container(const struct cades_order *o, const struct asic_file *files,
    struct bytes manifest, struct bytes cms)
{
	struct disk_temp temp;
	struct zip zip;
	enum fail f = disk_temp_open(&temp, o->out);

	if (f)
		return f;
	zip_init(&zip, disk_temp_put, &temp);
	f = asic_write(files, o->count, manifest, cms, &zip);
	zip_free(&zip);
	return disk_temp_close(&temp, f);
}

static enum fail
sign_container(const struct cades_order *o, struct key *key,
    const struct asic_file *files, struct note *note)
{
	struct disk_map signed_bytes = { .fd = -1 };
	uint8_t digest[HASH_MAX];
	struct buf manifest, cms;
	enum fail f;

	buf_init(&manifest, 4u << 20);
	buf_init(&cms, CADES_RAISED_MAX);
	f = asic_manifest(files, o->count, &manifest);
	if (f)
		note_write(note, f,
		    "EN 319 162-1 4.4: two files of one name, or one that the "
		    "container needs");
	signed_bytes.bytes = buf_view(&manifest);
	hash_bytes(key->algorithm.hash, signed_bytes.bytes, digest);
	if (!f)
		f = key_login(key, o->pin_file, note);
	if (!f)
		f = sign(o, key, digest, &signed_bytes, &cms, note);
	if (!f)
		f = write_container(
		    o, files, signed_bytes.bytes, buf_view(&cms));
	buf_free(&cms);
	buf_free(&manifest);
	return f;
}

static enum fail
open_container(const struct cades_order *o, struct key *key, struct note *note)
{
	struct disk_map *maps = calloc(o->count, sizeof(*maps));
	struct asic_file *files = calloc(o->count, sizeof(*files));
	size_t opened = 0;
	enum fail f = maps && files ? FAIL_NONE : FAIL_MEMORY;

	while (opened < o->count && !f) {
		f = disk_map(o->files[opened], &maps[opened]);
		if (f) {
			note_write(note, f, "cannot open %s", o->files[opened]);
			break;
		}
		files[opened] =
		    (struct asic_file){ .name = basename(o->files[opened]),
			    .map = &maps[opened] };
		if (disk_is(o->out, &maps[opened]))
			f = note_set(
			    note, FAIL_USAGE, "-o names a file that is signed");
		else
			f = asic_look(&files[opened]);
		opened++;
	}
	if (!f)
		f = sign_container(o, key, files, note);
	for (size_t i = 0; i < opened; i++)
		disk_unmap(&maps[i]);
	free(files);
	free(maps);
	return f;
}

enum fail
cades_run(const struct cades_order *o, struct key *key, struct note *note)
{
	if (!o->count || o->count > FILES_MAX)
		return FAIL_LIMIT;
	return o->container ? open_container(o, key, note) :
			      sign_file(o, key, note);
}

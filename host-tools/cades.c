#include "host-tools/cades.h"

#include <libgen.h>
#include <stdlib.h>

#include "base/when.h"
#include "crypto/cms_archive.h"
#include "crypto/timestamp.h"
#include "document/asic.h"
#include "host-tools/collect.h"
#include "host-tools/tsa.h"

#define FILES_MAX 1000u
#define CONTAINER_MAX (1u << 30)
#define CMS_MAX (8u << 20)

/* ---- evidence, for B-LT ---- */

/* What was used while paths were judged. */
struct used {
	struct dss *dss;
	enum fail fail;
};

static void
used_cert(void *context, const struct cert *cert)
{
	struct used *u = context;

	if (!u->fail)
		u->fail = dss_add(u->dss, DSS_CERT, cert->der);
}

static void
used_evidence(void *context, const struct revocation *by)
{
	struct used *u = context;

	if (!u->fail)
		u->fail = dss_add(u->dss,
		    by->evidence->kind == EVIDENCE_CRL ? DSS_CRL : DSS_OCSP,
		    by->evidence->der);
}

/* The collection's servers, asked on behalf of ours. */
struct asking {
	struct used used;
	const struct trust_source *servers;
};

static bool
ask_servers(void *context, struct trust *trust, const struct cert *cert,
    const struct cert *issuer, unsigned n)
{
	const struct asking *a = context;

	return a->servers->ask(a->servers->context, trust, cert, issuer, n);
}

static enum fail
judge(const struct trust_answer *answer, struct note *note)
{
	enum fail f = answer->chain ? answer->chain : answer->revocation;

	if (f == FAIL_MISSING)
		f = FAIL_STATUS;
	if (f)
		*note = answer->note;
	return f;
}

/* The authority of a token, whose certificates join the others. */
static enum fail
judge_token(
    struct trust *trust, struct bytes token, int64_t now, struct note *note)
{
	struct timestamp *t = calloc(1, sizeof(*t));
	const struct cert *authority = NULL;
	struct trust_answer answer;
	enum fail f = t ? timestamp_read(token, t, note) : FAIL_MEMORY;

	if (!f)
		trust_add_cms(trust, &t->cms, trust_known(trust->policy));
	if (!f)
		authority = cms_find_signer(
		    &t->cms.signer, trust->certs, trust->cert_count);
	free(t);
	if (f || !authority)
		return f ? f : FAIL_MISSING;
	trust_judge(trust, authority, now, &answer);
	return judge(&answer, note);
}

static enum fail
gather(const struct longterm *lt, const struct key *key, struct bytes token,
    struct dss *dss, struct note *note)
{
	struct trust_policy policy = {
		.roots = lt->roots, .pool = lt->pool, .now = when_now()
	};
	struct collection c;
	struct asking a = { { dss, FAIL_NONE }, &c.source };
	struct trust_source source = { &a, ask_servers, used_cert,
		used_evidence };
	struct trust_answer answer;
	struct trust trust;
	enum fail f;

	collect_init(&c, true);
	policy.source = &source;
	f = trust_open(&trust, &policy, NULL);
	if (!f) {
		trust_judge_signer(&trust, &key->signer, policy.now, &answer);
		f = judge(&answer, note);
		if (!f)
			f = judge_token(&trust, token, policy.now, note);
		trust_close(&trust);
	}
	collect_free(&c);
	return f ? f : a.used.fail;
}

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

/* Certificates of the path first, then whatever else was used. */
static void
add_certs(struct cms_recipe *recipe, const struct dss *dss,
    struct bytes certs[static CMS_CERTS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < recipe->chain_count; i++)
		certs[count++] = recipe->chain[i];
	for (size_t i = 0; i < dss->count && count < CMS_CERTS_MAX; i++) {
		bool there = dss->items[i].kind != DSS_CERT;

		for (size_t j = 0; j < count && !there; j++)
			there = bytes_equal(certs[j], dss->items[i].der);
		if (!there)
			certs[count++] = dss->items[i].der;
	}
	recipe->chain = certs;
	recipe->chain_count = count;
}

static enum fail
write_longterm(const struct cades_order *o, const struct key *key,
    const struct cms_recipe *bare, struct bytes attributes, struct bytes value,
    struct buf *out, struct note *note)
{
	struct cms_evidence evidence[DSS_ITEMS_MAX];
	struct bytes certs[CMS_CERTS_MAX];
	struct cms_recipe recipe = *bare;
	struct dss dss;
	enum fail f;

	dss_init(&dss);
	f = gather(o->longterm, key, recipe.time_stamp, &dss, note);
	if (!f) {
		add_certs(&recipe, &dss, certs);
		recipe.evidence = evidence;
		for (size_t i = 0; i < dss.count; i++)
			if (dss.items[i].kind != DSS_CERT)
				evidence[recipe.evidence_count++] =
				    (struct cms_evidence){
					    .is_answer =
						dss.items[i].kind == DSS_OCSP,
					    .der = dss.items[i].der
				    };
		f = cms_write(&recipe, attributes, value, out);
	}
	dss_free(&dss);
	return f;
}

/* The content's digests: for the signature, and for an archive time-stamp. */
struct content {
	uint8_t digest[HASH_MAX], archive[HASH_MAX];
};

/* B-LTA: an authority stamps the whole of it. */
static enum fail
archive(const struct cades_order *o, struct key *key,
    const struct content *content, struct bytes cms, struct buf *out,
    struct note *note)
{
	struct timestamp_query q = { .hash = o->longterm->imprint };
	struct bytes token = { NULL, 0 };
	struct buf index;
	enum fail f;

	buf_init(&index, CMS_ARCHIVE_INDEX_MAX);
	f = cms_archive_digest(cms, q.hash, content->archive, &index, q.digest);
	if (!f)
		f = tsa_ask(o->longterm->tsa, &q, &key->arena, &token, note);
	if (!f)
		f = cms_archive_add(cms, token, buf_view(&index), out);
	buf_free(&index);
	return f;
}

/* A CAdES signature over a content of which the digests are known, below
 * B-LTA. */
static enum fail
sign_below(const struct cades_order *o, struct key *key, const uint8_t *content,
    struct buf *out, struct note *note)
{
	struct timestamp_query q = { .hash = o->longterm->imprint };
	uint8_t value[SIGNATURE_MAX];
	struct cms_recipe recipe;
	struct buf attributes;
	size_t len = 0;
	enum fail f;

	buf_init(&attributes, CERT_SIZE_MAX);
	f = sign_value(key, content, &recipe, &attributes, value, &len, note);
	if (!f && o->level >= LEVEL_T) {
		hash_bytes(q.hash, (struct bytes){ value, len }, q.digest);
		f = tsa_ask(o->longterm->tsa, &q, &key->arena,
		    &recipe.time_stamp, note);
	}
	if (!f && o->level >= LEVEL_LT)
		f = write_longterm(o, key, &recipe, buf_view(&attributes),
		    (struct bytes){ value, len }, out, note);
	else if (!f)
		f = cms_write(&recipe, buf_view(&attributes),
		    (struct bytes){ value, len }, out);
	buf_free(&attributes);
	return f;
}

static enum fail
sign(const struct cades_order *o, struct key *key,
    const struct content *content, struct buf *out, struct note *note)
{
	struct buf cms;
	enum fail f;

	if (o->level < LEVEL_LTA)
		return sign_below(o, key, content->digest, out, note);
	buf_init(&cms, CMS_MAX);
	f = sign_below(o, key, content->digest, &cms, note);
	if (!f)
		f = archive(o, key, content, buf_view(&cms), out, note);
	buf_free(&cms);
	return f;
}

/* ---- one file, or a container ---- */

/* Both digests in one pass. */
struct hashes {
	struct hash digest, archive;
};

static void
hashes_step(void *context, struct bytes step)
{
	struct hashes *h = context;

	hash_add(&h->digest, step);
	hash_add(&h->archive, step);
}

static void
hashes_init(
    struct hashes *h, const struct cades_order *o, const struct key *key)
{
	hash_init(&h->digest, key->algorithm.hash);
	hash_init(&h->archive, o->longterm->imprint);
}

static void
hashes_done(struct hashes *h, struct content *content)
{
	hash_done(&h->digest, content->digest);
	hash_done(&h->archive, content->archive);
}

static enum fail
sign_file(const struct cades_order *o, struct key *key, struct note *note)
{
	struct content content;
	struct disk_map map;
	struct hashes h;
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
	buf_init(&cms, CMS_MAX);
	hashes_init(&h, o, key);
	f = disk_each(&map, hashes_step, &h);
	hashes_done(&h, &content);
	if (!f)
		f = key_login(key, o->pin_file, note);
	if (!f)
		f = sign(o, key, &content, &cms, note);
	if (!f)
		f = disk_replace(o->out, NULL, buf_view(&cms));
	buf_free(&cms);
	disk_unmap(&map);
	return f;
}

static enum fail
sign_container(const struct cades_order *o, struct key *key,
    const struct asic_file *files, struct note *note)
{
	struct content content;
	struct hashes h;
	struct buf manifest, cms;
	struct zip zip;
	enum fail f;

	buf_init(&manifest, 4u << 20);
	buf_init(&cms, CMS_MAX);
	zip_init(&zip, CONTAINER_MAX);
	f = asic_manifest(files, o->count, &manifest);
	if (f)
		note_write(note, f,
		    "EN 319 162-1 4.4: two files of one name, or one that the "
		    "container needs");
	hashes_init(&h, o, key);
	hashes_step(&h, buf_view(&manifest));
	hashes_done(&h, &content);
	if (!f)
		f = key_login(key, o->pin_file, note);
	if (!f)
		f = sign(o, key, &content, &cms, note);
	if (!f)
		f = asic_write(
		    files, o->count, buf_view(&manifest), buf_view(&cms), &zip);
	if (!f)
		f = disk_replace(o->out, NULL, buf_view(&zip.out));
	zip_free(&zip);
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
		files[opened] = (struct asic_file){ basename(o->files[opened]),
			maps[opened].bytes };
		if (disk_is(o->out, &maps[opened++]))
			f = note_set(
			    note, FAIL_USAGE, "-o names a file that is signed");
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

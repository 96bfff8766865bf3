#include "host-tools/longterm.h"

#include <stdlib.h>

#include "base/when.h"
#include "crypto/cms_archive.h"
#include "document/asic.h"
#include "document/asic_signed.h"
#include "document/cades_raise.h"
#include "document/pades_raise.h"
#include "document/pades_seal.h"
#include "host-tools/collect.h"
#include "host-tools/tsa.h"

bool
longterm_level(const char *text, enum level *level)
{
	static const char *const names[] = { "B-B", "B-T", "B-LT", "B-LTA" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(text, names[i])) {
			*level = (enum level)i;
			return true;
		}
	return false;
}

/* The run's, or one that is freed again. */
static struct collection *
open_collection(const struct longterm *lt, struct collection *own)
{
	if (lt->collection)
		return lt->collection;
	collect_init(own, true);
	return own;
}

/* The file with what is to stand behind it, as one. */
struct whole {
	struct bytes view; /* joined, when there is a tail */
	bool joined;
	struct pdf_file pdf;
};

static enum fail
whole_open(struct whole *w, const struct longterm *lt,
    const struct disk_map *file, const struct buf *tail, struct note *note)
{
	enum fail f = FAIL_NONE;

	*w = (struct whole){ .view = file->bytes, .joined = tail->len > 0 };
	if (w->joined)
		f = disk_join(file, buf_view(tail), &w->view);
	if (f)
		return f;
	f = pdf_file_open_with(&w->pdf, w->view, lt->password);
	if (!f) {
		pdf_file_back(&w->pdf, file);
		return FAIL_NONE;
	}
	*note = w->pdf.note;
	if (w->joined)
		disk_unjoin(w->view);
	return f;
}

static void
whole_close(struct whole *w)
{
	pdf_file_close(&w->pdf);
	if (w->joined)
		disk_unjoin(w->view);
}

static enum fail
add_store(const struct longterm *lt, const struct disk_map *file,
    struct buf *tail, struct note *note)
{
	struct trust_policy policy = {
		.roots = lt->roots, .pool = lt->pool, .now = when_now()
	};
	struct collection own, *c;
	struct whole w;
	struct dss dss;
	enum fail f = whole_open(&w, lt, file, tail, note);

	if (f)
		return f;
	c = open_collection(lt, &own);
	policy.source = &c->source;
	dss_init(&dss);
	f = dss_read(&dss, &w.pdf);
	if (!f)
		f = pades_gather(&w.pdf, &policy, &dss, note);
	if (!f)
		f = pades_store(&w.pdf, &dss, policy.now, tail);
	dss_free(&dss);
	if (c == &own)
		collect_free(c);
	whole_close(&w);
	return f;
}

/* One try with so much room; *needed is the token's size if it was too small.
 */
static enum fail
stamp_once(const struct longterm *lt, const struct disk_map *file,
    struct buf *tail, size_t room, size_t *needed, struct note *note)
{
	struct pades_settings settings = { .timestamp = true,
		.contents = room };
	struct timestamp_query q = { .hash = lt->imprint };
	struct pades_update update;
	struct bytes token = { NULL, 0 };
	struct arena arena;
	struct whole w;
	struct hash h;
	enum fail f = whole_open(&w, lt, file, tail, note);

	if (f)
		return f;
	f = pades_begin(&update, &w.pdf, &settings, note);
	if (f) {
		whole_close(&w);
		return f;
	}
	arena_init(&arena, 1u << 20);
	hash_init(&h, q.hash);
	f = disk_each(file, hash_step, &h);
	hash_add(&h, buf_view(tail));
	pades_digest(&update, &h, q.digest);
	if (!f)
		f = tsa_ask(&lt->tsa, &q, &arena, &token, note);
	*needed = token.len;
	if (!f)
		f = pades_finish(&update, token);
	if (!f)
		buf_bytes(tail, pades_bytes(&update));
	arena_free(&arena);
	pades_close(&update);
	whole_close(&w);
	return f ? f : buf_fail(tail);
}

static enum fail
add_stamp(const struct longterm *lt, const struct disk_map *file,
    struct buf *tail, struct note *note)
{
	size_t needed = 0, again;
	enum fail f =
	    stamp_once(lt, file, tail, LONGTERM_STAMP_ROOM, &needed, note);

	return f == FAIL_LIMIT && needed > LONGTERM_STAMP_ROOM ?
	    stamp_once(lt, file, tail, needed + 256, &again, note) :
	    f;
}

/* B-LT has all of B-T (EN 319 142-1 6.3). */
static enum fail
stamp_what_has_none(const struct longterm *lt, const struct disk_map *file,
    struct buf *tail, struct note *note)
{
	struct trust_policy policy = {
		.roots = lt->roots, .pool = lt->pool, .now = when_now()
	};
	bool stamped = false;
	struct whole w;
	enum fail f = whole_open(&w, lt, file, tail, note);

	if (f)
		return f;
	f = pades_is_stamped(&w.pdf, &policy, &stamped);
	whole_close(&w);
	if (f || stamped)
		return f;
	if (!lt->tsa.addresses)
		return note_set(note, FAIL_USAGE,
		    "EN 319 142-1 6.3: a signature has no time-stamp, which "
		    "--tsa gives");
	return add_stamp(lt, file, tail, note);
}

enum fail
longterm_raise(const struct longterm *lt, enum level level,
    const struct disk_map *file, struct buf *tail, struct note *note)
{
	enum fail f = FAIL_NONE;

	if (level == LEVEL_LT)
		f = stamp_what_has_none(lt, file, tail, note);
	if (f)
		return f;
	if (level >= LEVEL_LT)
		f = add_store(lt, file, tail, note);
	if (!f && level >= LEVEL_LTA)
		f = add_stamp(lt, file, tail, note);
	return f;
}

/* ---- CMS ---- */

/* A time-stamp over the signature's value. */
static enum fail
stamp_value(const struct longterm *lt, struct bytes cms, struct bytes value,
    struct buf *out, struct note *note)
{
	struct timestamp_query q = { .hash = lt->imprint };
	struct bytes token = { NULL, 0 };
	struct arena arena;
	enum fail f;

	arena_init(&arena, 1u << 20);
	hash_bytes(q.hash, value, q.digest);
	f = tsa_ask(&lt->tsa, &q, &arena, &token, note);
	if (!f)
		f = cades_stamp(cms, token, out);
	arena_free(&arena);
	return f;
}

static enum fail
store_evidence(const struct longterm *lt, struct bytes cms,
    const struct disk_map *content, struct buf *out, struct note *note)
{
	struct trust_policy policy = {
		.roots = lt->roots, .pool = lt->pool, .now = when_now()
	};
	struct collection own, *c;
	struct dss dss;
	enum fail f;

	c = open_collection(lt, &own);
	policy.source = &c->source;
	dss_init(&dss);
	f = cades_gather(cms, content, &policy, &dss, note);
	if (!f)
		f = cades_store(cms, &dss, out);
	dss_free(&dss);
	if (c == &own)
		collect_free(c);
	return f;
}

/* Of a content inside it, if there is none beside it. */
static enum fail
digest_content(struct bytes cms, const struct disk_map *content,
    enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	struct bytes inside;
	struct hash h;
	enum fail f;

	if (!content) {
		f = cades_content(cms, &inside);
		hash_bytes(kind, inside, out);
		return f;
	}
	hash_init(&h, kind);
	f = disk_each(content, hash_step, &h);
	hash_done(&h, out);
	return f;
}

/* An authority stamps the whole of it. */
static enum fail
stamp_archive(const struct longterm *lt, struct bytes cms,
    const struct disk_map *content, struct buf *out, struct note *note)
{
	struct timestamp_query q = { .hash = lt->imprint };
	struct bytes token = { NULL, 0 };
	uint8_t digest[HASH_MAX];
	struct arena arena;
	struct buf index;
	enum fail f;

	arena_init(&arena, 1u << 20);
	buf_init(&index, CMS_ARCHIVE_INDEX_MAX);
	f = digest_content(cms, content, q.hash, digest);
	if (!f)
		f = cms_archive_digest(cms, q.hash, digest, &index, q.digest);
	if (!f)
		f = tsa_ask(&lt->tsa, &q, &arena, &token, note);
	if (!f)
		f = cms_archive_add(cms, token, buf_view(&index), out);
	buf_free(&index);
	arena_free(&arena);
	return f;
}

enum fail
longterm_raise_cms(const struct longterm *lt, enum level level,
    struct bytes cms, const struct disk_map *content, struct buf *out,
    struct note *note)
{
	struct buf steps[3]; /* in DER; stamped; with what is needed */
	struct bytes value = { NULL, 0 };
	bool stamped = false;
	size_t n = 0;
	enum fail f;

	for (size_t i = 0; i < 3; i++)
		buf_init(&steps[i], CADES_RAISED_MAX);
	f = cades_raise_open(cms, &steps[0], note);
	if (!f)
		f = cades_value(buf_view(&steps[0]), &value, &stamped);
	if (!f && !stamped && level >= LEVEL_T && !lt->tsa.addresses)
		f = note_set(note, FAIL_USAGE,
		    "EN 319 122-1 6: it has no time-stamp, which --tsa gives");
	if (!f && !stamped && level >= LEVEL_T) {
		f = stamp_value(
		    lt, buf_view(&steps[n]), value, &steps[n + 1], note);
		n++;
	}
	if (!f && level >= LEVEL_LT) {
		f = store_evidence(
		    lt, buf_view(&steps[n]), content, &steps[n + 1], note);
		n++;
	}
	if (!f && level >= LEVEL_LTA)
		f = stamp_archive(lt, buf_view(&steps[n]), content, out, note);
	else if (!f)
		buf_bytes(out, buf_view(&steps[n]));
	for (size_t i = 0; i < 3; i++)
		buf_free(&steps[i]);
	return f ? f : buf_fail(out);
}

/* ---- containers ---- */

/* What is new of a container: of each entry that is a signature. */
struct raising {
	const struct longterm *lt;
	enum level level;
	struct asic_signed in;
	struct buf *made; /* of each entry */
};

static enum fail
raise_entry(struct raising *r, size_t i, struct note *note)
{
	const struct unzip_entry *e = &r->in.zip.entries[i];
	struct disk_map content = { .fd = -1 };
	struct buf cms, held;
	bool by_manifest;
	enum fail f;

	buf_init(&cms, CADES_RAISED_MAX);
	buf_init(&held, ASIC_CONTENT_MAX);
	f = asic_signed_find(
	    &r->in, e->name, &held, &content.bytes, &by_manifest);
	if (!f)
		f = unzip_read(e, &cms);
	if (f)
		note_write(note, f,
		    "EN 319 162-1 4.4.3: %.*s is not over the files that are "
		    "here",
		    (int)e->name.len, (const char *)e->name.data);
	if (!f)
		f = longterm_raise_cms(r->lt, r->level, buf_view(&cms),
		    &content, &r->made[i], note);
	buf_free(&held);
	buf_free(&cms);
	return f;
}

static enum fail
raise_all(struct raising *r, const struct disk_map *container, struct zip *zip,
    struct note *note)
{
	size_t count = r->in.zip.count, raised = 0;
	struct bytes *new = calloc(count, sizeof(*new));
	enum fail f = new ? FAIL_NONE : FAIL_MEMORY;

	for (size_t i = 0; i < count && !f; i++)
		if (asic_covers_signatures(&r->in.zip.entries[i]))
			f = note_set(note, FAIL_UNSUPPORTED,
			    "EN 319 162-1 A.7: a time-stamp or record covers "
			    "its signatures as they are");
	for (size_t i = 0; i < count && !f; i++) {
		if (!asic_is_signature(&r->in.zip.entries[i]))
			continue;
		f = raise_entry(r, i, note);
		new[i] = buf_view(&r->made[i]);
		raised++;
	}
	if (!f && !raised)
		f = note_set(note, FAIL_MISSING,
		    "EN 319 162-1 4.4: no CAdES signature is in the container");
	if (!f)
		f = asic_rewrite(container, new, zip);
	free(new);
	return f;
}

enum fail
longterm_raise_container(const struct longterm *lt, enum level level,
    const struct disk_map *container, struct zip *zip, struct note *note)
{
	struct raising r = { .lt = lt, .level = level };
	enum fail f = asic_signed_open(&r.in, container->bytes);

	if (f)
		return f;
	r.made = calloc(r.in.zip.count, sizeof(*r.made));
	if (!r.made && r.in.zip.count)
		f = FAIL_MEMORY;
	for (size_t i = 0; i < r.in.zip.count && !f; i++)
		buf_init(&r.made[i], CADES_RAISED_MAX);
	if (!f)
		f = raise_all(&r, container, zip, note);
	for (size_t i = 0; r.made && i < r.in.zip.count; i++)
		buf_free(&r.made[i]);
	free(r.made);
	asic_signed_close(&r.in);
	return f;
}

enum fail
longterm_may_sign(const struct longterm *lt, struct pdf_file *pdf,
    const struct cert *cert, struct note *note)
{
	struct trust_policy policy = {
		.roots = lt->roots, .pool = lt->pool, .now = when_now()
	};
	struct trust_answer answer;
	struct collection own, *c;
	struct trust trust;
	enum fail f;

	c = open_collection(lt, &own);
	policy.source = &c->source;
	f = trust_open(&trust, &policy, pdf);
	if (!f) {
		trust_judge_signer(&trust, cert, policy.now, &answer);
		f = answer.chain ? answer.chain : answer.revocation;
		if (f == FAIL_MISSING)
			f = FAIL_STATUS;
		if (f)
			*note = answer.note;
		trust_close(&trust);
	}
	if (c == &own)
		collect_free(c);
	return f;
}

#include "host-tools/longterm.h"

#include "base/when.h"
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
	if (f) {
		*note = w->pdf.note;
		if (w->joined)
			disk_unjoin(w->view);
	}
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
	struct collection c;
	struct whole w;
	struct dss dss;
	enum fail f = whole_open(&w, lt, file, tail, note);

	if (f)
		return f;
	collect_init(&c, true);
	policy.source = &c.source;
	dss_init(&dss);
	f = dss_read(&dss, &w.pdf);
	if (!f)
		f = pades_gather(&w.pdf, &policy, &dss, note);
	if (!f)
		f = pades_store(&w.pdf, &dss, policy.now, tail);
	dss_free(&dss);
	collect_free(&c);
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
		f = tsa_ask(lt->tsa, &q, &arena, &token, note);
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

enum fail
longterm_raise(const struct longterm *lt, enum level level,
    const struct disk_map *file, struct buf *tail, struct note *note)
{
	enum fail f = FAIL_NONE;

	if (level >= LEVEL_LT)
		f = add_store(lt, file, tail, note);
	if (!f && level >= LEVEL_LTA)
		f = add_stamp(lt, file, tail, note);
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
	struct collection c;
	struct trust trust;
	enum fail f;

	collect_init(&c, true);
	policy.source = &c.source;
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
	collect_free(&c);
	return f;
}

/* Questions about revocation and long-term levels.  A worker can fetch nothing:
 * it says what it misses (firmware/flow/evidence.h). */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "document/pades_raise.h"
#include "document/pades_seal.h"
#include "document/stamp_proof.h"
#include "document/stamp_trust.h"
#include "firmware/worker.h"
#include "firmware/worker_hand.h"

static bool
is_digest(unsigned kind)
{
	return kind > HASH_NONE && kind <= HASH_SHA512;
}

/* ---- trust: may this certificate sign? ---- */

/* The pinned root and the CA below it, read. */
struct anchors {
	struct cert root, chain;
};

static enum fail
read_anchors(struct cursor *c, struct anchors *a)
{
	struct bytes root = cursor_field(c), chain = cursor_field(c);
	enum fail f = c->failed ? FAIL_PEER : cert_read(root, &a->root, NULL);

	return f ? f : cert_read(chain, &a->chain, NULL);
}

static enum fail
judge_signer(const struct cert *cert, const struct anchors *a, struct hand *h,
    int64_t now, struct note *note)
{
	struct trust_policy policy = { .roots = { &a->root, 1 },
		.pool = { &a->chain, 1 },
		.now = now,
		.source = &h->source };
	struct trust_answer answer;
	struct trust trust;
	enum fail f = trust_open(&trust, &policy, NULL);

	if (f)
		return f;
	trust_judge_signer(&trust, cert, now, &answer);
	trust_close(&trust);
	*note = answer.note;
	/* While something can still be fetched nothing is decided. */
	if (answer.chain || answer.revocation == FAIL_REVOKED)
		return answer.chain ? answer.chain : FAIL_REVOKED;
	return h->needs.count ? FAIL_NONE : answer.revocation;
}

void
worker_trust(struct worker *w, struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	int64_t now = (int64_t)cursor_u64(&c);
	struct note note = { FAIL_NONE, "" };
	struct hand *h = NULL;
	struct anchors anchors;
	struct cert cert;
	enum fail f = cert_read(cursor_field(&c), &cert, &note);

	if (!f)
		f = read_anchors(&c, &anchors);
	if (!f && !cursor_done(&c))
		f = FAIL_PEER;
	if (!f)
		f = hand_open(m, 0, &h);
	if (!f)
		f = judge_signer(&cert, &anchors, h, now, &note);
	buf_u16(&w->out, (uint16_t)f);
	buf_field(&w->out, BYTES_TEXT(f ? note.text : ""));
	hand_put(&w->out, h);
	hand_close(h);
	worker_answer(w, MESSAGE_DONE_TRUST, m->id, -1);
}

/* ---- raise: store and time-stamp laid out ---- */

struct raising_order {
	int64_t now;
	struct anchors anchors;
	enum hash_kind hash;
	uint32_t room;
	bool alone; /* the time-stamp, without a store */
};

/* What is laid out behind the file. */
struct layout {
	struct buf tail;
	size_t gap, gap_end; /* in the tail */
	uint8_t digest[HASH_MAX];
};

static enum fail
read_order(struct bytes payload, struct raising_order *o)
{
	struct cursor c = cursor_of(payload);
	enum fail f;

	o->now = (int64_t)cursor_u64(&c);
	f = read_anchors(&c, &o->anchors);
	o->hash = cursor_u8(&c);
	o->room = cursor_u32(&c);
	o->alone = cursor_u8(&c) != 0;
	if (!f && (!cursor_done(&c) || !is_digest(o->hash)))
		f = FAIL_PEER;
	return f;
}

/* The time-stamp's place, behind file and store. */
static enum fail
lay_out_stamp(const struct opened *o, const struct raising_order *order,
    struct layout *l, struct note *note)
{
	struct pades_settings settings = { .timestamp = true,
		.contents = order->room };
	struct pades_update update;
	struct pdf_file whole;
	struct bytes view;
	struct hash h;
	enum fail f = disk_join(&o->map, buf_view(&l->tail), &view);

	if (f)
		return f;
	f = pdf_file_open(&whole, view);
	if (!f) {
		f = pades_begin(&update, &whole, &settings, note);
		if (!f) {
			hash_init(&h, order->hash);
			f = disk_each(&o->map, hash_step, &h);
			hash_add(&h, buf_view(&l->tail));
			pades_digest(&update, &h, l->digest);
			l->gap = l->tail.len + update.gap;
			l->gap_end = l->tail.len + update.gap_end;
			buf_bytes(&l->tail, pades_bytes(&update));
			pades_close(&update);
		}
		pdf_file_close(&whole);
	}
	disk_unjoin(view);
	return f ? f : buf_fail(&l->tail);
}

static enum fail
raise_file(struct opened *o, const struct raising_order *order, struct hand *h,
    struct layout *l)
{
	struct trust_policy policy = { .pool = { &order->anchors.chain, 1 },
		.now = order->now,
		.source = &h->source };
	struct cert_file_set roots;
	struct dss dss;
	enum fail f;

	cert_file_set_init(&roots);
	dss_init(&dss);
	f = worker_stamp_roots(order->anchors.root.der, &roots, &o->note);
	policy.roots = cert_file_view(&roots);
	if (!f)
		f = dss_read(&dss, &o->pdf);
	if (!f)
		f = pades_gather(&o->pdf, &policy, &dss, &o->note);
	/* While something can still be fetched nothing is decided: what proves
	 * that an expired signer signed in time may be among it. */
	if (h->needs.count && (f == FAIL_MISSING || f == FAIL_EXPIRED)) {
		dss_free(&dss);
		cert_file_set_free(&roots);
		return FAIL_NONE;
	}
	if (!f)
		f = pades_store(&o->pdf, &dss, order->now, &l->tail);
	dss_free(&dss);
	cert_file_set_free(&roots);
	return f ? f : lay_out_stamp(o, order, l, &o->note);
}

static enum fail
as_file(const struct buf *tail, int *fd)
{
	*fd = memfd_create("update", MFD_CLOEXEC);
	return *fd < 0 ? FAIL_IO : disk_write_all(*fd, buf_view(tail));
}

void
worker_raise(struct worker *w, struct message *m)
{
	struct opened o = { .note = { 0 } };
	struct layout l = { .gap = 0 };
	struct raising_order order;
	struct hand *h = NULL;
	int fd = -1;
	enum fail f = read_order(m->payload, &order);

	buf_init(&l.tail, PDF_UPDATE_MAX);
	if (!f)
		f = hand_open(m, 1, &h);
	if (!f)
		f = worker_open(m, 0, 0, &o);
	if (!f) {
		pdf_file_back(&o.pdf, &o.map);
		f = order.alone ? lay_out_stamp(&o, &order, &l, &o.note) :
				  raise_file(&o, &order, h, &l);
		if (!f && l.tail.len)
			f = as_file(&l.tail, &fd);
		worker_close(&o);
	}
	buf_u16(&w->out, (uint16_t)f);
	buf_field(&w->out, BYTES_TEXT(f ? o.note.text : ""));
	hand_put(&w->out, h);
	buf_u64(&w->out, l.gap);
	buf_u64(&w->out, l.gap_end);
	buf_add(&w->out, l.digest, HASH_MAX);
	worker_answer(w, MESSAGE_DONE_RAISE, m->id, f ? -1 : fd);
	if (fd >= 0)
		close(fd);
	hand_close(h);
	buf_free(&l.tail);
}

/* ---- stamp: an authority's answer ---- */

/* What an authority gave. */
struct stamped {
	struct bytes token;
	int64_t time, until;
};

static enum fail
judge_token(struct stamped *s, const struct timestamp_query *q,
    struct bytes root, int64_t now, struct note *note)
{
	struct trust_policy policy = { .now = now };
	struct timestamp *t = calloc(1, sizeof(*t));
	struct cert_file_set roots;
	enum fail f = t ? timestamp_read(s->token, t, note) : FAIL_MEMORY;

	cert_file_set_init(&roots);
	if (!f)
		f = worker_stamp_roots(root, &roots, note);
	if (!f) {
		policy.roots = cert_file_view(&roots);
		s->time = t->time;
		f = stamp_judge(s->token, q, &policy, &s->until, note);
	}
	cert_file_set_free(&roots);
	free(t);
	return f;
}

static enum fail
read_answer(struct message *m, struct disk_map *map, struct stamped *s,
    struct note *note)
{
	struct cursor c = cursor_of(m->payload);
	int64_t now = (int64_t)cursor_u64(&c);
	struct timestamp_query q = { .hash = cursor_u8(&c) };
	struct bytes digest = cursor_bytes(&c, HASH_MAX);
	struct bytes nonce = cursor_bytes(&c, TIMESTAMP_NONCE);
	struct bytes root = cursor_field(&c);
	enum fail f;

	q.policy = cursor_field(&c);
	if (!cursor_done(&c) || !is_digest(q.hash))
		return FAIL_PEER;
	memcpy(q.digest, digest.data, HASH_MAX);
	memcpy(q.nonce, nonce.data, TIMESTAMP_NONCE);
	f = disk_map_fd(message_take_fd(m, 0), map);
	if (!f)
		f = timestamp_answer_check(
		    map->bytes, &q, now, &s->token, note);
	return f ? f : judge_token(s, &q, root, now, note);
}

void
worker_stamp(struct worker *w, struct message *m)
{
	struct disk_map map = { .fd = -1 };
	struct note note = { FAIL_NONE, "" };
	struct stamped s = { .time = 0 };
	enum fail f = read_answer(m, &map, &s, &note);

	buf_u16(&w->out, (uint16_t)f);
	buf_field(&w->out, BYTES_TEXT(f ? note.text : ""));
	buf_u64(&w->out, (uint64_t)s.time);
	buf_u64(&w->out, (uint64_t)s.until);
	buf_field(&w->out, f ? (struct bytes){ NULL, 0 } : s.token);
	worker_answer(w, MESSAGE_DONE_STAMP, m->id, -1);
	disk_unmap(&map);
}

/* ---- prove: what tells about a token's authority goes into it ---- */

static enum fail
prove_token(struct bytes payload, struct bytes token, struct hand *h,
    struct buf *out, struct note *note)
{
	struct cursor c = cursor_of(payload);
	struct trust_policy policy = { .now = (int64_t)cursor_u64(&c),
		.source = &h->source };
	struct cert_file_set roots;
	struct anchors anchors;
	enum fail f = read_anchors(&c, &anchors);

	if (!f && !cursor_done(&c))
		f = FAIL_PEER;
	if (f)
		return f;
	policy.pool = (struct cert_set){ &anchors.chain, 1 };
	cert_file_set_init(&roots);
	f = worker_stamp_roots(anchors.root.der, &roots, note);
	policy.roots = cert_file_view(&roots);
	if (!f)
		f = stamp_prove(token, &policy, out, note);
	cert_file_set_free(&roots);
	return h->needs.count && f == FAIL_MISSING ? FAIL_NONE : f;
}

void
worker_prove(struct worker *w, struct message *m)
{
	struct disk_map map = { .fd = -1 };
	struct note note = { FAIL_NONE, "" };
	struct hand *h = NULL;
	struct buf token;
	int fd = -1;
	enum fail f = hand_open(m, 1, &h);

	buf_init(&token, EVIDENCE_BYTES_MAX);
	if (!f)
		f = disk_map_fd(message_take_fd(m, 0), &map);
	if (!f)
		f = prove_token(m->payload, map.bytes, h, &token, &note);
	if (!f && !h->needs.count)
		f = as_file(&token, &fd);
	buf_u16(&w->out, (uint16_t)f);
	buf_field(&w->out, BYTES_TEXT(f ? note.text : ""));
	hand_put(&w->out, h);
	worker_answer(w, MESSAGE_DONE_PROVE, m->id, f ? -1 : fd);
	if (fd >= 0)
		close(fd);
	buf_free(&token);
	disk_unmap(&map);
	hand_close(h);
}

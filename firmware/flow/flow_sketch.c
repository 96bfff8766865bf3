/*
 * How documents will look once they are signed, told before a PIN is asked for:
 * whatever stands in the way of a mark is seen while nothing is spent yet.
 * Nothing is kept.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/log.h"
#include "document/seal_code.h"
#include "document/sketch.h"
#include "firmware/flow/order.h"

#define SKETCHES_MAX 8u /* questions at once, of … */
#define ON_THE_WAY 4u   /* … so many files each */
#define ROW_MAX 16384u  /* bytes of an answer about one document */
#define NOTE_ONLY_MAX 512u

struct sketching;

/* One document: its annexes, whose words must find room too, then itself. */
struct look {
	struct job job;
	struct sketching *all;
	size_t which; /* of the batch's documents */
	uint64_t annexes[RECORD_ANNEXES_MAX];
	size_t annex_count, next;
	int shown; /* the file a worker reads; -1: none */
	enum fail fail;
	struct buf row; /* note and sketch */
};

struct sketching {
	uint64_t ask;
	struct batch *batch;
	size_t next, on_the_way;
	struct look looks[CONFIG_BATCH_DOCUMENTS_MAX];
};

static enum fail look_on(struct core *core, struct look *l);
static void more(struct core *core, struct sketching *s);

/* ---- the end ---- */

static void
answer(struct core *core, uint64_t ask, enum fail f, int fd)
{
	buf_u16(&core->out, (uint16_t)f);
	if (message_send(
		core->net.channel, MESSAGE_ANSWER_SKETCH, ask, &core->out, fd))
		log_warning("sketches were not delivered");
}

static enum fail
write_rows(const struct sketching *s, int fd)
{
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < s->batch->count && !f; i++) {
		const struct look *l = &s->looks[i];
		struct buf head;

		buf_init(&head, 16);
		buf_u64(&head, s->batch->ids[i]);
		buf_u16(&head, (uint16_t)l->fail);
		f = disk_write_all(fd, buf_view(&head));
		if (!f)
			f = disk_write_all(fd, buf_view(&l->row));
		buf_free(&head);
	}
	return f;
}

static void
end(struct core *core, struct sketching *s)
{
	int fd = memfd_create("sketches", MFD_CLOEXEC);
	enum fail f = fd < 0 ? FAIL_IO : write_rows(s, fd);

	answer(core, s->ask, f, f ? -1 : fd);
	disk_close(&fd);
	for (size_t i = 0; i < s->batch->count; i++)
		buf_free(&s->looks[i].row);
	batch_free(s->batch);
	free(s);
	core->sketches--;
}

/* ---- one document ---- */

/* A row without a sketch: what is wrong is in its note. */
static void
put_note(struct look *l, struct bytes note)
{
	static const struct sketch none = { .count = 0 };

	buf_clear(&l->row);
	buf_field(&l->row, bytes_part(note, 0, NOTE_ONLY_MAX));
	sketch_put(&none, &l->row);
}

static void
look_end(struct look *l, enum fail f)
{
	disk_close(&l->shown);
	l->fail = f;
	if (!l->row.len || buf_fail(&l->row))
		put_note(l, (struct bytes){ NULL, 0 });
	l->all->on_the_way--;
}

static void
sketched(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct look *l = (struct look *)job;

	if (!f) {
		struct cursor c = cursor_of(reply->payload);
		struct sketch sketch;
		struct bytes note;

		f = message_fail(&c);
		note = cursor_field(&c);
		if (sketch_get(&c, &sketch) || !cursor_done(&c))
			f = FAIL_PEER;
		put_note(l, note);
		if (!f) {
			buf_clear(&l->row);
			buf_field(&l->row, (struct bytes){ NULL, 0 });
			sketch_put(&sketch, &l->row);
		}
	}
	/* A worker that took too long over it would do so again. */
	if (f == FAIL_TIMEOUT)
		f = FAIL_LIMIT;
	if (!f && l->next++ < l->annex_count) {
		f = look_on(core, l);
		if (!f)
			return;
	}
	look_end(l, f);
	more(core, l->all);
}

/* A code beside the number, as long as one can be: whether it is wanted is
 * asked on the same page. */
static void
put_sample(const struct batch *b, struct buf *out)
{
	const struct public_key *key = &b->signer.cert.key;
	bool rsa = key->kind == KEY_RSA || key->kind == KEY_RSA_PSS;
	size_t value = rsa ? key->bits / 8 : 2 * (key->bits / 8) + 16;

	/* Two bytes are three letters. */
	for (size_t n = (SEAL_CODE_BODY_MAX + value) * 3 / 2; n; n--)
		buf_char(out, '0');
}

/* The next file of the document, and what is told about it. */
static enum fail
load(struct core *core, struct txn *txn, struct look *l)
{
	const struct batch *b = l->all->batch;
	struct record main, r;
	struct hash unused;
	enum mark_role role;
	struct buf code;
	enum fail f = record_get(txn, b->ids[l->which], &main);
	int fd = -1;

	if (f)
		return f;
	role = order_role(b, &main);
	r = main;
	if (l->next < l->annex_count) {
		role = MARK_ANNEX;
		f = record_get(txn, l->annexes[l->next], &r);
	}
	if (!f)
		f = core_blob_file(core, order_source(role, &r), &fd, &unused);
	if (!f && (l->shown = disk_reopen(fd)) < 0)
		f = FAIL_IO;
	disk_close(&fd);
	buf_init(&code, SEAL_CODE_TEXT_MAX);
	if (role == MARK_AGENCY && b->code.len)
		put_sample(b, &code);
	if (!f)
		f = order_put(txn, b, role, &main, buf_view(&code), &core->out);
	buf_free(&code);
	if (!f)
		job_ask_worker(core, &l->job, MESSAGE_WORK_SKETCH, &core->out,
		    l->shown, order_picture(b, role), sketched);
	return f;
}

static enum fail
look_on(struct core *core, struct look *l)
{
	struct txn *txn;
	enum fail f = core_read(core, &txn);

	disk_close(&l->shown);
	if (f)
		return f;
	f = load(core, txn, l);
	txn_abort(txn);
	return f;
}

static enum fail
find_annexes(struct core *core, struct look *l)
{
	const struct batch *b = l->all->batch;
	struct txn *txn;
	enum fail f = FAIL_NONE;

	if (b->act != ACT_SEAL)
		return FAIL_NONE;
	f = core_read(core, &txn);
	if (f)
		return f;
	f = record_annexes(txn, b->ids[l->which], l->annexes, &l->annex_count);
	txn_abort(txn);
	return f;
}

static void
more(struct core *core, struct sketching *s)
{
	while (s->next < s->batch->count && s->on_the_way < ON_THE_WAY) {
		struct look *l = &s->looks[s->next];
		enum fail f;

		*l = (struct look){ .all = s, .which = s->next, .shown = -1 };
		s->next++;
		buf_init(&l->row, ROW_MAX);
		s->on_the_way++;
		f = find_annexes(core, l);
		if (!f)
			f = look_on(core, l);
		if (f)
			look_end(l, f);
	}
	if (!s->on_the_way)
		end(core, s);
}

/* ---- the question ---- */

static enum fail
read_question(struct core *core, struct bytes payload, struct batch **batch)
{
	struct cursor c = cursor_of(payload);
	struct bytes token = cursor_bytes(&c, SESSION_TOKEN);
	enum act act = (enum act)cursor_u16(&c);
	struct bytes page = cursor_field(&c);
	struct bytes left = cursor_field(&c);
	struct bytes top = cursor_field(&c);
	size_t count = cursor_u16(&c);
	uint64_t ids[CONFIG_BATCH_DOCUMENTS_MAX];
	struct spot spot = { 0 };
	enum fail f, placed = spot_read(page, left, top, &spot);

	if (!count || count > CONFIG_BATCH_DOCUMENTS_MAX ||
	    (act == ACT_SIGN && count != 1))
		return FAIL_LIMIT;
	for (size_t i = 0; i < count; i++)
		ids[i] = cursor_u64(&c);
	if (!cursor_done(&c) || (act != ACT_SIGN && act != ACT_SEAL))
		return FAIL_PEER;
	if (placed && placed != FAIL_MISSING)
		return placed;
	f = batch_new(core, act, token, ids, count, batch);
	return f || placed ? f : batch_place(*batch, &spot);
}

void
flow_sketch(struct core *core, struct message *m)
{
	struct sketching *s = NULL;
	enum fail f = core->sketches >= SKETCHES_MAX ? FAIL_TIMEOUT : FAIL_NONE;

	if (!f && !(s = calloc(1, sizeof(*s))))
		f = FAIL_MEMORY;
	if (!f)
		f = read_question(core, m->payload, &s->batch);
	if (f) {
		answer(core, m->id, f, -1);
		free(s);
		return;
	}
	s->ask = m->id;
	core->sketches++;
	more(core, s);
}

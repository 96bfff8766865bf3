/*
 * A worker: every hostile byte is read here, in a process that has two
 * descriptors, a memory limit and nothing else, and that is thrown away when
 * it misbehaves.  One question at a time.
 */
#include "firmware/role.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "crypto/cert_file.h"
#include "crypto/chain.h"
#include "crypto/password.h"
#include "document/dormant.h"
#include "document/mark.h"
#include "document/mark_trial.h"
#include "document/pades_check.h"
#include "document/sketch.h"
#include "firmware/sandbox.h"
#include "firmware/worker.h"

void
worker_answer(struct worker *w, enum message_kind kind, uint64_t id, int fd)
{
	if (message_send(w->channel, kind, id, &w->out, fd))
		exit(1);
}

/* ---- passwords: slow on purpose, so not in core ---- */

static void
password(struct worker *w, const struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	struct bytes stored = cursor_field(&c), given = cursor_field(&c);
	char hash[PASSWORD_HASH_MAX] = "";
	enum fail f = cursor_done(&c) ? FAIL_NONE : FAIL_PEER;

	if (!f)
		f = stored.len ? password_check(stored, given) :
				 password_hash(given, hash);
	buf_u16(&w->out, (uint16_t)f);
	buf_field(&w->out, BYTES_TEXT(hash));
	worker_answer(w, MESSAGE_DONE_PASSWORD, m->id, -1);
}

/* ---- files ---- */

enum fail
worker_open(struct message *m, uint64_t offset, uint64_t len, struct opened *o)
{
	enum fail f = disk_map_fd(message_take_fd(m, 0), &o->map);
	struct bytes part;

	o->note.text[0] = '\0';
	if (f)
		return f;
	part = bytes_part(
	    o->map.bytes, (size_t)offset, len ? (size_t)len : SIZE_MAX);
	f = pdf_file_open(&o->pdf, part);
	o->note = o->pdf.note;
	if (f)
		disk_unmap(&o->map);
	return f;
}

void
worker_close(struct opened *o)
{
	pdf_file_close(&o->pdf);
	disk_unmap(&o->map);
}

static uint16_t
count_signatures(struct pdf_file *pdf)
{
	struct pdf_field_walk walk;
	struct pdf_field field;
	uint16_t count = 0;

	pdf_field_walk_init(&walk, pdf);
	while (pdf_field_next(&walk, &field) && count < UINT16_MAX)
		count = (uint16_t)(count +
		    (pdf_field_is_signature(&field) &&
			pdf_resolve(pdf, field.value)->type == PDF_DICT));
	return count;
}

static enum fail verdict(enum fail f, struct note *note);
static enum fail try_mark(struct opened *o, const struct mark_request *request);

static void
inspect(struct worker *w, struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	uint64_t offset = cursor_u64(&c), len = cursor_u64(&c);
	struct mark_request mark = {
		.role = cursor_u8(&c), .time = when_now(), .trial = true
	};
	struct opened o = { .note = { 0 } };
	unsigned pages = 0;
	uint16_t signatures = 0;
	unsigned dormant = 0;
	uint32_t dated = 0;
	enum fail f;

	mark.number = mark.agency = cursor_field(&c);
	f = cursor_done(&c) ? worker_open(m, offset, len, &o) : FAIL_PEER;

	if (!f) {
		f = pdf_page_count(&o.pdf, &pages);
		if (!f && !pages)
			f = note_set(&o.pdf.note, FAIL_FORMAT, "no pages");
		signatures = count_signatures(&o.pdf);
		/* Who signs it will make fields. */
		if (!f && !pdf_crypt_may_sign(&o.pdf.crypt, true))
			f = note_set(&o.pdf.note, FAIL_PROTECTED,
			    "ISO 32000-1 7.6.3.2: /P forbids signing");
		if (!f && (mark.role == MARK_ANNEX || mark.role == MARK_COPY))
			f = try_mark(&o, &mark);
		mark.date = BYTES_TEXT("ngày 30 tháng 12 năm 2026");
		if (!f && mark.role == MARK_AGENCY)
			f = mark_try_head(&o.pdf, &mark, &dated, &o.pdf.note);
		if (!f && mark.role == MARK_AGENCY)
			f = verdict(mark_try_two(&o.map, &o.pdf, mark.number,
					mark.date, &o.pdf.note),
			    &o.pdf.note);
		if (!f && o.pdf.arena.full)
			f = note_set(&o.pdf.note, FAIL_LIMIT,
			    "its objects take too much memory");
		o.note = o.pdf.note;
		if (!f)
			dormant = dormant_find(&o.pdf, DORMANT_THOROUGH);
		worker_close(&o);
	}
	buf_u16(&w->out, (uint16_t)f);
	buf_field(&w->out, BYTES_TEXT(f ? o.note.text : ""));
	buf_u32(&w->out, pages);
	buf_u16(&w->out, signatures);
	buf_u8(&w->out, (uint8_t)dormant);
	buf_u32(&w->out, dated);
	worker_answer(w, MESSAGE_DONE_INSPECT, m->id, -1);
}

/* ---- laying out a signature ---- */

struct order {
	struct mark_request mark;
	struct mark_spot spot;
	struct bytes code_text; /* empty: no code */
	struct qr code;
	enum hash_kind hash;
	uint32_t room;
	bool plain_cms;
};

static enum fail
read_order(struct bytes payload, struct order *o)
{
	struct cursor c = cursor_of(payload);
	uint8_t placing, bits;

	*o = (struct order){ .room = 0 };
	o->mark.role = cursor_u8(&c);
	o->mark.make_fields = cursor_u8(&c) != 0;
	o->mark.time = (int64_t)cursor_u64(&c);
	o->mark.name = cursor_field(&c);
	o->mark.number = cursor_field(&c);
	o->mark.date = cursor_field(&c);
	o->code_text = cursor_field(&c);
	o->hash = cursor_u8(&c);
	o->room = cursor_u32(&c);
	o->mark.agency = cursor_field(&c);
	o->mark.copy = cursor_u8(&c);
	placing = cursor_u8(&c);
	o->spot.page = cursor_u16(&c);
	o->spot.left = cursor_u16(&c) / 10.0;
	o->spot.top = cursor_u16(&c) / 10.0;
	if (placing)
		o->mark.spot = &o->spot;
	o->mark.spot_first = placing == 1;
	o->mark.placed_only = true;
	bits = cursor_u8(&c);
	o->mark.test = bits & 1;
	o->mark.iso_time = bits & 2;
	o->plain_cms = bits & 4;
	return cursor_done(&c) && o->hash <= HASH_SHA512 &&
		o->mark.role <= MARK_COPY && o->mark.copy <= COPY_PART ?
	    FAIL_NONE :
	    FAIL_PEER;
}

/* The PNG of the second descriptor, if one came.  The last picture is kept:
 * a batch uses the same seal again and again. */
static enum fail
get_picture(
    struct message *m, const struct picture **picture, struct note *note)
{
	static struct picture kept;
	static uint8_t kept_hash[HASH_LEN];
	uint8_t hash[HASH_LEN];
	struct disk_map map;
	int fd = message_take_fd(m, 1);
	enum fail f;

	*picture = NULL;
	if (fd < 0)
		return FAIL_NONE;
	f = disk_map_fd(fd, &map);
	if (f)
		return f;
	hash_sha256(map.bytes, hash);
	if (!kept.width || memcmp(hash, kept_hash, HASH_LEN)) {
		picture_free(&kept);
		f = picture_read(&kept, map.bytes, note);
		memcpy(kept_hash, hash, HASH_LEN);
	}
	disk_unmap(&map);
	if (f)
		kept.width = 0;
	else
		*picture = &kept;
	return f;
}

/* The code beside the number, if one is ordered. */
static enum fail
add_code(struct order *order)
{
	enum fail f;

	if (!order->code_text.len)
		return FAIL_NONE;
	f = qr_make(order->code_text, &order->code);
	order->mark.code = &order->code;
	return f;
}

static enum fail
lay_out(struct opened *o, struct order *order, int *fd, size_t gap[2],
    uint8_t digest[static HASH_MAX])
{
	struct mark_plan plan = { .settings = { .contents = 0 } };
	struct pades_update update;
	struct hash h;
	enum fail f = add_code(order);

	if (f)
		return f;
	f = mark_plan(&o->pdf, &order->mark, &plan, &o->note);
	plan.settings.contents = order->room;
	plan.settings.plain_cms = order->plain_cms;
	if (!f)
		f = pades_begin(&update, &o->pdf, &plan.settings, &o->note);
	mark_plan_free(&plan);
	if (f)
		return f;
	if (order->hash != HASH_NONE) {
		hash_init(&h, order->hash);
		f = disk_each(&o->map, hash_step, &h);
		pades_digest(&update, &h, digest);
	}
	gap[0] = update.gap;
	gap[1] = update.gap_end;
	*fd = memfd_create("update", MFD_CLOEXEC);
	if (!f && *fd < 0)
		f = FAIL_IO;
	if (!f)
		f = disk_write_all(*fd, pades_bytes(&update));
	pades_close(&update);
	return f;
}

static void
prepare(struct worker *w, struct message *m)
{
	struct opened o = { .note = { 0 } };
	struct order order;
	uint8_t digest[HASH_MAX] = { 0 };
	size_t gap[2] = { 0, 0 };
	int fd = -1;
	enum fail f = read_order(m->payload, &order);

	if (!f)
		f = worker_open(m, 0, 0, &o);
	if (!f) {
		f = get_picture(m, &order.mark.picture, &o.note);
		if (!f)
			f = lay_out(&o, &order, &fd, gap, digest);
		worker_close(&o);
	}
	buf_u16(&w->out, (uint16_t)f);
	buf_field(&w->out, BYTES_TEXT(f ? o.note.text : ""));
	buf_u64(&w->out, gap[0]);
	buf_u64(&w->out, gap[1]);
	buf_add(&w->out, digest, HASH_MAX);
	worker_answer(w, MESSAGE_DONE_PREPARE, m->id, f ? -1 : fd);
	if (fd >= 0)
		close(fd);
}

/* Nothing is laid out: only where it would be is told. */
static void
sketch(struct worker *w, struct message *m)
{
	struct opened o = { .note = { 0 } };
	struct mark_plan plan = { .settings = { .contents = 0 } };
	struct sketch drawn = { .count = 0 };
	struct order order;
	enum fail f = read_order(m->payload, &order);

	if (!f)
		f = worker_open(m, 0, 0, &o);
	if (!f) {
		f = get_picture(m, &order.mark.picture, &o.note);
		if (!f) {
			f = add_code(&order);
			if (!f)
				f = mark_plan(
				    &o.pdf, &order.mark, &plan, &o.note);
			if (!f)
				f = sketch_make(&o.pdf, &plan, &drawn);
			mark_plan_free(&plan);
		}
		worker_close(&o);
	}
	buf_u16(&w->out, (uint16_t)f);
	buf_field(&w->out, BYTES_TEXT(f ? o.note.text : ""));
	if (f)
		drawn.count = 0;
	sketch_put(&drawn, &w->out);
	worker_answer(w, MESSAGE_DONE_SKETCH, m->id, -1);
}

/* ---- checking the result ---- */

struct demand {
	uint64_t head;             /* bytes that others signed before */
	struct bytes number, date; /* will it bear the seal? empty: not asked */
	const uint8_t *hashes;
	uint8_t count;
	struct bytes root;
	bool stamped; /* a document time-stamp of a known authority closes it */
};

static enum fail
read_demand(struct bytes payload, struct demand *d)
{
	struct cursor c = cursor_of(payload);

	d->head = cursor_u64(&c);
	d->number = cursor_field(&c);
	d->date = cursor_field(&c);
	d->count = cursor_u8(&c);
	d->hashes = cursor_bytes(&c, (size_t)d->count * HASH_LEN).data;
	d->root = cursor_field(&c);
	d->stamped = cursor_u8(&c) != 0;
	return cursor_done(&c) ? FAIL_NONE : FAIL_PEER;
}

/* What came behind that part was judged with a signature that ends it. */
static bool
growth_judged(const struct signature_report *r, uint64_t head)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->results[i].signed_end == head &&
		    r->results[i].verdict == VERDICT_VALID &&
		    r->results[i].changes <= CHANGES_FORM)
			return true;
	return false;
}

/* From the part others approved or signed on, only signatures may have come
 * and empty fields been filled. */
static enum fail
check_growth(struct pdf_file *whole, const struct signature_report *report,
    uint64_t head, struct note *note)
{
	struct pdf_file before;
	enum pdf_changes changes;
	enum pdf_stage stage;

	if (!head || growth_judged(report, head))
		return FAIL_NONE;
	if (head > whole->in.len ||
	    pdf_file_open(&before, bytes_part(whole->in, 0, (size_t)head)))
		return note_set(note, FAIL_DIGEST, "the approved part is gone");
	stage = count_signatures(&before) ? STAGE_SIGNED : STAGE_DRAFT;
	/* A part that had to be repaired is refused there: readers differ about
	 * what it shows.  Our own signature mends such files. */
	changes = pdf_changes_judge(&before, whole, stage, NULL, note);
	pdf_file_close(&before);
	return changes <= CHANGES_FORM ? FAIL_NONE : FAIL_DIGEST;
}

/* Every demanded certificate has a valid signature. */
static enum fail
all_signed(
    const struct signature_report *r, const struct demand *d, struct note *note)
{
	for (size_t i = 0; i < d->count; i++) {
		bool found = false;

		for (size_t j = 0; j < r->count; j++)
			found = found ||
			    (r->results[j].has_signer &&
				r->results[j].verdict == VERDICT_VALID &&
				!memcmp(r->results[j].signer_hash,
				    d->hashes + i * HASH_LEN, HASH_LEN));
		if (!found)
			return note_set(note, FAIL_SIGNATURE,
			    "no valid signature of the pinned certificate");
	}
	return FAIL_NONE;
}

/* And no signature is broken, and the newest one covers the whole file. */
static enum fail
judge(
    const struct signature_report *r, const struct demand *d, struct note *note)
{
	bool whole = false;
	enum fail f;

	for (size_t i = 0; i < r->count; i++) {
		if (r->results[i].verdict == VERDICT_INVALID)
			return note_set(note, FAIL_SIGNATURE, "%s",
			    r->results[i].note.text);
		if (!r->results[i].covers_file ||
		    (d->stamped &&
			(!r->results[i].is_timestamp ||
			    r->results[i].verdict != VERDICT_VALID)))
			continue;
		whole = true;
	}
	f = all_signed(r, d, note);
	if (f || whole)
		return f;
	return note_set(note, d->stamped ? FAIL_CHAIN : FAIL_SIGNATURE,
	    d->stamped ? "the time-stamp is of no authority below a root" :
			 "no signature covers the whole file");
}

enum fail
worker_stamp_roots(
    struct bytes root, struct cert_file_set *set, struct note *note)
{
	enum fail f = cert_file_add_builtin_roots(set, note);

	return f ? f : cert_file_add_der(set, root, note);
}

static enum fail
collect_roots(
    const struct demand *d, struct cert_file_set *set, struct note *note)
{
	return d->stamped ? worker_stamp_roots(d->root, set, note) :
			    cert_file_add_der(set, d->root, note);
}

/* What is asked of a file with a trial behind it. */
typedef enum fail
trial_judge(struct pdf_file *pdf, const struct signature_report *report,
    const void *context, struct note *note);

/* Lay a mark on for once, in memory only.  The trial's own value is nothing;
 * what counts is whether the rest still holds. */
static enum fail
judge_trial(const struct opened *o, struct bytes update,
    const struct check_policy *policy, trial_judge *look, const void *context,
    struct note *note)
{
	struct signature_report report;
	struct pdf_file pdf;
	struct bytes view;
	enum fail f = disk_join(&o->map, update, &view);

	if (f)
		return f;
	f = pdf_file_open(&pdf, view);
	if (!f) {
		f = pades_check(&pdf, policy, &report);
		if (!f) {
			f = look(&pdf, &report, context, note);
			signature_report_free(&report);
		}
		pdf_file_close(&pdf);
	}
	disk_unjoin(view);
	return f;
}

static enum fail
lay_trial(struct opened *o, const struct mark_request *request,
    const struct check_policy *policy, trial_judge *look, const void *context,
    struct note *note)
{
	struct mark_plan plan;
	struct pades_update update;
	enum fail f = mark_plan(&o->pdf, request, &plan, note);

	plan.settings.contents = 64;
	if (!f)
		f = pades_begin(&update, &o->pdf, &plan.settings, note);
	if (!f) {
		f = judge_trial(
		    o, pades_bytes(&update), policy, look, context, note);
		pades_close(&update);
	}
	mark_plan_free(&plan);
	return f;
}

/* What cannot be tried is not taken, for a number could not be taken back; but
 * it is not said to be the file's fault. */
static enum fail
verdict(enum fail f, struct note *note)
{
	struct note why = *note;

	if (!f || f == FAIL_IO || f == FAIL_HEAD || f == FAIL_CERTIFIED)
		return f;
	if (f == FAIL_MEMORY)
		return note_set(note, FAIL_LIMIT,
		    "too large: a worker's memory does not hold it twice");
	return note_set(
	    note, FAIL_UNSEALABLE, "cannot be sealed: %.150s", why.text);
}

static enum fail
still_signed(struct pdf_file *pdf, const struct signature_report *report,
    const void *context, struct note *note)
{
	(void)pdf;
	return all_signed(report, context, note);
}

/* A document that could never be sealed must be told before it has a number:
 * put number, date and seal on it. */
static enum fail
try_seal(struct opened *o, const struct check_policy *policy,
    const struct demand *d, struct note *note)
{
	const struct mark_request request = { .role = MARK_AGENCY,
		.picture = &mark_trial_seal,
		.number = d->number,
		.date = d->date,
		.trial = true,
		.time = policy->trust.now };

	return verdict(
	    lay_trial(o, &request, policy, still_signed, d, note), note);
}

/* What checking will ask of it once it is sealed; context: the bytes that come
 * in now. */
static enum fail
still_sound(struct pdf_file *pdf, const struct signature_report *report,
    const void *context, struct note *note)
{
	const struct bytes *before = context;

	for (size_t i = 0; i < report->count; i++)
		if (!report->results[i].covers_file &&
		    report->results[i].verdict == VERDICT_INVALID)
			return note_set(note, FAIL_SIGNATURE, "%s",
			    report->results[i].note.text);
	return check_growth(pdf, report, before->len, note);
}

/* Annexes and copies are not signed by anybody before their documents have
 * numbers: could the agency sign them? */
static enum fail
try_mark(struct opened *o, const struct mark_request *request)
{
	struct check_policy policy = { .trust = { .now = request->time,
					   .no_revocation = true },
		.verdicts_only = true };
	struct note *note = &o->pdf.note;
	enum fail f =
	    lay_trial(o, request, &policy, still_sound, &o->pdf.in, note);

	/* A scan that falls short has words of its own. */
	return f == FAIL_SCAN ? f : verdict(f, note);
}

static void
check(struct worker *w, struct message *m)
{
	struct opened o = { .note = { 0 } };
	struct demand d = { 0 };
	struct cert_file_set roots;
	struct check_policy policy = { .trust = { .now = when_now(),
					   .no_revocation = true },
		.verdicts_only = true };
	struct signature_report report;
	enum fail f = read_demand(m->payload, &d);

	cert_file_set_init(&roots);
	if (!f)
		f = collect_roots(&d, &roots, &o.note);
	if (!f)
		f = worker_open(m, 0, 0, &o);
	if (!f) {
		pdf_file_back(&o.pdf, &o.map);
		policy.trust.roots = cert_file_view(&roots);
		f = pades_check(&o.pdf, &policy, &report);
		if (!f) {
			f = judge(&report, &d, &o.note);
			if (!f)
				f = check_growth(
				    &o.pdf, &report, d.head, &o.note);
			if (!f && d.number.len)
				f = try_seal(&o, &policy, &d, &o.note);
			signature_report_free(&report);
		}
		worker_close(&o);
	}
	cert_file_set_free(&roots);
	buf_u16(&w->out, (uint16_t)f);
	buf_field(&w->out, BYTES_TEXT(f ? o.note.text : ""));
	worker_answer(w, MESSAGE_DONE_CHECK, m->id, -1);
}

int
role_worker(const struct role_settings *settings, int channel)
{
	struct worker w = { .channel = channel };
	struct pollfd wait = { .fd = channel, .events = POLLIN };
	static uint8_t room[CHANNEL_PAYLOAD_MAX + 16];
	struct message m;
	enum fail f;

	(void)settings;
	buf_init(&w.out, CHANNEL_PAYLOAD_MAX);
	if (sandbox_enter(ROLE_WORKER))
		return 1;
	for (;;) {
		f = message_receive(channel, room, ROLE_CORE, ROLE_WORKER, &m);
		if (f == FAIL_MISSING) {
			(void)poll(&wait, 1, -1);
			continue;
		}
		if (f)
			break;
		if (m.kind == MESSAGE_WORK_PASSWORD)
			password(&w, &m);
		else if (m.kind == MESSAGE_WORK_INSPECT)
			inspect(&w, &m);
		else if (m.kind == MESSAGE_WORK_PREPARE)
			prepare(&w, &m);
		else if (m.kind == MESSAGE_WORK_SKETCH)
			sketch(&w, &m);
		else if (m.kind == MESSAGE_WORK_CHECK)
			check(&w, &m);
		else if (m.kind == MESSAGE_WORK_TRUST)
			worker_trust(&w, &m);
		else if (m.kind == MESSAGE_WORK_RAISE)
			worker_raise(&w, &m);
		else if (m.kind == MESSAGE_WORK_VERIFY)
			worker_verify(&w, &m);
		else if (m.kind == MESSAGE_WORK_PROVE)
			worker_prove(&w, &m);
		else
			worker_stamp(&w, &m);
		message_close_fds(&m);
		explicit_bzero(room, m.payload.len + 16);
	}
	buf_free(&w.out);
	return 0;
}

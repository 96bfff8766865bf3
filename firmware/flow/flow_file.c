/* Acts that bring a file: a draft, a new version, a document signed elsewhere,
 * one that came from elsewhere.  A worker reads the file first; core only
 * hashes and keeps its bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/log.h"
#include "base/text.h"
#include "base/when.h"
#include "document/mark.h"
#include "firmware/flow/checking.h"
#include "firmware/flow/kind.h"
#include "storage/blob.h"
#include "storage/counter.h"
#include "storage/settings.h"

#define ANNEX_NAME_MAX (JOURNAL_REASON_MAX / 4) /* letters */

struct filing {
	struct job job;
	enum act act;
	uint64_t record;
	uint64_t actor;
	uint8_t token[SESSION_TOKEN];
	struct disk_map map; /* our own copy of the uploaded part */
	struct buf fields;   /* the call's fields, copied */
	struct arena arena;  /* texts of the record */
	size_t field_count;
	uint32_t pages;
	uint8_t dormant;
	uint32_t dated;
	enum mark_role trial; /* MARK_PERSON: none; else what it must bear … */
	struct buf words;     /* … and say */
	uint64_t taken;       /* of core->uploads */
	struct checking checking; /* of its signatures, where it brings any … */
	enum fail checked;        /* … and what came of it */
	struct buf report;
};

static void
filing_free(struct core *core, struct filing *g)
{
	core->uploads -= g->taken;
	disk_unmap(&g->map);
	buf_wipe(&g->fields);
	buf_free(&g->words);
	buf_free(&g->report);
	arena_free(&g->arena);
	explicit_bzero(g, sizeof(*g));
	free(g);
}

/* Nothing of a refused file remains: it never left memory. */
static void
refuse(struct core *core, struct filing *g, enum fail f, const char *note)
{
	if (note[0])
		log_notice("a file was not taken: %s: %s", fail_name(f), note);
	core_answer(core, g->job.ask, f, g->record, note);
	filing_free(core, g);
}

enum fail
flow_copy_parts(struct message *m, const struct flow_part *parts, size_t count,
    struct disk_map *own)
{
	int from = message_take_fd(m, 0);
	int fd = from < 0 ? -1 : memfd_create("upload", MFD_CLOEXEC);
	uint64_t size = 0;
	enum fail f = from < 0 ? FAIL_USAGE : fd < 0 ? FAIL_IO : FAIL_NONE;

	*own = (struct disk_map){ .fd = -1 };
	if (!f)
		f = disk_size(from, &size);
	for (size_t i = 0; i < count && !f; i++) {
		const struct flow_part *p = &parts[i];

		/* Before any of it is copied: net may say what it likes. */
		if (!p->length || p->offset > size ||
		    p->length > size - p->offset)
			f = FAIL_USAGE;
		else
			f = disk_copy(from, p->offset, p->length, fd);
	}
	if (from >= 0)
		close(from);
	if (!f)
		return disk_map_fd(fd, own);
	if (fd >= 0)
		close(fd);
	return f;
}

/* ---- keeping a draft ---- */

static struct bytes
field(struct filing *g, size_t which)
{
	struct cursor c = cursor_of(buf_view(&g->fields));
	struct bytes b = { NULL, 0 };

	for (size_t i = 0; i <= which && i < g->field_count; i++)
		b = cursor_field(&c);
	return which < g->field_count ? b : (struct bytes){ NULL, 0 };
}

static uint64_t
number(struct bytes text)
{
	uint64_t v = 0;

	if (!text.len || text.len > 18)
		return UINT64_MAX;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return UINT64_MAX;
		v = v * 10 + (text.data[i] - '0');
	}
	return v;
}

/* A text of the form: valid, composed, within its length.  Browsers end lines
 * with two characters; one is kept. */
static enum fail
take_text(struct bytes in, size_t most, bool needed, struct buf *out,
    struct bytes *text)
{
	struct buf plain;
	enum fail f;

	if (in.len > 2 * RECORD_TEXT_BYTES)
		return FAIL_LIMIT;
	buf_init(&plain, 2 * RECORD_TEXT_BYTES);
	for (size_t i = 0; i < in.len; i++)
		if (in.data[i] != '\r')
			buf_u8(&plain, in.data[i]);
	f = text_valid(buf_view(&plain)) ? buf_fail(&plain) : FAIL_USAGE;
	if (!f)
		f = text_compose(buf_view(&plain), out);
	buf_free(&plain);
	*text = buf_view(out);
	if (!f &&
	    (text_length(*text) > most || text->len > RECORD_TEXT_BYTES ||
		(needed && !text->len)))
		f = FAIL_USAGE;
	return f;
}

/* Of the agency, and of the unit where the kind has none of its own. */
static void
put_symbol(struct txn *txn, unsigned kind, unsigned unit, struct buf *out)
{
	struct bytes agency = { NULL, 0 }, of_unit = { NULL, 0 };
	char key[40];

	snprintf(key, sizeof(key), "unit.%u.symbol", unit);
	if (settings_get(txn, SETTING_SYMBOL, &agency) ||
	    (settings_get(txn, key, &of_unit) && !kind_get(kind)->symbol))
		of_unit = (struct bytes){ NULL, 0 };
	kind_symbol(kind, agency, of_unit, out);
}

/* Fields of ACT_CREATE: kind, urgency, copies, leader, subject, recipients. */
static enum fail
read_form(struct txn *txn, struct filing *g, struct record *r,
    struct buf texts[static 3])
{
	uint64_t kind = number(field(g, 0)), urgency = number(field(g, 1));
	uint64_t copies = number(field(g, 2)), leader = number(field(g, 3));
	struct person person;
	enum fail f;

	if (kind >= KIND_COUNT || urgency > 3 || copies > 9999)
		return FAIL_USAGE;
	f = people_get(txn, leader, &person);
	/* Nobody approves his own draft. */
	if (f || person.role != ROLE_LEADER || leader == r->drafter)
		return FAIL_USAGE;
	r->kind = (uint8_t)kind;
	r->urgency = (uint8_t)urgency;
	r->copies = (uint16_t)copies;
	r->leader = leader;
	f = take_text(
	    field(g, 4), RECORD_SUBJECT_MAX, true, &texts[0], &r->subject);
	if (!f)
		f = take_text(field(g, 5), RECORD_TEXT_BYTES, false, &texts[1],
		    &r->recipients);
	put_symbol(txn, r->kind, r->unit, &texts[2]);
	r->symbol = buf_view(&texts[2]);
	return f ? f : buf_fail(&texts[2]);
}

static enum fail
keep_draft(struct core *core, struct txn *txn, struct filing *g)
{
	struct record r = { .state = STATE_NONE };
	struct person person;
	const struct act_row *row;
	struct buf texts[3];
	enum fail f = flow_person(
	    core, txn, (struct bytes){ g->token, SESSION_TOKEN }, &person);

	for (size_t i = 0; i < 3; i++)
		buf_init(&texts[i], 4 * RECORD_TEXT_BYTES);
	if (!f && g->act == ACT_REVISE)
		f = flow_record(txn, g->record, &g->arena, &r);
	if (!f)
		f = flow_row(g->act, &r, &person, &row);
	if (!f && g->act == ACT_CREATE) {
		r.drafter = person.id;
		r.unit = person.unit;
		r.created = when_now();
		f = read_form(txn, g, &r, texts);
		if (!f)
			f = counter_take_id(txn, COUNTER_RECORD, &r.id);
	}
	r.pages = g->pages > UINT16_MAX ? UINT16_MAX : (uint16_t)g->pages;
	r.dormant = g->dormant;
	r.dated = g->dated;
	if (!f)
		f = blob_put(txn, NULL, (struct bytes){ NULL, 0 }, g->map.bytes,
		    r.draft);
	if (!f)
		f = flow_keep(txn, &r, g->act, row->to, person.id,
		    (struct bytes){ NULL, 0 }, r.draft);
	for (size_t i = 0; i < 3; i++)
		buf_free(&texts[i]);
	g->record = r.id;
	return f;
}

/* ---- keeping an annex ---- */

/* The annex is a record beside the document's; whoever sees that one sees it.
 */
static enum fail
keep_annex_record(struct txn *txn, struct filing *g, const struct record *main,
    const struct person *person, struct record *annex)
{
	struct buf name;
	enum fail f;

	*annex = (struct record){ .state = STATE_NONE,
		.main = main->id,
		.kind = main->kind,
		.drafter = main->drafter,
		.leader = main->leader,
		.unit = main->unit,
		.pages =
		    g->pages > UINT16_MAX ? UINT16_MAX : (uint16_t)g->pages,
		.dormant = g->dormant,
		.created = when_now() };
	buf_init(&name, 4 * RECORD_TEXT_BYTES);
	f = take_text(
	    field(g, 0), ANNEX_NAME_MAX, true, &name, &annex->subject);
	if (!f)
		f = record_hold(annex, &g->arena);
	buf_free(&name);
	if (!f)
		f = counter_take_id(txn, COUNTER_RECORD, &annex->id);
	if (!f)
		f = blob_put(txn, NULL, (struct bytes){ NULL, 0 }, g->map.bytes,
		    annex->draft);
	return f ? f :
		   flow_keep(txn, annex, ACT_CREATE, STATE_ANNEX, person->id,
		       (struct bytes){ NULL, 0 }, annex->draft);
}

static enum fail
keep_annex(struct core *core, struct txn *txn, struct filing *g)
{
	uint64_t ids[RECORD_ANNEXES_MAX];
	struct record main, annex;
	struct person person;
	const struct act_row *row;
	size_t count = 0;
	enum fail f = flow_person(
	    core, txn, (struct bytes){ g->token, SESSION_TOKEN }, &person);

	if (!f)
		f = flow_record(txn, g->record, &g->arena, &main);
	if (!f)
		f = flow_row(g->act, &main, &person, &row);
	if (!f)
		f = record_annexes(txn, main.id, ids, &count);
	if (!f && count == RECORD_ANNEXES_MAX)
		f = FAIL_LIMIT;
	if (!f)
		f = keep_annex_record(txn, g, &main, &person, &annex);
	return f ? f :
		   flow_keep(txn, &main, g->act, row->to, person.id,
		       annex.subject, annex.draft);
}

/* ---- keeping a document signed elsewhere ---- */

static enum fail
keep_signed(struct core *core, struct txn *txn, struct filing *g)
{
	struct record r;
	struct person person;
	struct blob_info info;
	const struct act_row *row;
	enum fail f = flow_person(
	    core, txn, (struct bytes){ g->token, SESSION_TOKEN }, &person);

	if (!f)
		f = flow_record(txn, g->record, &g->arena, &r);
	if (!f)
		f = flow_row(g->act, &r, &person, &row);
	if (!f)
		f = blob_about(txn, r.approved, &info);
	/* The bytes approved are the bytes signed: a prefix of this file, by
	 * its hash. */
	if (!f && info.size >= g->map.bytes.len)
		f = FAIL_DIGEST;
	if (!f) {
		struct bytes head =
		    bytes_part(g->map.bytes, 0, (size_t)info.size);
		uint8_t hash[HASH_LEN];

		hash_sha256(head, hash);
		if (memcmp(hash, r.approved, HASH_LEN))
			f = FAIL_DIGEST;
		else
			f = blob_put(txn, r.approved, head,
			    bytes_part(g->map.bytes, head.len, SIZE_MAX),
			    r.signed_file);
	}
	if (!f)
		f = flow_keep(txn, &r, g->act, row->to, person.id,
		    (struct bytes){ NULL, 0 }, r.signed_file);
	return f ? f :
		   flow_keep_check(txn, &r, r.signed_file, g->checked,
		       buf_view(&g->report), person.id);
}

/* ---- keeping what came from elsewhere ---- */

/* Fields of ACT_RECEIVE: four answers, source, sender, subject and the password
 * that opens the file, which is not kept. */
enum { FIELD_SOURCE = 4, FIELD_SENDER, FIELD_SUBJECT, FIELD_PASSWORD };

/* Secret papers, denunciations, open complaints and personal letters do not
 * come in (Quyết định 106 Art. 4): each question is answered with no. */
static enum fail
gate(const struct act_call *call)
{
	if (call->field_count <= FIELD_SUBJECT)
		return FAIL_USAGE;
	for (size_t i = 0; i < FIELD_SOURCE; i++)
		if (!bytes_equal_text(call->fields[i], "khong"))
			return FAIL_RIGHTS;
	return FAIL_NONE;
}

static enum fail
read_arrival(struct filing *g, struct record *r, struct buf texts[static 2])
{
	uint64_t source = number(field(g, FIELD_SOURCE));
	enum fail f;

	if (source == SOURCE_NONE || source >= SOURCE_COUNT)
		return FAIL_USAGE;
	r->source = (uint8_t)source;
	f = take_text(field(g, FIELD_SENDER), RECORD_SUBJECT_MAX, true,
	    &texts[0], &r->sender);
	return f ? f :
		   take_text(field(g, FIELD_SUBJECT), RECORD_SUBJECT_MAX, true,
		       &texts[1], &r->subject);
}

/* The bytes as they came, with the report on their signatures. */
static enum fail
keep_received(struct core *core, struct txn *txn, struct filing *g)
{
	struct record r = { .state = STATE_NONE };
	struct person person = { .id = 0 };
	const struct act_row *row;
	struct buf texts[2];
	enum fail f = flow_person(
	    core, txn, (struct bytes){ g->token, SESSION_TOKEN }, &person);

	for (size_t i = 0; i < 2; i++)
		buf_init(&texts[i], 4 * RECORD_TEXT_BYTES);
	if (!f)
		f = flow_row(g->act, &r, &person, &row);
	r.drafter = person.id;
	r.unit = person.unit;
	r.created = when_now();
	if (!f)
		f = read_arrival(g, &r, texts);
	if (!f)
		f = counter_take_id(txn, COUNTER_RECORD, &r.id);
	if (!f)
		f = blob_put(txn, NULL, (struct bytes){ NULL, 0 }, g->map.bytes,
		    r.draft);
	if (!f)
		f = flow_keep(txn, &r, g->act, row->to, person.id,
		    (struct bytes){ NULL, 0 }, r.draft);
	if (!f)
		f = flow_keep_check(txn, &r, r.draft, g->checked,
		    buf_view(&g->report), person.id);
	for (size_t i = 0; i < 2; i++)
		buf_free(&texts[i]);
	g->record = r.id;
	return f;
}

static void
filed(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct filing *g = (struct filing *)job;

	(void)reply;
	core_answer(core, job->ask, f, g->record, "");
	filing_free(core, g);
}

static void
keep(struct core *core, struct filing *g)
{
	struct txn *txn;
	enum fail f = keep_begin(core, &txn);

	if (f) {
		refuse(core, g, f, "");
		return;
	}
	f = keep_end(core, txn,
	    g->act == ACT_SIGN_UPLOAD   ? keep_signed(core, txn, g) :
		g->act == ACT_ANNEX_ADD ? keep_annex(core, txn, g) :
		g->act == ACT_RECEIVE   ? keep_received(core, txn, g) :
					  keep_draft(core, txn, g));
	job_after_commit(core, &g->job, f, filed);
}

/* ---- what the worker says ---- */

/* A signature that is known to be bad is not taken from a leader; what came
 * from elsewhere is taken as it came, and told of. */
static void
judged(struct core *core, struct checking *checking, enum fail f,
    struct bytes note, struct bytes report)
{
	struct filing *g = checking->context;
	enum verdict verdict;
	enum fail why = FAIL_NONE;

	if (f)
		log_notice("no report on a file: %s: %.*s", fail_name(f),
		    (int)note.len, (const char *)note.data);
	if (!f)
		f = flow_report_verdict(report, &verdict, &why);
	g->checked = f;
	buf_bytes(&g->report, report);
	if (!g->checked)
		g->checked = buf_fail(&g->report);
	if (why && g->act == ACT_SIGN_UPLOAD)
		refuse(core, g, why, "a signature is not valid");
	else
		keep(core, g);
}

static void
read_inspection(struct cursor *c, struct filing *g)
{
	g->pages = cursor_u32(c);
	(void)cursor_u16(c); /* signatures */
	g->dormant = cursor_u8(c);
	g->dated = cursor_u32(c);
}

static void
begin_checking(struct core *core, struct filing *g)
{
	g->checking.context = g;
	g->checking.file = g->map.fd;
	checking_start(core, &g->checking,
	    g->act == ACT_RECEIVE ? field(g, FIELD_PASSWORD) :
				    (struct bytes){ NULL, 0 },
	    judged);
}

static void
checked(struct core *core, struct job *job, enum fail f, struct message *reply)
{
	struct filing *g = (struct filing *)job;
	struct cursor c =
	    cursor_of(reply ? reply->payload : (struct bytes){ NULL, 0 });
	char note[NOTE_TEXT_MAX] = "";

	if (!f) {
		struct bytes why;

		f = message_fail(&c);
		why = cursor_field(&c);
		snprintf(note, sizeof(note), "%.*s", (int)why.len,
		    why.len ? (const char *)why.data : "");
	}
	if (!f && g->act != ACT_SIGN_UPLOAD)
		read_inspection(&c, g);
	if (f)
		refuse(core, g, f, note);
	else if (g->act == ACT_SIGN_UPLOAD)
		begin_checking(core, g);
	else
		keep(core, g);
}

/* The leader's pinned certificate must have signed, up to the pinned root. */
static enum fail
demand(struct core *core, struct filing *g, struct buf *out)
{
	struct bytes root = { NULL, 0 }, place = { NULL, 0 };
	struct person person = { 0 };
	struct buf number, day;
	struct blob_info info;
	struct record r;
	struct txn *txn;
	enum fail f = core_read(core, &txn);

	if (f)
		return f;
	buf_init(&number, 256);
	buf_init(&day, 512);
	f = flow_person(
	    core, txn, (struct bytes){ g->token, SESSION_TOKEN }, &person);
	if (!f)
		f = settings_get(txn, SETTING_ROOT, &root);
	if (!f)
		f = settings_get(txn, SETTING_PLACE, &place);
	if (!f)
		f = record_get(txn, g->record, &r);
	if (!f)
		f = blob_about(txn, r.approved, &info);
	buf_u64(out, f ? 0 : info.size);
	if (!f)
		kind_trial(r.symbol, place, &number, &day);
	buf_field(out, buf_view(&number));
	buf_field(out, buf_view(&day));
	buf_free(&number);
	buf_free(&day);
	buf_u8(out, 1);
	buf_add(out, person.cert, HASH_LEN);
	buf_field(out, root);
	buf_u8(out, 0);
	txn_abort(txn);
	return f;
}

/* What the agency will once write on it, at the longest: told at once if that
 * cannot be. */
static void
read_trial(struct txn *txn, const struct act_call *call, const struct record *r,
    const struct person *person, struct filing *g)
{
	uint64_t kind = call->act == ACT_CREATE && call->field_count ?
	    number(call->fields[0]) :
	    r->kind;
	struct bytes agency = { NULL, 0 };

	if (call->act == ACT_ANNEX_ADD) {
		g->trial = MARK_ANNEX;
		kind_number(99999, r->symbol, &g->words);
	} else if (kind < KIND_COUNT && kind_is_copy((unsigned)kind)) {
		g->trial = MARK_COPY;
		if (!settings_get(txn, SETTING_AGENCY, &agency))
			buf_bytes(&g->words, agency);
	} else if (call->act == ACT_CREATE || call->act == ACT_REVISE) {
		struct buf symbol;

		buf_init(&symbol, 4 * RECORD_TEXT_BYTES);
		g->trial = MARK_AGENCY;
		if (call->act == ACT_REVISE)
			buf_bytes(&symbol, r->symbol);
		else if (kind < KIND_COUNT)
			put_symbol(txn, (unsigned)kind, person->unit, &symbol);
		kind_number(99999, buf_view(&symbol), &g->words);
		buf_free(&symbol);
	}
}

/* Refuse at once what the state or the role forbids: before anything of the
 * file is read. */
static enum fail
admit(struct core *core, const struct act_call *call, struct filing *g)
{
	struct record r = { .state = STATE_NONE };
	struct person person;
	const struct act_row *row;
	struct txn *txn;
	bool is_new = call->act == ACT_CREATE || call->act == ACT_RECEIVE;
	enum fail f = core_read(core, &txn);

	if (f)
		return f;
	f = flow_person(core, txn, call->token, &person);
	if (!f && !is_new)
		f = record_get(txn, call->record, &r);
	/* What one may not see does not exist for one. */
	if (!f && !is_new && !act_may_see(&r, &person))
		f = FAIL_MISSING;
	if (!f)
		f = flow_row(call->act, &r, &person, &row);
	if (!f && call->act == ACT_RECEIVE)
		f = gate(call);
	if (!f)
		read_trial(txn, call, &r, &person, g);
	txn_abort(txn);
	return f;
}

void
flow_file(struct core *core, struct message *m, struct act_call *call)
{
	struct filing *g = calloc(1, sizeof(*g));
	struct flow_part part = { call->offset, call->length };
	enum fail f;

	if (g) {
		buf_init(&g->words, 4 * RECORD_TEXT_BYTES);
		buf_init(&g->report, CHANNEL_PAYLOAD_MAX);
	}
	f = g ? admit(core, call, g) : FAIL_MEMORY;

	/* Copies wait in memory for a worker: so many bytes and no more. */
	if (!f && call->length > FLOW_UPLOADS_MAX)
		f = FAIL_LIMIT;
	if (!f && core->uploads > FLOW_UPLOADS_MAX - call->length)
		f = FAIL_MEMORY;
	if (!f)
		f = flow_copy_parts(m, &part, 1, &g->map);
	if (f) {
		core_answer(core, m->id, f, call->record, "");
		if (g)
			buf_free(&g->words);
		free(g);
		return;
	}
	g->taken = call->length;
	core->uploads += g->taken;
	g->job.ask = m->id;
	g->job.fresh = true;
	g->act = call->act;
	g->record = call->record;
	memcpy(g->token, call->token.data, SESSION_TOKEN);
	g->field_count = call->field_count;
	arena_init(&g->arena, FLOW_ARENA);
	buf_init(&g->fields, CHANNEL_PAYLOAD_MAX);
	for (size_t i = 0; i < call->field_count; i++)
		buf_field(&g->fields, call->fields[i]);
	if (call->act == ACT_RECEIVE) {
		begin_checking(core, g);
		return;
	}
	if (call->act == ACT_SIGN_UPLOAD) {
		f = demand(core, g, &core->out);
		if (f) {
			buf_clear(&core->out);
			refuse(core, g, f, "");
			return;
		}
		job_ask_worker(core, &g->job, MESSAGE_WORK_CHECK, &core->out,
		    g->map.fd, -1, checked);
		return;
	}
	buf_u64(&core->out, 0);
	buf_u64(&core->out, g->map.bytes.len);
	buf_u8(&core->out, (uint8_t)g->trial);
	buf_field(&core->out, buf_view(&g->words));
	job_ask_worker(core, &g->job, MESSAGE_WORK_INSPECT, &core->out,
	    g->map.fd, -1, checked);
}

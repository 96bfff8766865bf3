/* Checking a file that somebody dropped, logged in or not.  Nothing is kept:
 * not the file, not the answer. */
#include <stdlib.h>

#include "base/disk.h"
#include "base/log.h"
#include "firmware/flow/checking.h"

#define VERIFIES_MAX 4u /* at once: workers have other work, too */

struct verify {
	struct checking checking;
	uint64_t ask;
	struct disk_map file; /* our own copy */
	uint64_t taken;       /* of core->uploads */
};

static void
answer(struct core *core, uint64_t ask, enum fail f, struct bytes note,
    struct bytes report)
{
	buf_u16(&core->out, (uint16_t)f);
	buf_field(&core->out, bytes_part(note, 0, NOTE_TEXT_MAX));
	buf_field(&core->out, report);
	if (message_send(
		core->net.channel, MESSAGE_ANSWER_VERIFY, ask, &core->out, -1))
		log_notice("an answer to net was lost");
}

static void
verify_free(struct core *core, struct verify *v)
{
	core->uploads -= v->taken;
	core->verifies--;
	disk_unmap(&v->file);
	free(v);
}

static void
verified(struct core *core, struct checking *checking, enum fail f,
    struct bytes note, struct bytes report)
{
	struct verify *v = checking->context;

	answer(core, v->ask, f, note, report);
	verify_free(core, v);
}

/* What a detached signature signs, if it is there, the file, and its evidence
 * record, if there is one: in this order they are copied. */
enum { CONTENT, FILE_ITSELF, RECORD, PARTS };

struct call {
	struct flow_part parts[PARTS];
	uint64_t length; /* of all */
	struct bytes password;
};

static enum fail
read_call(const struct core *core, struct bytes payload, struct call *call)
{
	static const unsigned order[PARTS] = { FILE_ITSELF, CONTENT, RECORD };
	struct cursor c = cursor_of(payload);

	call->length = 0;
	for (size_t i = 0; i < PARTS; i++) {
		struct flow_part *p = &call->parts[order[i]];

		p->offset = cursor_u64(&c);
		p->length = cursor_u64(&c);
		/* Copies share their room with what the staff uploads, and
		 * leave half of it. */
		if (p->length > FLOW_UPLOADS_MAX / 2 - call->length)
			return FAIL_LIMIT;
		call->length += p->length;
	}
	call->password = cursor_field(&c);
	if (!cursor_done(&c) || call->password.len > CHECKING_PASSWORD_MAX)
		return FAIL_PEER;
	return core->verifies >= VERIFIES_MAX ||
		core->uploads + call->length > FLOW_UPLOADS_MAX / 2 ?
	    FAIL_WAIT :
	    FAIL_NONE;
}

/* Those that are there, one behind the other. */
static enum fail
copy_parts(struct message *m, const struct call *call, struct verify *v)
{
	struct flow_part there[PARTS];
	size_t count = 0;

	for (size_t i = 0; i < PARTS; i++)
		if (call->parts[i].length || i == FILE_ITSELF)
			there[count++] = call->parts[i];
	v->checking.content = call->parts[CONTENT].length;
	v->checking.record = call->parts[RECORD].length;
	return flow_copy_parts(m, there, count, &v->file);
}

void
flow_verify(struct core *core, struct message *m)
{
	static const struct bytes none = { NULL, 0 };
	struct verify *v;
	struct call call;
	enum fail f = read_call(core, m->payload, &call);

	v = f ? NULL : calloc(1, sizeof(*v));
	if (!v) {
		answer(core, m->id, f ? f : FAIL_MEMORY, none, none);
		return;
	}
	core->verifies++;
	v->taken = call.length;
	core->uploads += v->taken;
	v->ask = m->id;
	f = copy_parts(m, &call, v);
	if (f) {
		answer(core, m->id, f, none, none);
		verify_free(core, v);
		return;
	}
	v->checking.context = v;
	v->checking.file = v->file.fd;
	checking_start(core, &v->checking, call.password, verified);
}

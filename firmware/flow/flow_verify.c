/* Checking a file that somebody dropped, logged in or not.  Nothing is kept:
 * not the file, not the answer. */
#include <stdlib.h>

#include "autoconf.h"
#include "base/disk.h"
#include "base/log.h"
#include "firmware/flow/checking.h"

#define VERIFIES_MAX 4u /* at once: workers have other work, too */
#define BODY_MAX ((uint64_t)CONFIG_NET_REQUEST_MIB << 20)

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

struct call {
	/* What a detached signature signs, if it is there, and the file. */
	struct flow_part parts[2];
	uint64_t length; /* of both */
	struct bytes password;
};

static enum fail
read_call(const struct core *core, struct bytes payload, struct call *call)
{
	struct cursor c = cursor_of(payload);

	for (size_t i = 2; i-- > 0;) {
		call->parts[i].offset = cursor_u64(&c);
		call->parts[i].length = cursor_u64(&c);
	}
	call->password = cursor_field(&c);
	if (!cursor_done(&c) || call->password.len > CHECKING_PASSWORD_MAX)
		return FAIL_PEER;
	if (core->verifies >= VERIFIES_MAX)
		return FAIL_WAIT;
	if (call->parts[0].length > BODY_MAX ||
	    call->parts[1].length > BODY_MAX)
		return FAIL_LIMIT;
	call->length = call->parts[0].length + call->parts[1].length;
	/* Copies share their room with what the staff uploads, and leave half
	 * of it. */
	return core->uploads + call->length > BODY_MAX / 2 ? FAIL_WAIT :
							     FAIL_NONE;
}

void
flow_verify(struct core *core, struct message *m)
{
	static const struct bytes none = { NULL, 0 };
	struct verify *v;
	struct call call;
	bool beside;
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
	beside = call.parts[0].length > 0;
	f = flow_copy_parts(m, call.parts + !beside, 1u + beside, &v->file);
	if (f) {
		answer(core, m->id, f, none, none);
		verify_free(core, v);
		return;
	}
	v->checking.context = v;
	v->checking.file = v->file.fd;
	v->checking.content = call.parts[0].length;
	checking_start(core, &v->checking, call.password, verified);
}

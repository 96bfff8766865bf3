#include "firmware/message.h"

#include <stdio.h>

#include "base/log.h"

struct row {
	uint16_t kind;
	const char *name;
	enum role from, to;
	size_t least, most, fds;
};

static const struct row rows[] = {
#define M(name, number, from, to, least, most, fds) \
	{ number, #name, ROLE_##from, ROLE_##to, least, most, fds },
	MESSAGES(M)
#undef M
};

static const struct row *
row_of(uint16_t kind)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].kind == kind)
			return &rows[i];
	return NULL;
}

const char *
message_name(uint16_t kind)
{
	const struct row *row = row_of(kind);

	return row ? row->name : "unknown";
}

bool
message_allowed(const struct message *m, enum role from, enum role to)
{
	const struct row *row = row_of(m->kind);

	return row && row->from == from && row->to == to &&
	    m->payload.len >= row->least && m->payload.len <= row->most &&
	    m->fd_count <= row->fds;
}

enum fail
message_receive(int fd, uint8_t *room, enum role from, enum role to,
    struct message *message)
{
	enum fail f = channel_receive(fd, room, message);

	if (f || message_allowed(message, from, to))
		return f;
	log_error("message %s of %zu bytes is not allowed",
	    message_name(message->kind), message->payload.len);
	message_close_fds(message);
	return FAIL_PEER;
}

enum fail
message_fail(struct cursor *c)
{
	uint16_t code = cursor_u16(c);

	return code < FAIL_COUNT ? (enum fail)code : FAIL_PEER;
}

void
message_why(struct cursor *c, char why[static NOTE_TEXT_MAX])
{
	struct bytes note = cursor_field(c);

	snprintf(why, NOTE_TEXT_MAX, "%.*s", (int)note.len,
	    note.len ? (const char *)note.data : "");
}

enum fail
message_send_two(int channel, enum message_kind kind, uint64_t id,
    struct buf *body, int first, int second)
{
	struct message m = {
		.kind = (uint16_t)kind, .id = id, .payload = buf_view(body)
	};
	const struct row *row = row_of((uint16_t)kind);
	enum fail f = buf_fail(body);

	if (first >= 0)
		m.fds[m.fd_count++] = first;
	if (second >= 0)
		m.fds[m.fd_count++] = second;
	/* Out of the table the other side would take us for broken. */
	if (!f &&
	    (!row || m.payload.len < row->least || m.payload.len > row->most))
		f = FAIL_LIMIT;
	if (!f)
		f = channel_send(channel, &m);
	if (f)
		log_error("message %s was not sent: %s", message_name(m.kind),
		    fail_name(f));
	buf_wipe(body);
	return f;
}

enum fail
message_send(
    int channel, enum message_kind kind, uint64_t id, struct buf *body, int fd)
{
	return message_send_two(channel, kind, id, body, fd, -1);
}

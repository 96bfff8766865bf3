#include "net/client.h"

#include <unistd.h>

#include "base/disk.h"
#include "base/when.h"
#include "net/stream.h"

struct exchange {
	bool used;
	uint64_t id;
	struct stream *stream;
	struct buf request;
	size_t sent;
	struct fetch_answer answer;
	int fd;
	int64_t until;
	client_done *done;
	void *context;
};

static struct exchange exchanges[CLIENT_QUESTIONS_MAX];

/* Give everything back, then tell: the callee may ask the next. */
static void
end(struct exchange *e, enum fail f)
{
	client_done *done = e->done;
	void *context = e->context;
	uint64_t id = e->id;
	int status = f ? 0 : fetch_answer_status(&e->answer), fd = e->fd;

	stream_close(e->stream);
	buf_free(&e->request);
	fetch_answer_free(&e->answer);
	*e = (struct exchange){ .used = false };
	if (!f && lseek(fd, 0, SEEK_SET) != 0)
		f = FAIL_IO;
	if (f)
		disk_close(&fd);
	done(context, id, f, status, fd);
}

static void
send_more(struct exchange *e)
{
	struct bytes rest =
	    bytes_part(buf_view(&e->request), e->sent, SIZE_MAX);

	if (!rest.len)
		return;
	e->sent += stream_write(e->stream, rest);
	stream_flush(e->stream);
}

static void
on_event(void *context)
{
	struct exchange *e = context;
	uint8_t step[16384];
	enum fetch_result r = FETCH_MORE;
	bool ended = false;

	send_more(e);
	while (r == FETCH_MORE && !ended) {
		size_t n = stream_read(e->stream, step, sizeof(step), &ended);

		if (n)
			r = fetch_answer_feed(
			    &e->answer, (struct bytes){ step, n });
		else if (!ended)
			return;
	}
	if (r == FETCH_MORE)
		r = fetch_answer_end(&e->answer);
	if (r == FETCH_DONE)
		end(e, FAIL_NONE);
	else
		end(e, e->answer.head ? FAIL_FORMAT : FAIL_PEER);
}

static struct exchange *
free_place(void)
{
	for (size_t i = 0; i < CLIENT_QUESTIONS_MAX; i++)
		if (!exchanges[i].used)
			return &exchanges[i];
	return NULL;
}

enum fail
client_ask(const struct client_question *q)
{
	struct exchange *e = free_place();
	enum fail f;

	if (!e) {
		int file = q->file;

		disk_close(&file);
		return FAIL_LIMIT;
	}
	*e = (struct exchange){ .used = true,
		.id = q->id,
		.fd = q->file >= 0 ? q->file : disk_unnamed(NULL),
		.until = when_monotonic_ms() + q->milliseconds,
		.done = q->done,
		.context = q->context };
	buf_init(&e->request, FETCH_HEAD_MAX + q->body.len);
	fetch_answer_init_file(&e->answer, q->most, e->fd);
	f = e->fd < 0 ? FAIL_IO :
			fetch_request(&q->url, q->type, q->body, &e->request);
	if (!f)
		f = stream_connect(q->host ? q->host : q->url.host,
		    q->host ? q->port : q->url.port, on_event, e, &e->stream);
	if (f) {
		buf_free(&e->request);
		fetch_answer_free(&e->answer);
		disk_close(&e->fd);
		*e = (struct exchange){ .used = false };
		return f;
	}
	send_more(e);
	return FAIL_NONE;
}

void
client_sweep(void)
{
	int64_t now = when_monotonic_ms();

	for (size_t i = 0; i < CLIENT_QUESTIONS_MAX; i++)
		if (exchanges[i].used && now > exchanges[i].until)
			end(&exchanges[i], FAIL_TIMEOUT);
}

#include "net/fetch.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/disk.h"

/* ---- asking ---- */

static bool
host_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '.' || c == '-';
}

static bool
read_port(const char **at, uint16_t *port)
{
	uint32_t value = 0;
	size_t digits = 0;

	for (; **at >= '0' && **at <= '9' && digits < 6; (*at)++, digits++)
		value = value * 10 + (uint32_t)(**at - '0');
	*port = (uint16_t)value;
	return digits && value && value <= UINT16_MAX;
}

enum fail
fetch_url_read(const char *text, struct fetch_url *url)
{
	static const char scheme[] = "http://";
	const char *at = text + strlen(scheme);
	size_t len = 0;

	*url = (struct fetch_url){ .port = 80 };
	if (strncmp(text, scheme, strlen(scheme)) != 0)
		return FAIL_USAGE;
	while (host_letter(at[len]))
		len++;
	if (!len || len >= sizeof(url->host))
		return FAIL_USAGE;
	memcpy(url->host, at, len);
	at += len;
	if (*at == ':') {
		at++;
		if (!read_port(&at, &url->port))
			return FAIL_USAGE;
	}
	if (*at && *at != '/')
		return FAIL_USAGE;
	for (const char *c = at; *c; c++)
		if (*c <= ' ' || *c > '~')
			return FAIL_USAGE;
	if (strlen(at) >= sizeof(url->path))
		return FAIL_USAGE;
	snprintf(url->path, sizeof(url->path), "%s", *at ? at : "/");
	return FAIL_NONE;
}

enum fail
fetch_request(const struct fetch_url *url, const char *type, struct bytes body,
    struct buf *out)
{
	buf_printf(out, "%s %s HTTP/1.1\r\nHost: %s", type ? "POST" : "GET",
	    url->path, url->host);
	if (url->port != 80)
		buf_printf(out, ":%u", url->port);
	buf_text(out, "\r\nConnection: close\r\nUser-Agent: antin\r\n");
	if (type)
		buf_printf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n",
		    type, body.len);
	buf_text(out, "\r\n");
	buf_bytes(out, body);
	return buf_fail(out);
}

/* ---- the answer ---- */

static int
more_head(struct fetch_answer *a, size_t len)
{
	a->head += len;
	return a->head > FETCH_HEAD_MAX ? HPE_USER : 0;
}

/* A header is complete: the type is all that is wanted of them. */
static int
header_done(struct fetch_answer *a)
{
	static const char wanted[] = "content-type";
	bool is_type = a->name.len == strlen(wanted) &&
	    !strncasecmp((const char *)a->name.data, wanted, a->name.len);

	if (is_type && a->type.len)
		return HPE_USER; /* twice: which one counts? */
	if (is_type)
		buf_bytes(&a->type, buf_view(&a->value));
	buf_clear(&a->name);
	buf_clear(&a->value);
	return 0;
}

static int
on_status(llhttp_t *p, const char *at, size_t len)
{
	(void)at;
	return more_head(p->data, len);
}

static int
on_field(llhttp_t *p, const char *at, size_t len)
{
	struct fetch_answer *a = p->data;

	if (a->value_last && header_done(a))
		return HPE_USER;
	a->value_last = false;
	buf_add(&a->name, at, len);
	return more_head(a, len);
}

static int
on_value(llhttp_t *p, const char *at, size_t len)
{
	struct fetch_answer *a = p->data;

	a->value_last = true;
	buf_add(&a->value, at, len);
	return more_head(a, len);
}

static int
on_headers(llhttp_t *p)
{
	return header_done(p->data);
}

static int
on_body(llhttp_t *p, const char *at, size_t len)
{
	struct fetch_answer *a = p->data;

	a->body_len += len;
	if (a->body_len > a->body_most)
		return HPE_USER;
	if (a->sink >= 0)
		return disk_write_all(a->sink,
			   (struct bytes){ (const uint8_t *)at, len }) ?
		    HPE_USER :
		    0;
	buf_add(&a->body, at, len);
	return buf_fail(&a->body) ? HPE_USER : 0;
}

#define SWITCHING 101 /* … but not to another protocol */

static int
on_complete(llhttp_t *p)
{
	struct fetch_answer *a = p->data;

	/* RFC 9110 15.2: others may come before the final one. */
	if (p->status_code >= 100 && p->status_code < 200 &&
	    p->status_code != SWITCHING) {
		buf_clear(&a->type);
		a->value_last = false;
		a->body_len = 0;
		return 0;
	}
	a->complete = true;
	return HPE_PAUSED;
}

static const llhttp_settings_t *
settings(void)
{
	static llhttp_settings_t s;

	if (!s.on_body) {
		llhttp_settings_init(&s);
		s.on_status = on_status;
		s.on_header_field = on_field;
		s.on_header_value = on_value;
		s.on_headers_complete = on_headers;
		s.on_body = on_body;
		s.on_message_complete = on_complete;
	}
	return &s;
}

void
fetch_answer_init(struct fetch_answer *a, size_t body_most)
{
	*a = (struct fetch_answer){ .sink = -1, .body_most = body_most };
	buf_init(&a->name, FETCH_HEAD_MAX);
	buf_init(&a->value, FETCH_HEAD_MAX);
	buf_init(&a->type, FETCH_HEAD_MAX);
	buf_init(&a->body, body_most);
	llhttp_init(&a->parser, HTTP_RESPONSE, settings());
	a->parser.data = a;
}

void
fetch_answer_init_file(struct fetch_answer *a, size_t body_most, int file)
{
	fetch_answer_init(a, body_most);
	a->sink = file;
}

void
fetch_answer_free(struct fetch_answer *a)
{
	buf_free(&a->name);
	buf_free(&a->value);
	buf_free(&a->type);
	buf_free(&a->body);
}

static enum fetch_result
result_of(struct fetch_answer *a, llhttp_errno_t rc)
{
	if (a->complete)
		return FETCH_DONE;
	if (rc == HPE_OK)
		return FETCH_MORE;
	a->broken = true;
	return FETCH_BROKEN;
}

enum fetch_result
fetch_answer_feed(struct fetch_answer *a, struct bytes in)
{
	if (a->broken || a->complete)
		return a->broken ? FETCH_BROKEN : FETCH_DONE;
	return result_of(
	    a, llhttp_execute(&a->parser, (const char *)in.data, in.len));
}

enum fetch_result
fetch_answer_end(struct fetch_answer *a)
{
	if (a->broken || a->complete)
		return a->broken ? FETCH_BROKEN : FETCH_DONE;
	if (result_of(a, llhttp_finish(&a->parser)) == FETCH_DONE)
		return FETCH_DONE;
	a->broken = true;
	return FETCH_BROKEN;
}

int
fetch_answer_status(const struct fetch_answer *a)
{
	return a->parser.status_code;
}

struct bytes
fetch_answer_type(const struct fetch_answer *a)
{
	struct bytes type = buf_view(&a->type);

	for (size_t i = 0; i < type.len; i++)
		if (type.data[i] == ';' || type.data[i] == ' ')
			return bytes_part(type, 0, i);
	return type;
}

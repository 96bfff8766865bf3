#include "net/request.h"

#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const known_names[REQUEST_KNOWN] = { "host", "cookie",
	"content-type", "if-none-match", "range", "origin", "if-range" };

enum { KNOWN_HOST, KNOWN_COOKIE };

static struct bytes
span_bytes(const struct request *r, struct request_span s)
{
	return bytes_part(buf_view(&r->head), s.at, s.len);
}

static int
refuse(struct request *r, int status)
{
	r->refused = status;
	return HPE_USER;
}

static int
keep(struct request *r, struct request_span *span, const char *at, size_t len)
{
	if (!span->len)
		span->at = r->head.len;
	buf_add(&r->head, at, len);
	span->len += len;
	return buf_fail(&r->head) ? refuse(r, 431) : 0;
}

/* A header is complete: remember it if a handler will want it.  One that
 * comes twice is an attack on whoever reads the other one. */
static int
header_done(struct request *r)
{
	struct bytes name = span_bytes(r, r->name);

	if (!name.len)
		return 0;
	if (++r->header_count > HTTP_HEADERS_MAX)
		return refuse(r, 431);
	for (size_t i = 0; i < REQUEST_KNOWN; i++) {
		if (name.len != strlen(known_names[i]) ||
		    strncasecmp(
			(const char *)name.data, known_names[i], name.len) != 0)
			continue;
		if (r->seen[i])
			return refuse(r, 400);
		r->seen[i] = true;
		r->known[i] = r->value;
	}
	r->name = r->value = (struct request_span){ 0, 0 };
	return 0;
}

static int
on_url(llhttp_t *p, const char *at, size_t len)
{
	struct request *r = p->data;

	if (r->target.len + len > HTTP_TARGET_MAX)
		return refuse(r, 414);
	return keep(r, &r->target, at, len);
}

static int
on_field(llhttp_t *p, const char *at, size_t len)
{
	struct request *r = p->data;

	/* Trailers (RFC 9112 7.1.2): no browser sends them, and a Cookie that
	 * comes behind the body is an attack. */
	if (r->head_done)
		return refuse(r, 400);
	if (r->value_last) {
		int rc = header_done(r);

		if (rc)
			return rc;
	}
	r->value_last = false;
	return keep(r, &r->name, at, len);
}

static int
on_value(llhttp_t *p, const char *at, size_t len)
{
	struct request *r = p->data;

	r->value_last = true;
	return keep(r, &r->value, at, len);
}

/* The target up to '?'. */
static struct bytes
path_of(const struct request *r)
{
	struct bytes target = span_bytes(r, r->target);
	const uint8_t *mark =
	    target.len ? memchr(target.data, '?', target.len) : NULL;

	return bytes_part(
	    target, 0, mark ? (size_t)(mark - target.data) : target.len);
}

static int
on_headers(llhttp_t *p)
{
	struct request *r = p->data;
	int rc = header_done(r);

	if (rc)
		return rc;
	r->head_done = true;
	if (p->http_major != 1)
		return refuse(r, 400);
	/* RFC 9112 3.2. */
	if (p->http_minor && !r->known[KNOWN_HOST].len)
		return refuse(r, 400);
	r->body_most = HTTP_MEMORY_BODY;
	r->refusal = 413;
	if (r->limit)
		r->body_most = r->limit(r->context, path_of(r),
		    span_bytes(r, r->known[KNOWN_COOKIE]), &r->refusal);
	if (p->flags & F_CONTENT_LENGTH && p->content_length > r->body_most)
		return refuse(r, r->refusal);
	return 0;
}

/* A body that outgrows memory moves to an unnamed file. */
static enum fail
body_to_file(struct request *r)
{
	enum fail f;

	r->body_fd = memfd_create("body", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (r->body_fd < 0)
		return FAIL_IO;
	f = disk_write_all(r->body_fd, buf_view(&r->body));
	buf_wipe(&r->body);
	return f;
}

/* All bodies together have a ceiling: they are memory. */
static bool
take_budget(struct request *r)
{
	uint64_t more = r->body_len - r->taken;

	if (!r->budget)
		return true;
	if (more > r->budget->most - r->budget->held)
		return false;
	r->budget->held += more;
	r->taken += more;
	return true;
}

static int
on_body(llhttp_t *p, const char *at, size_t len)
{
	struct request *r = p->data;
	struct bytes step = { (const uint8_t *)at, len };

	r->body_len += len;
	if (r->body_len > r->body_most)
		return refuse(r, r->refusal);
	if (r->body_fd < 0 && r->body_len > HTTP_MEMORY_BODY && body_to_file(r))
		return refuse(r, 500);
	if (r->body_fd >= 0) {
		if (!take_budget(r))
			return refuse(r, 503);
		return disk_write_all(r->body_fd, step) ? refuse(r, 500) : 0;
	}
	buf_bytes(&r->body, step);
	return buf_fail(&r->body) ? refuse(r, 413) : 0;
}

static int
on_complete(llhttp_t *p)
{
	struct request *r = p->data;

	r->complete = true;
	return HPE_PAUSED;
}

static const llhttp_settings_t *
settings(void)
{
	static llhttp_settings_t s;

	if (!s.on_url) {
		llhttp_settings_init(&s);
		s.on_url = on_url;
		s.on_header_field = on_field;
		s.on_header_value = on_value;
		s.on_headers_complete = on_headers;
		s.on_body = on_body;
		s.on_message_complete = on_complete;
	}
	return &s;
}

void
request_init(struct request *r, http_body_limit *limit, void *context,
    struct request_budget *budget)
{
	*r = (struct request){ .limit = limit,
		.context = context,
		.budget = budget,
		.body_fd = -1,
		.body_map = { .fd = -1 } };
	buf_init(&r->head, HTTP_HEAD_MAX);
	buf_init(&r->body, HTTP_MEMORY_BODY);
	llhttp_init(&r->parser, HTTP_REQUEST, settings());
	r->parser.data = r;
}

void
request_clear(struct request *r)
{
	buf_wipe(&r->head);
	buf_wipe(&r->body);
	disk_unmap(&r->body_map);
	if (r->body_fd >= 0)
		close(r->body_fd);
	r->body_fd = -1;
	r->body_len = 0;
	if (r->budget)
		r->budget->held -= r->taken;
	r->taken = 0;
	r->target = r->name = r->value = (struct request_span){ 0, 0 };
	memset(r->known, 0, sizeof(r->known));
	memset(r->seen, 0, sizeof(r->seen));
	r->header_count = 0;
	r->complete = r->value_last = r->head_done = false;
	r->refused = 0;
	llhttp_reset(&r->parser);
}

void
request_free(struct request *r)
{
	request_clear(r);
	buf_free(&r->head);
	buf_free(&r->body);
}

enum request_result
request_feed(struct request *r, struct bytes in, size_t *used)
{
	llhttp_errno_t rc =
	    llhttp_execute(&r->parser, (const char *)in.data, in.len);

	*used = in.len;
	if (r->refused)
		return REQUEST_REFUSED;
	if (r->complete) {
		*used = (size_t)(llhttp_get_error_pos(&r->parser) -
		    (const char *)in.data);
		return REQUEST_DONE;
	}
	if (rc == HPE_OK)
		return REQUEST_MORE;
	r->refused = 400;
	return REQUEST_REFUSED;
}

bool
request_is_empty(const struct request *r)
{
	return !r->head.len;
}

bool
request_is_large(const struct request *r)
{
	return r->head_done && r->parser.content_length > HTTP_MEMORY_BODY;
}

bool
request_keeps_alive(const struct request *r)
{
	return llhttp_should_keep_alive(&r->parser);
}

static enum http_method
method_of(const struct request *r)
{
	switch (llhttp_get_method((llhttp_t *)(uintptr_t)&r->parser)) {
	case HTTP_GET:
		return METHOD_GET;
	case HTTP_HEAD:
		return METHOD_HEAD;
	case HTTP_POST:
		return METHOD_POST;
	default:
		return METHOD_OTHER;
	}
}

enum fail
request_get(struct request *r, struct http_request *out)
{
	struct bytes target = span_bytes(r, r->target);
	const uint8_t *mark =
	    target.len ? memchr(target.data, '?', target.len) : NULL;
	struct bytes *known[REQUEST_KNOWN] = { &out->host, &out->cookie,
		&out->content_type, &out->if_none_match, &out->range,
		&out->origin, &out->if_range };
	size_t path_len = mark ? (size_t)(mark - target.data) : target.len;
	enum fail f;

	*out = (struct http_request){ .method = method_of(r),
		.path = bytes_part(target, 0, path_len),
		.body = buf_view(&r->body),
		.body_fd = r->body_fd };
	if (mark)
		out->query = bytes_part(target, path_len + 1, SIZE_MAX);
	for (size_t i = 0; i < REQUEST_KNOWN; i++)
		*known[i] = span_bytes(r, r->known[i]);
	if (r->body_fd < 0)
		return FAIL_NONE;
	f = disk_map_fd(dup(r->body_fd), &r->body_map);
	out->body = r->body_map.bytes;
	return f;
}

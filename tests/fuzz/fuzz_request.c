#include "net/request.h"

#include "net/form.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 40000u

static uint64_t
limit(void *context, struct bytes path, struct bytes cookie, int *refusal)
{
	(void)context;
	(void)path;
	*refusal = cookie.len ? 413 : 303;
	return cookie.len ? 2 * HTTP_MEMORY_BODY : HTTP_MEMORY_BODY;
}

/* What the pages take out of a request. */
static void
judge(struct request *r)
{
	struct http_request q;
	struct form_part parts[FORM_PARTS_MAX];
	struct bytes head = buf_view(&r->head), cookie;
	struct buf value;
	size_t count;

	fuzz_must(!request_get(r, &q));
	fuzz_must(fuzz_within(q.path, head) && fuzz_within(q.query, head));
	fuzz_must(fuzz_within(q.host, head) && fuzz_within(q.origin, head));
	fuzz_must(q.path.len + q.query.len <= HTTP_TARGET_MAX);
	fuzz_must(head.len <= HTTP_HEAD_MAX);
	fuzz_must(q.body.len <= 2 * HTTP_MEMORY_BODY);
	fuzz_must(q.body_fd >= 0 || q.body.len <= HTTP_MEMORY_BODY);
	cookie = form_cookie(q.cookie, "phien");
	fuzz_must(fuzz_within(cookie, q.cookie));
	buf_init(&value, 128);
	for (size_t n = 0; n < 4; n++) {
		buf_clear(&value);
		if (!form_get(q.body, "vb", n, &value))
			fuzz_must(value.len <= 128);
	}
	buf_free(&value);
	if (form_parts(q.content_type, q.body, parts, &count))
		return;
	fuzz_must(count <= FORM_PARTS_MAX);
	for (size_t i = 0; i < count; i++)
		fuzz_must(fuzz_within(parts[i].name, q.body) &&
		    fuzz_within(parts[i].content, q.body));
}

/* The first byte says into how large pieces the rest comes apart: the parser
 * must give the same whatever the network does. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request_budget budget = { 0, HTTP_MEMORY_BODY * 3 / 2 };
	struct request r;
	size_t piece, at = 1, used = 0;
	enum request_result result = REQUEST_MORE;

	if (size < 2 || size > FUZZ_SIZE_MAX)
		return 0;
	piece = data[0] ? data[0] : size;
	request_init(&r, limit, NULL, &budget);
	while (at < size) {
		size_t step = size - at < piece ? size - at : piece;

		result =
		    request_feed(&r, (struct bytes){ data + at, step }, &used);
		fuzz_must(used <= step);
		at += used;
		if (result == REQUEST_REFUSED) {
			fuzz_must(r.refused == 303 || r.refused == 503 ||
			    (r.refused >= 400 && r.refused < 500));
			break;
		}
		if (result == REQUEST_DONE) {
			judge(&r);
			request_clear(&r);
		}
	}
	request_free(&r);
	fuzz_must(!budget.held);
	return 0;
}

#include "net/fetch.h"

#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 20000u
#define BODY_MAX 4096u

/* The first byte says into how large pieces the answer comes apart. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fetch_answer a;
	enum fetch_result r = FETCH_MORE;
	size_t piece;

	if (size < 2 || size > FUZZ_SIZE_MAX)
		return 0;
	piece = data[0] ? data[0] : size;
	fetch_answer_init(&a, BODY_MAX);
	for (size_t at = 1; at < size && r == FETCH_MORE; at += piece)
		r = fetch_answer_feed(
		    &a, bytes_part((struct bytes){ data, size }, at, piece));
	if (r == FETCH_MORE)
		r = fetch_answer_end(&a);
	fuzz_must(r != FETCH_MORE);
	fuzz_must(a.body.len <= BODY_MAX);
	if (r == FETCH_DONE)
		fuzz_must(fetch_answer_type(&a).len <= FETCH_HEAD_MAX);
	/* What is over stays over. */
	fuzz_must(fetch_answer_feed(&a, BYTES_TEXT("x")) == r);
	fetch_answer_free(&a);
	return 0;
}

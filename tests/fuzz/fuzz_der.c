#include "crypto/der_read.h"

#include "base/buf.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 16384u
#define DEPTH 32u

static void
walk(struct bytes in)
{
	struct der levels[DEPTH];
	size_t depth = 1;

	levels[0] = der_open(in);
	while (depth) {
		struct der *d = &levels[depth - 1], copy = *d;
		struct der_item item;
		struct bytes octets;
		int64_t instant;
		bool flag;
		int n;

		if (der_end(d) || der_any(d, &item)) {
			depth--;
			continue;
		}
		fuzz_must(fuzz_within(item.whole, in));
		fuzz_must(fuzz_within(item.value, item.whole));
		(void)!der_bool(&(struct der){ copy.rest }, &flag);
		if (!der_int(&(struct der){ copy.rest }, &n))
			fuzz_must(n >= 0);
		(void)!der_time(&(struct der){ copy.rest }, &instant);
		if (!der_bits(&(struct der){ copy.rest }, &octets))
			fuzz_must(fuzz_within(octets, in));
		if (item.tag & 0x20 && depth < DEPTH)
			levels[depth++] = der_open(item.value);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	struct buf once, twice;
	size_t used = 0, again = 0;

	if (size > FUZZ_SIZE_MAX)
		return 0;
	walk(in);
	buf_init(&once, 4 * FUZZ_SIZE_MAX);
	buf_init(&twice, 4 * FUZZ_SIZE_MAX);
	if (!der_from_ber(in, &once, &used)) {
		fuzz_must(used <= size);
		/* What is definite already stays as it is. */
		fuzz_must(!der_from_ber(buf_view(&once), &twice, &again));
		fuzz_must(again == once.len);
		fuzz_must(bytes_equal(buf_view(&once), buf_view(&twice)));
		walk(buf_view(&once));
	}
	fuzz_must(once.len <= 4 * FUZZ_SIZE_MAX);
	buf_free(&twice);
	buf_free(&once);
	return 0;
}

#include "document/pdf_token.h"

#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 16384u

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	struct pdf_lexer lexer = { in, 0 };

	if (size > FUZZ_SIZE_MAX)
		return 0;
	for (size_t last = 0;; last = lexer.at) {
		struct pdf_token t = pdf_token_next(&lexer);

		fuzz_must(lexer.at <= size);
		if (t.kind == TOKEN_END)
			break;
		fuzz_must(lexer.at > last);
		fuzz_must(t.raw.len && fuzz_within(t.raw, in));
		if (t.kind == TOKEN_INTEGER)
			fuzz_must(t.integer <= INT64_C(1) << 53 &&
			    t.integer >= -(INT64_C(1) << 53));
	}
	fuzz_must(lexer.at == size);
	return 0;
}

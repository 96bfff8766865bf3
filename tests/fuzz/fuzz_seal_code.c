#include "document/seal_code.h"

#include "base/base45.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 1024u

/* A code that reads says the same when it is written again. */
static void
write_again(const struct seal_code *code)
{
	struct buf body;
	struct note note = { 0 };

	buf_init(&body, SEAL_CODE_MAX);
	fuzz_must(!seal_code_body(code, &body, &note));
	fuzz_must(bytes_equal(buf_view(&body), code->body));
	buf_free(&body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	struct seal_code code;
	struct buf bytes, text;
	struct note note = { 0 };

	if (size > FUZZ_SIZE_MAX)
		return 0;
	buf_init(&bytes, SEAL_CODE_TEXT_MAX);
	buf_init(&text, SEAL_CODE_TEXT_MAX);
	if (!seal_code_read(in, &bytes, &code, &note)) {
		struct qr qr;

		write_again(&code);
		fuzz_must(!qr_make(in, &qr) && qr.side <= QR_SIDE_MAX);
		(void)!seal_code_fits(&code, in);
	}
	/* The same bytes as a code's body, for inputs that are not Base45. */
	buf_text(&text, "AT1:");
	base45_put(in, &text);
	buf_clear(&bytes);
	if (!buf_fail(&text) &&
	    !seal_code_read(buf_view(&text), &bytes, &code, &note))
		write_again(&code);
	buf_free(&text);
	buf_free(&bytes);
	return 0;
}

#include "document/deflate.h"

#include "document/pdf_filter.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 32768u
#define CEILING (1u << 20)

/* The first four bytes choose the filter and the predictor's parameters. */
static void
filter(const uint8_t *head, struct bytes in, struct buf *out)
{
	static const char *const names[] = { "FlateDecode", "ASCIIHexDecode",
		"ASCII85Decode", "Fl" };
	struct pdf_lexer lexer;
	struct pdf_value *parms;
	struct arena arena;
	char text[128];

	snprintf(text, sizeof(text),
	    "<</Predictor %d/Colors %d/BitsPerComponent %d/Columns %d>>",
	    head[0] >> 3, head[1] & 63, 1 << (head[1] >> 6 & 7),
	    head[2] << 8 | head[3]);
	lexer = (struct pdf_lexer){ BYTES_TEXT(text), 0 };
	arena_init(&arena, 65536);
	if (!pdf_value_read(&lexer, &arena, &parms))
		(void)!pdf_filter_read(BYTES_TEXT(names[head[0] & 3]), parms,
		    in, out, &(bool){ false });
	arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in;
	struct buf out, back;
	bool whole = false;

	if (size > FUZZ_SIZE_MAX || size < 4)
		return 0;
	in = (struct bytes){ data + 4, size - 4 };
	buf_init(&out, CEILING);
	buf_init(&back, CEILING);
	filter(data, in, &out);
	fuzz_must(out.len <= CEILING);
	buf_clear(&out);
	(void)!deflate_read(in, &out, NULL);
	fuzz_must(out.len <= CEILING);
	/* What is written is read back. */
	buf_clear(&out);
	fuzz_must(!deflate_write(in, &out));
	if (in.len) {
		fuzz_must(
		    !deflate_read(buf_view(&out), &back, &whole) && whole);
		fuzz_must(bytes_equal(in, buf_view(&back)));
	}
	buf_free(&back);
	buf_free(&out);
	return 0;
}

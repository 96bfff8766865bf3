#include "firmware/console/line.h"

#include "base/text.h"
#include "firmware/console/console.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 4096u

/* What the console does with a line that is whole. */
static void
judge(struct line *l)
{
	char text[LINE_BYTES_MAX];
	const char *words[CONSOLE_ARGS_MAX];
	size_t count;

	fuzz_must(text_valid((struct bytes){ (uint8_t *)l->text, l->len }));
	memcpy(text, l->text, sizeof(text));
	if (console_split(text, words, &count))
		return;
	fuzz_must(count <= CONSOLE_ARGS_MAX);
	for (size_t i = 0; i < count; i++)
		fuzz_must(words[i] >= text && words[i] < text + sizeof(text) &&
		    *words[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct line l;
	struct buf show;
	bool hidden = size && data[0] & 1;

	if (size > FUZZ_SIZE_MAX)
		return 0;
	l = (struct line){ .len = 0 };
	buf_init(&show, 1u << 20);
	line_begin(&l, "antin> ", hidden, &show);
	for (size_t i = 1; i < size; i++) {
		enum line_result r;

		buf_clear(&show);
		r = line_feed(&l, data[i], &show);
		fuzz_must(l.len < LINE_BYTES_MAX && l.at <= l.len);
		fuzz_must(strlen(l.text) == l.len);
		fuzz_must((l.text[l.at] & 0xC0) != 0x80);
		fuzz_must(show.len < 4 * LINE_BYTES_MAX);
		fuzz_must(!hidden || r != LINE_MORE || !show.len);
		if (r == LINE_MORE)
			continue;
		if (r == LINE_DONE)
			judge(&l);
		line_keep(&l);
		line_begin(&l, "antin> ", hidden, &show);
	}
	buf_free(&show);
	return 0;
}

#include "document/pdf_plain.h"

#include <stdio.h>

#include "base/text.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 4096u
#define WIDE 200.0
#define HIGH 20.0

/* A file whose object 4 is a look with that content. */
static void
make_file(struct bytes content, struct buf *out)
{
	static const char *const objects[] = { "<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[]/Count 0>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>" };
	size_t at[5];

	buf_text(out, "%PDF-1.7\n");
	for (size_t i = 0; i < 3; i++) {
		at[i] = out->len;
		buf_printf(out, "%zu 0 obj\n%s\nendobj\n", i + 1, objects[i]);
	}
	at[3] = out->len;
	buf_printf(out,
	    "4 0 obj\n<</Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F 3 "
	    "0 R/Z<</Subtype/Type1/BaseFont/ZapfDingbats>>>>/ColorSpace<<"
	    "/C[/CalGray<<>>]>>>>/Length %zu>>\nstream\n",
	    content.len);
	buf_bytes(out, content);
	buf_text(out, "\nendstream\nendobj\n");
	at[4] = out->len;
	buf_text(out, "xref\n0 5\n0000000000 65535 f \n");
	for (size_t i = 0; i < 4; i++)
		buf_printf(out, "%010zu 00000 n \n", at[i]);
	buf_printf(out,
	    "trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
	    at[4]);
}

static void
read_look(struct pdf_file *file, unsigned comb)
{
	uint64_t left = 1u << 20;
	struct pdf_object form;
	struct buf text;
	struct pdf_plain plain = { .text = &text };

	buf_init(&text, FUZZ_SIZE_MAX);
	if (!pdf_object_read(file, 4, &form) && form.is_stream &&
	    pdf_plain_read(file, &form, comb, &left, &plain) && text.len) {
		/* What is plain is read, and stands in its box. */
		fuzz_must(text_valid(buf_view(&text)));
		fuzz_must(plain.size >= 2 && plain.x >= -1 &&
		    plain.x <= WIDE + 1 && plain.y >= -1 && plain.y < HIGH);
	}
	fuzz_must(left <= 1u << 20);
	buf_free(&text);
}

/* The first byte says how many letters a comb has; the rest is a content, and a
 * default appearance. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	struct pdf_setting set;
	struct pdf_file file;
	struct buf made;

	if (!size || size > FUZZ_SIZE_MAX)
		return 0;
	in = bytes_part(in, 1, SIZE_MAX);
	if (pdf_plain_is_setting(in, &set))
		fuzz_must(set.size >= 0 && set.font.len > 0);
	buf_init(&made, 4 * FUZZ_SIZE_MAX);
	make_file(in, &made);
	if (!buf_fail(&made) && !pdf_file_open(&file, buf_view(&made))) {
		read_look(&file, data[0]);
		pdf_file_close(&file);
	}
	buf_free(&made);
	return 0;
}

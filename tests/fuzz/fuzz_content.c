#include "document/pdf_content.h"

#include <math.h>

#include "base/text.h"
#include "document/name_block.h"
#include "document/scan.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 16384u

static void
see_text(void *context, const struct content_text *text)
{
	(void)context;
	fuzz_must(text->text.len > 0 && text_length(text->text) > 0);
}

static void
see_image(void *context, const struct content_image *image)
{
	unsigned *count = context;

	*count += image->dict != NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned images = 0;
	const struct content_visitor visitor = {
		.context = &images, .image = see_image, .text = see_text
	};
	struct name_block block;
	struct pdf_file file;
	struct note note = { 0 };

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (pdf_file_open(&file, (struct bytes){ data, size }))
		return 0;
	for (unsigned n = 1; n <= 3; n++) {
		struct pdf_page page;

		if (pdf_page_find(&file, n, &page))
			break;
		(void)!pdf_content_walk(&file, &page, &visitor);
	}
	if (!name_block_find(&file, BYTES_TEXT("Nguyễn Văn An"), &block))
		fuzz_must(block.page >= 1);
	(void)!scan_check(&file, &note);
	pdf_file_close(&file);
	return 0;
}

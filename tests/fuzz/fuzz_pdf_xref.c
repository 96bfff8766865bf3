#include "document/pdf_xref.h"

#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 16384u

/* The input stands where startxref points, behind a catalogue and a page tree
 * at offsets that the seeds' tables name. */
static const char front[] = "%PDF-1.5\n"
			    "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>endobj\n"
			    "2 0 obj\n<</Type/Pages/Kids[]/Count 0>>endobj\n";

static void
judge(struct pdf_file *file)
{
	int64_t section = (int64_t)file->start;
	struct buf listed;

	fuzz_must(file->entry_count <= PDF_OBJECTS_MAX + 1);
	fuzz_must(file->sections <= PDF_SECTIONS_MAX);
	fuzz_must(pdf_catalog(file)->type == PDF_DICT);
	for (uint32_t n = 0; n < file->entry_count && n < 200; n++) {
		struct pdf_object object;

		if (!pdf_object_read(file, n, &object))
			fuzz_must(object.id.num == n);
	}
	buf_init(&listed, 1u << 20);
	if (!pdf_xref_listed(file, 0, &section, &listed))
		fuzz_must(listed.len % sizeof(uint64_t) == 0);
	buf_free(&listed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pdf_file file;
	struct buf whole;

	if (size > FUZZ_SIZE_MAX)
		return 0;
	buf_init(&whole, 2 * FUZZ_SIZE_MAX);
	buf_text(&whole, front);
	buf_add(&whole, data, size);
	buf_printf(&whole, "\nstartxref\n%zu\n%%%%EOF\n", sizeof(front) - 1);
	fuzz_must(!buf_fail(&whole));
	if (!pdf_file_open(&file, buf_view(&whole))) {
		judge(&file);
		pdf_file_close(&file);
	}
	buf_free(&whole);
	return 0;
}

#include "document/dormant.h"
#include "document/pdf_field.h"

#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 65536u
#define OBJECTS 300u /* read of one file */
#define STREAM (1u << 20)

static void
read_objects(struct pdf_file *file)
{
	for (uint32_t n = 0; n < file->entry_count && n < OBJECTS; n++) {
		struct arena_mark mark = arena_mark(&file->arena);
		struct pdf_object object;
		struct buf out;

		if (!pdf_object_read(file, n, &object) && object.is_stream) {
			fuzz_must(fuzz_within(object.stream, file->in));
			buf_init(&out, STREAM);
			(void)!pdf_stream_decode(file, &object, &out);
			fuzz_must(out.len <= STREAM);
			buf_free(&out);
		}
		fuzz_must(object.value != NULL);
		arena_back(&file->arena, mark);
	}
}

static void
read_pages(struct pdf_file *file)
{
	struct pdf_page page;
	unsigned count;

	if (pdf_page_count(file, &count))
		return;
	for (unsigned n = 0; n <= count && n < 20; n++) {
		if (pdf_page_find(file, n, &page)) {
			fuzz_must(!n || n > count || file->note.fail);
			continue;
		}
		fuzz_must(page.media.x0 <= page.media.x1);
		fuzz_must(page.media.y0 <= page.media.y1);
		fuzz_must(page.crop.x0 >= page.media.x0);
		fuzz_must(page.crop.y1 <= page.media.y1);
		fuzz_must(page.rotate >= 0 && page.rotate < 360 &&
		    page.rotate % 90 == 0);
		fuzz_must(page.unit > 0);
	}
}

#define EARLIER 4u /* revisions of one file opened */

/* An earlier revision opens as it does alone. */
static void
open_earlier(struct pdf_file *newer, size_t len)
{
	struct pdf_file alone, older;
	enum fail f = pdf_file_open(&alone, bytes_part(newer->in, 0, len));

	fuzz_must(pdf_file_open_older(&older, newer, len) == f);
	if (f)
		return;
	fuzz_must(older.repaired == alone.repaired &&
	    older.sections == alone.sections && older.start == alone.start &&
	    older.root.num == alone.root.num &&
	    older.entry_count == alone.entry_count &&
	    !memcmp(older.entries, alone.entries,
		alone.entry_count * sizeof(*alone.entries)));
	pdf_file_close(&older);
	pdf_file_close(&alone);
}

static void
open_each_earlier(struct pdf_file *file)
{
	size_t at = 0;

	for (unsigned n = 0; n < EARLIER; n++) {
		size_t found =
		    bytes_find(bytes_part(file->in, at, SIZE_MAX), "%%EOF");

		if (found == SIZE_MAX)
			return;
		at += found + 5;
		open_earlier(file, at);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pdf_field_walk walk;
	struct pdf_field field;
	struct pdf_file file;

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (pdf_file_open(&file, (struct bytes){ data, size })) {
		fuzz_must(file.entries == NULL);
		return 0;
	}
	fuzz_must(pdf_catalog(&file)->type == PDF_DICT);
	(void)pdf_version(&file);
	read_pages(&file);
	pdf_field_walk_init(&walk, &file);
	while (pdf_field_next(&walk, &field)) {
		fuzz_must(memchr(field.name, 0, sizeof(field.name)) != NULL);
		(void)pdf_field_is_signature(&field);
		(void)pdf_resolve(&file, field.value);
	}
	fuzz_must(dormant_find(&file, DORMANT_THOROUGH) >> DORMANT_KINDS == 0);
	read_objects(&file);
	open_each_earlier(&file);
	fuzz_must(file.arena.held <= PDF_ARENA_MAX);
	pdf_file_close(&file);
	return 0;
}

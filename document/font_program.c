#include "document/font_program.h"

#include "document/deflate.h"

#define HEAD_LEN 64u
#define PROGRAM_MAX (16u << 20) /* bytes of a font: those of CJK have that */

static const char *const keys[] = { "FontFile", "FontFile2", "FontFile3" };

bool
font_program_is_named(struct pdf_file *file, const struct pdf_value *descriptor)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (pdf_get(file, descriptor, keys[i])->type == PDF_DICT)
			return true;
	return false;
}

/* Type 1 in clear or in blocks, TrueType, and what the third key says of
 * itself: OpenType or CFF (version 1, offsets of 1 to 4 bytes). */
static bool
begins_well(struct bytes program, const char *key)
{
	static const char *const heads[] = { "%!", "\x80\x01", "true", "OTTO",
		NULL };
	const uint8_t *p = program.data;

	if (program.len < 12)
		return false;
	if (!strcmp(key, "FontFile"))
		return bytes_starts(program, heads[0]) ||
		    bytes_starts(program, heads[1]);
	if (!memcmp(p, "\0\1\0\0", 4))
		return true;
	if (!strcmp(key, "FontFile2"))
		return bytes_starts(program, heads[2]);
	return bytes_starts(program, heads[3]) ||
	    (p[0] == 1 && p[2] >= 4 && p[3] >= 1 && p[3] <= 4);
}

/* As it is usually packed, of which a few bytes are enough. */
static bool
head_is_good(const struct pdf_object *object, const char *key)
{
	uint8_t head[HEAD_LEN];
	size_t len = sizeof(head);

	return !deflate_head(object->stream, head, &len) &&
	    begins_well((struct bytes){ head, len }, key);
}

static bool
whole_is_good(struct pdf_file *file, const struct pdf_object *object,
    const char *key, size_t *cost)
{
	bool torn = file->torn, good;
	struct buf program;

	buf_init(&program, PROGRAM_MAX);
	file->torn = false;
	good = !pdf_stream_decode(file, object, &program) && !file->torn &&
	    begins_well(buf_view(&program), key);
	file->torn = torn;
	*cost = program.len;
	buf_free(&program);
	return good;
}

static bool
unpacks(struct pdf_file *file, uint32_t num, const char *key, size_t *cost)
{
	struct arena_mark mark = arena_mark(&file->arena);
	struct pdf_object object;
	bool good = !pdf_object_read(file, num, &object) && object.is_stream;
	bool usual = good && !file->crypt.active &&
	    pdf_is_name(pdf_entry(object.value, "Filter"), "FlateDecode") &&
	    !pdf_entry(object.value, "DecodeParms");

	if (good)
		good = usual ? head_is_good(&object, key) :
			       whole_is_good(file, &object, key, cost);
	arena_back(&file->arena, mark);
	return good;
}

bool
font_program_is_there(
    struct pdf_file *file, const struct pdf_value *descriptor, size_t *cost)
{
	const struct pdf_value *entry = NULL;
	const char *key = NULL;
	struct pdf_program *kept;
	bool good;

	*cost = 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct pdf_value *one = pdf_entry(descriptor, keys[i]);

		if (one && entry)
			return false;
		if (one) {
			entry = one;
			key = keys[i];
		}
	}
	if (!entry || entry->type != PDF_REF)
		return false;
	for (size_t i = 0; i < file->program_count; i++)
		if (file->programs[i].num == entry->ref.num &&
		    file->programs[i].key == key)
			return file->programs[i].good;
	good = unpacks(file, entry->ref.num, key, cost);
	if (file->program_count < PDF_PROGRAMS_KEPT) {
		kept = &file->programs[file->program_count++];
		*kept = (struct pdf_program){ entry->ref.num, key, good };
	}
	return good;
}

#include "document/mark.h"

#include <psa/crypto.h>

#include "document/deflate.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 65536u
#define CONTENTS 64u

static unsigned
count_signatures(struct pdf_file *file)
{
	struct pdf_field_walk walk;
	struct pdf_field field;
	unsigned count = 0;

	pdf_field_walk_init(&walk, file);
	while (pdf_field_next(&walk, &field))
		count += pdf_field_is_signature(&field) &&
		    pdf_resolve(file, field.value)->type == PDF_DICT;
	/* A walk that was cut short counts nothing. */
	return walk.visited > PDF_FIELDS_MAX ? UINT32_MAX : count;
}

/* A picture of four points, 36 mm wide. */
static struct picture *
small_picture(enum picture_ink ink)
{
	static const uint8_t color[12], alpha[4] = { 0, 255, 255, 0 };
	static struct picture p = { .width = 2,
		.height = 2,
		.width_mm = 36,
		.height_mm = 36,
		.corners_clear = true };

	if (!p.color.data) {
		buf_init(&p.color, 4096);
		buf_init(&p.alpha, 4096);
		fuzz_must(!deflate_write(BYTES_ARRAY(color), &p.color));
		fuzz_must(!deflate_write(BYTES_ARRAY(alpha), &p.alpha));
	}
	p.ink = ink;
	return &p;
}

/* Original and update together are the new file: judge that. */
static void
judge(struct pdf_file *before, const struct pades_update *update)
{
	struct bytes tail = pades_bytes(update);
	unsigned count = count_signatures(before);
	bool full = before->arena.full;
	size_t len = before->in.len + tail.len;
	uint8_t *whole = malloc(len);
	struct pdf_file after;

	fuzz_must(whole != NULL);
	memcpy(whole, before->in.data, before->in.len);
	memcpy(whole + before->in.len, tail.data, tail.len);
	fuzz_must(!pdf_file_open(&after, (struct bytes){ whole, len }));
	fuzz_must(!after.repaired);
	if (count != UINT32_MAX && !full)
		fuzz_must(count_signatures(&after) == count + 1);
	pdf_file_close(&after);
	free(whole);
}

/* The size of the input chooses what is put on it. */
static enum fail
plan(struct pdf_file *file, size_t choice, struct mark_plan *plan)
{
	struct note note = { 0 };
	struct mark_request request = {
		.role = choice & 1 ? MARK_AGENCY : MARK_PERSON,
		.picture = choice & 6 ?
		    small_picture(choice & 1 ? INK_RED : INK_BLUE) :
		    NULL,
		.make_fields = (choice & 6) != 0,
		.page = choice & 8 ? 1 : 0,
		.number = BYTES_TEXT("12/QĐ-THỬ"),
		.date = BYTES_TEXT("19/10/2020"),
	};

	return mark_plan(file, &request, plan, &note);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t cms[CONTENTS] = { 0x30, 62 };
	static bool started;
	struct mark_plan marks;
	struct pades_update update;
	struct pdf_file file;
	struct note note = { 0 };

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (!started)
		started = psa_crypto_init() == PSA_SUCCESS;
	if (pdf_file_open(&file, (struct bytes){ data, size }))
		return 0;
	if (!plan(&file, size, &marks)) {
		marks.settings.contents = CONTENTS;
		marks.settings.time = 1750000000;
		if (!pades_begin(&update, &file, &marks.settings, &note)) {
			fuzz_must(!pades_finish(&update, BYTES_ARRAY(cms)));
			judge(&file, &update);
			pades_close(&update);
		}
	}
	pdf_file_close(&file);
	return 0;
}

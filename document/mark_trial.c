#include "document/mark_trial.h"

#include "base/when.h"
#include "document/mark.h"
#include "document/pdf_changes.h"

#define ROOM 64u /* bytes of a signature that is never made */

static const struct picture signature = { .width = 1,
	.height = 1,
	.width_mm = 36,
	.height_mm = 18,
	.ink = INK_BLUE,
	.corners_clear = true };
const struct picture mark_trial_seal = { .width = 1,
	.height = 1,
	.width_mm = 36,
	.height_mm = 36,
	.ink = INK_RED,
	.corners_clear = true };

/* Append to tail, which stands behind the file, a mark's update. */
static enum fail
lay(struct pdf_file *file, const struct mark_request *request, struct buf *tail,
    struct note *note)
{
	struct pades_update update;
	struct mark_plan plan;
	enum fail f = mark_plan(file, request, &plan, note);

	plan.settings.contents = ROOM;
	if (!f)
		f = pades_begin(&update, file, &plan.settings, note);
	if (!f) {
		buf_bytes(tail, pades_bytes(&update));
		pades_close(&update);
		f = buf_fail(tail);
	}
	mark_plan_free(&plan);
	return f;
}

static enum fail
compare(struct pdf_file *first, struct pdf_file *second, struct note *note)
{
	bool odd = second->crooked || second->odd_from >= first->in.len;
	enum pdf_changes changes = odd ?
	    CHANGES_UNKNOWN :
	    pdf_changes_judge(first, second, STAGE_SIGNED, NULL, note);

	return changes <= CHANGES_FORM ?
	    FAIL_NONE :
	    note_set(note, FAIL_UNSEALABLE,
		"a second signature could not be told from a change");
}

static enum fail
try_second(const struct disk_map *map, struct pdf_file *first,
    const struct mark_request *request, struct buf *tail, struct note *note)
{
	struct pdf_file second;
	struct bytes view;
	enum fail f = lay(first, request, tail, note);

	if (!f)
		f = disk_join(map, buf_view(tail), &view);
	if (f)
		return f;
	f = pdf_file_open(&second, view);
	if (!f) {
		f = compare(first, &second, note);
		pdf_file_close(&second);
	}
	disk_unjoin(view);
	return f;
}

enum fail
mark_try_two(const struct disk_map *map, struct pdf_file *file,
    struct bytes number, struct bytes date, struct note *note)
{
	const struct mark_request person = { .role = MARK_PERSON,
		.picture = &signature,
		.make_fields = true,
		.trial = true,
		.time = when_now() };
	const struct mark_request agency = { .role = MARK_AGENCY,
		.picture = &mark_trial_seal,
		.number = number,
		.date = date,
		.trial = true,
		.time = person.time };
	struct pdf_file first;
	struct bytes view;
	struct buf tail;
	enum fail f;

	buf_init(&tail, PDF_UPDATE_MAX);
	f = lay(file, &person, &tail, note);
	if (!f)
		f = disk_join(map, buf_view(&tail), &view);
	if (!f) {
		f = pdf_file_open(&first, view);
		if (!f) {
			f = try_second(map, &first, &agency, &tail, note);
			pdf_file_close(&first);
		}
		disk_unjoin(view);
	}
	buf_free(&tail);
	return f;
}

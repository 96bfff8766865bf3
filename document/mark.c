#include "document/mark.h"

#include <math.h>
#include <stdio.h>

#include "base/when.h"
#include "document/mark_corner.h"
#include "document/mark_head.h"
#include "document/name_block.h"
#include "document/scan.h"

/*
 * Where the signature stands on an A4 page by Decree 30/2020 Annex I, box 7b,
 * in millimetres from the left and the lower edge.  Templates differ: callers
 * may place the picture.
 */
#define SIGNATURE_X_MM 150.0 /* centre */
#define SIGNATURE_Y_MM 60.0
#define SIGNATURE_WIDTH_MM 40.0 /* when the picture does not say */
#define SIGNATURE_LEAST_MM 8.0  /* of what it says */
#define SIGNATURE_MOST_MM 80.0
#define SEAL_LEAST_MM 27.5
#define SEAL_MOST_MM 42.5

/* All is laid out on the page as it is shown (pdf_page_shown). */
static struct pdf_box
on_page(const struct pdf_page *page, struct pdf_box mm)
{
	double k = STAMP_MM / page->unit;

	return (struct pdf_box){ mm.x0 * k, mm.y0 * k, mm.x1 * k, mm.y1 * k };
}

/* True size of the picture in points.  What programs write into a picture of a
 * signature is often the screen's resolution: no hand writes so large. */
static void
true_size(const struct picture *p, double *width, double *height)
{
	bool known = p->width_mm >= SIGNATURE_LEAST_MM &&
	    p->width_mm <= SIGNATURE_MOST_MM && p->height_mm > 0 &&
	    p->height_mm <= SIGNATURE_MOST_MM;

	*width = (known ? p->width_mm : SIGNATURE_WIDTH_MM) * STAMP_MM;
	*height =
	    known ? p->height_mm * STAMP_MM : *width * p->height / p->width;
	if (*height > SIGNATURE_MOST_MM * STAMP_MM) {
		*width *= SIGNATURE_MOST_MM * STAMP_MM / *height;
		*height = SIGNATURE_MOST_MM * STAMP_MM;
	}
}

#define TEST_WORDS_WIDTH 6.6 /* of their size */

/* Across the picture, below its middle, where a seal is still wide. */
static void
put_test_words(struct stamp *s, double width, double height)
{
	double size = fmin(width * 0.8 / TEST_WORDS_WIDTH, height * 0.5);

	s->texts[s->text_count++] =
	    (struct stamp_text){ .text = BYTES_TEXT(MARK_TEST_WORDS),
		    .x = (width - size * TEST_WORDS_WIDTH) / 2,
		    .y = height * 0.22,
		    .size = size,
		    .tiny = true };
}

static void
plan_picture(struct mark_plan *plan, const struct picture *picture,
    const struct pdf_page *page, struct pades_mark mark, bool test)
{
	/* The form's own space is in points, whatever the page's unit. */
	double w = (mark.box.x1 - mark.box.x0) * page->unit;
	double h = (mark.box.y1 - mark.box.y0) * page->unit;

	plan->picture = (struct stamp){ .width = w,
		.height = h,
		.turn = page->rotate,
		.picture = { picture, { 0, 0, w, h } } };
	if (test)
		put_test_words(&plan->picture, w, h);
	mark.box = pdf_box_from_shown(page, mark.box);
	mark.stamp = &plan->picture;
	plan->settings.marks[plan->settings.mark_count++] = mark;
}

/* Between his post and his name, if the text has it. */
static bool
find_name(struct pdf_file *file, const struct mark_request *r,
    struct pdf_page *page, unsigned *number, struct pdf_box *middle)
{
	struct name_block block;
	double y;

	if (r->role != MARK_PERSON || r->page || !r->name.len ||
	    name_block_find(file, r->name, &block) ||
	    pdf_page_find(file, block.page, page))
		return false;
	*number = block.page;
	y = (block.name_top + block.post) / 2;
	*middle = (struct pdf_box){ block.x, y, block.x, y };
	return true;
}

/* Where it was put by hand; size is the picture's, in points. */
static bool
find_spot(struct pdf_file *file, const struct mark_request *r,
    const double size[static 2], struct pdf_page *page, unsigned *number,
    struct pdf_box *middle)
{
	struct pdf_box shown;
	double mm, x, y;

	if (r->role != MARK_PERSON || !r->spot ||
	    pdf_page_find(file, r->spot->page, page))
		return false;
	*number = r->spot->page;
	shown = pdf_page_shown(page);
	mm = STAMP_MM / page->unit;
	x = shown.x0 + r->spot->left * mm + size[0] / 2 / page->unit;
	y = shown.y1 - r->spot->top * mm - size[1] / 2 / page->unit;
	*middle = (struct pdf_box){ x, y, x, y };
	return true;
}

/* Where the middle of a picture goes, and on which page. */
static struct pdf_box
signature_point(struct pdf_file *file, const struct mark_request *r,
    const double size[static 2], struct pades_mark *mark, struct pdf_page *page,
    bool *by_hand, bool *usual)
{
	struct pdf_page other;
	struct pdf_box middle;
	bool named = false;

	if ((r->spot_first &&
		find_spot(file, r, size, &other, &mark->page, &middle)) ||
	    (named = find_name(file, r, &other, &mark->page, &middle)) ||
	    find_spot(file, r, size, &other, &mark->page, &middle)) {
		*page = other;
		*by_hand = !named;
		return middle;
	}
	*usual = r->role == MARK_PERSON && !r->page &&
	    (r->name.len || r->placed_only);
	return on_page(page,
	    (struct pdf_box){ SIGNATURE_X_MM, SIGNATURE_Y_MM, SIGNATURE_X_MM,
		SIGNATURE_Y_MM });
}

/* Small pages, and names at their edge. */
static void
keep_inside(struct pdf_box *box, struct pdf_box page)
{
	double right = fmin(page.x1 - box->x1, 0);
	double up = fmin(page.y1 - box->y1, 0);

	right = fmax(right, page.x0 - box->x0);
	up = fmax(up, page.y0 - box->y0);
	*box = (struct pdf_box){ box->x0 + right, box->y0 + up, box->x1 + right,
		box->y1 + up };
}

#define SEAL_MM 36.0      /* seals of the state, and … */
#define SEAL_ROOM_MM 38.0 /* … what they need on the page */

/* The seal will lie over the left third of a person's picture: it must find
 * room on the page, too, if the page has any. */
static void
leave_for_seal(struct pdf_box *page, double width, double height, double unit)
{
	double seal = SEAL_ROOM_MM * STAMP_MM / unit;
	double left = fmax(seal - width / 3, 0);
	double beyond = fmax((seal - height) / 2, 0);

	if (page->x1 - page->x0 >= left + width)
		page->x0 += left;
	if (page->y1 - page->y0 >= 2 * beyond + height) {
		page->y0 += beyond;
		page->y1 -= beyond;
	}
}

/* Where the seal goes over a signature, and how much of its width it covers. */
static struct pdf_box
seal_over(struct pdf_box signature, double diameter, struct pdf_box page,
    unsigned *covers)
{
	struct pdf_box seal = stamp_seal_box(signature, diameter);
	double wide = signature.x1 - signature.x0;
	double under;

	keep_inside(&seal, page);
	under = fmin(seal.x1, signature.x1) - fmax(seal.x0, signature.x0);
	*covers = wide > 0 && under > 0 ? (unsigned)(100 * under / wide) : 0;
	return seal;
}

static void
foresee_seal(const struct mark_request *r, const struct pdf_page *page,
    struct pdf_box signature, struct mark_plan *plan)
{
	if (r->role == MARK_PERSON)
		(void)seal_over(signature, SEAL_MM * STAMP_MM / page->unit,
		    pdf_page_shown(page), &plan->covers);
}

/* The mark's page, and its box on the page as shown: placed by hand, over the
 * person's signature, or where the role's mark usually stands. */
static enum fail
place(struct pdf_file *file, const struct mark_request *r,
    struct pdf_page *where, struct pades_mark *mark, struct mark_plan *plan,
    struct note *note)
{
	double wide, high, width, height;
	struct pdf_page page, spotted;
	unsigned signed_page;
	struct pdf_box signature, shown;
	bool spot = false,
	     over = r->role == MARK_AGENCY && !r->placed &&
	    !pades_last_mark(file, &signed_page, &signature);
	enum fail f;

	mark->page = over ? signed_page : r->page;
	f = pdf_page_find(file, mark->page, &page);
	if (f)
		return note_set(note, f, "%s", file->note.text);
	/* What somebody says now must be so; what is remembered need not. */
	if (r->spot && r->spot_first &&
	    pdf_page_find(file, r->spot->page, &spotted))
		return note_set(
		    note, FAIL_USAGE, "there is no page %u", r->spot->page);
	*where = page;
	true_size(r->picture, &wide, &high);
	width = wide / page.unit;
	height = high / page.unit;
	if (over) {
		mark->box = seal_over(pdf_box_to_shown(&page, signature), width,
		    pdf_page_shown(&page), &plan->covers);
		return FAIL_NONE;
	}
	if (r->placed) {
		struct pdf_box at = pdf_box_to_shown(
		    &page, (struct pdf_box){ r->x, r->y, r->x, r->y });

		mark->box = (struct pdf_box){ at.x0, at.y0, at.x0 + width,
			at.y0 + height };
		shown = pdf_page_shown(&page);
		if (at.x0 < shown.x0 - 1 || at.y0 < shown.y0 - 1 ||
		    mark->box.x1 > shown.x1 + 1 || mark->box.y1 > shown.y1 + 1)
			return note_set(note, FAIL_USAGE,
			    "the mark would not be on the page");
		foresee_seal(r, &page, mark->box, plan);
		return FAIL_NONE;
	}
	mark->box = signature_point(file, r, (const double[]){ wide, high },
	    mark, &page, &spot, &plan->usual);
	if (plan->usual && r->placed_only)
		return note_set(note, FAIL_PLACE,
		    "the text does not have the name \"%.*s\"",
		    (int)r->name.len, (const char *)r->name.data);
	/* That page may have another unit. */
	width = wide / page.unit;
	height = high / page.unit;
	shown = pdf_page_shown(&page);
	if (r->role == MARK_PERSON && !spot)
		leave_for_seal(&shown, width, height, page.unit);
	*where = page;
	mark->box = (struct pdf_box){ mark->box.x0 - width / 2,
		mark->box.y0 - height / 2, mark->box.x0 + width / 2,
		mark->box.y0 + height / 2 };
	keep_inside(&mark->box, shown);
	foresee_seal(r, &page, mark->box, plan);
	return FAIL_NONE;
}

/* ---- annexes and copies ---- */

static enum fail
plan_words_only(struct pdf_file *file, const struct mark_request *r,
    struct mark_plan *plan, struct note *note)
{
	enum fail f = FAIL_NONE;

	if (r->picture)
		return note_set(note, FAIL_PICTURE,
		    "Decree 30/2020 Annex I: annexes and copies bear no "
		    "picture");
	if (r->role == MARK_ANNEX ? !r->number.len : !r->agency.len)
		return note_set(note, FAIL_USAGE,
		    "Decree 30/2020 Annex I: an annex bears the main "
		    "document's number, a copy who makes it");
	if (r->role == MARK_COPY)
		f = scan_check(file, note);
	return f ? f : mark_corner(file, r, plan, note);
}

/* Decree 30/2020 Annex I: a person's signature in blue, the seal in red, both
 * on a transparent ground. */
static bool
is_seal_wide(double mm)
{
	return mm >= SEAL_LEAST_MM && mm <= SEAL_MOST_MM;
}

enum fail
mark_picture_may(
    const struct picture *picture, enum mark_role role, struct note *note)
{
	bool seal = role == MARK_AGENCY;

	if (picture->ink != (seal ? INK_RED : INK_BLUE))
		return note_set(note, FAIL_PICTURE,
		    "Decree 30/2020 Annex I: the picture is not in %s",
		    seal ? "red" : "blue");
	if (!picture->corners_clear)
		return note_set(note, FAIL_PICTURE,
		    "Decree 30/2020 Annex I: the picture's ground is painted");
	if (seal && picture->width_mm <= 0)
		return note_set(note, FAIL_PICTURE,
		    "Decree 30/2020 Annex I: the seal's PNG has no pHYs");
	if (seal &&
	    (!is_seal_wide(picture->width_mm) ||
		!is_seal_wide(picture->height_mm)))
		return note_set(note, FAIL_PICTURE,
		    "Decree 30/2020 Annex I: the seal is %.1f by %.1f mm, not "
		    "28 to 42",
		    picture->width_mm, picture->height_mm);
	return FAIL_NONE;
}

enum fail
mark_plan(struct pdf_file *file, const struct mark_request *r,
    struct mark_plan *plan, struct note *note)
{
	struct pades_mark mark = { .page = 0 };
	struct pdf_page page;
	enum fail f = FAIL_NONE;

	*plan = (struct mark_plan){ .settings = { .time = r->time } };
	buf_init(&plan->words_text, 256);
	if (r->role == MARK_ANNEX || r->role == MARK_COPY)
		return plan_words_only(file, r, plan, note);
	if (r->picture)
		f = mark_picture_may(r->picture, r->role, note);
	if (f)
		return f;
	if (r->picture) {
		f = place(file, r, &page, &mark, plan, note);
		if (!f)
			plan_picture(plan, r->picture, &page, mark, r->test);
	}
	/* A new text field on a signed file would break what is signed. */
	if (!f && r->role == MARK_PERSON && r->make_fields &&
	    !pdf_is_signed(file))
		f = mark_head_fields(file, plan, note);
	if (!f && r->role == MARK_AGENCY && (r->number.len || r->date.len))
		f = mark_head_words(file, r, plan, note);
	if (!f && r->role == MARK_AGENCY && r->code)
		f = mark_head_code(file, r, plan, note);
	return f;
}

void
mark_plan_free(struct mark_plan *plan)
{
	buf_free(&plan->words_text);
}

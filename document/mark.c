#include "document/mark.h"

#include <math.h>
#include <stdio.h>

#include "base/when.h"
#include "document/blank.h"
#include "document/head_words.h"
#include "document/mark_corner.h"
#include "document/name_block.h"
#include "document/scan.h"

/*
 * Where things stand on an A4 page by Decree 30/2020 Annex I, in millimetres
 * from the left and the lower edge: box 3 (number), box 4 (place and date) and
 * box 7b (signature).  Templates differ: callers may place the picture.
 */
static const struct pdf_box number_mm = { 30, 253, 95, 261 };
static const struct pdf_box date_mm = { 105, 253, 195, 261 };
#define SIGNATURE_X_MM 150.0 /* centre */
#define SIGNATURE_Y_MM 60.0
#define SIGNATURE_WIDTH_MM 40.0 /* when the picture does not say */
#define SIGNATURE_LEAST_MM 8.0  /* of what it says */
#define SIGNATURE_MOST_MM 80.0
#define SEAL_LEAST_MM 27.5
#define SEAL_MOST_MM 42.5
#define WORDS_SIZE 13.0 /* points */
#define WORDS_BASE 6.0  /* their base line in the usual boxes, points */

#define A4_HEIGHT_MM 297.0

/* All is laid out on the page as it is shown (pdf_page_shown). */
static struct pdf_box
on_page(const struct pdf_page *page, struct pdf_box mm)
{
	double k = STAMP_MM / page->unit;

	return (struct pdf_box){ mm.x0 * k, mm.y0 * k, mm.x1 * k, mm.y1 * k };
}

/* The same for what hangs from the top: on pages of another height too, and
 * never past the right edge. */
static struct pdf_box
from_top(const struct pdf_page *page, struct pdf_box mm)
{
	struct pdf_box b = on_page(page, mm), shown = pdf_page_shown(page);
	double k = STAMP_MM / page->unit;
	double down = shown.y1 - A4_HEIGHT_MM * k;
	double out = b.x1 - shown.x1;

	b.y0 += down;
	b.y1 += down;
	if (out > 0) {
		b.x0 = fmax(b.x0 - out, 0);
		b.x1 = shown.x1;
	}
	return b;
}

/* Number and date side by side; on a page too narrow for that (A5 and less) the
 * date stands below the number. */
static void
place_words(
    const struct pdf_page *page, struct pdf_box *number, struct pdf_box *date)
{
	double down;

	*number = from_top(page, number_mm);
	*date = from_top(page, date_mm);
	if (date->x0 >= number->x1)
		return;
	down = number->y1 - number->y0;
	date->y0 -= down;
	date->y1 -= down;
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

#define SEAL_ROOM_MM 38.0 /* seals of the state have 36 mm */

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

/* The mark's page, and its box on the page as shown: placed by hand, over the
 * person's signature, or where the role's mark usually stands. */
static enum fail
place(struct pdf_file *file, const struct mark_request *r,
    struct pdf_page *where, struct pades_mark *mark, bool *usual,
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
		mark->box =
		    stamp_seal_box(pdf_box_to_shown(&page, signature), width);
		keep_inside(&mark->box, pdf_page_shown(&page));
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
		return FAIL_NONE;
	}
	mark->box = signature_point(
	    file, r, (const double[]){ wide, high }, mark, &page, &spot, usual);
	if (*usual && r->placed_only)
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
	return FAIL_NONE;
}

/* ---- number and date ---- */

/* A text at the head of the first page, and the field that it goes into. */
struct piece {
	const char *field;
	struct pdf_box box; /* in the page as it is shown */
	double base; /* of its line, above the box's lower edge, points */
	enum font_face face;
	bool centred;
	struct bytes text;
};

#define PIECES_MAX PADES_FIELDS_MAX

struct pieces {
	struct piece list[PIECES_MAX];
	size_t count;
	bool slash;         /* the symbol stands behind the number's blank */
	unsigned year_from; /* so many of its digits stand before its blank */
};

static void
add_piece(struct pieces *p, const char *field, struct pdf_box box,
    enum font_face face, bool blank)
{
	p->list[p->count++] =
	    (struct piece){ field, box, blank ? HEAD_WORDS_BASE : WORDS_BASE,
		    face, blank, { NULL, 0 } };
}

/* In the draft's blanks, or where they usually stand; what it says already is
 * no piece, nor what it has no room for. */
static void
choose_pieces(const struct head_words *h, struct pieces *p)
{
	*p = (struct pieces){ .slash = h->slash,
		.year_from = h->year.state == HEAD_OPEN ? h->year.digits : 0 };
	if (h->number.state == HEAD_OPEN)
		add_piece(
		    p, PDF_FIELD_BLANK, h->number.box, FONT_UPRIGHT, true);
	if (h->usual_number.state == HEAD_OPEN)
		add_piece(p, PDF_FIELD_NUMBER, h->usual_number.box,
		    FONT_UPRIGHT, false);
	if (h->usual_date.state == HEAD_OPEN)
		add_piece(
		    p, PDF_FIELD_DATE, h->usual_date.box, FONT_ITALIC, false);
	if (h->day.state == HEAD_NARROW || h->month.state == HEAD_NARROW ||
	    h->year.state == HEAD_NARROW)
		return;
	if (h->day.state == HEAD_OPEN)
		add_piece(p, PDF_FIELD_DAY, h->day.box, FONT_ITALIC, true);
	if (h->month.state == HEAD_OPEN)
		add_piece(p, PDF_FIELD_MONTH, h->month.box, FONT_ITALIC, true);
	if (h->year.state == HEAD_OPEN)
		add_piece(p, PDF_FIELD_YEAR, h->year.box, FONT_ITALIC, true);
}

static enum fail
find_pieces(struct pdf_file *file, const struct pdf_page *page,
    struct pieces *p, struct head_words *h)
{
	struct pdf_box number, date;
	enum fail f;

	place_words(page, &number, &date);
	f = head_words_find(file, number, date, h);
	choose_pieces(h, p);
	return f;
}

static bool
has_field(struct pdf_file *file, const char *name)
{
	struct pdf_field field;

	return !pdf_field_find(file, name, &field);
}

static bool
is_number(const struct piece *p)
{
	return !strcmp(p->field, PDF_FIELD_NUMBER) ||
	    !strcmp(p->field, PDF_FIELD_BLANK);
}

static enum fail
plan_fields(struct pdf_file *file, struct mark_plan *plan, struct note *note)
{
	struct pieces pieces;
	struct head_words head;
	struct pdf_page page;
	enum fail f = pdf_page_find(file, 1, &page);

	if (!f)
		f = find_pieces(file, &page, &pieces, &head);
	if (f)
		return note_set(note, f, "%s", file->note.text);
	for (size_t i = 0; i < pieces.count; i++) {
		const struct piece *p = &pieces.list[i];

		/* The template brought its own. */
		if (has_field(
			file, is_number(p) ? PDF_FIELD_NUMBER : PDF_FIELD_DATE))
			continue;
		plan->settings.make[plan->settings.make_count++] =
		    (struct pades_field){ .name = p->field,
			    .page = 1,
			    .box = pdf_box_from_shown(&page, p->box),
			    .face = p->face,
			    .centred = p->centred };
	}
	return FAIL_NONE;
}

/* What a piece says: number and date whole, or their parts. */
static struct bytes
words_of(const struct piece *p, const struct mark_request *r,
    const struct pieces *head, const struct mark_plan *plan)
{
	if (!strcmp(p->field, PDF_FIELD_NUMBER))
		return r->number;
	if (!strcmp(p->field, PDF_FIELD_BLANK))
		return head_words_number(r->number, head->slash);
	if (!strcmp(p->field, PDF_FIELD_DATE))
		return r->date;
	if (!strcmp(p->field, PDF_FIELD_DAY))
		return BYTES_TEXT(plan->day[0]);
	if (!strcmp(p->field, PDF_FIELD_MONTH))
		return BYTES_TEXT(plan->day[1]);
	return bytes_part(BYTES_TEXT(plan->day[2]), head->year_from, SIZE_MAX);
}

/* Days below ten and months below three have a zero in front (box 4). */
static void
split_date(const struct mark_request *r, struct mark_plan *plan)
{
	unsigned n[3];

	if (!head_words_day(r->date, n))
		return;
	snprintf(plan->day[0], sizeof(plan->day[0]), "%02u", n[0]);
	snprintf(
	    plan->day[1], sizeof(plan->day[1]), n[1] < 3 ? "%02u" : "%u", n[1]);
	snprintf(plan->day[2], sizeof(plan->day[2]), "%u", n[2]);
}

/* Which fields of the file they go into; what it lacks has NULL. */
static void
find_fields(struct pdf_file *file, struct pieces *p)
{
	bool number = has_field(file, PDF_FIELD_NUMBER);
	bool date = has_field(file, PDF_FIELD_DATE);
	static const char *const names[PIECES_MAX] = { PDF_FIELD_BLANK,
		PDF_FIELD_DAY, PDF_FIELD_MONTH, PDF_FIELD_YEAR };

	p->count = 0;
	if (number)
		add_piece(p, PDF_FIELD_NUMBER, (struct pdf_box){ 0 },
		    FONT_UPRIGHT, false);
	if (date)
		add_piece(p, PDF_FIELD_DATE, (struct pdf_box){ 0 }, FONT_ITALIC,
		    false);
	for (size_t i = 0; i < PIECES_MAX; i++)
		if (!(i ? date : number) && has_field(file, names[i]))
			add_piece(p, names[i], (struct pdf_box){ 0 },
			    i ? FONT_ITALIC : FONT_UPRIGHT, true);
}

/* A number or a date, or a part of one. */
static bool
has_kind(const struct pieces *p, bool number)
{
	for (size_t i = 0; i < p->count; i++)
		if (is_number(&p->list[i]) == number)
			return true;
	return false;
}

/* Those of which something is to be said. */
static void
keep_asked(struct pieces *p, const struct mark_request *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++)
		if (is_number(&p->list[i]) ? r->number.len : r->date.len)
			p->list[kept++] = p->list[i];
	p->count = kept;
}

/* A place in these for all that is wanted. */
static bool
has_all(const struct pieces *p, const struct pieces *wanted)
{
	return has_kind(p, true) >= has_kind(wanted, true) &&
	    has_kind(p, false) >= has_kind(wanted, false);
}

static void
fill_pieces(const struct pieces *p, struct mark_plan *plan)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->list[i].text.len)
			plan->settings.fill[plan->settings.fill_count++] =
			    (struct pades_field){ .name = p->list[i].field,
				    .text = p->list[i].text,
				    .face = p->list[i].face,
				    .centred = p->list[i].centred };
}

/* As one mark over them all.  The form's own space is in points, whatever the
 * page's unit. */
static enum fail
draw_pieces(const struct pieces *p, const struct pdf_page *page,
    struct mark_plan *plan, struct note *note)
{
	struct pdf_box all = p->list[0].box;
	struct font fonts[FONT_FACES];
	double k = page->unit;
	enum fail f = FAIL_NONE;

	for (enum font_face i = FONT_UPRIGHT; i < FONT_FACES && !f; i++)
		f = font_open(&fonts[i], font_builtin(i), note);
	if (f)
		return f;
	for (size_t i = 1; i < p->count; i++) {
		const struct pdf_box *b = &p->list[i].box;

		all =
		    (struct pdf_box){ fmin(all.x0, b->x0), fmin(all.y0, b->y0),
			    fmax(all.x1, b->x1), fmax(all.y1, b->y1) };
	}
	plan->words = (struct stamp){ .width = (all.x1 - all.x0) * k,
		.height = (all.y1 - all.y0) * k,
		.turn = page->rotate };
	for (size_t i = 0; i < p->count; i++) {
		const struct piece *one = &p->list[i];
		double wide = (one->box.x1 - one->box.x0) * k;
		double free =
		    wide - font_width(&fonts[one->face], one->text, WORDS_SIZE);
		double in = one->centred && free > 0 ? free / 2 : 0;

		plan->words.texts[plan->words.text_count++] =
		    (struct stamp_text){ one->text,
			    (one->box.x0 - all.x0) * k + in,
			    (one->box.y0 - all.y0) * k + one->base, WORDS_SIZE,
			    wide - in, one->face, one->centred };
	}
	plan->settings.marks[plan->settings.mark_count++] =
	    (struct pades_mark){ 1, pdf_box_from_shown(page, all),
		    &plan->words };
	return FAIL_NONE;
}

/* Number and date: into their fields, or as a mark of the seal's signature
 * when the file has none (a new field is no form filling). */
static enum fail
plan_words(struct pdf_file *file, const struct mark_request *r,
    struct mark_plan *plan, struct note *note)
{
	struct pieces there, fields;
	struct head_words head;
	struct pdf_page page;
	bool filled;
	enum fail f = pdf_page_find(file, 1, &page);

	if (!f)
		f = find_pieces(file, &page, &there, &head);
	if (f)
		return note_set(note, f, "%s", file->note.text);
	split_date(r, plan);
	keep_asked(&there, r);
	fields = there;
	find_fields(file, &fields);
	keep_asked(&fields, r);
	/* A field of its own is room enough. */
	f = head_words_agree(&head, has_kind(&fields, true), r->number,
	    has_kind(&fields, false), r->date, r->trial, note);
	if (f)
		return f;
	filled = has_all(&fields, &there);
	if (filled)
		there = fields;
	for (size_t i = 0; i < there.count; i++)
		there.list[i].text = words_of(&there.list[i], r, &there, plan);
	if (filled)
		fill_pieces(&there, plan);
	else if (there.count)
		f = draw_pieces(&there, &page, plan, note);
	return f;
}

enum fail
mark_try_head(struct pdf_file *file, const struct mark_request *r,
    uint32_t *dated, struct note *note)
{
	struct pieces pieces;
	struct head_words head;
	struct pdf_page page;
	enum fail f = pdf_page_find(file, 1, &page);

	*dated = 0;
	if (!f)
		f = find_pieces(file, &page, &pieces, &head);
	if (f)
		return note_set(note, f, "%s", file->note.text);
	*dated = head_words_dated(&head);
	find_fields(file, &pieces);
	return head_words_agree(&head, has_kind(&pieces, true), r->number,
	    has_kind(&pieces, false), r->date, r->trial, note);
}

/* ---- the code beside the number ---- */

/* In the left margin, beside the number; where that has no room, below the
 * number, or at the next blank place of the head.  A symbol is 18 mm wide, more
 * if its modules would be too small for a scan of 200 dpi. */
#define CODE_CENTER_X_MM 14.0
#define CODE_TOP_MM 268.0
#define CODE_SYMBOL_MM 18.0
#define CODE_MODULE_MM 0.3
#define CODE_EDGE_MM 3.0
#define CODE_HEAD_MM 140.0

/* Where the number is, or would usually be, in the page as it is shown. */
static enum fail
number_box(
    struct pdf_file *file, const struct pdf_page *page, struct pdf_box *box)
{
	struct pdf_box date;
	struct pieces pieces;
	struct head_words head;
	enum fail f = find_pieces(file, page, &pieces, &head);

	place_words(page, box, &date);
	for (size_t i = 0; i < pieces.count; i++)
		if (is_number(&pieces.list[i]))
			*box = pieces.list[i].box;
	return f;
}

static enum fail
code_place(struct pdf_file *file, const struct pdf_page *page, double side,
    struct pdf_box *box)
{
	struct pdf_box shown = pdf_page_shown(page), number;
	double mm = STAMP_MM / page->unit, half = side / 2;
	double left = fmax(CODE_CENTER_X_MM - half, 0), above, below, from;
	double room = side + 2; /* places are told by the millimetre */
	enum fail f = number_box(file, page, &number);

	if (f)
		return f;
	above = fmax((shown.y1 - number.y1) / mm - 2, CODE_EDGE_MM);
	below = (shown.y1 - number.y0) / mm + 1;
	from = fmax((number.x0 - shown.x0) / mm, CODE_EDGE_MM);
	*box = from_top(page,
	    (struct pdf_box){
		left, CODE_TOP_MM - side, left + side, CODE_TOP_MM });
	f = blank_find(file, page, BLANK_OF_TEXT,
	    (const struct blank_area[]){
		{ left, above, left + room, above + room },
		{ CODE_EDGE_MM, above, CODE_EDGE_MM + room, above + room },
		{ from, below, from + room, below + room },
		{ CODE_EDGE_MM, CODE_EDGE_MM,
		    (shown.x1 - shown.x0) / mm - CODE_EDGE_MM, CODE_HEAD_MM } },
	    4, side, side, box);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

static enum fail
plan_code(struct pdf_file *file, const struct mark_request *r,
    struct mark_plan *plan, struct note *note)
{
	double module = fmax(CODE_SYMBOL_MM / r->code->side, CODE_MODULE_MM);
	double side = module * (r->code->side + 2 * QR_QUIET);
	struct pdf_page page;
	struct pdf_box box;
	enum fail f = pdf_page_find(file, 1, &page);

	if (!f)
		f = code_place(file, &page, side, &box);
	if (f)
		return note_set(note, f, "%s", file->note.text);
	plan->code = (struct stamp){ .width = (box.x1 - box.x0) * page.unit,
		.height = (box.y1 - box.y0) * page.unit,
		.turn = page.rotate,
		.code = r->code };
	plan->settings.marks[plan->settings.mark_count++] =
	    (struct pades_mark){ 1, pdf_box_from_shown(&page, box),
		    &plan->code };
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
		f = place(file, r, &page, &mark, &plan->usual, note);
		if (!f)
			plan_picture(plan, r->picture, &page, mark, r->test);
	}
	/* A new text field on a signed file would break what is signed. */
	if (!f && r->role == MARK_PERSON && r->make_fields &&
	    !pades_is_signed(file))
		f = plan_fields(file, plan, note);
	if (!f && r->role == MARK_AGENCY && (r->number.len || r->date.len))
		f = plan_words(file, r, plan, note);
	if (!f && r->role == MARK_AGENCY && r->code)
		f = plan_code(file, r, plan, note);
	return f;
}

void
mark_plan_free(struct mark_plan *plan)
{
	buf_free(&plan->words_text);
}

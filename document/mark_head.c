#include "document/mark_head.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "document/blank.h"
#include "document/head_words.h"
#include "document/pdf_look.h"

/* Boxes 3 (number) and 4 (place and date) on an A4 page, in millimetres from
 * the left and the lower edge. */
static const struct pdf_box number_mm = { 30, 253, 95, 261 };
static const struct pdf_box date_mm = { 105, 253, 195, 261 };
#define A4_HEIGHT_MM 297.0
#define WORDS_SIZE 13.0 /* points */
#define WORDS_BASE 6.0  /* their base line in the usual boxes, points */

/* All is laid out on the page as it is shown (pdf_page_shown) and hangs from
 * its top, on pages of another height too, and never past the right edge. */
static struct pdf_box
from_top(const struct pdf_page *page, struct pdf_box mm)
{
	double k = STAMP_MM / page->unit;
	struct pdf_box shown = pdf_page_shown(page);
	struct pdf_box b = { mm.x0 * k, mm.y0 * k, mm.x1 * k, mm.y1 * k };
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

/* The first page, and what its head says and takes. */
static enum fail
read_head(struct pdf_file *file, struct pdf_page *page, struct pieces *p,
    struct head_words *h, struct note *note)
{
	enum fail f = pdf_page_find(file, 1, page);

	if (!f)
		f = find_pieces(file, page, p, h);
	return f ? note_set(note, f, "%s", file->note.text) : f;
}

/* A field where the piece stands: left empty, or with its text. */
static void
make_field(
    const struct piece *p, const struct pdf_page *page, struct mark_plan *plan)
{
	plan->settings.make[plan->settings.make_count++] =
	    (struct pades_field){ .name = p->field,
		    .page = 1,
		    .box = pdf_box_from_shown(page, p->box),
		    .text = p->text,
		    .face = p->face,
		    .centred = p->centred };
}

enum fail
mark_head_fields(
    struct pdf_file *file, struct mark_plan *plan, struct note *note)
{
	struct pieces pieces;
	struct head_words head;
	struct pdf_page page;
	enum fail f = read_head(file, &page, &pieces, &head, note);

	if (f)
		return f;
	for (size_t i = 0; i < pieces.count; i++) {
		const struct piece *p = &pieces.list[i];

		/* The template brought its own. */
		if (has_field(
			file, is_number(p) ? PDF_FIELD_NUMBER : PDF_FIELD_DATE))
			continue;
		make_field(p, &page, plan);
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

/* Is the number, or the whole date, in the draft's text? */
static bool
is_written(const struct head_words *h, bool number)
{
	return number ? h->number.state == HEAD_WRITTEN :
			h->day.state == HEAD_WRITTEN &&
		h->month.state == HEAD_WRITTEN && h->year.state == HEAD_WRITTEN;
}

/* It is not said twice. */
static void
drop_written(struct pieces *p, const struct head_words *h)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++)
		if (!is_written(h, is_number(&p->list[i])))
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

/* What an earlier seal wrote stays: others signed it. */
static enum fail
leave_filled(struct pdf_file *file, struct pieces *p, struct note *note)
{
	size_t kept = 0;
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < p->count && !f; i++) {
		struct pdf_field field;
		struct buf said;
		char shown[64];
		bool empty;

		buf_init(&said, 4096);
		empty = pdf_field_find(file, p->list[i].field, &field) ||
		    pdf_field_is_empty(file, field.value);
		if (!empty)
			pdf_look_value(file, field.value, &said);
		text_keep(shown, sizeof(shown), buf_view(&said));
		if (empty)
			p->list[kept++] = p->list[i];
		else if (!pdf_look_same(buf_view(&said), p->list[i].text))
			f = note_set(note, FAIL_HEAD,
			    "its field %s says \"%s\" already",
			    p->list[i].field, shown);
		buf_free(&said);
	}
	p->count = kept;
	return f;
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

/* What has no signature yet may get fields with the one that fills them.  Not
 * beside a code, which tells of the draft that nothing but a signature came to
 * it; nor beside some of these fields, for a name stands for one. */
static void
make_pieces(
    const struct pieces *p, const struct pdf_page *page, struct mark_plan *plan)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->list[i].text.len)
			make_field(&p->list[i], page, plan);
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

enum fail
mark_head_words(struct pdf_file *file, const struct mark_request *r,
    struct mark_plan *plan, struct note *note)
{
	struct pieces there, fields;
	struct head_words head;
	struct pdf_page page;
	bool filled;
	enum fail f = read_head(file, &page, &there, &head, note);

	if (f)
		return f;
	split_date(r, plan);
	keep_asked(&there, r);
	fields = there;
	find_fields(file, &fields);
	keep_asked(&fields, r);
	drop_written(&fields, &head);
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
	if (filled) {
		f = leave_filled(file, &there, note);
		fill_pieces(&there, plan);
	} else if (!pdf_is_signed(file) && !r->code && !fields.count) {
		make_pieces(&there, &page, plan);
	} else if (there.count) {
		f = draw_pieces(&there, &page, plan, note);
	}
	return f;
}

enum fail
mark_try_head(struct pdf_file *file, const struct mark_request *r,
    uint32_t *dated, struct note *note)
{
	struct pieces pieces;
	struct head_words head;
	struct pdf_page page;
	enum fail f = read_head(file, &page, &pieces, &head, note);

	*dated = 0;
	if (f)
		return f;
	*dated = head_words_dated(&head);
	find_fields(file, &pieces);
	return head_words_agree(&head, has_kind(&pieces, true), r->number,
	    has_kind(&pieces, false), r->date, r->trial, note);
}

/* ---- what a sealed file says ---- */

#define SAID_MAX 65536u
#define LOOKS_READ (4u << 20)

static void
put_packed(struct buf *out, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] > ' ')
			buf_u8(out, text.data[i]);
}

static bool
is_day(struct bytes text, struct when_date day)
{
	unsigned n[3];

	return head_words_day(text, n) && n[0] == (unsigned)day.day &&
	    n[1] == (unsigned)day.month && n[2] == (unsigned)day.year;
}

/* Number and date, or what is left of them to say, in one text without blanks;
 * a whole date has a place in front. */
static bool
says_all(const struct pieces *p, struct bytes said, struct when_date day)
{
	struct buf want;
	bool whole = false, good;

	buf_init(&want, SAID_MAX);
	for (size_t i = 0; i < p->count; i++) {
		whole = whole || !strcmp(p->list[i].field, PDF_FIELD_DATE);
		if (strcmp(p->list[i].field, PDF_FIELD_DATE) != 0)
			put_packed(&want, p->list[i].text);
	}
	if (bytes_starts(said, "Số:"))
		said = bytes_part(said, strlen("Số:"), SIZE_MAX);
	good = !buf_fail(&want) && said.len >= want.len &&
	    !memcmp(said.data, want.data, want.len);
	if (good && whole)
		good = is_day(bytes_part(said, want.len, SIZE_MAX), day);
	else
		good = good && said.len == want.len;
	buf_free(&want);
	return good;
}

/* In the looks of a signature's widgets. */
static bool
is_in_mark(struct pdf_file *file, const struct pieces *p, struct when_date day)
{
	struct pdf_field_walk walk;
	struct pdf_field field;
	uint64_t left = LOOKS_READ;
	bool found = false;

	pdf_field_walk_init(&walk, file);
	while (!found && pdf_field_next(&walk, &field)) {
		const struct pdf_value *kids =
		    pdf_get(file, field.dict, "Kids");
		const struct pdf_value *v =
		    kids->type == PDF_ARRAY ? kids->first : field.dict;

		for (; pdf_field_is_signature(&field) && v && !found;
		     v = kids->type == PDF_ARRAY ? v->next : NULL) {
			struct buf look, said;

			buf_init(&look, SAID_MAX);
			buf_init(&said, SAID_MAX);
			if (!pdf_look_text(
				file, pdf_resolve(file, v), &left, &look)) {
				put_packed(&said, buf_view(&look));
				found = says_all(p, buf_view(&said), day);
			}
			buf_free(&said);
			buf_free(&look);
		}
	}
	return found;
}

/* In the fields that were made for them. */
static bool
is_in_fields(
    struct pdf_file *file, const struct pieces *p, struct when_date day)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct piece *one = &p->list[i];
		struct pdf_field field;
		struct buf said;
		bool good;

		buf_init(&said, SAID_MAX);
		good = !pdf_field_find(file, one->field, &field);
		if (good)
			pdf_look_value(file, field.value, &said);
		if (!strcmp(one->field, PDF_FIELD_DATE))
			good = good && is_day(buf_view(&said), day);
		else
			good = good &&
			    pdf_look_same(
				head_words_number(buf_view(&said), false),
				one->text);
		buf_free(&said);
		if (!good)
			return false;
	}
	return true;
}

bool
mark_head_says(struct pdf_file *file, struct bytes number, struct when_date day)
{
	char date[WHEN_TEXT_MAX];
	struct mark_plan plan = { .usual = false };
	struct mark_request r = { .number = number };
	struct pieces there, fields;
	struct head_words head;
	struct pdf_page page;
	bool in_fields = true, in_mark = true;

	when_day_text(day, date);
	r.date = BYTES_TEXT(date);
	if (pdf_page_find(file, 1, &page) ||
	    find_pieces(file, &page, &there, &head) ||
	    !head_words_is_number(&head, number) ||
	    !head_words_is_date(head_words_dated(&head),
		(uint32_t)(day.year * 10000 + day.month * 100 + day.day)))
		return false;
	split_date(&r, &plan);
	fields = there;
	find_fields(file, &fields);
	drop_written(&fields, &head);
	for (size_t i = 0; i < there.count; i++)
		there.list[i].text =
		    words_of(&there.list[i], &r, &there, &plan);
	for (size_t i = 0; i < fields.count; i++)
		fields.list[i].text =
		    words_of(&fields.list[i], &r, &there, &plan);
	/* Each of the two is said in the text, in fields or in a mark. */
	for (int kind = 0; kind < 2; kind++) {
		bool said = is_written(&head, kind);

		in_fields = in_fields && (said || has_kind(&fields, kind));
		in_mark = in_mark && (said || has_kind(&there, kind));
	}
	return (in_fields && is_in_fields(file, &fields, day)) ||
	    (in_mark && there.count && is_in_mark(file, &there, day));
}

/* ---- the code beside the number ---- */

/* In the left margin, beside the number; where that has no room, below the
 * number, or at the next blank place of the head.  A symbol is 18 mm wide, more
 * if its modules would be less than 2.75 pixels of 200 dpi: with 2.6 some
 * readers fail. */
#define CODE_CENTER_X_MM 14.0
#define CODE_TOP_MM 268.0
#define CODE_SYMBOL_MM 18.0
#define CODE_MODULE_MM (2.75 * 25.4 / 200)
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

enum fail
mark_head_code(struct pdf_file *file, const struct mark_request *r,
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

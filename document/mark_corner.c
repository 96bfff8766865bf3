#include "document/mark_corner.h"

#include <math.h>

#include "base/when.h"
#include "document/blank.h"

#define SIZE 10.0        /* points, by law */
#define PITCH 12.0       /* from line to line … */
#define PITCH_CLOSE 10.5 /* … of more than three, over a page's first line */
#define CLOSE_FROM 4u
#define TOP_MM 6.0
#define TOP_CLOSE_MM 4.0
#define RIGHT_MM 15.0
#define LEFT_MM 10.0
#define DOWN_MM 80.0 /* as far it is looked for */
#define WIDTH_MM 80.0
#define WIDTH_MOST_MM 120.0         /* where a name needs it */
#define LINES (STAMP_TEXTS_MAX - 3) /* of an agency's name */

static void
add_line(struct stamp *s, const struct font *font, struct bytes text)
{
	double width = font_width(font, text, SIZE);

	if (s->text_count == STAMP_TEXTS_MAX)
		return;
	s->texts[s->text_count] =
	    (struct stamp_text){ text, fmax(s->width - width, 0), 0, SIZE,
		    s->width, FONT_UPRIGHT, false };
	s->text_count++;
}

static void
add_name(struct stamp *s, const struct font *font, struct bytes name)
{
	for (size_t i = 0; i < LINES && name.len; i++) {
		size_t n = font_fit(font, name, SIZE, s->width);

		add_line(s, font, bytes_part(name, 0, n));
		name = bytes_part(name, n + (n < name.len), SIZE_MAX);
	}
}

/* A name that is a little longer stays on its line. */
static double
width_for(const struct font *font, struct bytes name)
{
	double wide = font_width(font, name, SIZE);

	return wide > WIDTH_MM * STAMP_MM && wide < WIDTH_MOST_MM * STAMP_MM ?
	    wide + 1 :
	    WIDTH_MM * STAMP_MM;
}

static void
write_lines(struct stamp *s, const struct font *font,
    const struct mark_request *r, struct bytes when)
{
	static const char *const kinds[] = { "SAO Y", "SAO LỤC", "TRÍCH SAO" };
	double pitch;

	if (r->role == MARK_COPY) {
		add_line(s, font, BYTES_TEXT(kinds[r->copy]));
		add_name(s, font, r->agency);
	} else {
		add_line(s, font, r->number);
	}
	add_line(s, font, when);
	if (r->test)
		add_line(s, font, BYTES_TEXT(MARK_TEST_WORDS));
	pitch = s->text_count < CLOSE_FROM ? PITCH : PITCH_CLOSE;
	s->height = pitch * (double)s->text_count;
	for (size_t i = 0; i < s->text_count; i++)
		s->texts[i].y =
		    s->height - pitch * (double)(i + 1) + (pitch - SIZE);
}

#define PLACES_MAX 256u
#define ASIDE_MM 5.0 /* from one place to the next */
#define SLACK_MM 2.0 /* places are told by the millimetre */

/* From the corner to the left, then row below row. */
static size_t
list_places(double wide, double high, double top, double page_wide,
    struct blank_area list[static PLACES_MAX])
{
	double right = page_wide - RIGHT_MM - wide;
	size_t n = 0;

	for (unsigned row = 0; top + row * ASIDE_MM + high <= DOWN_MM; row++)
		for (unsigned i = 0; right - i * ASIDE_MM >= LEFT_MM; i++) {
			double x = right - i * ASIDE_MM;
			double y = top + row * ASIDE_MM;

			if (n == PLACES_MAX)
				return n;
			list[n++] = (struct blank_area){ x, y,
				x + wide + SLACK_MM, y + high + SLACK_MM };
		}
	return n;
}

/* Where no place is free it is the corner. */
static enum fail
find_place(struct pdf_file *file, const struct pdf_page *page,
    const struct stamp *s, struct pdf_box *box)
{
	struct blank_area places[PLACES_MAX];
	struct pdf_box shown = pdf_page_shown(page), free;
	double k = 1 / page->unit, mm = STAMP_MM * k;
	double top = s->text_count < CLOSE_FROM ? TOP_MM : TOP_CLOSE_MM;
	size_t count;
	enum fail f;

	box->x1 = shown.x1 - RIGHT_MM * mm;
	box->y1 = shown.y1 - top * mm;
	box->x0 = box->x1 - s->width * k;
	box->y0 = box->y1 - s->height * k;
	count = list_places(s->width / STAMP_MM, s->height / STAMP_MM, top,
	    (shown.x1 - shown.x0) / mm, places);
	f = blank_find(file, page, BLANK_OF_TEXT, places, count,
	    s->width / STAMP_MM, s->height / STAMP_MM, &free);
	/* The corner itself is exact. */
	if (!f &&
	    fmax(fabs(free.x0 - box->x0), fabs(free.y0 - box->y0)) >
		SLACK_MM * mm)
		*box = free;
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

enum fail
mark_corner(struct pdf_file *file, const struct mark_request *r,
    struct mark_plan *plan, struct note *note)
{
	struct stamp *s = &plan->words;
	char when[WHEN_TEXT_MAX];
	struct pdf_page page;
	struct pdf_box box;
	struct font font;
	enum fail f = pdf_page_find(file, 1, &page);

	if (f)
		return note_set(note, f, "%s", file->note.text);
	f = font_open(&font, font_builtin(FONT_UPRIGHT), note);
	if (f)
		return f;
	(r->iso_time ? when_iso_text : when_stamp_text)(r->time, when);
	buf_text(&plan->words_text, when);
	*s = (struct stamp){ .width = r->role == MARK_COPY ?
		    width_for(&font, r->agency) :
		    WIDTH_MM * STAMP_MM,
		.turn = page.rotate };
	write_lines(s, &font, r, buf_view(&plan->words_text));
	f = find_place(file, &page, s, &box);
	if (f)
		return note_set(note, f, "%s", file->note.text);
	plan->settings.marks[plan->settings.mark_count++] =
	    (struct pades_mark){ 1, pdf_box_from_shown(&page, box), s };
	return buf_fail(&plan->words_text);
}

#include "document/arrival.h"

#include "document/blank.h"
#include "document/stamp.h"

/* Where it may go on an A4 page: under the number, under the date, then
 * anywhere between the head and the middle. */
static const struct blank_area areas[] = {
	{ 20, 45, 90, 120 },
	{ 115, 50, 200, 120 },
	{ 12, 12, 205, 150 },
};

#define NAME_SIZE 9.0 /* points */
#define NAME_PITCH 10.0
#define EDGE 4.0 /* points between the frame and what is in it */
#define LINE 0.7

/* The box has four rows: the agency, ĐẾN beside number and date, to whom it
 * goes, its dossier.  Heights in millimetres from the top. */
static const double rows_mm[] = { 0, 9, 21, 28, ARRIVAL_HEIGHT_MM };
#define SPLIT_MM 16.0 /* between ĐẾN and number and date */

static double
row_y(size_t row)
{
	return (ARRIVAL_HEIGHT_MM - rows_mm[row]) * STAMP_MM;
}

static void
put_line(struct stamp *s, double x0, double y0, double x1, double y1)
{
	s->lines[s->line_count++] = (struct stamp_line){ x0, y0, x1, y1, LINE };
}

static void
put_frame(struct stamp *s)
{
	double in = LINE / 2, right = s->width - in, top = s->height - in;
	double split = SPLIT_MM * STAMP_MM;

	put_line(s, in, in, right, in);
	put_line(s, in, top, right, top);
	put_line(s, in, in, in, top);
	put_line(s, right, in, right, top);
	for (size_t row = 1; row < 4; row++)
		put_line(s, in, row_y(row), right, row_y(row));
	put_line(s, split, row_y(2), split, row_y(1));
}

static void
put_text(struct stamp *s, struct bytes text, double x, double y, double size,
    double width)
{
	s->texts[s->text_count++] =
	    (struct stamp_text){ text, x, y, size, width, FONT_UPRIGHT, false };
}

#define LABELS 4u

/* The mark and the texts that stand in it. */
struct mark {
	struct stamp stamp;
	struct buf labels[LABELS];
	size_t label_count;
};

static void
mark_free(struct mark *m)
{
	for (size_t i = 0; i < LABELS; i++)
		buf_free(&m->labels[i]);
}

/* The agency's name in one line or two, each in the middle. */
static void
put_agency(struct stamp *s, const struct font *font, struct bytes name)
{
	double room = s->width - 2 * EDGE;
	bool two = font_width(font, name, NAME_SIZE) > room;
	double y = row_y(1) + (two ? 14 : 8);

	for (int line = 0; line < 1 + two; line++) {
		size_t n = line == 0 && two ?
		    font_fit(font, name, NAME_SIZE, room) :
		    name.len;
		struct bytes part = bytes_part(name, 0, n);
		double width = font_width(font, part, NAME_SIZE);

		put_text(s, part,
		    EDGE + (width < room ? (room - width) / 2 : 0), y,
		    NAME_SIZE, room);
		name = bytes_part(name, n + (n < name.len), SIZE_MAX);
		y -= NAME_PITCH;
	}
}

/* "Số: " and what follows, as one text. */
static void
put_labelled(
    struct mark *m, const char *label, struct bytes value, double x, double y)
{
	struct buf *words = &m->labels[m->label_count++];

	buf_text(words, label);
	buf_bytes(words, value);
	put_text(
	    &m->stamp, buf_view(words), x, y, 9, m->stamp.width - x - EDGE);
}

static enum fail
draw(const struct arrival *a, const struct font *font, int turn, struct mark *m)
{
	struct stamp *s = &m->stamp;
	double split = SPLIT_MM * STAMP_MM + EDGE;
	double half = (row_y(1) + row_y(2)) / 2;
	enum fail f = FAIL_NONE;

	*m = (struct mark){ .stamp = { .width = ARRIVAL_WIDTH_MM * STAMP_MM,
				.height = ARRIVAL_HEIGHT_MM * STAMP_MM,
				.turn = turn } };
	for (size_t i = 0; i < LABELS; i++)
		buf_init(&m->labels[i], 1024);
	put_frame(s);
	put_agency(s, font, a->agency);
	put_text(s, BYTES_TEXT("ĐẾN"), EDGE, half - 5, 14,
	    SPLIT_MM * STAMP_MM - 2 * EDGE);
	put_labelled(m, "Số: ", a->number, split, half + 5);
	put_labelled(m, "Ngày: ", a->date, split, row_y(2) + 5);
	put_labelled(m, "Chuyển: ", a->forward, EDGE, row_y(3) + 6);
	put_labelled(m, "Số và ký hiệu HS: ", a->dossier, EDGE, row_y(4) + 6);
	for (size_t i = 0; i < LABELS && !f; i++)
		f = buf_fail(&m->labels[i]);
	return f;
}

/* On page 1 as it is shown. */
static enum fail
place(struct pdf_file *file, const struct pdf_page *page,
    const struct arrival *a, struct pdf_box *box)
{
	double k = STAMP_MM / page->unit;
	double top = pdf_page_shown(page).y1 - a->y * k;

	if (!a->placed)
		return blank_find(file, page, BLANK_OF_ALL, areas,
		    sizeof(areas) / sizeof(areas[0]), ARRIVAL_WIDTH_MM,
		    ARRIVAL_HEIGHT_MM, box);
	*box = (struct pdf_box){ a->x * k, top - ARRIVAL_HEIGHT_MM * k,
		(a->x + ARRIVAL_WIDTH_MM) * k, top };
	return FAIL_NONE;
}

/* 12.5.6.12: printed, not to be moved or changed. */
static struct pdf_ref
put_annotation(struct pdf_append *append, const struct pdf_page *page,
    const struct pdf_box *shown, const struct mark *m, struct pdf_ref form)
{
	struct pdf_ref ref = pdf_append_new(append);
	struct buf words;
	struct buf *out = &append->out;

	pdf_append_begin(append, ref);
	buf_text(out, "<</Type/Annot/Subtype/Stamp/F 196/Rect");
	pdf_put_box(out, pdf_box_from_shown(page, *shown));
	buf_text(out, "/Contents ");
	buf_init(&words, 8192);
	buf_text(&words, "ĐẾN");
	for (size_t i = 0; i < LABELS; i++) {
		buf_text(&words, i ? "; " : " – ");
		buf_bytes(&words, buf_view(&m->labels[i]));
	}
	pdf_put_text(out, buf_view(&words));
	buf_free(&words);
	buf_printf(out, "/AP<</N %u 0 R>>/P ", form.num);
	pdf_append_ref(append, page->ref);
	buf_text(out, ">>");
	pdf_append_end(append);
	return ref;
}

static enum fail
put_mark(struct pdf_append *append, const struct pdf_page *page,
    const struct pdf_box *box, const struct mark *m,
    struct stamp_resources *resources)
{
	struct pdf_ref form = { 0, 0 }, annotation;
	enum fail f = stamp_put(&m->stamp, resources, append, &form);

	if (!f)
		f = stamp_resources_put(resources, append);
	if (f)
		return f;
	annotation = put_annotation(append, page, box, m, form);
	pdf_append_annots(append, page, &annotation, 1);
	return pdf_append_finish(append);
}

static enum fail
lay_out(struct pdf_file *file, const struct arrival *a,
    struct pdf_append *append, struct note *note)
{
	struct stamp_resources resources;
	struct pdf_page page = { .unit = 1 };
	struct pdf_box box = { 0, 0, 0, 0 };
	struct mark m;
	enum fail f = pdf_page_find(file, 1, &page);

	if (f)
		return note_set(note, f, "%s", file->note.text);
	f = place(file, &page, a, &box);
	if (f)
		return note_set(note, f == FAIL_MISSING ? FAIL_PLACE : f,
		    "page 1 has no blank place that can be seen: say where");
	f = stamp_resources_init(&resources, file, note);
	if (f)
		return f;
	f = draw(a, &resources.faces[FONT_UPRIGHT].font, page.rotate, &m);
	if (!f)
		f = put_mark(append, &page, &box, &m, &resources);
	if (f == FAIL_LIMIT)
		note_write(note, f, "a text of the mark is too long");
	mark_free(&m);
	return f;
}

enum fail
arrival_put(struct pdf_file *file, const struct arrival *a,
    struct pdf_append *append, struct note *note)
{
	enum fail f;

	if (!pdf_crypt_may_sign(&file->crypt, true))
		return note_set(note, FAIL_PROTECTED,
		    "ISO 32000-1 7.6.3.2: /P forbids it without the owner's "
		    "password");
	pdf_append_open(append, file);
	f = lay_out(file, a, append, note);
	if (f)
		pdf_append_close(append);
	return f;
}

#include "document/page_lines.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "document/font.h"
#include "document/pdf_content.h"

#define RUNS_MAX 20000u
#define LETTERS_MAX (1u << 20)
#define COLUMN_GAP 2.5 /* of the letters' size: more is another column */
#define WORD_GAP 0.15  /* more is a space */
#define SAME_LINE 0.4  /* of the size */

/* One run, upright on the page as it is shown. */
struct run {
	double x0, x1, y, size;
	size_t text, len; /* as it stands in the file */
};

struct runs {
	const struct pdf_page *page;
	struct run *list; /* owned */
	size_t count;
	struct buf text;
};

/* ---- runs ---- */

static void
shown_point(const struct pdf_page *page, double x, double y, double out[2])
{
	struct pdf_box at =
	    pdf_box_to_shown(page, (struct pdf_box){ x, y, x, y });

	out[0] = at.x0;
	out[1] = at.y0;
}

static bool
on_page(const struct pdf_page *page, const double at[static 2])
{
	struct pdf_box shown = pdf_page_shown(page);

	return at[0] >= shown.x0 && at[0] <= shown.x1 && at[1] >= shown.y0 &&
	    at[1] <= shown.y1;
}

static void
add_run(void *context, const struct content_text *text)
{
	struct runs *p = context;
	double from[2], to[2];

	if (p->count == RUNS_MAX || text->size <= 0 || text->size > 1000)
		return;
	shown_point(p->page, text->x0, text->y0, from);
	shown_point(p->page, text->x1, text->y1, to);
	/* Only what can be seen … */
	if (!on_page(p->page, from) || !isfinite(to[0]) || !isfinite(to[1]))
		return;
	/* … and is read from left to right. */
	if (to[0] < from[0] || fabs(to[1] - from[1]) > SAME_LINE * text->size)
		return;
	p->list[p->count++] = (struct run){ from[0], to[0], from[1], text->size,
		p->text.len, text->text.len };
	buf_bytes(&p->text, text->text);
	if (buf_fail(&p->text))
		p->count--;
}

static int
by_height(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	return x->y > y->y ? -1 : x->y < y->y;
}

static int
by_side(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	return x->x0 < y->x0 ? -1 : x->x0 > y->x0;
}

/* From the top down, on one line from left to right. */
static void
sort_runs(struct runs *p)
{
	size_t end;

	qsort(p->list, p->count, sizeof(*p->list), by_height);
	for (size_t from = 0; from < p->count; from = end) {
		const struct run *first = &p->list[from];

		end = from + 1;
		while (end < p->count &&
		    first->y - p->list[end].y <= SAME_LINE * first->size)
			end++;
		qsort(&p->list[from], end - from, sizeof(*p->list), by_side);
	}
}

/* ---- lines ---- */

struct making {
	struct page_lines *lines;
	struct page_line *line; /* the one at hand */
	const struct font *font;
	bool places;
};

static bool
goes_on(const struct page_line *l, const struct run *r)
{
	return fabs(l->y - r->y) <= SAME_LINE * l->size &&
	    r->x0 - l->x1 <= COLUMN_GAP * l->size && r->x0 >= l->x0 - l->size;
}

static bool
ends_with_space(const struct making *m)
{
	const struct buf *letters = &m->lines->letters;

	return letters->len == m->line->from ||
	    letters->data[letters->len - 1] == ' ';
}

/* One letter, folded; nothing of a mark, and of spaces one. */
static void
put_letter(struct making *m, uint32_t point, double x0, double x1)
{
	struct buf *letters = &m->lines->letters;
	struct page_letter place = { x0, x1 };
	size_t before = letters->len;

	if (point == '\t' || point == '\n' || point == 0xA0)
		point = ' ';
	if ((point >= 0x0300 && point < 0x0370) || point == UINT32_MAX ||
	    (point == ' ' && ends_with_space(m)))
		return;
	text_put(letters, text_fold_point(point));
	for (; m->places && before < letters->len; before++)
		buf_add(&m->lines->places, &place, sizeof(place));
}

static double
width_of(const struct making *m, struct bytes letter)
{
	return m->places ? font_width(m->font, letter, 1) : 0;
}

static void
put_run(struct making *m, const struct runs *p, const struct run *r)
{
	struct bytes text = bytes_part(buf_view(&p->text), r->text, r->len);
	double whole = width_of(m, text), x = r->x0, scale;

	scale = whole > 0 ? (r->x1 - r->x0) / whole : 0;
	if (r->x0 - m->line->x1 > WORD_GAP * m->line->size)
		put_letter(m, ' ', m->line->x1, r->x0);
	for (size_t at = 0; at < text.len;) {
		size_t from = at;
		uint32_t point = text_next(text, &at);
		double wide =
		    width_of(m, bytes_part(text, from, at - from)) * scale;

		put_letter(m, point, x, x + wide);
		x += wide;
	}
	m->line->x1 = fmax(m->line->x1, r->x1);
	m->line->size = fmax(m->line->size, r->size);
}

/* The line that begins at run *at; steps over it. */
static void
take_line(struct making *m, const struct runs *p, size_t *at)
{
	const struct run *first = &p->list[(*at)++];
	struct page_lines *lines = m->lines;

	m->line = &lines->list[lines->count];
	*m->line = (struct page_line){ .x0 = first->x0,
		.x1 = first->x0,
		.y = first->y,
		.size = first->size,
		.from = lines->letters.len };
	put_run(m, p, first);
	while (*at < p->count && goes_on(m->line, &p->list[*at]))
		put_run(m, p, &p->list[(*at)++]);
	m->line->len = lines->letters.len - m->line->from;
	while (m->line->len &&
	    lines->letters.data[m->line->from + m->line->len - 1] == ' ')
		m->line->len--;
	if (m->line->len)
		lines->count++;
}

static enum fail
make_lines(struct page_lines *lines, struct runs *p, bool places)
{
	struct making m = { .lines = lines, .places = places };
	struct font font;
	struct note unused;
	size_t at = 0;
	enum fail f = FAIL_NONE;

	if (places)
		f = font_open(&font, font_builtin(FONT_UPRIGHT), &unused);
	m.font = &font;
	lines->list = calloc(p->count ? p->count : 1, sizeof(*lines->list));
	if (!f && !lines->list)
		f = FAIL_MEMORY;
	if (f)
		return f;
	sort_runs(p);
	while (at < p->count)
		take_line(&m, p, &at);
	/* A page of more letters than that is not looked at to its end. */
	return buf_fail(&lines->letters) == FAIL_MEMORY ? FAIL_MEMORY :
							  FAIL_NONE;
}

enum fail
page_lines_read(struct pdf_file *file, const struct pdf_page *page, bool places,
    struct page_lines *lines)
{
	struct runs p = { .page = page };
	struct content_visitor visitor = { .context = &p, .text = add_run };
	enum fail f;

	*lines = (struct page_lines){ .count = 0 };
	buf_init(&lines->letters, LETTERS_MAX);
	buf_init(&lines->places, LETTERS_MAX * sizeof(struct page_letter));
	buf_init(&p.text, LETTERS_MAX);
	p.list = malloc(RUNS_MAX * sizeof(*p.list));
	f = p.list ? pdf_content_walk(file, page, &visitor) : FAIL_MEMORY;
	if (!f || f == FAIL_LIMIT)
		f = make_lines(lines, &p, places);
	free(p.list);
	buf_free(&p.text);
	return f;
}

void
page_lines_free(struct page_lines *lines)
{
	free(lines->list);
	buf_free(&lines->letters);
	buf_free(&lines->places);
}

struct bytes
page_line_text(const struct page_lines *lines, const struct page_line *line)
{
	return bytes_part(buf_view(&lines->letters), line->from, line->len);
}

bool
page_line_beside(const struct page_line *a, const struct page_line *b)
{
	return fabs(a->y - b->y) <= SAME_LINE * fmax(a->size, b->size);
}

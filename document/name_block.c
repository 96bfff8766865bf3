#include "document/name_block.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "document/pdf_content.h"

#define RUNS_MAX 20000u
#define LETTERS_MAX (1u << 20)
#define NAME_MAX 256u
#define COLUMN_GAP 2.5   /* of the letters' size: more is another column */
#define WORD_GAP 0.15    /* more is a space */
#define SAME_LINE 0.4    /* of the size */
#define CAP_HEIGHT 0.7   /* of the size */
#define POST_NEAREST 1.2 /* lines between name and post, of the size */
#define POST_FARTHEST 14.0
#define POST_USUAL 7.0
#define ROOM 2.2           /* for a hand, of the size */
#define CANDIDATES_MAX 64u /* of one page */

/* One run, upright on the page as it is shown. */
struct run {
	double x0, x1, y, size;
	size_t text, len; /* folded, in letters */
};

struct page_text {
	const struct pdf_page *page;
	struct run *runs; /* owned */
	size_t count;
	struct buf letters;
};

/* ---- the page's text ---- */

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
	struct page_text *p = context;
	double from[2], to[2];
	struct run *r;

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
	r = &p->runs[p->count];
	*r = (struct run){ from[0], to[0], from[1], text->size, p->letters.len,
		0 };
	if (text_fold(text->text, &p->letters))
		return;
	r->len = p->letters.len - r->text;
	p->count++;
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
sort_runs(struct page_text *p)
{
	size_t end;

	qsort(p->runs, p->count, sizeof(*p->runs), by_height);
	for (size_t from = 0; from < p->count; from = end) {
		const struct run *first = &p->runs[from];

		end = from + 1;
		while (end < p->count &&
		    first->y - p->runs[end].y <= SAME_LINE * first->size)
			end++;
		qsort(&p->runs[from], end - from, sizeof(*p->runs), by_side);
	}
}

/* ---- lines ---- */

/* A stretch of one line without a wide gap. */
struct line {
	double x0, x1, y, size;
	struct buf letters; /* folded, words with one space between */
};

static bool
goes_on(const struct line *l, const struct run *r)
{
	return fabs(l->y - r->y) <= SAME_LINE * l->size &&
	    r->x0 - l->x1 <= COLUMN_GAP * l->size && r->x0 >= l->x0 - l->size;
}

static void
put_run(struct line *l, const struct page_text *p, const struct run *r)
{
	struct bytes text = bytes_part(buf_view(&p->letters), r->text, r->len);

	if (l->letters.len && r->x0 - l->x1 > WORD_GAP * l->size)
		buf_char(&l->letters, ' ');
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];
		bool space = c == ' ' || c == '\t' || c == '\n';

		if (space &&
		    (!l->letters.len ||
			l->letters.data[l->letters.len - 1] == ' '))
			continue;
		buf_u8(&l->letters, space ? ' ' : c);
	}
	l->x1 = fmax(l->x1, r->x1);
	l->size = fmax(l->size, r->size);
}

/* The line that begins at run *at; steps over it. */
static void
take_line(const struct page_text *p, size_t *at, struct line *l)
{
	const struct run *first = &p->runs[(*at)++];

	buf_clear(&l->letters);
	l->x0 = l->x1 = first->x0;
	l->y = first->y;
	l->size = first->size;
	put_run(l, p, first);
	while (*at < p->count && goes_on(l, &p->runs[*at]))
		put_run(l, p, &p->runs[(*at)++]);
	while (l->letters.len && l->letters.data[l->letters.len - 1] == ' ')
		l->letters.len--;
}

/* ---- the name ---- */

static enum fail
fold_name(struct bytes name, struct buf *out)
{
	struct buf folded;
	enum fail f;

	buf_init(&folded, NAME_MAX);
	f = text_fold(name, &folded);
	for (size_t i = 0; i < folded.len && !f; i++) {
		uint8_t c = folded.data[i];

		if (c == ' ' && (!out->len || out->data[out->len - 1] == ' '))
			continue;
		buf_u8(out, c);
	}
	buf_free(&folded);
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	if (!f)
		f = buf_fail(out);
	return !f && !out->len ? FAIL_MISSING : f;
}

/* ---- which of several ---- */

/* What speaks for a place; one without any is a mention and no block. */
#define FOR_ROOM 2u   /* room for a hand above the name … */
#define FOR_POST 2u   /* … and a post above that */
#define FOR_ALONE 1u  /* nothing else on its line but titles */
#define FOR_PLACES 1u /* the recipients' list is on the same page */
#define FOR_BLOCK (FOR_ROOM + FOR_POST)
#define FOR_ALL (FOR_BLOCK + FOR_ALONE + FOR_PLACES)

static bool
has_word(struct bytes line, const char *word)
{
	return bytes_find(line, word) != SIZE_MAX;
}

/* "KT. GIÁM ĐỐC", "CHỦ TỊCH", "TRƯỞNG PHÒNG" (Decree 30/2020 Annex I, 7a). */
static bool
is_post(struct bytes line)
{
	static const char *const orders[] = { "kt.", "tm.", "tl.", "tuq.",
		"q." };
	static const char *const words[] = { "giam doc", "truong", "chu tich",
		"chanh", "chu nhiem", "bi thu", "tong ", "uy vien", "dai dien",
		"tham phan", "ke toan" };

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (bytes_starts(line, orders[i]))
			return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (has_word(line, words[i]))
			return true;
	return false;
}

/* "TS.", "PGS.TS.", "Đại tá": what may stand before a name. */
static bool
is_title(struct bytes text)
{
	static const char *const words[] = { "gs", "pgs", "ts", "ths", "bs",
		"bscki", "bsckii", "cki", "ckii", "ks", "kts", "cn", "ls", "dr",
		"nsnd", "nsut", "thac", "tien", "si", "sy", "dai", "thuong",
		"trung", "thieu", "ta", "tuong", "uy" };

	while (text.len) {
		size_t n = 0;
		bool known = false;

		while (
		    n < text.len && text.data[n] != '.' && text.data[n] != ' ')
			n++;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			known = known ||
			    bytes_equal_text(bytes_part(text, 0, n), words[i]);
		if (n && !known)
			return false;
		text = bytes_part(text, n + (n < text.len), SIZE_MAX);
	}
	return true;
}

/* The whole line, or its end behind a space: "KT. … Nguyễn Văn A" in a table
 * cell without a gap is still his. */
static bool
ends_with(struct bytes line, struct bytes name)
{
	size_t at;

	if (line.len < name.len)
		return false;
	at = line.len - name.len;
	return bytes_equal(bytes_part(line, at, SIZE_MAX), name) &&
	    (!at || line.data[at - 1] == ' ' || line.data[at - 1] == '.');
}

/* The nearest line above that stands over the name: how far, and is it a
 * post's? */
static double
find_post(
    const struct page_text *p, const struct line *name, double x, bool *is_one)
{
	struct line line = { .x0 = 0 };
	double nearest = POST_FARTHEST * name->size;
	size_t at = 0;

	*is_one = false;
	buf_init(&line.letters, 65536);
	while (at < p->count) {
		double up;

		take_line(p, &at, &line);
		up = line.y - name->y;
		if (!line.letters.len || up < POST_NEAREST * name->size ||
		    up > nearest || line.x1 < x - 4 * line.size ||
		    line.x0 > x + 4 * line.size)
			continue;
		nearest = up;
		*is_one = is_post(buf_view(&line.letters));
	}
	buf_free(&line.letters);
	return nearest;
}

static bool
has_recipients(const struct page_text *p)
{
	return has_word(buf_view(&p->letters), "noi nhan");
}

/* What speaks for the line at hand, and where the hand goes. */
static unsigned
weigh(const struct page_text *p, const struct line *line, struct bytes name,
    struct name_block *block)
{
	/* The name's part of the line, by its letters. */
	double share = (double)name.len / (double)line->letters.len;
	struct bytes before = bytes_part(
	    buf_view(&line->letters), 0, line->letters.len - name.len);
	bool post = false;
	unsigned weight;
	double up;

	block->x = line->x1 - share * (line->x1 - line->x0) / 2;
	block->name_top = line->y + CAP_HEIGHT * line->size;
	up = find_post(p, line, block->x, &post);
	/* Nothing over it, as on a page that begins with it. */
	block->post = line->y +
	    (up < POST_FARTHEST * line->size ? up : POST_USUAL * line->size);
	weight = (up >= ROOM * line->size ? FOR_ROOM : 0) +
	    (post || is_post(before) ? FOR_POST : 0);
	if (weight && is_title(before))
		weight += FOR_ALONE;
	/* A mention: "soạn thảo: …" below whatever it is. */
	else if (weight < FOR_BLOCK)
		weight = 0;
	return weight && has_recipients(p) ? weight + FOR_PLACES : weight;
}

static unsigned
find_on_page(
    const struct page_text *p, struct bytes name, struct name_block *block)
{
	struct line line = { .x0 = 0 };
	unsigned best = 0;
	size_t at = 0, looked = 0;

	buf_init(&line.letters, 65536);
	while (at < p->count && looked < CANDIDATES_MAX) {
		struct name_block here;
		unsigned weight;

		take_line(p, &at, &line);
		if (!ends_with(buf_view(&line.letters), name))
			continue;
		looked++;
		weight = weigh(p, &line, name, &here);
		/* Of two as good on one page the lower. */
		if (weight && weight >= best) {
			best = weight;
			here.page = block->page;
			*block = here;
		}
	}
	buf_free(&line.letters);
	return best;
}

static enum fail
look_at_page(struct pdf_file *file, unsigned number, struct bytes name,
    struct name_block *block, unsigned *weight)
{
	struct page_text p = { .count = 0 };
	struct content_visitor visitor = { .context = &p, .text = add_run };
	struct pdf_page page;
	enum fail f = pdf_page_find(file, number, &page);

	*weight = 0;
	if (f)
		return f;
	p.page = &page;
	p.runs = calloc(RUNS_MAX, sizeof(*p.runs));
	buf_init(&p.letters, LETTERS_MAX);
	f = p.runs ? pdf_content_walk(file, &page, &visitor) : FAIL_MEMORY;
	if (!f || f == FAIL_LIMIT) {
		sort_runs(&p);
		block->page = number;
		*weight = find_on_page(&p, name, block);
		f = FAIL_NONE;
	}
	free(p.runs);
	buf_free(&p.letters);
	return f;
}

/* Of two as good the first: what follows is an annex in the same file, with
 * another's block or the same person's once more. */
static enum fail
look_through(struct pdf_file *file, unsigned from, unsigned to,
    struct bytes name, struct name_block *block, unsigned *best)
{
	struct arena_mark mark = arena_mark(&file->arena);
	enum fail f = FAIL_NONE;

	for (unsigned n = from; n <= to && !f && *best < FOR_ALL; n++) {
		struct name_block here;
		unsigned weight;

		f = look_at_page(file, n, name, &here, &weight);
		arena_back(&file->arena, mark);
		if (weight > *best) {
			*best = weight;
			*block = here;
		}
	}
	return f;
}

enum fail
name_block_find(
    struct pdf_file *file, struct bytes name, struct name_block *block)
{
	struct buf folded;
	unsigned pages, best = 0;
	enum fail f;

	buf_init(&folded, NAME_MAX);
	f = fold_name(name, &folded);
	if (!f)
		f = pdf_page_count(file, &pages);
	if (!f) {
		unsigned first =
		    pages < NAME_BLOCK_PAGES ? pages : NAME_BLOCK_PAGES;

		f = look_through(
		    file, 1, first, buf_view(&folded), block, &best);
		if (!f && !best && pages > first)
			f = look_through(file,
			    pages - first > NAME_BLOCK_PAGES ?
				pages - NAME_BLOCK_PAGES + 1 :
				first + 1,
			    pages, buf_view(&folded), block, &best);
	}
	buf_free(&folded);
	return !f && !best ? FAIL_MISSING : f;
}

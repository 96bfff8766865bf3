#include "document/head_words.h"

#include <math.h>

#include "document/page_lines.h"

#define HEAD 0.55 /* of the page's height, from below: the head begins */
#define HIGH 18.0 /* of a box, points */
#define NUMBER_LEAST 14.0 /* points, for a number … */
#define PART_LEAST 9.0    /* … and for "30" */
#define YEAR_WIDE 34.0
#define MARGIN 1.0        /* to the letters beside */
#define NUMBER_WIDE 130.0 /* with the symbol, where nothing follows */

/* All that stands on one height, its lines joined. */
struct row {
	const struct pdf_page *page;
	struct buf letters, places;
	double y;
};

static const struct page_letter *
place(const struct row *r, size_t at)
{
	return (const struct page_letter *)r->places.data + at;
}

static void
add_line(
    struct row *r, const struct page_lines *lines, const struct page_line *l)
{
	const struct page_letter *places =
	    (const struct page_letter *)lines->places.data + l->from;
	struct page_letter gap = { l->x0, l->x0 };

	if (r->letters.len) {
		buf_char(&r->letters, ' ');
		buf_add(&r->places, &gap, sizeof(gap));
	}
	buf_bytes(&r->letters, page_line_text(lines, l));
	buf_add(&r->places, places, l->len * sizeof(*places));
	r->y = l->y;
}

/* Behind blanks and what writers draw there: dots, lines. */
static size_t
behind_blank(const struct row *r, size_t at)
{
	static const char ellipsis[] = "\xE2\x80\xA6";
	struct bytes in = buf_view(&r->letters);

	while (at < in.len) {
		if (in.data[at] == ' ' || in.data[at] == '.' ||
		    in.data[at] == '_' || in.data[at] == '-')
			at++;
		else if (bytes_starts(bytes_part(in, at, SIZE_MAX), ellipsis))
			at += 3;
		else
			break;
	}
	return at;
}

/* From one letter's right edge to another's left, at most so wide; nothing
 * follows: as wide. */
static struct pdf_box
blank(const struct row *r, size_t after, size_t before, double wide)
{
	double k = 1 / r->page->unit;
	double from = place(r, after)->x1 + MARGIN * k, to = from + wide * k;

	if (before < r->letters.len)
		to = fmin(to, place(r, before)->x0 - MARGIN * k);
	return (struct pdf_box){ from, r->y - HEAD_WORDS_BASE * k, to,
		r->y + (HIGH - HEAD_WORDS_BASE) * k };
}

static bool
is_wide(const struct row *r, struct pdf_box box, double points)
{
	return (box.x1 - box.x0) * r->page->unit >= points;
}

/* Where a word ends that begins a line or follows a blank; SIZE_MAX: nowhere
 * from there on. */
static size_t
end_of(const struct row *r, size_t from, const char *word)
{
	struct bytes in = buf_view(&r->letters);

	for (size_t at = from; at < in.len; at++) {
		size_t hit = bytes_find(bytes_part(in, at, SIZE_MAX), word);

		if (hit == SIZE_MAX)
			break;
		at += hit;
		if (!at || in.data[at - 1] == ' ')
			return at + strlen(word);
	}
	return SIZE_MAX;
}

static bool
starts(const struct row *r, size_t at, const char *word)
{
	return bytes_starts(
	    bytes_part(buf_view(&r->letters), at, SIZE_MAX), word);
}

static void
find_number(const struct row *r, struct head_words *h)
{
	static const char *const words[] = { "so:", "so :" };
	size_t after = SIZE_MAX, next;
	struct pdf_box box;
	bool slash;

	for (size_t i = 0; i < 2 && after == SIZE_MAX; i++)
		after = end_of(r, 0, words[i]);
	if (h->number || after == SIZE_MAX)
		return;
	next = behind_blank(r, after);
	slash = next < r->letters.len && starts(r, next, "/");
	box = blank(r, after - 1, next, NUMBER_WIDE);
	/* Something else stands there, near: a number, perhaps. */
	if (!is_wide(r, box, slash ? NUMBER_LEAST : NUMBER_WIDE / 2))
		return;
	h->number = true;
	h->slash = slash;
	h->number_box = box;
}

static void
find_date(const struct row *r, struct head_words *h)
{
	size_t day = end_of(r, 0, "ngay"), month, year, next;

	if (h->date || day == SIZE_MAX)
		return;
	month = behind_blank(r, day);
	if (!starts(r, month, "thang"))
		return;
	h->day_box = blank(r, day - 1, month, 1000);
	month += strlen("thang");
	year = behind_blank(r, month);
	if (!starts(r, year, "nam"))
		return;
	h->month_box = blank(r, month - 1, year, 1000);
	year += strlen("nam");
	next = behind_blank(r, year);
	h->year_box = blank(r, year - 1, next, YEAR_WIDE);
	h->year =
	    next == r->letters.len || is_wide(r, h->year_box, YEAR_WIDE - 1);
	h->date = is_wide(r, h->day_box, PART_LEAST) &&
	    is_wide(r, h->month_box, PART_LEAST);
}

static void
look_at_rows(const struct pdf_page *page, const struct page_lines *lines,
    struct head_words *h)
{
	struct pdf_box shown = pdf_page_shown(page);
	double lowest = shown.y0 + HEAD * (shown.y1 - shown.y0);
	struct row row = { .page = page };
	size_t end;

	buf_init(&row.letters, 65536);
	buf_init(&row.places, 65536 * sizeof(struct page_letter));
	for (size_t i = 0; i < lines->count; i = end) {
		const struct page_line *first = &lines->list[i];

		buf_clear(&row.letters);
		buf_clear(&row.places);
		for (end = i; end < lines->count &&
		     page_line_beside(first, &lines->list[end]);
		     end++)
			add_line(&row, lines, &lines->list[end]);
		if (first->y < lowest || buf_fail(&row.letters) ||
		    buf_fail(&row.places))
			continue;
		find_number(&row, h);
		find_date(&row, h);
	}
	buf_free(&row.letters);
	buf_free(&row.places);
}

enum fail
head_words_find(struct pdf_file *file, struct head_words *h)
{
	struct page_lines lines;
	struct pdf_page page;
	enum fail f = pdf_page_find(file, 1, &page);

	*h = (struct head_words){ .number = false };
	if (f)
		return f;
	f = page_lines_read(file, &page, true, &lines);
	if (!f)
		look_at_rows(&page, &lines, h);
	page_lines_free(&lines);
	return f;
}

/* ---- the words that go there ---- */

struct bytes
head_words_number(struct bytes text, bool slash)
{
	const uint8_t *colon =
	    text.len ? memchr(text.data, ':', text.len) : NULL;
	const uint8_t *end;

	if (colon)
		text =
		    bytes_part(text, (size_t)(colon - text.data) + 1, SIZE_MAX);
	while (text.len && text.data[0] == ' ')
		text = bytes_part(text, 1, SIZE_MAX);
	end = slash && text.len ? memchr(text.data, '/', text.len) : NULL;
	return end ? bytes_part(text, 0, (size_t)(end - text.data)) : text;
}

bool
head_words_day(struct bytes text, unsigned numbers[static 3])
{
	unsigned count = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (c < '0' || c > '9')
			continue;
		if (!i || text.data[i - 1] < '0' || text.data[i - 1] > '9') {
			if (count++ >= 3) {
				numbers[0] = numbers[1];
				numbers[1] = numbers[2];
			}
			numbers[count > 3 ? 2 : count - 1] = 0;
		}
		numbers[count > 3 ? 2 : count - 1] *= 10;
		numbers[count > 3 ? 2 : count - 1] += c - '0';
	}
	return count >= 3;
}

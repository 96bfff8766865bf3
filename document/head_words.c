#include "document/head_words.h"

#include <math.h>

#include "base/text.h"
#include "document/page_lines.h"

#define HEAD 0.55 /* of the page's height, from below: the head begins … */
#define DATE 0.70 /* … and what says a date is the document's own */
#define HIGH 18.0 /* of a box, points */
#define NUMBER_LEAST 14.0 /* points, for a number … */
#define PART_LEAST 9.0    /* … and for "30" */
#define YEAR_WIDE 34.0
#define DIGIT_WIDE 7.0
#define MARGIN 1.0        /* to the letters beside */
#define NUMBER_WIDE 130.0 /* with the symbol, where nothing follows */
#define NEXT_LINE 2.4     /* of the letters' size, at most */
#define PLACE_MAX 60u     /* bytes of a place's name in front of a date */
#define STEP 3.0          /* points, looking for a place without text … */
#define STEPS 40          /* … below and above in turn */

/* Between stretches of a row that have a wide gap between them. */
#define GAP '\t'

/* All that stands on one height, its lines joined. */
struct row {
	const struct pdf_page *page;
	const struct page_lines *lines;
	struct buf letters, places;
	double y, size;
};

static const struct page_letter *
place(const struct row *r, size_t at)
{
	return (const struct page_letter *)r->places.data + at;
}

static void
add_line(struct row *r, const struct page_line *l)
{
	const struct page_letter *places =
	    (const struct page_letter *)r->lines->places.data + l->from;
	struct page_letter gap = { l->x0, l->x0 };

	if (r->letters.len) {
		buf_char(&r->letters, GAP);
		buf_add(&r->places, &gap, sizeof(gap));
	}
	buf_bytes(&r->letters, page_line_text(r->lines, l));
	buf_add(&r->places, places, l->len * sizeof(*places));
	r->y = l->y;
	r->size = l->size;
}

static int
letter(const struct row *r, size_t at)
{
	return at < r->letters.len ? r->letters.data[at] : GAP;
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* Behind blanks and what writers draw there: dots, lines, brackets. */
static size_t
behind_blank(const struct row *r, size_t at)
{
	static const char ellipsis[] = "\xE2\x80\xA6";
	struct bytes in = buf_view(&r->letters);

	while (at < in.len) {
		if (strchr(" \t._-()[]", in.data[at]))
			at++;
		else if (bytes_starts(bytes_part(in, at, SIZE_MAX), ellipsis))
			at += 3;
		else
			break;
	}
	return at;
}

/* Where the stretch begins, and ends, that a letter stands in. */
static size_t
stretch_start(const struct row *r, size_t at)
{
	while (at && r->letters.data[at - 1] != GAP)
		at--;
	return at;
}

static size_t
stretch_end(const struct row *r, size_t at)
{
	while (letter(r, at) != GAP)
		at++;
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

/* Open where that has room, else narrow. */
static struct head_part
open_part(const struct row *r, struct pdf_box box, double least)
{
	return (struct head_part){ .state = (box.x1 - box.x0) * r->page->unit >=
			least ?
		    HEAD_OPEN :
		    HEAD_NARROW,
		.box = box };
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
		if (!at || in.data[at - 1] == ' ' || in.data[at - 1] == GAP)
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

/* ---- the number ---- */

/* Word processors make long dashes of short ones. */
static void
keep_text(struct bytes text, char out[static HEAD_TEXT_MAX])
{
	size_t n = 0;

	for (size_t at = 0; at < text.len && n + 5 < HEAD_TEXT_MAX;) {
		size_t from = at;
		uint32_t point = text_next(text, &at);

		if ((point >= 0x2010 && point <= 0x2015) || point == 0x2212) {
			out[n++] = '-';
			continue;
		}
		memcpy(out + n, text.data + from, at - from);
		n += at - from;
	}
	out[n] = 0;
}

/* Something else stands near: a number, or no room for one. */
static void
read_number(
    const struct row *r, size_t after, size_t next, struct head_words *h)
{
	size_t end = stretch_end(r, next);

	if (end == next || letter(r, next) == '/' ||
	    (stretch_end(r, after) <= next && !is_digit(letter(r, next)))) {
		h->number.state = HEAD_NARROW;
		return;
	}
	h->number.state = HEAD_WRITTEN;
	keep_text(bytes_part(buf_view(&r->letters), next, end - next), h->text);
}

static void
find_number(const struct row *r, struct head_words *h)
{
	static const char *const words[] = { "so:", "so :" };
	size_t after = SIZE_MAX, next, word = 0;
	struct head_part part;
	bool slash, written;

	for (size_t i = 0; i < 2 && after == SIZE_MAX; i++) {
		after = end_of(r, 0, words[i]);
		word = strlen(words[i]);
	}
	/* "Mã số: …", "Tờ trình số: …" are others. */
	if (h->number.state != HEAD_NONE || after == SIZE_MAX ||
	    stretch_start(r, after - 1) != after - word)
		return;
	next = behind_blank(r, after);
	slash = letter(r, next) == '/';
	part = open_part(r, blank(r, after - 1, next, NUMBER_WIDE),
	    slash ? NUMBER_LEAST : NUMBER_WIDE / 2);
	written = is_digit(letter(r, next)) &&
	    (part.box.x1 - part.box.x0) * r->page->unit < NUMBER_WIDE - 1;
	if (written || part.state == HEAD_NARROW) {
		read_number(r, after, next, h);
		return;
	}
	if (slash) {
		size_t end = stretch_end(r, next);

		h->slash = true;
		keep_text(
		    bytes_part(buf_view(&r->letters), next + 1, end - next - 1),
		    h->text);
		/* Nor is there room for a symbol. */
		if (behind_blank(r, next + 1) >= end)
			part.state = HEAD_NARROW;
	}
	h->number = part;
}

/* ---- the date ---- */

/* Digits, at most so many. */
static unsigned
digits(const struct row *r, size_t at, unsigned most, unsigned *value)
{
	unsigned n = 0;

	*value = 0;
	while (n <= most && is_digit(letter(r, at + n)))
		*value = *value * 10 + (unsigned)(letter(r, at + n++) - '0');
	return n <= most ? n : 0;
}

/* Day or month, between the word that ends at *at and the next one, which it
 * steps over. */
static bool
read_part(
    const struct row *r, size_t *at, const char *word, struct head_part *part)
{
	size_t next = behind_blank(r, *at);
	unsigned value, n = digits(r, next, 2, &value);
	size_t behind = n ? behind_blank(r, next + n) : next;

	if (!starts(r, behind, word))
		return false;
	*part = n ? (struct head_part){ .state = HEAD_WRITTEN,
		.value = value,
		.digits = n } :
		    open_part(r, blank(r, *at - 1, next, 1000), PART_LEAST);
	*at = behind + strlen(word);
	return true;
}

static bool
is_year(struct bytes text, unsigned *value)
{
	*value = 0;
	for (size_t i = 0; i < text.len && is_digit(text.data[i]); i++)
		*value = *value * 10 + text.data[i] - '0';
	return text.len == 4 && *value >= 1000;
}

/* A year that went to the next line of its column. */
static bool
find_below(const struct row *r, size_t at, unsigned *value)
{
	double left = place(r, stretch_start(r, at - 1))->x0;
	double right = place(r, at - 1)->x1, size = r->size;

	for (size_t i = 0; i < r->lines->count; i++) {
		const struct page_line *l = &r->lines->list[i];
		double down = r->y - l->y;

		if (down > size / 2 && down < NEXT_LINE * size &&
		    l->x0 >= left - 2 * size && l->x1 <= right + 3 * size &&
		    is_year(page_line_text(r->lines, l), value))
			return true;
	}
	return false;
}

/* Whole, or what is left of it. */
static void
read_year(const struct row *r, size_t *at, struct head_part *part)
{
	size_t next = behind_blank(r, *at), from = *at - 1;
	unsigned value, n = digits(r, next, 4, &value);
	double wide = YEAR_WIDE;

	if (!n && stretch_end(r, *at) <= next && find_below(r, *at, &value))
		n = 4;
	else if (n)
		next = behind_blank(r, *at = next + n);
	if (n == 4) {
		*part = (struct head_part){
			.state = HEAD_WRITTEN, .value = value, .digits = n
		};
		return;
	}
	if (n) {
		from = *at - 1;
		wide = DIGIT_WIDE * (4 - n);
	}
	*part = open_part(r, blank(r, from, next, wide), wide - 1);
	/* Nothing follows: the margin will do. */
	if (next >= r->letters.len)
		part->state = HEAD_OPEN;
	part->value = value;
	part->digits = n;
}

/* "Khánh Hòa, ngày … năm 2026", all of it: no other date is written so. */
static bool
is_date_line(const struct row *r, size_t from, size_t end, bool open)
{
	struct bytes in = buf_view(&r->letters);
	size_t start = stretch_start(r, from), before = from;
	struct pdf_box shown = pdf_page_shown(r->page);

	/* Nor "Hôm nay, ngày …" and what a law is called. */
	if (starts(r, start, "hom nay"))
		return false;
	for (size_t at = start; at < from; at++)
		if (is_digit(in.data[at]))
			return false;
	while (before > start && in.data[before - 1] == ' ')
		before--;
	return from - start <= PLACE_MAX &&
	    (before == start || in.data[before - 1] == ',') &&
	    behind_blank(r, end) >= stretch_end(r, end) &&
	    (open || r->y >= shown.y0 + DATE * (shown.y1 - shown.y0));
}

static bool
read_date(const struct row *r, size_t *at, const char *month, const char *year,
    struct head_words *h)
{
	size_t from = *at - strlen("ngay"), end = *at;

	if (!read_part(r, &end, month, &h->day) ||
	    !read_part(r, &end, year, &h->month))
		return false;
	read_year(r, &end, &h->year);
	return is_date_line(r, from, end,
	    h->day.state == HEAD_OPEN && h->month.state == HEAD_OPEN);
}

static void
find_date(const struct row *r, struct head_words *h)
{
	static const struct head_part none = { .state = HEAD_NONE };

	if (h->day.state != HEAD_NONE)
		return;
	for (size_t at = end_of(r, 0, "ngay"); at != SIZE_MAX;
	     at = end_of(r, at, "ngay")) {
		if (read_date(r, &at, "thang", "nam", h) ||
		    read_date(r, &at, "/", "/", h))
			return;
		h->day = h->month = h->year = none;
	}
}

static void
look_at_rows(const struct pdf_page *page, const struct page_lines *lines,
    struct head_words *h)
{
	struct pdf_box shown = pdf_page_shown(page);
	double lowest = shown.y0 + HEAD * (shown.y1 - shown.y0);
	struct row row = { .page = page, .lines = lines };
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
			add_line(&row, &lines->list[end]);
		if (first->y < lowest || buf_fail(&row.letters) ||
		    buf_fail(&row.places))
			continue;
		find_number(&row, h);
		find_date(&row, h);
	}
	buf_free(&row.letters);
	buf_free(&row.places);
}

/* ---- the usual places ---- */

static bool
overlap(struct pdf_box a, struct pdf_box b)
{
	return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

static bool
is_free(const struct page_lines *lines, struct pdf_box box)
{
	for (size_t i = 0; i < lines->count; i++) {
		const struct page_line *l = &lines->list[i];
		struct pdf_box text = { l->x0, l->y - l->size / 5, l->x1,
			l->y + l->size * 0.7 };

		if (overlap(box, text))
			return false;
	}
	return true;
}

/* No text upon text: the nearest height that has none. */
static struct head_part
free_place(const struct pdf_page *page, const struct page_lines *lines,
    struct pdf_box box, const struct head_part *other)
{
	struct pdf_box shown = pdf_page_shown(page);

	for (int i = 0; i < STEPS; i++) {
		int steps = i % 2 ? -(i + 1) / 2 : i / 2;
		double down = steps * STEP / page->unit;
		struct pdf_box at = { box.x0, box.y0 - down, box.x1,
			box.y1 - down };

		if (at.y0 >= shown.y0 && (!i || at.y1 <= shown.y1) &&
		    is_free(lines, at) && !(other && overlap(at, other->box)))
			return (
			    struct head_part){ .state = HEAD_OPEN, .box = at };
	}
	return (struct head_part){ .state = HEAD_NARROW };
}

enum fail
head_words_find(struct pdf_file *file, struct pdf_box number,
    struct pdf_box date, struct head_words *h)
{
	struct page_lines lines;
	struct pdf_page page;
	enum fail f = pdf_page_find(file, 1, &page);

	*h = (struct head_words){ .slash = false };
	if (f)
		return f;
	f = page_lines_read(file, &page, true, &lines);
	if (!f) {
		look_at_rows(&page, &lines, h);
		if (h->number.state == HEAD_NONE)
			h->usual_number =
			    free_place(&page, &lines, number, NULL);
		if (h->day.state == HEAD_NONE)
			h->usual_date =
			    free_place(&page, &lines, date, &h->usual_number);
	}
	page_lines_free(&lines);
	return f;
}

/* ---- what is said already ---- */

uint32_t
head_words_dated(const struct head_words *h)
{
	const struct head_part *parts[] = { &h->year, &h->month, &h->day };
	uint32_t dated = 0;

	for (size_t i = 0; i < 3; i++)
		dated = dated * 100 +
		    (parts[i]->state == HEAD_WRITTEN ? parts[i]->value : 0);
	return dated;
}

bool
head_words_is_date(uint32_t dated, uint32_t date)
{
	uint32_t year = dated / 10000, month = dated / 100 % 100;
	uint32_t day = dated % 100;

	return (!year || year == date / 10000) &&
	    (!month || month == date / 100 % 100) &&
	    (!day || day == date % 100);
}

/* The same letters, whatever blanks are between them; of numbers, zeros in
 * front do not count. */
static bool
is_said(const char *said, struct bytes text)
{
	struct buf want;
	size_t i = 0, j = 0;
	bool good;

	buf_init(&want, 4 * HEAD_TEXT_MAX);
	good = !text_fold(text, &want);
	while (said[i] == '0' && is_digit(said[i + 1]))
		i++;
	while (j + 1 < want.len && want.data[j] == '0' &&
	    is_digit(want.data[j + 1]))
		j++;
	for (; good && j < want.len; j++) {
		if (want.data[j] == ' ')
			continue;
		while (said[i] == ' ')
			i++;
		/* It goes on in the next line. */
		if (!said[i] && i && said[i - 1] == '-')
			break;
		good = (uint8_t)said[i] == want.data[j];
		i += good;
	}
	buf_free(&want);
	/* And no more of them. */
	return good && !is_digit(said[i]) &&
	    !(said[i] >= 'a' && said[i] <= 'z') &&
	    !strchr("-/&", said[i] ? said[i] : ' ');
}

bool
head_words_is_number(const struct head_words *h, struct bytes number)
{
	const uint8_t *slash =
	    number.len ? memchr(number.data, '/', number.len) : NULL;
	size_t symbol = slash ? (size_t)(slash - number.data) + 1 : number.len;

	if (h->number.state == HEAD_WRITTEN)
		return is_said(h->text, number);
	return !h->slash || symbol == number.len ||
	    is_said(h->text, bytes_part(number, symbol, SIZE_MAX));
}

static enum fail
number_agrees(const struct head_words *h, struct bytes number, bool trial,
    struct note *note)
{
	bool written = h->number.state == HEAD_WRITTEN;
	char shown[64];

	if (!number.len)
		return FAIL_NONE;
	text_keep(shown, sizeof(shown), BYTES_TEXT(h->text));
	if ((written && trial) || !head_words_is_number(h, number))
		return note_set(note, FAIL_HEAD, "its %s says \"%s\"",
		    written ? "number" : "symbol", shown);
	return FAIL_NONE;
}

static enum fail
date_agrees(
    const struct head_words *h, const unsigned day[static 3], struct note *note)
{
	static const unsigned tens[] = { 1000, 100, 10 };
	uint32_t dated = head_words_dated(h);

	if (!head_words_is_date(dated, day[2] * 10000 + day[1] * 100 + day[0]))
		return note_set(note, FAIL_HEAD, "its date says %02u/%02u/%04u",
		    dated % 100, dated / 100 % 100, dated / 10000);
	if (h->year.state == HEAD_OPEN && h->year.digits &&
	    h->year.value != day[2] / tens[h->year.digits - 1])
		return note_set(
		    note, FAIL_HEAD, "its year begins with %u", h->year.value);
	return FAIL_NONE;
}

enum fail
head_words_agree(const struct head_words *h, bool number_room,
    struct bytes number, bool date_room, struct bytes date, bool trial,
    struct note *note)
{
	unsigned day[3];
	enum fail f;

	if (number.len && !number_room &&
	    (h->number.state == HEAD_NARROW ||
		h->usual_number.state == HEAD_NARROW))
		return note_set(note, FAIL_HEAD, "no room for the number");
	if (date.len && !date_room &&
	    (h->day.state == HEAD_NARROW || h->month.state == HEAD_NARROW ||
		h->year.state == HEAD_NARROW ||
		h->usual_date.state == HEAD_NARROW))
		return note_set(note, FAIL_HEAD, "no room for the date");
	f = number_agrees(h, head_words_number(number, false), trial, note);
	if (!f && !trial && head_words_day(date, day))
		f = date_agrees(h, day, note);
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

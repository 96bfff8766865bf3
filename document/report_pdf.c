#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/when.h"
#include "document/dormant.h"
#include "document/finding_text.h"
#include "document/font.h"
#include "document/indication.h"
#include "document/report.h"

/* A4 in points (ISO 216), with the margins of Decree 30/2020 Annex I, rounded.
 */
#define WIDTH 595.0
#define HEIGHT 842.0
#define LEFT 71.0
#define RIGHT (WIDTH - 50.0)
#define TOP (HEIGHT - 60.0)
#define BOTTOM 60.0
#define BODY 10.5
#define LEADING 1.35 /* of the size */
#define GAP 6.0      /* between columns */

#define SEED_MAX 4096u
#define TEXT_MAX 8192u
#define PAGE_BYTES_MAX (4u << 20)
#define PAGES_MAX 1000u
#define CELLS_MAX 3u

/* Red, green, blue. */
static const char black[] = "0 0 0", grey[] = ".35 .35 .35";

struct sheet {
	struct pdf_append *append;
	struct font fonts[FONT_FACES];
	struct font_subset letters[FONT_FACES];
	struct pdf_ref refs[FONT_FACES];
	struct pdf_ref pages[PAGES_MAX];
	size_t count;
	struct buf content; /* of the page being written */
	double y;           /* its next base line */
	enum fail fail;
};

/* A stretch of a line that is filled with as many lines as its text needs. */
struct cell {
	double x, width;
	enum font_face face;
	const char *color;
	struct buf text; /* only letters that the font has */
	size_t at;       /* written so far */
};

/* ---- pages ---- */

static void
page_begin(struct sheet *s)
{
	buf_clear(&s->content);
	s->y = TOP;
}

static void
put_run(struct sheet *s, double x, double y, double size, enum font_face face,
    const char *color, struct bytes text)
{
	struct buf *out = &s->content;

	buf_printf(out, "BT %s rg /F%d ", color, face);
	pdf_put_number(out, size);
	buf_text(out, " Tf ");
	pdf_put_number(out, x);
	buf_char(out, ' ');
	pdf_put_number(out, y);
	buf_text(out, " Td ");
	font_put_text(&s->letters[face], text, out);
	buf_text(out, " Tj ET\n");
}

static void
page_end(struct sheet *s)
{
	struct pdf_append *a = s->append;
	struct pdf_ref content = pdf_append_new(a), page = pdf_append_new(a);
	char number[32];
	int n = snprintf(number, sizeof(number), "Trang %zu", s->count + 1);

	if (s->count == PAGES_MAX) {
		s->fail = FAIL_LIMIT;
		return;
	}
	put_run(s, RIGHT - 40, BOTTOM - 24, 9, FONT_ITALIC, grey,
	    (struct bytes){ (const uint8_t *)number, (size_t)n });
	pdf_append_stream(a, content, "", buf_view(&s->content));
	pdf_append_begin(a, page);
	buf_printf(&a->out,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font"
	    "<</F0 %u 0 R/F1 %u 0 R>>>>/Contents %u 0 R>>",
	    s->refs[FONT_UPRIGHT].num, s->refs[FONT_ITALIC].num, content.num);
	pdf_append_end(a);
	s->pages[s->count++] = page;
	if (buf_fail(&s->content))
		s->fail = buf_fail(&s->content);
}

/* Go down by a line; to a new page when this one has no more. */
static void
go_down(struct sheet *s, double by)
{
	s->y -= by;
	if (s->y >= BOTTOM || s->fail)
		return;
	page_end(s);
	page_begin(s);
	s->y -= by;
}

/* Is there no room for so much?  Then on a new page. */
static void
keep_together(struct sheet *s, double height)
{
	if (s->y - height >= BOTTOM || s->fail)
		return;
	page_end(s);
	page_begin(s);
}

/* ---- text in columns ---- */

/* What the font lacks must not make the report fail. */
static void
put_known(struct font_subset *letters, struct bytes text, struct buf *out)
{
	struct buf codes;

	buf_init(&codes, 64);
	for (size_t at = 0; at < text.len;) {
		size_t start = at;
		uint32_t point = text_next(text, &at);
		struct bytes one = bytes_part(text, start, at - start);

		if (point < ' ') {
			buf_char(out, ' ');
		} else if (font_takes(letters, point)) {
			buf_bytes(out, one);
			/* Taken at once, so that the next one is counted. */
			buf_clear(&codes);
			font_put_text(letters, one, &codes);
		} else {
			buf_char(out, '?');
		}
	}
	buf_free(&codes);
}

static void
cell_init(
    struct sheet *s, struct cell *c, double x, double width, struct bytes text)
{
	*c = (struct cell){ .x = x, .width = width, .color = black };
	buf_init(&c->text, TEXT_MAX);
	put_known(&s->letters[FONT_UPRIGHT], text, &c->text);
	/* Longer than any text there is: what fits is told. */
	c->text.fail = FAIL_NONE;
}

/* How much of the text fits a line: whole words, or letters of a long one. */
static size_t
fit(const struct sheet *s, const struct cell *c, struct bytes text, double size)
{
	const struct font *font = &s->fonts[c->face];
	size_t n = font_fit(font, text, size, c->width);

	while (n > 1 &&
	    font_width(font, bytes_part(text, 0, n), size) > c->width) {
		n--;
		while (n > 1 && text.data[n] >> 6 == 2)
			n--;
	}
	return n;
}

static bool
put_line(struct sheet *s, struct cell *c, double size)
{
	struct bytes rest;
	size_t n;

	while (c->at < c->text.len && c->text.data[c->at] == ' ')
		c->at++;
	rest = bytes_part(buf_view(&c->text), c->at, SIZE_MAX);
	if (!rest.len)
		return false;
	n = fit(s, c, rest, size);
	put_run(s, c->x, s->y, size, c->face, c->color, bytes_part(rest, 0, n));
	c->at += n;
	return true;
}

static bool
any_left(const struct cell *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cells[i].at < cells[i].text.len)
			return true;
	return false;
}

/* Write a row, as many lines as its fullest cell needs; the cells end. */
static void
put_row(struct sheet *s, struct cell *cells, size_t count, double size)
{
	while (any_left(cells, count) && !s->fail) {
		go_down(s, size * LEADING);
		for (size_t i = 0; i < count; i++)
			(void)put_line(s, &cells[i], size);
	}
	for (size_t i = 0; i < count; i++)
		buf_free(&cells[i].text);
}

static void
put_rule(struct sheet *s)
{
	buf_text(&s->content, ".75 G .5 w ");
	pdf_put_number(&s->content, LEFT);
	buf_char(&s->content, ' ');
	pdf_put_number(&s->content, s->y - 4);
	buf_text(&s->content, " m ");
	pdf_put_number(&s->content, RIGHT);
	buf_char(&s->content, ' ');
	pdf_put_number(&s->content, s->y - 4);
	buf_text(&s->content, " l S\n");
	s->y -= 3;
}

static void
put_paragraph(
    struct sheet *s, double size, const char *color, struct bytes text)
{
	struct cell c;

	cell_init(s, &c, LEFT, RIGHT - LEFT, text);
	c.color = color;
	put_row(s, &c, 1, size);
}

static void
put_text(struct sheet *s, double size, const char *color, const char *text)
{
	put_paragraph(s, size, color, BYTES_TEXT(text));
}

/* ---- what stands in it ---- */

static const char *
color_of(enum verdict verdict)
{
	static const char *const colors[] = { ".04 .36 .11", ".66 0 0",
		".48 .29 0", ".48 .29 0" };

	return colors[verdict];
}

static void
put_finding(struct sheet *s, const struct findings *r, enum finding_kind kind)
{
	static const char *const colors[] = { ".04 .36 .11", ".12 .31 .56",
		".48 .29 0", ".66 0 0" };
	struct cell cells[CELLS_MAX];
	enum finding_state state;
	struct buf text;

	buf_init(&text, TEXT_MAX);
	state = finding_text(r, kind, &text);
	cell_init(s, &cells[0], LEFT, 120, BYTES_TEXT(finding_title(kind)));
	cell_init(s, &cells[1], LEFT + 120 + GAP, 70,
	    BYTES_TEXT(finding_state_vietnamese(state)));
	cells[1].color = colors[state];
	cell_init(s, &cells[2], LEFT + 190 + 2 * GAP,
	    RIGHT - LEFT - 190 - 2 * GAP, buf_view(&text));
	put_row(s, cells, 3, BODY);
	put_rule(s);
	buf_free(&text);
}

static void
put_item(struct sheet *s, const struct diff_item *item)
{
	double column = (RIGHT - LEFT - 2 * GAP) / 3;
	const char *texts[] = { item->before, item->after };
	struct cell cells[CELLS_MAX];
	struct buf where;

	buf_init(&where, TEXT_MAX);
	buf_text(&where, diff_kind_vietnamese(item->kind));
	if (item->name[0])
		buf_printf(&where, " %s", item->name);
	if (item->page)
		buf_printf(&where, ", trang %u", item->page);
	cell_init(s, &cells[0], LEFT, column, buf_view(&where));
	for (size_t i = 0; i < 2; i++)
		cell_init(s, &cells[1 + i],
		    LEFT + (double)(i + 1) * (column + GAP), column,
		    BYTES_TEXT(texts[i][0] ? texts[i] : "(không có)"));
	cells[2].color = ".66 0 0";
	put_row(s, cells, 3, BODY);
	put_rule(s);
	buf_free(&where);
}

/* Side by side: as it was signed, and as it is now. */
static void
put_items(struct sheet *s, const struct pdf_diff *d)
{
	static const char *const heads[] = { "Chỗ thay đổi", "Lúc ký",
		"Bây giờ" };
	double column = (RIGHT - LEFT - 2 * GAP) / 3;
	struct cell cells[CELLS_MAX];

	keep_together(s, 80);
	go_down(s, BODY);
	put_text(s, 12, black, "Đã khác so với lúc ký");
	for (size_t i = 0; i < 3; i++) {
		cell_init(s, &cells[i], LEFT + (double)i * (column + GAP),
		    column, BYTES_TEXT(heads[i]));
		cells[i].face = FONT_ITALIC;
	}
	put_row(s, cells, 3, BODY);
	put_rule(s);
	for (size_t i = 0; i < d->count; i++)
		put_item(s, &d->items[i]);
}

static void
put_diff(struct sheet *s, const struct pdf_diff *d)
{
	if (d->count)
		put_items(s, d);
	if (d->more)
		put_text(s, 9, grey, "Còn thay đổi khác không nêu ở đây.");
}

static void
put_about(struct sheet *s, const struct findings *r)
{
	char when[WHEN_TEXT_MAX], hex[2 * HASH_LEN + 1];
	enum indication indication;
	enum sub_indication sub = indication_of(r, &indication);
	struct buf text;

	buf_init(&text, TEXT_MAX);
	buf_printf(&text, "%s%s%s", indication_name(indication),
	    sub ? " · " : "", sub_indication_name(sub));
	buf_printf(&text, " · trường ký: %s", r->field);
	if (r->has_time && !r->is_timestamp) {
		when_stamp_text(r->time, when);
		buf_printf(&text, " · giờ ký người ký khai: %s", when);
	}
	if (r->has_signer) {
		bytes_to_hex(BYTES_ARRAY(r->signer_hash), hex);
		buf_printf(&text, " · chứng thư (SHA-256): %s", hex);
	}
	put_paragraph(s, 9, grey, buf_view(&text));
	buf_free(&text);
}

static void
put_signature(struct sheet *s, const struct findings *r, size_t number)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	buf_printf(&text, "%s %zu: %s", findings_title(r), number,
	    r->has_signer ? r->signer : "không rõ người ký");
	keep_together(s, 110);
	go_down(s, 14);
	put_paragraph(s, 13, black, buf_view(&text));
	put_text(s, 12, color_of(r->verdict), verdict_vietnamese(r->verdict));
	put_about(s, r);
	put_rule(s);
	for (enum finding_kind k = 0; k < FINDING_COUNT; k++)
		put_finding(s, r, k);
	if (r->diff)
		put_diff(s, r->diff);
	buf_free(&text);
}

static void
put_head(struct sheet *s, const struct signature_report *report,
    const char *file, int64_t instant)
{
	char when[WHEN_TEXT_MAX];
	struct buf text;

	buf_init(&text, TEXT_MAX);
	put_text(s, 18, black, REPORT_TITLE);
	when_stamp_text(instant, when);
	buf_printf(&text, "Tệp: %s. Kiểm tra lúc %s.", file, when);
	put_paragraph(s, BODY, grey, buf_view(&text));
	go_down(s, 8);
	put_text(s, 16, color_of(report->verdict),
	    verdict_vietnamese(report->verdict));
	if (report->dormant) {
		buf_clear(&text);
		buf_text(&text, "Lưu ý, không ảnh hưởng đến kết luận: ");
		dormant_text(report->dormant, &text);
		buf_char(&text, '.');
		put_paragraph(s, BODY, black, buf_view(&text));
	}
	buf_free(&text);
}

/* ---- the file ---- */

/* A document of no pages, which the report's pages are then added to. */
static enum fail
put_seed(struct buf *out)
{
	size_t at[4], table;

	buf_text(out, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
	at[1] = out->len;
	buf_text(out,
	    "1 0 obj\n<</Type/Catalog/Pages 2 0 R/Lang(vi)/ViewerPreferences"
	    "<</DisplayDocTitle true>>>>\nendobj\n");
	at[2] = out->len;
	buf_text(out, "2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n");
	at[3] = out->len;
	buf_text(out, "3 0 obj\n<</Title");
	pdf_put_text(out, BYTES_TEXT(REPORT_TITLE));
	buf_text(out, ">>\nendobj\n");
	table = out->len;
	buf_text(out, "xref\n0 4\n0000000000 65535 f\r\n");
	for (size_t i = 1; i < 4; i++)
		buf_printf(out, "%010zu 00000 n\r\n", at[i]);
	buf_printf(out,
	    "trailer\n<</Size 4/Root 1 0 R/Info 3 0 R>>\nstartxref\n%zu\n"
	    "%%%%EOF\n",
	    table);
	return buf_fail(out);
}

static enum fail
put_end(struct sheet *s)
{
	struct pdf_append *a = s->append;
	enum fail f = FAIL_NONE;

	page_end(s);
	pdf_append_begin(a, (struct pdf_ref){ 2, 0 });
	buf_text(&a->out, "<</Type/Pages/Kids[");
	for (size_t i = 0; i < s->count; i++) {
		pdf_append_ref(a, s->pages[i]);
		buf_char(&a->out, ' ');
	}
	buf_printf(&a->out, "]/Count %zu>>", s->count);
	pdf_append_end(a);
	for (size_t i = 0; i < FONT_FACES && !f; i++)
		f = font_embed(&s->letters[i], a, s->refs[i], false);
	if (!f)
		f = pdf_append_finish(a);
	return f ? f : s->fail;
}

static enum fail
put_pages(struct pdf_append *a, const struct signature_report *report,
    const char *file, int64_t instant)
{
	struct sheet *s = calloc(1, sizeof(*s));
	struct note note;
	enum fail f = FAIL_NONE;

	if (!s)
		return FAIL_MEMORY;
	s->append = a;
	buf_init(&s->content, PAGE_BYTES_MAX);
	for (enum font_face i = 0; i < FONT_FACES && !f; i++) {
		f = font_open(&s->fonts[i], font_builtin(i), &note);
		font_subset_init(&s->letters[i], &s->fonts[i]);
		s->refs[i] = pdf_append_new(a);
	}
	if (!f) {
		page_begin(s);
		put_head(s, report, file, instant);
		for (size_t i = 0; i < report->count; i++)
			put_signature(s, &report->results[i], i + 1);
		f = put_end(s);
	}
	buf_free(&s->content);
	free(s);
	return f;
}

enum fail
report_pdf(const struct signature_report *report, const char *file,
    int64_t instant, struct buf *out)
{
	struct pdf_append append;
	struct pdf_file seed;
	struct buf bytes;
	enum fail f;

	buf_init(&bytes, SEED_MAX);
	f = put_seed(&bytes);
	if (!f)
		f = pdf_file_open(&seed, buf_view(&bytes));
	if (!f) {
		pdf_append_open(&append, &seed);
		f = put_pages(&append, report, file, instant);
		if (!f) {
			buf_bytes(out, buf_view(&bytes));
			buf_bytes(out, buf_view(&append.out));
			f = buf_fail(out);
		}
		pdf_append_close(&append);
		pdf_file_close(&seed);
	}
	buf_free(&bytes);
	return f;
}

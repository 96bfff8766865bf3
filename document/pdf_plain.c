#include "document/pdf_plain.h"

#include <math.h>

#include "base/text.h"
#include "document/letter_shape.h"
#include "document/pdf_drawing.h"
#include "document/pdf_font.h"
#include "document/pdf_letters.h"
#include "document/pdf_operand.h"
#include "document/pdf_plain_reader.h"
#include "document/pdf_shade.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define CONTENT_MAX (1u << 20) /* bytes of a look */
#define NAMES_MAX 256u         /* in a dictionary of resources */
#define SMALL 4.0              /* points: smaller letters are not read */
#define THICK 3.0              /* of a line */
#define COMB_SIDE 0.15 /* of a place: from its sides to a letter's middle */
#define COMB_EVEN 0.06 /* of the size: middles may differ by it */
#define NEXT_LINE 0.7  /* of the size */
#define NO_BLANK 0.02  /* of the size: a wider gap may be one … */
#define BLANK 0.2      /* … and this is */
#define NEARER 0.02    /* of the size: a run may begin before the last ends */
#define KERN 20.0      /* the same in thousandths */
#define SLACK 0.04     /* of the size: a box may cut so much of it */
#define FAR 32767.0    /* readers count no further */

/* ---- states ---- */

static void
take_state(struct plain_reader *r, uint8_t op)
{
	if (op == 'q') {
		r->bad = r->bad || r->text || r->saved == SAVED_MAX;
		if (!r->bad)
			r->kept[r->saved++] = r->now;
		return;
	}
	r->bad = r->bad || r->text || !r->saved;
	if (!r->bad)
		r->now = r->kept[--r->saved];
}

static void
take_mark(struct plain_reader *r, struct bytes op)
{
	if (bytes_equal_text(op, "BMC")) {
		r->bad =
		    r->bad || r->marked || !bytes_equal_text(r->name, "/Tx");
		r->marked++;
	} else {
		r->bad = r->bad || !r->marked;
		r->marked -= r->marked > 0;
	}
}

/* It moves, and no more. */
static void
take_matrix(struct plain_reader *r)
{
	const double *m = r->numbers;

	r->bad = r->bad || r->text || m[0] != 1 || m[1] != 0 || m[2] != 0 ||
	    m[3] != 1;
	r->now.across += m[4];
	r->now.up += m[5];
	r->bad = r->bad || fabs(r->now.across) > FAR || fabs(r->now.up) > FAR;
}

/* ---- colours ---- */

/* The device's, and the calibrated grey of PDF/A, of which black is black: of
 * others readers have many ways to fail.  *inks 0: only black is known. */
static bool
is_known_space(struct plain_reader *r, size_t *inks)
{
	const struct pdf_value *space;

	*inks = bytes_equal_text(r->name, "/DeviceGray") ? 1 :
	    bytes_equal_text(r->name, "/DeviceRGB")      ? 3 :
	    bytes_equal_text(r->name, "/DeviceCMYK")     ? 4 :
							   0;
	if (*inks)
		return true;
	space = pdf_entry_named(r->spaces, r->name);
	if (space)
		r->spent += space->raw.len;
	return space && pdf_shade_is_grey(space);
}

/* Readers begin a space with its black, or keep what there was. */
static void
choose_space(struct plain_reader *r, bool stroke)
{
	size_t *inks = stroke ? &r->now.stroke_inks : &r->now.inks;

	r->bad = r->bad || !is_known_space(r, inks);
	if (!stroke && r->now.shade != SHADE_DARK)
		r->now.shade = SHADE_MIDDLE;
}

static void
set_colour(struct plain_reader *r, bool stroke)
{
	size_t inks = stroke ? r->now.stroke_inks : r->now.inks;

	r->bad = r->bad ||
	    (inks ? r->count != inks : r->count != 1 || r->numbers[0] != 0);
	if (!stroke)
		r->now.shade =
		    inks ? pdf_shade_of(r->numbers, r->count) : SHADE_DARK;
}

static void
take_colour(struct plain_reader *r, struct bytes op)
{
	static const char *const sets[] = { "sc", "scn", NULL };
	static const char *const strokes[] = { "SC", "SCN", NULL };
	static const char *const fills[] = { "g", "rg", "k", NULL };
	static const char *const lines[] = { "G", "RG", "K", NULL };

	if (bytes_equal_text(op, "cs") || bytes_equal_text(op, "CS")) {
		choose_space(r, *op.data == 'C');
	} else if (bytes_among(op, fills)) {
		r->now.inks = r->count;
		r->now.shade = pdf_shade_of(r->numbers, r->count);
	} else if (bytes_among(op, lines)) {
		r->now.stroke_inks = r->count;
	} else if (bytes_among(op, sets) || bytes_among(op, strokes)) {
		set_colour(r, *op.data == 'S');
	}
}

/* ---- letters ---- */

static const struct pdf_value *
font_entry(const struct plain_reader *r)
{
	const struct pdf_value *fonts = r->fonts;

	return fonts->type == PDF_DICT && fonts->count <= NAMES_MAX &&
		!fonts->doubled ?
	    pdf_entry_named(fonts, r->name) :
	    NULL;
}

static void
take_font(struct plain_reader *r)
{
	const struct pdf_value *entry = font_entry(r);
	size_t cost = 0;

	r->now.size = r->numbers[0];
	r->now.font = NULL;
	if (entry && entry->type == PDF_REF) {
		r->now.font =
		    pdf_letters_kept(r->file, entry->ref.num, entry, &cost);
	} else if (entry && entry == r->own_entry) {
		r->now.font = &r->own;
	} else if (entry && !r->own_entry && entry->type == PDF_DICT &&
	    !pdf_letters_read(r->file, entry, &r->own)) {
		r->own_entry = entry;
		r->now.font = &r->own;
		cost = pdf_letters_cost(&r->own);
	}
	r->spent += cost;
	if (r->now.font && r->now.font->embedded) {
		if (!pdf_font_has_glyphs(
			r->file, pdf_resolve(r->file, entry), &cost))
			r->bad = true;
		r->spent += cost;
	}
	r->bad = r->bad || !r->now.font || r->now.size < SMALL ||
	    (r->any && !plain_is_near(r->now.size, r->out->size, 0.01));
}

static void
place(struct plain_reader *r, double x, double y)
{
	r->bad = r->bad || !r->text;
	r->line_x = x;
	r->line_y = y;
	r->drift = 0;
	r->placed = true;
}

/* On a line below, or behind. */
static bool
follows(const struct plain_reader *r, double x, double y)
{
	if (!r->any || r->last_y - y >= NEXT_LINE * r->now.size)
		return true;
	return y == r->last_y && x >= r->ended - NEARER * r->now.size;
}

/* Is there a gap before a run, or another line? */
static void
put_gap(struct plain_reader *r, double x, double y)
{
	r->out->lines += r->any && y != r->last_y;
	if (!r->any || r->comb)
		return;
	if (y != r->last_y || x > r->ended + BLANK * r->now.size)
		buf_char(r->out->text, ' ');
	else
		r->bad = r->bad || x > r->ended + NO_BLANK * r->now.size;
}

static bool
is_blank(uint32_t point)
{
	return point == ' ' || point == 0xA0;
}

static bool
is_seen(const struct plain_reader *r, double from, double to, double y,
    uint32_t point)
{
	struct pdf_box b = pdf_box_common(r->now.seen, r->clear);
	double size = r->now.size, slack = SLACK * size;

	return from >= b.x0 - slack && to <= b.x1 + slack &&
	    y - letter_depth(point) * size >= b.y0 - slack &&
	    y + letter_height(point) * size <= b.y1 + slack;
}

/* A letter of a comb stands in a place of its own, one after the other and each
 * as the first one does; a blank would be an empty place. */
static bool
is_combed(struct plain_reader *r, double from, double to, uint32_t point)
{
	double one = (r->box.x1 - r->box.x0) / r->comb;
	double place = ((from + to) / 2 - r->box.x0) / one;
	double in = place - floor(place), side = r->box.x0 + floor(place) * one;
	bool good = in > COMB_SIDE && in < 1 - COMB_SIDE && !is_blank(point) &&
	    from >= side + r->beside && to <= side + one - r->beside &&
	    (!r->any ||
		((long)floor(place) == r->combed + 1 &&
		    fabs(in * one - r->off) <= COMB_EVEN * r->now.size));

	r->off = r->any ? r->off : in * one;
	r->combed = (long)floor(place);
	r->out->first = r->any ? r->out->first : r->combed;
	return good;
}

/* Not over the letter before it on its line; a blank keeps all of its room. */
static bool
at_ease(const struct plain_reader *r, double x, double y, bool blank)
{
	double back = blank || r->blank ? 0.01 : NEARER;

	return !r->any || r->comb || y != r->last_y ||
	    x >= r->ended - back * r->now.size;
}

/* One string from where the last one ended; false at what is not known. */
static bool
put_string(struct plain_reader *r, struct bytes string, bool first)
{
	const struct pdf_letters *font = r->now.font;
	double y = r->line_y + r->now.up;
	double x = first ? r->line_x + r->now.across : r->at;
	struct letter l;
	size_t at = 0;

	if (!string.len)
		return true;
	if (r->none || (first && !follows(r, x, y)))
		return false;
	if (first)
		put_gap(r, x, y);
	r->out->x = x;
	while (pdf_letters_next(font, string, &at, &l)) {
		double wide = l.width / 1000.0 * r->now.size;

		if (!at_ease(r, x, y, is_blank(l.point)))
			return false;
		if (!l.point || l.point < ' ' ||
		    (l.unsure && !font->dingbats) ||
		    !letter_is_wide(font, &l) ||
		    !is_seen(
			r, x, x + (l.point == ' ' ? 0 : wide), y, l.point) ||
		    (r->comb && !is_combed(r, x, x + wide, l.point)))
			return false;
		text_put(r->out->text, l.point);
		x += wide;
		if (!r->any)
			r->out->size = r->now.size;
		r->any = true;
		r->ended = x;
		r->last_y = y;
		r->blank = is_blank(l.point);
		r->shown++;
	}
	/* Signs and letters are not mixed. */
	r->bad = r->bad || (r->signs != font->dingbats && r->signs_known) ||
	    r->now.shade != SHADE_DARK;
	r->signs = r->out->dingbats = font->dingbats;
	r->signs_known = true;
	r->drift = 0;
	r->out->y = y;
	r->at = x;
	return at == string.len;
}

static bool
decode_string(struct plain_reader *r, struct bytes raw, bool first)
{
	struct pdf_lexer in = { raw, 0 };
	struct arena_mark mark = arena_mark(&r->file->arena);
	struct pdf_value *value;
	bool good = !pdf_value_read(&in, &r->file->arena, &value) &&
	    value->type == PDF_STRING && put_string(r, value->text, first);

	arena_back(&r->file->arena, mark);
	return good;
}

/* The next letters stand that far from the last one or, when a line begins,
 * from where it does. */
static bool
go_on(struct plain_reader *r, bool first, double by)
{
	double x = r->line_x + r->now.across;

	if (first && !follows(r, x, r->line_y + r->now.up))
		return false;
	r->at = (first ? x : r->at) + by;
	return true;
}

/* Strings, a little nearer to or farther from one another. */
static void
show_array(struct plain_reader *r)
{
	struct pdf_lexer l = { bytes_part(r->content, 0, r->array_end),
		r->array };
	struct pdf_token t;
	bool first = r->placed;

	while (!r->bad && (t = pdf_token_next(&l)).kind != TOKEN_END) {
		if (t.kind == TOKEN_STRING || t.kind == TOKEN_HEX) {
			if (!decode_string(r, t.raw, first))
				r->bad = true;
			first = false;
		} else if (t.kind != TOKEN_ARRAY_END) {
			double by = -t.real / 1000 * r->now.size;

			/* In a comb letters go on where they are wanted. */
			r->drift += t.real;
			r->bad = r->bad || r->drift > KERN ||
			    (!r->comb && (first || r->drift < -KERN)) ||
			    !go_on(r, first, by);
			first = false;
		}
	}
}

static void
show(struct plain_reader *r, struct bytes op)
{
	size_t before = r->shown;

	if (*op.data == '\'')
		place(r, r->line_x, r->line_y - r->now.leading);
	r->bad = r->bad || !r->text || !(r->placed || r->any) || !r->now.font;
	if (r->bad)
		return;
	if (bytes_equal_text(op, "TJ"))
		show_array(r);
	else if (!decode_string(r, r->string, r->placed))
		r->bad = true;
	/* One without letters could lead anywhere; it is all, or none is. */
	if (r->shown == before) {
		r->bad = r->bad || r->any || r->none;
		r->none = true;
	}
	/* The next letters say where they stand, or follow these. */
	r->placed = false;
}

static void
take_text(struct plain_reader *r, uint8_t op)
{
	const double *m = r->numbers;

	switch (op) {
	case 'f':
		take_font(r);
		break;
	case 'd':
		place(r, r->line_x + m[0], r->line_y + m[1]);
		break;
	case 'D':
		r->now.leading = -m[1];
		place(r, r->line_x + m[0], r->line_y + m[1]);
		break;
	case 'm':
		r->bad =
		    r->bad || m[0] != 1 || m[1] != 0 || m[2] != 0 || m[3] != 1;
		place(r, m[4], m[5]);
		break;
	case '*':
		place(r, r->line_x, r->line_y - r->now.leading);
		break;
	case 'L':
		r->now.leading = m[0];
		break;
	case 'z':
		r->bad = r->bad || m[0] != 100;
		break;
	default: /* c, w, r: nothing but the usual */
		r->bad = r->bad || m[0] != 0;
		break;
	}
}

/* ---- operators ---- */

/* What stands before an operator: n a number, N a name, S a string, A an array
 * of numbers and strings, * numbers, one for each ink.  Of what is written
 * otherwise some readers take what they can and others nothing. */
static const struct op {
	const char *op, *kinds;
} ops[] = { { "q", "" }, { "Q", "" }, { "cm", "nnnnnn" }, { "w", "n" },
	{ "J", "n" }, { "j", "n" }, { "M", "n" }, { "d", "An" }, { "m", "nn" },
	{ "l", "nn" }, { "re", "nnnn" }, { "W", "" }, { "n", "" }, { "S", "" },
	{ "s", "" }, { "f", "" }, { "F", "" }, { "B", "" }, { "b", "" },
	{ "g", "n" }, { "G", "n" }, { "cs", "N" }, { "CS", "N" }, { "sc", "*" },
	{ "SC", "*" }, { "scn", "*" }, { "SCN", "*" }, { "rg", "nnn" },
	{ "RG", "nnn" }, { "k", "nnnn" }, { "K", "nnnn" }, { "BT", "" },
	{ "ET", "" }, { "Tf", "Nn" }, { "Td", "nn" }, { "TD", "nn" },
	{ "Tm", "nnnnnn" }, { "T*", "" }, { "TL", "n" }, { "Tc", "n" },
	{ "Tw", "n" }, { "Tz", "n" }, { "Tr", "n" }, { "Tj", "S" },
	{ "TJ", "A" }, { "'", "S" }, { "BMC", "N" }, { "EMC", "" } };

static bool
is_known(const struct plain_reader *r, struct bytes op)
{
	for (size_t i = 0; i < COUNT(ops); i++)
		if (bytes_equal_text(op, ops[i].op))
			return *ops[i].kinds == '*' ?
			    r->count && r->count == r->all :
			    !strcmp(ops[i].kinds, r->kinds);
	return false;
}

static void
begin_text(struct plain_reader *r)
{
	/* One block has all letters. */
	r->bad = r->bad || r->text || r->over;
	r->text = true;
	r->placed = false;
	r->line_x = r->line_y = 0;
}

static void
take_operator(struct plain_reader *r, struct bytes op)
{
	static const char *const ends[] = { "n", "S", "s", "f", "F", "B", "b",
		NULL };
	static const char *const shows[] = { "Tj", "TJ", "'", NULL };
	static const char *const paths[] = { "m", "l", "re", "W", NULL };

	/* Some readers apply what stands in a path where it is built, and
	 * others where it ends. */
	if (r->nested || !is_known(r, op) ||
	    ((r->begun || r->lines || r->rectangles || r->cut) &&
		!bytes_among(op, paths) && !bytes_among(op, ends)))
		r->bad = true;
	else if (bytes_equal_text(op, "q") || bytes_equal_text(op, "Q"))
		take_state(r, *op.data);
	else if (bytes_equal_text(op, "BMC") || bytes_equal_text(op, "EMC"))
		take_mark(r, op);
	else if (bytes_equal_text(op, "cm"))
		take_matrix(r);
	else if (bytes_equal_text(op, "re"))
		plain_rectangle(r);
	else if (bytes_equal_text(op, "m") || bytes_equal_text(op, "l"))
		plain_line(r, *op.data);
	else if (bytes_equal_text(op, "W"))
		r->cut = true;
	else if (bytes_equal_text(op, "w")) {
		r->bad = r->bad || r->numbers[0] > THICK || r->numbers[0] < 0;
		r->now.thick = r->numbers[0];
	} else if (bytes_equal_text(op, "d"))
		r->bad = r->bad ||
		    !pdf_operand_is_dash(r->content, r->array, r->array_end);
	else if (bytes_equal_text(op, "BT"))
		begin_text(r);
	else if (bytes_equal_text(op, "ET")) {
		r->bad = r->bad || !r->text;
		r->text = false;
		r->over = true;
	} else if (bytes_among(op, ends))
		plain_end_path(r, op);
	else if (bytes_among(op, shows))
		show(r, op);
	else if (op.len == 2 && *op.data == 'T')
		take_text(r, op.data[1]);
	else
		take_colour(r, op);
	r->count = r->all = 0;
	r->kinds[0] = '\0';
}

/* ---- what stands before them ---- */

static void
take_operand(struct plain_reader *r, const struct pdf_token *t, size_t end)
{
	char kind = pdf_operand_kind(t);

	if (r->nested) {
		r->nested = t->kind != TOKEN_ARRAY_END;
		r->array_end = end;
		r->bad = r->bad || (r->nested && kind != 'n' && kind != 'S');
		return;
	}
	if (r->all > OPERANDS_MAX || kind == '?') {
		r->bad = true;
		return;
	}
	r->kinds[r->all++] = kind;
	r->kinds[r->all] = '\0';
	if (kind == 'n' && r->count < OPERANDS_MAX)
		r->numbers[r->count++] = t->real;
	else if (kind == 'N')
		r->name = t->raw;
	else if (kind == 'S')
		r->string = t->raw;
	else if (kind == 'A') {
		r->nested = true;
		r->array = end;
	}
}

static void
read_content(struct plain_reader *r)
{
	struct pdf_lexer l = { r->content, 0 };
	struct pdf_token t;
	size_t end = 0;

	while (!r->bad && (t = pdf_token_next(&l)).kind != TOKEN_END) {
		size_t at = (size_t)(t.raw.data - r->content.data);

		/* A comment belongs to the word before it, for some. */
		r->bad = memchr(r->content.data + end, '%', at - end);
		end = l.at;
		if (t.kind == TOKEN_KEYWORD)
			take_operator(r, t.raw);
		else
			take_operand(r, &t, l.at);
	}
}

bool
pdf_plain_read(struct pdf_file *file, const struct pdf_object *form,
    unsigned comb, uint64_t *left, struct pdf_plain *plain)
{
	size_t most = *left < CONTENT_MAX ? (size_t)*left : CONTENT_MAX;
	const struct pdf_value *resources =
	    pdf_get(file, form->value, "Resources");
	struct plain_reader r = { .file = file,
		.fonts = pdf_get(file, resources, "Font"),
		.spaces = pdf_get(file, resources, "ColorSpace"),
		.out = plain,
		.comb = comb };
	struct buf content;

	*plain = (struct pdf_plain){ .text = plain->text };
	if (!pdf_drawing_box(file, form->value, &r.box) ||
	    !pdf_drawing_is_form(form->value) || resources->doubled ||
	    !pdf_shade_are_plain(r.spaces))
		return false;
	r.now.seen = r.clear = r.box;
	r.now.inks = r.now.stroke_inks = 1;
	r.now.thick = 1;
	buf_init(&content, most);
	file->torn = false;
	r.bad = pdf_stream_decode(file, form, &content) || file->torn;
	r.content = buf_view(&content);
	if (!r.bad)
		read_content(&r);
	/* What was read to look names up took its time, too. */
	r.spent += content.len + r.fonts->raw.len + r.spaces->raw.len;
	*left -= r.spent < *left ? r.spent : *left;
	buf_free(&content);
	if (r.own_entry)
		pdf_letters_free(&r.own);
	return !r.bad && !r.text && !r.saved && !r.marked && !r.all &&
	    !r.begun && !r.rectangles && !r.lines && !buf_fail(plain->text);
}

/* ---- what readers draw themselves ---- */

bool
pdf_plain_is_setting(struct bytes appearance, struct pdf_setting *set)
{
	static const char *const may[] = { "Tf", "g", "rg", "k", "G", "RG", "K",
		NULL };
	struct pdf_lexer l = { appearance, 0 };
	struct plain_reader r = { .content = appearance };
	struct pdf_token t;
	unsigned fonts = 0;

	*set = (struct pdf_setting){ .size = 0 };
	while (!r.bad && (t = pdf_token_next(&l)).kind != TOKEN_END) {
		if (t.kind != TOKEN_KEYWORD) {
			take_operand(&r, &t, l.at);
			continue;
		}
		if (!bytes_among(t.raw, may) || !is_known(&r, t.raw))
			return false;
		if (bytes_equal_text(t.raw, "Tf")) {
			set->font = r.name;
			set->size = r.numbers[0];
			fonts++;
		}
		take_colour(&r, t.raw);
		r.count = r.all = 0;
		r.kinds[0] = '\0';
	}
	return !r.bad && !r.all && fonts == 1 && r.now.shade == SHADE_DARK &&
	    (set->size == 0 || set->size >= SMALL);
}

#include "document/pdf_drawing.h"

#include <math.h>

#include "document/pdf_page.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FORMS_MAX 64u
#define SAVED_MAX 64u
#define NAMES_MAX 256u /* in a look's dictionary of one kind */
#define OPERANDS_MAX 6u
#define NUMBER_MAX 32767.0 /* readers count no further */
#define DARK 0.6           /* of the light of white: letters are darker … */
#define LIGHT 0.75         /* … than what they stand on */
#define SMALL 2.0          /* points: smaller letters are not read */
#define NARROW 50.0        /* per cent */
#define WIDE 100.0         /* between letters */
#define THICK 6.0          /* points: a wider line is no border */
#define EDGE 6.0           /* from the box's side to a frame's, … */
#define SPAN 0.7           /* … which spans so much of it */
#define EDGE_LINE 3.5      /* to a line that is alone */
#define COMB_OFF 2.0       /* from the middle between two letters */
#define DASH 6.0           /* points: a longer one could be a stroke */

enum shade { SHADE_DARK, SHADE_MIDDLE, SHADE_LIGHT };

/* Of lights, or of the four inks; where it is calibrated only black is black.
 */
enum space {
	SPACE_OTHER,
	SPACE_GRAYS,
	SPACE_LIGHTS,
	SPACE_INKS,
	SPACE_GRAYS_CALIBRATED,
	SPACE_LIGHTS_CALIBRATED
};

/* What Q brings back. */
struct kept {
	double across, up;   /* by cm */
	struct pdf_box seen; /* what is cut out leaves so much */
	enum shade shade;
	enum space space;
};

/* One content on its way. */
struct reader {
	struct pdf_file *file;
	const struct pdf_value *spaces; /* of colours, by their names */
	unsigned comb;                  /* letters of a comb field; 0: none */
	unsigned saved;                 /* states */
	struct kept now, kept[SAVED_MAX];
	bool text;  /* between BT and ET */
	bool lines; /* the path has more than rectangles */
	bool cut;   /* it cuts out what is seen */
	bool small; /* a part of it is no frame */
	unsigned rectangles;
	struct pdf_box part; /* the last one */
	struct pdf_box box;
	struct pdf_box seen; /* where letters are not cut off */
	bool stroked;        /* lines were drawn */
	double x, y;         /* where the path has come to */
	bool shown;          /* letters were */
	bool uneven, rich;
	/* Operands so far: a letter for each, as plain_ops has them, … */
	char kinds[OPERANDS_MAX + 2];
	size_t all;
	double operands[OPERANDS_MAX]; /* … and those that are numbers */
	size_t count;
	double longest;    /* number in an array */
	struct bytes name; /* the first name among them */
	size_t nested;     /* arrays and dictionaries open */
};

/*
 * What stands before an operator that a plain look has (Annex A): n a number, N
 * a name, S a string, A an array of numbers and strings, D a dictionary, *
 * numbers, one for each ink.  Of what is written otherwise some readers take
 * what they can and others nothing.
 */
static const struct plain_op {
	const char *op, *kinds;
} plain_ops[] = { { "q", "" }, { "Q", "" }, { "cm", "nnnnnn" }, { "w", "n" },
	{ "J", "n" }, { "j", "n" }, { "M", "n" }, { "d", "An" }, { "m", "nn" },
	{ "l", "nn" }, { "re", "nnnn" }, { "h", "" }, { "W", "" }, { "W*", "" },
	{ "n", "" }, { "S", "" }, { "s", "" }, { "f", "" }, { "F", "" },
	{ "f*", "" }, { "B", "" }, { "B*", "" }, { "b", "" }, { "b*", "" },
	{ "g", "n" }, { "G", "n" }, { "cs", "N" }, { "CS", "N" }, { "sc", "*" },
	{ "SC", "*" }, { "scn", "*" }, { "SCN", "*" }, { "rg", "nnn" },
	{ "RG", "nnn" }, { "k", "nnnn" }, { "K", "nnnn" }, { "BT", "" },
	{ "ET", "" }, { "Tf", "Nn" }, { "Td", "nn" }, { "TD", "nn" },
	{ "Tm", "nnnnnn" }, { "T*", "" }, { "TL", "n" }, { "Tc", "n" },
	{ "Tw", "n" }, { "Tz", "n" }, { "Tr", "n" }, { "Tj", "S" },
	{ "TJ", "A" }, { "'", "S" }, { "BMC", "N" }, { "BDC", "ND" },
	{ "BDC", "NN" }, { "EMC", "" } };

static bool
is_one_of(struct bytes word, const char *const *words)
{
	for (; *words; words++)
		if (bytes_equal_text(word, *words))
			return true;
	return false;
}

static void
take_state(struct reader *r, struct bytes op)
{
	if (bytes_equal_text(op, "q")) {
		r->uneven = r->uneven || r->text || r->saved == SAVED_MAX;
		if (r->saved < SAVED_MAX)
			r->kept[r->saved] = r->now;
		r->saved++;
	} else if (bytes_equal_text(op, "Q")) {
		r->uneven = r->uneven || r->text || !r->saved;
		r->saved -= r->saved > 0;
		if (r->saved < SAVED_MAX)
			r->now = r->kept[r->saved];
	} else if (bytes_equal_text(op, "BT")) {
		r->uneven = r->uneven || r->text;
		r->text = true;
	} else if (bytes_equal_text(op, "ET")) {
		r->uneven = r->uneven || !r->text;
		r->text = false;
	}
}

/* ---- colours ---- */

static size_t
inks_of(enum space space)
{
	return space == SPACE_INKS                                    ? 4 :
	    space == SPACE_LIGHTS || space == SPACE_LIGHTS_CALIBRATED ? 3 :
									1;
}

/* The light of a colour, of 1 that white has. */
static enum shade
shade_of(enum space space, const double *n)
{
	double light = n[0];

	if (space == SPACE_GRAYS_CALIBRATED)
		return n[0] == 0 ? SHADE_DARK : SHADE_MIDDLE;
	if (space == SPACE_LIGHTS_CALIBRATED)
		return n[0] == 0 && n[1] == 0 && n[2] == 0 ? SHADE_DARK :
							     SHADE_MIDDLE;
	if (space == SPACE_LIGHTS)
		light = .3 * n[0] + .59 * n[1] + .11 * n[2];
	else if (space == SPACE_INKS)
		light = (1 - n[3]) *
		    (.3 * (1 - n[0]) + .59 * (1 - n[1]) + .11 * (1 - n[2]));
	return light <= DARK ? SHADE_DARK :
	    light < LIGHT    ? SHADE_MIDDLE :
			       SHADE_LIGHT;
}

/* Which space a name stands for; 0: one whose numbers do not say how light a
 * colour is. */
static enum space
space_of(const struct reader *r, struct bytes name)
{
	const struct pdf_value *space, *kind;
	char key[64];

	if (bytes_equal_text(name, "/DeviceGray"))
		return SPACE_GRAYS;
	if (bytes_equal_text(name, "/DeviceRGB"))
		return SPACE_LIGHTS;
	if (bytes_equal_text(name, "/DeviceCMYK"))
		return SPACE_INKS;
	if (!r->spaces || name.len < 2 || name.len > sizeof(key))
		return SPACE_OTHER;
	memcpy(key, name.data + 1, name.len - 1);
	key[name.len - 1] = '\0';
	space = pdf_get(r->file, r->spaces, key);
	kind = pdf_element(space, 0);
	if (kind && pdf_is_name(kind, "CalGray"))
		return SPACE_GRAYS_CALIBRATED;
	return kind && pdf_is_name(kind, "CalRGB") ? SPACE_LIGHTS_CALIBRATED :
						     SPACE_OTHER;
}

static void
take_colour(struct reader *r, struct bytes op)
{
	static const char *const sets[] = { "sc", "scn", NULL };
	enum space space = bytes_equal_text(op, "g") ? SPACE_GRAYS :
	    bytes_equal_text(op, "rg")               ? SPACE_LIGHTS :
	    bytes_equal_text(op, "k")                ? SPACE_INKS :
						       0;

	if (bytes_equal_text(op, "cs")) {
		/* Each space begins with its black. */
		r->now.space = space_of(r, r->name);
		r->now.shade = SHADE_DARK;
		r->rich = r->rich || !r->now.space;
	} else if (is_one_of(op, sets)) {
		r->rich = r->rich || !r->now.space ||
		    r->count != inks_of(r->now.space);
		r->now.shade = shade_of(r->now.space, r->operands);
	} else if (space) {
		r->now.space = space;
		r->now.shade = shade_of(space, r->operands);
	}
}

/* ---- lines and grounds ---- */

/* From near one side to near the other, or beyond. */
static bool
covers(double from, double part, double low, double high)
{
	double to = part < 0 ? from : from + part;

	from = part < 0 ? from + part : from;
	return from <= low + EDGE && to >= high - EDGE &&
	    to - from >= SPAN * (high - low);
}

static struct pdf_box
box_of(double x, double y, double wide, double high)
{
	return (struct pdf_box){ fmin(x, x + wide), fmin(y, y + high),
		fmax(x, x + wide), fmax(y, y + high) };
}

static struct pdf_box
common(struct pdf_box a, struct pdf_box b)
{
	return (struct pdf_box){ fmax(a.x0, b.x0), fmax(a.y0, b.y0),
		fmin(a.x1, b.x1), fmin(a.y1, b.y1) };
}

static bool
is_near(double a, double b, double off)
{
	return a > b - off && a < b + off;
}

/* Upright between two letters of a comb. */
static bool
is_comb_line(const struct reader *r, double x)
{
	double one = (r->box.x1 - r->box.x0) / (r->comb ? r->comb : 1);

	for (unsigned i = 1; i < r->comb; i++)
		if (is_near(x, r->box.x0 + one * i, COMB_OFF))
			return true;
	return false;
}

/* Frames and grounds go from one side of the box to the other; a line stands at
 * its edge, or between the letters of a comb.  What does not could be read as a
 * letter. */
static void
take_part(struct reader *r, struct bytes op)
{
	const double *m = r->operands;
	const struct pdf_box *b = &r->box;
	double x = m[0] + r->now.across, y = m[1] + r->now.up;

	if (bytes_equal_text(op, "re")) {
		r->small = r->small || !covers(x, m[2], b->x0, b->x1) ||
		    !covers(y, m[3], b->y0, b->y1);
		r->part = box_of(x, y, m[2], m[3]);
		r->rectangles++;
	} else if (bytes_equal_text(op, "l")) {
		bool flat = y == r->y && covers(r->x, x - r->x, b->x0, b->x1) &&
		    (is_near(y, b->y0, EDGE_LINE) ||
			is_near(y, b->y1, EDGE_LINE));
		bool upright = x == r->x &&
		    covers(r->y, y - r->y, b->y0, b->y1) &&
		    (is_near(x, b->x0, EDGE_LINE) ||
			is_near(x, b->x1, EDGE_LINE) || is_comb_line(r, x));

		r->small = r->small || !(flat || upright);
	}
	r->x = x;
	r->y = y;
}

static void
take_path(struct reader *r, struct bytes op)
{
	static const char *const cuts[] = { "W", "W*", NULL };
	static const char *const parts[] = { "m", "l", "re", NULL };
	static const char *const lines[] = { "m", "l", NULL };
	static const char *const filled[] = { "f", "F", "f*", "B", "B*", "b",
		"b*", NULL };
	static const char *const areas[] = { "f", "F", "f*", NULL };
	static const char *const ends[] = { "n", "S", "s", NULL };

	if (is_one_of(op, parts))
		take_part(r, op);
	if (is_one_of(op, lines)) {
		r->lines = true;
	} else if (is_one_of(op, cuts)) {
		r->cut = true;
	} else if (is_one_of(op, filled) || is_one_of(op, ends)) {
		bool drawn = !bytes_equal_text(op, "n");
		bool fills = is_one_of(op, filled);

		/* What comes later covers what was there; what is cut out is
		 * one rectangle. */
		r->rich = r->rich || (drawn && (r->shown || r->small)) ||
		    (r->cut && (r->lines || r->rectangles != 1)) ||
		    (fills &&
			(r->lines || r->stroked ||
			    r->now.shade != SHADE_LIGHT));
		if (r->cut)
			r->now.seen = common(r->now.seen, r->part);
		r->stroked = r->stroked || (drawn && !is_one_of(op, areas));
		r->lines = r->cut = r->small = false;
		r->rectangles = 0;
	}
}

/* ---- letters ---- */

/* Letters are of a size to be read, upright as they stand. */
static void
take_size(struct reader *r, struct bytes op)
{
	const double *m = r->operands;

	if (bytes_equal_text(op, "Tf"))
		r->rich = r->rich || m[0] < SMALL;
	else if (bytes_equal_text(op, "Tz"))
		r->rich = r->rich || m[0] < NARROW;
	else if (bytes_equal_text(op, "Tc") || bytes_equal_text(op, "Tw"))
		r->rich = r->rich || m[0] < -1 || m[0] > WIDE;
	else if (bytes_equal_text(op, "Tr"))
		r->rich = r->rich || m[0] != 0;
	else if (bytes_equal_text(op, "w"))
		r->rich = r->rich || m[0] > THICK;
	else if (bytes_equal_text(op, "d"))
		r->rich = r->rich || r->longest > DASH;
	else if (bytes_equal_text(op, "Tm"))
		r->rich = r->rich || m[0] < 0.5 || m[3] < 0.5 || m[1] != 0 ||
		    m[2] != 0;
	else if (bytes_equal_text(op, "cm")) {
		r->rich =
		    r->rich || m[0] != 1 || m[3] != 1 || m[1] != 0 || m[2] != 0;
		r->now.across += m[4];
		r->now.up += m[5];
	}
}

/* ---- operators and what stands before them ---- */

static bool
is_plain(const struct reader *r, struct bytes op)
{
	for (size_t i = 0; i < COUNT(plain_ops); i++) {
		const struct plain_op *row = &plain_ops[i];

		if (!bytes_equal_text(op, row->op))
			continue;
		if (*row->kinds == '*' ? r->count && r->count == r->all :
					 !strcmp(row->kinds, r->kinds))
			return true;
	}
	return false;
}

static void
take_operator(struct reader *r, struct bytes op)
{
	static const char *const skipped[] = { "BX", "EX", "BI", NULL };
	static const char *const shows[] = { "Tj", "TJ", "'", NULL };

	if (!r->nested && is_plain(r, op)) {
		take_colour(r, op);
		take_size(r, op);
	} else {
		r->rich = true;
	}
	take_state(r, op);
	take_path(r, op);
	r->uneven = r->uneven || is_one_of(op, skipped);
	if (is_one_of(op, shows)) {
		r->rich = r->rich || r->now.shade != SHADE_DARK;
		r->seen = common(r->seen, r->now.seen);
		r->shown = true;
	}
	/* Content that may be switched off; other ways to write its name are
	 * not looked through. */
	r->uneven = r->uneven ||
	    (bytes_equal_text(op, "BDC") &&
		(bytes_equal_text(r->name, "/OC") ||
		    (r->name.len && memchr(r->name.data, '#', r->name.len))));
	r->count = r->all = r->nested = 0;
	r->longest = 0;
	r->kinds[0] = '\0';
	r->name = (struct bytes){ NULL, 0 };
}

/* As 7.3.3 has it, and no larger than all readers take it. */
static bool
is_number(const struct pdf_token *t)
{
	bool point = false, digit = false;

	for (size_t i = 0; i < t->raw.len; i++) {
		uint8_t c = t->raw.data[i];

		if (c >= '0' && c <= '9')
			digit = true;
		else if (c == '.' && !point)
			point = true;
		else if (i || (c != '-' && c != '+'))
			return false;
	}
	return digit && t->real >= -NUMBER_MAX && t->real <= NUMBER_MAX;
}

/* 7.3.4.2: escapes that all readers know, octal ones of three digits; ends of
 * lines are escaped. */
static bool
is_literal(struct bytes raw)
{
	for (size_t i = 1; i + 1 < raw.len; i++) {
		const uint8_t *c = raw.data + i;

		if (*c == '\r' || *c == '\n')
			return false;
		if (*c != '\\')
			continue;
		if (i + 2 >= raw.len)
			return false;
		i++;
		if (c[1] && strchr("nrtbf()\\", c[1]))
			continue;
		if (i + 3 >= raw.len || c[1] < '0' || c[1] > '3' ||
		    c[2] < '0' || c[2] > '7' || c[3] < '0' || c[3] > '7')
			return false;
		i += 2;
	}
	return true;
}

static bool
is_hex(struct bytes raw)
{
	size_t digits = 0;

	for (size_t i = 1; i + 1 < raw.len; i++) {
		if (pdf_is_space(raw.data[i]))
			continue;
		if (hex_digit(raw.data[i]) < 0)
			return false;
		digits++;
	}
	return digits % 2 == 0;
}

/* What an operand is, as plain_ops has it; '?': readers differ. */
static char
kind_of(const struct pdf_token *t)
{
	switch (t->kind) {
	case TOKEN_INTEGER:
	case TOKEN_REAL:
		return is_number(t) ? 'n' : '?';
	case TOKEN_NAME:
		return memchr(t->raw.data, '#', t->raw.len) ? '?' : 'N';
	case TOKEN_STRING:
		return t->whole && is_literal(t->raw) ? 'S' : '?';
	case TOKEN_HEX:
		return t->whole && is_hex(t->raw) ? 'S' : '?';
	case TOKEN_ARRAY:
		return 'A';
	case TOKEN_DICT:
		return 'D';
	default:
		return '?';
	}
}

static void
take_operand(struct reader *r, const struct pdf_token *t)
{
	bool opens = t->kind == TOKEN_ARRAY || t->kind == TOKEN_DICT;
	bool closes = t->kind == TOKEN_ARRAY_END || t->kind == TOKEN_DICT_END;
	char kind = kind_of(t);

	if (r->nested) {
		/* Of a dictionary nothing is heeded. */
		if (!closes && kind != 'n' && kind != 'S' && r->all &&
		    r->all <= OPERANDS_MAX && r->kinds[r->all - 1] == 'A')
			r->kinds[r->all - 1] = '?';
		if (kind == 'n')
			r->longest = fmax(r->longest, fabs(t->real));
		r->nested += opens;
		r->nested -= closes;
		return;
	}
	r->nested += opens;
	if (r->all <= OPERANDS_MAX) {
		r->kinds[r->all] = kind;
		r->kinds[r->all + 1] = '\0';
	}
	r->all++;
	if (kind == 'n' && r->count < OPERANDS_MAX)
		r->operands[r->count++] = t->real;
	if (t->kind == TOKEN_NAME && !r->name.len)
		r->name = t->raw;
}

/* Do the names of the device's spaces stand for others (8.6.5.6)? */
static bool
has_defaults(const struct pdf_value *spaces)
{
	return pdf_entry(spaces, "DefaultGray") ||
	    pdf_entry(spaces, "DefaultRGB") || pdf_entry(spaces, "DefaultCMYK");
}

static enum pdf_drawing
read_content(struct pdf_file *file, const struct pdf_value *form, unsigned comb,
    struct bytes content, struct pdf_box *seen)
{
	struct pdf_lexer l = { content, 0 };
	struct reader r = { .file = file,
		.comb = comb,
		.now = { .space = SPACE_GRAYS },
		.spaces = pdf_get(
		    file, pdf_get(file, form, "Resources"), "ColorSpace") };
	struct pdf_token t;

	r.rich = has_defaults(r.spaces) ||
	    (r.spaces->type == PDF_DICT && r.spaces->count > NAMES_MAX);
	if (r.rich)
		r.spaces = NULL;
	if (!pdf_box_read(file, pdf_get(file, form, "BBox"), &r.box))
		r.box = (struct pdf_box){ 0, 0, 0, 0 };
	r.seen = r.now.seen = r.box;
	while (!r.uneven && (t = pdf_token_next(&l)).kind != TOKEN_END)
		if (t.kind == TOKEN_KEYWORD)
			take_operator(&r, t.raw);
		else
			take_operand(&r, &t);
	*seen = r.seen;
	if (r.uneven || r.text)
		return DRAWING_UNEVEN;
	return r.rich ? DRAWING_RICH : DRAWING_WORDS;
}

/* ---- a form, and those it may use ---- */

struct forms {
	struct pdf_file *file;
	struct pdf_ref refs[FORMS_MAX];
	size_t count;
	unsigned comb;
	uint64_t *left;
	struct pdf_box seen; /* of the last one read */
	enum pdf_drawing worst;
};

static void
found(struct forms *s, enum pdf_drawing what)
{
	if (what > s->worst)
		s->worst = what;
}

static void
note_forms(struct forms *s, const struct pdf_value *form)
{
	const struct pdf_value *all =
	    pdf_get(s->file, pdf_get(s->file, form, "Resources"), "XObject");

	if (all->type != PDF_DICT)
		return;
	if (all->count > NAMES_MAX)
		found(s, DRAWING_UNEVEN);
	for (const struct pdf_value *v = all->first;
	     v && s->worst < DRAWING_UNEVEN; v = v->next) {
		bool known = v->type != PDF_REF;

		for (size_t i = 0; i < s->count && !known; i++)
			known = s->refs[i].num == v->ref.num;
		if (known)
			continue;
		if (s->count == FORMS_MAX)
			found(s, DRAWING_UNEVEN);
		else
			s->refs[s->count++] = v->ref;
	}
}

static void
read_form(struct forms *s, const struct pdf_object *form)
{
	size_t most =
	    *s->left < PDF_STREAM_MAX ? (size_t)*s->left : PDF_STREAM_MAX;
	struct buf content;

	if (pdf_entry(form->value, "OC"))
		found(s, DRAWING_UNEVEN);
	if (pdf_is_name(pdf_get(s->file, form->value, "Subtype"), "Image"))
		return;
	buf_init(&content, most);
	s->file->torn = false;
	if (pdf_stream_decode(s->file, form, &content) || s->file->torn) {
		*s->left = content.len < *s->left ? *s->left - content.len : 0;
		found(s, DRAWING_UNEVEN);
	} else {
		*s->left -= content.len;
		found(s,
		    read_content(s->file, form->value, s->comb,
			buf_view(&content), &s->seen));
	}
	buf_free(&content);
	note_forms(s, form->value);
}

enum pdf_drawing
pdf_drawing_judge(struct pdf_file *file, const struct pdf_object *form,
    unsigned comb, uint64_t *left, struct pdf_box *seen)
{
	struct forms s = { .file = file, .comb = comb, .left = left };

	read_form(&s, form);
	if (seen)
		*seen = s.seen;
	for (size_t i = 0; i < s.count && s.worst < DRAWING_UNEVEN; i++) {
		struct pdf_object object;

		if (pdf_object_read(file, s.refs[i].num, &object) ||
		    !object.is_stream)
			found(&s, DRAWING_UNEVEN);
		else
			read_form(&s, &object);
	}
	return s.worst;
}

bool
pdf_drawing_is_setting(struct bytes appearance, struct pdf_setting *set)
{
	static const char *const may[] = { "Tf", "g", "rg", "k", "G", "RG", "K",
		"Tc", "Tw", "Tz", "TL", NULL };
	struct pdf_lexer l = { appearance, 0 };
	struct reader r = { .now = { .space = SPACE_GRAYS } };
	struct pdf_token t;

	*set = (struct pdf_setting){ .size = 0 };
	while ((t = pdf_token_next(&l)).kind != TOKEN_END) {
		if (t.kind != TOKEN_KEYWORD) {
			take_operand(&r, &t);
			continue;
		}
		if (bytes_equal_text(t.raw, "Tf") && r.count == 1) {
			set->font = r.name;
			set->size = r.operands[0];
			/* A size of none is as large as fits. */
			if (set->size == 0)
				r.operands[0] = SMALL;
		}
		if (!is_one_of(t.raw, may))
			return false;
		take_operator(&r, t.raw);
	}
	return !r.rich && !r.uneven && r.now.shade == SHADE_DARK && !r.all;
}

bool
pdf_drawing_is_light(struct pdf_file *file, const struct pdf_value *colour)
{
	double n[4] = { 0 };
	size_t count = 0;

	colour = colour ? pdf_resolve(file, colour) : NULL;
	if (!colour || colour->type != PDF_ARRAY || !colour->count)
		return true;
	for (const struct pdf_value *v = colour->first; v && count < 4;
	     v = v->next)
		n[count++] = pdf_resolve(file, v)->real;
	if (colour->count != 1 && colour->count != 3 && colour->count != 4)
		return false;
	return shade_of(count == 1 ? SPACE_GRAYS :
		       count == 3  ? SPACE_LIGHTS :
				     SPACE_INKS,
		   n) == SHADE_LIGHT;
}

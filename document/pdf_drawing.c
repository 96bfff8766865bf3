#include "document/pdf_drawing.h"

#include "document/pdf_page.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FORMS_MAX 64u
#define SAVED_MAX 64u
#define WHITE 0.9     /* lighter is not seen on paper */
#define INKS SIZE_MAX /* operands: some numbers */
#define SMALL 2.0     /* points: smaller letters are not read */
#define NARROW 50.0   /* per cent */
#define WIDE 100.0    /* between letters */
#define THICK 6.0     /* points: a wider line is no border */
#define SPAN 0.8      /* of its box: what is no border or ground … */
#define SPAN_LESS 6.0 /* … unless it lacks so few points … */
#define SPAN_CLIP 0.5 /* … and of what is cut out, … */
#define CLIP_LESS 8.0 /* … which may lack so much on each side */

/* One content on its way. */
struct reader {
	struct pdf_file *file;
	const struct pdf_value *spaces; /* of colours, by their names */
	unsigned saved;                 /* states */
	uint64_t whites;                /* of them, the last one lowest */
	bool text;                      /* between BT and ET */
	bool lines;                     /* the path has more than rectangles */
	bool cut;                       /* it cuts out what is seen */
	bool small, tiny;               /* a part of it does not span the box,
					   or leaves out some of it */
	struct pdf_box box;
	double x, y;               /* where the path has come to */
	double across, up;         /* by cm … */
	double kept[SAVED_MAX][2]; /* … and of states saved */
	bool white;                /* so are the letters */
	bool shown;                /* letters were */
	bool uneven, rich;
	struct pdf_token last; /* operand … */
	double operands[6];    /* … and those that are numbers */
	size_t count;
	size_t all, nested; /* operands, and arrays or dictionaries open */
	bool named;         /* one was a name */
};

/* What is told before an operator that a plain look has (Annex A); who is told
 * more takes the first or the last. */
static const struct plain_op {
	const char *op;
	size_t operands;
} plain_ops[] = { { "q", 0 }, { "Q", 0 }, { "cm", 6 }, { "w", 1 }, { "J", 1 },
	{ "j", 1 }, { "M", 1 }, { "d", 2 }, { "m", 2 }, { "l", 2 }, { "re", 4 },
	{ "h", 0 }, { "W", 0 }, { "W*", 0 }, { "n", 0 }, { "S", 0 }, { "s", 0 },
	{ "f", 0 }, { "F", 0 }, { "f*", 0 }, { "B", 0 }, { "B*", 0 },
	{ "b", 0 }, { "b*", 0 }, { "g", 1 }, { "G", 1 }, { "cs", 1 },
	{ "CS", 1 }, { "sc", INKS }, { "SC", INKS }, { "scn", INKS },
	{ "SCN", INKS }, { "rg", 3 }, { "RG", 3 }, { "k", 4 }, { "K", 4 },
	{ "BT", 0 }, { "ET", 0 }, { "Tf", 2 }, { "Td", 2 }, { "TD", 2 },
	{ "Tm", 6 }, { "T*", 0 }, { "TL", 1 }, { "Tc", 1 }, { "Tw", 1 },
	{ "Tz", 1 }, { "Tr", 1 }, { "Tj", 1 }, { "TJ", 1 }, { "'", 1 },
	{ "BMC", 1 }, { "BDC", 2 }, { "EMC", 0 } };

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
		if (r->saved < SAVED_MAX) {
			r->kept[r->saved][0] = r->across;
			r->kept[r->saved][1] = r->up;
		}
		r->saved++;
		r->whites = r->whites << 1 | r->white;
	} else if (bytes_equal_text(op, "Q")) {
		r->uneven = r->uneven || r->text || !r->saved;
		r->saved -= r->saved > 0;
		if (r->saved < SAVED_MAX) {
			r->across = r->kept[r->saved][0];
			r->up = r->kept[r->saved][1];
		}
		r->white = r->whites & 1;
		r->whites >>= 1;
	} else if (bytes_equal_text(op, "BT")) {
		r->uneven = r->uneven || r->text;
		r->text = true;
	} else if (bytes_equal_text(op, "ET")) {
		r->uneven = r->uneven || !r->text;
		r->text = false;
	}
}

/* Is the colour of one, three or four inks that is set nearly white? */
static bool
is_white(const struct reader *r)
{
	bool dark = false;

	for (size_t i = 0; i < r->count; i++)
		dark = dark ||
		    (r->count == 4 ? r->operands[i] > 1 - WHITE :
				     r->operands[i] < WHITE);
	return !dark;
}

/* A space of lights or of the four inks: its numbers say how dark it is. */
static bool
is_plain_space(struct reader *r, struct bytes name)
{
	static const char *const devices[] = { "/DeviceGray", "/DeviceRGB",
		"/DeviceCMYK", NULL };
	static const char *const kinds[] = { "ICCBased", "CalGray", "CalRGB",
		NULL };
	const struct pdf_value *kind;
	char key[64];

	if (is_one_of(name, devices))
		return true;
	if (!r->spaces || name.len < 2 || name.len > sizeof(key))
		return false;
	memcpy(key, name.data + 1, name.len - 1);
	key[name.len - 1] = '\0';
	kind = pdf_element(pdf_get(r->file, r->spaces, key), 0);
	return kind && kind->type == PDF_NAME && is_one_of(kind->text, kinds);
}

static void
take_colour(struct reader *r, struct bytes op)
{
	static const char *const fills[] = { "g", "rg", "k", "sc", "scn",
		NULL };

	if (is_one_of(op, fills))
		r->white = is_white(r);
	else if (bytes_equal_text(op, "cs"))
		r->rich = r->rich || !is_plain_space(r, r->last.raw);
}

static bool
spans(double part, double whole)
{
	part = part < 0 ? -part : part;
	return part >= SPAN * whole || whole - part <= SPAN_LESS;
}

/* From one side to the other but for a frame's width, so that nothing of what
 * stands there is cut off. */
static bool
covers(double from, double part, double low, double high)
{
	double to = part < 0 ? from : from + part;

	from = part < 0 ? from + part : from;
	return from <= low + CLIP_LESS && to >= high - CLIP_LESS &&
	    to - from >= SPAN_CLIP * (high - low);
}

/* Frames, grounds and the lines between the letters of a comb go from one side
 * to the other; what does not could be read as a letter. */
static void
take_part(struct reader *r, struct bytes op)
{
	const double *m = r->operands;
	const struct pdf_box *box = &r->box;
	double all_wide = box->x1 - box->x0, all_high = box->y1 - box->y0;
	double wide = 0, high = 0;

	if (bytes_equal_text(op, "re")) {
		wide = m[2];
		high = m[3];
		r->small = r->small || !spans(wide, all_wide) ||
		    !spans(high, all_high);
		r->tiny = r->tiny ||
		    !covers(m[0] + r->across, wide, box->x0, box->x1) ||
		    !covers(m[1] + r->up, high, box->y0, box->y1);
	} else if (bytes_equal_text(op, "l")) {
		wide = m[0] - r->x;
		high = m[1] - r->y;
		r->small = r->small ||
		    !((high == 0 && spans(wide, all_wide)) ||
			(wide == 0 && spans(high, all_high)));
		r->tiny = true;
	}
	r->x = m[0];
	r->y = m[1];
}

static void
take_path(struct reader *r, struct bytes op)
{
	static const char *const cuts[] = { "W", "W*", NULL };
	static const char *const parts[] = { "m", "l", "re", NULL };
	static const char *const lines[] = { "m", "l", NULL };
	static const char *const filled[] = { "f", "F", "f*", "B", "B*", "b",
		"b*", NULL };
	static const char *const ends[] = { "n", "S", "s", NULL };

	if (is_one_of(op, parts))
		take_part(r, op);
	if (is_one_of(op, lines)) {
		r->lines = true;
	} else if (is_one_of(op, cuts)) {
		r->cut = true;
	} else if (is_one_of(op, filled) || is_one_of(op, ends)) {
		bool drawn = !bytes_equal_text(op, "n");

		/* What comes later covers what was there. */
		r->rich = r->rich || (drawn && (r->shown || r->small)) ||
		    (r->cut && (r->shown || r->tiny)) ||
		    (is_one_of(op, filled) && r->lines);
		r->lines = r->cut = r->small = r->tiny = false;
	}
}

/* Letters are of a size to be read, upright as they stand. */
static void
take_size(struct reader *r, struct bytes op)
{
	const double *m = r->operands;

	if (bytes_equal_text(op, "Tf"))
		r->rich = r->rich || (r->count && m[0] < SMALL);
	else if (bytes_equal_text(op, "Tz"))
		r->rich = r->rich || m[0] < NARROW;
	else if (bytes_equal_text(op, "Tc") || bytes_equal_text(op, "Tw"))
		r->rich = r->rich || m[0] < -1 || m[0] > WIDE;
	else if (bytes_equal_text(op, "w"))
		r->rich = r->rich || m[0] > THICK;
	else if (bytes_equal_text(op, "Tm"))
		r->rich = r->rich || m[0] < 0.5 || m[3] < 0.5 || m[1] != 0 ||
		    m[2] != 0;
	else if (bytes_equal_text(op, "cm")) {
		r->rich =
		    r->rich || m[0] != 1 || m[3] != 1 || m[1] != 0 || m[2] != 0;
		r->across += m[4];
		r->up += m[5];
	}
}

static void
take_operator(struct reader *r, struct bytes op)
{
	static const char *const skipped[] = { "BX", "EX", "BI", NULL };
	static const char *const shows[] = { "Tj", "TJ", "'", NULL };
	const struct plain_op *row = plain_ops;

	while (row < plain_ops + COUNT(plain_ops) &&
	    !bytes_equal_text(op, row->op))
		row++;
	take_state(r, op);
	take_colour(r, op);
	take_path(r, op);
	r->uneven = r->uneven || is_one_of(op, skipped);
	if (row == plain_ops + COUNT(plain_ops) ||
	    (row->operands == INKS ? r->all != r->count || r->named :
				     r->all != row->operands))
		r->rich = true;
	else
		take_size(r, op);
	if (is_one_of(op, shows)) {
		r->rich = r->rich || r->white;
		r->shown = true;
	}
	if (bytes_equal_text(op, "Tr"))
		r->rich = r->rich || !bytes_equal_text(r->last.raw, "0");
	/* Content that may be switched off. */
	r->uneven = r->uneven ||
	    (bytes_equal_text(op, "BDC") && r->named &&
		bytes_equal_text(r->last.raw, "/OC"));
	r->count = r->all = r->nested = 0;
	r->named = false;
	r->last = (struct pdf_token){ .kind = TOKEN_END };
}

static void
take_operand(struct reader *r, const struct pdf_token *t)
{
	bool opens = t->kind == TOKEN_ARRAY || t->kind == TOKEN_DICT;
	bool closes = t->kind == TOKEN_ARRAY_END || t->kind == TOKEN_DICT_END;

	/* Of "/OC /name BDC" the first one counts. */
	if (!(r->named && bytes_equal_text(r->last.raw, "/OC")))
		r->last = *t;
	r->all += !r->nested && !closes;
	r->nested += opens;
	r->nested -= closes && r->nested;
	r->named = r->named || t->kind == TOKEN_NAME;
	if ((t->kind == TOKEN_INTEGER || t->kind == TOKEN_REAL) && !r->nested &&
	    r->count < COUNT(r->operands))
		r->operands[r->count++] = t->real;
}

static enum pdf_drawing
read_content(
    struct pdf_file *file, const struct pdf_value *form, struct bytes content)
{
	struct pdf_lexer l = { content, 0 };
	struct reader r = { .file = file,
		.spaces = pdf_get(
		    file, pdf_get(file, form, "Resources"), "ColorSpace") };
	struct pdf_token t;

	if (!pdf_box_read(file, pdf_get(file, form, "BBox"), &r.box))
		r.box = (struct pdf_box){ 0, 0, 0, 0 };

	while (!r.uneven && (t = pdf_token_next(&l)).kind != TOKEN_END)
		if (t.kind == TOKEN_KEYWORD)
			take_operator(&r, t.raw);
		else
			take_operand(&r, &t);
	if (r.uneven || r.text)
		return DRAWING_UNEVEN;
	return r.rich ? DRAWING_RICH : DRAWING_WORDS;
}

/* ---- a form, and those it may use ---- */

struct forms {
	struct pdf_file *file;
	struct pdf_ref refs[FORMS_MAX];
	size_t count;
	uint64_t *left;
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
	for (const struct pdf_value *v = all->first; v; v = v->next) {
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
	if (pdf_stream_decode(s->file, form, &content)) {
		*s->left = content.len < *s->left ? *s->left - content.len : 0;
		found(s, DRAWING_UNEVEN);
	} else {
		*s->left -= content.len;
		found(
		    s, read_content(s->file, form->value, buf_view(&content)));
	}
	buf_free(&content);
	note_forms(s, form->value);
}

enum pdf_drawing
pdf_drawing_judge(
    struct pdf_file *file, const struct pdf_object *form, uint64_t *left)
{
	struct forms s = { .file = file, .left = left };

	read_form(&s, form);
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
pdf_drawing_is_setting(struct bytes appearance)
{
	static const char *const may[] = { "Tf", "g", "rg", "k", "G", "RG", "K",
		"Tc", "Tw", "Tz", "TL", NULL };
	struct pdf_lexer l = { appearance, 0 };
	struct reader r = { .saved = 0 };
	struct pdf_token t;

	while ((t = pdf_token_next(&l)).kind != TOKEN_END) {
		if (t.kind != TOKEN_KEYWORD) {
			take_operand(&r, &t);
			continue;
		}
		/* A size of none is as large as fits. */
		if (bytes_equal_text(t.raw, "Tf") && r.count == 1 &&
		    r.operands[0] == 0)
			r.operands[0] = SMALL;
		if (!is_one_of(t.raw, may))
			return false;
		take_operator(&r, t.raw);
	}
	return !r.rich && !r.uneven && !r.white && !r.all;
}

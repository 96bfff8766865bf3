#include "document/pdf_drawing.h"

#define FORMS_MAX 64u
#define SAVED_MAX 64u
#define WHITE 0.9 /* lighter is not seen on paper */

/* One content on its way. */
struct reader {
	unsigned saved;  /* states */
	uint64_t whites; /* of them, the last one lowest */
	bool text;       /* between BT and ET */
	bool lines;      /* the path has more than rectangles */
	bool white;      /* so are the letters */
	bool uneven, rich;
	struct pdf_token last; /* operand … */
	double operands[4];    /* … and the last of those that are numbers */
	size_t count;
	bool named; /* one was a name */
};

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
		r->saved++;
		r->whites = r->whites << 1 | r->white;
	} else if (bytes_equal_text(op, "Q")) {
		r->uneven = r->uneven || r->text || !r->saved;
		r->saved -= r->saved > 0;
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

/* Is the colour that is set nearly white? */
static bool
is_white(const struct reader *r, struct bytes op)
{
	size_t inks = bytes_equal_text(op, "g") ? 1 :
	    bytes_equal_text(op, "rg")          ? 3 :
						  4;
	bool dark = false;

	for (size_t i = 0; i < inks && i < r->count; i++)
		dark = dark ||
		    (inks == 4 ? r->operands[i] > 1 - WHITE :
				 r->operands[i] < WHITE);
	return !dark;
}

static void
take_colour(struct reader *r, struct bytes op)
{
	static const char *const plain[] = { "g", "rg", "k", NULL };
	static const char *const patterns[] = { "scn", "SCN", NULL };

	if (is_one_of(op, plain))
		r->white = is_white(r, op);
	else if (is_one_of(op, patterns) && r->named)
		r->rich = true;
}

static void
take_path(struct reader *r, struct bytes op)
{
	static const char *const lines[] = { "m", "l", NULL };
	static const char *const filled[] = { "f", "F", "f*", "B", "B*", "b",
		"b*", NULL };
	static const char *const ends[] = { "n", "S", "s", NULL };

	if (is_one_of(op, lines)) {
		r->lines = true;
	} else if (is_one_of(op, filled)) {
		r->rich = r->rich || r->lines;
		r->lines = false;
	} else if (is_one_of(op, ends)) {
		r->lines = false;
	}
}

static void
take_operator(struct reader *r, struct bytes op)
{
	static const char *const skipped[] = { "BX", "EX", "BI", NULL };
	static const char *const rich[] = { "c", "v", "y", "Do", "sh", "gs",
		NULL };
	static const char *const shows[] = { "Tj", "TJ", "'", "\"", NULL };

	take_state(r, op);
	take_colour(r, op);
	take_path(r, op);
	r->uneven = r->uneven || is_one_of(op, skipped);
	r->rich = r->rich || is_one_of(op, rich) ||
	    (r->white && is_one_of(op, shows)) ||
	    (bytes_equal_text(op, "Tr") && !bytes_equal_text(r->last.raw, "0"));
	/* Content that may be switched off. */
	r->uneven = r->uneven ||
	    (bytes_equal_text(op, "BDC") && r->named &&
		bytes_equal_text(r->last.raw, "/OC"));
	r->count = 0;
	r->named = false;
	r->last = (struct pdf_token){ .kind = TOKEN_END };
}

static void
take_operand(struct reader *r, const struct pdf_token *t)
{
	/* Of "/OC /name BDC" the first one counts. */
	if (!(r->named && bytes_equal_text(r->last.raw, "/OC")))
		r->last = *t;
	r->named = r->named || t->kind == TOKEN_NAME;
	if (t->kind != TOKEN_INTEGER && t->kind != TOKEN_REAL)
		return;
	if (r->count == 4) {
		r->operands[0] = r->operands[1];
		r->operands[1] = r->operands[2];
		r->operands[2] = r->operands[3];
		r->count = 3;
	}
	r->operands[r->count++] = t->real;
}

static enum pdf_drawing
read_content(struct bytes content)
{
	struct pdf_lexer l = { content, 0 };
	struct reader r = { .saved = 0 };
	struct pdf_token t;

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
		found(s, read_content(buf_view(&content)));
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
	static const char *const known[] = { "Tf", "g", "rg", "k", "G", "RG",
		"K", "Tc", "Tw", "Tz", "TL", NULL };
	struct pdf_lexer l = { appearance, 0 };
	struct pdf_token t;

	while ((t = pdf_token_next(&l)).kind != TOKEN_END)
		if (t.kind == TOKEN_KEYWORD ? !is_one_of(t.raw, known) :
					      t.kind != TOKEN_INTEGER &&
			    t.kind != TOKEN_REAL && t.kind != TOKEN_NAME)
			return false;
	return true;
}

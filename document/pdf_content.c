#include "document/pdf_content.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "document/pdf_letters.h"

#define OPERANDS_MAX 4096u /* tokens before an operator: a long TJ array */
#define STATES_MAX 64u     /* q without Q */
#define FORMS_DEEP 8u
#define FONTS_MAX 32u /* held at once */
#define NAME_COSTS 4u /* bytes of content: an entry looked at … */
#define READ_COSTS 3u /* … and a byte of a dictionary that is read */
#define TEXT_BYTES_MAX 4096u
#define PARENTS_MAX 64u

/* The part of the graphics state that matters here (8.4.1, 9.3). */
struct state {
	struct pdf_matrix ctm;
	const struct pdf_letters *font; /* NULL: none yet */
	double size, spacing, word_spacing, scale, leading, rise;
};

/* One content stream on the way down into forms. */
struct level {
	struct pdf_lexer in;
	struct buf data;
	const struct pdf_value *resources;
	size_t states; /* those of the level above */
};

struct held_font {
	uint32_t num;
	struct pdf_letters letters;
};

struct walk {
	struct pdf_file *file;
	const struct content_visitor *visitor;
	struct level levels[FORMS_DEEP];
	size_t depth;
	struct state states[STATES_MAX];
	size_t state; /* index of the current one */
	size_t operand_count;
	bool cut;                     /* there were more */
	struct pdf_matrix text, line; /* Tm and Tlm */
	struct held_font fonts[FONTS_MAX];
	size_t font_count;
	struct arena arena; /* strings of one operator */
	size_t bytes, most; /* decoded, and that may be */
	unsigned forms, streams;
	/* Large, and set before it is read: not cleared. */
	struct pdf_token operands[OPERANDS_MAX];
};

/* ---- arithmetic ---- */

static struct pdf_matrix
multiply(struct pdf_matrix m, struct pdf_matrix n)
{
	return (struct pdf_matrix){ m.a * n.a + m.b * n.c,
		m.a * n.b + m.b * n.d, m.c * n.a + m.d * n.c,
		m.c * n.b + m.d * n.d, m.e * n.a + m.f * n.c + n.e,
		m.e * n.b + m.f * n.d + n.f };
}

/* The n-th operand counted from the operator backwards. */
static double
number(const struct walk *w, size_t back)
{
	const struct pdf_token *t;

	if (back >= w->operand_count)
		return 0;
	t = &w->operands[w->operand_count - 1 - back];
	return (t->kind == TOKEN_INTEGER || t->kind == TOKEN_REAL) &&
		isfinite(t->real) ?
	    t->real :
	    0;
}

static struct pdf_matrix
matrix_operand(const struct walk *w)
{
	return (struct pdf_matrix){ number(w, 5), number(w, 4), number(w, 3),
		number(w, 2), number(w, 1), number(w, 0) };
}

static struct state *
now(struct walk *w)
{
	return &w->states[w->state];
}

/* ---- resources ---- */

/* A resource by the name that is the operator's last operand. */
static const struct pdf_value *
resource(struct walk *w, const char *kind, const struct pdf_token *name)
{
	const struct pdf_value *entry =
	    pdf_entry(w->levels[w->depth - 1].resources, kind);
	const struct pdf_value *dict = pdf_resolve(w->file, entry);
	char key[128];
	size_t len = 0;

	/* They are looked through one after another, and one that stands
	 * elsewhere is read each time. */
	if (dict->type == PDF_DICT)
		w->bytes += NAME_COSTS * dict->count;
	if (entry && entry->type == PDF_REF)
		w->bytes += READ_COSTS * dict->raw.len;
	if (name->kind != TOKEN_NAME || name->raw.len < 2 ||
	    name->raw.len > sizeof(key))
		return NULL;
	for (size_t i = 1; i < name->raw.len; i++) {
		uint8_t c = name->raw.data[i];
		int high = -1, low = -1;

		if (c == '#' && i + 2 < name->raw.len) {
			high = hex_digit(name->raw.data[i + 1]);
			low = hex_digit(name->raw.data[i + 2]);
		}
		if ((high | low) >= 0) {
			c = (uint8_t)(high << 4 | low);
			i += 2;
		}
		memcpy(&key[len++], &c, 1);
	}
	key[len] = '\0';
	return pdf_entry(dict, key);
}

static const struct pdf_letters *
find_font(struct walk *w, const struct pdf_value *entry)
{
	uint32_t num = entry && entry->type == PDF_REF ? entry->ref.num : 0;
	const struct pdf_letters *kept;
	const struct pdf_value *dict;
	struct held_font *h;
	size_t cost;

	if (num && (kept = pdf_letters_kept(w->file, num, entry, &cost))) {
		w->bytes += cost;
		return kept;
	}
	for (size_t i = 0; i < w->font_count && num; i++)
		if (w->fonts[i].num == num)
			return &w->fonts[i].letters;
	if (!entry || w->font_count == FONTS_MAX)
		return NULL;
	dict = pdf_resolve(w->file, entry);
	if (dict->type != PDF_DICT)
		return NULL;
	h = &w->fonts[w->font_count];
	h->num = num;
	if (pdf_letters_read(w->file, dict, &h->letters))
		return NULL;
	w->font_count++;
	w->bytes += pdf_letters_cost(&h->letters);
	return &h->letters;
}

/* Tf.  What is read of the file for it is given back: pages set their font
 * thousands of times. */
static void
choose_font(struct walk *w)
{
	struct arena_mark mark = arena_mark(&w->file->arena);

	/* Nobody wants to see the text. */
	if (w->operand_count < 2 || !w->visitor->text)
		return;
	now(w)->font = find_font(
	    w, resource(w, "Font", &w->operands[w->operand_count - 2]));
	arena_back(&w->file->arena, mark);
}

/* ---- text ---- */

static void
advance(struct walk *w, double by)
{
	w->text.e += by * w->text.a;
	w->text.f += by * w->text.b;
}

/* A string in the current font, from where the last one ended. */
static void
show(struct walk *w, struct bytes string)
{
	const struct state *s = now(w);
	struct pdf_matrix start, end;
	struct content_text run = { .size = 0 };
	struct letter letter;
	struct buf letters;
	size_t at = 0;

	buf_init(&letters, TEXT_BYTES_MAX);
	start = multiply(w->text, s->ctm);
	while (s->font && pdf_letters_next(s->font, string, &at, &letter)) {
		double by = letter.width / 1000.0 * s->size + s->spacing +
		    (letter.space ? s->word_spacing : 0);

		text_put(&letters, letter.point ? letter.point : 0xFFFD);
		advance(w, by * s->scale);
	}
	end = multiply(w->text, s->ctm);
	/* What cannot be read is there, too. */
	if (!s->font || buf_fail(&letters) || w->cut)
		run.text = BYTES_TEXT("\xEF\xBF\xBD");
	else
		run.text = buf_view(&letters);
	run.x0 = start.e + s->rise * start.c;
	run.y0 = start.f + s->rise * start.d;
	run.x1 = end.e + s->rise * end.c;
	run.y1 = end.f + s->rise * end.d;
	run.size = s->size * hypot(start.c, start.d);
	if (run.text.len && string.len && w->visitor->text)
		w->visitor->text(w->visitor->context, &run);
	buf_free(&letters);
}

static void
show_token(struct walk *w, const struct pdf_token *t)
{
	struct pdf_lexer in = { t->raw, 0 };
	struct arena_mark mark = arena_mark(&w->arena);
	struct pdf_value *value;

	if (!pdf_value_read(&in, &w->arena, &value) &&
	    value->type == PDF_STRING)
		show(w, value->text);
	arena_back(&w->arena, mark);
}

static void
show_array(struct walk *w)
{
	for (size_t i = 0; i < w->operand_count; i++) {
		const struct pdf_token *t = &w->operands[i];
		const struct state *s = now(w);

		if (t->kind == TOKEN_STRING || t->kind == TOKEN_HEX)
			show_token(w, t);
		else if (t->kind == TOKEN_INTEGER || t->kind == TOKEN_REAL)
			advance(w, -t->real / 1000 * s->size * s->scale);
	}
}

static void
next_line(struct walk *w, double x, double y)
{
	w->line = multiply((struct pdf_matrix){ 1, 0, 0, 1, x, y }, w->line);
	w->text = w->line;
}

/* Text operators that are two letters of which the first is T. */
static void
text_operator(struct walk *w, uint8_t which)
{
	struct state *s = now(w);

	switch (which) {
	case 'f':
		s->size = number(w, 0);
		choose_font(w);
		break;
	case 'd':
		next_line(w, number(w, 1), number(w, 0));
		break;
	case 'D':
		s->leading = -number(w, 0);
		next_line(w, number(w, 1), number(w, 0));
		break;
	case 'm':
		w->text = w->line = matrix_operand(w);
		break;
	case '*':
		next_line(w, 0, -s->leading);
		break;
	case 'j':
		if (w->operand_count)
			show_token(w, &w->operands[w->operand_count - 1]);
		break;
	case 'J':
		show_array(w);
		break;
	case 'c':
		s->spacing = number(w, 0);
		break;
	case 'w':
		s->word_spacing = number(w, 0);
		break;
	case 'z':
		s->scale = number(w, 0) / 100;
		break;
	case 'L':
		s->leading = number(w, 0);
		break;
	case 's':
		s->rise = number(w, 0);
		break;
	default:
		break;
	}
}

/* ' and ": the next line, and show. */
static void
line_and_show(struct walk *w, bool spaced)
{
	struct state *s = now(w);

	if (spaced) {
		s->word_spacing = number(w, 2);
		s->spacing = number(w, 1);
	}
	next_line(w, 0, -s->leading);
	if (w->operand_count)
		show_token(w, &w->operands[w->operand_count - 1]);
}

/* ---- forms and pictures ---- */

static struct pdf_matrix
matrix_entry(struct pdf_file *f, const struct pdf_value *dict)
{
	const struct pdf_value *list = pdf_get(f, dict, "Matrix");
	double n[6] = { 1, 0, 0, 1, 0, 0 };

	if (list->type == PDF_ARRAY && list->count == 6)
		for (size_t i = 0; i < 6; i++) {
			const struct pdf_value *v =
			    pdf_resolve(f, pdf_element(list, i));

			if (pdf_is_number(v) && isfinite(v->real))
				n[i] = v->real;
		}
	return (struct pdf_matrix){ n[0], n[1], n[2], n[3], n[4], n[5] };
}

static bool
save(struct walk *w)
{
	if (w->state + 1 == STATES_MAX)
		return false;
	w->states[w->state + 1] = w->states[w->state];
	w->state++;
	return true;
}

static void
restore(struct walk *w)
{
	if (w->state > w->levels[w->depth - 1].states)
		w->state--;
}

/* Append a stream's content to a level's data. */
static enum fail
add_stream(struct walk *w, const struct pdf_value *entry, struct buf *data)
{
	struct arena_mark mark = arena_mark(&w->file->arena);
	struct pdf_object object;
	enum fail f = FAIL_NONE;

	if (w->streams++ == CONTENT_FORMS_MAX)
		return FAIL_LIMIT;
	if (!entry || entry->type != PDF_REF ||
	    pdf_object_read(w->file, entry->ref.num, &object) ||
	    !object.is_stream)
		return FAIL_NONE;
	f = pdf_stream_decode(w->file, &object, data);
	arena_back(&w->file->arena, mark);
	/* Unreadable: a viewer leaves it out too. */
	if (f && f != FAIL_LIMIT && data->fail != FAIL_LIMIT)
		return FAIL_NONE;
	buf_char(data, '\n');
	if (f == FAIL_LIMIT)
		return f;
	return data->fail == FAIL_LIMIT ? FAIL_LIMIT : FAIL_NONE;
}

static enum fail
enter_form(
    struct walk *w, const struct pdf_value *entry, const struct pdf_value *dict)
{
	const struct pdf_value *own = pdf_get(w->file, dict, "Resources");
	struct level *l;
	enum fail f;

	if (w->depth == FORMS_DEEP || w->forms++ == CONTENT_FORMS_MAX)
		return w->depth == FORMS_DEEP ? FAIL_NONE : FAIL_LIMIT;
	if (!save(w))
		return FAIL_LIMIT;
	now(w)->ctm = multiply(matrix_entry(w->file, dict), now(w)->ctm);
	l = &w->levels[w->depth];
	*l = (struct level){ .states = w->state };
	l->resources =
	    own->type == PDF_DICT ? own : w->levels[w->depth - 1].resources;
	buf_init(&l->data, w->most > w->bytes ? w->most - w->bytes : 0);
	f = add_stream(w, entry, &l->data);
	w->bytes += l->data.len;
	l->in = (struct pdf_lexer){ buf_view(&l->data), 0 };
	w->depth++;
	return f;
}

static enum fail
do_object(struct walk *w)
{
	const struct pdf_value *entry, *dict;
	struct arena_mark mark = arena_mark(&w->file->arena);
	struct content_image image;
	struct pdf_object object;

	if (!w->operand_count)
		return FAIL_NONE;
	entry = resource(w, "XObject", &w->operands[w->operand_count - 1]);
	if (!entry || entry->type != PDF_REF ||
	    pdf_object_read(w->file, entry->ref.num, &object))
		return FAIL_NONE;
	dict = object.value;
	if (pdf_is_name(pdf_get(w->file, dict, "Subtype"), "Form"))
		return enter_form(w, entry, dict);
	image = (struct content_image){ dict, object.stream, now(w)->ctm };
	if (pdf_is_name(pdf_get(w->file, dict, "Subtype"), "Image") &&
	    w->visitor->image)
		w->visitor->image(w->visitor->context, &image);
	arena_back(&w->file->arena, mark);
	return FAIL_NONE;
}

/* BI … ID bytes EI: what looks like EI between spaces ends it (8.9.7). */
static void
skip_inline_image(struct walk *w)
{
	struct level *l = &w->levels[w->depth - 1];
	struct bytes in = l->in.in;
	struct content_image image = { .place = now(w)->ctm };

	for (size_t at = l->in.at; at + 3 < in.len; at++)
		if (pdf_is_space(in.data[at]) && in.data[at + 1] == 'E' &&
		    in.data[at + 2] == 'I' && pdf_is_space(in.data[at + 3])) {
			l->in.at = at + 3;
			if (w->visitor->image)
				w->visitor->image(w->visitor->context, &image);
			return;
		}
	l->in.at = in.len;
}

/* ---- operators ---- */

static enum fail
run(struct walk *w, struct bytes op)
{
	if (op.len == 1)
		switch (op.data[0]) {
		case 'q':
			return save(w) ? FAIL_NONE : FAIL_LIMIT;
		case 'Q':
			restore(w);
			break;
		case '\'':
		case '"':
			line_and_show(w, op.data[0] == '"');
			break;
		default:
			break;
		}
	else if (bytes_equal_text(op, "cm"))
		now(w)->ctm = multiply(matrix_operand(w), now(w)->ctm);
	else if (bytes_equal_text(op, "Do"))
		return do_object(w);
	else if (bytes_equal_text(op, "BT"))
		w->text = w->line = (struct pdf_matrix){ 1, 0, 0, 1, 0, 0 };
	else if (bytes_equal_text(op, "ID"))
		skip_inline_image(w);
	else if (op.len == 2 && op.data[0] == 'T')
		text_operator(w, op.data[1]);
	return FAIL_NONE;
}

static enum fail
walk_all(struct walk *w)
{
	enum fail f = FAIL_NONE;

	while (w->depth && !f) {
		struct level *l = &w->levels[w->depth - 1];
		struct pdf_token t = pdf_token_next(&l->in);

		if (t.kind == TOKEN_END) {
			w->state = l->states;
			if (w->depth > 1 && w->state)
				w->state--;
			buf_free(&l->data);
			w->depth--;
			w->operand_count = 0;
		} else if (t.kind != TOKEN_KEYWORD) {
			w->cut = w->cut || w->operand_count == OPERANDS_MAX;
			if (w->operand_count < OPERANDS_MAX)
				w->operands[w->operand_count++] = t;
		} else {
			f = w->bytes > w->most ? FAIL_LIMIT : run(w, t.raw);
			w->operand_count = 0;
			w->cut = false;
		}
	}
	return f;
}

/* A page's resources may be inherited (7.7.3.4). */
static const struct pdf_value *
page_resources(struct pdf_file *f, const struct pdf_page *page)
{
	const struct pdf_value *node = page->dict;

	for (unsigned i = 0; i < PARENTS_MAX && node->type == PDF_DICT; i++) {
		const struct pdf_value *own = pdf_get(f, node, "Resources");

		if (own->type == PDF_DICT)
			return own;
		node = pdf_get(f, node, "Parent");
	}
	return node;
}

static enum fail
open_page(struct walk *w, const struct pdf_page *page)
{
	const struct pdf_value *entry = pdf_entry(page->dict, "Contents");
	const struct pdf_value *list = pdf_resolve(w->file, entry);
	struct level *l = &w->levels[0];
	enum fail f = FAIL_NONE;

	l->resources = page_resources(w->file, page);
	buf_init(&l->data, w->most);
	if (list->type != PDF_ARRAY)
		f = add_stream(w, entry, &l->data);
	else
		for (const struct pdf_value *v = list->first; v && !f;
		     v = v->next)
			f = add_stream(w, v, &l->data);
	w->bytes = l->data.len;
	l->in = (struct pdf_lexer){ buf_view(&l->data), 0 };
	w->depth = 1;
	w->states[0] =
	    (struct state){ .ctm = { 1, 0, 0, 1, 0, 0 }, .scale = 1 };
	return f;
}

enum fail
pdf_content_walk(struct pdf_file *file, const struct pdf_page *page,
    const struct content_visitor *visitor)
{
	struct arena_mark mark = arena_mark(&file->arena);
	struct walk *w = malloc(sizeof(*w));
	enum fail f;

	if (!w)
		return FAIL_MEMORY;
	memset(w, 0, offsetof(struct walk, operands));
	w->file = file;
	w->visitor = visitor;
	w->most = visitor->left && *visitor->left < CONTENT_BYTES_MAX ?
	    (size_t)*visitor->left :
	    CONTENT_BYTES_MAX;
	arena_init(&w->arena, 4u << 20);
	f = open_page(w, page);
	if (!f)
		f = walk_all(w);
	for (size_t i = 0; i < w->depth; i++)
		buf_free(&w->levels[i].data);
	for (size_t i = 0; i < w->font_count; i++)
		pdf_letters_free(&w->fonts[i].letters);
	if (visitor->left)
		*visitor->left -= f || w->bytes > w->most ? w->most : w->bytes;
	arena_free(&w->arena);
	free(w);
	arena_back(&file->arena, mark);
	return f;
}

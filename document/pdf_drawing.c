#include "document/pdf_drawing.h"

#define FORMS_MAX 64u
#define SAVED_MAX 64u
#define NAMES_MAX 256u /* in a dictionary of one kind */

/* One content on its way. */
struct reader {
	unsigned saved;    /* states */
	bool text;         /* between BT and ET */
	struct bytes name; /* the first name before an operator */
	bool uneven;
};

static void
take_operator(struct reader *r, struct bytes op)
{
	if (bytes_equal_text(op, "q")) {
		r->uneven = r->uneven || r->text || r->saved++ == SAVED_MAX;
	} else if (bytes_equal_text(op, "Q")) {
		r->uneven = r->uneven || r->text || !r->saved;
		r->saved -= r->saved > 0;
	} else if (bytes_equal_text(op, "BT")) {
		r->uneven = r->uneven || r->text;
		r->text = true;
	} else if (bytes_equal_text(op, "ET")) {
		r->uneven = r->uneven || !r->text;
		r->text = false;
	} else if (bytes_equal_text(op, "BDC")) {
		/* Content that may be switched off; other ways to write its
		 * name are not looked through. */
		r->uneven = r->uneven || bytes_equal_text(r->name, "/OC") ||
		    (r->name.len && memchr(r->name.data, '#', r->name.len));
	} else {
		/* Old readers pass over what is new to them; pictures have
		 * their bytes between. */
		r->uneven = r->uneven || bytes_equal_text(op, "BX") ||
		    bytes_equal_text(op, "EX") || bytes_equal_text(op, "BI");
	}
	r->name = (struct bytes){ NULL, 0 };
}

static bool
is_even(struct bytes content)
{
	struct pdf_lexer l = { content, 0 };
	struct reader r = { .saved = 0 };
	struct pdf_token t;

	while (!r.uneven && (t = pdf_token_next(&l)).kind != TOKEN_END)
		if (t.kind == TOKEN_KEYWORD)
			take_operator(&r, t.raw);
		else if (t.kind == TOKEN_NAME && !r.name.len)
			r.name = t.raw;
	return !r.uneven && !r.text;
}

/* ---- a form, and those it may use ---- */

struct forms {
	struct pdf_file *file;
	struct pdf_ref refs[FORMS_MAX];
	size_t count;
	uint64_t *left;
};

static bool
note_forms(struct forms *s, const struct pdf_value *form)
{
	const struct pdf_value *all =
	    pdf_get(s->file, pdf_get(s->file, form, "Resources"), "XObject");

	if (all->type != PDF_DICT)
		return true;
	if (all->count > NAMES_MAX)
		return false;
	for (const struct pdf_value *v = all->first; v; v = v->next) {
		bool known = v->type != PDF_REF;

		for (size_t i = 0; i < s->count && !known; i++)
			known = s->refs[i].num == v->ref.num;
		if (known)
			continue;
		if (s->count == FORMS_MAX)
			return false;
		s->refs[s->count++] = v->ref;
	}
	return true;
}

static bool
read_form(struct forms *s, const struct pdf_object *form)
{
	size_t most =
	    *s->left < PDF_STREAM_MAX ? (size_t)*s->left : PDF_STREAM_MAX;
	struct buf content;
	bool even;

	if (pdf_entry(form->value, "OC"))
		return false;
	if (pdf_is_name(pdf_get(s->file, form->value, "Subtype"), "Image"))
		return true;
	buf_init(&content, most);
	s->file->torn = false;
	even = !pdf_stream_decode(s->file, form, &content) && !s->file->torn;
	*s->left -= content.len < *s->left ? content.len : *s->left;
	even = even && is_even(buf_view(&content));
	buf_free(&content);
	return even && note_forms(s, form->value);
}

bool
pdf_drawing_is_even(
    struct pdf_file *file, const struct pdf_object *form, uint64_t *left)
{
	struct forms s = { .file = file, .left = left };
	bool even = read_form(&s, form);

	for (size_t i = 0; i < s.count && even; i++) {
		struct pdf_object object;

		even = !pdf_object_read(file, s.refs[i].num, &object) &&
		    object.is_stream && read_form(&s, &object);
	}
	return even;
}

bool
pdf_drawing_is_form(const struct pdf_value *form)
{
	static const char *const keys[] = { "Type", "Subtype", "FormType",
		"BBox", "Matrix", "Resources", "Length", "Filter",
		"DecodeParms", "Name", "LastModified", "StructParent",
		"StructParents" };

	for (const struct pdf_value *v = form->first; v; v = v->next) {
		bool known = false;

		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			known = known || bytes_equal_text(v->key, keys[i]);
		if (!known)
			return false;
	}
	return !form->doubled;
}

/* From the lower left to the upper right. */
static bool
is_ordered(struct pdf_file *f, const struct pdf_value *box)
{
	double n[4] = { 0 };
	size_t count = 0;

	if (box->type != PDF_ARRAY || box->count != 4)
		return false;
	for (const struct pdf_value *v = box->first; v; v = v->next)
		n[count++] = pdf_resolve(f, v)->real;
	return n[0] < n[2] && n[1] < n[3];
}

bool
pdf_drawing_box(
    struct pdf_file *file, const struct pdf_value *form, struct pdf_box *box)
{
	const struct pdf_value *value = pdf_get(file, form, "BBox");

	return is_ordered(file, value) && pdf_box_read(file, value, box);
}

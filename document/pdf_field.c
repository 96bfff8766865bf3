#include "document/pdf_field.h"

void
pdf_field_walk_init(struct pdf_field_walk *w, struct pdf_file *file)
{
	const struct pdf_value *form =
	    pdf_get(file, pdf_catalog(file), "AcroForm");

	*w = (struct pdf_field_walk){ .file = file, .depth = 1 };
	w->levels[0].kid = pdf_get(file, form, "Fields")->first;
}

static bool
on_way(const struct pdf_field_walk *w, uint32_t num)
{
	for (size_t i = 0; i < w->depth; i++)
		if (num && w->levels[i].num == num)
			return true;
	return false;
}

/* Extend the full name by /T, with a full stop between (12.7.3.2). */
static size_t
name_extend(struct pdf_field_walk *w, size_t len, const struct pdf_value *dict)
{
	struct pdf_value title = *pdf_get(w->file, dict, "T");
	struct buf text;

	w->name[len] = '\0';
	if (title.type != PDF_STRING)
		return len;
	/* No more than a name has room for, in two bytes a letter. */
	title.text = bytes_part(title.text, 0, 2 + 2 * PDF_FIELD_NAME_MAX);
	buf_init(&text, PDF_FIELD_NAME_MAX - 1 - len);
	if (len)
		buf_char(&text, '.');
	pdf_text_utf8(&title, &text);
	if (text.len) {
		memcpy(w->name + len, text.data, text.len);
		len += text.len;
	}
	w->name[len] = '\0';
	buf_free(&text);
	return len;
}

/* What was not looked at must not be taken for nothing: as if memory had run
 * out. */
static void
give_up(struct pdf_field_walk *w)
{
	w->file->arena.full = true;
	w->depth = 0;
}

/* Kids that are fields have a /T, or are signatures where this is none; others
 * are this field's widgets.  A file that leads to the same ones again and again
 * is given up. */
static bool
has_child_fields(
    struct pdf_field_walk *w, const struct pdf_value *kids, bool is_signature)
{
	if (kids->type != PDF_ARRAY)
		return false;
	for (const struct pdf_value *k = kids->first; k; k = k->next) {
		const struct pdf_value *kid;

		if (++w->looked > PDF_KIDS_MAX) {
			give_up(w);
			return false;
		}
		kid = pdf_resolve(w->file, k);
		if (pdf_entry(kid, "T") ||
		    (!is_signature &&
			pdf_is_name(pdf_get(w->file, kid, "FT"), "Sig")))
			return true;
	}
	return false;
}

bool
pdf_field_next(struct pdf_field_walk *w, struct pdf_field *field)
{
	while (w->depth) {
		struct pdf_field_level *l = &w->levels[w->depth - 1], down;
		const struct pdf_value *kid = l->kid, *dict, *flags, *kids;

		if (!kid) {
			w->depth--;
			continue;
		}
		l->kid = kid->next;
		if (++w->visited > PDF_FIELDS_MAX) {
			give_up(w);
			return false;
		}
		down = *l;
		down.num = kid->type == PDF_REF ? kid->ref.num : 0;
		if (on_way(w, down.num))
			continue;
		dict = pdf_resolve(w->file, kid);
		if (dict->type != PDF_DICT)
			continue;
		if (pdf_entry(dict, "FT"))
			down.kind = pdf_get(w->file, dict, "FT");
		if (pdf_entry(dict, "V"))
			down.value = pdf_entry(dict, "V");
		flags = pdf_get(w->file, dict, "Ff");
		if (flags->type == PDF_INTEGER)
			down.flags = flags->integer;
		down.name_len = name_extend(w, l->name_len, dict);
		kids = pdf_get(w->file, dict, "Kids");
		if (has_child_fields(w, kids, pdf_is_name(down.kind, "Sig"))) {
			if (w->depth == PDF_FIELD_DEPTH_MAX) {
				give_up(w);
				return false;
			}
			down.kid = kids->first;
			w->levels[w->depth++] = down;
			continue;
		}
		*field = (struct pdf_field){ .dict = dict,
			.kind = down.kind,
			.value = down.value,
			.flags = down.flags };
		if (kid->type == PDF_REF)
			field->ref = kid->ref;
		memcpy(field->name, w->name, sizeof(field->name));
		return true;
	}
	return false;
}

enum fail
pdf_field_find(struct pdf_file *file, const char *name, struct pdf_field *field)
{
	struct pdf_field_walk walk;

	pdf_field_walk_init(&walk, file);
	while (pdf_field_next(&walk, field))
		if (!strcmp(field->name, name))
			return FAIL_NONE;
	return FAIL_MISSING;
}

bool
pdf_field_is_signature(const struct pdf_field *field)
{
	return pdf_is_name(field->kind, "Sig");
}

const struct pdf_value *
pdf_field_inherited(
    struct pdf_file *f, const struct pdf_value *dict, const char *key)
{
	for (unsigned up = 0;
	     up < PDF_FIELD_DEPTH_MAX && dict->type == PDF_DICT; up++) {
		const struct pdf_value *v = pdf_entry(dict, key);

		if (v && v->type != PDF_NULL)
			return v;
		dict = pdf_get(f, dict, "Parent");
	}
	return NULL;
}

bool
pdf_field_is_empty(struct pdf_file *f, const struct pdf_value *v)
{
	v = v ? pdf_resolve(f, v) : NULL;
	if (!v || v->type == PDF_NULL)
		return true;
	if (v->type == PDF_STRING)
		return v->text.len == 0 ||
		    bytes_equal_text(v->text, "\xFE\xFF");
	return pdf_is_name(v, "Off") || (v->type == PDF_ARRAY && v->count == 0);
}

bool
pdf_field_holds(
    struct pdf_file *f, const struct pdf_value *dict, const char *key)
{
	for (unsigned up = 0; up < PDF_FIELD_DEPTH_MAX; up++) {
		if (dict->type != PDF_DICT)
			return false;
		if (!pdf_field_is_empty(f, pdf_entry(dict, key)))
			return true;
		dict = pdf_get(f, dict, "Parent");
	}
	return true;
}

bool
pdf_is_signed(struct pdf_file *file)
{
	struct pdf_field_walk walk;
	struct pdf_field field;

	pdf_field_walk_init(&walk, file);
	while (pdf_field_next(&walk, &field))
		if (pdf_field_is_signature(&field) &&
		    pdf_resolve(file, field.value)->type == PDF_DICT)
			return true;
	return false;
}

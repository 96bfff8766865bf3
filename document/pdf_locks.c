#include "document/pdf_locks.h"

#include "document/pdf_value.h"

void
pdf_locks_read(struct pdf_file *f, const struct pdf_value *signature,
    struct pdf_locks *locks)
{
	const struct pdf_value *list = pdf_get(f, signature, "Reference");

	*locks = (struct pdf_locks){ .file = f };
	if (list->type != PDF_ARRAY)
		return;
	for (const struct pdf_value *v = list->first; v; v = v->next) {
		const struct pdf_value *one = pdf_resolve(f, v);
		const struct pdf_value *how, *action;

		if (!pdf_is_name(
			pdf_get(f, one, "TransformMethod"), "FieldMDP"))
			continue;
		if (locks->count == PDF_LOCKS_MAX) {
			locks->list[0].action = LOCK_ALL;
			return;
		}
		how = pdf_get(f, one, "TransformParams");
		action = pdf_get(f, how, "Action");
		locks->list[locks->count++] = (struct pdf_lock){
			.action = pdf_is_name(action, "Include") ?
			    LOCK_INCLUDE :
			    pdf_is_name(action, "Exclude") ? LOCK_EXCLUDE :
							     LOCK_ALL,
			.names = pdf_get(f, how, "Fields"),
		};
	}
}

/* The full name (12.7.4.2); false: it has no room. */
static bool
put_name(struct pdf_file *f, const struct pdf_value *field, struct buf *out)
{
	const struct pdf_value *way[PDF_FIELD_DEPTH_MAX];
	size_t depth = 0;

	for (; field->type == PDF_DICT; field = pdf_get(f, field, "Parent")) {
		if (depth == PDF_FIELD_DEPTH_MAX)
			return false;
		way[depth++] = pdf_get(f, field, "T");
	}
	while (depth-- > 0) {
		if (way[depth]->type != PDF_STRING)
			continue;
		if (out->len)
			buf_char(out, '.');
		pdf_text_utf8(way[depth], out);
	}
	return !buf_fail(out);
}

/* A name in the list stands for the field and all below it. */
static bool
is_named(struct pdf_file *f, const struct pdf_value *names, struct bytes name)
{
	if (names->type != PDF_ARRAY)
		return false;
	for (const struct pdf_value *v = names->first; v; v = v->next) {
		const struct pdf_value *one = pdf_resolve(f, v);
		struct buf text;
		size_t len;
		bool same;

		if (one->type != PDF_STRING)
			continue;
		buf_init(&text, PDF_FIELD_NAME_MAX);
		pdf_text_utf8(one, &text);
		len = text.len;
		same = !buf_fail(&text) &&
		    bytes_equal(bytes_part(name, 0, len), buf_view(&text)) &&
		    (name.len == len || name.data[len] == '.');
		buf_free(&text);
		if (same)
			return true;
	}
	return false;
}

bool
pdf_locks_hold(const struct pdf_locks *locks, struct pdf_file *f,
    const struct pdf_value *field)
{
	struct buf name;
	bool held = false, known;

	if (!locks || !locks->count)
		return false;
	buf_init(&name, PDF_FIELD_NAME_MAX);
	known = put_name(f, field, &name);
	for (size_t i = 0; i < locks->count && !held; i++) {
		const struct pdf_lock *l = &locks->list[i];
		bool named =
		    known && is_named(locks->file, l->names, buf_view(&name));

		held = !known || l->action == LOCK_ALL ||
		    named == (l->action == LOCK_INCLUDE);
	}
	buf_free(&name);
	return held;
}

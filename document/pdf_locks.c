#include "document/pdf_locks.h"

/* A list of names; one of anything else locks everything. */
static bool
is_list_of_names(struct pdf_file *f, const struct pdf_value *names)
{
	if (names->type != PDF_ARRAY)
		return false;
	for (const struct pdf_value *v = names->first; v; v = v->next)
		if (pdf_resolve(f, v)->type != PDF_STRING)
			return false;
	return true;
}

static enum pdf_lock_action
action_of(struct pdf_file *f, const struct pdf_value *how)
{
	const struct pdf_value *action = pdf_get(f, how, "Action");

	if (!is_list_of_names(f, pdf_get(f, how, "Fields")))
		return LOCK_ALL;
	return pdf_is_name(action, "Include") ? LOCK_INCLUDE :
	    pdf_is_name(action, "Exclude")    ? LOCK_EXCLUDE :
						LOCK_ALL;
}

void
pdf_locks_read(struct pdf_file *f, const struct pdf_value *signature,
    struct pdf_locks *locks)
{
	const struct pdf_value *list = pdf_get(f, signature, "Reference");

	*locks = (struct pdf_locks){ .file = f };
	if (list->type != PDF_ARRAY) {
		/* What does not read may have been a lock. */
		locks->count = list->type != PDF_NULL;
		return;
	}
	for (const struct pdf_value *v = list->first; v; v = v->next) {
		const struct pdf_value *one = pdf_resolve(f, v), *how;

		if (!pdf_is_name(
			pdf_get(f, one, "TransformMethod"), "FieldMDP"))
			continue;
		if (locks->count == PDF_LOCKS_MAX) {
			locks->list[0].action = LOCK_ALL;
			return;
		}
		how = pdf_get(f, one, "TransformParams");
		locks->list[locks->count++] = (struct pdf_lock){
			.action = action_of(f, how),
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

/* Is one of the names this one, or one that it begins with before a full stop?
 */
static bool
is_within(struct bytes name, struct bytes whole)
{
	return bytes_equal(bytes_part(name, 0, whole.len), whole) &&
	    (name.len == whole.len || name.data[whole.len] == '.');
}

/* A name in the list stands for the field and all below it; what is above may
 * give those below its value. */
static bool
is_named(struct pdf_file *f, const struct pdf_lock *l, struct bytes name)
{
	bool named = false;

	for (const struct pdf_value *v = l->names->first; v && !named;
	     v = v->next) {
		struct buf text;

		buf_init(&text, PDF_FIELD_NAME_MAX);
		pdf_text_utf8(pdf_resolve(f, v), &text);
		named = is_within(name, buf_view(&text)) ||
		    (l->action == LOCK_INCLUDE &&
			(buf_fail(&text) || is_within(buf_view(&text), name)));
		buf_free(&text);
	}
	return named;
}

/* Of all locks, or of those that name their fields. */
static bool
holds(const struct pdf_locks *locks, struct pdf_file *f,
    const struct pdf_value *field, bool by_name)
{
	struct buf name;
	bool held = false, known;

	if (!locks || !locks->count)
		return false;
	buf_init(&name, PDF_FIELD_NAME_MAX);
	known = put_name(f, field, &name);
	for (size_t i = 0; i < locks->count && !held; i++) {
		const struct pdf_lock *l = &locks->list[i];

		if (by_name && l->action != LOCK_INCLUDE)
			continue;
		held = !known || l->action == LOCK_ALL ||
		    is_named(locks->file, l, buf_view(&name)) ==
			(l->action == LOCK_INCLUDE);
	}
	buf_free(&name);
	return held;
}

bool
pdf_locks_hold(const struct pdf_locks *locks, struct pdf_file *f,
    const struct pdf_value *field)
{
	return holds(locks, f, field, false);
}

bool
pdf_locks_name(const struct pdf_locks *locks, struct pdf_file *f,
    const struct pdf_value *field)
{
	return holds(locks, f, field, true);
}

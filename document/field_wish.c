#include "document/field_wish.h"

#include "document/pdf_look.h"

#define SEED_FILTER 1u /* bits of /Ff: what must be so */
#define SEED_SUBFILTER 2u

enum fail
field_takes(struct pdf_file *file, const struct pdf_value *field,
    const char *subfilter, struct note *note)
{
	const struct pdf_value *seed = pdf_get(file, field, "SV");
	const struct pdf_value *list = pdf_get(file, seed, "SubFilter");
	int64_t must = pdf_get(file, seed, "Ff")->integer;
	bool good = false;

	if (seed->type != PDF_DICT)
		return FAIL_NONE;
	for (const struct pdf_value *v = list->type == PDF_ARRAY ? list->first :
								   NULL;
	     v; v = v->next)
		good = good || pdf_is_name(pdf_resolve(file, v), subfilter);
	if ((must & SEED_SUBFILTER && !good) ||
	    (must & SEED_FILTER &&
		!pdf_is_name(pdf_get(file, seed, "Filter"), "Adobe.PPKLite")) ||
	    must & ~(int64_t)(SEED_FILTER | SEED_SUBFILTER))
		return note_set(note, FAIL_UNSUPPORTED,
		    "ISO 32000-1 12.7.4.5: the field demands (/SV) what this "
		    "signature does not have");
	return FAIL_NONE;
}

bool
field_locks(struct pdf_file *file, const struct pdf_value *field)
{
	return pdf_get(file, field, "Lock")->type == PDF_DICT;
}

void
field_put_lock(
    struct pdf_file *file, const struct pdf_value *field, struct buf *out)
{
	const struct pdf_value *lock = pdf_get(file, field, "Lock");
	const struct pdf_value *names = pdf_get(file, lock, "Fields");
	const struct pdf_value *action = pdf_get(file, lock, "Action");
	bool some =
	    pdf_is_name(action, "Include") || pdf_is_name(action, "Exclude");

	buf_printf(out,
	    "<</Type/SigRef/TransformMethod/FieldMDP/Data %u %u R"
	    "/TransformParams<</Type/TransformParams/V/1.2/Action/%s",
	    file->root.num, file->root.gen,
	    !some                              ? "All" :
		pdf_is_name(action, "Include") ? "Include" :
						 "Exclude");
	if (some) {
		buf_text(out, "/Fields[");
		for (const struct pdf_value *v =
			 names->type == PDF_ARRAY ? names->first : NULL;
		     v; v = v->next) {
			struct buf name;

			buf_init(&name, 4 * PDF_FIELD_NAME_MAX);
			pdf_look_value(file, v, &name);
			pdf_put_text(out, buf_view(&name));
			buf_free(&name);
		}
		buf_char(out, ']');
	}
	buf_text(out, ">>>>");
}

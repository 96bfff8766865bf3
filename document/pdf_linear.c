#include "document/pdf_linear.h"

#include "document/pdf_page.h"
#include "document/pdf_xref.h"

#define LENGTH_SLACK 1024 /* bytes */

/* The first-page object is the page that it says it is: some readers show it
 * without asking the tree of pages. */
static bool
is_that_page(struct pdf_file *f, const struct pdf_value *dict)
{
	const struct pdf_value *object = pdf_entry(dict, "O");
	const struct pdf_value *number = pdf_entry(dict, "P");
	struct pdf_page page;
	int64_t n = number ? number->integer : 0;

	return object && object->type == PDF_INTEGER &&
	    (!number || number->type == PDF_INTEGER) && n >= 0 &&
	    n < UINT32_MAX && !pdf_page_find(f, (unsigned)n + 1, &page) &&
	    page.ref.num == object->integer;
}

bool
pdf_has_two_starts(struct pdf_file *f, size_t header)
{
	struct arena_mark mark = arena_mark(&f->arena);
	struct pdf_lexer l = { f->in, header == SIZE_MAX ? 0 : header };
	struct pdf_object object;
	const struct pdf_value *length;
	int64_t size = (int64_t)f->in.len;
	size_t end;
	bool two = false;

	pdf_skip_space(&l);
	if (f->repaired || pdf_object_at(f, l.at, &object))
		return false;
	length = pdf_entry(object.value, "L");
	if (pdf_entry(object.value, "Linearized") && pdf_is_number(length) &&
	    length->integer >= size - LENGTH_SLACK &&
	    length->integer <= size + LENGTH_SLACK) {
		end = pdf_object_end(f->in, &object);
		l.at = end == SIZE_MAX ? f->in.len : end;
		pdf_skip_space(&l);
		two = l.at != f->start + f->base ||
		    !is_that_page(f, object.value);
	}
	arena_back(&f->arena, mark);
	return two;
}

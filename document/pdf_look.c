#include "document/pdf_look.h"

#include "document/pdf_content.h"

void
pdf_look_value(
    struct pdf_file *f, const struct pdf_value *value, struct buf *out)
{
	const struct pdf_value *v = value ? pdf_resolve(f, value) : NULL;

	if (v && (v->type == PDF_STRING || v->type == PDF_NAME))
		pdf_text_utf8(v, out);
	else if (v && pdf_is_number(v))
		pdf_put_number(out, v->real);
}

/* What is read, and where: what is outside is not shown. */
struct reading {
	struct buf *out;
	bool boxed;
	struct pdf_box box;
};

static void
take_text(void *context, const struct content_text *t)
{
	struct reading *r = context;

	/* Half a letter is seen. */
	if (r->boxed &&
	    (t->x0 > r->box.x1 - t->size / 4 || t->x1 < r->box.x0 ||
		t->y0 > r->box.y1 - t->size / 3 ||
		t->y0 + t->size / 3 < r->box.y0))
		return;
	if (r->out->len)
		buf_char(r->out, ' ');
	buf_bytes(r->out, t->text);
}

/* Walked as if it were a page. */
static enum fail
read_form(struct pdf_file *f, const struct pdf_value *look, uint64_t *left,
    struct buf *out)
{
	const struct pdf_value *form = look ? pdf_resolve(f, look) : NULL;
	const struct pdf_value *resources = pdf_entry(form, "Resources");
	struct reading reading = { .out = out };
	struct content_visitor visitor = {
		.context = &reading, .text = take_text, .left = left
	};
	struct pdf_value contents, more;
	struct pdf_value dict = { .type = PDF_DICT, .first = &contents };
	struct pdf_page page = { .dict = &dict };

	if (!look || look->type != PDF_REF || form->type != PDF_DICT)
		return FAIL_NONE;
	reading.boxed = pdf_box_read(f, pdf_get(f, form, "BBox"), &reading.box);
	contents = *look;
	contents.key = BYTES_TEXT("Contents");
	contents.next = NULL;
	if (resources) {
		more = *resources;
		more.key = BYTES_TEXT("Resources");
		more.next = NULL;
		contents.next = &more;
	}
	return pdf_content_walk(f, &page, &visitor);
}

enum fail
pdf_look_text(struct pdf_file *f, const struct pdf_value *field, uint64_t *left,
    struct buf *out)
{
	return read_form(f, pdf_entry(pdf_get(f, field, "AP"), "N"), left, out);
}

enum fail
pdf_look_page(struct pdf_file *f, const struct pdf_page *page, uint64_t *left,
    struct buf *out)
{
	struct reading reading = { .out = out };
	struct content_visitor visitor = {
		.context = &reading, .text = take_text, .left = left
	};

	return pdf_content_walk(f, page, &visitor);
}

bool
pdf_look_same(struct bytes a, struct bytes b)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < a.len && a.data[i] <= ' ')
			i++;
		while (j < b.len && b.data[j] <= ' ')
			j++;
		if (i == a.len || j == b.len)
			return i == a.len && j == b.len;
		if (a.data[i++] != b.data[j++])
			return false;
	}
}

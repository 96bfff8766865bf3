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

static void
take_text(void *context, const struct content_text *text)
{
	struct buf *out = context;

	if (out->len)
		buf_char(out, ' ');
	buf_bytes(out, text->text);
}

/* What a field's normal appearance says: walked as if it were a page. */
void
pdf_look_text(
    struct pdf_file *f, const struct pdf_value *field, struct buf *out)
{
	const struct pdf_value *looks = pdf_get(f, field, "AP");
	const struct pdf_value *look = pdf_entry(looks, "N");
	const struct pdf_value *form = look ? pdf_resolve(f, look) : NULL;
	const struct pdf_value *resources = pdf_entry(form, "Resources");
	struct content_visitor visitor = { .context = out, .text = take_text };
	struct pdf_value contents, more;
	struct pdf_value dict = { .type = PDF_DICT, .first = &contents };
	struct pdf_page page = { .dict = &dict };

	if (!look || look->type != PDF_REF || form->type != PDF_DICT)
		return;
	contents = *look;
	contents.key = BYTES_TEXT("Contents");
	contents.next = NULL;
	if (resources) {
		more = *resources;
		more.key = BYTES_TEXT("Resources");
		more.next = NULL;
		contents.next = &more;
	}
	(void)!pdf_content_walk(f, &page, &visitor);
}

void
pdf_look_page(struct pdf_file *f, const struct pdf_page *page, struct buf *out)
{
	struct content_visitor visitor = { .context = out, .text = take_text };

	(void)!pdf_content_walk(f, page, &visitor);
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

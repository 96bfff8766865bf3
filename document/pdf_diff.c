#include "document/pdf_diff.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "document/pdf_field.h"
#include "document/pdf_look.h"
#include "document/pdf_page.h"

#define PAGES_MAX 50u        /* looked at */
#define PAGE_TEXT_MAX 65536u /* bytes of one page's text */
#define FIELDS_MAX 512u      /* looked at */
#define ANNOTATIONS_MAX 256u /* of one page */
#define VALUE_MAX 4096u      /* bytes of a value as text */
#define AROUND 12u           /* bytes shown in front of what differs */

static struct diff_item *
add(struct pdf_diff *d, enum diff_kind kind, unsigned page)
{
	struct diff_item *item = &d->items[d->count];

	if (d->count == DIFF_ITEMS_MAX) {
		d->more = true;
		return NULL;
	}
	d->count++;
	*item = (struct diff_item){ .kind = kind, .page = page };
	return item;
}

/* ---- fields ---- */

/* One of a kind about a field, if the texts differ; sameness is judged by all
 * that fits into them. */
static void
compare_words(struct pdf_diff *d, enum diff_kind kind, const char *name,
    const struct buf *a, const struct buf *b)
{
	struct diff_item *item;

	if (bytes_equal(buf_view(a), buf_view(b)))
		return;
	item = add(d, kind, 0);
	if (!item)
		return;
	text_keep(item->name, sizeof(item->name), BYTES_TEXT(name));
	text_keep(item->before, sizeof(item->before), buf_view(a));
	text_keep(item->after, sizeof(item->after), buf_view(b));
}

static void
compare_field(struct pdf_file *old, const struct pdf_field *before,
    struct pdf_file *new, const struct pdf_field *field, struct pdf_diff *d)
{
	struct pdf_file *top = pdf_newest(new);
	struct buf a, b;
	enum fail f = FAIL_NONE;

	buf_init(&a, VALUE_MAX);
	buf_init(&b, VALUE_MAX);
	if (before)
		pdf_look_value(old, before->value, &a);
	pdf_look_value(new, field->value, &b);
	compare_words(d, DIFF_FIELD, field->name, &a, &b);
	buf_clear(&a);
	buf_clear(&b);
	if (before)
		f = pdf_look_text(old, before->dict, &top->tells_left, &a);
	if (!f)
		f = pdf_look_text(new, field->dict, &top->tells_left, &b);
	if (f)
		d->more = true;
	else
		compare_words(d, DIFF_LOOK, field->name, &a, &b);
	buf_free(&a);
	buf_free(&b);
}

/* Fields keep their order: the one of that name is looked for from where the
 * last was found. */
static void
compare_fields(struct pdf_file *old, struct pdf_file *new, struct pdf_diff *d)
{
	struct pdf_field *olds = calloc(FIELDS_MAX, sizeof(*olds));
	struct pdf_field_walk walk;
	struct pdf_field field;
	size_t count = 0, at = 0;

	if (!olds)
		return;
	pdf_field_walk_init(&walk, old);
	while (count < FIELDS_MAX && pdf_field_next(&walk, &olds[count]))
		count++;
	pdf_field_walk_init(&walk, new);
	for (unsigned n = 0; pdf_field_next(&walk, &field); n++) {
		const struct pdf_field *before = NULL;
		size_t i = 0;

		if (n == FIELDS_MAX) {
			d->more = true;
			break;
		}

		if (pdf_field_is_signature(&field))
			continue;
		while (i < count &&
		    strcmp(olds[(at + i) % count].name, field.name) != 0)
			i++;
		if (i < count) {
			at = (at + i) % count;
			before = &olds[at];
		}
		compare_field(old, before, new, &field, d);
	}
	free(olds);
}

/* ---- texts of pages ---- */

static size_t
common_front(struct bytes a, struct bytes b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.data[n] == b.data[n])
		n++;
	/* Whole letters. */
	while (n && n < a.len && a.data[n] >> 6 == 2)
		n--;
	return n;
}

static size_t
common_back(struct bytes a, struct bytes b)
{
	size_t n = 0;

	while (n < a.len && n < b.len &&
	    a.data[a.len - 1 - n] == b.data[b.len - 1 - n])
		n++;
	while (n && a.data[a.len - n] >> 6 == 2)
		n--;
	return n;
}

static void
compare_texts(struct bytes a, struct bytes b, unsigned page, struct pdf_diff *d)
{
	size_t front, back;
	struct diff_item *item;

	if (bytes_equal(a, b))
		return;
	item = add(d, DIFF_TEXT, page);
	if (!item)
		return;
	front = common_front(a, b);
	front -= front < AROUND ? front : AROUND;
	while (front && front < a.len && a.data[front] >> 6 == 2)
		front--;
	a = bytes_part(a, front, SIZE_MAX);
	b = bytes_part(b, front, SIZE_MAX);
	back = common_back(a, b);
	back -= back < AROUND ? back : AROUND;
	text_keep(
	    item->before, sizeof(item->before), bytes_part(a, 0, a.len - back));
	text_keep(
	    item->after, sizeof(item->after), bytes_part(b, 0, b.len - back));
}

/* ---- annotations ---- */

/* One as words: its kind and where it stands. */
static void
describe(struct pdf_file *f, const struct pdf_value *annotation, char *text)
{
	const struct pdf_value *dict = pdf_resolve(f, annotation);
	const struct pdf_value *kind = pdf_get(f, dict, "Subtype");
	struct pdf_box box = { 0, 0, 0, 0 };
	char name[DIFF_NAME_MAX];

	text_keep(name, sizeof(name),
	    kind->type == PDF_NAME ? kind->text : BYTES_TEXT("?"));
	(void)pdf_box_read(f, pdf_get(f, dict, "Rect"), &box);
	snprintf(text, DIFF_TEXT_MAX, "%s [%.0f %.0f %.0f %.0f]", name, box.x0,
	    box.y0, box.x1, box.y1);
}

static bool
lists(const struct pdf_value *list, const struct pdf_value *wanted)
{
	unsigned n = 0;

	if (list->type != PDF_ARRAY || wanted->type != PDF_REF)
		return false;
	for (const struct pdf_value *v = list->first; v && n < ANNOTATIONS_MAX;
	     v = v->next, n++)
		if (v->type == PDF_REF && v->ref.num == wanted->ref.num)
			return true;
	return false;
}

/* What one revision's page has and the other's has not. */
static void
compare_lists(struct pdf_file *f, const struct pdf_value *has,
    const struct pdf_value *other, bool came, unsigned page, struct pdf_diff *d)
{
	unsigned n = 0;

	if (has->type != PDF_ARRAY)
		return;
	for (const struct pdf_value *v = has->first; v && n < ANNOTATIONS_MAX;
	     v = v->next, n++) {
		struct diff_item *item;

		if (lists(other, v) ||
		    (item = add(d, DIFF_ANNOTATION, page)) == NULL)
			continue;
		describe(f, v, came ? item->after : item->before);
	}
}

static void
compare_annotations(struct pdf_file *old, const struct pdf_page *a,
    struct pdf_file *new, const struct pdf_page *b, unsigned page,
    struct pdf_diff *d)
{
	const struct pdf_value *before = pdf_get(old, a->dict, "Annots");
	const struct pdf_value *after = pdf_get(new, b->dict, "Annots");

	compare_lists(old, before, after, false, page, d);
	compare_lists(new, after, before, true, page, d);
}

/* ---- pages ---- */

static void
compare_page(
    struct pdf_file *old, struct pdf_file *new, unsigned n, struct pdf_diff *d)
{
	struct pdf_file *top = pdf_newest(new);
	struct pdf_page a, b;
	struct buf before, after;

	if (pdf_page_find(old, n, &a) || pdf_page_find(new, n, &b))
		return;
	buf_init(&before, PAGE_TEXT_MAX);
	buf_init(&after, PAGE_TEXT_MAX);
	if (pdf_look_page(old, &a, &top->tells_left, &before) ||
	    pdf_look_page(new, &b, &top->tells_left, &after))
		d->more = true;
	else
		compare_texts(buf_view(&before), buf_view(&after), n, d);
	buf_free(&before);
	buf_free(&after);
	compare_annotations(old, &a, new, &b, n, d);
}

static void
compare_pages(struct pdf_file *old, struct pdf_file *new, struct pdf_diff *d)
{
	unsigned before = 0, after = 0;
	struct diff_item *item;

	if (pdf_page_count(old, &before) || pdf_page_count(new, &after))
		return;
	if (before != after && (item = add(d, DIFF_PAGES, 0)) != NULL) {
		snprintf(item->before, sizeof(item->before), "%u", before);
		snprintf(item->after, sizeof(item->after), "%u", after);
	}
	for (unsigned n = 1;
	     n <= before && n <= after && n <= PAGES_MAX && !d->more; n++)
		compare_page(old, new, n, d);
}

void
pdf_diff(struct pdf_file *old, struct pdf_file *new, struct pdf_diff *d)
{
	*d = (struct pdf_diff){ .count = 0 };
	compare_fields(old, new, d);
	compare_pages(old, new, d);
}

const char *
diff_kind_name(enum diff_kind kind)
{
	static const char *const names[] = { "field", "look", "text",
		"annotation", "pages" };

	return names[kind];
}

const char *
diff_kind_vietnamese(enum diff_kind kind)
{
	static const char *const names[] = { "Trường biểu mẫu",
		"Hình của trường", "Chữ trên trang", "Chú thích", "Số trang" };

	return names[kind];
}

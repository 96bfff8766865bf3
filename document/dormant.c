#include "document/dormant.h"

#include <stdlib.h>

#include "document/pdf_content.h"
#include "document/pdf_dropped.h"
#include "document/pdf_field.h"
#include "document/pdf_listed.h"
#include "document/pdf_look.h"
#include "document/pdf_page.h"

#define AT_ONCE 256u    /* objects read between two marks of the arena */
#define PASSES_MAX 256u /* over the numbers reached and not yet read */
#define WORK_MAX (UINT64_C(256) << 20)
#define WORK_FAILED (UINT64_C(1) << 20) /* of an object that does not read */
#define PAGES_MAX 50u                   /* looked at */
#define FIELDS_MAX 512u                 /* looked at */
#define TEXTS_MAX 2000u                 /* of one page */
#define LOOK_MAX 4096u    /* bytes of a value, of what a field shows */
#define COVER_PART 0.01   /* of the page, from which on a cover counts … */
#define COVER_AREA 5000.0 /* … and of an A4 page, in square points */

/* ---- what nothing leads to ---- */

struct sweep {
	struct pdf_file *file;
	uint64_t *reached, *read; /* a bit per number */
	size_t since;             /* objects read since the arena's mark */
	uint64_t work;            /* bytes gone through, against a budget */
	bool incomplete;          /* not all was followed */
	struct arena_mark mark;
	unsigned found;
	bool more; /* something new was reached */
};

static bool
bit(const uint64_t *bits, uint32_t num)
{
	return bits[num / 64] >> num % 64 & 1;
}

static void
set(uint64_t *bits, uint32_t num)
{
	bits[num / 64] |= UINT64_C(1) << num % 64;
}

static double
area(struct pdf_box b)
{
	return (b.x1 - b.x0) * (b.y1 - b.y0);
}

/* Annotations that draw something large, fields and links apart. */
static bool
covers(struct pdf_file *f, const struct pdf_value *dict)
{
	static const char *const harmless[] = { "Widget", "Link", "Popup" };
	const struct pdf_value *kind = pdf_entry(dict, "Subtype");
	const struct pdf_value *rect = pdf_entry(dict, "Rect");
	struct pdf_box box;

	if (!rect || !kind || !pdf_entry(dict, "AP"))
		return false;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (pdf_is_name(kind, harmless[i]))
			return false;
	return pdf_box_read(f, rect, &box) && area(box) >= COVER_AREA;
}

static void
look_at(struct sweep *s, const struct pdf_value *v)
{
	if (bytes_equal_text(v->key, "JS") ||
	    (bytes_equal_text(v->key, "S") && pdf_is_name(v, "JavaScript")))
		s->found |= DORMANT_SCRIPTS;
	if (v->type == PDF_DICT && covers(s->file, v))
		s->found |= DORMANT_COVERS;
	if (v->type == PDF_REF && v->ref.num < s->file->entry_count &&
	    !bit(s->reached, v->ref.num)) {
		set(s->reached, v->ref.num);
		s->more = true;
	}
}

static void
look_through(struct sweep *s, const struct pdf_value *value)
{
	struct pdf_tree tree = { .top = value };
	const struct pdf_value *v;

	while ((v = pdf_tree_next(&tree)))
		look_at(s, v);
}

/* The unpacked stream that an object stands in; NULL: it stands alone, or that
 * stream is not unpacked. */
static const struct pdf_pack *
pack_of(const struct pdf_file *f, uint32_t num)
{
	for (size_t i = 0; i < PDF_PACKS_HELD; i++)
		if (f->entries[num].kind == ENTRY_PACKED &&
		    f->packs[i].num == f->entries[num].where)
			return &f->packs[i];
	return NULL;
}

/* Within the budget; what is not read may lead anywhere. */
static bool
read_object(struct sweep *s, uint32_t num, struct pdf_object *object)
{
	const struct pdf_pack *before = pack_of(s->file, num), *pack;
	enum fail f;

	if (++s->since == AT_ONCE) {
		s->since = 0;
		arena_back(&s->file->arena, s->mark);
	}
	if (s->incomplete)
		return false;
	f = pdf_object_read(s->file, num, object);
	s->work += f ? WORK_FAILED : object->value->raw.len;
	/* It was unpacked just now, and is looked through each time. */
	pack = pack_of(s->file, num);
	if (pack)
		s->work += pack->count + (before ? 0 : pack->data.len);
	if (f == FAIL_MEMORY || f == FAIL_LIMIT || s->file->arena.full ||
	    s->work > WORK_MAX)
		s->incomplete = true;
	return !f;
}

/* From what was reached to what that leads to, by ascending numbers: objects of
 * one stream stand together. */
static void
follow(struct sweep *s)
{
	for (unsigned pass = 0; pass < PASSES_MAX && s->more; pass++) {
		s->more = false;
		for (uint32_t n = 1; n < s->file->entry_count; n++) {
			struct pdf_object object;

			if (!bit(s->reached, n) || bit(s->read, n))
				continue;
			set(s->read, n);
			if (read_object(s, n, &object))
				look_through(s, object.value);
		}
	}
}

static void
judge_orphan(struct sweep *s, const struct pdf_object *object)
{
	static const struct {
		const char *key, *name;
		unsigned bit;
	} kinds[] = { { "Type", "Page", DORMANT_PAGES },
		{ "Type", "Pages", DORMANT_PAGES },
		{ "Type", "Catalog", DORMANT_PAGES },
		{ "Type", "Font", DORMANT_OBJECTS },
		{ "Subtype", "Form", DORMANT_OBJECTS },
		{ "Subtype", "Image", DORMANT_OBJECTS } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (pdf_is_name(
			pdf_entry(object->value, kinds[i].key), kinds[i].name))
			s->found |= kinds[i].bit;
}

static void
find_orphans(struct sweep *s)
{
	struct pdf_object object;

	for (uint32_t n = 1; n < s->file->entry_count; n++)
		if (!bit(s->reached, n) &&
		    s->file->entries[n].kind >= ENTRY_PLAIN &&
		    read_object(s, n, &object))
			judge_orphan(s, &object);
}

static unsigned
sweep_objects(struct pdf_file *file)
{
	struct sweep s = { .file = file, .mark = arena_mark(&file->arena) };
	size_t words = file->entry_count / 64 + 1;

	if (file->entry_count > DORMANT_OBJECTS_MAX)
		return 0;
	s.reached = calloc(words, sizeof(*s.reached));
	s.read = calloc(words, sizeof(*s.read));
	if (s.reached && s.read && file->trailer) {
		look_through(&s, file->trailer);
		follow(&s);
		/* What is not known to be led to is not said to be hidden. */
		if (!s.more && !s.incomplete)
			find_orphans(&s);
	}
	free(s.reached);
	free(s.read);
	arena_back(&file->arena, s.mark);
	return s.found;
}

/* ---- layers ---- */

static bool
any_in(struct pdf_file *f, const struct pdf_value *dict, const char *key)
{
	const struct pdf_value *list = pdf_get(f, dict, key);

	return list->type == PDF_ARRAY && list->count;
}

static unsigned
find_layers(struct pdf_file *f)
{
	const struct pdf_value *all =
	    pdf_get(f, pdf_catalog(f), "OCProperties");
	const struct pdf_value *usual = pdf_get(f, all, "D");

	return pdf_is_name(pdf_get(f, usual, "BaseState"), "OFF") ||
		any_in(f, usual, "OFF") ?
	    DORMANT_LAYERS :
	    0;
}

/* ---- what lies over a page ---- */

struct page_view {
	struct pdf_box page;
	struct pdf_box texts[TEXTS_MAX]; /* base lines drawn so far */
	size_t count;
	unsigned found;
};

static bool
is_large(const struct page_view *v, struct pdf_box box)
{
	return area(box) >= COVER_PART * area(v->page);
}

static struct pdf_box
box_around(double x0, double y0, double x1, double y1)
{
	return (struct pdf_box){ x0 < x1 ? x0 : x1, y0 < y1 ? y0 : y1,
		x0 < x1 ? x1 : x0, y0 < y1 ? y1 : y0 };
}

static void
see_text(void *context, const struct content_text *t)
{
	struct page_view *v = context;

	if (v->count < TEXTS_MAX)
		v->texts[v->count++] = box_around(t->x0, t->y0, t->x1, t->y1);
}

/* A picture over a text that was drawn before it. */
static void
see_image(void *context, const struct content_image *image)
{
	struct page_view *v = context;
	const struct pdf_matrix m = image->place;
	struct pdf_box box;

	/* Turned pictures are passed over. */
	if (m.b != 0 || m.c != 0)
		return;
	/* What can be seen through covers nothing. */
	if (!image->dict || pdf_entry(image->dict, "SMask") ||
	    pdf_entry(image->dict, "Mask") ||
	    pdf_entry(image->dict, "ImageMask"))
		return;
	box = box_around(m.e, m.f, m.e + m.a, m.f + m.d);
	if (!is_large(v, box))
		return;
	for (size_t i = 0; i < v->count; i++)
		if (v->texts[i].x0 >= box.x0 && v->texts[i].x1 <= box.x1 &&
		    v->texts[i].y0 >= box.y0 && v->texts[i].y1 <= box.y1)
			v->found |= DORMANT_COVERS;
}

/* Pictures that lie over texts. */
static unsigned
find_covers(struct pdf_file *f)
{
	struct page_view *v = calloc(1, sizeof(*v));
	struct arena_mark mark = arena_mark(&f->arena);
	struct pdf_page page;
	unsigned found;

	if (!v)
		return 0;
	for (unsigned n = 1; n <= PAGES_MAX && !pdf_page_find(f, n, &page);
	     n++) {
		const struct content_visitor visitor = {
			.context = v, .text = see_text, .image = see_image
		};

		v->page = page.media;
		v->count = 0;
		(void)!pdf_content_walk(f, &page, &visitor);
		arena_back(&f->arena, mark);
	}
	arena_back(&f->arena, mark);
	found = v->found;
	free(v);
	return found;
}

/* ---- fields ---- */

static unsigned
find_fields(struct pdf_file *f)
{
	struct pdf_field_walk walk;
	struct pdf_field field;
	uint64_t left = PDF_LOOKS_MAX;
	struct buf value, look;
	unsigned found = 0;

	buf_init(&value, LOOK_MAX);
	buf_init(&look, LOOK_MAX);
	pdf_field_walk_init(&walk, f);
	for (unsigned n = 0; n < FIELDS_MAX && pdf_field_next(&walk, &field);
	     n++) {
		if (!pdf_is_name(field.kind, "Tx"))
			continue;
		buf_clear(&value);
		buf_clear(&look);
		pdf_look_value(f, field.value, &value);
		if (!pdf_look_text(f, field.dict, &left, &look) && value.len &&
		    look.len && !buf_fail(&value) && !buf_fail(&look) &&
		    !pdf_look_same(buf_view(&value), buf_view(&look)))
			found |= DORMANT_FIELDS;
	}
	buf_free(&value);
	buf_free(&look);
	return found;
}

/* ---- what only some readers show ---- */

/* A form in XML (ISO 32000-1 12.7.8) that is drawn in place of the pages, or
 * documents in a portfolio (7.11.6). */
static unsigned
find_others(struct pdf_file *f)
{
	const struct pdf_value *root = pdf_get(f, f->trailer, "Root");
	const struct pdf_value *form = pdf_get(f, root, "AcroForm");

	return pdf_entry(form, "XFA") || pdf_entry(root, "Collection") ?
	    DORMANT_PAGES :
	    0;
}

/* ---- what no table lists ---- */

static unsigned
find_unlisted(struct pdf_file *f)
{
	/* Of a file without a table all objects are read by scanning. */
	bool hides = !f->repaired && f->in.len <= DORMANT_SCAN_MAX &&
	    pdf_hides_object(f, f->in.len);

	return hides || f->crooked ? DORMANT_UNLISTED : 0;
}

/* ---- all of it ---- */

unsigned
dormant_find(struct pdf_file *file, enum dormant_depth depth)
{
	bool ambiguous = file->ambiguous, full = file->arena.full;
	struct note note = file->note;
	unsigned found = sweep_objects(file);

	found |= find_layers(file) | find_others(file);
	if (pdf_has_dropped(file))
		found |= DORMANT_SIGNATURES;
	if (depth == DORMANT_THOROUGH)
		found |=
		    find_covers(file) | find_fields(file) | find_unlisted(file);
	/* What was met on this way is not what is asked of the file. */
	file->ambiguous = ambiguous;
	file->arena.full = full;
	file->note = note;
	return found;
}

const char *
dormant_name(unsigned index)
{
	static const char *const names[DORMANT_KINDS] = { "pages", "objects",
		"layers", "covers", "fields", "scripts", "signatures",
		"unlisted" };

	return names[index];
}

const char *
dormant_phrase(unsigned index)
{
	static const char *const phrases[DORMANT_KINDS] = {
		"có trang hoặc tài liệu mà trình đọc có thể không hiện ra",
		"có hình hoặc phông chữ nằm trong tệp mà không dùng đến",
		"có lớp nội dung đang tắt",
		"có chú thích hoặc hình che trên nội dung trang",
		"có ô biểu mẫu hiện chữ khác với giá trị của nó",
		"có mã JavaScript",
		"từng có chữ ký số mà phiên bản sau đã gỡ ra",
		"mục lục của tệp không chuẩn: nếu chưa ký, nên in lại PDF",
	};

	return phrases[index];
}

void
dormant_text(unsigned found, struct buf *out)
{
	bool first = true;

	for (unsigned i = 0; i < DORMANT_KINDS; i++) {
		if (!(found >> i & 1))
			continue;
		buf_text(out, first ? "" : "; ");
		buf_text(out, dormant_phrase(i));
		first = false;
	}
}

/* Fields that some readers draw themselves, whatever look they have: all where
 * the form says /NeedAppearances (12.7.3.3). */
#include "base/text.h"
#include "document/pdf_letters.h"
#include "document/pdf_page.h"
#include "document/pdf_plain.h"
#include "document/pdf_shade.h"
#include "document/pdf_walk.h"
#include "document/standard_face.h"

#define SETTING_MAX 1024u /* bytes of a default appearance */
#define TEXT_MAX 4096u

const struct pdf_value *
walk_fonts(struct pdf_file *f)
{
	const struct pdf_value *root = pdf_get(f, f->trailer, "Root");
	const struct pdf_value *form = pdf_get(f, root, "AcroForm");

	return pdf_get(f, pdf_get(f, form, "DR"), "Font");
}

static size_t
letters(struct bytes utf8)
{
	size_t count = 0;

	for (size_t i = 0; i < utf8.len; i++)
		count += (utf8.data[i] & 0xC0) != 0x80;
	return count;
}

/* No more letters than it takes: no reader cuts at less than nothing, and what
 * it does then is not known. */
bool
walk_has_place(struct walk *w, const struct pdf_value *field, struct bytes said)
{
	const struct pdf_value *most =
	    pdf_field_inherited(w->new, field, "MaxLen");
	int64_t limit = most ? pdf_resolve(w->new, most)->integer : INT64_MAX;

	return limit >= 0 && letters(said) <= (uint64_t)limit;
}

#define MULTILINE (1 << 12) /* 12.7.5.3 */
#define COMB (1 << 24)
#define SMALLEST 4.0
#define HIGH 1.2      /* of the size: with what hangs below the line */
#define UNTOLD 1000.0 /* thousandths: a letter that the font does not know */
#define PADDING 4.0   /* points that readers leave at both sides */

/* How long it is at size 1, in the form's font of that name, or in the one
 * that readers take where it has none: UTF-8, letters with marks as those
 * without. */
static double
length_of(struct walk *w, struct bytes font, struct bytes text)
{
	const struct pdf_value *ref = pdf_entry_named(walk_fonts(w->new), font);
	const struct standard_face *usual =
	    standard_face(BYTES_TEXT("Helvetica"));
	const struct pdf_letters *l = NULL;
	double length = 0;
	size_t cost = 0, at = 0;
	uint32_t point;

	if (ref && ref->type == PDF_REF)
		l = pdf_letters_kept(w->new, ref->ref.num, ref, &cost);
	while (at < text.len && (point = text_next(text, &at))) {
		uint32_t base = text_fold_point(point), width = 0;

		/* Capitals are as wide as their widest. */
		if (point >= 0x80 && base < 0x80)
			point = base >= 'a' && base <= 'z' ? base - 'a' + 'A' :
							     base;
		if (!l)
			width = standard_face_width(usual, point);
		else if (!l->wide && l->row[0] && point < 0x100)
			width = l->row[0]->width[point];
		length += width ? width - 1.0 : UNTOLD;
	}
	return length / 1000;
}

/* It is not cut off: none is larger than its place, nor longer.  As large as
 * fits is so down to the smallest that readers choose. */
static bool
has_room(struct walk *w, const struct pdf_value *field, struct bytes said,
    const struct pdf_setting *set)
{
	double size = set->size > 0 ? set->size : SMALLEST;
	struct pdf_box at;

	return pdf_box_read(w->new, pdf_get(w->new, field, "Rect"), &at) &&
	    (set->size == 0 || HIGH * size <= at.y1 - at.y0) &&
	    size * length_of(w, set->font, said) + PADDING <= at.x1 - at.x0;
}

bool
walk_is_drawn_below(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *kids = pdf_get(w->new, field, "Kids");

	return kids->type == PDF_ARRAY && kids->count &&
	    !pdf_entry(field, "Rect") && !pdf_entry(field, "Subtype");
}

/* One line of text, upright, by a setting of its own: dark letters of a known
 * font on light, and all of them. */
static bool
is_drawn_plainly(struct walk *w, const struct pdf_value *field,
    struct bytes said, int64_t flags)
{
	const struct pdf_value *kind = pdf_field_inherited(w->new, field, "FT");
	const struct pdf_value *look = pdf_field_inherited(w->new, field, "DA");
	const struct pdf_value *marks = pdf_get(w->new, field, "MK");
	struct pdf_setting set = { .size = 0 };

	if (walk_is_drawn_below(w, field))
		return true;
	look = look ? pdf_resolve(w->new, look) : NULL;
	return kind && pdf_is_name(pdf_resolve(w->new, kind), "Tx") && look &&
	    look->type == PDF_STRING && look->text.len <= SETTING_MAX &&
	    pdf_plain_is_setting(look->text, &set) &&
	    !(flags & (MULTILINE | COMB)) &&
	    (!pdf_entry(marks, "R") ||
		pdf_get(w->new, marks, "R")->integer == 0) &&
	    pdf_shade_is_light(w->new, pdf_entry(marks, "BG")) &&
	    walk_has_place(w, field, said) && has_room(w, field, said, &set);
}

/* Letters that the standard fonts have, and those of Vietnamese: where these
 * are left out nothing else comes of it. */
static bool
is_known(struct bytes said)
{
	size_t at = 0;
	uint32_t point;

	while (at < said.len) {
		point = text_next(said, &at);
		if (point < ' ' || point == 0x7F || point == 0xAD ||
		    (point >= 0x80 && point < 0xA1) ||
		    (point > 0xFF && text_fold_point(point) >= 0x80))
			return false;
	}
	return true;
}

bool
walk_is_drawn(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *value, int64_t flags)
{
	const struct pdf_value *root = pdf_get(w->new, w->new->trailer, "Root");
	const struct pdf_value *form = pdf_get(w->new, root, "AcroForm");
	struct buf said;
	bool good;

	if (!pdf_get(w->new, form, "NeedAppearances")->boolean)
		return true;
	buf_init(&said, TEXT_MAX);
	pdf_text_utf8(value, &said);
	good = !buf_fail(&said) && is_known(buf_view(&said)) &&
	    is_drawn_plainly(w, field, buf_view(&said), flags);
	buf_free(&said);
	return good;
}

#include "base/text.h"
#include "document/letter_shape.h"
#include "document/pdf_drawing.h"
#include "document/pdf_letters.h"
#include "document/pdf_look.h"
#include "document/pdf_page.h"
#include "document/pdf_plain.h"
#include "document/pdf_shade.h"
#include "document/pdf_walk.h"

/* Flags that may come with a value (12.5.3): Print; ReadOnly, Locked,
 * LockedContents.  All others say where it is seen, and how. */
#define PRINT 4
#define MAY_COME (PRINT | 64 | 128 | 512)
#define TEXT_MAX 4096u
#define SETTING_MAX 1024u /* bytes of a default appearance … */
#define COLOURS_MAX 64u   /* … and entries of /MK */

/* So many numbers, told in the file or by an object that is there. */
static bool
are_numbers(struct walk *w, const struct pdf_value *list, size_t count)
{
	list = list ? pdf_resolve(w->new, list) : NULL;
	if (!list || list->type != PDF_ARRAY || list->count != count)
		return false;
	for (const struct pdf_value *v = list->first; v; v = v->next)
		if (!pdf_is_number(v))
			return false;
	return true;
}

static void
check_form(struct walk *w, const struct pdf_object *form)
{
	const struct pdf_value *turn = pdf_entry(form->value, "Matrix");
	const struct pdf_value *sub = pdf_entry(form->value, "Subtype");
	const struct pdf_value *type = pdf_entry(form->value, "Type");

	if (!are_numbers(w, pdf_entry(form->value, "BBox"), 4) ||
	    (turn && !are_numbers(w, turn, 6)) ||
	    (sub && !pdf_is_name(sub, "Form")) ||
	    (type && !pdf_is_name(type, "XObject")) ||
	    !pdf_drawing_is_even(w->new, form, &pdf_newest(w->new)->looks_left))
		w->doubtful = true;
	walk_lead(w, form->value);
}

void
walk_look(struct walk *w, const struct pdf_value *looks)
{
	struct pdf_object all, one, state;

	walk_open(w, w->new, looks, &all);
	if (!all.value || all.value->type != PDF_DICT)
		return;
	w->doubtful = w->doubtful || all.value->doubled;
	for (const struct pdf_value *v = all.value->first;
	     v && walk_may_step(w); v = v->next) {
		walk_open(w, w->new, v, &one);
		w->unknown = w->unknown || !one.value;
		if (!one.value || one.value->type != PDF_DICT)
			continue;
		if (one.is_stream) {
			check_form(w, &one);
			continue;
		}
		for (const struct pdf_value *s = one.value->first;
		     s && walk_may_step(w); s = s->next) {
			walk_open(w, w->new, s, &state);
			w->unknown = w->unknown || !state.value;
			if (state.is_stream)
				check_form(w, &state);
		}
	}
}

void
walk_drawn(struct walk *w, const struct pair *p)
{
	/* Who fills a form in letters that its font has not asks for it. */
	if (!p->old || !p->new ||
	    !pdf_scalar_equal(
		pdf_resolve(w->old, p->old), pdf_resolve(w->new, p->new)))
		w->doubtful = true;
}

void
walk_exchange(struct walk *w, const struct pair *p)
{
	if (walk_is_ref(p->old) &&
	    !(walk_is_ref(p->new) && p->old->ref.num == p->new->ref.num) &&
	    !walk_named_once(w, p->old->ref.num))
		walk_found(w, CHANGES_OTHER, "a look was exchanged");
}

static int64_t
flags_of(struct pdf_file *file, const struct pdf_value *flags)
{
	return flags ? pdf_resolve(file, flags)->integer : 0;
}

void
walk_flags(struct walk *w, const struct pair *p)
{
	int64_t old = flags_of(w->old, p->old), new = flags_of(w->new, p->new);

	if ((old ^ new) & ~(int64_t)MAY_COME || old & ~new &PRINT)
		walk_found(w, CHANGES_OTHER, "a field was hidden or shown");
}

static bool
is_told_wide(const struct pdf_letters *l, uint32_t code)
{
	const struct letter letter = { .point = l->row[0]->point[code],
		.width = l->row[0]->width[code] - 1u };

	return l->row[0]->width[code] && letter_is_wide(l, &letter);
}

/* Readers choose codes by its map and draw glyphs by its encoding. */
bool
walk_is_plain_font(struct walk *w, const struct pdf_value *ref)
{
	uint64_t *left = &pdf_newest(w->new)->looks_left;
	const struct pdf_letters *l;
	bool plain;
	size_t cost = 0;

	l = ref->type == PDF_REF ?
	    pdf_letters_kept(w->new, ref->ref.num, ref, &cost) :
	    NULL;
	*left -= cost < *left ? cost : *left;
	plain = l && !l->unsure && !l->wide && !l->embedded && l->row[0];
	for (uint32_t c = ' '; plain && c < 0x7F; c++)
		plain = !l->row[0]->unsure[c] && is_told_wide(l, c) &&
		    (l->row[0]->point[c] == c || c == '\'' || c == '`');
	return plain;
}

/* Is it the one that the field had when it was signed, or a plain one? */
static bool
is_known_font(struct walk *w, const struct pdf_value *old, struct bytes name)
{
	const struct pdf_value *fonts = walk_fonts(w->new);
	struct pdf_setting before = { .size = 0 };
	const struct pdf_value *font = pdf_entry_named(fonts, name);

	if (fonts->type != PDF_DICT || fonts->count > COLOURS_MAX)
		return false;
	old = old ? pdf_resolve(w->old, old) : NULL;
	if (old && old->type == PDF_STRING && old->text.len <= SETTING_MAX)
		(void)pdf_plain_is_setting(old->text, &before);
	return (bytes_equal(before.font, name) &&
		   pdf_entry_named(walk_fonts(w->old), name)) ||
	    (font && walk_is_plain_font(w, font));
}

void
walk_setting(struct walk *w, const struct pair *p)
{
	const struct pdf_value *a = p->old ? pdf_resolve(w->old, p->old) : NULL;
	const struct pdf_value *b = pdf_resolve(w->new, p->new);
	struct pdf_setting set;

	if (b->type != PDF_STRING || b->text.len > SETTING_MAX ||
	    (!(a && pdf_scalar_equal(a, b)) &&
		(!pdf_plain_is_setting(b->text, &set) ||
		    !is_known_font(w, p->old, set.font))))
		w->doubtful = true;
}

static bool
is_colour_key(struct bytes key)
{
	return bytes_equal_text(key, "BC") || bytes_equal_text(key, "BG");
}

static bool
is_same(const struct pdf_value *a, const struct pdf_value *b)
{
	if (a->type == PDF_ARRAY || a->type == PDF_DICT)
		return b->plain && bytes_equal(a->raw, b->raw);
	return pdf_scalar_equal(a, b);
}

/* Has one all that the other has, colours apart? */
static bool
has_all(struct pdf_file *f, const struct pdf_value *has, struct pdf_file *g,
    const struct pdf_value *wanted)
{
	for (const struct pdf_value *v = wanted->first; v; v = v->next) {
		const struct pdf_value *a = NULL;

		if (is_colour_key(v->key))
			continue;
		for (const struct pdf_value *h = has->first; h; h = h->next)
			if (bytes_equal(h->key, v->key))
				a = h;
		if (!a || !is_same(pdf_resolve(f, a), pdf_resolve(g, v)))
			return false;
	}
	return true;
}

void
walk_colours(struct walk *w, const struct pair *p)
{
	static const struct pdf_value none = { .type = PDF_DICT };
	const struct pdf_value *a =
	    p->old ? pdf_resolve(w->old, p->old) : &none;
	const struct pdf_value *b =
	    p->new ? pdf_resolve(w->new, p->new) : &none;

	if (a->count > COLOURS_MAX || b->count > COLOURS_MAX)
		w->doubtful = true;
	else if (a->type != PDF_DICT || b->type != PDF_DICT || b->doubled ||
	    !has_all(w->old, a, w->new, b) || !has_all(w->new, b, w->old, a))
		walk_found(w, CHANGES_OTHER, "what a field is drawn with");
	for (const struct pdf_value *v = b->first; v && !w->doubtful;
	     v = v->next)
		if (is_colour_key(v->key) &&
		    !are_numbers(w, v, pdf_resolve(w->new, v)->count))
			w->doubtful = true;
	/* Some readers put letters of their own on that ground. */
	if (pdf_entry(b, "BG") && !w->doubtful &&
	    !is_same(pdf_get(w->old, a, "BG"), pdf_get(w->new, b, "BG")) &&
	    !pdf_shade_is_light(w->new, pdf_entry(b, "BG")))
		w->doubtful = true;
}

void
walk_blank(struct walk *w, const struct pdf_value *field)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	if (pdf_look_text(
		w->old, field, &pdf_newest(w->old)->looks_left, &text))
		w->doubtful = true;
	for (size_t i = 0; i < text.len; i++)
		w->doubtful = w->doubtful || text.data[i] > ' ';
	w->doubtful = w->doubtful || buf_fail(&text);
	buf_free(&text);
}

/* ---- what is filled is shown ---- */

/* 12.7.5.3: several lines, a password, rich text. */
#define MULTILINE (1 << 12)
#define MASKED (1 << 13)
#define RICH (1 << 25)

/* Stars or bullets for a password. */
static bool
are_masks(struct bytes utf8)
{
	for (size_t at = 0; at < utf8.len;) {
		uint32_t point = text_next(utf8, &at);

		if (point > ' ' && point != '*' && point != 0x2022 &&
		    point != 0x25CF)
			return false;
	}
	return true;
}

/* The same words, whatever blanks are between. */
static bool
is_same_text(struct bytes a, struct bytes b)
{
	size_t i = 0, j = 0;

	for (bool first = true;; first = false) {
		size_t p = i, q = j;

		while (i < a.len && a.data[i] <= ' ')
			i++;
		while (j < b.len && b.data[j] <= ' ')
			j++;
		if (i == a.len || j == b.len)
			return i == a.len && j == b.len;
		if (!first && (i > p) != (j > q))
			return false;
		while (i < a.len && j < b.len && a.data[i] > ' ' &&
		    a.data[i] == b.data[j]) {
			i++;
			j++;
		}
		if ((i < a.len && a.data[i] > ' ') ||
		    (j < b.len && b.data[j] > ' '))
			return false;
	}
}

/* Whose words are these, of a list that has others for its values (12.7.5.4)?
 */
enum words { WORDS_NOBODYS, WORDS_OWN, WORDS_ANOTHERS };

static enum words
whose_words(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *value, struct bytes look)
{
	const struct pdf_value *list =
	    pdf_field_inherited(w->new, field, "Opt");
	enum words whose = WORDS_NOBODYS;
	struct buf words;

	list = list ? pdf_resolve(w->new, list) : NULL;
	if (!list || list->type != PDF_ARRAY)
		return WORDS_NOBODYS;
	buf_init(&words, TEXT_MAX);
	for (const struct pdf_value *v = list->first;
	     v && whose != WORDS_OWN && walk_may_step(w); v = v->next) {
		const struct pdf_value *one = pdf_resolve(w->new, v);

		if (one->type != PDF_ARRAY || one->count != 2)
			continue;
		buf_clear(&words);
		pdf_look_value(w->new, one->first->next, &words);
		if (is_same_text(buf_view(&words), look))
			whose = pdf_scalar_equal(
				    pdf_resolve(w->new, one->first), value) ?
			    WORDS_OWN :
			    WORDS_ANOTHERS;
	}
	buf_free(&words);
	return whose;
}

/* What a look says is the value, or its words; writers differ. */
static bool
is_said(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *value, struct bytes said, struct bytes look)
{
	enum words whose = whose_words(w, field, value, look);

	return whose == WORDS_OWN ||
	    (whose == WORDS_NOBODYS &&
		(is_same_text(said, look) ||
		    walk_is_formatted(w, field, said, look)));
}

/* In a comb the first letter stands at the left, or where the field's quadding
 * (12.7.3.3) has it. */
static bool
is_combed(struct walk *w, const struct pdf_value *field,
    const struct pdf_plain *plain, unsigned comb)
{
	const struct pdf_value *q = pdf_field_inherited(w->new, field, "Q");
	int64_t side = q ? pdf_resolve(w->new, q)->integer : 0;
	long count = 0, off;

	for (size_t i = 0; i < plain->text->len; i++)
		count += (plain->text->data[i] & 0xC0) != 0x80;
	off = plain->first * 2 - side * ((long)comb - count);
	return !plain->first ||
	    ((side == 1 || side == 2) && off >= -1 && off <= 1);
}

/* Of a field of one line some readers leave out what ends one. */
static bool
is_one_line(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < ' ')
			return false;
	return true;
}

/* Its look shows the value. */
static bool
shows(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *value, const struct pdf_object *form, unsigned comb,
    int64_t flags)
{
	bool masked = flags & MASKED, several = flags & MULTILINE;
	struct buf said, shown;
	struct pdf_plain plain = { .text = &shown };
	bool good;

	buf_init(&said, TEXT_MAX);
	buf_init(&shown, TEXT_MAX);
	pdf_look_value(w->new, value, &said);
	good = pdf_plain_read(w->new, form, comb,
		   &pdf_newest(w->new)->looks_left, &plain) &&
	    !plain.dingbats && !buf_fail(&said) &&
	    (several || (!plain.lines && is_one_line(buf_view(&said)))) &&
	    (!comb || is_combed(w, field, &plain, comb)) &&
	    walk_has_place(w, field, buf_view(&said)) &&
	    ((masked && are_masks(buf_view(&shown))) ||
		is_said(w, field, value, buf_view(&said), buf_view(&shown)));
	buf_free(&said);
	buf_free(&shown);
	return good;
}

#define COMB (1 << 24) /* 12.7.5.3 */

/* Letters of a comb field; 0: it is none. */
static unsigned
comb_of(struct walk *w, const struct pdf_value *field, int64_t flags)
{
	const struct pdf_value *most =
	    pdf_field_inherited(w->new, field, "MaxLen");
	int64_t n = most ? pdf_resolve(w->new, most)->integer : 0;

	return flags & COMB && n > 0 && n <= 1000 ? (unsigned)n : 0;
}

/* Some readers draw the rich text (12.7.3.4), whatever it says: without what is
 * between its angle brackets it is the value.  Where it is the text itself, how
 * it is styled would count, too. */
static bool
is_rich_so(struct walk *w, const struct pdf_value *rich,
    const struct pdf_value *value, int64_t flags)
{
	struct buf text, said;
	bool inside = false, same;
	size_t len = 0;

	if (!rich || flags & RICH)
		return !rich;
	rich = pdf_resolve(w->new, rich);
	buf_init(&text, TEXT_MAX);
	buf_init(&said, TEXT_MAX);
	pdf_text_utf8(rich, &text);
	pdf_text_utf8(value, &said);
	same = rich->type == PDF_STRING && !buf_fail(&text) && !buf_fail(&said);
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		inside = inside || c == '<';
		if (!inside)
			text.data[len++] = c;
		if (c == '>')
			inside = false;
		/* Letters in other words. */
		same = same && c != '&';
	}
	same = same && !inside &&
	    is_same_text(bytes_part(buf_view(&text), 0, len), buf_view(&said));
	buf_free(&said);
	buf_free(&text);
	return same;
}

static void
judge_shown(struct walk *w, const struct pdf_value *field, uint32_t num)
{
	const struct pdf_value *value = pdf_field_inherited(w->new, field, "V");
	const struct pdf_value *ff = pdf_field_inherited(w->new, field, "Ff");
	const struct pdf_value *look = pdf_entry(field, "AP");
	int64_t flags = flags_of(w->new, ff);
	struct pdf_object form;
	bool good = true;

	value = value ? pdf_resolve(w->new, value) : NULL;
	/* Longer ones are not put side by side. */
	if (!value || value->type != PDF_STRING || value->text.len > TEXT_MAX ||
	    !is_rich_so(
		w, pdf_field_inherited(w->new, field, "RV"), value, flags)) {
		w->doubtful = true;
		return;
	}
	if (look) {
		/* Pressed, or below a pointer, it is to show the same. */
		look = pdf_resolve(w->new, look);
		if (pdf_entry(look, "D") || pdf_entry(look, "R"))
			w->doubtful = true;
		walk_open(w, w->new, pdf_entry(look, "N"), &form);
		good = form.is_stream &&
		    walk_is_upright(w, form.value, field, num) &&
		    shows(w, field, value, &form, comb_of(w, field, flags),
			flags);
	} else
		/* Readers draw what has no look in many ways, or nothing. */
		good = walk_is_drawn_below(w, field) || !value->text.len;
	good = good && walk_is_drawn(w, field, value, flags);
	w->doubtful = w->doubtful || !good;
}

/* The side that the letters of a comb begin at is the signed one's. */
static bool
keeps_side(
    struct walk *w, const struct pdf_value *old, const struct pdf_value *field)
{
	const struct pdf_value *ff = pdf_field_inherited(w->new, field, "Ff");
	const struct pdf_value *a = pdf_field_inherited(w->old, old, "Q");
	const struct pdf_value *b = pdf_field_inherited(w->new, field, "Q");

	return !comb_of(w, field, flags_of(w->new, ff)) ||
	    (a ? b &&
			pdf_scalar_equal(
			    pdf_resolve(w->old, a), pdf_resolve(w->new, b)) :
		 !b);
}

void
walk_shown(
    struct walk *w, const struct pdf_value *old, const struct pdf_value *field)
{
	const struct pdf_value *kids = pdf_get(w->new, field, "Kids");

	w->doubtful = w->doubtful || !keeps_side(w, old, field);
	judge_shown(w, field, w->at);
	if (kids->type != PDF_ARRAY)
		return;
	for (const struct pdf_value *v = kids->first; v && walk_may_step(w);
	     v = v->next) {
		const struct pdf_value *kid = pdf_resolve(w->new, v);

		/* Fields below fields, and widgets with others, are rare. */
		w->doubtful = w->doubtful || pdf_entry(kid, "Kids");
		judge_shown(w, kid, walk_is_ref(v) ? v->ref.num : 0);
	}
}

/* What people tick with, of ZapfDingbats and of others. */
static bool
is_tick(struct bytes shown, bool dingbats)
{
	static const uint32_t signs[] = { 0x2713, 0x2714, 0x2715, 0x2716,
		0x2717, 0x2718, 0x25A0, 0x25CF, 0x25C6, 0x2605, 0x2022 };
	size_t at = 0;
	uint32_t point = text_next(shown, &at);

	if (at != shown.len)
		return false;
	if (point < 0x80)
		return point &&
		    strchr(dingbats ? "345678lnuH" : "XxVv", (int)point);
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (point == signs[i])
			return true;
	return false;
}

/* One sign, as large as half the box, and inside of it. */
static bool
is_ticked(
    struct walk *w, const struct pdf_value *form, const struct pdf_plain *plain)
{
	struct pdf_box box = { 0, 0, 0, 0 };

	return plain->text->len &&
	    is_tick(buf_view(plain->text), plain->dingbats) &&
	    pdf_box_read(w->new, pdf_get(w->new, form, "BBox"), &box) &&
	    plain->size >= (box.y1 - box.y0) / 2 &&
	    plain->size <= 2 * (box.y1 - box.y0) &&
	    plain->x <= box.x0 + (box.x1 - box.x0) * 0.6 &&
	    plain->y <= box.y0 + (box.y1 - box.y0) * 0.6;
}

static bool
is_look_of(struct walk *w, const struct pdf_value *field,
    const struct pdf_value *look, bool off)
{
	struct pdf_object form;
	struct buf shown;
	struct pdf_plain plain = { .text = &shown };
	bool good;

	buf_init(&shown, TEXT_MAX);
	walk_open(w, w->new, look, &form);
	good = form.is_stream && walk_is_upright(w, form.value, field, w->at) &&
	    pdf_plain_read(
		w->new, &form, 0, &pdf_newest(w->new)->looks_left, &plain) &&
	    (off ? !shown.len : is_ticked(w, form.value, &plain));
	buf_free(&shown);
	return good;
}

bool
walk_is_tick(
    struct walk *w, const struct pdf_value *field, const struct pdf_value *look)
{
	return is_look_of(w, field, look, false);
}

/* One sign is a tick; what is not ticked has none.  Of more than these two, or
 * of one alone, readers choose in their ways. */
void
walk_ticks(struct walk *w, const struct pdf_value *field)
{
	const struct pdf_value *looks =
	    pdf_get(w->new, pdf_get(w->new, field, "AP"), "N");
	unsigned off = 0, on = 0;

	if (looks->type != PDF_DICT)
		return;
	for (const struct pdf_value *v = looks->first; v && walk_may_step(w);
	     v = v->next) {
		bool is_off = bytes_equal_text(v->key, "Off");

		off += is_off;
		on += !is_off && v->key.len;
		if (!is_look_of(w, field, v, is_off))
			w->doubtful = true;
	}
	w->doubtful = w->doubtful || off != 1 || on != 1 || looks->count != 2;
}

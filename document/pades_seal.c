#include "document/pades_seal.h"

#include <stdio.h>

#include "base/when.h"
#include "document/field_wish.h"

/* Widths of the numbers in /ByteRange: room for the largest file. */
#define RANGE_DIGITS 12
#define TEXT_SIZE 13.0 /* points of number and date, Decree 30/2020 Annex I */

#define WIDGETS_MAX (1 + PADES_MARKS_MAX + PADES_FIELDS_MAX)

/* A new object that goes into a page's /Annots, the form's /Fields or both. */
struct widget {
	struct pdf_ref ref;
	unsigned page; /* from 1; 0: on no page */
	bool is_field;
};

/* What one update writes; lives during pades_begin. */
struct work {
	struct pades_update *update;
	struct pdf_append *append;
	struct pdf_file *file;
	const struct pades_settings *settings;
	struct stamp_resources resources;
	struct widget widgets[WIDGETS_MAX];
	size_t widget_count;
	unsigned pages[PADES_MARKS_MAX];       /* of the marks, counted */
	struct pdf_ref forms[PADES_MARKS_MAX]; /* their appearances */
	char field_name[PDF_FIELD_NAME_MAX];
	struct pdf_field reuse; /* an empty field to sign; ref.num 0: none */
	bool locks;             /* it says what is locked once it is signed */
	struct pdf_ref nothing; /* the look of what is not seen, in archival
				   files; else num 0 */
};

/* ---- what the file allows ---- */

/* The level of changes a certification signature leaves (12.8.2.2): 1, 2, 3,
 * or 0 when the file is not certified. */
static int64_t
certified_level(struct pdf_file *f)
{
	const struct pdf_value *perms = pdf_get(f, pdf_catalog(f), "Perms");
	const struct pdf_value *sig = pdf_get(f, perms, "DocMDP");
	const struct pdf_value *list = pdf_get(f, sig, "Reference");

	if (sig->type != PDF_DICT)
		return 0;
	for (const struct pdf_value *v = list->first; v; v = v->next) {
		const struct pdf_value *reference = pdf_resolve(f, v);
		const struct pdf_value *level;

		if (!pdf_is_name(
			pdf_get(f, reference, "TransformMethod"), "DocMDP"))
			continue;
		level =
		    pdf_get(f, pdf_get(f, reference, "TransformParams"), "P");
		return level->type == PDF_INTEGER ? level->integer : 2;
	}
	return 2;
}

/* Did somebody lock the document with his signature (ISO 32000-2 Table 236)? */
static bool
is_locked(struct pdf_file *f)
{
	struct pdf_field_walk walk;
	struct pdf_field field;

	pdf_field_walk_init(&walk, f);
	while (pdf_field_next(&walk, &field))
		if (pdf_field_is_signature(&field) &&
		    pdf_resolve(f, field.value)->type == PDF_DICT &&
		    pdf_get(f, pdf_get(f, field.dict, "Lock"), "P")->integer ==
			1)
			return true;
	return false;
}

/* Does the file allow what is asked for? */
static enum fail
admit(struct work *w, struct note *note)
{
	bool evidence = w->settings->timestamp;

	/* EN 319 142-1 5.5: evidence is no change. */
	if (!evidence && certified_level(w->file) == 1)
		return note_set(note, FAIL_CERTIFIED,
		    "ISO 32000-1 12.8.2.2: DocMDP allows no changes");
	if (!evidence && is_locked(w->file))
		return note_set(note, FAIL_CERTIFIED,
		    "ISO 32000-2 12.7.5.5: a signature has locked the "
		    "document");
	if (!evidence &&
	    pdf_get(w->file, pdf_catalog(w->file), "NeedsRendering")->boolean)
		return note_set(note, FAIL_UNSUPPORTED,
		    "ISO 32000-1 12.7.8: a dynamic XFA form shows another "
		    "document to who can read it");
	if (w->settings->certify && pdf_is_signed(w->file))
		return note_set(note, FAIL_EXISTS,
		    "ISO 32000-1 12.8.2.2: a certification comes first");
	if (!pdf_crypt_may_sign(
		&w->file->crypt, !w->reuse.ref.num || w->settings->make_count))
		return note_set(note, FAIL_PROTECTED,
		    "ISO 32000-1 7.6.3.2: /P forbids it without the owner's "
		    "password");
	return FAIL_NONE;
}

/* The number of one of our names; 0: it is none. */
static unsigned
number_behind(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);
	unsigned number = 0;

	if (strncmp(name, prefix, len) != 0)
		return 0;
	for (name += len; *name; name++) {
		if (*name < '0' || *name > '9' || number > PDF_FIELDS_MAX)
			return 0;
		number = number * 10 + (unsigned)(*name - '0');
	}
	return number;
}

/* The first name that no field has. */
static enum fail
free_name(struct work *w, struct note *note)
{
	const char *prefix = w->settings->timestamp ? "DauThoiGian" : "ChuKySo";
	bool taken[PDF_FIELDS_MAX + 1] = { true };
	struct pdf_field_walk walk;
	struct pdf_field field;
	unsigned n = 0;

	pdf_field_walk_init(&walk, w->file);
	while (pdf_field_next(&walk, &field)) {
		n = number_behind(field.name, prefix);
		if (n <= PDF_FIELDS_MAX)
			taken[n] = true;
	}
	for (n = 1; n <= PDF_FIELDS_MAX && taken[n]; n++)
		;
	if (n > PDF_FIELDS_MAX)
		return note_set(note, FAIL_LIMIT, "too many signature fields");
	snprintf(w->field_name, sizeof(w->field_name), "%s%u", prefix, n);
	return FAIL_NONE;
}

static const char *
subfilter(const struct pades_settings *s)
{
	return s->timestamp ? "ETSI.RFC3161" :
	    s->plain_cms    ? "adbe.pkcs7.detached" :
			      "ETSI.CAdES.detached";
}

/* A free name, or the given one. */
static enum fail
choose_field(struct work *w, struct note *note)
{
	const char *wanted = w->settings->field;
	struct pdf_field field;

	if (wanted) {
		snprintf(w->field_name, sizeof(w->field_name), "%s", wanted);
		/* A full name of several parts cannot be a new field's. */
		if (pdf_field_find(w->file, wanted, &field))
			return strchr(wanted, '.') ?
			    note_set(note, FAIL_MISSING,
				"ISO 32000-1 12.7.4.2: no such field") :
			    FAIL_NONE;
		if (!pdf_field_is_signature(&field) || !field.ref.num ||
		    pdf_resolve(w->file, field.value)->type == PDF_DICT)
			return note_set(note, FAIL_EXISTS,
			    "ISO 32000-1 12.7.4.5: the field is taken");
		if (w->settings->mark_count > 1)
			return note_set(note, FAIL_UNSUPPORTED,
			    "a field that is there shows one mark only");
		w->reuse = field;
		w->locks = field_locks(w->file, field.dict);
		return field_takes(
		    w->file, field.dict, subfilter(w->settings), note);
	}
	return free_name(w, note);
}

/* "0: last page" becomes a number; every page asked for must be there. */
static enum fail
choose_pages(struct work *w, struct note *note)
{
	const struct pades_settings *s = w->settings;
	struct pdf_page page;
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < s->mark_count && !f; i++) {
		w->pages[i] = s->marks[i].page;
		if (!w->pages[i])
			f = pdf_page_count(w->file, &w->pages[i]);
		if (!f)
			f = pdf_page_find(w->file, w->pages[i], &page);
	}
	for (size_t i = 0; i < s->make_count && !f; i++)
		f = pdf_page_find(w->file, s->make[i].page, &page);
	return f ? note_set(note, f, "%s", w->file->note.text) : f;
}

/* ---- objects ---- */

/* The signature dictionary with blank ranges and contents (12.8.1). */
static struct pdf_ref
put_signature(struct work *w)
{
	const struct pades_settings *s = w->settings;
	struct pdf_ref ref = pdf_append_new(w->append);
	struct buf *out = &w->append->out;
	char when[WHEN_TEXT_MAX];

	pdf_append_begin(w->append, ref);
	/* Ranges and contents first: in an encrypted file the strings behind
	 * them change their length when the object is ended. */
	buf_printf(out, "<</Type/%s/Filter/Adobe.PPKLite/SubFilter/%s\n",
	    s->timestamp ? "DocTimeStamp" : "Sig", subfilter(s));
	buf_text(out, "/ByteRange ");
	w->update->gap_end = out->len; /* where the range stands, for now */
	buf_printf(out, "[0 %*s %*s %*s]", RANGE_DIGITS, "", RANGE_DIGITS, "",
	    RANGE_DIGITS, "");
	buf_text(out, "\n/Contents ");
	w->update->gap = out->len;
	buf_char(out, '<');
	for (size_t i = 0; i < s->contents; i++)
		buf_text(out, "00");
	buf_text(out, ">\n");
	if (!s->timestamp) {
		when_pdf_text(s->time, when);
		buf_printf(out, "/M (%s)\n", when);
	}
	if (s->reason.len) {
		buf_text(out, "/Reason ");
		pdf_put_text(out, s->reason);
	}
	if (s->place.len) {
		buf_text(out, "/Location ");
		pdf_put_text(out, s->place);
	}
	if (s->certify || w->locks)
		buf_text(out, "/Reference[");
	if (s->certify)
		buf_printf(out,
		    "<</Type/SigRef/TransformMethod/DocMDP"
		    "/TransformParams<</Type/TransformParams/V/1.2/P %u>>>>",
		    s->certify);
	if (w->locks)
		field_put_lock(w->file, w->reuse.dict, out);
	if (s->certify || w->locks)
		buf_char(out, ']');
	buf_text(out, ">>");
	pdf_append_end(w->append);
	return ref;
}

static enum fail
put_marks(struct work *w, struct note *note)
{
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < w->settings->mark_count && !f; i++)
		f = stamp_put(w->settings->marks[i].stamp, &w->resources,
		    w->append, &w->forms[i]);
	if (f == FAIL_LIMIT)
		return note_set(note, f, "a text of the mark is too long");
	return f;
}

/* A new object and its place among the widgets and fields. */
static struct pdf_ref
take_widget(struct work *w, unsigned page, bool is_field)
{
	struct pdf_ref ref = pdf_append_new(w->append);

	w->widgets[w->widget_count++] = (struct widget){ ref, page, is_field };
	return ref;
}

/* Entries every widget has: where it is and how it looks; form num 0: like
 * nothing. */
static void
put_widget(struct work *w, unsigned page_number, struct pdf_box box,
    struct pdf_ref form)
{
	struct buf *out = &w->append->out;
	struct pdf_page page;

	/* Which archival files must be told (ISO 19005-1 6.9). */
	if (!form.num)
		form = w->nothing;

	buf_text(out, "/Type/Annot/Subtype/Widget/Rect ");
	pdf_put_box(out, box);
	if (form.num)
		buf_printf(out, "/AP<</N %u 0 R>>", form.num);
	if (page_number && !pdf_page_find(w->file, page_number, &page)) {
		buf_text(out, "/P ");
		pdf_append_ref(w->append, page.ref);
	}
}

/* The single widget of a signature with one mark or none. */
static void
put_only_mark(struct work *w)
{
	const struct pades_settings *s = w->settings;
	struct pdf_page page;
	unsigned at = s->mark_count ? w->pages[0] : 1;

	/* An invisible one hangs on page 1, if the file has a sound one. */
	if (!s->mark_count && pdf_page_find(w->file, 1, &page))
		at = 0;
	if (!w->reuse.ref.num)
		w->widgets[w->widget_count - 1].page = at;
	put_widget(w, at,
	    s->mark_count ? s->marks[0].box : (struct pdf_box){ 0, 0, 0, 0 },
	    s->mark_count ? w->forms[0] : (struct pdf_ref){ 0, 0 });
}

/* Several marks: the field has a widget for each (12.7.3.1). */
static void
put_kids(struct work *w, struct pdf_ref field, struct pdf_ref value)
{
	struct pdf_ref kids[PADES_MARKS_MAX];

	buf_text(&w->append->out, "/Kids[");
	for (size_t i = 0; i < w->settings->mark_count; i++) {
		kids[i] = take_widget(w, w->pages[i], false);
		pdf_append_ref(w->append, kids[i]);
		buf_char(&w->append->out, ' ');
	}
	buf_text(&w->append->out, "]>>");
	pdf_append_end(w->append);
	for (size_t i = 0; i < w->settings->mark_count; i++) {
		pdf_append_begin(w->append, kids[i]);
		/* Two readers look for kind and value in the widget itself. */
		buf_printf(&w->append->out,
		    "<</FT/Sig/V %u 0 R/F 132/Parent %u 0 R", value.num,
		    field.num);
		put_widget(
		    w, w->pages[i], w->settings->marks[i].box, w->forms[i]);
		buf_text(&w->append->out, ">>");
		pdf_append_end(w->append);
	}
}

/* An empty field that was there before: signed in its own place unless a mark
 * was asked for. */
static void
put_reused_field(struct work *w, struct pdf_ref value)
{
	static const char *const own[] = { "V", "Type", "Subtype", "AP", "F",
		"Rect", "P" };
	bool moved = w->settings->mark_count > 0;

	pdf_append_begin(w->append, w->reuse.ref);
	pdf_append_copy(w->append, w->reuse.dict, own, moved ? 7 : 1);
	buf_printf(&w->append->out, "/V %u 0 R", value.num);
	if (moved) {
		buf_text(&w->append->out, "/F 132");
		put_only_mark(w);
	}
	buf_text(&w->append->out, ">>");
	pdf_append_end(w->append);
}

/* Field and widget in one (12.5.6.19), printed and locked; or a field with
 * several widgets. */
static void
put_signature_field(struct work *w, struct pdf_ref value)
{
	struct buf *out = &w->append->out;
	struct pdf_ref ref;

	if (w->reuse.ref.num) {
		put_reused_field(w, value);
		return;
	}
	ref = take_widget(w, 0, true);
	pdf_append_begin(w->append, ref);
	buf_text(out, "<</FT/Sig/T ");
	pdf_put_text(out, BYTES_TEXT(w->field_name));
	buf_printf(out, "/V %u 0 R", value.num);
	if (w->settings->mark_count > 1) {
		put_kids(w, ref, value);
		return;
	}
	buf_text(out, "/F 132");
	put_only_mark(w);
	buf_text(out, ">>");
	pdf_append_end(w->append);
}

/* Appearance of a filled text field: its words on the base line, upright on a
 * page that is shown turned.  The form's own space is in points, whatever the
 * page's unit. */
static enum fail
put_field_text(struct work *w, struct pdf_box box, int turn, double unit,
    const struct pades_field *field, struct pdf_ref *form, struct note *note)
{
	double across = (box.x1 - box.x0) * unit;
	double up = (box.y1 - box.y0) * unit;
	struct stamp stamp = { .width = turn % 180 ? up : across,
		.height = turn % 180 ? across : up,
		.turn = turn,
		.text_count = 1 };
	const struct font *font = &w->resources.faces[field->face].font;
	double free = stamp.width - font_width(font, field->text, TEXT_SIZE);
	double x = field->centred && free > 0 ? free / 2 : 0;
	enum fail f;

	stamp.texts[0] = (struct stamp_text){ field->text, x,
		(stamp.height - TEXT_SIZE) / 2 + TEXT_SIZE * 0.22, TEXT_SIZE,
		stamp.width - x, field->face, field->centred };
	f = stamp_put(&stamp, &w->resources, w->append, form);
	if (f == FAIL_LIMIT)
		return note_set(note, f,
		    "the text is too long for its field %s", field->name);
	return f;
}

/* The font names that viewers use when they draw a field themselves. */
static const char *const field_fonts[FONT_FACES] = { "TiRo", "TiIt" };

static enum fail
make_fields(struct work *w, struct note *note)
{
	struct buf *out = &w->append->out;

	for (size_t i = 0; i < w->settings->make_count; i++) {
		const struct pades_field *field = &w->settings->make[i];
		struct pdf_ref form = { 0, 0 }, ref;
		struct pdf_page page;
		enum fail f = pdf_page_find(w->file, field->page, &page);

		/* Once locked it could not be filled. */
		if (w->locks && !field->text.len)
			continue;
		if (!f && field->text.len)
			f = put_field_text(w, field->box, page.rotate,
			    page.unit, field, &form, note);
		if (f)
			return f;
		ref = take_widget(w, field->page, true);
		pdf_append_begin(w->append, ref);
		buf_printf(out, "<</FT/Tx/DA(/%s 13 Tf 0 g)%s/Ff 1/F 4/T ",
		    field_fonts[field->face], field->centred ? "/Q 1" : "");
		pdf_put_text(out, BYTES_TEXT(field->name));
		buf_text(out, "/V ");
		pdf_put_text(out, field->text);
		if (page.rotate)
			buf_printf(out, "/MK<</R %d>>", page.rotate);
		put_widget(w, field->page, field->box, form);
		buf_text(out, ">>");
		pdf_append_end(w->append);
	}
	return FAIL_NONE;
}

/* How far a field's look is turned (12.5.6.19). */
static int
turn_of(struct work *w, const struct pdf_value *field)
{
	const struct pdf_value *turn =
	    pdf_get(w->file, pdf_get(w->file, field, "MK"), "R");

	return turn->type == PDF_INTEGER ?
	    (int)((turn->integer % 360 + 360) % 360 / 90 * 90) :
	    0;
}

/* The unit of the page that a field says it is on (it is not inherited). */
static double
unit_of(struct work *w, const struct pdf_field *field)
{
	return pdf_page_unit(w->file, pdf_get(w->file, field->dict, "P"));
}

static enum fail
fill_fields(struct work *w, struct note *note)
{
	static const char *const own[] = { "V", "AP" };

	for (size_t i = 0; i < w->settings->fill_count; i++) {
		const struct pades_field *fill = &w->settings->fill[i];
		struct pdf_field field;
		struct pdf_ref form = { 0, 0 };
		struct pdf_box box;
		enum fail f;

		if (pdf_field_find(w->file, fill->name, &field) ||
		    !field.ref.num || !pdf_is_name(field.kind, "Tx") ||
		    !pdf_box_read(w->file, pdf_entry(field.dict, "Rect"), &box))
			return note_set(note, FAIL_MISSING,
			    "ISO 32000-1 12.7: no text field %s", fill->name);
		f = put_field_text(w, box, turn_of(w, field.dict),
		    unit_of(w, &field), fill, &form, note);
		if (f)
			return f;
		pdf_append_begin(w->append, field.ref);
		pdf_append_copy(w->append, field.dict, own, 2);
		buf_text(&w->append->out, "/V ");
		pdf_put_text(&w->append->out, fill->text);
		buf_printf(&w->append->out, "/AP<</N %u 0 R>>>>", form.num);
		pdf_append_end(w->append);
	}
	return FAIL_NONE;
}

/* One page with its new widgets among the annotations. */
static void
put_page(struct work *w, unsigned number)
{
	struct pdf_ref refs[WIDGETS_MAX];
	struct pdf_page page;
	size_t count = 0;

	if (pdf_page_find(w->file, number, &page))
		return;
	for (size_t i = 0; i < w->widget_count; i++)
		if (w->widgets[i].page == number)
			refs[count++] = w->widgets[i].ref;
	pdf_append_annots(w->append, &page, refs, count);
}

static void
put_pages(struct work *w)
{
	for (size_t i = 0; i < w->widget_count; i++) {
		bool done = w->widgets[i].page == 0;

		for (size_t j = 0; j < i; j++)
			done = done || w->widgets[j].page == w->widgets[i].page;
		if (!done)
			put_page(w, w->widgets[i].page);
	}
}

static void
put_form_body(struct work *w, const struct pdf_value *form)
{
	static const char *const own[] = { "Fields", "SigFlags", "DR" };
	struct buf *out = &w->append->out;
	/* An archival file has no font that is not embedded. */
	bool fonts = w->settings->make_count && !pdf_entry(form, "DR") &&
	    !w->resources.rules.part;

	pdf_append_copy(w->append, form, own, fonts ? 3 : 2);
	buf_text(out, "/SigFlags 3/Fields ");
	pdf_append_elements(w->append, pdf_get(w->file, form, "Fields"));
	for (size_t i = 0; i < w->widget_count; i++)
		if (w->widgets[i].is_field) {
			pdf_append_ref(w->append, w->widgets[i].ref);
			buf_char(out, ' ');
		}
	buf_char(out, ']');
	if (fonts)
		buf_text(out,
		    "/DR<</Font<</TiRo<</Type/Font/Subtype/Type1"
		    "/BaseFont/Times-Roman>>/TiIt<</Type/Font/Subtype/Type1"
		    "/BaseFont/Times-Italic>>>>>>");
	buf_text(out, ">>");
}

/* The interactive form, and the catalogue when it has to point to it or to a
 * certification. */
static void
put_form(struct work *w, struct pdf_ref signature)
{
	static const char *const own[] = { "AcroForm", "Perms" };
	const struct pdf_value *catalog = pdf_catalog(w->file);
	const struct pdf_value *entry = pdf_entry(catalog, "AcroForm");
	const struct pdf_value *form = pdf_resolve(w->file, entry);
	bool there = entry && entry->type == PDF_REF && form->type == PDF_DICT;
	struct pdf_ref ref = there ? entry->ref : pdf_append_new(w->append);

	pdf_append_begin(w->append, ref);
	put_form_body(w, form);
	pdf_append_end(w->append);
	if (there && !w->settings->certify)
		return;
	pdf_append_begin(w->append, w->file->root);
	pdf_append_copy(w->append, catalog, own, w->settings->certify ? 2 : 1);
	buf_text(&w->append->out, "/AcroForm ");
	pdf_append_ref(w->append, ref);
	/* Other entries of /Perms belong to a signature (UR3) that comes before
	 * a certification, and such a file is not certified. */
	if (w->settings->certify)
		buf_printf(
		    &w->append->out, "/Perms<</DocMDP %u 0 R>>", signature.num);
	buf_text(&w->append->out, ">>");
	pdf_append_end(w->append);
}

/* Now that the length is known, say which bytes are signed (12.8.1). */
static enum fail
fill_range(struct work *w)
{
	struct pades_update *u = w->update;
	size_t at = u->gap_end, file = w->file->in.len, n;
	size_t end = u->gap + 2 * w->settings->contents + 2;
	char range[3 * RANGE_DIGITS + 8];

	n = (size_t)snprintf(range, sizeof(range), "[0 %zu %zu %zu",
	    file + u->gap, file + end, w->append->out.len - end);
	if (n > 3 * RANGE_DIGITS + 5)
		return FAIL_LIMIT;
	memset(range + n, ' ', 3 * RANGE_DIGITS + 5 - n);
	memcpy(w->append->out.data + at, range, 3 * RANGE_DIGITS + 5);
	u->gap_end = end;
	return FAIL_NONE;
}

static void
put_nothing(struct work *w)
{
	if (!w->resources.rules.part)
		return;
	w->nothing = pdf_append_new(w->append);
	pdf_append_stream(w->append, w->nothing,
	    "/Type/XObject/Subtype/Form/BBox[0 0 1 1]", BYTES_TEXT(""));
}

static enum fail
lay_out(struct work *w, struct note *note)
{
	enum fail f = put_marks(w, note);
	struct pdf_ref signature;

	if (f)
		return f;
	put_nothing(w);
	signature = put_signature(w);
	put_signature_field(w, signature);
	f = make_fields(w, note);
	if (!f)
		f = fill_fields(w, note);
	if (!f)
		f = stamp_resources_put(&w->resources, w->append);
	if (f)
		return f;
	put_pages(w);
	put_form(w, signature);
	f = pdf_append_finish(w->append);
	return f ? f : fill_range(w);
}

enum fail
pades_begin(struct pades_update *update, struct pdf_file *file,
    const struct pades_settings *settings, struct note *note)
{
	struct work w = { .update = update,
		.append = &update->append,
		.file = file,
		.settings = settings };
	enum fail f;

	*update = (struct pades_update){ .gap = 0 };
	f = stamp_resources_init(&w.resources, file, note);
	if (!f)
		f = choose_field(&w, note);
	if (!f)
		f = admit(&w, note);
	if (!f)
		f = choose_pages(&w, note);
	if (f)
		return f;
	pdf_append_open(&update->append, file);
	f = lay_out(&w, note);
	/* What could not be read looked like nothing. */
	if (!f && file->arena.full)
		f = note_set(note, FAIL_LIMIT,
		    "the file's objects take too much memory");
	if (f)
		pades_close(update);
	return f;
}

void
pades_digest(
    const struct pades_update *u, struct hash *h, uint8_t out[static HASH_MAX])
{
	struct bytes update = buf_view(&u->append.out);

	hash_add(h, bytes_part(update, 0, u->gap));
	hash_add(h, bytes_part(update, u->gap_end, SIZE_MAX));
	hash_done(h, out);
}

enum fail
pades_finish(struct pades_update *u, struct bytes cms)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t *at = u->append.out.data + u->gap + 1;

	if (cms.len * 2 > u->gap_end - u->gap - 2)
		return FAIL_LIMIT;
	for (size_t i = 0; i < cms.len; i++) {
		*at++ = (uint8_t)digits[cms.data[i] >> 4];
		*at++ = (uint8_t)digits[cms.data[i] & 15];
	}
	return FAIL_NONE;
}

struct bytes
pades_bytes(const struct pades_update *u)
{
	return buf_view(&u->append.out);
}

void
pades_close(struct pades_update *u)
{
	pdf_append_close(&u->append);
}

/* Number of the page that a widget says it is on, or that lists it. */
static unsigned
page_of(struct pdf_file *f, const struct pdf_field *field)
{
	const struct pdf_value *p = pdf_entry(field->dict, "P");
	struct pdf_page page;

	for (unsigned n = 1; !pdf_page_find(f, n, &page); n++) {
		const struct pdf_value *annots =
		    pdf_get(f, page.dict, "Annots");

		if (p && p->type == PDF_REF && p->ref.num == page.ref.num)
			return n;
		for (const struct pdf_value *v = annots->first; v; v = v->next)
			if (v->type == PDF_REF && field->ref.num &&
			    v->ref.num == field->ref.num)
				return n;
	}
	return 0;
}

enum fail
pades_last_mark(struct pdf_file *file, unsigned *page, struct pdf_box *box)
{
	struct pdf_field_walk walk;
	struct pdf_field field, found = { .dict = NULL };

	pdf_field_walk_init(&walk, file);
	while (pdf_field_next(&walk, &field)) {
		struct pdf_box b;

		if (!pdf_field_is_signature(&field) ||
		    pdf_resolve(file, field.value)->type != PDF_DICT ||
		    !pdf_box_read(file, pdf_entry(field.dict, "Rect"), &b) ||
		    b.x1 - b.x0 < 1 || b.y1 - b.y0 < 1)
			continue;
		found = field;
		*box = b;
	}
	if (!found.dict)
		return FAIL_MISSING;
	*page = page_of(file, &found);
	return *page ? FAIL_NONE : FAIL_MISSING;
}

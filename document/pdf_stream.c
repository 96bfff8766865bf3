/* Streams decoded (pdf_file.h). */
#include "document/pdf_filter.h"
#include "document/pdf_xref.h"

#define FILTERS_MAX 8

static const struct pdf_value null_value = { .type = PDF_NULL };

/*
 * What a filter's name or parameters refer to, only if it stands in the file by
 * itself: through an object stream the way to its own filters could lead in a
 * circle.
 */
static const struct pdf_value *
plain_resolve(struct pdf_file *f, const struct pdf_value *value)
{
	struct pdf_object object;

	if (!value || value->type != PDF_REF)
		return value ? value : &null_value;
	if (value->ref.num >= f->entry_count ||
	    f->entries[value->ref.num].kind != ENTRY_PLAIN ||
	    pdf_object_at(
		f, f->entries[value->ref.num].where + f->base, &object) ||
	    object.id.num != value->ref.num)
		return &null_value;
	return object.value;
}

/* What objects or their places are read from: readers that get something else
 * of it read another file. */
static void
note_broken(struct pdf_file *f, const struct pdf_object *object)
{
	const struct pdf_value *type = pdf_entry(object->value, "Type");

	f->torn = true;
	if (pdf_is_name(type, "ObjStm"))
		f->ambiguous = true;
	else if (pdf_is_name(type, "XRef"))
		f->odd = true;
}

enum fail
pdf_charge(struct pdf_file *f, uint64_t len)
{
	uint64_t *left = &pdf_newest(f)->unpacked_left;

	if (*left > len) {
		*left -= len;
		return FAIL_NONE;
	}
	*left = 0;
	f->ambiguous = pdf_newest(f)->ambiguous = true;
	return note_set(&f->note, FAIL_LIMIT, "too much is packed in it");
}

/* None, a name, or some: what else it is, or refers to something that is not
 * found, is no filter here and one for some readers. */
static bool
is_list_of_names(const struct pdf_value *entry, const struct pdf_value *filter)
{
	if (filter->type != PDF_ARRAY)
		return filter->type == PDF_NAME ||
		    (filter->type == PDF_NULL &&
			(!entry || entry->type == PDF_NULL));
	for (const struct pdf_value *v = filter->first; v; v = v->next)
		if (v->type != PDF_NAME)
			return false;
	return true;
}

static enum fail
undo_filters(struct pdf_file *f, const struct pdf_object *object,
    struct bytes in, struct buf *out)
{
	const struct pdf_value *filter = pdf_entry(object->value, "Filter");
	const struct pdf_value *parms = pdf_entry(object->value, "DecodeParms");
	const struct pdf_value *name, *parm;
	struct buf held[2];
	size_t n = 0;
	enum fail fail = FAIL_NONE;

	filter = filter ? plain_resolve(f, filter) : &null_value;
	parms = parms ? plain_resolve(f, parms) : &null_value;
	/* One beside many, or many beside one: readers differ. */
	if (parms->type != PDF_NULL &&
	    (filter->type == PDF_ARRAY) != (parms->type == PDF_ARRAY))
		f->ambiguous = true;
	name = filter->type == PDF_ARRAY ? filter->first : filter;
	parm = parms->type == PDF_ARRAY ? parms->first : parms;
	if (!is_list_of_names(pdf_entry(object->value, "Filter"), filter))
		note_broken(f, object);
	if (!name || name->type != PDF_NAME) {
		buf_bytes(out, in);
		fail = buf_fail(out);
		return fail ? fail : pdf_charge(f, in.len);
	}
	buf_init(&held[0], out->ceiling);
	buf_init(&held[1], out->ceiling);
	while (name && !fail) {
		bool last = filter->type != PDF_ARRAY || !name->next;
		bool whole = true;
		struct buf *into = last ? out : &held[n % 2];
		size_t before = last ? out->len : 0;
		enum fail charged;

		if (n == FILTERS_MAX || name->type != PDF_NAME) {
			fail = FAIL_LIMIT;
			break;
		}
		buf_clear(into == out ? &held[n % 2] : into);
		fail = pdf_filter_read(name->text,
		    parm ? plain_resolve(f, parm) : NULL, in, into, &whole);
		if (!whole)
			note_broken(f, object);
		/* What was in vain took its time, too. */
		charged = pdf_charge(f, into->len - before);
		in = buf_view(into);
		if (!fail)
			fail = charged;
		n++;
		name = last ? NULL : name->next;
		parm = parm && parms->type == PDF_ARRAY ? parm->next : NULL;
	}
	buf_free(&held[0]);
	buf_free(&held[1]);
	if (fail)
		return note_set(&f->note, fail, "ISO 32000-1 7.4: filter");
	return FAIL_NONE;
}

enum fail
pdf_stream_decode(
    struct pdf_file *f, const struct pdf_object *object, struct buf *out)
{
	struct buf plain;
	enum fail fail = pdf_charge(f, 0);

	if (fail)
		return fail;
	if (!f->crypt.active ||
	    pdf_is_name(pdf_entry(object->value, "Type"), "XRef"))
		return undo_filters(f, object, object->stream, out);
	buf_init(&plain, PDF_STREAM_MAX);
	fail = pdf_crypt_data(&f->crypt, f->crypt.streams, false, object->id,
	    object->stream, &plain);
	if (!fail)
		fail = pdf_charge(f, plain.len);
	if (!fail)
		fail = undo_filters(f, object, buf_view(&plain), out);
	buf_free(&plain);
	return fail;
}

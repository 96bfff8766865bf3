#include "document/pdf_strict.h"

#include <stdlib.h>

#include "document/pdf_xref.h"

#define NUMBER_DIGITS 10u
#define GENERATION_DIGITS 5u

/* Steps over digits, so many at the most; false: there are none, or more. */
static bool
pass_digits(struct bytes in, size_t *at, size_t most)
{
	size_t from = *at;

	while (*at < in.len && in.data[*at] >= '0' && in.data[*at] <= '9')
		(*at)++;
	return *at > from && *at - from <= most;
}

/* Steps over blanks and line ends; false: there are none. */
static bool
pass_blanks(struct bytes in, size_t *at)
{
	size_t from = *at;

	while (*at < in.len &&
	    (in.data[*at] == ' ' || in.data[*at] == '\r' ||
		in.data[*at] == '\n'))
		(*at)++;
	return *at > from;
}

static bool
pass_word(struct bytes in, size_t *at, const char *word)
{
	if (!bytes_starts(bytes_part(in, *at, SIZE_MAX), word))
		return false;
	*at += strlen(word);
	return true;
}

bool
pdf_strict_header(struct bytes in, size_t at)
{
	return pass_digits(in, &at, NUMBER_DIGITS) && pass_blanks(in, &at) &&
	    pass_digits(in, &at, GENERATION_DIGITS) && pass_blanks(in, &at) &&
	    pass_word(in, &at, "obj") && at < in.len &&
	    !pdf_is_regular(in.data[at]) && in.data[at] != '%' &&
	    in.data[at] != '\0';
}

bool
pdf_strict_object(struct bytes in, const struct pdf_object *object)
{
	const struct pdf_value *v = object->source;

	if (object->at == SIZE_MAX || object->id.num > PDF_STRICT_NUMBER ||
	    !object->id.num || v->odd || v->unclosed || v->loose || v->cut ||
	    v->doubled)
		return false;
	return pdf_strict_header(in, object->at) &&
	    pdf_object_end(in, object) != SIZE_MAX;
}

/* ---- containers ---- */

static bool
is_between(const struct pdf_value *v, int64_t low, int64_t high)
{
	return v->type == PDF_INTEGER && v->integer >= low &&
	    v->integer <= high;
}

static bool
are_plain_parameters(const struct pdf_value *dict)
{
	static const struct {
		const char *key;
		int64_t low, high;
	} known[] = { { "Predictor", 1, 15 }, { "Colors", 1, 1 },
		{ "BitsPerComponent", 8, 8 }, { "Columns", 1, 1 << 20 } };
	const struct pdf_value *predictor = pdf_entry(dict, "Predictor");

	if (dict->type != PDF_DICT || dict->doubled ||
	    (predictor && is_between(predictor, 2, 9)))
		return false;
	for (const struct pdf_value *v = dict->first; v; v = v->next) {
		bool good = false;

		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			good = good ||
			    (bytes_equal_text(v->key, known[i].key) &&
				is_between(v, known[i].low, known[i].high));
		if (!good)
			return false;
	}
	return true;
}

bool
pdf_strict_container(const struct pdf_value *dict)
{
	const struct pdf_value *filter = pdf_entry(dict, "Filter");
	const struct pdf_value *parms = pdf_entry(dict, "DecodeParms");
	const struct pdf_value *length = pdf_entry(dict, "Length");

	if (dict->odd || dict->loose || dict->unclosed || dict->doubled ||
	    dict->cut || !length || length->type != PDF_INTEGER)
		return false;
	/* A list of one filter is as good, where it has no parameters. */
	if (filter && filter->type == PDF_ARRAY && filter->count == 1 && !parms)
		filter = filter->first;
	if (filter && !pdf_is_name(filter, "FlateDecode"))
		return false;
	return !parms || (filter && are_plain_parameters(parms));
}

/* ---- references ---- */

static bool
was_led(const struct pdf_file *f, uint32_t num)
{
	return f->led && f->led[num / 64] >> num % 64 & 1;
}

/* Lists of pages and fields are gone through with each update. */
static void
note_led(struct pdf_file *f, uint32_t num)
{
	if (!f->led)
		f->led = calloc(f->entry_count / 64 + 1, sizeof(*f->led));
	if (f->led)
		f->led[num / 64] |= UINT64_C(1) << num % 64;
}

static bool
leads(struct pdf_file *f, struct pdf_ref ref)
{
	const struct pdf_xref_entry *e;
	struct pdf_object object;
	bool good;

	if (ref.num >= f->entry_count)
		return false;
	e = &f->entries[ref.num];
	/* Of another generation it is nothing to some readers. */
	if (ref.gen != (e->kind == ENTRY_PLAIN ? e->aux : 0))
		return false;
	if (was_led(f, ref.num))
		return true;
	if (e->kind != ENTRY_PLAIN)
		return e->kind == ENTRY_PACKED && e->where < f->entry_count &&
		    f->entries[e->where].kind == ENTRY_PLAIN;
	if (pdf_object_read(f, ref.num, &object))
		return false;
	good = object.id.gen == e->aux && pdf_strict_header(f->in, object.at) &&
	    !object.value->odd && !object.value->unclosed;
	if (good)
		note_led(f, ref.num);
	return good;
}

bool
pdf_strict_references(struct pdf_file *f, const struct pdf_value *value)
{
	struct pdf_tree tree = { .top = value, .skips_plain = true };
	const struct pdf_value *v;

	while ((v = pdf_tree_next(&tree)))
		if (v->type == PDF_REF && !leads(f, v->ref))
			return false;
	return true;
}

/* ---- the end ---- */

bool
pdf_strict_end(struct bytes behind)
{
	size_t at = 0, end;

	if (!pass_blanks(behind, &at) ||
	    !pass_digits(behind, &at, NUMBER_DIGITS) ||
	    !pass_blanks(behind, &at) || !pass_word(behind, &at, "%%EOF"))
		return false;
	end = at;
	while (at < behind.len && pdf_is_space(behind.data[at]))
		at++;
	return at == behind.len && at - end <= PDF_STRICT_BLANKS;
}

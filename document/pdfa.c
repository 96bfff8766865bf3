#include "document/pdfa.h"

#include <stdio.h>

#define METADATA_MAX (16u << 20) /* bytes */
#define SPACE "http://www.aiim.org/pdfa/ns/id/"
#define PREFIX_MAX 32u
#define NAMED_MAX 16u

static bool
is_one_of(uint8_t c, const char *set)
{
	return c && strchr(set, c);
}

static size_t
skip_back(struct bytes xmp, size_t at)
{
	while (at && is_one_of(xmp.data[at - 1], " \t\r\n"))
		at--;
	return at;
}

/* The word bound to a name space that stands at an offset, as in
 * xmlns:pdfaid="http://…"; empty: it is only named there. */
static struct bytes
prefix_before(struct bytes xmp, size_t at)
{
	const struct bytes none = { NULL, 0 };
	size_t from;

	if (!at || (xmp.data[at - 1] != '"' && xmp.data[at - 1] != '\''))
		return none;
	at = skip_back(xmp, at - 1);
	if (!at || xmp.data[at - 1] != '=')
		return none;
	at = skip_back(xmp, at - 1);
	for (from = at; from && xmp.data[from - 1] != ':'; from--)
		if (at - from == PREFIX_MAX)
			return none;
	return bytes_part(xmp, from, at - from);
}

/* The first digit behind the property's name, as an attribute or an element. */
static unsigned
read_part(struct bytes xmp, struct bytes prefix)
{
	struct bytes rest;
	char name[PREFIX_MAX + 8];
	size_t at;

	if (!prefix.len)
		return 0;
	snprintf(name, sizeof(name), "%.*s:part", (int)prefix.len,
	    (const char *)prefix.data);
	at = bytes_find(xmp, name);
	if (at == SIZE_MAX)
		return 0;
	rest = bytes_part(xmp, at + strlen(name), 16);
	for (size_t i = 0; i < rest.len; i++) {
		uint8_t c = rest.data[i];

		if (c >= '1' && c <= '4')
			return c - '0';
		if (!is_one_of(c, "=\"'> \t\r\n"))
			return 0;
	}
	return 0;
}

/* The name space may be named before it is bound, in a schema; but not often.
 */
static unsigned
find_part(struct bytes xmp)
{
	size_t from = 0, at;
	unsigned part;

	for (unsigned i = 0; i < NAMED_MAX; i++) {
		at = bytes_find(bytes_part(xmp, from, SIZE_MAX), SPACE);
		if (at == SIZE_MAX)
			break;
		part = read_part(xmp, prefix_before(xmp, from + at));
		if (part)
			return part;
		from += at + strlen(SPACE);
	}
	return 0;
}

/* A colour space for the whole file, that of PDF/A. */
static bool
has_intent(struct pdf_file *f, const struct pdf_value *catalog)
{
	const struct pdf_value *intents = pdf_get(f, catalog, "OutputIntents");

	for (const struct pdf_value *v = intents->first; v; v = v->next)
		if (pdf_is_name(
			pdf_get(f, pdf_resolve(f, v), "S"), "GTS_PDFA1"))
			return true;
	return false;
}

struct pdfa
pdfa_of(struct pdf_file *f)
{
	const struct pdf_value *catalog = pdf_catalog(f);
	const struct pdf_value *entry = pdf_entry(catalog, "Metadata");
	struct pdfa a = { .part = 0 };
	struct pdf_object object;
	struct buf xmp;

	if (!entry || entry->type != PDF_REF ||
	    pdf_object_read(f, entry->ref.num, &object) || !object.is_stream)
		return a;
	/* Part 1 wants them as they are (6.7.2). */
	buf_init(&xmp, METADATA_MAX);
	if (!pdf_entry(object.value, "Filter"))
		a.part = find_part(bytes_part(object.stream, 0, METADATA_MAX));
	else if (!pdf_stream_decode(f, &object, &xmp))
		a.part = find_part(buf_view(&xmp));
	buf_free(&xmp);
	a.calibrated = a.part > 0;
	a.flat = a.part == 1 || (a.part && !has_intent(f, catalog));
	return a;
}

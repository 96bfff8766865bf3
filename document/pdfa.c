#include "document/pdfa.h"

#include <stdio.h>

#define METADATA_MAX (1u << 20) /* bytes */
#define SPACE "http://www.aiim.org/pdfa/ns/id/"
#define PREFIX_MAX 32u

/* The word bound to the name space, as in xmlns:pdfaid="http://…". */
static struct bytes
find_prefix(struct bytes xmp)
{
	size_t at = bytes_find(xmp, SPACE), from;

	if (at == SIZE_MAX || at < 3)
		return (struct bytes){ NULL, 0 };
	at--; /* the quotation mark */
	while (at && xmp.data[at - 1] == ' ')
		at--;
	if (!at || xmp.data[--at] != '=')
		return (struct bytes){ NULL, 0 };
	while (at && xmp.data[at - 1] == ' ')
		at--;
	for (from = at; from && xmp.data[from - 1] != ':'; from--)
		if (at - from == PREFIX_MAX)
			return (struct bytes){ NULL, 0 };
	return bytes_part(xmp, from, at - from);
}

/* The first digit behind the property's name, as an attribute or an element. */
static unsigned
find_part(struct bytes xmp)
{
	struct bytes prefix = find_prefix(xmp), rest;
	char name[PREFIX_MAX + 8];
	size_t at;

	if (!prefix.len)
		return 0;
	snprintf(name, sizeof(name), "%.*s:part", (int)prefix.len,
	    (const char *)prefix.data);
	at = bytes_find(xmp, name);
	if (at == SIZE_MAX)
		return 0;
	rest = bytes_part(xmp, at + strlen(name), 8);
	for (size_t i = 0; i < rest.len; i++) {
		uint8_t c = rest.data[i];

		if (c >= '1' && c <= '4')
			return c - '0';
		if (!memchr("=\"'> \t\r\n", c, 9))
			return 0;
	}
	return 0;
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
	buf_init(&xmp, METADATA_MAX);
	if (!pdf_stream_decode(f, &object, &xmp))
		a.part = find_part(buf_view(&xmp));
	buf_free(&xmp);
	a.calibrated = a.part > 0;
	a.flat = a.part == 1 ||
	    (a.part && !pdf_get(f, catalog, "OutputIntents")->first);
	return a;
}

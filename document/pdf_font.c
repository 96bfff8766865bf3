#include "document/pdf_font.h"

#include "document/font_program.h"

/* The descriptor of a font, or of the one below it. */
static const struct pdf_value *
descriptor_of(struct pdf_file *f, const struct pdf_value *font)
{
	const struct pdf_value *below = pdf_get(f, font, "DescendantFonts");

	if (below->type == PDF_ARRAY)
		font = pdf_resolve(f, below->first);
	return pdf_get(f, font, "FontDescriptor");
}

bool
pdf_font_names_glyphs(struct pdf_file *f, const struct pdf_value *font)
{
	return font_program_is_named(f, descriptor_of(f, font));
}

bool
pdf_font_has_glyphs(
    struct pdf_file *f, const struct pdf_value *font, size_t *cost)
{
	return font_program_is_there(f, descriptor_of(f, font), cost);
}

/* 9.8.2, Table 123: it has signs and no letters, and readers do not use its
 * encoding; small letters are drawn as capitals. */
#define SYMBOLIC (1 << 2)
#define CAPITALS (1 << 16 | 1 << 17)

bool
pdf_font_is_flagged(
    struct pdf_file *f, const struct pdf_value *font, bool embedded)
{
	const struct pdf_value *flags =
	    pdf_get(f, pdf_get(f, font, "FontDescriptor"), "Flags");
	const struct pdf_value *encoding = pdf_get(f, font, "Encoding");

	if (flags->type != PDF_INTEGER)
		return false;
	return flags->integer & CAPITALS ||
	    (flags->integer & SYMBOLIC &&
		(!embedded || encoding->type != PDF_NULL ||
		    !pdf_entry(font, "ToUnicode")));
}

bool
pdf_font_is_named(const struct pdf_value *font)
{
	static const char *const keys[] = { "Type", "Subtype", "BaseFont",
		"Name" };

	for (const struct pdf_value *v = font->first; v; v = v->next) {
		bool known = false;

		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			known = known || bytes_equal_text(v->key, keys[i]);
		if (!known)
			return false;
	}
	return font->type == PDF_DICT && !font->doubled;
}

bool
pdf_font_is_dingbats(const struct pdf_value *font)
{
	return pdf_font_is_named(font) &&
	    pdf_is_name(pdf_entry(font, "Subtype"), "Type1") &&
	    pdf_is_name(pdf_entry(font, "BaseFont"), "ZapfDingbats");
}

/* A key and what it must be. */
struct typed {
	const char *key;
	enum pdf_type types[2];
};

static bool
is_typed(struct pdf_file *f, const struct pdf_value *entry,
    const struct typed *keys, size_t count)
{
	enum pdf_type type = pdf_resolve(f, entry)->type;

	for (size_t i = 0; i < count; i++)
		if (bytes_equal_text(entry->key, keys[i].key))
			return type == keys[i].types[0] ||
			    (keys[i].types[1] && type == keys[i].types[1]);
	return false;
}

/* Some readers take a font by its family: the name without blanks begins with
 * it. */
static bool
is_family_of(struct bytes family, struct bytes name)
{
	size_t at = 0;

	for (size_t i = 0; i < family.len; i++) {
		if (family.data[i] == ' ')
			continue;
		if (at == name.len || name.data[at++] != family.data[i])
			return false;
	}
	return at > 0;
}

/* The descriptor (9.8.1) of a font whose glyphs do not come with it. */
static bool
is_described(
    struct pdf_file *f, const struct pdf_value *d, const struct pdf_value *name)
{
	static const struct typed keys[] = { { "Type", { PDF_NAME } },
		{ "FontName", { PDF_NAME } }, { "Flags", { PDF_INTEGER } },
		{ "FontBBox", { PDF_ARRAY } }, { "FontFamily", { PDF_STRING } },
		{ "FontStretch", { PDF_NAME } },
		{ "FontWeight", { PDF_INTEGER, PDF_REAL } },
		{ "ItalicAngle", { PDF_INTEGER, PDF_REAL } },
		{ "Ascent", { PDF_INTEGER, PDF_REAL } },
		{ "Descent", { PDF_INTEGER, PDF_REAL } },
		{ "Leading", { PDF_INTEGER, PDF_REAL } },
		{ "CapHeight", { PDF_INTEGER, PDF_REAL } },
		{ "XHeight", { PDF_INTEGER, PDF_REAL } },
		{ "StemV", { PDF_INTEGER, PDF_REAL } },
		{ "StemH", { PDF_INTEGER, PDF_REAL } },
		{ "AvgWidth", { PDF_INTEGER, PDF_REAL } },
		{ "MaxWidth", { PDF_INTEGER, PDF_REAL } },
		{ "MissingWidth", { PDF_INTEGER, PDF_REAL } } };
	const struct pdf_value *family = pdf_get(f, d, "FontFamily");

	for (const struct pdf_value *v = d->first; v; v = v->next)
		if (!is_typed(f, v, keys, sizeof(keys) / sizeof(keys[0])))
			return false;
	return family->type == PDF_NULL ||
	    (name->type == PDF_NAME && is_family_of(family->text, name->text));
}

bool
pdf_font_is_formed(
    struct pdf_file *f, const struct pdf_value *font, bool embedded)
{
	const struct pdf_value *name = pdf_get(f, font, "BaseFont");
	static const struct typed keys[] = { { "Type", { PDF_NAME } },
		{ "Subtype", { PDF_NAME } }, { "BaseFont", { PDF_NAME } },
		{ "Name", { PDF_NAME } }, { "FirstChar", { PDF_INTEGER } },
		{ "LastChar", { PDF_INTEGER } }, { "Widths", { PDF_ARRAY } },
		{ "Encoding", { PDF_NAME, PDF_DICT } },
		{ "FontDescriptor", { PDF_DICT } },
		{ "ToUnicode", { PDF_DICT } } };
	const struct pdf_value *d = pdf_get(f, font, "FontDescriptor");
	const struct pdf_value *e = pdf_get(f, font, "Encoding");

	for (const struct pdf_value *v = font->first; v; v = v->next)
		if (!is_typed(f, v, keys, sizeof(keys) / sizeof(keys[0])))
			return false;
	if (e->type == PDF_DICT && pdf_entry(e, "Differences") &&
	    pdf_get(f, e, "Differences")->type != PDF_ARRAY)
		return false;
	if (pdf_entry(d, "Flags") &&
	    pdf_get(f, d, "Flags")->type != PDF_INTEGER)
		return false;
	return d->type == PDF_NULL ||
	    (pdf_scalar_equal(pdf_get(f, d, "FontName"), name) &&
		(embedded || is_described(f, d, name)));
}

/* Lists of numbers, whose elements may stand elsewhere. */
static bool
is_plain_list(struct pdf_file *f, const struct pdf_value *list)
{
	struct pdf_tree tree = { .top = list };
	const struct pdf_value *v;

	while ((v = pdf_tree_next(&tree)))
		if (pdf_value_is_misread(pdf_resolve(f, v)))
			return false;
	return true;
}

bool
pdf_font_is_misread(struct pdf_file *f, const struct pdf_value *font)
{
	static const char *const lists[] = { "Widths", "W", "DW", "FirstChar",
		"LastChar", "FontDescriptor" };
	const struct pdf_value *below = pdf_get(f, font, "DescendantFonts");
	const struct pdf_value *encoding = pdf_get(f, font, "Encoding");

	if (below->type == PDF_ARRAY && pdf_value_is_misread(below))
		return true;
	below = below->type == PDF_ARRAY ? pdf_resolve(f, below->first) : font;
	if (pdf_value_is_misread(font) || pdf_value_is_misread(below) ||
	    pdf_value_is_misread(encoding) ||
	    !is_plain_list(f, pdf_get(f, encoding, "Differences")))
		return true;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (!is_plain_list(f, pdf_get(f, below, lists[i])))
			return true;
	return false;
}

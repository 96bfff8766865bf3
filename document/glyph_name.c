#include "document/glyph_name.h"

#include <stdlib.h>

#include "base/text.h"

/* In the order of strcmp. */
static const struct glyph {
	const char *name;
	uint32_t point;
} glyphs[] = {
	{ "AE", 0xC6 },
	{ "Aacute", 0xC1 },
	{ "Abreve", 0x102 },
	{ "Acircumflex", 0xC2 },
	{ "Adieresis", 0xC4 },
	{ "Agrave", 0xC0 },
	{ "Aring", 0xC5 },
	{ "Atilde", 0xC3 },
	{ "Ccedilla", 0xC7 },
	{ "Dcroat", 0x110 },
	{ "Eacute", 0xC9 },
	{ "Ecircumflex", 0xCA },
	{ "Edieresis", 0xCB },
	{ "Egrave", 0xC8 },
	{ "Eth", 0xD0 },
	{ "Euro", 0x20AC },
	{ "Iacute", 0xCD },
	{ "Icircumflex", 0xCE },
	{ "Idieresis", 0xCF },
	{ "Igrave", 0xCC },
	{ "Lslash", 0x141 },
	{ "Ntilde", 0xD1 },
	{ "OE", 0x152 },
	{ "Oacute", 0xD3 },
	{ "Ocircumflex", 0xD4 },
	{ "Odieresis", 0xD6 },
	{ "Ograve", 0xD2 },
	{ "Ohorn", 0x1A0 },
	{ "Oslash", 0xD8 },
	{ "Otilde", 0xD5 },
	{ "Scaron", 0x160 },
	{ "Thorn", 0xDE },
	{ "Uacute", 0xDA },
	{ "Ucircumflex", 0xDB },
	{ "Udieresis", 0xDC },
	{ "Ugrave", 0xD9 },
	{ "Uhorn", 0x1AF },
	{ "Yacute", 0xDD },
	{ "Ydieresis", 0x178 },
	{ "Zcaron", 0x17D },
	{ "aacute", 0xE1 },
	{ "abreve", 0x103 },
	{ "acircumflex", 0xE2 },
	{ "acute", 0xB4 },
	{ "adieresis", 0xE4 },
	{ "ae", 0xE6 },
	{ "agrave", 0xE0 },
	{ "ampersand", 0x26 },
	{ "aring", 0xE5 },
	{ "asciicircum", 0x5E },
	{ "asciitilde", 0x7E },
	{ "asterisk", 0x2A },
	{ "at", 0x40 },
	{ "atilde", 0xE3 },
	{ "backslash", 0x5C },
	{ "bar", 0x7C },
	{ "braceleft", 0x7B },
	{ "braceright", 0x7D },
	{ "bracketleft", 0x5B },
	{ "bracketright", 0x5D },
	{ "breve", 0x2D8 },
	{ "brokenbar", 0xA6 },
	{ "bullet", 0x2022 },
	{ "caron", 0x2C7 },
	{ "ccedilla", 0xE7 },
	{ "cedilla", 0xB8 },
	{ "cent", 0xA2 },
	{ "circumflex", 0x2C6 },
	{ "colon", 0x3A },
	{ "comma", 0x2C },
	{ "copyright", 0xA9 },
	{ "currency", 0xA4 },
	{ "dagger", 0x2020 },
	{ "daggerdbl", 0x2021 },
	{ "dcroat", 0x111 },
	{ "degree", 0xB0 },
	{ "dieresis", 0xA8 },
	{ "divide", 0xF7 },
	{ "dollar", 0x24 },
	{ "dong", 0x20AB },
	{ "dotaccent", 0x2D9 },
	{ "dotlessi", 0x131 },
	{ "eacute", 0xE9 },
	{ "ecircumflex", 0xEA },
	{ "edieresis", 0xEB },
	{ "egrave", 0xE8 },
	{ "eight", 0x38 },
	{ "ellipsis", 0x2026 },
	{ "emdash", 0x2014 },
	{ "endash", 0x2013 },
	{ "equal", 0x3D },
	{ "eth", 0xF0 },
	{ "exclam", 0x21 },
	{ "exclamdown", 0xA1 },
	{ "fi", 0xFB01 },
	{ "five", 0x35 },
	{ "fl", 0xFB02 },
	{ "florin", 0x192 },
	{ "four", 0x34 },
	{ "fraction", 0x2044 },
	{ "germandbls", 0xDF },
	{ "grave", 0x60 },
	{ "greater", 0x3E },
	{ "guillemotleft", 0xAB },
	{ "guillemotright", 0xBB },
	{ "guilsinglleft", 0x2039 },
	{ "guilsinglright", 0x203A },
	{ "hungarumlaut", 0x2DD },
	{ "hyphen", 0x2D },
	{ "iacute", 0xED },
	{ "icircumflex", 0xEE },
	{ "idieresis", 0xEF },
	{ "igrave", 0xEC },
	{ "less", 0x3C },
	{ "logicalnot", 0xAC },
	{ "lslash", 0x142 },
	{ "macron", 0xAF },
	{ "minus", 0x2212 },
	{ "mu", 0xB5 },
	{ "multiply", 0xD7 },
	{ "nbspace", 0xA0 },
	{ "nine", 0x39 },
	{ "ntilde", 0xF1 },
	{ "numbersign", 0x23 },
	{ "oacute", 0xF3 },
	{ "ocircumflex", 0xF4 },
	{ "odieresis", 0xF6 },
	{ "oe", 0x153 },
	{ "ogonek", 0x2DB },
	{ "ograve", 0xF2 },
	{ "ohorn", 0x1A1 },
	{ "one", 0x31 },
	{ "onehalf", 0xBD },
	{ "onequarter", 0xBC },
	{ "onesuperior", 0xB9 },
	{ "ordfeminine", 0xAA },
	{ "ordmasculine", 0xBA },
	{ "oslash", 0xF8 },
	{ "otilde", 0xF5 },
	{ "paragraph", 0xB6 },
	{ "parenleft", 0x28 },
	{ "parenright", 0x29 },
	{ "percent", 0x25 },
	{ "period", 0x2E },
	{ "periodcentered", 0xB7 },
	{ "perthousand", 0x2030 },
	{ "plus", 0x2B },
	{ "plusminus", 0xB1 },
	{ "question", 0x3F },
	{ "questiondown", 0xBF },
	{ "quotedbl", 0x22 },
	{ "quotedblbase", 0x201E },
	{ "quotedblleft", 0x201C },
	{ "quotedblright", 0x201D },
	{ "quoteleft", 0x2018 },
	{ "quoteright", 0x2019 },
	{ "quotesinglbase", 0x201A },
	{ "quotesingle", 0x27 },
	{ "registered", 0xAE },
	{ "ring", 0x2DA },
	{ "scaron", 0x161 },
	{ "section", 0xA7 },
	{ "semicolon", 0x3B },
	{ "seven", 0x37 },
	{ "sfthyphen", 0xAD },
	{ "six", 0x36 },
	{ "slash", 0x2F },
	{ "space", 0x20 },
	{ "sterling", 0xA3 },
	{ "thorn", 0xFE },
	{ "three", 0x33 },
	{ "threequarters", 0xBE },
	{ "threesuperior", 0xB3 },
	{ "tilde", 0x2DC },
	{ "trademark", 0x2122 },
	{ "two", 0x32 },
	{ "twosuperior", 0xB2 },
	{ "uacute", 0xFA },
	{ "ucircumflex", 0xFB },
	{ "udieresis", 0xFC },
	{ "ugrave", 0xF9 },
	{ "uhorn", 0x1B0 },
	{ "underscore", 0x5F },
	{ "yacute", 0xFD },
	{ "ydieresis", 0xFF },
	{ "yen", 0xA5 },
	{ "zcaron", 0x17E },
	{ "zero", 0x30 },
};

static int
by_name(const void *key, const void *row)
{
	const struct bytes *name = key;
	const struct glyph *glyph = row;

	return bytes_compare(*name, BYTES_TEXT(glyph->name));
}

/* "uni1EA4". */
static uint32_t
uni_point(struct bytes name)
{
	uint32_t point = 0;

	if (name.len != 7 || !bytes_starts(name, "uni"))
		return 0;
	for (size_t i = 3; i < name.len; i++) {
		int digit = hex_digit(name.data[i]);

		if (digit < 0)
			return 0;
		point = point << 4 | (uint32_t)digit;
	}
	return point;
}

uint32_t
glyph_point(struct bytes name)
{
	const struct glyph *found;

	if (name.len == 1 &&
	    ((name.data[0] >= 'A' && name.data[0] <= 'Z') ||
		(name.data[0] >= 'a' && name.data[0] <= 'z')))
		return name.data[0];
	found = bsearch(&name, glyphs, sizeof(glyphs) / sizeof(glyphs[0]),
	    sizeof(glyphs[0]), by_name);
	return found ? found->point : uni_point(name);
}

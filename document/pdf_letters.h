/*
 * What the codes of a PDF font mean as letters and how wide they are
 * (ISO 32000-1 9.6, 9.7, 9.10): by its /ToUnicode map, or by the usual encoding
 * of a simple font.
 */
#ifndef DOCUMENT_PDF_LETTERS_H
#define DOCUMENT_PDF_LETTERS_H

#include "document/pdf_file.h"

#define LETTERS_CODES 65536u

struct pdf_letters {
	bool wide;     /* codes of two bytes */
	bool failed;   /* no memory */
	bool embedded; /* its glyphs come with it, as it says: see
			  pdf_font_has_glyphs */
	bool unsure;   /* readers draw other letters than it says, or may */
	bool dingbats; /* ZapfDingbats: codes are signs */
	const struct standard_face *face; /* that readers take; NULL: its own */
	uint16_t usual; /* width of codes that are not in the list */
	size_t map;     /* bytes of the map */
	size_t work;    /* members read and codes set: a font that sets them
			   again and again is read no further */
	struct letters_row *row[256]; /* owned: by a code's high byte, the only
					 one of one-byte codes first */
};

/* What 256 codes mean. */
struct letters_row {
	uint32_t point[256]; /* code point; 0: unknown */
	uint16_t width[256]; /* thousandths of the size, and one; 0: the usual
				one */
	bool told[256];      /* by the encoding, as every reader takes it … */
	bool unsure[256];    /* … but map or names say otherwise */
};

/* One code of a string. */
struct letter {
	uint32_t point; /* 0: unknown */
	unsigned width; /* thousandths of the size */
	bool space;     /* word spacing applies */
	bool unsure;
};

/* Read a font dictionary.  FAIL_MEMORY; what cannot be read is unknown. */
CHECKED enum fail pdf_letters_read(struct pdf_file *file,
    const struct pdf_value *font, struct pdf_letters *letters);
void pdf_letters_free(struct pdf_letters *letters);

/* What reading it took, in bytes of a content that take as long. */
size_t pdf_letters_cost(const struct pdf_letters *letters);

/* The same of the font with a number, read once for each file; *cost: what it
 * took, 0 once it is there.  NULL: no room, or it cannot be read. */
const struct pdf_letters *pdf_letters_kept(struct pdf_file *file, uint32_t num,
    const struct pdf_value *ref, size_t *cost);
void pdf_fonts_free(struct pdf_fonts *fonts);

/* The next code of a string at *at.  False at the end. */
bool pdf_letters_next(const struct pdf_letters *letters, struct bytes string,
    size_t *at, struct letter *letter);

#endif

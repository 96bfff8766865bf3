/*
 * Is what was added behind a signature written so plainly that no reader takes
 * it for something else, or throws its table away?  Narrower than the standard
 * where readers are narrower.
 */
#ifndef DOCUMENT_PDF_STRICT_H
#define DOCUMENT_PDF_STRICT_H

#include "document/pdf_file.h"

#define PDF_STRICT_NUMBER 4194303 /* some readers know no higher object */
/* More blanks behind the end, and readers do not find startxref: they rebuild
 * the table. */
#define PDF_STRICT_BLANKS 32u

/* "num gen obj" at a place: digits, blanks, the word and no letter behind it
 * (ISO 32000-2 7.3.10). */
bool pdf_strict_header(struct bytes in, size_t at);

/* Does an object read at this place as all readers read it: its header, its
 * value, a stream's own length, and the keyword that ends it? */
bool pdf_strict_object(struct bytes in, const struct pdf_object *object);

/*
 * Does every reader unpack a stream of objects or of rows (7.5.7, 7.5.8) in the
 * same way?  By no filter or FlateDecode, with parameters that stand in it.
 */
bool pdf_strict_container(const struct pdf_value *dict);

/*
 * Does whatever a value refers to read as the object that it names?  Readers
 * that find another there, or none, rebuild the table.
 */
bool
pdf_strict_references(struct pdf_file *file, const struct pdf_value *value);

/* "startxref", a number and "%%EOF" behind the word's place, and nothing else
 * but blanks, few of them at the end (7.5.5). */
bool pdf_strict_end(struct bytes behind);

#endif

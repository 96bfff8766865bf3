/*
 * Is every object that stands behind an offset listed by a cross-reference
 * section (ISO 32000-2 7.5.4)?  A reader that rebuilds the table by scanning
 * sees the unlisted ones too.
 */
#ifndef DOCUMENT_PDF_LISTED_H
#define DOCUMENT_PDF_LISTED_H

#include "document/pdf_file.h"

/* False also when it cannot be told. */
bool pdf_all_listed(struct pdf_file *file, size_t from);

/* Does an object stand before an offset that no section lists, and none of its
 * number behind it?  It sleeps there until an update makes a reader scan.  True
 * also when it cannot be told. */
bool pdf_hides_object(struct pdf_file *file, size_t before);

/* The same of an older revision as it was: one that an update has put something
 * behind since. */
bool pdf_hid_object(const struct pdf_file *old);

/* Is what is encrypted of an object padded as every reader undoes it?  True in
 * files that are not. */
bool
pdf_is_padded(const struct pdf_file *file, const struct pdf_object *object);

/* Position of the next "num gen obj" from *at on as the most forgiving reader
 * finds it, or SIZE_MAX; *at is then behind the word. */
size_t pdf_next_object(struct bytes in, size_t *at);

#endif

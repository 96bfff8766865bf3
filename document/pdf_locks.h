/*
 * Which fields a signature locks against being filled (FieldMDP, ISO 32000-2
 * 12.8.2.4).
 */
#ifndef DOCUMENT_PDF_LOCKS_H
#define DOCUMENT_PDF_LOCKS_H

#include "document/pdf_field.h"

#define PDF_LOCKS_MAX                                          \
	4u /* of one signature; with more everything is locked \
	    */

enum pdf_lock_action { LOCK_ALL, LOCK_INCLUDE, LOCK_EXCLUDE };

struct pdf_lock {
	enum pdf_lock_action action;
	const struct pdf_value *names; /* an array, or the null value */
};

struct pdf_locks {
	struct pdf_file *file; /* that holds the names */
	struct pdf_lock list[PDF_LOCKS_MAX];
	size_t count;
};

/* Of a signature dictionary; views into the file. */
void pdf_locks_read(struct pdf_file *file, const struct pdf_value *signature,
    struct pdf_locks *locks);

/* Is a field of a file, given by its dictionary or a widget's, locked? */
bool pdf_locks_hold(const struct pdf_locks *locks, struct pdf_file *file,
    const struct pdf_value *field);

/* Is it locked by its name?  Signatures are not meant by "all". */
bool pdf_locks_name(const struct pdf_locks *locks, struct pdf_file *file,
    const struct pdf_value *field);

#endif

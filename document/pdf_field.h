/* Interactive form fields, and signature fields among them (ISO 32000-1
 * 12.7). */
#ifndef DOCUMENT_PDF_FIELD_H
#define DOCUMENT_PDF_FIELD_H

#include "document/pdf_page.h"

#define PDF_FIELD_DEPTH_MAX 32u
#define PDF_FIELDS_MAX 20000u
#define PDF_KIDS_MAX 1000000u /* looked at to tell fields from widgets */
#define PDF_FIELD_NAME_MAX 256u

/* Names of the fields that the clerk's number and date go into: whole, or in
 * the blanks that a draft leaves for them. */
#define PDF_FIELD_NUMBER "SoKyHieu"
#define PDF_FIELD_DATE "NgayBanHanh"
#define PDF_FIELD_BLANK "SoVanBan"
#define PDF_FIELD_DAY "NgayVanBan"
#define PDF_FIELD_MONTH "ThangVanBan"
#define PDF_FIELD_YEAR "NamVanBan"

/* One terminal field; what is inherited is filled in. */
struct pdf_field {
	struct pdf_ref ref; /* num 0: written in place in its parent's array */
	const struct pdf_value *dict;
	const struct pdf_value *kind;  /* /FT, resolved */
	const struct pdf_value *value; /* /V as written: often a reference */
	int64_t flags;                 /* /Ff */
	char name[PDF_FIELD_NAME_MAX]; /* full name, UTF-8, cut if longer */
};

struct pdf_field_level {
	const struct pdf_value *kid;
	uint32_t num;
	const struct pdf_value *kind, *value;
	int64_t flags;
	size_t name_len;
};

/* A walk over all terminal fields of a file, in document order. */
struct pdf_field_walk {
	struct pdf_file *file;
	struct pdf_field_level levels[PDF_FIELD_DEPTH_MAX];
	size_t depth;
	unsigned visited, looked;
	char name[PDF_FIELD_NAME_MAX];
};

void pdf_field_walk_init(struct pdf_field_walk *walk, struct pdf_file *file);

/* The next field; false at the end. */
bool pdf_field_next(struct pdf_field_walk *walk, struct pdf_field *field);

/* A top-level field by its full name; FAIL_MISSING. */
CHECKED enum fail pdf_field_find(
    struct pdf_file *file, const char *name, struct pdf_field *field);

bool pdf_field_is_signature(const struct pdf_field *field);

/* An entry of a field's dictionary or what it inherits from above (ISO 32000-1
 * 12.7.3.1); NULL: none. */
const struct pdf_value *pdf_field_inherited(
    struct pdf_file *file, const struct pdf_value *dict, const char *key);

/* Has a field, or any above it, a value under this key that is not empty?
 * Readers differ about an empty one that hides another.  True also where that
 * is not to be known: it stands too deep. */
bool pdf_field_holds(
    struct pdf_file *file, const struct pdf_value *dict, const char *key);

/* Does a value, or none (NULL), stand for a field that is not filled? */
bool pdf_field_is_empty(struct pdf_file *file, const struct pdf_value *value);

/* Is there a signature, or a document time-stamp? */
bool pdf_is_signed(struct pdf_file *file);

#endif
